"""Patterns to look out for during the walk, without any effect on what is sent.

Each pattern answers for itself, and a match says nothing about what lies below it:
who asks gets a bit for every pattern that matches a path.
"""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.core.patterns.pattern import compile_patterns
from ctxopt.core.patterns.plans import PatternSet


class NameHits:
    """What is spotted at some names of a folder; compared by identity.

    `hits`: a bit for each pattern that matches. `below`: what to look out for inside.
    """

    __slots__ = ("below", "hits")

    def __init__(self, hits: int, below: MultiMatchState) -> None:
        self.hits = hits
        self.below = below


class MultiMatchState:
    """What to look out for in one folder; compared by identity."""

    __slots__ = ("_active", "_by_passed", "_sieve", "_spots", "_tracks")

    def __init__(
        self, tracks: PatternSet, active: int, spots: dict[int, MultiMatchState]
    ) -> None:
        self._tracks = tracks
        self._active = active
        self._spots = spots  # those of the whole walk, by position
        self._sieve = tracks.sieve(active)
        self._by_passed: dict[int, NameHits] = {}

    def spot(self, name: str) -> NameHits:
        """What a name of the folder is."""
        passed = self._sieve.passed(name)
        found = self._by_passed.get(passed)
        if found is None:
            found = self._by_passed[passed] = self._spotted(passed)
        return found

    def _spotted(self, passed: int) -> NameHits:
        arrival = self._tracks.reached(passed)
        active = self._tracks.active(arrival.bits)
        below = self._spots.get(active)
        if below is None:
            below = self._spots[active] = MultiMatchState(
                self._tracks, active, self._spots
            )
        return NameHits(self._tracks.hits(arrival), below)


def compile_set(patterns: Sequence[str]) -> MultiMatchState:
    """The spot of the root folder, for patterns as an ignore file has them.

    Raises ValueError for a pattern that has to see the whole path.
    """
    tracks = PatternSet([pattern.plan for pattern in compile_patterns(patterns)])
    if tracks.cursors:
        index = tracks.cursors[0][0]
        raise ValueError(f'the pattern "{patterns[index]}" crosses slashes')
    spots: dict[int, MultiMatchState] = {}
    root = spots[tracks.start] = MultiMatchState(tracks, tracks.start, spots)
    return root
