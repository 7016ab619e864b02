"""Lines of an ignore file without which nothing would be another, on any disk.

    logs         `logs/*.log` is dead: the first line takes all of `logs`
    logs/*.log
    !a           dead: the line below takes `a` out again
    a
    !README.md   dead where no line above keeps anything like it out

The order of lines has effects that their texts do not show (of `a`, `!a/b`, `a` the
last line does not take `a/b` out again), so that nothing is said of a line before the
matcher was asked, with it and without it, about a path of each line.

Source: moby/patternmatcher, patternmatcher.go, MatchesUsingParentResults.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import Enum
from itertools import dropwhile, takewhile

from ctxopt.core.ignorefile.covering import covers, may_meet, sample
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import Pattern
from ctxopt.core.tuples import NamedTuple

# Each line is compared with each: a second of work at the most, and as much for tries.
MOST_LINES = 400
MOST_TRIES = 20


class Death(Enum):
    """Why a line does nothing."""

    REPEATED = "another line does all that it does"
    UNDONE = "a later line takes it back"
    NOTHING_TO_BRING_BACK = "it brings back what no line above keeps out"


class DeadLine(NamedTuple):
    """A line that does nothing, and the line that is the reason, if one is."""

    pattern: Pattern
    death: Death
    by: Pattern | None = None


def dead_lines(
    patterns: Sequence[Pattern], own: Collection[Pattern] | None = None
) -> Iterator[DeadLine]:
    """The lines that do nothing beside the others, each told once.

    `own` are those of a person: the others are not told, and are no reason either, as
    they may go again. None of very many lines is told, nor where a builder may fail on
    one of them.
    """
    if len(patterns) > MOST_LINES or any(one.fails for one in patterns):
        return
    by_hand = frozenset(map(id, patterns if own is None else own))
    found = [*_by_text(patterns, by_hand)]
    if not found:
        return
    left = _without(patterns, found)
    if _are_alike(patterns, left, [*_paths(patterns)]):
        yield from found
    else:
        yield from _one_by_one(patterns, by_hand)


def _by_text(
    patterns: Sequence[Pattern], by_hand: Collection[int]
) -> Iterator[DeadLine]:
    """The lines that are dead as far as the texts tell; of two alike one is."""
    left = [*patterns]
    for pattern in patterns:
        found = _dead(pattern, left, by_hand)
        if found is not None:
            left = _without(left, [found])
            yield found


def _one_by_one(
    patterns: Sequence[Pattern], by_hand: Collection[int]
) -> Iterator[DeadLine]:
    """The same where some of them are not dead after all: each asked about alone."""
    left = [*patterns]
    tries = iter(range(MOST_TRIES))
    for pattern in patterns:
        found = _dead(pattern, left, by_hand)
        if found is None:
            continue
        if next(tries, None) is None:
            return
        near = [one for one in patterns if may_meet(one, pattern)]
        others = _without(left, [found])
        if _are_alike(left, others, [*_paths(near)]):
            left = others
            yield found


def _without(patterns: Sequence[Pattern], dead: Sequence[DeadLine]) -> list[Pattern]:
    gone = {id(one.pattern) for one in dead}
    return [one for one in patterns if id(one) not in gone]


def _dead(
    pattern: Pattern, patterns: Sequence[Pattern], by_hand: Collection[int]
) -> DeadLine | None:
    if id(pattern) not in by_hand:
        return None
    at = next(at for at, one in enumerate(patterns) if one is pattern)
    before, after = patterns[:at], patterns[at + 1 :]
    for one in (*_alike(pattern, reversed(before)), *_alike(pattern, after)):
        is_reason = id(one) in by_hand and covers(one, pattern)
        if is_reason and not (one in after and covers(pattern, one)):
            return DeadLine(pattern, Death.REPEATED, one)
    for one in _opposite(pattern, after):
        if id(one) in by_hand and covers(one, pattern):
            return DeadLine(pattern, Death.UNDONE, one)
    out = (one for one in before if not one.negated)
    if pattern.negated and not any(may_meet(one, pattern) for one in out):
        return DeadLine(pattern, Death.NOTHING_TO_BRING_BACK)
    return None


def _alike(pattern: Pattern, others: Iterable[Pattern]) -> Iterator[Pattern]:
    """Those of the same kind that come before one of the other kind."""
    return takewhile(lambda one: one.negated is pattern.negated, others)


def _opposite(pattern: Pattern, after: Iterable[Pattern]) -> Iterator[Pattern]:
    """The next ones of the other kind, up to one of its own kind again."""
    first = dropwhile(lambda one: one.negated is pattern.negated, after)
    return takewhile(lambda one: one.negated is not pattern.negated, first)


# --- asked ------------------------------------------------------------------------


def _paths(patterns: Iterable[Pattern]) -> Iterator[str]:
    """A path of each line, with the folders above it and something in it."""
    samples = (sample(one) for one in patterns)
    for path in dict.fromkeys(one for one in samples if one is not None):
        names = path.split("/")
        yield from ("/".join(names[:count]) for count in range(1, len(names) + 1))
        yield f"{path}/x"
        yield f"x/{path}"


def _are_alike(
    one: Sequence[Pattern], other: Sequence[Pattern], paths: Sequence[str]
) -> bool:
    """Whether two lists judge the paths alike, in every way that a client judges."""
    first, second = Matcher(one), Matcher(other)
    return all(_judged(first, path) == _judged(second, path) for path in paths)


def _judged(matcher: Matcher, path: str) -> tuple[bool, bool]:
    return matcher.verdict(path).excluded, matcher.matches_or_parent_matches(path)
