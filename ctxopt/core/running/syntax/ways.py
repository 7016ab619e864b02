"""How a command is reached: the branches that the shell takes to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TypeAlias


class Way(NamedTuple):
    """One branch of a branching, of as many."""

    branching: int  # its number
    branch: int
    of: int


Ways: TypeAlias = tuple[Way, ...]  # from the outermost; (): reached whatever happens


def is_certain(reached: Iterable[Ways]) -> bool:
    """Whether one of some commands is run, whichever branches are taken.

    For example, `npm ci || npm install` installs packages in each of its branches.
    """
    found = [*reached]
    if not all(found):
        return True
    first: dict[int, list[Ways]] = {}
    for one in found:
        first.setdefault(one[0].branching, []).append(one)
    return any(map(_covers, first.values()))


def _covers(several: Sequence[Ways]) -> bool:
    """Whether in each branch of one branching one of some commands is certain."""
    of = several[0][0].of
    inside: dict[int, list[Ways]] = {}
    for way, *rest in several:
        inside.setdefault(way.branch, []).append(tuple(rest))
    return len(inside) == of and all(map(is_certain, inside.values()))
