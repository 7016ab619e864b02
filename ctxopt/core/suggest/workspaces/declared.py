"""What a manifest lists: a path as it stands there, the line, and what it is for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ctxopt.core.tuples import NamedTuple

MEMBER = "a member"
REFERENCE = "a project"  # that another one refers to
TARGET = "a target"  # to be compiled
PART = "a part"  # files that the tool asks for
STORE = "a store of packages"  # to install from
TEXT = "a text"  # that goes into what is made


class Declared(NamedTuple):
    """A path that a manifest lists, relative to the manifest's folder.

    `path` may have wildcards; with `!` in front it takes back what others list. What
    is not `firm` can be missing: the tool goes on without it.
    """

    path: str
    line: int
    role: str = MEMBER
    firm: bool = True


class Lines:
    """Answers on which line something stands; quickest where it is asked in order."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at, self._line = 0, 1

    def of(self, at: int) -> int:
        """The line of a position."""
        if at < self._at:
            self._at, self._line = 0, 1
        self._line += self._text.count("\n", self._at, at)
        self._at = at
        return self._line


def found(
    text: str, expression: str, role: str = MEMBER, *, flags: int = 0
) -> Iterator[Declared]:
    """What the first group of an expression finds, each on its line."""
    lines = Lines(text)
    for match in re.finditer(expression, text, flags | re.MULTILINE):
        yield Declared(match[1], lines.of(match.start(1)), role)


def listed(
    text: str, paths: Iterable[str], role: str = MEMBER, *, firm: bool = True
) -> Iterator[Declared]:
    """Paths that stand between quotes somewhere in a text, each on its line.

    They are looked for in their order; the line is 1 where none has it.
    """
    lines = Lines(text)
    behind = 0
    for path in paths:
        # What Cargo excludes has no `!` in the text.
        words = dict.fromkeys((path, path.removeprefix("!")))
        at = _place(text, words, behind)
        behind = behind if at < 0 else at
        yield Declared(path, lines.of(at) if at >= 0 else 1, role, firm)


def _place(text: str, words: Iterable[str], behind: int) -> int:
    """Where one of some words stands between quotes; -1 where none does."""
    shapes = [f"{quote}{word}{quote}" for word in words for quote in "\"'`"]
    found = (text.find(one, start) for start in (behind, 0) for one in shapes)
    return next((at for at in found if at >= 0), -1)
