"""The check for people: by file, the line shown, the place marked, the cure below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TextIO

from ctxopt.core.checking.records import CheckReport, CheckRule, Diagnostic
from ctxopt.core.model import Severity
from ctxopt.view.check import builds
from ctxopt.view.check.alike import few_of, lines_of
from ctxopt.view.report.problems import SEVERITY
from ctxopt.view.terminal import formatting
from ctxopt.view.terminal.layout import (
    QUIET,
    STRONG,
    Line,
    Page,
    cells,
    hanging,
    left,
    paragraph,
    shorten_end,
)
from ctxopt.view.terminal.output import page_of, write_lines

_MARGIN = 6  # of the numbers of lines


def show(report: CheckReport, out: TextIO) -> None:
    """Write the check to `out`: styled on a terminal, else as plain text."""
    write_lines(render(report, page_of(out)), out)


def render(report: CheckReport, page: Page) -> Iterator[Line]:
    """The check laid out for `page`: the files in turn, and what all of it means."""
    page = page.bounded()
    by_file = groupby(report.diagnostics, key=lambda one: _where(one, report))
    for (file, context), grouped in by_file:
        found = [*grouped]
        about = builds.about(found)
        yield from _heading(file or f"the context {context}".rstrip(), about, page)
        few = few_of(builds.without(found, about))
        before: Diagnostic | None = None
        for one in few.shown:
            if before is None or not _is_shown_by(before, one):
                yield from _shown_line(one, report, page)
            yield from _diagnostic(one, page)
            before = one
        for rule, others in few.more.items():
            yield from _more(rule, others, page)
        yield ()
    yield from _summary(report, page)


def _where(one: Diagnostic, report: CheckReport) -> tuple[str, str]:
    """The file that a diagnostic is about; or "", and which context of several."""
    build = report.build_of(one)
    if one.problem.file is not None or build is None:
        return one.problem.file or "", ""
    return "", build.context


def _heading(where: str, about: Sequence[str], page: Page) -> Iterator[Line]:
    """A file or a context, and the builds that all below it is about."""
    head = page.safe(where)
    names = page.safe(builds.names(about)) if about else ""
    if names and cells(f"{head}   {names}") <= page.width:
        yield (head, STRONG), (f"   {names}", QUIET)
        return
    yield ((head, STRONG),)
    if names:
        yield from hanging("  ", names, page, QUIET)


def _is_shown_by(before: Diagnostic, one: Diagnostic) -> bool:
    """Whether the line of a diagnostic is the one shown last, and marked as well."""
    marked = one.problem.column in (None, before.problem.column)
    return marked and before.problem.line == one.problem.line


def _more(rule: CheckRule, others: Sequence[Diagnostic], page: Page) -> Iterator[Line]:
    """A line for findings that are like those above."""
    places = lines_of(others)
    where = f" in {places}" if places else ""
    said = f"{len(others):,} more of {rule.number} {rule.code}{where}"
    yield from hanging("  ", f"{said} (--format json has all)", page, QUIET)


def _diagnostic(one: Diagnostic, page: Page) -> Iterator[Line]:
    problem = one.problem
    severity = left(f"  {problem.severity}", 10)
    head = f"{severity}{one.rule.number} "
    message = hanging(head, page.safe(builds.message(one)), page)
    yield ((severity, SEVERITY[problem.severity]), *_after(message[0], severity))
    yield from message[1:]
    arrow = f"{' ' * len(severity)}{page.glyphs.arrow} "
    for said in _cures(one):
        yield from hanging(arrow, page.safe(said), page, QUIET)


def _cures(one: Diagnostic) -> Iterator[str]:
    """What to do, and what `--fix` does of it; said once where both are the same."""
    cure, fix = formatting.advice(one.problem), one.fix
    if fix is not None and fix.title == cure:
        yield f"{cure} (--fix does it)"
        return
    if cure:
        yield cure
    if fix is not None:
        yield f"--fix can do it: {fix.title}"


def _after(line: Line, severity: str) -> Line:
    """The first line of a message without the severity, which has its own style."""
    (head, style), *others = line
    return ((head[len(severity) :], style), *others)


def _shown_line(one: Diagnostic, report: CheckReport, page: Page) -> Iterator[Line]:
    """The line that a problem is about, and a mark below the place in it."""
    problem = one.problem
    text = report.text(problem.file)
    line = text.line(problem.line) if text is not None else None
    if line is None:
        return
    shown = page.safe(line.expandtabs(4))
    number = f"{problem.line:>{_MARGIN - 2}}  "
    yield ((number, QUIET), (shorten_end(shown, page.width - _MARGIN, page), ""))
    if problem.column is not None:
        before = page.safe(line[: problem.column - 1].expandtabs(4))
        if len(before) + _MARGIN < page.width:
            blank = " " * (_MARGIN + len(before))
            yield ((blank, ""), ("^", SEVERITY[problem.severity]))


# --- the end ---------------------------------------------------------------------


def _summary(report: CheckReport, page: Page) -> Iterator[Line]:
    """What all of it means, in one sentence or two."""
    said, counts = verdict(report)
    style = SEVERITY[Severity.ERROR] if report.fails else STRONG
    if cells(f"{said}: {counts}") <= page.width:
        yield ((said, style), (f": {counts}" if counts else "", ""))
    else:
        yield from paragraph(said, page, style)
        yield from paragraph(counts, page)
    stopped = _stopped(report)
    if stopped:
        yield from paragraph(page.safe(stopped), page, QUIET)
    fixes = sum(one.fix is not None for one in report.diagnostics)
    if fixes:
        how = "ctxopt check --fix" if report.builds is None else "the same with --fix"
        what = f"{formatting.count(fixes, 'finding')} can be mended: {how}"
        yield from paragraph(page.safe(what), page, QUIET)


def _stopped(report: CheckReport) -> str:
    """That not all was looked at; "" where it was."""
    blind = [one.name for one in report.builds or () if one.report is None]
    if blind:
        return f"not looked at any further: {builds.names(blind)}"
    if report.builds is not None or report.is_complete or not report.diagnostics:
        return ""
    return "the builder stops there, so nothing else was looked at"


def verdict(report: CheckReport) -> tuple[str, str]:
    """What a check means in one sentence, and what was found in numbers."""
    counts = ", ".join(_counts(report))
    if report.builds is not None:
        return builds.verdict(report), counts
    if report.fails:
        return "This build would fail", counts
    if report.diagnostics:
        return "Nothing that is found stops this build", counts
    return "Nothing is found", counts


def _counts(report: CheckReport) -> Iterator[str]:
    for severity in formatting.SEVERITIES:
        number = sum(one.severity is severity for one in report.diagnostics)
        if number:
            yield formatting.count(number, severity)
    if report.silenced:
        yield f"{report.silenced:,} silenced"
