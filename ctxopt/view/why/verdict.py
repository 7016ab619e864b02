"""The first sentence on a path: whether it is in the context, and by what."""

from __future__ import annotations

from ctxopt.core.findings.copied import did_you_mean, made_before
from ctxopt.core.model import Reach
from ctxopt.core.patterns.pattern import Pattern
from ctxopt.core.why.answer import (
    Explanation,
    GlobAnswer,
    Manner,
    PathAnswer,
    PathState,
    Standing,
    Taker,
)
from ctxopt.view.terminal.formatting import BUILDERS, one_line


def verdict(answer: PathAnswer, told: Explanation) -> str:
    """Whether a path is in the context, and why, in one sentence."""
    standing = answer.standing
    match standing.state:
        case PathState.CONTEXT:
            return f"{_in_context(answer)}."
        case PathState.IGNORED:
            why = why_ignored(answer.path, standing, BUILDERS[told.request.builder])
            return f"{_subject(answer)} is not in {_context(answer)}: {why}."
        case PathState.MISSING:
            why = _why_missing(answer)
            return f"{_subject(answer)} is not in {_context(answer)}: {why}"
        case PathState.OUTSIDE if answer.link:
            return (
                f'"{answer.asked}" is not in the context: the link "{answer.link}"'
                f' leads to "{answer.target}", out of it, and a build sees nothing'
                " there."
            )
        case PathState.OUTSIDE:
            return (
                f"{_subject(answer)} is not in the context: it lies outside of"
                f' "{told.context_path}", and a build sees nothing there.'
            )
        case PathState.BROKEN:
            return f"{_subject(answer)} breaks the build: {_why_broken(standing)}."


def glob_verdict(answer: GlobAnswer) -> str:
    """How many of the paths that a pattern hits are in the context."""
    hits, inside = answer.hits, answer.in_context
    if not hits:
        deeper = (
            "" if "**" in answer.asked else "; **/ before it looks into all folders"
        )
        return f'"{answer.asked}" matches nothing on the disk{deeper}.'
    found = f'"{answer.asked}" matches {hits:,} paths' if hits > 1 else ""
    found = found or f'"{answer.asked}" matches one path'
    if hits == 1:
        return f"{found}, which is {'' if inside else 'not '}in the context."
    if inside in {0, hits}:
        return f"{found}, {'all' if inside else 'none'} of them in the context."
    return f"{found}, {inside:,} of them in the context, {hits - inside:,} not."


def line_words(pattern: Pattern) -> str:
    """A line of an ignore file in a sentence."""
    place = pattern.location
    if place is None:  # one that the client adds
        return f'"{pattern.text}"'
    return f'line {place.line} of {place.file}, "{pattern.text.strip()}",'


def _subject(answer: PathAnswer) -> str:
    return f'"{answer.path or "."}"'


def _context(answer: PathAnswer) -> str:
    return f'the named context "{answer.context}"' if answer.context else "the context"


# --- in the context --------------------------------------------------------------


def _in_context(answer: PathAnswer) -> str:
    standing = answer.standing
    if not answer.path:
        return f'"{answer.asked}" is {_context(answer)} itself, which is always there'
    if standing.withdrawn:
        return (
            f"{_subject(answer)} is in the context, but no COPY finds it: the builder"
            f" takes it out again, as {line_words(standing.steps[0].pattern)} says"
        )
    if standing.empty:
        return (
            f"{_subject(answer)} is in the context, but arrives empty: the order of the"
            " lines lets its name through and not its content"
        )
    where = _context(answer)
    return f"{_subject(answer)} is in {where}{_back(standing)}{_taken(answer)}"


def _back(standing: Standing) -> str:
    """The line that brought it back, if one did."""
    if not standing.steps:
        return ""
    if standing.forced:
        return ", since the client always sends it"
    return f", since {line_words(standing.steps[-1].pattern)} brings it back"


def _taken(answer: PathAnswer) -> str:
    """Who takes it, the one with which it goes furthest first."""
    taking = [one for one in answer.takers if one.takes]
    maybe = next((one for one in answer.takers if one.manner is Manner.UNKNOWN), None)
    if not taking and maybe is not None:
        return f", and {source_words(maybe)} may take it, as its base image decides"
    if not taking:
        verb = "takes any of it" if answer.is_folder else "takes it"
        return f", but nothing in this build {verb}"
    order = [Reach.IMAGE, Reach.STAGE, Reach.MOUNT]
    best = min(taking, key=lambda one: _rank(one, order))
    words = source_words(best, more=len(taking) - 1)
    return f", and {words} {_brings(best, answer)}"


def _rank(taker: Taker, order: list[Reach]) -> int:
    return order.index(taker.reach) if taker.reach in order else len(order)


def _brings(taker: Taker, answer: PathAnswer) -> str:
    match taker.reach:
        case Reach.IMAGE:
            return "takes it into the image"
        case Reach.STAGE:
            into = f'takes it into the stage "{taker.source.stage}", from which'
            if answer.is_folder:
                return f"{into} it does not come into the image as a whole"
            return f"{into} nothing brings it into the image"
        case Reach.MOUNT:
            return "lends it to a RUN; it is in no image"
        case _:
            return "takes some of it"


def source_words(taker: Taker, *, more: int = 0) -> str:
    """A source in a sentence: the instruction, and where it stands."""
    others = f" and {more} more" if more else ""
    source = taker.source
    place = f"{source.location.file}:{source.location.line}"
    return f"{one_line(source.line_text)} ({place}{others})"


# --- not in the context ----------------------------------------------------------


def why_ignored(path: str, standing: Standing, builder: str) -> str:
    """Which line keeps it out, and why another does not bring it back."""
    kept = standing.kept_out
    if kept is None or kept.line is None:
        return "the ignore file keeps it out"
    line = line_words(kept.line)
    if kept.bypassed is not None:
        return (
            f'{line} keeps "{kept.folder}" out, and {line_words(kept.bypassed)} does'
            f" not help: the {builder} looks into an ignored folder only for a line"
            " with ! that begins with its path, written out"
        )
    prefix = next(
        (one.prefix for one in standing.steps[::-1] if one.pattern is kept.line), path
    )
    if prefix == path:
        return f"{line} keeps it out"
    return f'{line} keeps "{prefix}" out, with all that is in it'


def _why_missing(answer: PathAnswer) -> str:
    if answer.link:
        return (
            f'the link "{answer.link}" leads to "{answer.target}", where nothing of'
            " the context is."
        )
    if answer.closed:
        return f'nobody may look into "{answer.closed}", so nothing is known of it.'
    made = answer.git.line if answer.git is not None else None
    if made is not None:
        return f"nothing has this name on the disk; {made_before(made)}."
    if answer.near is not None:
        return f"nothing has this name on the disk; {did_you_mean(answer.near)}"
    return "nothing has this name on the disk."


def _why_broken(standing: Standing) -> str:
    error = standing.error
    if error is None:
        return "a line of the ignore file cannot be used"
    return (
        f"{line_words(error.pattern)} cannot be used ({error.message}), and the builder"
        " comes to it there"
    )
