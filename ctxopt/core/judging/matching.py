"""Which lines of a list match something that the build lets through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ctxopt.core.judging.judge import JudgingState
from ctxopt.core.paths import join
from ctxopt.core.patterns.pattern import Pattern, PatternError
from ctxopt.core.patterns.plans import Cursors, PatternSet
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.tuples import NamedTuple


class _LinePlace(NamedTuple):
    """A folder, how the build judges it, and where the lines stand in it."""

    path: str
    state: JudgingState
    active: int
    cursors: Cursors


class MatchingLines:
    """Counts lines that would do something, looking at `room` names at the most.

    What the ignore file in force keeps out is not looked at: a line that matches only
    that changes nothing. Where the room ends, lines that match later are not counted.
    """

    def __init__(self, tree: Tree, *, room: int) -> None:
        self._tree = tree
        self._room = room

    def count(
        self, patterns: Sequence[Pattern], state: JudgingState, folder: str = ""
    ) -> int:
        """How many patterns that exclude match something in a folder or below it.

        They are compared with paths relative to that folder, in which `state` judges.
        """
        excluding = [
            pattern for pattern in patterns if not (pattern.negated or pattern.fails)
        ]
        lines = PatternSet([pattern.plan for pattern in excluding])
        everything = (1 << len(excluding)) - 1
        found = 0
        for hits in self._hits(
            lines, _LinePlace(folder, state, lines.start, lines.cursors)
        ):
            found |= hits
            if found == everything:
                break
        return found.bit_count()

    def _hits(self, lines: PatternSet, top: _LinePlace) -> Iterator[int]:
        """The lines that match, name by name, folders before what is in them."""
        waiting = [top]
        for place in waiting:
            for name in self._tree.names(place.path):
                self._room -= 1
                if self._room < 0:
                    return
                try:
                    decision = place.state.decide(name)
                except PatternError:
                    continue
                if not decision.kept:
                    continue
                arrival = lines.arrive(place.active, place.cursors, name)
                yield lines.hits(arrival)
                path = join(place.path, name)
                if self._tree.kind(path) is Found.DIRECTORY:
                    active = lines.active(arrival.bits)
                    inside = _LinePlace(path, decision.child, active, arrival.cursors)
                    waiting.append(inside)
