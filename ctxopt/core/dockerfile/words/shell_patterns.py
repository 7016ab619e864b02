"""The patterns of `${name#p}`, `${name%p}` and `${name/p/r}`.

BuildKit turns them into regular expressions of Go, which run in linear time. Here
they become expressions of Python in which nothing has to be tried twice: between two
stars the first place that fits is as good as any later one on that line, so it is
settled at once, and only the last star looks for the farthest.
Rule: moby/buildkit, shell/lex.go, convertShellPatternToRegex.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ctxopt.core.golang.errors import RuleError
from ctxopt.core.golang.text import REPLACEMENT, as_runes
from ctxopt.core.tuples import NamedTuple

_GROUP = r"\$(?:\$|(?P<name>\w+)|\{(?P<braced>\w+)\})"
_STAR, _ANY = "*", "?"
_BOM = "\ufeff"
# What an expression costs beside a copy of the same text: to look at a character, and
# to compile one of the pattern (measured, generously rounded).
_LOOK, _COMPILE = 32, 256


def effort(pattern: str, value: str) -> int:
    """About how many characters could be copied in the time that a match may take."""
    if pattern and _STAR not in pattern and _ANY not in pattern:
        return len(value)
    return len(value) * (_LOOK + len(pattern) // 4) + len(pattern) * _COMPILE


def trim_prefix(pattern: str, value: str, *, greedy: bool) -> str:
    """Take the shortest or longest start that matches off `value`.

    Raises RuleError for a bad pattern.
    """
    glob = _compile(pattern)
    if glob.literal is not None:
        return value.removeprefix(glob.literal)
    found = re.match(glob.longest if greedy else glob.shortest, value)
    return value if found is None else value[found.end() :]


def trim_suffix(pattern: str, value: str, *, greedy: bool) -> str:
    """Take the shortest or longest end that matches off `value`.

    Raises RuleError for a bad pattern, spelt backwards as BuildKit does.
    """
    trimmed = trim_prefix(_reversed(pattern), value[::-1], greedy=greedy)
    return trimmed[::-1]


def replace(pattern: str, value: str, replacement: str, *, everywhere: bool) -> str:
    """Put `replacement` for the first match, or for every one.

    For every one it is a template of Go's regexp, where `$0` is the match.
    Raises RuleError for a bad pattern.
    """
    compiled = _compile(pattern)
    if compiled.literal:
        literal, times = compiled.literal, 1
        if everywhere:
            replacement, times = _filled(replacement, literal), -1
        return value.replace(literal, replacement, times)
    if not everywhere:
        found = compiled.search(value, 0)
        if found is None:
            return value
        return value[: found[0]] + replacement + value[found[1] :]
    parts: list[str] = []
    copied = 0
    for start, end in _matches(compiled, value):
        parts += (value[copied:start], _filled(replacement, value[start:end]))
        copied = end
    return "".join(parts) + value[copied:]


def _matches(compiled: _ShellPattern, value: str) -> Iterator[tuple[int, int]]:
    """Give the matches one after another, no empty one right behind another."""
    position, previous_end = 0, 0
    while position <= len(value):
        found = compiled.search(value, position)
        if found is None:
            return
        start, end = found
        if end > previous_end or start == 0:
            yield start, end
        previous_end = end
        position = max(end, position + 1)


class _ShellPattern(NamedTuple):
    """A pattern, as expressions for what has to be found."""

    literal: str | None  # the one text it matches, if it has no wildcard
    head: str  # what stands before the first star
    has_star: bool
    shortest: str
    longest: str

    def search(self, value: str, start: int) -> tuple[int, int] | None:
        """Give the leftmost match, the longest of those that begin there."""
        first, longest = re.compile(self.head), re.compile(self.longest)
        while (head := first.search(value, start)) is not None:
            found = longest.match(value, head.start())
            if found is not None:
                return found.span()
            # The first star ends with its line: no later head there does better.
            line_end = value.find("\n", head.end())
            if not self.has_star or line_end < 0:
                return None
            size = head.end() - head.start()
            start = max(head.start() + 1, line_end + 1 - size)
        return None


@lru_cache(maxsize=64)
def _compile(pattern: str) -> _ShellPattern:
    try:
        tokens = tuple(_tokens(as_runes(pattern).removeprefix(_BOM)))
    except RuleError as error:
        message = f"invalid pattern ({pattern}) in substitution: {error.message}"
        raise RuleError(message, error.hint) from None
    literal = None
    if _STAR not in tokens and _ANY not in tokens:
        literal = "".join(token[1] for token in tokens)
    first, *rest = _chunks(tokens)
    settled = "".join(f"(?>.*?{chunk})" for chunk in rest[:-1])
    shortest, longest = first, first
    if rest:
        shortest = f"{first}{settled}(?>.*?{rest[-1]})"
        longest = f"{first}{settled}.*{rest[-1]}"
    return _ShellPattern(literal, first, bool(rest), shortest, longest)


def _chunks(tokens: tuple[str, ...]) -> list[str]:
    """What stands between the stars, as expressions of one length each."""
    chunks = [""]
    for token in tokens:
        if token == _STAR:
            chunks.append("")
        else:
            # No wildcard crosses a line, which is what `.` means.
            chunks[-1] += "." if token == _ANY else re.escape(token[1])
    return chunks


def _tokens(pattern: str) -> Iterator[str]:
    position, previous = 0, ""
    while position < len(pattern):
        char = pattern[position]
        position += 1
        token = char if char in (_STAR, _ANY) else "=" + char
        if char == "\\":
            following = pattern[position : position + 1]
            if following in ("}", "/"):
                continue
            if following not in ("*", "?", "\\"):
                message = f"invalid escape '\\{following or REPLACEMENT}'"
                raise RuleError(message, "escape only * ? \\ / and } in a pattern")
            position += 1
            token = "=" + following
        if token != _STAR or previous != _STAR:
            yield token
        previous = token


def _reversed(pattern: str) -> str:
    """Reverse, but keep each backslash before the character it escapes."""
    pairs = re.findall(r"\\.|.", pattern, re.DOTALL)
    return "".join(reversed(pairs))


def _filled(template: str, match: str) -> str:
    """Fill in a template as Go's Regexp.Expand does where no group exists."""

    def fill(found: re.Match[str]) -> str:
        if found[0] == "$$":
            return "$"
        name = found["name"] or found["braced"]
        return match if name == "0" else ""

    return re.sub(_GROUP, fill, template)
