"""A path as a pattern that matches it and nothing else."""

from __future__ import annotations

from ctxopt.core.patterns.pattern import compile_patterns
from ctxopt.errors import IgnoreFileError

# What sends a pattern to the regular expressions, and what has a meaning there.
_WILD = frozenset("*?[]\\")
_SPECIAL = _WILD | frozenset("^{}|$()+.")


def escaped(path: str) -> str | None:
    """A pattern for one path, anchored at the root; None where no line can say it.

    That is so for control characters, and for bytes that are not UTF-8 where the
    pattern has to be an expression.
    """
    if any(one < " " or one == "\x7f" for one in path):
        return None
    first, last = path[0], path[-1]
    # A line loses blanks at its ends, and `!` and `#` mean something in front.
    if not (_WILD & set(path) or first in "!#" or first.isspace() or last.isspace()):
        return path
    if any("\udc80" <= one <= "\udcff" for one in path):
        return None
    ends = {0, len(path) - 1}
    return "".join(
        f"[{one}]" if at in ends and one.isspace() else _character(one, at)
        for at, one in enumerate(path)
    )


def _character(one: str, at: int) -> str:
    return f"\\{one}" if one in _SPECIAL or (not at and one in "!#") else one


def is_sound(pattern: str) -> bool:
    """Whether a builder takes the pattern, at once and when it comes to use it."""
    try:
        return not any(one.fails for one in compile_patterns((pattern,)))
    except IgnoreFileError:
        return False
