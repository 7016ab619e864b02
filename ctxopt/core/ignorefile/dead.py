"""Lines of an ignore file without which nothing would be another, on any disk.

    logs         `logs/*.log` is dead: the first line takes all of `logs`
    logs/*.log
    !a           dead: the line below takes `a` out again
    a
    !README.md   dead where no line above keeps anything like it out

The order of lines has effects that their texts do not show (of `a`, `!a/b`, `a` the
last line does not take `a/b` out again), so that nothing is said of a line before the
matcher was asked, with it and without it, about all paths that lines tell apart.

Source: moby/patternmatcher, patternmatcher.go, MatchesUsingParentResults.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import Enum
from itertools import dropwhile, takewhile

from ctxopt.core.ignorefile.alike import are_alike
from ctxopt.core.ignorefile.covering import covers, may_meet
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
    left = [*patterns]
    tries = iter(range(MOST_TRIES))
    for pattern in patterns:
        found = _dead(pattern, left, by_hand)
        if found is None:
            continue
        if next(tries, None) is None:
            return
        others = [one for one in left if one is not pattern]
        if _does_nothing(pattern, left, others):
            left = others
            yield found


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


def _does_nothing(
    line: Pattern, patterns: Sequence[Pattern], left: Sequence[Pattern]
) -> bool:
    """Whether each path is judged, and each folder opened, without the line as with it.

    Lines that no path has in common with it have no say in what it does.
    """
    if line.negated and _opens(line, left):
        return False
    near = [one for one in patterns if may_meet(one, line)]
    if all(one.negated is line.negated for one in near):
        return True  # no match is taken back: what the reason matches stays so
    return are_alike(near, [one for one in near if one is not line])


def _opens(line: Pattern, left: Sequence[Pattern]) -> bool:
    """Whether the legacy client opens an ignored folder for this line alone, and finds.

    Of `*`, `!**/b` and `!a/b` it looks into `a` for the last line, and takes every `b`.

    Source: moby/go-archive, archive.go, TarWithOptions: it compares the folder with the
    beginning of each negated line's text.
    """
    matcher = Matcher(left)
    others = [one for one in left if one.negated]
    names = line.cleaned.split("/")
    folders = ("/".join(names[:count]) for count in range(1, len(names) + 1))
    return any(
        matcher.verdict(folder).excluded
        and not any(f"{one.cleaned}/".startswith(f"{folder}/") for one in others)
        and any(may_meet(one, Pattern(folder, folder, negated=False)) for one in others)
        for folder in folders
    )
