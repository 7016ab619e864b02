"""What would stop the build, and what else is to be known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ctxopt.core.findings.codes import UNKNOWN_BASE
from ctxopt.core.model import Problem, Report, Severity
from ctxopt.view.report.screen import Row, Section, whole
from ctxopt.view.report.secrets import CODES
from ctxopt.view.terminal import formatting
from ctxopt.view.terminal.layout import (
    QUIET,
    TITLE,
    Line,
    Page,
    Span,
    left,
    paragraph,
    wrap,
)

SEVERITY = {
    Severity.ERROR: "bold red",
    Severity.WARNING: "magenta",
    Severity.NOTE: "cyan",
}
ALIKE = 8  # problems of one code that are shown; a thousand would hide the others


def errors(report: Report, page: Page, *, verbose: bool) -> Section:
    """One loud line where the build would fail, and why below it."""
    found = [one for one in report.problems if one.severity is Severity.ERROR]
    if not found:
        return Section()
    loud = SEVERITY[Severity.ERROR]
    said = f": {formatting.count(len(found), 'error')}"
    rows, more = _rows(found, page, verbose=verbose)
    lines = [line for row in rows for line in row]
    return whole([(("This build would fail", loud), (said, "")), *lines, *more])


def problems(report: Report, page: Page, *, verbose: bool) -> Section:
    """The section "Problems": what does not stop the build, the loudest first.

    `verbose` tells of every single one.
    """
    told = report.problems if verbose else tuple(worth_telling(report))
    order = {severity: rank for rank, severity in enumerate(formatting.SEVERITIES)}
    found = sorted(
        (one for one in told if is_told_here(one)),
        key=lambda one: order[one.severity],
    )
    return problem_section(found, page, verbose=verbose)


def problem_section(
    found: Sequence[Problem], page: Page, *, verbose: bool, option: str = "-v"
) -> Section:
    """The section "Problems" with these, in their order; `option` tells all of them."""
    if not found:
        return Section()
    rows, more = _rows(found, page, verbose=verbose)

    def rest(left_out: Sequence[int]) -> list[Line]:
        if not left_out:
            return more
        more_of_them = len(left_out) < len(rows)
        said = f"{len(left_out)} more" if more_of_them else _count(found)
        return [*paragraph(f"{said} ({option})", page, QUIET, indent=2), *more]

    return Section([(("Problems", TITLE),)], rows, rest, giving=(1, 1, 1, 0))


def _count(found: Sequence[Problem]) -> str:
    """How many there are of each severity, where none has a row."""
    kinds = Counter(one.severity for one in found)
    return ", ".join(
        formatting.count(number, str(kind)) for kind, number in kinds.items()
    )


def is_told_here(problem: Problem) -> bool:
    """Whether no other section tells of it."""
    return problem.severity is not Severity.ERROR and not problem.code.startswith(CODES)


def _rows(
    found: Sequence[Problem], page: Page, *, verbose: bool
) -> tuple[list[Row], list[Line]]:
    """A row for each problem; many alike are a few, and a line that counts them."""
    rows: list[Row] = []
    seen = Counter[str]()
    for problem in found:
        seen[problem.code] += 1
        if verbose or seen[problem.code] <= ALIKE:
            rows.append(tuple(_problem(problem, page)))
    more: list[Line] = []
    for code, number in seen.items():
        if number > ALIKE and not verbose:
            said = f'{number - ALIKE:,} more "{code}" (--format json lists them)'
            more += paragraph(said, page, QUIET, indent=2)
    return rows, more


def worth_telling(report: Report) -> Iterator[Problem]:
    """The problems, without base images of which nothing depends on being read.

    A variable that is asked for in vain is a problem of its own. What is left is what
    an image's ONBUILD copies: news only where no line of the Dockerfile copies at all,
    told once for all images.
    """
    unread = []
    for problem in report.problems:
        if problem.code == UNKNOWN_BASE.code:
            unread.append(problem)
        else:
            yield problem
    if unread and not report.sources and not report.named:
        names = ", ".join(f'"{problem.subject}"' for problem in unread)
        yield unread[0]._replace(
            message=f"not read here: {names}; a source that ONBUILD adds is not seen",
        )


def _problem(problem: Problem, page: Page) -> Iterator[Line]:
    """Severity, place and message; below it what to do."""
    indent = 11 if page.width >= 60 else 4
    message = page.safe(problem.message)
    place = page.safe(_place(problem))
    severity: Span = ("  " + left(problem.severity, 9), SEVERITY[problem.severity])
    parts = wrap(f"{place}{message}", page.width - indent)
    if indent == 4:
        yield (severity,)
    else:
        yield (severity, (parts.pop(0), ""))
    for part in parts:
        yield ((" " * indent + part, ""),)
    advice = formatting.advice(problem)
    if advice:
        yield from _advice(page.safe(advice), indent, page)


def _advice(advice: str, indent: int, page: Page) -> Iterator[Line]:
    arrow = f"{page.glyphs.arrow} "
    hanging = indent + len(arrow)
    first, *others = wrap(advice, page.width - hanging)
    yield ((" " * indent + arrow + first, QUIET),)
    for part in others:
        yield ((" " * hanging + part, QUIET),)


def _place(problem: Problem) -> str:
    if problem.file is None:
        return ""
    line = "" if problem.line is None else f":{problem.line}"
    return f"{problem.file}{line}: "
