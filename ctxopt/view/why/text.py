"""The answers for people: the verdict first, then what led to it, then what helps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from ctxopt.core.model import GitState, SourceState
from ctxopt.core.why.answer import (
    Explanation,
    GitWord,
    GlobAnswer,
    PathAnswer,
    SourceAnswer,
    Taker,
)
from ctxopt.view.terminal.formatting import STATES, count, one_line
from ctxopt.view.terminal.layout import (
    QUIET,
    STRONG,
    Line,
    Page,
    cells,
    hanging,
    paragraph,
)
from ctxopt.view.terminal.output import page_of, write_lines
from ctxopt.view.why.cures import cures, idle_words, other_words
from ctxopt.view.why.lines import line_rows
from ctxopt.view.why.takers import (
    elsewhere_row,
    taker_row,
    undeclared_words,
    unset_words,
)
from ctxopt.view.why.verdict import glob_verdict, verdict

SHOWN_TAKERS = 8


def show(told: Explanation, out: TextIO) -> None:
    """Write the answers to `out`: styled on a terminal, else as plain text."""
    write_lines(render(told, page_of(out)), out)


def render(told: Explanation, page: Page) -> Iterator[Line]:
    """The answers laid out for `page`, a blank line between two."""
    page = fitted(page)
    if not told.answers:
        yield from _sources(told, page)
    for at, answer in enumerate(told.answers):
        if at:
            yield ()
        if isinstance(answer, GlobAnswer):
            yield from _glob(answer, told, page)
        else:
            yield from path_lines(answer, told, page)
    for problem in told.problems:
        place = f"{problem.file}:{problem.line}" if problem.line else problem.file or ""
        yield from place_row(f"  {place}  ", page.safe(problem.message), page)


def fitted(page: Page) -> Page:
    """A page that is neither too narrow to be read nor too wide."""
    return page.bounded()


# --- paths -----------------------------------------------------------------------


def path_lines(answer: PathAnswer, told: Explanation, page: Page) -> Iterator[Line]:
    """The answer for one path."""
    yield from paragraph(page.safe(verdict(answer, told)), page, STRONG)
    for head, said in _rows(answer, told):
        place = f"  {page.safe(head)}  " if head else "  "
        yield from place_row(place, page.safe(said), page)
    for failure in answer.failures[:SHOWN_TAKERS]:
        yield from source_lines(failure, page)
    for said in cures(answer, told):
        yield from paragraph(page.safe(said), page)


def place_row(place: str, said: str, page: Page) -> Iterator[Line]:
    """A place and what stands there; below it, where the place is long."""
    if cells(place) <= page.width // 2:
        yield from hanging(place, said, page)
        return
    yield ((place.rstrip(), QUIET),)  # whole, as terminals find files by it
    yield from paragraph(said, page, indent=4)


def _rows(answer: PathAnswer, told: Explanation) -> Iterator[tuple[str, str]]:
    """What led to the verdict: a place, and what stands there."""
    if answer.link and answer.kind is not None:
        yield "", f'"{answer.asked}" comes to it through the link "{answer.link}"'
    if answer.target and not answer.link:
        gone = ", which no source takes along: it will lead nowhere"
        yield "", f'it is a link to "{answer.target}"{gone * answer.dangles}'
    yield from line_rows(answer)
    for taker in _shown_takers(answer):
        yield taker_row(taker, answer, told)
    if len(answer.takers) > SHOWN_TAKERS:
        more = len(answer.takers) - SHOWN_TAKERS
        yield "", f"and {count(more, 'more source')}"
    yield from map(elsewhere_row, answer.elsewhere[:SHOWN_TAKERS])
    if answer.git is not None and answer.kind is not None:  # else in the verdict
        yield "git", _git(answer.git)
    if answer.other is not None:
        yield "", other_words(answer)
    for idle in answer.idle_lines:
        yield "", idle_words(idle)


def _shown_takers(answer: PathAnswer) -> Iterator[Taker]:
    """The first takers, without those that are told below with what stops them."""
    told = {one.use.source for one in answer.failures}
    return (one for one in answer.takers[:SHOWN_TAKERS] if one.source not in told)


def _git(word: GitWord) -> str:
    match word.state:
        case GitState.TRACKED:
            return "tracks it"
        case GitState.IGNORED if word.line is not None:
            line = word.line
            return f'ignores it: {line.file}:{line.line} ("{line.text.strip()}")'
        case GitState.UNTRACKED:
            return "does not track it, and does not ignore it"
        case _:
            return "cannot be asked: its index is not understood"


def _glob(answer: GlobAnswer, told: Explanation, page: Page) -> Iterator[Line]:
    yield from paragraph(page.safe(glob_verdict(answer)), page, STRONG)
    for one in answer.first:
        yield from paragraph(page.safe(verdict(one, told)), page, indent=2)
    more = answer.hits - len(answer.first)
    if more > 0:
        yield from paragraph(f"and {more:,} more", page, QUIET, indent=2)
    if not answer.all_seen:
        said = "the context is too large to be looked through: there may be more"
        yield from paragraph(said, page, QUIET, indent=2)


# --- sources ---------------------------------------------------------------------


def _sources(told: Explanation, page: Page) -> Iterator[Line]:
    found = told.sources
    yield from paragraph(page.safe(_summary(told)), page, STRONG)
    for one in found:
        yield from source_lines(one, page)


def _summary(told: Explanation) -> str:
    if not told.sources:
        return f"{told.dockerfile} takes nothing from the context."
    failing = [one for one in told.sources if one.fails]
    whole = count(len(told.sources), "source")
    if not failing:
        empty = sum(one.use.state is SourceState.EMPTY for one in told.sources)
        but = f", of which {empty} {_verb('match', empty)} nothing" if empty else ""
        return f"No source of {told.dockerfile} fails: {whole}{but}."
    first = failing[0].use.source.location
    is_found = all(one.use.state is SourceState.FOUND for one in failing)
    wrong = "cannot be copied as written" if is_found else "not found"
    be = "" if is_found else "is " if len(failing) == 1 else "are "
    return (
        f"The build fails at {first.file}:{first.line}: {len(failing)} of {whole}"
        f" {be}{wrong}."
    )


def _verb(verb: str, number: int) -> str:
    return f"{verb}es" if number == 1 else verb


def source_lines(answer: SourceAnswer, page: Page) -> Iterator[Line]:
    """A source, and what is wrong with it."""
    source = answer.use.source
    head = f"  {source.location.file}:{source.location.line}  "
    said = one_line(source.line_text)
    if not source.alone:
        said = f"{said}: {source.text}"
    if answer.undeclared:
        said = f"{said}; {undeclared_words(answer.undeclared)}"
    state = STATES[answer.use.state]
    if answer.problem is None:
        said = f"{said} - {state}"
    yield from place_row(page.safe(head), page.safe(said), page)
    if answer.problem is not None:
        yield from paragraph(page.safe(answer.problem.message), page, indent=4)
        if answer.problem.hint:
            yield from paragraph(page.safe(answer.problem.hint), page, indent=4)
    if answer.unset:
        said = unset_words(answer.unset, source)
        yield from paragraph(page.safe(said), page, indent=4)
