"""Functions of numbers and of truth. Source: go-cty, function/stdlib/number.go."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, Decimal, DecimalException

from ctxopt.core.bake.evaluation import operators
from ctxopt.core.bake.evaluation.values import (
    PRECISION,
    Value,
    to_bool,
    to_number,
    to_text,
    to_whole,
)
from ctxopt.core.bake.records import BakeRefusedError


def add(one: Value, other: Value) -> Value:
    return operators.applied("+", one, other)


def subtract(one: Value, other: Value) -> Value:
    return operators.applied("-", one, other)


def multiply(one: Value, other: Value) -> Value:
    return operators.applied("*", one, other)


def divide(one: Value, other: Value) -> Value:
    return operators.applied("/", one, other)


def modulo(one: Value, other: Value) -> Value:
    return operators.applied("%", one, other)


def negate(one: Value) -> Value:
    return operators.alone("-", one)


def absolute(one: Value) -> Value:
    return abs(to_number(one))


def lessthan(one: Value, other: Value) -> Value:
    return operators.applied("<", one, other)


def lessthanorequalto(one: Value, other: Value) -> Value:
    return operators.applied("<=", one, other)


def greaterthan(one: Value, other: Value) -> Value:
    return operators.applied(">", one, other)


def greaterthanorequalto(one: Value, other: Value) -> Value:
    return operators.applied(">=", one, other)


def ceil(one: Value) -> Value:
    return to_number(one).to_integral_value(ROUND_CEILING)


def floor(one: Value) -> Value:
    return to_number(one).to_integral_value(ROUND_FLOOR)


def int_(one: Value) -> Value:
    return to_number(one).to_integral_value(ROUND_DOWN)


def signum(one: Value) -> Value:
    number = to_number(one)
    return Decimal((number > 0) - (number < 0))


def max_(first: Value, *rest: Value) -> Value:
    return max(map(to_number, (first, *rest)))


def min_(first: Value, *rest: Value) -> Value:
    return min(map(to_number, (first, *rest)))


def pow_(one: Value, other: Value) -> Value:
    try:
        return PRECISION.power(to_number(one), to_number(other))
    except DecimalException:
        raise BakeRefusedError("this power is no number that can be had") from None


def parseint(text: Value, base: Value) -> Value:
    radix = to_whole(base)
    try:
        if 2 <= radix <= 36:
            return Decimal(int(to_text(text)[:200], radix))
    except ValueError:
        pass
    raise BakeRefusedError(f'"{to_text(text)}" is no number of base {radix}')


def and_(one: Value, other: Value) -> Value:
    return to_bool(one) and to_bool(other)


def or_(one: Value, other: Value) -> Value:
    return to_bool(one) or to_bool(other)


def not_(one: Value) -> Value:
    return not to_bool(one)
