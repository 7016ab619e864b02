"""What the operators of HCL make of their operands."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, DecimalException

from ctxopt.core.bake.evaluation import values
from ctxopt.core.bake.evaluation.values import Value
from ctxopt.core.bake.records import UnknownValueError

_NUMBERS: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": values.PRECISION.add,
    "-": values.PRECISION.subtract,
    "*": values.PRECISION.multiply,
    "/": values.PRECISION.divide,
    "%": values.PRECISION.remainder,
}
_ORDERS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": Decimal.__lt__,
    "<=": Decimal.__le__,
    ">": Decimal.__gt__,
    ">=": Decimal.__ge__,
}


def alone(sign: str, value: Value) -> Value:
    """`-1` or `!true`."""
    if sign == "!":
        return not values.to_bool(value)
    return values.PRECISION.minus(values.to_number(value))


def is_decided(sign: str, first: Value) -> bool:
    """Whether the left side of `&&` or `||` alone says what comes out."""
    return sign in {"&&", "||"} and values.to_bool(first) == (sign == "||")


def applied(sign: str, one: Value, other: Value) -> Value:
    """`one` and `other` with an operator between them."""
    if sign in {"==", "!="}:
        return values.is_same(one, other) == (sign == "==")
    if sign in {"&&", "||"}:
        return values.to_bool(other)
    first, second = values.to_number(one), values.to_number(other)
    if sign in _ORDERS:
        return _ORDERS[sign](first, second)
    # Where a number is divided by zero, go-cty goes on with an infinity.
    try:
        return _NUMBERS[sign](first, second)
    except DecimalException:
        message = (
            f"{values.to_text(first)} {sign} {values.to_text(second)} is no number"
        )
        raise UnknownValueError(message) from None
