"""Variables in a text: `$NAME`, `${NAME}` and its modifiers become values.

    interpolate("${TAG:-latest}", {}.get) == "latest"

Source: compose-spec, 12-interpolation.md; compose-go, template/template.go,
SubstituteWithOptions.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

Lookup: TypeAlias = Callable[[str], str | None]

_NAME = "[_a-z][_a-z0-9]*"
# What a modifier is given goes to the last brace of the line; `_end` finds its own.
_REFERENCE = re.compile(
    rf"\$(?:(?P<escaped>\$)|(?P<named>{_NAME})"
    rf"|\{{(?P<braced>{_NAME})(?:\}}|(?P<modifier>:?[-?+])(?P<words>.*)\}})"
    r"|(?P<open>\{))",
    re.IGNORECASE,
)


class InterpolationError(ValueError):
    """A text whose variables cannot be put in: `text` is the part that is meant."""

    def __init__(self, message: str, text: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.text = text
        self.hint = hint


def interpolate(
    text: str, lookup: Lookup, unset: Callable[[str], object] | None = None
) -> str:
    """The text with the values of its variables; one that is not set is empty.

    `unset` hears the name of each that is not set and has no default. Raises
    InterpolationError for `${`, that begins no variable, and for one that is required.
    """
    done: list[str] = []
    position = 0
    while found := _REFERENCE.search(text, position):
        done.append(text[position : found.start()])
        end = _end(found)
        done.append(_value(found, end, lookup, unset))
        position = end
    return "".join(done) + text[position:]


def _end(found: re.Match[str]) -> int:
    """Behind the brace that closes a reference; with modifiers, braces are counted.

    Rule: compose-go, template.go, getFirstBraceClosingIndex: what follows an opening
    brace is not looked at.
    """
    if found["modifier"] is None:
        return found.end()
    text, depth, at = found.string, 0, found.start()
    while at < found.end():
        if text[at] == "}":
            depth -= 1
            if depth == 0:
                return at + 1
        if text[at] == "{":
            depth += 1
            at += 1
        at += 1
    return found.end()


def _value(
    found: re.Match[str],
    end: int,
    lookup: Lookup,
    unset: Callable[[str], object] | None,
) -> str:
    if found["escaped"]:
        return "$"
    if found["open"]:
        raise InterpolationError(
            '"${" begins no variable here',
            found.string,
            "write $$ for a dollar sign, or a name and its closing brace",
        )
    name = found["named"] or found["braced"]
    if found["modifier"]:
        words = found.string[found.start("words") : end - 1]
        return _modified(name, found["modifier"], words, lookup, unset)
    value = lookup(name)
    if value is None and unset is not None:
        unset(name)
    return value or ""


def _modified(
    name: str,
    modifier: str,
    words: str,
    lookup: Lookup,
    unset: Callable[[str], object] | None,
) -> str:
    """The value of a variable with a modifier; a colon takes an empty one for unset."""
    value = lookup(name)
    is_set = bool(value) if modifier[0] == ":" else value is not None
    if modifier[-1] == "+":
        return interpolate(words, lookup, unset) if is_set else value or ""
    if is_set:
        return value or ""
    replaced = interpolate(words, lookup, unset)
    if modifier[-1] == "-":
        return replaced
    why = f": {replaced}" if replaced else ""
    raise InterpolationError(
        f"variable {name} is required{why}",
        f"${{{name}{modifier}{words}}}",
        f"set {name} in the environment or in .env",
    )
