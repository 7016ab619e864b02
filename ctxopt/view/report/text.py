"""The report for people: sizes first, then where the bytes are, who takes them, why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from ctxopt.core.model import Report
from ctxopt.view.report.advice import suggestions
from ctxopt.view.report.header import header, sizes, verdict
from ctxopt.view.report.outcome import outcome
from ctxopt.view.report.problems import problems
from ctxopt.view.report.size_bars import where
from ctxopt.view.report.sources import named_contexts, sources
from ctxopt.view.terminal.layout import Line, Page
from ctxopt.view.terminal.output import page_of, write_lines

NARROWEST, WIDEST = 40, 120


def show(report: Report, out: TextIO, *, verbose: bool = False) -> None:
    """Write the report to `out`: styled on a terminal, else as plain text."""
    write_lines(render(report, page_of(out), verbose=verbose), out)


def render(report: Report, page: Page, *, verbose: bool = False) -> Iterator[Line]:
    """All lines of the report, laid out for `page`; `verbose`: every single problem."""
    page = Page(min(max(page.width, NARROWEST), WIDEST), page.encoding)
    sections = (
        header(report, page),
        sizes(report, page),
        verdict(report),
        where(report, page),
        sources(report.sources, page),
        named_contexts(report, page),
        problems(report, page, verbose=verbose),
        suggestions(report, page),
        outcome(report, page),
    )
    first = True
    for lines in sections:
        if lines and not first:
            yield ()
        yield from lines
        first = first and not lines
