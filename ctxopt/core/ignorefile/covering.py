"""Whether one pattern takes all that another one takes, told from their texts alone.

`logs` takes all of `logs/*.log`, and `**/*.log` all of `logs/app.log`. Patterns are
compared name by name; what the texts do not show for sure is no.

Source: moby/patternmatcher, patternmatcher.go, Pattern.match: what matches a folder
holds for all that is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from ctxopt.core.patterns.pattern import Pattern

ANYTHING = "**"
_OPAQUE = frozenset("?[]\\^")  # what is not looked into here


def covers(one: Pattern, other: Pattern) -> bool:
    """Whether `one` matches all that `other` matches, or a folder above it.

    False where that cannot be told.
    """
    if one.cleaned == other.cleaned:
        return True
    names, others = _names(one.cleaned), _names(other.cleaned)
    return names is not None and others is not None and _covers(names, others)


def may_meet(one: Pattern, other: Pattern) -> bool:
    """Whether some path may be matched by one and be the other's, or in the other's.

    True where that cannot be told.
    """
    names, others = _names(one.cleaned), _names(other.cleaned)
    return names is None or others is None or _may_meet(names, others)


@lru_cache(maxsize=1024)  # each line of a file is compared with each
def _names(cleaned: str) -> Sequence[str] | None:
    """The names of a pattern; None where one of them is more than text and stars."""
    names = cleaned.split("/")
    for name in names:
        is_odd = "**" in name and name != ANYTHING
        if is_odd or name in {"", ".", ".."} or _OPAQUE & set(name):
            return None
    return names


def _covers(names: Sequence[str], others: Sequence[str]) -> bool:
    """Whether the first names match the others, or the first of those."""
    if not names:
        return True
    first, rest = names[0], names[1:]
    if not others:
        return False
    if first == ANYTHING:
        # As the last one it wants at least one name, which the others have.
        return not rest or _covers(rest, others) or _covers(names, others[1:])
    if first == "*" and not rest:
        return True  # whatever the other begins with
    if others[0] == ANYTHING or not _name_covers(first, others[0]):
        return False
    return _covers(rest, others[1:])


def _name_covers(name: str, other: str) -> bool:
    """Whether a name with at most one star takes all that the other one takes."""
    if name == other:
        return True
    before, star, behind = name.partition("*")
    if not star or "*" in behind:
        return False
    long_enough = len(other) >= len(before) + len(behind)
    return long_enough and other.startswith(before) and other.endswith(behind)


def _may_meet(names: Sequence[str], others: Sequence[str]) -> bool:
    """Whether one of the two may lead to the other, or into it."""
    if not names or not others:
        return True
    if ANYTHING in {names[0], others[0]}:
        return True
    if not _names_may_be_alike(names[0], others[0]):
        return False
    return _may_meet(names[1:], others[1:])


def _names_may_be_alike(name: str, other: str) -> bool:
    """Whether one name may fit both: their beginnings and their ends do not differ."""
    if "*" not in name and "*" not in other:
        return name == other
    starts = name.partition("*")[0], other.partition("*")[0]
    ends = name.rpartition("*")[2], other.rpartition("*")[2]
    shorter = min(map(len, starts))
    behind = min(map(len, ends))
    alike = starts[0][:shorter] == starts[1][:shorter]
    return alike and (not behind or ends[0][-behind:] == ends[1][-behind:])
