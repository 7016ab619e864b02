"""Go's filepath.Match: what COPY sources and the syntax check of patterns speak.

The algorithm works on bytes, skips a star byte by byte and never goes back behind
the last star, and each of these can be seen from outside (`*??` matches the one
character `€`). So the matching here follows it step for step; only what has a shape
for which none of that matters is turned into cheaper tests.

Rule: golang/go, path/filepath/match.go, Match (Unix).
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxopt.core.golang.paths import to_bytes
from ctxopt.core.tuples import NamedTuple

_REPLACEMENT = 0xFFFD
SLASH = 0x2F


class MalformedPatternError(ValueError):
    """The pattern breaks the syntax; `hint` says what is wrong with it."""

    def __init__(self, hint: str) -> None:
        super().__init__("syntax error in pattern")
        self.hint = hint


def match(pattern: str, name: str) -> bool:
    """Whether the pattern matches the whole of `name`.

    Raises MalformedPatternError when it meets a chunk that breaks the syntax; what
    stands behind the first chunk that does not match is never looked at.
    """
    return _matches(to_bytes(pattern), to_bytes(name))


def check(pattern: str) -> None:
    r"""Raise MalformedPatternError where a builder refuses the pattern at once.

    Builders match it against `.` for that, so that a fault behind a star may go
    unseen: `a\` is refused, `b*a\` is not.
    """
    # Only these begin a term that can break the syntax.
    if "[" in pattern or "\\" in pattern:
        _matches(to_bytes(pattern), b".")


def has_wildcard(text: str) -> bool:
    """Whether the text holds an unescaped `*`, `?` or `[`."""
    escaped = False
    for character in text:
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character in "*?[":
            return True
    return False


# --- Reading ---------------------------------------------------------------------


class _Class(NamedTuple):
    """A term that takes one character out of a set."""

    ranges: tuple[tuple[int, int], ...]
    negated: bool

    def takes(self, point: int) -> bool:
        """Whether a character is in the set."""
        return any(low <= point <= high for low, high in self.ranges) != self.negated


QUESTION = None
Term = int | _Class | None  # a byte, a class, or `?`


def scan_chunk(pattern: bytes) -> tuple[bool, bytes, bytes]:
    """Cut off the leading stars and what stands before the next one."""
    body = pattern.lstrip(b"*")
    in_class = False
    at = 0
    while at < len(body):
        byte = body[at : at + 1]
        if byte == b"\\":
            at += 1
        elif byte == b"[":
            in_class = True
        elif byte == b"]":
            in_class = False
        elif byte == b"*" and not in_class:
            break
        at += 1
    return len(body) < len(pattern), body[:at], body[at:]


def read_terms(chunk: bytes) -> Iterator[tuple[int, Term]]:
    """The terms of a chunk, each with the place where it begins."""
    at = 0
    while at < len(chunk):
        start = at
        byte = chunk[at : at + 1]
        if byte == b"[":
            at, term = _read_class(chunk, at + 1)
            yield start, term
            continue
        if byte == b"\\":
            at += 1
            if at == len(chunk):
                raise MalformedPatternError(
                    "it ends in a backslash, which escapes nothing;"
                    " folders are separated by /"
                )
        yield start, (QUESTION if byte == b"?" else chunk[at])
        at += 1


def _read_class(chunk: bytes, at: int) -> tuple[int, _Class]:
    negated = chunk[at : at + 1] == b"^"
    at += negated
    ranges: list[tuple[int, int]] = []
    while not ranges or chunk[at : at + 1] != b"]":
        at, low = _read_member(chunk, at)
        high = low
        if chunk[at : at + 1] == b"-":
            at, high = _read_member(chunk, at + 1)
        ranges.append((low, high))
    return at + 1, _Class(tuple(ranges), negated)


def _read_member(chunk: bytes, at: int) -> tuple[int, int]:
    byte = chunk[at : at + 1]
    if byte == b"]":
        raise MalformedPatternError(
            "a class needs a character before its ]; write \\] for the bracket itself"
        )
    if byte == b"-":
        raise MalformedPatternError(
            "a - in a class needs a character on both sides; write \\- for the dash"
        )
    at += byte == b"\\"
    width, point = _decode(chunk, at)
    if at < len(chunk) and width == 1 and point == _REPLACEMENT:
        raise MalformedPatternError("a class holds a byte that is not UTF-8")
    if at + width >= len(chunk):
        raise MalformedPatternError(
            "it never closes its bracket; write \\[ for a bracket"
        )
    return at + width, point


def _decode(text: bytes, at: int) -> tuple[int, int]:
    """Width and code point of the character at `at`; U+FFFD and 1 for a bad byte.

    Rule: golang/go, unicode/utf8, DecodeRune.
    """
    if at >= len(text):
        return 0, _REPLACEMENT
    if text[at] < 0x80:
        return 1, text[at]
    width = 2 if text[at] < 0xE0 else 3 if text[at] < 0xF0 else 4
    try:
        return width, ord(text[at : at + width].decode())
    except (UnicodeDecodeError, TypeError):
        return 1, _REPLACEMENT


# --- Matching --------------------------------------------------------------------


def match_name(pattern: bytes, name: str) -> bool:
    """The same as `match`, for a pattern that is bytes already."""
    return _matches(pattern, to_bytes(name))


def _matches(pattern: bytes, name: bytes) -> bool:
    while pattern:
        star, chunk, pattern = scan_chunk(pattern)
        if star and not chunk:
            return b"/" not in name
        terms = [term for _, term in read_terms(chunk)]
        after = _match_star(terms, name, star=star, last=not pattern)
        if after is None:
            return False
        name = name[after:]
    return not name


def _match_star(
    terms: list[Term], name: bytes, *, star: bool, last: bool
) -> int | None:
    """Where a chunk ends that follows a star (or nothing); None if it does not match.

    The first place wins, except that the last chunk has to reach the end.
    """
    start = 0
    while True:
        after = _match_chunk(terms, name, start)
        if after is not None and (after == len(name) or not last):
            return after
        if not star or start >= len(name) or name[start] == SLASH:
            return None
        start += 1


def _match_chunk(terms: list[Term], name: bytes, at: int) -> int | None:
    for term in terms:
        if at >= len(name):
            return None
        if isinstance(term, int):
            if name[at] != term:
                return None
            at += 1
            continue
        if term is None and name[at] == SLASH:
            return None
        width, point = _decode(name, at)
        if term is not None and not term.takes(point):
            return None
        at += width
    return at


# --- As steps --------------------------------------------------------------------
