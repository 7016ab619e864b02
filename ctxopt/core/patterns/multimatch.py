"""Patterns to look out for during the walk, without any effect on what is sent.

Each pattern answers for itself, and a match says nothing about what lies below it:
who asks gets a bit for every pattern that matches a path.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from ctxopt.core.patterns.pattern import compile_patterns
from ctxopt.core.patterns.plans import (
    CompiledPattern,
    NameIndex,
    NameKind,
    PatternSet,
)
from ctxopt.core.patterns.ready import NOTHING, ReadyTests
from ctxopt.core.tuples import NamedTuple

KINDS = 1024  # of names, remembered for whoever asks next
RECENT = 1024  # names, likewise


class NameHits:
    """What is spotted at some names of a folder; compared by identity.

    `hits`: a bit for each pattern that matches. `below`: what to look out for inside.
    """

    __slots__ = ("below", "hits")

    def __init__(self, hits: int, below: MultiMatchState) -> None:
        self.hits = hits
        self.below = below


class MultiMatchState:
    """What to look out for in one folder; compared by identity.

    The tests of all patterns are put to its names, and the answers of those that do
    not wait here fall away: one index serves for most folders of a walk. Only what is
    closed has one without the tests that are no longer put, some of which are dear.
    """

    __slots__ = (
        "_active",
        "_by_kind",
        "_by_passed",
        "_closing",
        "_name_index",
        "_pattern_set",
        "_recent",
        "_states",
    )

    def __init__(
        self,
        pattern_set: PatternSet,
        active: int,
        states: dict[int, MultiMatchState],
        closing: Closing,
    ) -> None:
        self._pattern_set = pattern_set
        self._active = active
        self._states = states  # those of the whole walk, by position
        self._closing = closing
        self._name_index: NameIndex | None = None  # made for the first name
        self._by_kind: dict[NameKind, NameHits] = {}
        self._by_passed: dict[int, NameHits] = {}
        self._recent: dict[str, NameHits] = {}  # several jobs ask in turn

    @property
    def standing(self) -> object:
        """What decides on all names here and below; equal ones agree.

        States of two sets do where both wait for patterns alone that were made ready
        beforehand, the same for both.
        """
        ready = self._pattern_set.made_ready
        if self._active >> ready.size:
            return self
        return id(ready), self._active, self._closing

    def hits_of(self, name: str) -> NameHits:
        """What a name of the folder is."""
        found = self._recent.get(name)
        if found is None:
            kind = (self._name_index or self._indexed()).kind(name)
            found = self._by_kind.get(kind) or self._hits_of(kind)
            if len(self._recent) >= RECENT:
                self._recent.clear()
            self._recent[name] = found
        return found

    def _hits_of(self, kind: NameKind) -> NameHits:
        passed = kind.passed & self._active
        found = self._by_passed.get(passed)
        if found is None:
            found = self._by_passed[passed] = self._name_hits(passed)
        if len(self._by_kind) >= KINDS:
            self._by_kind.clear()
        self._by_kind[kind] = found
        return found

    def _indexed(self) -> NameIndex:
        closed = 0 if self._active & self._closing.steps else self._closing.steps
        every = self._pattern_set.every
        self._name_index = self._pattern_set.name_index(every & ~closed)
        return self._name_index

    def _name_hits(self, passed: int) -> NameHits:
        arrival = self._pattern_set.reached(passed)
        active = self._pattern_set.active(arrival.bits)
        hits = self._pattern_set.hits(arrival)
        if hits & self._closing.folders:
            active &= ~self._closing.steps
        below = self._states.get(active)
        if below is None:
            below = self._states[active] = MultiMatchState(
                self._pattern_set, active, self._states, self._closing
            )
        return NameHits(hits, below)


class Closing(NamedTuple):
    """Folders in which some patterns are no longer looked out for."""

    folders: int = 0  # a bit for each pattern that hits one
    steps: int = 0  # of the patterns that end there


def compile_set(
    patterns: Sequence[str],
    known: Mapping[str, CompiledPattern] = MappingProxyType({}),
    *,
    ready: ReadyTests = NOTHING,
    closing: int = 0,
    closed: int = 0,
) -> MultiMatchState:
    """The state of the root folder, for patterns as an ignore file has them.

    `known`: patterns that have been compiled before, by their text. `ready`: those
    that come before all of these. Below what a pattern of `closing` hits, nobody
    looks out for those of `closed`; a bit for each.

    Raises ValueError for a pattern that has to see the whole path.
    """
    pattern_set = PatternSet(plans_of(patterns, known), ready)
    if pattern_set.cursors:
        index = pattern_set.cursors[0][0] - len(ready.spans)
        raise ValueError(f'the pattern "{patterns[index]}" crosses slashes')
    states: dict[int, MultiMatchState] = {}
    root = states[pattern_set.start] = MultiMatchState(
        pattern_set,
        pattern_set.start,
        states,
        Closing(closing, pattern_set.steps_of(closed) if closing else 0),
    )
    return root


def plans_of(
    patterns: Sequence[str], known: Mapping[str, CompiledPattern]
) -> list[CompiledPattern]:
    """What patterns are cut into, but for what is known of them before."""
    return [known.get(text) or _plan(text) for text in patterns]


def _plan(text: str) -> CompiledPattern:
    (pattern,) = compile_patterns([text])
    return pattern.plan
