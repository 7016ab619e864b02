"""What a manifest lists: a path as it stands there, the line, and what it is for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

MEMBER = "a member"
REFERENCE = "a project"  # that another one refers to
TARGET = "a target"  # to be compiled
PART = "a part"  # files that the tool asks for


class Declared(NamedTuple):
    """A path that a manifest lists, relative to the manifest's folder.

    `path` may have wildcards; with `!` in front it takes back what others list. What
    is not `firm` can be missing: the tool goes on without it.
    """

    path: str
    line: int
    role: str = MEMBER
    firm: bool = True


def line_of(text: str, word: str) -> int:
    """The first line on which a word stands between quotes; 1 where none has it."""
    match = re.search(rf"([\"'`]){re.escape(word)}\1", text)
    return 1 if match is None else text.count("\n", 0, match.start()) + 1


def found(
    text: str, expression: str, role: str = MEMBER, *, flags: int = 0
) -> Iterator[Declared]:
    """What the first group of an expression finds, each on its line."""
    for match in re.finditer(expression, text, flags | re.MULTILINE):
        yield Declared(match[1], text.count("\n", 0, match.start(1)) + 1, role)


def strings(value: object) -> list[str]:
    """The strings of a list; none of anything else."""
    if not isinstance(value, list):
        return []
    return [one for one in value if isinstance(one, str)]


def listed(
    text: str, paths: Iterable[str], role: str = MEMBER, *, firm: bool = True
) -> Iterator[Declared]:
    """Paths that stand between quotes somewhere in a text."""
    for path in paths:
        # What Cargo excludes has no `!` in the text.
        line = max(line_of(text, path), line_of(text, path.removeprefix("!")))
        yield Declared(path, line, role, firm)
