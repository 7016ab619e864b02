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
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from ctxopt.core.bitmask import bits
from ctxopt.core.patterns.ready import NOTHING, Edge, Positions, ReadyTests
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from typing import Self

_INDEX_LIMIT = 1024
_Test = TypeVar("_Test")


class ComponentKind(enum.IntEnum):
    """How a component is tested, cheapest first."""

    ANY = enum.auto()
    LINE = enum.auto()  # anything without a newline in it
    LITERAL = enum.auto()
    STARTS = enum.auto()
    ENDS = enum.auto()
    AROUND = enum.auto()  # starts with `text` and, behind that, ends with `tail`
    HOLDS = enum.auto()  # `text` between `head` and `tail`, each of which may be empty
    REGEX = enum.auto()  # `text` is a Python expression that ends in \Z; see below
    CALL = enum.auto()  # `text` only shows what it is about

    # The one of enum is a call in Python, and start-up hashes thousands of tests.
    __hash__ = int.__hash__


class NameTest(NamedTuple):
    """A question about one component.

    What an expression matches starts with `head` and ends, behind that, with `tail`;
    likewise what holds a text. `may_end` says of what a name has from its last dot on,
    or of its last character, whether such names may pass a `call`; None: they may.
    """

    kind: ComponentKind
    text: str = ""
    tail: str = ""
    head: str = ""
    call: Callable[[str], bool] | None = None
    may_end: Callable[[str], bool] | None = None


class Many(NamedTuple):
    """Any number of components, none included."""

    lines: bool = False  # none of them with a newline in it


Component = NameTest | Many

ANY = NameTest(ComponentKind.ANY)
LINE = NameTest(ComponentKind.LINE)
MANY = Many()
MANY_LINES = Many(lines=True)


def around(first: str, last: str) -> NameTest:
    """The test for a name with `first` before and `last` behind whatever else."""
    if first and last:
        return NameTest(ComponentKind.AROUND, first, last)
    if first:
        return NameTest(ComponentKind.STARTS, first)
    return NameTest(ComponentKind.ENDS, last) if last else ANY


class Cursor(Protocol):
    """Where a pattern that crosses slashes stands after a folder; hashable."""

    def enter(self, name: str) -> tuple[bool, Self | None]:
        """Whether the path down to `name` matches; the cursor for what lies below.

        None: nothing below can match.
        """


class WholePath:
    """A cursor that only remembers the path so far and asks about the whole.

    No two folders share it: the dearest form, for what has no cheaper one.
    """

    __slots__ = ("call", "depth", "prefix")

    def __init__(
        self, call: Callable[[str], bool], depth: int | None = None, prefix: str = ""
    ) -> None:
        self.call = call
        self.depth = depth  # the most components a match can have
        self.prefix = prefix

    def enter(self, name: str) -> tuple[bool, WholePath | None]:
        """Ask about the path down to `name`."""
        path = self.prefix + name
        if self.depth is None:
            return self.call(path), WholePath(self.call, None, f"{path}/")
        below = WholePath(self.call, self.depth - 1, f"{path}/")
        return self.call(path), below if self.depth > 1 else None


class CompiledPattern(NamedTuple):
    """One pattern, ready to run: steps, or a cursor where steps do not do."""

    steps: tuple[Component, ...] = ()
    cursor: Cursor | None = None


Cursors = tuple[tuple[int, Cursor], ...]  # with the plan's index, ascending


class Position(NamedTuple):
    """What entering a name leads to, before anyone asks what it means."""

    bits: int  # positions reached, the ends of plans among them
    hits: int  # the plans (one bit each) whose cursor matches here
    cursors: Cursors


