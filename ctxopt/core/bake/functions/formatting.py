"""`format` and `formatlist`. Source: go-cty, function/stdlib/format.go."""

from __future__ import annotations

import re
from decimal import Decimal

from ctxopt.core.bake.evaluation.values import (
    Value,
    bounded,
    to_bool,
    to_number,
    to_text,
)
from ctxopt.core.bake.functions.encoding import jsonencode
from ctxopt.core.bake.records import BakeRefusedError, UnknownValueError

_VERB = re.compile(
    r"%(?:%|([-+ #0]*)(\d{0,3})(?:\.(\d{0,3}))?(?:\[(\d{1,3})\])?(\w))|%"
)


def format_(template: Value, *given: Value) -> Value:
    """The template with its verbs (`%s`, `%05d`, `%q`, `%v`) filled in order."""
    pieces = _Filling(given)
    return bounded(_VERB.sub(pieces.filled, to_text(template)))


def formatlist(template: Value, *given: Value) -> Value:
    """One text for each member of the lists, which are as long as each other."""
    lengths = {len(one) for one in given if isinstance(one, tuple)}
    if len(lengths) > 1:
        raise BakeRefusedError("the lists of formatlist differ in length")
    rows = range(lengths.pop() if lengths else 1)
    return tuple(
        format_(
            template, *(one[at] if isinstance(one, tuple) else one for one in given)
        )
        for at in rows
    )


class _Filling:
    """The arguments of a template, of which each verb takes the next."""

    def __init__(self, given: tuple[Value, ...]) -> None:
        self._given = given
        self._next = 0

    def filled(self, verb: re.Match[str]) -> str:
        """What stands in place of a verb."""
        if verb[0] == "%%":
            return "%"
        if verb[5] is None:
            raise BakeRefusedError('write "%%" for a percent sign in format')
        value = self._taken(verb[4])
        text = _written(verb, value)
        width = int(verb[2] or 0)
        if "-" in verb[1]:
            return text.ljust(width)
        return text.zfill(width) if "0" in verb[1] else text.rjust(width)

    def _taken(self, number: str | None) -> Value:
        at = int(number) - 1 if number else self._next
        self._next = at + 1
        if not 0 <= at < len(self._given):
            raise BakeRefusedError("format has more verbs than values")
        return self._given[at]


def _written(verb: re.Match[str], value: Value) -> str:
    letter = verb[5]
    if letter == "v":
        simple = isinstance(value, str | Decimal | bool)
        return to_text(value if simple else jsonencode(value))
    if letter == "t":
        return to_text(to_bool(value))
    if letter == "s":
        text = to_text(value)
        return text[: int(verb[3])] if verb[3] else text
    if letter == "q":
        return to_text(jsonencode(to_text(value)))
    return _number(verb, to_number(value))


def _number(verb: re.Match[str], number: Decimal) -> str:
    letter = verb[5]
    if letter == "f":
        return f"{number:.{int(verb[3] or 6)}f}"
    if letter not in "dboxX":
        raise UnknownValueError(f'what "{verb[0]}" writes is not known here')
    text = format(int(number), letter)
    return f"+{text}" if "+" in verb[1] and number >= 0 else text
