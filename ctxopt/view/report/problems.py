"""What would stop the build, and what else is to be known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ctxopt.core.findings.codes import UNKNOWN_BASE
from ctxopt.core.model import Problem, Report, Severity
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


def problems(report: Report, page: Page, *, verbose: bool) -> list[Line]:
    """The section "Problems"; `verbose` tells of every single one."""
    found = report.problems if verbose else tuple(_worth_telling(report))
    if not found:
        return []
    order = {severity: rank for rank, severity in enumerate(formatting.SEVERITIES)}
    lines: list[Line] = [(("Problems", TITLE),)]
    shown = Counter[str]()
    for problem in sorted(found, key=lambda one: order[one.severity]):
        shown[problem.code] += 1
        if verbose or shown[problem.code] <= ALIKE:
            lines += _problem(problem, page)
    for code, number in shown.items():
        if number > ALIKE and not verbose:
            more = f'{number - ALIKE:,} more "{code}" (--format json lists them)'
            lines += paragraph(more, page, QUIET, indent=2)
    return lines


def _worth_telling(report: Report) -> Iterator[Problem]:
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
        yield from _advice(advice, indent, page)


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
