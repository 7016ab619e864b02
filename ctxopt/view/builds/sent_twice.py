"""Folders that one call sends once for each of several builds.

What is alike is sent once by the versions of today; what is not, by none of them:
`ctxopt/core/builds/repeated.py` has the sources. That a target can send for others:
docker/docs, bake, "Deduplicate context transfer".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ctxopt.core.builds.records import BuildKind, RepositoryReport, SentTwice
from ctxopt.view.builds.names import FEW, left_out, more, some
from ctxopt.view.report.screen import Section
from ctxopt.view.terminal import formatting
from ctxopt.view.terminal.layout import QUIET, TITLE, Line, Page, hanging, paragraph


def sent_twice(report: RepositoryReport, page: Page, *, verbose: bool) -> Section:
    """The section "Sent more than once"; what every version sends again comes first."""
    if not report.sent_twice:
        return Section()
    found = sorted(report.sent_twice, key=lambda one: (one.alike, -_again(one)))
    rows = [tuple(_folder(one, report, page, verbose=verbose)) for one in found]

    def rest(hidden: Sequence[int]) -> list[Line]:
        if not hidden:
            return []
        of_all = len(hidden) == len(rows)
        said = more(len(hidden), "folder", of_all=of_all)
        said += " sent more than once" if of_all else ""
        sent = formatting.size(sum(_again(found[at]) for at in hidden))
        return paragraph(left_out(f"{said}, {sent}"), page, QUIET, indent=2)

    return Section([(("Sent more than once", TITLE),)], rows, rest, giving=(1, 1, 0))


def _folder(
    one: SentTwice, report: RepositoryReport, page: Page, *, verbose: bool
) -> Iterator[Line]:
    """What is sent several times, by which versions, and what would share it."""
    most = len(one.builds) if verbose else FEW
    said = (
        _alike(one, report, page, most=most)
        if one.alike
        else _parts(one, page, most=most)
    )
    yield from paragraph(f"{page.safe(one.shown)}: {said}", page, indent=2)
    if not one.alike and one.context_name:
        arrow = f"    {page.glyphs.arrow} "
        yield from hanging(arrow, _cure(page.safe(one.context_name)), page, QUIET)


def _alike(one: SentTwice, report: RepositoryReport, page: Page, *, most: int) -> str:
    """That it depends on the version, as those of today send it once."""
    kinds = {each.found.kind for each in report.builds if each.name in one.builds}
    older = "buildx before 0.17 or BuildKit before 0.16"
    if BuildKind.COMPOSE in kinds:
        older = f"docker compose before 2.37, {older}"
    size = formatting.size(one.wire_bytes)
    builds = some(one.builds, page, most=most)
    return f"{size} for each of {builds} by {older}; once by newer ones"


def _parts(one: SentTwice, page: Page, *, most: int) -> str:
    """That no version helps: each has its own words for what it asks."""
    first, *others = one.builds
    asks = "asks" if len(others) == 1 else "ask"
    return (
        f"{some(others, page, most=most)} {asks} for parts of what {page.safe(first)} "
        f"asks for; built at once, {formatting.size(_again(one))} of it are sent again"
    )


def _cure(name: str) -> str:
    return (
        f'let a target "{name}" that is FROM scratch copy it, give the others contexts '
        f'= {{ {name} = "target:{name}" }}, and let them COPY --from={name}'
    )


def _again(one: SentTwice) -> int:
    return one.again_wire_bytes
