"""Go's regular expressions as automata that can stop at any character and go on.

Like Go's engine an automaton takes time linear in the text, and its state after a
folder is all that has to be remembered to judge what lies below the folder.
"""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.core.golang.regexp import (
    ANYTHING,
    WORD,
    Assertion,
    Chars,
    Either,
    Item,
    Repeat,
    anchored,
)

_STATE_LIMIT = 4096  # beyond it an automaton computes without remembering
_MOVE_LIMIT = 1024  # per state


class Automaton:
    """An expression searched for in a text, character by character.

    States are sets of positions, built when first needed and kept up to a limit.
    """

    def __init__(self, items: Sequence[Item]) -> None:
        self._sets: list[Chars | None] = []
        self._skips: list[list[tuple[int, Assertion | None]]] = []
        start, stop = anchored(items)
        if start == 0:
            self._lay(ANYTHING)
        self._lay_all(items[start:stop])
        if stop == len(items):
            self._lay(ANYTHING)
        self._last = self._position()
        self._looks_around = any(
            condition is not None for skips in self._skips for _, condition in skips
        )
        self._states: dict[tuple[frozenset[int], int], AutomatonState] = {}
        self.start = AutomatonState(self, frozenset((0,)), _AT_START)

    def matches(self, text: str) -> bool:
        """Whether the text holds a match."""
        return self.start.feed(text).accepts

    def _position(self, members: Chars | None = None) -> int:
        """Make one more position; the next one laid follows it."""
        self._sets.append(members)
        self._skips.append([])
        return len(self._sets) - 1

    def _skip(self, source: int, target: int) -> None:
        self._skips[source].append((target, None))

    def _lay_all(self, items: Sequence[Item]) -> None:
        for item in items:
            self._lay(item)

    def _lay(self, item: Item) -> None:
        """Give the item positions, from the next one to the one after its last."""
        if isinstance(item, Chars):
            position = self._position(item)
            if item.star:
                self._skip(position, position + 1)
        elif isinstance(item, Assertion):
            position = self._position()
            self._skips[position].append((position + 1, item))
        elif isinstance(item, Repeat):
            self._lay_repeat(item)
        else:
            self._lay_either(item)

    def _lay_repeat(self, item: Repeat) -> None:
        for _ in range(item.low):
            self._lay_all(item.items)
        exits = []
        for _ in range(1 if item.high is None else item.high - item.low):
            exits.append(self._position())
            self._skip(exits[-1], exits[-1] + 1)
            self._lay_all(item.items)
        if item.high is None:
            self._skip(self._position(), exits[0])
        for position in exits:
            self._skip(position, len(self._sets))

    def _lay_either(self, item: Either) -> None:
        fork = self._position()
        ends = []
        for branch in dict.fromkeys(item.branches):  # `a||||` has four equal ones
            self._skip(fork, len(self._sets))
            self._lay_all(branch)
            ends.append(self._position())
        for end in ends:
            self._skip(end, len(self._sets))

    def _closed(self, positions: frozenset[int], before: int, after: int) -> set[int]:
        """The positions reachable without taking a character."""
        closed = set(positions)
        waiting = list(positions)
        while waiting:
            for target, condition in self._skips[waiting.pop()]:
                if target not in closed and (
                    condition is None or _holds(condition, before, after)
                ):
                    closed.add(target)
                    waiting.append(target)
        return closed

    def step(self, state: AutomatonState, character: str) -> AutomatonState:
        """The state after one more character."""
        kind = _WORD_CHARACTER if character in _WORD_CHARS else _OTHER_CHARACTER
        positions = set()
        for at in self._closed(state.positions, state.before, kind):
            members = self._sets[at]
            if members is not None and members.takes(character):
                positions.add(at if members.star else at + 1)
        key = (frozenset(positions), kind if self._looks_around else _AT_START)
        found = self._states.get(key)
        if found is None:
            found = AutomatonState(self, *key)
            if len(self._states) < _STATE_LIMIT:
                self._states[key] = found
        return found

    def accepts_at_end(self, state: AutomatonState) -> bool:
        """Whether the text may end in this state."""
        return self._last in self._closed(state.positions, state.before, _AT_END)


class AutomatonState:
    """Where an expression stands after a text; a cursor for `steps`."""

    __slots__ = ("_accepts", "_automaton", "_moves", "before", "positions")

    def __init__(
        self, automaton: Automaton, positions: frozenset[int], before: int
    ) -> None:
        self._automaton = automaton
        self._moves: dict[str, AutomatonState] = {}
        self._accepts: bool | None = None
        self.positions = positions
        self.before = before

    @property
    def accepts(self) -> bool:
        """Whether the text so far matches as a whole."""
        if self._accepts is None:
            self._accepts = self._automaton.accepts_at_end(self)
        return self._accepts

    def feed(self, text: str) -> AutomatonState:
        """The state after more text."""
        state = self
        for character in text:
            if not state.positions:
                break
            state = state._moves.get(character) or state._move(character)
        return state

    def _move(self, character: str) -> AutomatonState:
        found = self._automaton.step(self, character)
        if len(self._moves) < _MOVE_LIMIT:
            self._moves[character] = found
        return found

    def enter(self, name: str) -> tuple[bool, AutomatonState | None]:
        """Whether the path down to `name` matches, and the state for what is below."""
        here = self.feed(name)
        below = here.feed("/")
        return here.accepts, below if below.positions else None


_AT_START, _WORD_CHARACTER, _OTHER_CHARACTER, _AT_END = range(4)
_WORD_CHARS = frozenset(
    chr(point) for low, high in WORD for point in range(low, high + 1)
)


def _holds(condition: Assertion, before: int, after: int) -> bool:
    if condition is Assertion.BEGIN:
        return before == _AT_START
    if condition is Assertion.END:
        return after == _AT_END
    border = (before == _WORD_CHARACTER) != (after == _WORD_CHARACTER)
    return border if condition is Assertion.WORD else not border
