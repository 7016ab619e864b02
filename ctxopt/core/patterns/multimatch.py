"""Patterns to look out for during the walk, without any effect on what is sent.

Each pattern answers for itself, and a match says nothing about what lies below it:
who asks gets a bit for every pattern that matches a path.
"""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.core.patterns.pattern import compile_patterns
from ctxopt.core.patterns.plans import Tracks


class Spotted:
    """What is spotted at some names of a folder; compared by identity.

    `hits`: a bit for each pattern that matches. `below`: what to look out for inside.
    """

    __slots__ = ("below", "hits")

    def __init__(self, hits: int, below: Spot) -> None:
        self.hits = hits
        self.below = below


class Spot:
    """What to look out for in one folder; compared by identity."""

    __slots__ = ("_by_passed", "_live", "_sieve", "_spots", "_tracks")

    def __init__(self, tracks: Tracks, live: int, spots: dict[int, Spot]) -> None:
        self._tracks = tracks
        self._live = live
        self._spots = spots  # those of the whole walk, by position
        self._sieve = tracks.sieve(live)
        self._by_passed: dict[int, Spotted] = {}

    def spot(self, name: str) -> Spotted:
        """What a name of the folder is."""
        passed = self._sieve.passed(name)
        found = self._by_passed.get(passed)
        if found is None:
            found = self._by_passed[passed] = self._spotted(passed)
        return found

    def _spotted(self, passed: int) -> Spotted:
        arrival = self._tracks.reached(passed)
        live = self._tracks.live(arrival.bits)
        below = self._spots.get(live)
        if below is None:
            below = self._spots[live] = Spot(self._tracks, live, self._spots)
        return Spotted(self._tracks.hits(arrival), below)


def look_out(patterns: Sequence[str]) -> Spot:
    """The spot of the root folder, for patterns as an ignore file has them.

    Raises ValueError for a pattern that has to see the whole path.
    """
    tracks = Tracks([pattern.plan for pattern in compile_patterns(patterns)])
    if tracks.cursors:
        index = tracks.cursors[0][0]
        raise ValueError(f'the pattern "{patterns[index]}" crosses slashes')
    spots: dict[int, Spot] = {}
    root = spots[tracks.start] = Spot(tracks, tracks.start, spots)
    return root
