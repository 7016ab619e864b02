"""The variables of a stage, and what is not known of them.

A stage that stands on an image which is not read here has variables that nobody sees:
what its own lines do not set is unknown there, and not empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ctxopt.core.dockerfile.records import Instruction
from ctxopt.core.tuples import NamedTuple

# Stands for a value that somebody gives, and nobody here knows: as a glob it is any.
ANYTHING = "*"


class Doubt(NamedTuple):
    """A variable that decides what a text is, and that an unread image may set."""

    name: str
    assumed: bool = False  # a default stands for it: `${NAME:-default}`


Doubts = tuple[Doubt, ...]


def merged(doubts: Iterable[Doubt]) -> Doubts:
    """Each variable once; one without a default counts more."""
    found: dict[str, bool] = {}
    for name, assumed in doubts:
        found[name] = assumed and found.get(name, True)
    return tuple(Doubt(name, assumed) for name, assumed in found.items())


def is_unknown(doubts: Doubts) -> bool:
    """Whether some of it has no default, so that nothing can be said of the text."""
    return not all(doubt.assumed for doubt in doubts)


class Variables(Mapping[str, str]):
    """Variables by name, each with its doubts; `is_open`: an unread image has more."""

    __slots__ = ("_doubts", "_values", "is_open")

    def __init__(
        self, values: Mapping[str, str] | None = None, *, is_open: bool = False
    ) -> None:
        self._values = dict(values or {})
        self._doubts: dict[str, Doubts] = {}
        self.is_open = is_open

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def doubts(self, name: str) -> Doubts:
        """What is not known of this variable."""
        if self.is_open and name not in self._values and not _is_positional(name):
            return (Doubt(name),)
        return self._doubts.get(name, ())

    def set(self, name: str, value: str, doubts: Doubts = ()) -> None:
        """Give it a value; the one before is forgotten with its doubts."""
        self._values[name] = value
        self._doubts.pop(name, None)
        if doubts:
            self._doubts[name] = doubts

    def known(self, names: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """Some variables with their values, but for those that are not known."""
        return tuple(
            (one, self._values[one])
            for one in dict.fromkeys(names)
            if one not in self._doubts
            and ANYTHING not in self._values.get(one, ANYTHING)
        )

    def drop(self, name: str) -> None:
        """Forget a variable, if there is one."""
        self._values.pop(name, None)
        self._doubts.pop(name, None)

    def overlay(self, others: Variables) -> None:
        """Take over all of `others`."""
        for name, value in others.items():
            self.set(name, value, others.doubts(name))

    def copy(self) -> Variables:
        """The same once more, to be changed on its own."""
        other = Variables(self._values, is_open=self.is_open)
        other._doubts |= self._doubts
        return other


def set_by(instruction: Instruction) -> Iterator[str]:
    """The names of the variables that an ARG or ENV speaks of."""
    if instruction.name == "ENV":
        yield from (name for name, _ in instruction.pairs)
    elif instruction.name == "ARG":
        yield from (word.partition("=")[0] for word in instruction.arguments)


def _is_positional(name: str) -> bool:
    """Whether no image can set it: `$1`, `$@` and the like, or no name at all."""
    return not (name[:1].isalpha() or name[:1] == "_")
