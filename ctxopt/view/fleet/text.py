"""What a terminal shows at the end of a fleet: one screen, the rest is a page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TextIO

from ctxopt.core.fleet.records import FleetLine, FleetReport, RowState
from ctxopt.core.fleet.totals import in_week
from ctxopt.core.model import Severity
from ctxopt.view.fleet import words
from ctxopt.view.fleet.columns import Row, more, table
from ctxopt.view.terminal import formatting
from ctxopt.view.terminal.layout import (
    QUIET,
    STRONG,
    Line,
    Page,
    hanging,
    paragraph,
    shorten_end,
)
from ctxopt.view.terminal.output import page_of, write_lines

LARGEST, CODES, FAILED = 10, 5, 3  # rows that are shown
_HEADS = ("sends", "again", "saves", "errors", "warnings", "secrets")
_GIVING_WAY = ("again", "warnings", "errors", "secrets", "saves")


def show(report: FleetReport, out: TextIO, *, where: str = "") -> None:
    """Write the end of a run to `out`; `where` names the report that was written."""
    write_lines(render(report, page_of(out), where=where), out)


def render(report: FleetReport, page: Page, *, where: str = "") -> Iterator[Line]:
    """Sums, the largest, codes, failures, and where to read more: at most 40 lines."""
    page = page.bounded()
    parts = (
        [*_sums(report, page)],
        [*_largest(report, page)],
        [*_codes(report, page)],
        [*_failed(report, page)],
        [*hanging("Report   ", page.safe(where), page, STRONG)] if where else [],
    )
    for at, lines in enumerate(one for one in parts if one):
        if at:
            yield ()
        yield from lines


def _sums(report: FleetReport, page: Page) -> Iterator[Line]:
    """What all of them send, what would do, and how many each question is about."""
    totals = report.totals
    count = words.repositories(totals.repositories)
    yield from paragraph(f"{count}: {words.outcome(totals)}", page, STRONG)
    if not totals.measured:
        return
    yield from hanging("Sends    ", words.sends(totals), page)
    saved = words.size(totals.saved_wire_bytes)
    share = formatting.share(totals.saved_wire_bytes, totals.wire_bytes)
    yield from hanging("Saves    ", f"{saved} ({share}) by {words.WRITES}", page)
    yield from _week(report, page)
    said = ", ".join(words.questions(totals))
    yield from hanging("Of them  ", said, page)


def _week(report: FleetReport, page: Page) -> Iterator[Line]:
    builds = report.settings.builds_per_week
    week = in_week(report.totals, builds)
    fresh = words.saved(week.wire_bytes, week.seconds)
    kept = words.saved(week.repeat_wire_bytes, week.repeat_seconds)
    yield from hanging("A week   ", f"{fresh} saved: {words.assumed(builds)}", page)
    yield from paragraph(f"{kept} saved: {words.KEPT}", page, indent=9)


def _largest(report: FleetReport, page: Page) -> Iterator[Line]:
    sized = (one for one in report.lines if one.state is RowState.MEASURED)
    shown = [*islice(sized, LARGEST)]
    if not shown:
        return
    rows = [Row(one.called, _numbers(one)) for one in shown]
    yield from table("Largest", _HEADS, rows, page, _GIVING_WAY)
    left = report.totals.measured - len(shown)
    if left:
        size = report.totals.wire_bytes - sum(one.wire_bytes for one in shown)
        said = f"{left:,} more, {formatting.size(size)}"
        yield from paragraph(said, page, QUIET, indent=2)


def _numbers(line: FleetLine) -> tuple[str, ...]:
    """What stands in the row of a repository; nothing is left blank."""
    errors, warnings = (
        line.severities.get(kind, 0) for kind in (Severity.ERROR, Severity.WARNING)
    )
    saved = words.size(line.saved_wire_bytes) if line.saved_wire_bytes else ""
    counts = (errors, warnings, len(line.secrets))
    return (
        formatting.size(line.wire_bytes),
        formatting.size(line.repeat_wire_bytes),
        saved,
        *map(formatting.number_or_blank, counts),
    )


def _codes(report: FleetReport, page: Page) -> Iterator[Line]:
    codes = report.totals.codes
    if not codes:
        return
    rows = [
        Row(code, (f"{having:,}", f"{count:,}"), words.title_of(code))
        for code, (having, count) in islice(codes.items(), CODES)
    ]
    yield from table("Findings", ("repositories", "times"), rows, page)
    yield from more(len(codes) - len(rows), page)


def _failed(report: FleetReport, page: Page) -> Iterator[Line]:
    totals = report.totals
    if not totals.failed:
        return
    said = words.failures(totals.failures)
    yield from hanging("Failed   ", said, page)
    for name, message in islice(words.failed(report.lines), FAILED):
        line = page.safe(f"{name}: {message}")
        yield (("  " + shorten_end(line, page.width - 2, page), QUIET),)
    yield from more(totals.failed - FAILED, page)
