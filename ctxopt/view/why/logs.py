"""The errors of a build's log for people: docker's words, then what `why` says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from ctxopt.core.why.logged import LogAnswer, LogExplanation
from ctxopt.view.terminal.formatting import one_line
from ctxopt.view.terminal.layout import STRONG, Line, Page, paragraph
from ctxopt.view.terminal.output import page_of, write_lines
from ctxopt.view.why.causes import cause_words, summary
from ctxopt.view.why.text import fitted, path_lines, place_row, source_lines


def show(told: LogExplanation, out: TextIO) -> None:
    """Write the answers to `out`: styled on a terminal, else as plain text."""
    write_lines(render(told, page_of(out)), out)


def render(told: LogExplanation, page: Page) -> Iterator[Line]:
    """The answers laid out for `page`, a blank line before each."""
    page = fitted(page)
    yield from paragraph(page.safe(summary(told)), page, STRONG)
    for answer in told.answers:
        yield ()
        yield from _error(answer, told, page)


def _error(answer: LogAnswer, told: LogExplanation, page: Page) -> Iterator[Line]:
    error = answer.error
    head = page.safe(f"{told.file}:{error.log_line}  ")
    yield from place_row(head, page.safe(one_line(error.message)), page)
    if not answer.sources and error.instruction:
        step = f"  in {one_line(error.instruction)}"
        yield from paragraph(page.safe(step.strip()), page, indent=2)
    for source in answer.sources:
        yield from source_lines(source, page)
    for said in cause_words(answer, told):
        yield from paragraph(page.safe(said), page)
    if answer.path is not None and told.told is not None:
        yield from path_lines(answer.path, told.told, page)
