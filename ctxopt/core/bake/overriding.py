"""A variable's text from the environment as the type that the variable has.

Source: buildx, bake/hclparser/hclparser.go, resolveValue and valueFromCSV.
"""

from __future__ import annotations

import csv

from ctxopt.core.bake.evaluation.values import Value, kind_of, to_number
from ctxopt.core.bake.functions.encoding import jsondecode
from ctxopt.core.bake.functions.types import SIMPLE, Kind, fitted
from ctxopt.core.bake.records import BakeRefusedError
from ctxopt.core.golang.text import parse_bool


def of_json(text: str, wanted: Kind) -> Value:
    """What NAME_JSON says, for a variable with a type."""
    return fitted(jsondecode(text), wanted)


def of_text(text: str, wanted: Kind | None, default: Value) -> Value:
    """What NAME says: by the type, else by that of the default."""
    if wanted is None:
        kind = kind_of(default)
        if kind == "null":
            return text
        if kind in SIMPLE:
            return _simple(text, kind)
        raise BakeRefusedError(f"a variable without a type cannot be set to a {kind}")
    if wanted.word in SIMPLE:
        return _simple(text, wanted.word)
    if wanted.word == "any":
        raise BakeRefusedError("a variable of any type is set with NAME_JSON only")
    return _of_list(text, wanted)


def _simple(text: str, word: str) -> Value:
    if word == "string":
        return text
    if word == "number":
        return to_number(text)
    found = parse_bool(text)
    if found is None:
        raise BakeRefusedError(f'"{text}" is neither true nor false')
    return found


def _of_list(text: str, wanted: Kind) -> Value:
    if wanted.word == "object" or any(one.word not in SIMPLE for one in wanted.members):
        raise BakeRefusedError(f"a variable of this {wanted.word} is set as JSON only")
    fields = _fields(text, ",")
    if wanted.word == "map":
        return {
            key: _simple(value, wanted.members[0].word)
            for key, value in map(_pair, fields)
        }
    if wanted.word == "tuple" and len(fields) != len(wanted.members):
        raise BakeRefusedError(f"{len(wanted.members)} values are needed")
    members = wanted.members if wanted.word == "tuple" else wanted.members * len(fields)
    found = tuple(
        _simple(one, it.word) for one, it in zip(fields, members, strict=True)
    )
    return fitted(found, wanted)


def _pair(field: str) -> tuple[str, str]:
    pieces = _fields(field, ":")
    if len(pieces) != 2:
        raise BakeRefusedError(f'"{field}" is no KEY:VALUE')
    return pieces[0], pieces[1]


def _fields(text: str, comma: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=comma, strict=True), [])
    except csv.Error:
        raise BakeRefusedError(f'"{text}" is no list with commas') from None
