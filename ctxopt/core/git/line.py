"""A line of git's ignore files."""

from __future__ import annotations

from ctxopt.core.tuples import NamedTuple


class GitLine(NamedTuple):
    """A line of a .gitignore, or of what git reads like one."""

    file: str  # as seen from the context
    line: int
    text: str
