"""summary.md: a fleet as GitHub's Markdown, for an issue or the summary of a job."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TextIO

from ctxopt.core.fleet.records import FleetLine, FleetReport, RowState
from ctxopt.core.fleet.totals import in_week
from ctxopt.core.model import Severity
from ctxopt.view.fleet import words
from ctxopt.view.markdown import MARKS, code, plain, table, write
from ctxopt.view.terminal import formatting

LARGEST = 10
ROWS = 50  # of every other table
PATHS = 3  # of secrets in one row


def show(report: FleetReport, out: TextIO) -> None:
    """Write the summary to `out`."""
    write(render(report), out)


def render(report: FleetReport) -> Iterator[str]:
    """The lines of the summary."""
    totals = report.totals
    yield f"# {words.repositories(totals.repositories)}: {words.outcome(totals)}"
    yield ""
    if totals.measured:
        yield from _sums(report)
        yield from _largest(report)
    yield from _secrets(report)
    yield from _codes(report)
    yield from _failures(report)
    if report.settings.made_by:
        yield f"Made by ctxopt {plain(report.settings.made_by)}."


def _sums(report: FleetReport) -> Iterator[str]:
    totals, builds = report.totals, report.settings.builds_per_week
    week = in_week(totals, builds)
    share = formatting.share(totals.saved_wire_bytes, totals.wire_bytes)
    yield f"* They send {words.sends(totals)}."
    yield (
        f"* {code(words.WRITES)} saves {words.size(totals.saved_wire_bytes)} ({share}) "
        "of that."
    )
    assumed = words.assumed(builds)
    yield (
        f"* With {assumed}, it saves {words.saved(week.wire_bytes, week.seconds)} "
        f"a week; with as many, {words.KEPT}, "
        f"{words.saved(week.repeat_wire_bytes, week.repeat_seconds)}. Seconds are "
        "estimates."
    )
    yield f"* {', '.join(words.questions(totals))}."
    yield ""


def _largest(report: FleetReport) -> Iterator[str]:
    sized = (one for one in report.lines if one.state is RowState.MEASURED)
    yield "## The largest"
    yield ""
    yield from table(
        ("repository", "sends:", "again:", "saves:", "builds:", "problems"),
        map(_row, islice(sized, LARGEST)),
    )


def _row(line: FleetLine) -> tuple[str, ...]:
    return (
        code(line.called),
        formatting.size(line.wire_bytes),
        formatting.size(line.repeat_wire_bytes),
        words.size(line.saved_wire_bytes),
        f"{len(line.builds):,}",
        ", ".join(
            f"{MARKS[kind]} {line.severities[kind]:,}"
            for kind in (Severity.ERROR, Severity.WARNING)
            if line.severities.get(kind)
        ),
    )


def _secrets(report: FleetReport) -> Iterator[str]:
    """Paths only: what is in the files is nowhere in a report."""
    found = [one for one in report.lines if one.secrets]
    if not found:
        return
    yield "## Secrets in the context"
    yield ""
    yield from table(
        ("repository", "files:", "where"),
        (
            (code(one.called), f"{len(one.secrets):,}", _paths(one.secrets))
            for one in found[:ROWS]
        ),
    )
    yield from _more(len(found))


def _paths(paths: Sequence[str]) -> str:
    shown = [*map(code, paths[:PATHS])]
    if len(paths) > PATHS:
        shown.append(f"{len(paths) - PATHS:,} more")
    return ", ".join(shown)


def _codes(report: FleetReport) -> Iterator[str]:
    codes = report.totals.codes
    if not codes:
        return
    yield "## Findings"
    yield ""
    yield from table(
        ("finding", "what it means", "repositories:", "times:"),
        (
            (code(one), plain(words.title_of(one)), f"{having:,}", f"{times:,}")
            for one, (having, times) in islice(codes.items(), ROWS)
        ),
    )
    yield from _more(len(codes))


def _failures(report: FleetReport) -> Iterator[str]:
    if not report.totals.failed:
        return
    yield "## Failed"
    yield ""
    yield f"{words.failures(report.totals.failures)}."
    yield ""
    yield from table(
        ("repository", "why"),
        (
            (code(name), plain(why))
            for name, why in islice(words.failed(report.lines), ROWS)
        ),
    )
    yield from _more(report.totals.failed)


def _more(count: int) -> Iterator[str]:
    """How many rows are left out of a table, which is ended by an empty line."""
    if count > ROWS:
        yield f"{count - ROWS:,} more: see index.html."
        yield ""
