"""The report for people: the result and what to type first, then why.

Sizes, what would stop the build, what can be saved; then the suggestions and questions,
where the bytes are, what takes them, and what else is to be known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ctxopt.core.model import Report
from ctxopt.core.typed import TYPE_CHECKING
from ctxopt.view.report.advice import held_back, questions, suggestions
from ctxopt.view.report.header import header, sizes
from ctxopt.view.report.outcome import outcome
from ctxopt.view.report.problems import errors, problems
from ctxopt.view.report.screen import SCREEN, fitted, stands_apart, whole
from ctxopt.view.report.secrets import secrets
from ctxopt.view.report.size_bars import where
from ctxopt.view.report.sources import named_contexts, sources
from ctxopt.view.terminal.layout import Line, Page
from ctxopt.view.terminal.output import page_of, write_lines

if TYPE_CHECKING:
    from typing import TextIO


def show(
    report: Report,
    out: TextIO,
    *,
    room: int | None = SCREEN,
    most: int | None = None,
    verbose: bool = False,
    build: Sequence[str] | None = None,
) -> None:
    """Write the report to `out`: styled on a terminal, else as plain text."""
    page = page_of(out)
    lines = render(report, page, room=room, most=most, verbose=verbose, build=build)
    write_lines(lines, out)


def render(
    report: Report,
    page: Page,
    *,
    room: int | None = SCREEN,
    most: int | None = None,
    verbose: bool = False,
    build: Sequence[str] | None = None,
) -> Iterator[Line]:
    """The report laid out for `page`, in `room` lines where that is possible.

    `most` bounds the rows of each section, `verbose` asks for every single problem.
    `build` are the options that name the build in a command; None: all of them.
    """
    page = page.bounded()
    sections = (
        whole(header(report, page)),
        whole(sizes(report, page)),
        errors(report, page, verbose=verbose),
        whole(outcome(report, page, build)),
        secrets(report, page, whole_list=verbose or room is None),
        suggestions(report, page),
        questions(report, page),
        where(report, page),
        sources(report.sources, page),
        named_contexts(report, page),
        held_back(report, page),
        problems(report, page, verbose=verbose),
    )
    first = True
    for lines in fitted(sections, room, most):
        if stands_apart(lines) and not first:
            yield ()
        yield from lines
        first = first and not lines
