r"""The lines of a file in the language of `.gitignore`, for pathspec to compare.

What a line looks for stands behind its last slash, and is the name of an entry; what
is before says in which folders: `/docs/*.md` is `*.md` in the folder `docs`.

pathspec reads a path and a whole line. What it reads in another way than git is written
here in words that both read alike; each EDGE CASE was seen with pathspec 1.1.1 and git
2.39.5, and the tests ask git again where there is one.

EDGE CASE: white space at the end of a line; pathspec takes away all of it, git blanks.
EDGE CASE: a NUL ends a line for git, and a byte order mark begins no line.
EDGE CASE: `[[:digit:]]` and `[\]]`; pathspec knows no classes and no backslash in
brackets, so those become a plain list of what they take, as do ranges (`[z-a]` is `z`
for git, and an error for Python) and brackets with `!`, which must not take a slash.
EDGE CASE: `b[x/]a` takes no slash, but speaks of one folder, as any line with a slash.
EDGE CASE: `b\/a` is `b/a`, and a backslash at the end, or an open bracket, matches
nothing; pathspec refuses these lines.
EDGE CASE: `a//b` and `//` match nothing; pathspec takes them for `a/b` and `/`.
EDGE CASE: `ab**/c` is `ab*/c` here, as the manual has it; git lets stars run over
slashes where they come right behind a beginning without wildcards (git/git, dir.c,
match_pathname, cuts that off, and wildmatch.c takes the rest for a pattern of its own).
EDGE CASE: `**\/`, with an escaped slash, is `*/` here.

Text is what git compares, bytes: here as str with one character per byte (Latin-1),
which is the same as the name wherever that is ASCII.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ctxopt.core.tuples import NamedTuple

_MARK = b"\xef\xbb\xbf"
_SYMBOL = re.compile(r"\\.|\*+|[^\\]", re.DOTALL)


class IgnoreLine(NamedTuple):
    """A line that means something, its pieces as pathspec reads them."""

    number: int
    text: str  # as it was written
    negated: bool
    folders_only: bool
    # What the folders on the way have to be, from that of the file; None: any way.
    folders: tuple[str, ...] | None
    name: str


def parse_ignore_lines(content: bytes, *, folds: bool) -> Iterator[IgnoreLine]:
    """The lines that mean something, in order; `folds`: in small letters.

    Rule: git/git, dir.c, add_patterns_from_buffer and parse_path_pattern.
    """
    for number, line in enumerate(content.removeprefix(_MARK).split(b"\n"), 1):
        if line.startswith(b"#"):
            continue
        text = _without_blanks(line.removesuffix(b"\r").partition(b"\0")[0])
        negated = text.startswith(b"!")
        body = text[negated:].decode("latin-1")
        bare = body.removesuffix("/")
        pieces = _pieces(bare.removeprefix("/"), folds=folds)
        if pieces is None or not all(pieces):
            continue
        if pieces[-1] == "**":
            pieces.append("*")  # `a/**` is every entry at any depth below `a`
        *folders, name = pieces
        anywhere = "/" not in bare or folders == ["**"]
        yield IgnoreLine(
            number=number,
            text=text.decode("utf-8", "surrogateescape"),
            negated=negated,
            folders_only=bare != body,
            folders=None if anywhere else tuple(folders),
            name=name,
        )


def small_letters(text: str) -> str:
    """In small letters, which git knows of ASCII only."""
    return text.encode("latin-1").lower().decode("latin-1")


def _without_blanks(line: bytes) -> bytes:
    """A line without the blanks at its end; an escaped one stays."""
    bare = line.rstrip(b" ")
    slashes = len(bare) - len(bare.rstrip(b"\\"))
    return line[: len(bare) + 1] if slashes % 2 else bare


def _pieces(pattern: str, *, folds: bool) -> list[str] | None:
    """What is between the slashes of a pattern; None: it matches nothing.

    `**` is alone in its piece; beside other characters it is one star.
    Rule: git/git, wildmatch.c, dowild.
    """
    pieces = [""]
    position = 0
    while position < len(pattern):
        found = _SYMBOL.match(pattern, position)
        if found is None:
            return None  # a backslash at the end
        symbol = found[0]
        position = found.end()
        if symbol in ("/", "\\/"):
            pieces.append("")
        elif symbol == "[":
            bracket = _bracket(pattern, position, folds=folds)
            if bracket is None:
                return None
            characters, position = bracket
            pieces[-1] += characters
        elif symbol.startswith("*"):
            fills = not pieces[-1] and pattern[position : position + 1] in ("", "/")
            pieces[-1] += "**" if fills and len(symbol) > 1 else "*"
        else:
            pieces[-1] += small_letters(symbol) if folds else symbol
    return pieces


_CLASS = re.compile(r"\[:([^]]*):\]")
# Not from `string`, which compiles an expression for its templates.
_LOWER = "abcdefghijklmnopqrstuvwxyz"
_UPPER = _LOWER.upper()
_DIGITS = "0123456789"
_CLASSES = {
    "alnum": _LOWER + _UPPER + _DIGITS,
    "alpha": _LOWER + _UPPER,
    "blank": " \t",
    "cntrl": "".join(map(chr, (*range(32), 127))),
    "digit": _DIGITS,
    "graph": "".join(map(chr, range(33, 127))),
    "lower": _LOWER,
    "print": "".join(map(chr, range(32, 127))),
    "punct": "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
    "space": " \t\n\r",
    "upper": _UPPER,
    "xdigit": _DIGITS + "abcdefABCDEF",
}


def _bracket(pattern: str, start: int, *, folds: bool) -> tuple[str, int] | None:
    """A bracket that lists what it takes, and where the one in the pattern ends.

    `start` is behind the opening bracket. None: git takes nothing for it.
    """
    negated = pattern[start : start + 1] in ("!", "^")
    try:
        members, end = _members(pattern, start + negated)
    except (IndexError, KeyError, ValueError):
        return None  # it is not closed, or names an unknown class
    if folds:
        members |= set(small_letters("".join(members)))
    if negated:
        members = {chr(code) for code in range(1, 256)} - members
    members.discard("/")
    return (_listed(members), end) if members else None


def _listed(members: set[str]) -> str:
    """A bracket that takes just these, in which no character means more than itself.

    No name holds the NUL that stands before what could begin a bracket of its own.
    """
    first = "]" if "]" in members else "\0"
    rest = "".join(sorted(members - {first, "-"}))
    last = "-" if "-" in members else ""
    return f"[{first}{rest}{last}]"


def _members(pattern: str, start: int) -> tuple[set[str], int]:
    """What stands in a bracket, its first character being no end of it.

    Raises IndexError or ValueError when it is not closed, KeyError for a class that
    git does not know.
    """
    members: set[str] = set()
    first = ""  # of a range that may follow
    at = start
    while pattern[at] != "]" or at == start:
        char = pattern[at]
        if char == "-" and first and pattern[at + 1] != "]":
            last, at = _unescaped(pattern, at + 1)
            members.update(map(chr, range(ord(first), ord(last) + 1)))
            first = ""
        elif found := _CLASS.match(pattern, at):
            members.update(_CLASSES[found[1]])
            at, first = found.end() - 1, ""
        else:
            first, at = _unescaped(pattern, at)
            members.add(first)
        at += 1
    return members, at + 1


def _unescaped(pattern: str, at: int) -> tuple[str, int]:
    """A character that may have a backslash before it, and where it stands.

    Raises IndexError at the end of the pattern.
    """
    at += pattern[at] == "\\"
    return pattern[at], at
