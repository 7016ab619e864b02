"""The report as GitHub's Markdown: a summary for a pull request, or for a job."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

from ctxopt.core.model import (
    Problem,
    Projection,
    Report,
    SecretFile,
    Severity,
    Suggestion,
    Tally,
)
from ctxopt.view.markdown import MARKS, code, plain, table, write
from ctxopt.view.report.header import dockerfile_name
from ctxopt.view.report.outcome import TOLD_SECONDS, write_command
from ctxopt.view.report.problems import is_told_here, worth_telling
from ctxopt.view.report.secrets import how_far
from ctxopt.view.terminal import formatting

ROWS = 10  # of each table, where nothing else is asked for
WRITE = "`ctxopt write --yes`"


def show(
    report: Report,
    out: TextIO,
    *,
    most: int | None = None,
    verbose: bool = False,
    build: Sequence[str] | None = None,
) -> None:
    """Write the summary to `out`; as the text, but for the places of the bytes."""
    write(render(report, most=most, verbose=verbose, build=build), out)


def render(
    report: Report,
    *,
    most: int | None = None,
    verbose: bool = False,
    build: Sequence[str] | None = None,
) -> Iterator[str]:
    """The lines of the summary, `most` rows in each table; `verbose` shows all."""
    rows = rows_shown(most, verbose=verbose)
    yield f"### {_title(report)}"
    yield ""
    yield from _failure(report.problems)
    yield from _sizes(report)
    command = write_command(report, build)
    yield from suggestions(report.suggestions, rows, command)
    yield from _secrets(report.secrets, rows)
    told = report.problems if verbose else tuple(worth_telling(report))
    yield from problems(told, rows)


def rows_shown(most: int | None, *, verbose: bool) -> int | None:
    """How many rows each table has at most; None: all there are."""
    if most is not None:
        return most
    return None if verbose else ROWS


def _title(report: Report) -> str:
    """Which build it is, what it sends, and what it could do with."""
    name = f"{code(dockerfile_name(report))} → {code(report.request.context)}"
    transfer = report.transfer
    if not transfer.tally.entries and transfer.printed is None:
        return f"{name}: nothing is sent"
    verb = "reads" if formatting.reads_in_place(report) else "sends"
    said = f"{name}: {verb} {formatting.size(transfer.tally.wire_bytes)}"
    projection = report.projection
    if projection is None or not _sends_less(projection):
        return said
    less = formatting.size(projection.after.transfer_wire_bytes)
    return f"{said}, {less} would do"


def _sends_less(projection: Projection) -> bool:
    now, after = projection.now, projection.after
    return after.transfer_wire_bytes < now.transfer_wire_bytes


def _failure(found: Iterable[Problem]) -> Iterator[str]:
    errors = sum(one.severity is Severity.ERROR for one in found)
    if errors:
        mark = MARKS[Severity.ERROR]
        yield f"{mark} **This build would fail:** {formatting.count(errors, 'error')}"
        yield ""


# --- sizes -----------------------------------------------------------------------


def _sizes(report: Report) -> Iterator[str]:
    """The sizes now, and as they would be; one column where nothing changes."""
    projection = report.projection
    changes = projection is not None and projection.now != projection.after
    rows = [*_size_rows(report)]
    heads = ["", "now:", f"after {WRITE}:"]
    width = 3 if changes else 2
    yield from table(heads[:width], [row[:width] for row in rows])


def _size_rows(report: Report) -> Iterator[tuple[str, str, str]]:
    projection, transfer = report.projection, report.transfer
    after = None if projection is None else projection.after
    if report.context is not None:
        yield "Context", _size(report.context), _size(after and after.context)
    else:
        yield "Context", "unknown", ""
    if not formatting.sends_whole(report):
        label = formatting.sent_label(report)
        yield label, _size(transfer.tally), _size(after and after.transfer)
    for one in report.named:
        sent = formatting.size(one.transfer.tally.wire_bytes)
        yield f"Named context {code(one.name)}", sent, ""
    if transfer.repeat_wire_bytes is not None:
        then = formatting.size(after.repeat_wire_bytes) if after else ""
        yield "Again, unchanged", formatting.size(transfer.repeat_wire_bytes), then
    if projection is not None:
        yield from _seconds(projection)


def _seconds(projection: Projection) -> Iterator[tuple[str, str, str]]:
    """The seconds of a first build, where anybody would notice the difference."""
    now = projection.now.first_build_seconds
    after = projection.after.first_build_seconds
    if now - after >= TOLD_SECONDS:
        label = f"First build (estimate, profile {projection.profile})"
        yield label, formatting.seconds(now), formatting.seconds(after)


def _size(tally: Tally | None) -> str:
    if tally is None:
        return ""
    if not tally.entries and not tally.wire_bytes:
        return "nothing"
    files = f", {formatting.count(tally.files, 'file')}" if tally.files else ""
    return f"{formatting.size(tally.wire_bytes)}{files}"


# --- what to do ------------------------------------------------------------------


def suggestions(
    made: Sequence[Suggestion],
    rows: int | None,
    command: str | None,
    builds: Sequence[str] = (),
) -> Iterator[str]:
    """The suggestions, what each saves, and what writes them; of several builds whose.

    `command` is None where nothing can write them as things are.
    """
    if not made:
        return
    heads = ["ignore", "what it is", "saves:", "", "id"]
    named = builds or ("",) * len(made)
    if builds:
        heads.append("builds")
    yield from table(
        heads,
        (
            (*_suggestion(one), *([names] if builds else []))
            for one, names in [*zip(made, named, strict=True)][:rows]
        ),
    )
    left_out = made[rows:] if rows is not None else ()
    if left_out:
        saved = sum(one.wire_bytes for one in left_out)
        yield f"{len(left_out):,} more, {formatting.size(saved)}."
        yield ""
    if command is not None:
        yield f"Write it: {code(command)}"
        yield ""


def _suggestion(one: Suggestion) -> tuple[str, ...]:
    """Lines, what they are, what they save this build, how sure that is, their id."""
    first, *others = one.patterns
    lines = code(first) + (f" +{len(others)}" if others else "")
    size = formatting.size(one.wire_bytes if one.sent else one.context.wire_bytes)
    sure: str = one.confidence
    if not one.sent:
        sure = "cache" if one.for_cache else "not sent by this build"
    return lines, plain(one.label), size, sure, code(one.id)


# --- what is wrong ---------------------------------------------------------------


def _secrets(found: Sequence[SecretFile], rows: int | None) -> Iterator[str]:
    if not found:
        return
    yield from table(
        ("secret", "what it is", "how far it goes"),
        (
            (f"{MARKS[one.severity]} {code(one.path)}", plain(one.what), how_far(one))
            for one in found[:rows]
        ),
    )
    yield from more(len(found), rows, "secret")


def problems(found: Iterable[Problem], rows: int | None) -> Iterator[str]:
    """What is wrong, the loudest first: where, what, and what to do."""
    order = {severity: rank for rank, severity in enumerate(formatting.SEVERITIES)}
    told = sorted(
        (one for one in found if is_told_here(one) or one.severity is Severity.ERROR),
        key=lambda one: order[one.severity],
    )
    if not told:
        return
    yield from table(
        ("", "where", "what", "what to do"),
        (
            (
                f"{MARKS[one.severity]} `{one.code}`",
                _place(one),
                plain(one.message),
                plain(formatting.advice(one) or ""),
            )
            for one in told[:rows]
        ),
    )
    yield from more(len(told), rows, "problem")


def _place(problem: Problem) -> str:
    if problem.file is None:
        return ""
    line = "" if problem.line is None else f":{problem.line}"
    return code(f"{problem.file}{line}")


def more(number: int, rows: int | None, noun: str) -> Iterator[str]:
    """How many rows a table does not show, if it does not show all."""
    if rows is not None and number > rows:
        yield f"{formatting.count(number - rows, f'more {noun}')}."
        yield ""
