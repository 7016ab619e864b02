"""Functions of text. Source: go-cty, function/stdlib/string.go and regexp.go."""

from __future__ import annotations

import re
from decimal import Decimal

from ctxopt.core.bake.evaluation.values import (
    Value,
    bounded,
    to_sequence,
    to_text,
    to_whole,
)
from ctxopt.core.bake.records import UnknownValueError
from ctxopt.core.golang import text as golang_text
from ctxopt.core.golang.paths import clean

_UNSAFE = re.compile(r"[^a-zA-Z0-9_-]")


def lower(text: Value) -> Value:
    return golang_text.lower(to_text(text))


def upper(text: Value) -> Value:
    return golang_text.upper(to_text(text))


def title(text: Value) -> Value:
    return re.sub(r"(?:^|(?<=\s))\S", lambda one: one[0].upper(), to_text(text))


def trim(text: Value, letters: Value) -> Value:
    return to_text(text).strip(to_text(letters) or "\0")


def trimprefix(text: Value, prefix: Value) -> Value:
    return to_text(text).removeprefix(to_text(prefix))


def trimsuffix(text: Value, suffix: Value) -> Value:
    return to_text(text).removesuffix(to_text(suffix))


def trimspace(text: Value) -> Value:
    return golang_text.trim_space(to_text(text))


def chomp(text: Value) -> Value:
    return to_text(text).rstrip("\r\n")


def indent(width: Value, text: Value) -> Value:
    depth = to_whole(width)
    return bounded(to_text(text).replace("\n", "\n" + " " * min(depth, 1 << 12)))


def reverse(text: Value) -> Value:
    return to_text(text)[::-1]


def strlen(text: Value) -> Value:
    return Decimal(len(to_text(text)))


def substr(text: Value, offset: Value, length: Value) -> Value:
    """Counts from the end where `offset` is negative; to the end with length -1."""
    whole, start, count = to_text(text), to_whole(offset), to_whole(length)
    start = max(len(whole) + start, 0) if start < 0 else start
    return whole[start:] if count < 0 else whole[start : start + count]


def replace(text: Value, old: Value, new: Value) -> Value:
    whole, gone, come = to_text(text), to_text(old), to_text(new)
    if len(whole) * max(len(come), 1) > 1 << 24:
        raise UnknownValueError("this text grows too long to be read")
    return bounded(whole.replace(gone, come))


def split(separator: Value, text: Value) -> Value:
    sign, whole = to_text(separator), to_text(text)
    if not whole:
        return ("",) if sign else ()
    return tuple(whole.split(sign)) if sign else tuple(whole)


def join(separator: Value, *lists: Value) -> Value:
    members = [to_text(one) for part in lists for one in to_sequence(part)]
    return bounded(to_text(separator).join(members))


def basename(path: Value) -> Value:
    text = to_text(path)
    return (text.rstrip("/").rpartition("/")[2] or "/") if text else "."


def dirname(path: Value) -> Value:
    folder, slash, _ = to_text(path).rpartition("/")
    return clean(folder + slash)


def sanitize(name: Value) -> Value:
    return _UNSAFE.sub("_", to_text(name))
