"""Values of HCL: text, numbers, truth, null, sequences and tables; their conversions.

A number is a `Decimal`, a sequence a `tuple`, a table a `dict`. Source: go-cty,
cty/convert, and hcl, hclsyntax/spec.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context, Decimal, DecimalException
from typing import TypeAlias

from ctxopt.core.bake.records import BakeRefusedError

Value: TypeAlias = (
    "str | Decimal | bool | tuple[Value, ...] | Mapping[str, Value] | None"
)

# go-cty reckons with 512 bits, which are about 154 digits.
PRECISION = Context(prec=154, Emax=4000, Emin=-4000)
_MOST_LETTERS = 1 << 20


def kind_of(value: Value) -> str:
    """What a value is, in a word for a message."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, str):
        return "string"
    if isinstance(value, Decimal):
        return "number"
    return "list" if isinstance(value, tuple) else "object"


def to_text(value: Value) -> str:
    """A simple value as text: `1.50` is "1.5". Others are errors."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return _digits(value)
    if isinstance(value, str):
        return value
    raise BakeRefusedError(f"a string is needed here, not {kind_of(value)}")


def _digits(number: Decimal) -> str:
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def to_number(value: Value) -> Decimal:
    """A number, also out of text that is one."""
    if isinstance(value, Decimal):
        return value
    try:
        if isinstance(value, str) and "_" not in value and value == value.strip():
            number = PRECISION.create_decimal(value)
            if number.is_finite():
                return number
    except DecimalException:
        pass
    raise BakeRefusedError(f"a number is needed here, not {kind_of(value)}")


def to_bool(value: Value) -> bool:
    """True or false, also out of their words."""
    if isinstance(value, bool):
        return value
    if value in {"true", "1"} if isinstance(value, str) else False:
        return True
    if value in {"false", "0"} if isinstance(value, str) else False:
        return False
    raise BakeRefusedError(f"true or false is needed here, not {kind_of(value)}")


def to_sequence(value: Value) -> tuple[Value, ...]:
    """The members of a list."""
    if isinstance(value, tuple):
        return value
    raise BakeRefusedError(f"a list is needed here, not {kind_of(value)}")


def to_table(value: Value) -> Mapping[str, Value]:
    """The rows of an object or map."""
    if isinstance(value, Mapping):
        return value
    raise BakeRefusedError(f"a map is needed here, not {kind_of(value)}")


def to_whole(value: Value) -> int:
    """A whole number that fits what a list can hold."""
    number = to_number(value)
    if number != number.to_integral_value() or abs(number) > 1 << 31:
        raise BakeRefusedError("a whole number is needed here")
    return int(number)


def is_same(one: Value, other: Value) -> bool:
    """Whether two values are equal and of one kind: `1` is not "1", nor `true`."""
    if kind_of(one) != kind_of(other):
        return False
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(is_same, one, other))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(
            is_same(one[key], other[key]) for key in one
        )
    return one == other


def bounded(text: str) -> str:
    """`text`, unless it grew beyond what any build could need."""
    if len(text) > _MOST_LETTERS:
        raise BakeRefusedError("this text grows too long to be read")
    return text


def unified(values: tuple[Value, ...]) -> tuple[Value, ...]:
    """Simple values of different kinds as text, as a list of one type holds them."""
    kinds = {kind_of(value) for value in values if value is not None}
    if len(kinds) > 1 and kinds <= {"string", "number", "bool"}:
        return tuple(None if one is None else to_text(one) for one in values)
    return values
