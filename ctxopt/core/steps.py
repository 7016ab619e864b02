"""Patterns as steps over the components of a path, many run side by side.

`**/*.log` is two steps: any number of components, then one that ends in `.log`. All
steps of all patterns lie in one row of bits; the patterns' common position is the
set of bits that wait for the next component. Entering a folder is then: find the
tests that its name passes, keep those bits, shift by one. What cannot be cut at
slashes (`a**b`, `[^b]`) runs beside it as a `Cursor`.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol, Self

_SIEVE_LIMIT = 1024


class Kind(enum.Enum):
    """How a component is tested, cheapest first."""

    ANY = enum.auto()
    LINE = enum.auto()  # anything without a newline in it
    LITERAL = enum.auto()
    STARTS = enum.auto()
    ENDS = enum.auto()
    AROUND = enum.auto()  # starts with `text` and, behind that, ends with `tail`
    HOLDS = enum.auto()
    REGEX = enum.auto()  # `text` is a Python expression that ends in \Z
    CALL = enum.auto()  # `text` only tells two of them apart


@dataclass(frozen=True, slots=True)
class Test:
    """A question about one component."""

    kind: Kind
    text: str = ""
    tail: str = ""
    call: Callable[[str], bool] | None = field(default=None, compare=False)

    # A class called Test is not a test case.
    __test__ = False


@dataclass(frozen=True, slots=True)
class Many:
    """Any number of components, none included."""

    lines: bool = False  # none of them with a newline in it


Step = Test | Many

ANY = Test(Kind.ANY)
LINE = Test(Kind.LINE)
MANY = Many()
MANY_LINES = Many(lines=True)


def around(first: str, last: str) -> Test:
    """The test for a name with `first` before and `last` behind whatever else."""
    if first and last:
        return Test(Kind.AROUND, first, last)
    if first:
        return Test(Kind.STARTS, first)
    return Test(Kind.ENDS, last) if last else ANY


class Cursor(Protocol):
    """Where a pattern that crosses slashes stands after a folder; hashable."""

    def enter(self, name: str) -> tuple[bool, Self | None]:
        """Whether the path down to `name` matches; the cursor for what lies below.

        None: nothing below can match.
        """
        ...


@dataclass(frozen=True, slots=True)
class WholePath:
    """A cursor that only remembers the path so far and asks about the whole.

    No two folders share it: the dearest form, for what has no cheaper one.
    """

    call: Callable[[str], bool] = field(compare=False)
    depth: int | None = None  # the most components a match can have
    prefix: str = ""

    def enter(self, name: str) -> tuple[bool, WholePath | None]:
        """Ask about the path down to `name`."""
        path = self.prefix + name
        if self.depth is None:
            return self.call(path), WholePath(self.call, None, f"{path}/")
        below = WholePath(self.call, self.depth - 1, f"{path}/")
        return self.call(path), below if self.depth > 1 else None


@dataclass(frozen=True, slots=True)
class Plan:
    """One pattern, ready to run: steps, or a cursor where steps do not do."""

    steps: tuple[Step, ...] = ()
    cursor: Cursor | None = None


Cursors = tuple[tuple[int, Cursor], ...]  # with the plan's index, ascending


@dataclass(frozen=True, slots=True)
class Arrival:
    """What entering a name leads to, before anyone asks what it means."""

    bits: int  # positions reached, the ends of plans among them
    hits: int  # the plans (one bit each) whose cursor matches here
    cursors: Cursors


class Tracks:
    """Several plans in one row of bits.

    Each plan has one bit per step and one at its end.
    """

    def __init__(self, plans: Sequence[Plan]) -> None:
        self._masks: dict[Step, int] = {}
        self._ends = 0
        self._many = 0
        self._end_plans: dict[int, int] = {}  # bit length of an end -> plan
        self.spans: list[int] = []  # the bits of each plan, its end left out
        self.cursors: Cursors = tuple(
            (index, plan.cursor)
            for index, plan in enumerate(plans)
            if plan.cursor is not None
        )
        start = 0
        position = 0
        for index, plan in enumerate(plans):
            first = position
            for step in plan.steps:
                self._masks[step] = self._masks.get(step, 0) | 1 << position
                position += 1
            self.spans.append((1 << position) - (1 << first))
            if plan.steps:
                start |= 1 << first
                self._ends |= 1 << position
                position += 1
                self._end_plans[position] = index
        for step, mask in self._masks.items():
            if isinstance(step, Many):
                self._many |= mask
        self.start = self._closed(start)
        self._sieves: dict[int, Sieve] = {}

    def _closed(self, bits: int) -> int:
        """Positions together with those behind a `Many`, which may take nothing.

        One shift is enough: no plan has two of them in a row.
        """
        return bits | (bits & self._many) << 1

    def sieve(self, live: int) -> Sieve:
        """The tests that matter at the positions `live`."""
        found = self._sieves.get(live)
        if found is None:
            if len(self._sieves) >= _SIEVE_LIMIT:
                self._sieves.clear()
            found = self._sieves[live] = Sieve(
                (step, mask & live) for step, mask in self._masks.items() if mask & live
            )
        return found

    def advance(self, passed: int) -> int:
        """The positions after a name that passed the tests at `passed`."""
        many = passed & self._many
        bits = (passed ^ many) << 1 | many
        return bits | (bits & self._many) << 1

    def reached(self, passed: int) -> Arrival:
        """Where a name leads that passed the tests at `passed`, cursors aside."""
        return Arrival(self.advance(passed), 0, ())

    def arrive(self, live: int, cursors: Cursors, name: str) -> Arrival:
        """Enter `name` from the positions `live`."""
        bits = self.advance(self.sieve(live).passed(name)) if live else 0
        if not cursors:
            return Arrival(bits, 0, ())
        hits = 0
        below = []
        for index, cursor in cursors:
            hit, beyond = cursor.enter(name)
            if hit:
                hits |= 1 << index
            if beyond is not None:
                below.append((index, beyond))
        return Arrival(bits, hits, tuple(below))

    def hits(self, arrival: Arrival) -> int:
        """The plans that match the path arrived at, one bit each."""
        hits = arrival.hits
        ends = arrival.bits & self._ends
        while ends:
            length = ends.bit_length()
            hits |= 1 << self._end_plans[length]
            ends ^= 1 << (length - 1)
        return hits

    def live(self, bits: int) -> int:
        """The positions that still wait for a component."""
        return bits & ~self._ends


class Sieve:
    """Tests grouped so that a name is put through each kind at once."""

    __slots__ = (
        "_always",
        "_around",
        "_around_starts",
        "_calls",
        "_combined",
        "_ends",
        "_ends_masks",
        "_holds",
        "_lines",
        "_literals",
        "_regexes",
        "_starts",
        "_starts_masks",
    )

    def __init__(self, steps: Iterable[tuple[Step, int]]) -> None:
        self._always = 0
        self._lines = 0
        self._literals: dict[str, int] = {}
        self._starts_masks: list[tuple[str, int]] = []
        self._ends_masks: list[tuple[str, int]] = []
        self._around: list[tuple[str, str, int]] = []
        self._holds: list[tuple[str, int]] = []
        self._calls: list[tuple[Callable[[str], bool], int]] = []
        self._regexes: list[tuple[str, int]] = []
        for step, mask in steps:
            self._add(step, mask)
        self._starts = tuple(text for text, _ in self._starts_masks)
        self._ends = tuple(text for text, _ in self._ends_masks)
        self._around_starts = tuple(text for text, _, _ in self._around)
        self._combined: re.Pattern[str] | None = None
        if self._regexes:
            self._combined = _compiled("|".join(text for text, _ in self._regexes))

    def _add(self, step: Step, mask: int) -> None:
        if isinstance(step, Many):
            self._always |= mask
            self._lines |= mask if step.lines else 0
            return
        match step.kind:
            case Kind.ANY:
                self._always |= mask
            case Kind.LINE:
                self._always |= mask
                self._lines |= mask
            case Kind.LITERAL:
                self._literals[step.text] = mask
            case Kind.STARTS:
                self._starts_masks.append((step.text, mask))
            case Kind.ENDS:
                self._ends_masks.append((step.text, mask))
            case Kind.AROUND:
                self._around.append((step.text, step.tail, mask))
            case Kind.HOLDS:
                self._holds.append((step.text, mask))
            case Kind.REGEX:
                self._regexes.append((step.text, mask))
            case Kind.CALL if step.call is not None:
                self._calls.append((step.call, mask))

    def passed(self, name: str) -> int:
        """The bits of all tests that `name` passes."""
        mask = self._always | self._literals.get(name, 0)
        if self._ends and name.endswith(self._ends):
            mask |= _passed(self._ends_masks, name.endswith)
        if self._starts and name.startswith(self._starts):
            mask |= _passed(self._starts_masks, name.startswith)
        if self._around_starts and name.startswith(self._around_starts):
            mask |= _passed_around(self._around, name)
        for text, bits in self._holds:
            if text in name:
                mask |= bits
        if self._combined is not None and self._combined.match(name):
            mask |= _passed(self._regexes, lambda text: _matches(text, name))
        for call, bits in self._calls:
            if call(name):
                mask |= bits
        if self._lines and "\n" in name:
            mask &= ~self._lines
        return mask


def _passed(tests: list[tuple[str, int]], passes: Callable[[str], bool]) -> int:
    mask = 0
    for text, bits in tests:
        if passes(text):
            mask |= bits
    return mask


def _passed_around(tests: list[tuple[str, str, int]], name: str) -> int:
    mask = 0
    for text, tail, bits in tests:
        if name.startswith(text) and name.endswith(tail, len(text)):
            mask |= bits
    return mask


def _matches(expression: str, name: str) -> bool:
    return _compiled(expression).match(name) is not None


@lru_cache(maxsize=2048)
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression)
