"""All builds as GitHub's Markdown: a summary for a pull request of a repository."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TextIO

from ctxopt.core.builds.problems import BuildsProblem, all_problems
from ctxopt.core.builds.records import BuildResult, IgnoreFileAdvice, RepositoryReport
from ctxopt.core.builds.totals import projections, savings, waste
from ctxopt.core.model import Problem, Projection, Severity
from ctxopt.view.builds.names import FEW
from ctxopt.view.builds.outcome import write_all_command
from ctxopt.view.markdown import MARKS, code, plain, table, write
from ctxopt.view.report.markdown import more, problems, rows_shown, suggestions
from ctxopt.view.report.problems import worth_telling
from ctxopt.view.terminal import formatting


def show(
    report: RepositoryReport,
    out: TextIO,
    *,
    most: int | None = None,
    verbose: bool = False,
) -> None:
    """Write the summary to `out`."""
    write(render(report, most=most, verbose=verbose), out)


def render(
    report: RepositoryReport, *, most: int | None = None, verbose: bool = False
) -> Iterator[str]:
    """The lines of the summary, `most` rows in each table; `verbose` shows all."""
    rows = rows_shown(most, verbose=verbose)
    yield f"### {_title(report)}"
    yield ""
    yield from _builds(report, rows)
    told = [one for one in report.ignore_files if one.suggestions]
    for advice in told:
        yield from _ignore_file(advice, rows)
    if told:
        yield f"Write it: {code(write_all_command(report))}"
        yield ""
    telling = (lambda one: one.problems) if verbose else worth_telling
    yield from problems(map(_with_names, all_problems(report, telling)), rows)


def _title(report: RepositoryReport) -> str:
    """How many builds there are, what they send, and what would do."""
    folder = report.folder if report.typed == "." else report.typed
    builds = formatting.count(len(report.builds), "build")
    said = f"{builds} in {code(folder)}"
    if not report.measured:
        return said
    verb = "send" if len(report.measured) > 1 else "sends"
    said += f" {verb} {formatting.size(report.wire_bytes)}"
    saved = savings(report)
    if saved is None or saved.wire_bytes <= 0:
        return said
    return f"{said}, {formatting.size(report.wire_bytes - saved.wire_bytes)} would do"


def _builds(report: RepositoryReport, rows: int | None) -> Iterator[str]:
    after = projections(report)
    yield from table(
        ("build", "Dockerfile", "context", "transfer:", "again:", "waste:", "problems"),
        (_build(one, after.get(one.name)) for one in report.builds[:rows]),
    )
    yield from more(len(report.builds), rows, "build")


def _build(one: BuildResult, after: Projection | None) -> tuple[str, ...]:
    """The row of a build, or why it could not be measured."""
    found = one.found
    names = (code(found.name), code(found.dockerfile) if found.dockerfile else "")
    if one.report is None:
        is_elsewhere = found.refusal is not None
        mark = MARKS[Severity.NOTE if is_elsewhere else Severity.ERROR]
        said = one.error.message if one.error is not None else ""
        return (*names, code(found.context), "", "", "", f"{mark} {plain(said)}")
    transfer = one.report.transfer
    again = transfer.repeat_wire_bytes
    return (
        *names,
        code(found.context),
        formatting.size(transfer.tally.wire_bytes),
        "" if again is None else formatting.size(again),
        "" if after is None else formatting.size(waste(after)),
        _counts(one.report.problems),
    )


def _counts(found: Sequence[Problem]) -> str:
    """How many errors and warnings there are."""
    kinds = [one.severity for one in found]
    return ", ".join(
        f"{MARKS[kind]} {kinds.count(kind)}"
        for kind in (Severity.ERROR, Severity.WARNING)
        if kind in kinds
    )


def _ignore_file(advice: IgnoreFileAdvice, rows: int | None) -> Iterator[str]:
    """What to write into one ignore file, for which builds."""
    new = "" if advice.exists else " (new)"
    yield f"**{code(advice.shown)}**{new}, for {_some(advice.builds)}"
    yield ""
    names = [_some([each.build for each in one.savings]) for one in advice.suggestions]
    made = [one.shown for one in advice.suggestions]
    shown = names if len(advice.builds) > 1 else ()
    yield from suggestions(made, rows, None, shown)


def _some(names: Sequence[str]) -> str:
    """Names of builds; of many, the first and how many more."""
    shown = [*map(code, names)]
    if len(shown) > FEW + 1:
        shown = [*shown[:FEW], f"{len(shown) - FEW:,} more"]
    return ", ".join(shown)


def _with_names(one: BuildsProblem) -> Problem:
    """The problem, its builds named behind the message."""
    if not one.builds:
        return one.problem
    names = ", ".join(one.builds[:FEW])
    names += f" and {len(one.builds) - FEW:,} more" if len(one.builds) > FEW else ""
    return one.problem._replace(message=f"{one.problem.message} ({names})")