class PatternSet:
    """Several plans in one row of bits, behind those that were made `ready` before.

    Each plan has one bit per step and one at its end.
    """

    def __init__(
        self, plans: Sequence[CompiledPattern], ready: ReadyTests = NOTHING
    ) -> None:
        self.made_ready = ready
        self._masks: dict[Component, int] = {}
        self._many = ready.many
        # The first bit of each plan and how many it has, its end left out. As masks
        # they would take memory with the square of the number of plans.
        self._spans = [*ready.spans]
        self._ends = ready.stops
        self.cursors: Cursors = tuple(
            (index, plan.cursor)
            for index, plan in enumerate(plans, len(ready.spans))
            if plan.cursor is not None
        )
        start = ready.start
        position = ready.size
        for plan in plans:
            first = position
            for step in plan.steps:
                self._masks[step] = self._masks.get(step, 0) | 1 << position
                position += 1
            self._spans.append((first, position - first))
            if plan.steps:
                start |= 1 << first
                self._ends |= 1 << position
                position += 1
        for step, mask in self._masks.items():
            if isinstance(step, Many):
                self._many |= mask
        self.start = self._closed(start)
        self.every = (1 << position) - 1  # all positions
        self._name_indexes: dict[int, NameIndex] = {}

    def _closed(self, bits: int) -> int:
        """Positions together with those behind a `Many`, which may take nothing.

        One shift is enough: no plan has two of them in a row.
        """
        return bits | (bits & self._many) << 1

    def span(self, plan: int, active: int) -> int:
        """Those of the positions `active` that belong to one plan."""
        first, size = self._spans[plan]
        return (active >> first & (1 << size) - 1) << first

    def steps_of(self, plans: int) -> int:
        """The positions of some plans, a bit each."""
        steps = 0
        for plan in bits(plans):
            first, size = self._spans[plan]
            steps |= (1 << size) - 1 << first
        return steps

    def name_index(self, active: int) -> NameIndex:
        """The tests that matter at the positions `active`."""
        found = self._name_indexes.get(active)
        if found is None:
            if len(self._name_indexes) >= _INDEX_LIMIT:
                self._name_indexes.clear()
            steps = (
                (step, mask & active)
                for step, mask in self._masks.items()
                if mask & active
            )
            found = NameIndex(steps, self.made_ready, active)
            self._name_indexes[active] = found
        return found

    def ready(self) -> ReadyTests:
        """What is made of the plans, to be written down as constants."""
        return (
            self.name_index(self.every)
            .ready()
            ._replace(
                spans=tuple(self._spans),
                start=self.start,
                many=self._many,
                stops=self._ends,
            )
        )

    def advance(self, passed: int) -> int:
        """The positions after a name that passed the tests at `passed`."""
        many = passed & self._many
        bits = (passed ^ many) << 1 | many
        return bits | (bits & self._many) << 1

    def reached(self, passed: int) -> Position:
        """Where a name leads that passed the tests at `passed`, cursors aside."""
        return Position(self.advance(passed), 0, ())

    def arrive(self, active: int, cursors: Cursors, name: str) -> Position:
        """Enter `name` from the positions `active`."""
        bits = self.advance(self.name_index(active).passed(name)) if active else 0
        if not cursors:
            return Position(bits, 0, ())
        hits = 0
        below = []
        entered: dict[Cursor, tuple[bool, Cursor | None]] = {}
        for index, cursor in cursors:
            if cursor not in entered:
                entered[cursor] = cursor.enter(name)
            hit, beyond = entered[cursor]
            if hit:
                hits |= 1 << index
            if beyond is not None:
                below.append((index, beyond))
        return Position(bits, hits, tuple(below))

    def hits(self, arrival: Position) -> int:
        """The plans that match the path arrived at, one bit each."""
        hits = arrival.hits
        ends = arrival.bits & self._ends
        while ends:
            length = ends.bit_length()
            hits |= 1 << self._ending(length)
            ends ^= 1 << (length - 1)
        return hits

    def _ending(self, length: int) -> int:
        """The plan whose end is so many bits up: the next one begins behind it."""
        return bisect_left(self._spans, (length,)) - 1

    def active(self, bits: int) -> int:
        """The positions that still wait for a component."""
        return bits & ~self._ends


class _Group:
    """Tests of names that begin, or end, with the same character."""

    __slots__ = ("tests", "texts")

    def __init__(self) -> None:
        self.texts: tuple[str, ...] = ()  # one of them is there, or no test passes
        # Beginning, end, what is between them, expression if that is not all, bits.
        self.tests: list[tuple[str, str, str, str, int]] = []

    def add(self, edge: tuple[str, str, str, str], mask: int) -> None:
        first, last, _, _ = edge
        self.texts += (first or last,)
        self.tests.append((*edge, mask))

    def begin_with(self, edges: Iterable[Edge], active: int) -> None:
        """Add what was made ready and matters at the positions `active`."""
        self.tests = [
            (first, last, held, expression, mask)
            for first, last, held, expression, positions in edges
            if (mask := _mask(positions) & active)
        ]
        self.texts = tuple([first or last for first, last, *_ in self.tests])

    def ready(self) -> tuple[Edge, ...]:
        return tuple(
            (first, last, held, expression, bits(mask))
            for first, last, held, expression, mask in self.tests
        )

    def passed(self, name: str) -> int:
        mask = 0
        for first, last, held, expression, positions in self.tests:
            if (
                name.startswith(first)
                and name.endswith(last, len(first))
                and (not held or held in name[len(first) : len(name) - len(last)])
                and (not expression or _matches(expression, name))
            ):
                mask |= positions
        return mask


