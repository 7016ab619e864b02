"""The expressions of a GitHub workflow, as far as their values are plain.

    put_in("${{ matrix.app == 'web' && 'web.Dockerfile' || 'Dockerfile' }}", known)

Source: GitHub's docs, "Evaluate expressions in workflows and actions": `&&` and `||`
give one of their sides, texts are compared without case, and "" , 0, false and null
count as false. Functions are not worked out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_EXPRESSION = r"\$\{\{(.*?)\}\}"
_TOKENS = (
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?(?![\w.]))"
    r"|(?P<name>[A-Za-z_][\w.-]*)|(?P<sign>&&|\|\||==|!=|[!()]))"
)
_CONSTANTS = {"true": "true", "false": "", "null": ""}
_MOST_TOKENS = 60  # and no deeper than that, either
# Marks that the whole of a scope is known, so that a name which is not there is empty.
WHOLE_MATRIX = "matrix.*"


class _UnknownError(Exception):
    """A value that only the run has, or what is not understood."""


def put_in(text: str, known: Mapping[str, str]) -> str | None:
    """A text with the values of its expressions; None where one is not known."""
    try:
        return re.sub(
            _EXPRESSION, lambda one: _value(one[1], known), text, flags=re.DOTALL
        )
    except _UnknownError:
        return None


def _value(expression: str, known: Mapping[str, str]) -> str:
    tokens = [*_tokens(expression)]
    reader = _Reader(tokens, known)
    value = reader.either()
    if reader.rest:
        raise _UnknownError
    return value


def _tokens(expression: str) -> list[str]:
    found: list[str] = []
    at, end = 0, len(expression.rstrip())
    while at < end:
        match = re.compile(_TOKENS).match(expression, at)
        if match is None or len(found) >= _MOST_TOKENS:
            raise _UnknownError
        found.append(match[0].strip())
        at = match.end()
    return found


class _Reader:
    """Reads an expression from the left; what counts as false is ""."""

    def __init__(self, tokens: list[str], known: Mapping[str, str]) -> None:
        self.rest = tokens[::-1]
        self._known = known

    def either(self) -> str:
        """`a || b`: the first that says something."""
        value = self._both()
        while self._takes("||"):
            other = self._both()
            value = value or other
        return value

    def _both(self) -> str:
        """`a && b`: the last, if all say something."""
        value = self._compared()
        while self._takes("&&"):
            other = self._compared()
            value = other if value else value
        return value

    def _compared(self) -> str:
        value = self._single()
        if self._takes("=="):
            return _truth(value.lower() == self._single().lower())
        if self._takes("!="):
            return _truth(value.lower() != self._single().lower())
        return value

    def _single(self) -> str:
        if self._takes("!"):
            return _truth(not self._single())
        if self._takes("("):
            value = self.either()
            if not self._takes(")"):
                raise _UnknownError
            return value
        if not self.rest:
            raise _UnknownError
        return self._named(self.rest.pop())

    def _named(self, token: str) -> str:
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if token[0].isdigit() or token[0] == "-":
            return token if float(token) else ""
        if token in _CONSTANTS:
            return _CONSTANTS[token]
        is_absent = token.startswith("matrix.") and WHOLE_MATRIX in self._known
        if token not in self._known and not is_absent:
            raise _UnknownError
        return self._known.get(token, "")

    def _takes(self, sign: str) -> bool:
        if self.rest and self.rest[-1] == sign:
            self.rest.pop()
            return True
        return False


def _truth(value: object) -> str:
    return "true" if value else ""
