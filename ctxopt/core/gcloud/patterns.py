r"""One line of a `.gcloudignore`, which is nearly one of git's.

It is compared with a path from its last component to its first. So `a/b` matches
`x/a/b` as well, where git looks in the root alone; `[^a]` is the two characters `^` and
`a`, and `[!a]` all others; a first `*` is not the only component of its kind: `*/b`
matches `b`, too.

Rule: Google Cloud SDK, command_lib/util/glob.py, Glob (2026).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

from ctxopt.core.tuples import NamedTuple

ROOT = ""  # the component that stands before a slash at the start
SOME = "*"
MANY = "**"


class GcloudPattern(NamedTuple):
    """A line: the text between its slashes, and what it is for."""

    parts: tuple[str, ...]
    negated: bool = False
    folders_only: bool = False

    def matches(self, path: str, *, is_folder: bool) -> bool:
        """Whether the line says something of this very path."""
        if self.folders_only and not is_folder:
            return False
        return _matches(self.parts, tuple(path.split("/")))


def read_line(line: str) -> GcloudPattern | None:
    """The pattern of a line without its end; None where it says nothing."""
    if line.startswith("#"):
        return None
    negated = line.startswith("!")
    text = line.removeprefix("!")
    folders_only = text.endswith("/")
    text = _without_blanks(text.removesuffix("/")).replace("\\ ", " ")
    if _ends_in_escape(text):
        return None
    text = re.sub(r"\\(.)", r"\1", text)
    if not text:
        return None
    return GcloudPattern(tuple(text.split("/")), negated, folders_only)


def _without_blanks(text: str) -> str:
    """The text without the blanks at its end that have no backslash before them."""
    kept = text.rstrip(" ")
    return f"{kept} " if kept != text and _ends_in_escape(kept) else kept


def _ends_in_escape(text: str) -> bool:
    return (len(text) - len(text.rstrip("\\"))) % 2 == 1


def _matches(parts: Sequence[str], names: Sequence[str]) -> bool:
    """Whether the last parts match the last names, and all parts some name.

    Above the first name stands the root, a name without characters.
    """
    if not parts:
        return True
    *before, part = parts
    if part == MANY:
        from_root = before if before[:1] == [ROOT] else [ROOT, *before]
        return any(_matches(from_root, names[:end]) for end in range(len(names) + 1))
    name = names[-1] if names else ROOT
    above = "/".join(names[:-1])
    if part == SOME and not before and len(above) > 1:
        return False  # by the letters: below a folder of one letter it matches
    if not fnmatchcase(name, part):
        return False
    return _matches(before, names[:-1]) if names else not before
