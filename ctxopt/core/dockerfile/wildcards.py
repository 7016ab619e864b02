"""The patterns of `${name#p}`, `${name%p}` and `${name/p/r}`.

BuildKit turns them into regular expressions of Go, which run in linear time;
a set of positions kept in one integer does the same here.
Rule: moby/buildkit, shell/lex.go, convertShellPatternToRegex.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ctxopt.core.dockerfile.gotext import REPLACEMENT, as_runes
from ctxopt.core.dockerfile.refusal import RuleError

_GROUP = re.compile(r"\$(?:\$|(?P<name>\w+)|\{(?P<braced>\w+)\})")
_STAR, _ANY = "*", "?"
_BOM = "\ufeff"


def trim_prefix(pattern: str, value: str, *, greedy: bool) -> str:
    """Take the shortest or longest start that matches off `value`.

    Raises RuleError for a bad pattern.
    """
    end = _compile(pattern).match(value, 0, longest=greedy)
    return value if end is None else value[end:]


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


def _matches(compiled: _Glob, value: str) -> Iterator[tuple[int, int]]:
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


class _Glob(NamedTuple):
    """Bit i of a state: the pattern is done up to its token i."""

    tokens: tuple[str, ...]  # _STAR, _ANY, or "=" and a character
    stars: int  # bit i: token i is a star
    steps: dict[str, int]  # bit i: token i takes this character
    anything: int  # bit i: token i takes any character

    def match(self, value: str, start: int, *, longest: bool) -> int | None:
        """Give where the match that begins at `start` ends."""
        end: int | None = None
        state, accept = self._close(1), 1 << len(self.tokens)
        for position in range(start, len(value) + 1):
            if state & accept:
                end = position
                if not longest:
                    break
            if position == len(value) or not state:
                break
            state = self._step(state, value[position])
        return end

    def search(self, value: str, start: int) -> tuple[int, int] | None:
        """Give the leftmost match, the longest of those that begin there."""
        if not self._occurs(value, start):
            return None
        for position in range(start, len(value) + 1):
            end = self.match(value, position, longest=True)
            if end is not None:
                return position, end
        return None

    def _occurs(self, value: str, start: int) -> bool:
        state, accept = self._close(1), 1 << len(self.tokens)
        for char in value[start:]:
            if state & accept:
                return True
            state = self._close(self._step(state, char) | 1)
        return bool(state & accept)

    def _step(self, state: int, char: str) -> int:
        moved = (state & self.steps.get(char, 0)) << 1
        if char != "\n":  # neither wildcard crosses a line
            moved |= (state & self.anything) << 1 | (state & self.stars)
        return self._close(moved)

    def _close(self, state: int) -> int:
        """Let stars match nothing; never two of them stand together."""
        return state | (state & self.stars) << 1


def _compile(pattern: str) -> _Glob:
    try:
        tokens = tuple(_tokens(as_runes(pattern).removeprefix(_BOM)))
    except RuleError as error:
        message = f"invalid pattern ({pattern}) in substitution: {error.message}"
        raise RuleError(message, error.hint) from None
    stars = anything = 0
    steps: dict[str, int] = {}
    for index, token in enumerate(tokens):
        if token == _STAR:
            stars |= 1 << index
        elif token == _ANY:
            anything |= 1 << index
        else:
            steps[token[1]] = steps.get(token[1], 0) | 1 << index
    return _Glob(tokens, stars, steps, anything)


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

    return _GROUP.sub(fill, template)
