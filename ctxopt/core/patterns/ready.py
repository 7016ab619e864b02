"""Patterns that were cut into tests beforehand, as the constants of a module.

To cut the patterns of all rules anew would take a tenth of a short scan; what is here
is what a `PatternSet` makes of them, written down.
"""

from __future__ import annotations

from collections.abc import Callable

from ctxopt.core.tuples import NamedTuple

Positions = tuple[int, ...]
# Of a test of names: beginning, end, what is between, expression if that is not all.
Edge = tuple[str, str, str, str, Positions]
# What is asked of a name, and of what ends names before that: see `NameTest.may_end`.
Call = tuple[Callable[[str], bool], Callable[[str], bool] | None, Positions]


class ReadyTests(NamedTuple):
    """The tests of some patterns, each with the positions at which it matters.

    Those that are everywhere are masks.
    """

    spans: tuple[tuple[int, int], ...] = ()  # of each pattern: first step, how many
    start: int = 0
    many: int = 0  # those of `Many`
    stops: int = 0  # one at the end of each pattern
    always: int = 0  # what each name passes
    lines: int = 0  # what a newline rules out
    literals: tuple[tuple[str, Positions], ...] = ()
    starts: tuple[tuple[str, tuple[Edge, ...]], ...] = ()  # by the first character
    ends: tuple[tuple[str, tuple[Edge, ...]], ...] = ()  # by the last one
    holds: tuple[tuple[str, Positions], ...] = ()
    regexes: tuple[tuple[str, Positions], ...] = ()
    calls: tuple[Call, ...] = ()

    @property
    def size(self) -> int:
        """How many positions there are: one for each step, and one at each end."""
        return sum(self.spans[-1]) + 1 if self.spans else 0


NOTHING = ReadyTests()
