"""JSON arrays of strings, judged as Go's encoding/json judges them."""

from __future__ import annotations

import math
import re

from ctxopt.core.golang.errors import RuleError
from ctxopt.core.golang.text import SPACES, as_runes

_BLANKS = " \t\r\n"
_LEXEME = r"""[ \t\r\n]*(?:
        (?P<string>"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+")
      | (?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
      | (?P<word>true|false|null)
      | (?P<mark>[][{},:])
    )"""
_MAX_DEPTH = 10_000  # encoding/json, scanner.go, maxNestingDepth
# What may come next, by what was read last and what it stands in.
_VALUE_STARTS = frozenset(["string", "number", "word", "[", "{"])


def string_array(text: str) -> tuple[str, ...] | None:
    """Read an array of strings; None if the text is no JSON array at all.

    Rule: moby/buildkit, parser/line_parsers.go, parseJSON: what is not valid JSON
    falls back to the shell form, what is valid but holds anything else is refused.
    """
    text = text.lstrip(SPACES)
    if not text.startswith("["):
        return None
    plain = _plain_strings(text)
    if plain is not None:
        return plain
    tokens = _tokens(text)
    if tokens is None or not _is_valid(tokens):
        return None
    elements = tokens[1:-1:2]
    if any(kind != "string" for kind, _ in elements):
        message = (
            "when using JSON array syntax, arrays must be comprised of strings only"
        )
        raise RuleError(message, "quote every element of the array")
    import json  # start-up: few arrays need it

    return tuple(as_runes(json.loads(token)) for _, token in elements)


def _plain_strings(text: str) -> tuple[str, ...] | None:
    """The same for most arrays: strings without escapes or commas; None for others.

    It is what reading token by token comes to, without an expression to compile.
    """
    text = text.rstrip(_BLANKS)
    if not text.endswith("]") or "\\" in text or not text.isascii():
        return None
    strings = [one.strip(_BLANKS) for one in text[1:-1].split(",")]
    for one in strings:
        is_string = len(one) > 1 and one[0] == one[-1] == '"' and one.count('"') == 2
        if not is_string or not one.isprintable():
            return None
    return tuple(one[1:-1] for one in strings)


def _tokens(text: str) -> list[tuple[str, str]] | None:
    """Split into tokens, each with its kind; a mark is its own kind."""
    found: list[tuple[str, str]] = []
    token_at = re.compile(_LEXEME, re.VERBOSE)
    position, end = 0, len(text.rstrip(_BLANKS))
    while position < end:
        match = token_at.match(text, position)
        if match is None:
            return None
        kind = str(match.lastgroup)
        token = match[kind]
        if kind == "number" and not math.isfinite(float(token)):
            return None  # Go cannot hold it, and then the whole array is no JSON
        found.append((token if kind == "mark" else kind, token))
        position = match.end()
    return found


def _is_valid(tokens: list[tuple[str, str]]) -> bool:
    """Whether the tokens form exactly one value."""
    stack: list[str] = []
    expected = _VALUE_STARTS
    for index, (kind, _) in enumerate(tokens):
        if kind not in expected or (index and not stack):
            return False
        if kind in "[{":
            stack.append(kind)
            if len(stack) > _MAX_DEPTH:
                return False
            expected = _after_opening(kind)
        else:
            if kind in "]}":
                stack.pop()
            expected = _after(kind, stack, keyed=expected)
    return not stack


def _after_opening(kind: str) -> frozenset[str]:
    return _VALUE_STARTS | {"]"} if kind == "[" else frozenset(["string", "}"])


def _after(kind: str, stack: list[str], *, keyed: frozenset[str]) -> frozenset[str]:
    """What may follow a complete value, a comma or a colon."""
    if not stack:
        return frozenset(["end"])
    if kind == ":":
        return _VALUE_STARTS
    if stack[-1] == "[":
        return _VALUE_STARTS if kind == "," else frozenset([",", "]"])
    if kind == ",":
        return frozenset(["string"])
    is_key = kind == "string" and "number" not in keyed
    return frozenset([":"]) if is_key else frozenset([",", "}"])
