"""What each line of the ignore file did to a path, in the order of the file."""

from __future__ import annotations

from collections.abc import Iterator

from ctxopt.core.patterns.matcher import TraceStep
from ctxopt.core.patterns.pattern import Pattern
from ctxopt.core.why.answer import PathAnswer, PathState, Standing
from ctxopt.view.terminal.formatting import count

SHOWN_INSIDE = 3  # lines about what is in a folder
_FAILS = (
    '"{}" cannot be used: the build fails, or its context ends, where the builder comes'
    " to it"
)


def line_rows(answer: PathAnswer) -> Iterator[tuple[str, str]]:
    """A place and a sentence for each line that changed what becomes of a path."""
    standing = answer.standing
    for step in standing.steps:
        yield _place(step.pattern), _did(step, answer)
    if not standing.steps and standing.state is PathState.CONTEXT and answer.path:
        if not answer.ignore_file:
            which = "named context has" if answer.context else "build reads"
            yield "", f"this {which} no ignore file"
        else:
            yield answer.ignore_file, "no line of it speaks of this path"
    yield from _inside(standing)
    if standing.state is not PathState.BROKEN:
        for pattern in answer.failing:
            yield _place(pattern), _FAILS.format(pattern.text.strip())


def _place(pattern: Pattern) -> str:
    place = pattern.location
    return f"{place.file}:{place.line}" if place is not None else "the client"


def _did(step: TraceStep, answer: PathAnswer) -> str:
    text = f'"{step.pattern.text.strip()}"'
    above = step.prefix != answer.path
    whom = f'"{step.prefix}"' if above else "it"
    all_in = ", with all that is in it" if above or answer.is_folder else ""
    if step.pattern.location is None:
        return "always sends it"
    would = answer.standing.state is PathState.MISSING
    if step.excludes:
        verb = "would keep" if would else "keeps"
        return f"{text} {verb} {whom} out{all_in}"
    if _is_bypassed(step, answer.standing):
        return f"{text} would bring {whom} back, but the builder never comes there"
    return f"{text} {'would bring' if would else 'brings'} {whom} back{all_in}"


def _is_bypassed(step: TraceStep, standing: Standing) -> bool:
    kept = standing.kept_out
    return kept is not None and kept.bypassed is step.pattern


def _inside(standing: Standing) -> Iterator[tuple[str, str]]:
    """Lines that make an exception for what is in a folder."""
    for pattern in standing.inside[:SHOWN_INSIDE]:
        verb = "brings back" if pattern.negated else "keeps out"
        text = f'"{pattern.text.strip()}"'
        yield _place(pattern), f"{text} {verb} what it matches in there"
    more = len(standing.inside) - SHOWN_INSIDE
    if more > 0:
        yield "", f"and {count(more, 'more line')} about what is in there"