class _Groups(dict[str, _Group | None]):
    """Groups of tests by a character; one that was made ready is made when asked for.

    None where there is no test of that character.
    """

    def __init__(
        self, ready: Iterable[tuple[str, tuple[Edge, ...]]], active: int
    ) -> None:
        self._ready = dict(ready)
        self._active = active

    def __missing__(self, character: str) -> _Group | None:
        edges = self._ready.get(character)
        group = None
        if edges is not None:
            group = _Group()
            group.begin_with(edges, self._active)
        self[character] = group
        return group

    def made(self, character: str) -> _Group:
        """The group of a character, for more tests."""
        group = self[character]
        if group is None:
            group = self[character] = _Group()
        return group

    def ready(self) -> tuple[tuple[str, tuple[Edge, ...]], ...]:
        """The tests of all, to be written down as constants."""
        return tuple(
            (character, group.ready())
            for character in {**self._ready, **self}
            if (group := self[character]) is not None
        )


class NameKind:
    """What names are that pass the same tests; compared by identity.

    `passed`: the bits of these tests.
    """

    __slots__ = ("passed",)

    def __init__(self, passed: int) -> None:
        self.passed = passed


class _Ending(NamedTuple):
    """What a name passes by its end, from the last dot on, or its last character."""

    passed: int
    open: _Group  # the tests that such a name may pass, or not
    calls: Sequence[tuple[Callable[[str], bool], int]]


class _Usual(NamedTuple):
    """What the first character and the end of a name tell together.

    A name that neither begins with one of `starts` nor ends with one of `ends` is of
    one of the `kinds`, unless there is something rare about it.
    """

    starts: tuple[str, ...]
    ends: tuple[str, ...]
    calls: Sequence[tuple[Callable[[str], bool], int]]
    kinds: Sequence[NameKind]  # by what the calls say, a bit each


_FEW = 32  # texts that are compared with each name sooner than it is taken apart


