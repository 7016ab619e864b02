"""Lines of an ignore file that match nothing that is there, told without a walk.

Of a pattern it is enough to look up the names before its first wildcard: where one of
them is missing, it matches nothing. Whether that is a slip, the names beside it tell:
`src/mian.py` beside `src/main.py`. Most lines that match nothing are for another day.

Source: moby/patternmatcher, patternmatcher.go: patterns begin at the context's root.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ctxopt.core.nearest import Difference, Near, difference, nearest_names
from ctxopt.core.paths import join
from ctxopt.core.patterns.pattern import Pattern, is_plain
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TypeAlias

# So these are slips; another ending or a plural may be for another project, or year.
SLIPS = frozenset(
    {Difference.UNICODE, Difference.CASE, Difference.SEPARATOR, Difference.LETTER}
)


Names: TypeAlias = Callable[[str], Sequence[str]]  # those in a folder

_SHORTEST = 6  # of a shorter name others are a letter off by chance


class UnmatchedLine(NamedTuple):
    """A line that matches nothing, for a name in it that is not there."""

    pattern: Pattern
    missing: str  # path of the first name that is not there
    near: Near | None = None  # what is there instead; the path
    better: str = ""  # the line with that

    @property
    def is_slip(self) -> bool:
        """Whether it was most likely meant for what is there."""
        return self.near is not None and self.near.difference in SLIPS


def unmatched_lines(
    patterns: Sequence[Pattern],
    names: Names,
    *,
    kept: Callable[[str], bool],
) -> Iterator[UnmatchedLine]:
    """The lines whose names before the first wildcard are not there.

    `names` are those in a folder, `kept` whether a path is in the context. Of a name
    that is near, only one for which the line would make a difference counts.
    """
    for pattern in patterns:
        missing = _missing(pattern, names)
        if missing:
            near = _near(missing, names, kept=kept, negated=pattern.negated)
            better = _better(pattern, missing, near=near)
            yield UnmatchedLine(pattern, missing, near, better)


def _missing(pattern: Pattern, names: Names) -> str:
    """The first path on the way of a pattern that is not there; "" for none."""
    folder = ""
    for name in pattern.cleaned.split("/"):
        if name in {"", ".", ".."} or not is_plain(name):
            return ""
        given = names(folder)
        if not given:
            return ""  # empty, or nobody may look into it
        folder = join(folder, name)
        if name not in given:
            return folder
    return ""


def _near(
    missing: str, names: Names, *, kept: Callable[[str], bool], negated: bool
) -> Near | None:
    """The likeliest name beside a missing one that a line would have a say on."""
    folder, _, name = missing.rpartition("/")
    for near in nearest_names(name, names(folder)):
        path = join(folder, near.name)
        if kept(path) is not negated and not are_apart(name, near.name):
            return Near(path, near.difference)
    return None


def are_apart(one: str, other: str) -> bool:
    """Whether two names are near and yet no slip for one another.

    So are `v1` and `v2`, `.env` and `env`, and short ones: `main` and `mail`.
    """
    is_hidden = one.startswith(".") is not other.startswith(".")
    is_numbered = _without_digits(one) == _without_digits(other)
    is_letter = difference(one, other) is Difference.LETTER
    return is_hidden or is_numbered or (is_letter and len(one) < _SHORTEST)


def _without_digits(name: str) -> str:
    return "".join(one for one in name if not one.isdigit())


def _better(pattern: Pattern, missing: str, *, near: Near | None) -> str:
    if near is None:
        return ""
    mark = "!" if pattern.negated else ""
    return mark + near.name + pattern.cleaned[len(missing) :]
