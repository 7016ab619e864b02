"""Folders that one call sends once for each of several builds."""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.core.builds.records import RepositoryReport, SentTwice
from ctxopt.view.builds.names import every, left_out, more, some
from ctxopt.view.report.screen import Section
from ctxopt.view.terminal import formatting
from ctxopt.view.terminal.layout import QUIET, TITLE, Line, Page, paragraph


def sent_twice(report: RepositoryReport, page: Page, *, verbose: bool) -> Section:
    """The section "Sent more than once", largest first."""
    if not report.sent_twice:
        return Section()
    found = sorted(report.sent_twice, key=_again, reverse=True)
    rows = [tuple(_folder(one, page, verbose=verbose)) for one in found]

    def rest(hidden: Sequence[int]) -> list[Line]:
        if not hidden:
            return []
        of_all = len(hidden) == len(rows)
        said = more(len(hidden), "folder", of_all=of_all)
        said += " sent more than once" if of_all else ""
        sent = formatting.size(sum(_again(found[at]) for at in hidden))
        return paragraph(left_out(f"{said}, {sent}"), page, QUIET, indent=2)

    return Section([(("Sent more than once", TITLE),)], rows, rest, giving=(1, 1, 0))


def _again(one: SentTwice) -> int:
    """What is sent besides a first transfer."""
    return one.wire_bytes * (len(one.builds) - 1)


def _folder(one: SentTwice, page: Page, *, verbose: bool) -> list[Line]:
    builds = every(one.builds, page) if verbose else some(one.builds, page)
    size = formatting.size(one.wire_bytes)
    said = f"{page.safe(one.shown)}: {size} for each of {builds}"
    return paragraph(said, page, indent=2)