class NameIndex:
    """Tests grouped so that most names are put through none of them.

    What `main.go` passes is known from `m` and `.go`, unless it is one of the names
    that are asked for as a whole, or holds one of a few texts: then it is tested.
    """

    __slots__ = (
        "_active",
        "_always",
        "_by_ending",
        "_by_first",
        "_calls",
        "_combined",
        "_ends",
        "_few",
        "_holds",
        "_kinds",
        "_leading",
        "_lines",
        "_literals",
        "_rare",
        "_regexes",
        "_starts",
        "_usual",
    )

    def __init__(
        self,
        steps: Iterable[tuple[Component, int]],
        ready: ReadyTests = NOTHING,
        active: int = 0,
    ) -> None:
        self._always = ready.always & active  # what each name passes
        self._lines = ready.lines & active
        self._active = active
        # What is ready becomes masks when a name asks for it: most is never asked for.
        self._literals: dict[str, int | Positions] = dict(ready.literals)
        self._starts = _Groups(ready.starts, active)  # by the first character
        self._ends = _Groups(ready.ends, active)  # by the last one
        self._holds = _masked(ready.holds, active)
        self._calls = [
            (call, may_end, mask)
            for call, may_end, positions in ready.calls
            if (mask := _mask(positions) & active)
        ]
        self._regexes = _masked(ready.regexes, active)
        for step, mask in steps:
            self._add(step, mask)
        self._leading = [one for one in self._regexes if _is_leading(one[0])]
        self._regexes = [one for one in self._regexes if one not in self._leading]
        # What is known of names, as far as it was asked for:
        self._by_first: dict[str, int] = {}
        self._by_ending: dict[str, _Ending] = {}
        self._kinds: dict[int, NameKind] = {}
        self._usual: dict[tuple[str, str], _Usual] = {}
        self._rare: re.Pattern[str] | None = None
        held = [text for text, _ in self._holds]
        held += [_text_in(expression) for expression, _ in self._regexes]
        if held:
            self._rare = _compiled("|".join(map(re.escape, held)))
        self._combined: re.Pattern[str] | None = None
        self._few = self._edges() if ready is NOTHING else None

    def _edges(self) -> tuple[tuple[str, ...], tuple[str, ...], NameKind] | None:
        """How names begin or end that tests are put to, and what all others are.

        None where that is no short way: there are many, or more is asked of names.
        """
        starts = [text for one in self._starts.values() if one for text in one.texts]
        ends = [text for one in self._ends.values() if one for text in one.texts]
        asks = self._calls or self._leading or self._rare
        if asks or len(starts) + len(ends) > _FEW:
            return None
        return (*starts,), (*ends,), self._kind(self._always)

    def _add(self, step: Component, mask: int) -> None:
        if isinstance(step, Many):
            self._always |= mask
            self._lines |= mask if step.lines else 0
            return
        text = step.text
        match step.kind:
            case ComponentKind.ANY:
                self._always |= mask
            case ComponentKind.LINE:
                self._always |= mask
                self._lines |= mask
            case ComponentKind.LITERAL:
                self._literals[text] = self._literal(text) | mask
            case ComponentKind.STARTS | ComponentKind.AROUND:
                self._add_edges((text, step.tail, "", ""), mask)
            case ComponentKind.ENDS:
                self._add_edges(("", text, "", ""), mask)
            case ComponentKind.HOLDS if step.head or step.tail:
                self._add_edges((step.head, step.tail, text, ""), mask)
            case ComponentKind.HOLDS:
                self._holds.append((text, mask))
            case ComponentKind.REGEX if step.head or step.tail:
                self._add_edges((step.head, step.tail, "", text), mask)
            case ComponentKind.REGEX:
                self._regexes.append((text, mask))
            case ComponentKind.CALL if step.call is not None:
                self._calls.append((step.call, step.may_end, mask))

    def _add_edges(self, edge: tuple[str, str, str, str], mask: int) -> None:
        """Add a test that a name's first or last characters may rule out."""
        first, last, _, _ = edge
        if first:
            self._starts.made(first[0]).add(edge, mask)
        else:
            self._ends.made(last[-1]).add(edge, mask)

    def _literal(self, text: str) -> int:
        """The bits of a name that is asked for as a whole."""
        found = self._literals.get(text, 0)
        if not isinstance(found, int):
            found = self._literals[text] = _mask(found) & self._active
        return found

    def ready(self) -> ReadyTests:
        """The tests, to be written down as constants."""
        return ReadyTests(
            always=self._always,
            lines=self._lines,
            literals=_positions((text, self._literal(text)) for text in self._literals),
            starts=self._starts.ready(),
            ends=self._ends.ready(),
            holds=_positions(self._holds),
            regexes=_positions([*self._regexes, *self._leading]),
            calls=tuple(
                (call, may_end, bits(mask)) for call, may_end, mask in self._calls
            ),
        )

    def kind(self, name: str) -> NameKind:
        """What a name is, by the tests that it passes."""
        if self._few is not None:  # as of most ignore files
            starts, ends, other = self._few
            if not (
                name.startswith(starts)
                or name.endswith(ends)
                or name in self._literals
                or "\n" in name
            ):
                return other
        key = name[:1], name[name.rfind(".") :]
        starts, ends, calls, kinds = self._usual.get(key) or self._told_by(*key)
        if (
            (starts and name.startswith(starts))
            or (ends and name.endswith(ends))
            or name in self._literals
            or (self._rare is not None and self._rare.search(name))
            or (self._lines and "\n" in name)
        ):
            return self._kind(self._tested(name, key[1], kinds[0].passed))
        said = 0
        for place, (call, _) in enumerate(calls):
            said |= call(name) << place
        return kinds[said]

    def passed(self, name: str) -> int:
        """The bits of all tests that `name` passes."""
        return self.kind(name).passed

    def _kind(self, passed: int) -> NameKind:
        found = self._kinds.get(passed)
        if found is None:
            if len(self._kinds) >= _INDEX_LIMIT:
                self._kinds.clear()
            found = self._kinds[passed] = NameKind(passed)
        return found

    def _told_by(self, first: str, ending: str) -> _Usual:
        """What the first character and the end of a name tell."""
        known = self._ending(ending)
        passed = self._always | self._first(first) | known.passed
        kinds = [self._kind(passed)]
        for _, positions in known.calls:
            kinds += [self._kind(one.passed | positions) for one in kinds]
        group = self._starts[first]
        starts = group.texts if group else ()
        found = _Usual(starts, known.open.texts, known.calls, kinds)
        if len(self._usual) >= _INDEX_LIMIT:
            self._usual.clear()
        self._usual[first, ending] = found
        return found

    def _first(self, character: str) -> int:
        """The bits of those that look at the first character of a name alone."""
        if character not in self._by_first:
            self._by_first[character] = _passed(self._leading, character)
        return self._by_first[character]

    def _ending(self, ending: str) -> _Ending:
        """What is known of a name by its end."""
        found = self._by_ending.get(ending)
        if found is not None:
            return found
        passed, left = 0, _Group()
        group = self._ends[ending[-1:]]
        for first, last, held, expression, positions in group.tests if group else ():
            if ending.endswith(last) and not (held or expression):
                passed |= positions
            elif ending.endswith(last) or last.endswith(ending):
                left.add((first, last, held, expression), positions)
        calls = [
            (call, positions)
            for call, may_end, positions in self._calls
            if may_end is None or may_end(ending)
        ]
        if len(self._by_ending) >= _INDEX_LIMIT:
            self._by_ending.clear()
        found = self._by_ending[ending] = _Ending(passed, left, calls)
        return found

    def _tested(self, name: str, ending: str, passed: int) -> int:
        """The bits of all tests that a name passes, beside those known of its ends."""
        known = self._ending(ending)
        passed |= known.open.passed(name)
        group = self._starts[name[:1]]
        if group is not None and name.startswith(group.texts):
            passed |= group.passed(name)
        if name in self._literals:
            passed |= self._literal(name)
        if self._rare is not None and self._rare.search(name):
            passed |= self._held_in(name)
        for call, positions in known.calls:
            if call(name):
                passed |= positions
        if self._lines and "\n" in name:
            passed &= ~self._lines
        return passed

    def _held_in(self, name: str) -> int:
        """The bits of the tests that ask for something inside of a name."""
        passed = 0
        for text, positions in self._holds:
            if text in name:
                passed |= positions
        if self._regexes and self._combined is None:
            self._combined = _compiled("|".join(text for text, _ in self._regexes))
        if self._combined is not None and self._combined.match(name):
            passed |= _passed(self._regexes, name)
        return passed


