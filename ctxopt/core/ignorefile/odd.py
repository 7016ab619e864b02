"""Lines of an ignore file that do not mean what they seem to.

Of all lines that match nothing most are there for another day, and nothing is said of
them. These here are of a shape that cannot have been meant: `run/  # data` waits for a
name with ` # data` in it, `**/*.{css,scss}` for one with braces, `[!a]` for an `!`.

Source: moby/patternmatcher, ignorefile/ignorefile.go, ReadAll; patternmatcher.go,
Pattern.compile.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from enum import Enum

from ctxopt.core.patterns.pattern import Pattern, is_plain
from ctxopt.core.tuples import NamedTuple

_COMMENT_BEHIND = r"(?s)(?P<line>\S.*?)\s+#.*"
_BRACES = r"(?P<head>[^{}\\]*)\{(?P<words>[^{}/\\]*,[^{}/\\]*)\}(?P<tail>.*)"
_WINDOWS = r"\\(?=[A-Za-z0-9_])"
_NOT_CLASS = r"(?<!\\)\[!(?=[^\]-])"  # `[!]` is one way to write a `!`
_MARKS = ("#", "//", "{", "\\", "[!")  # no odd shape is without one

MOST_LINES = 6  # written out for braces


class Oddity(Enum):
    """What is odd about a line."""

    COMMENT_BEHIND = "a comment behind the pattern"
    COMMENT_INDENTED = "a comment that does not begin in the first column"
    SLASHES = "a comment that begins with //"
    BRACES = "braces, which mean nothing"
    BACKSLASHES = "backslashes between folders"
    NOT_CLASS = "a class that begins with !, which negates nothing"
    ROOT_ONLY = "a name that is meant at any depth, and reaches the root only"


class OddLine(NamedTuple):
    """A line that does not mean what it seems to."""

    pattern: Pattern
    oddity: Oddity
    better: tuple[str, ...] = ()  # lines that mean it; () where that is not sure
    reached: tuple[str, ...] = ()  # what it does not reach, where it should


def odd_lines(
    patterns: Sequence[Pattern], exists: Callable[[str], bool]
) -> Iterator[OddLine]:
    """The lines of an odd shape; `exists` tells of a path whether it is there."""
    for pattern in patterns:
        found = _odd(pattern)
        if found is not None and not exists(pattern.cleaned):
            yield found


def _odd(pattern: Pattern) -> OddLine | None:
    text = pattern.text.strip()
    if not any(mark in text for mark in _MARKS):
        return None  # start-up: no expression is made for most files
    if text.startswith("#"):
        return OddLine(pattern, Oddity.COMMENT_INDENTED)
    if re.match(r"//\s", text):
        return OddLine(pattern, Oddity.SLASHES, ("#" + text[2:],))
    behind = re.fullmatch(_COMMENT_BEHIND, text)
    if behind is not None:
        return OddLine(pattern, Oddity.COMMENT_BEHIND, (behind["line"],))
    braces = re.fullmatch(_BRACES, text)
    if braces is not None:
        return OddLine(pattern, Oddity.BRACES, _written_out(braces))
    if re.search(_WINDOWS, text):
        return OddLine(pattern, Oddity.BACKSLASHES, (re.sub(_WINDOWS, "/", text),))
    if re.search(_NOT_CLASS, text):
        return OddLine(pattern, Oddity.NOT_CLASS, (re.sub(_NOT_CLASS, "[^", text),))
    return None


def _written_out(braces: re.Match[str]) -> tuple[str, ...]:
    words = braces["words"].split(",")
    if len(words) > MOST_LINES or "{" in braces["tail"]:
        return ()
    return tuple(f"{braces['head']}{word.strip()}{braces['tail']}" for word in words)


def root_only(
    patterns: Sequence[Pattern], travelling: Sequence[str]
) -> Iterator[OddLine]:
    """The lines with one name alone, where folders of that name travel further down.

    `travelling` are the paths of folders that may not belong in the context.
    """
    deeper: dict[str, list[str]] = {}
    for path in travelling:
        folder, _, name = path.rpartition("/")
        if folder:
            deeper.setdefault(name, []).append(path)
    for pattern in patterns:
        name = pattern.cleaned
        is_bare = not pattern.text.strip().startswith(("/", "./"))  # else it is meant
        if is_bare and not pattern.negated and is_plain(name) and name in deeper:
            yield OddLine(
                pattern, Oddity.ROOT_ONLY, (f"**/{name}",), tuple(deeper.pop(name))
            )
