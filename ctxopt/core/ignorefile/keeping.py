"""Which line of an ignore file keeps a path out of a builder's hands, and why.

Of `*` and `!*/target/*file1` the second brings `shop/target/file1` back, and for
BuildKit that is all. The legacy client does not get there: it leaves `shop` out, for
the first line, and looks into such a folder only for a line that begins with its path.
"""

from __future__ import annotations

from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import Pattern, PatternError
from ctxopt.core.tuples import NamedTuple


class KeptOut(NamedTuple):
    """The line that keeps a path out, or a folder above it."""

    line: Pattern | None
    folder: str = ""  # that is left out with all that is in it, against `bypassed`
    bypassed: Pattern | None = None  # a line with `!` that the walk never comes to


def kept_out(matcher: Matcher, path: str, left_out: str) -> KeptOut:
    """What keeps out a path; `left_out` is where the builder's walk ends on the way.

    That is the path itself, or the first folder above it that is not entered.
    """
    said = deciding_line(matcher, path)
    if left_out == path or said is None or not said.negated:
        return KeptOut(said)
    return KeptOut(deciding_line(matcher, left_out), left_out, said)


def deciding_line(matcher: Matcher, path: str) -> Pattern | None:
    """The line that decides on a path; the one that fails there, if one does."""
    try:
        return matcher.verdict(path).decided_by
    except PatternError as error:
        return next((one for one in matcher.patterns if one.text == error.text), None)