# `[0-9a-z]*`: a class of characters, brackets as numbers, and whatever else.
_ANYTHING = r"[\s\S]*)\Z"


def _is_leading(expression: str) -> bool:
    """Whether the first character of a name decides alone."""
    head = expression.removesuffix(_ANYTHING)
    is_class = head.startswith("(?:[") and head.endswith("]")
    return is_class and head != expression and head.count("[") == head.count("]") == 1


# `[a]`, `[\U0000002b]`: a character as expressions have it.
_CHARACTER = r"\[(?:\\U([0-9a-f]{8})|([0-9A-Za-z._]))\]"


def _text_in(expression: str) -> str:
    """The longest text that whatever an expression matches holds; "" for none.

    Expressions are rows of characters, each in brackets, and of ways to skip some.
    """
    runs = re.findall(r"(?:\[(?:\\U[0-9a-f]{8}|[0-9A-Za-z._])\])+", expression)
    texts = (
        "".join(
            chr(int(number, 16)) if number else text
            for number, text in re.findall(_CHARACTER, run)
        )
        for run in runs
    )
    return max(texts, key=len, default="")


def _positions(
    tests: Iterable[tuple[_Test, int]],
) -> tuple[tuple[_Test, Positions], ...]:
    return tuple((test, bits(mask)) for test, mask in tests)


def _mask(positions: Positions) -> int:
    mask = 0
    for position in positions:
        mask |= 1 << position
    return mask


def _masked(
    tests: Iterable[tuple[_Test, Positions]], active: int
) -> list[tuple[_Test, int]]:
    """The tests that matter at the positions `active`."""
    return [
        (test, mask) for test, positions in tests if (mask := _mask(positions) & active)
    ]


def _passed(expressions: Iterable[tuple[str, int]], name: str) -> int:
    mask = 0
    for text, positions in expressions:
        if _matches(text, name):
            mask |= positions
    return mask


def _matches(expression: str, name: str) -> bool:
    return _compiled(expression).match(name) is not None


@lru_cache(maxsize=2048)
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression)
