"""The report of all builds for people: which are large, what to write, what is wrong.

What to type next stands last, where the eye is when the page has run through.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from ctxopt.core.builds.records import RepositoryReport
from ctxopt.view.builds.header import contexts, header
from ctxopt.view.builds.ignore_files import ignore_files
from ctxopt.view.builds.outcome import next_steps, outcome
from ctxopt.view.builds.problems import problems
from ctxopt.view.builds.sent_twice import sent_twice
from ctxopt.view.builds.table import table
from ctxopt.view.report.screen import SCREEN, fitted, stands_apart, whole
from ctxopt.view.terminal.layout import Line, Page
from ctxopt.view.terminal.output import page_of, write_lines


def show(
    report: RepositoryReport,
    out: TextIO,
    *,
    room: int | None = SCREEN,
    most: int | None = None,
    verbose: bool = False,
) -> None:
    """Write the report to `out`: styled on a terminal, else as plain text."""
    page = page_of(out)
    lines = render(report, page, room=room, most=most, verbose=verbose)
    write_lines(lines, out)


def render(
    report: RepositoryReport,
    page: Page,
    *,
    room: int | None = SCREEN,
    most: int | None = None,
    verbose: bool = False,
) -> Iterator[Line]:
    """The report laid out for `page`, in `room` lines where that is possible.

    `most` bounds the rows of each section, `verbose` tells everything in as many lines
    as that takes.
    """
    page = page.bounded()
    sections = (
        whole(header(report, page, verbose=verbose)),
        table(report, page, verbose=verbose),
        whole(outcome(report, page)),
        ignore_files(report, page, verbose=verbose),
        sent_twice(report, page, verbose=verbose),
        contexts(report, page, verbose=verbose),
        problems(report, page, verbose=verbose),
        whole(next_steps(report, page)),
    )
    first = True
    for lines in fitted(sections, None if verbose else room, most):
        if stands_apart(lines) and not first:
            yield ()
        yield from lines
        first = first and not lines
