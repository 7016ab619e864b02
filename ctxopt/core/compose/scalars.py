"""What an unquoted word of YAML means to compose, and how Go prints it.

Compose decodes with go-yaml, whose words are neither those of YAML 1.1 nor of 1.2:
`yes` and `on` are text, `010` is eight, `1_000` a thousand, a date is a time.

Source: go-yaml, internal/libyaml/resolver.go, resolve; strconv.FormatFloat.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from decimal import Decimal

from ctxopt.core.compose.nodes import Plain

_WORDS: dict[str, Plain] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys(("-0", "-0.0"), -0.0),
}
_INTEGER = re.compile(
    r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))"
)
_BASES = (16, 2, 8, 10)
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_TIME = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:(?P<sep>[Tt ])([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?P<part>\.[0-9]{1,9})?"
    r"(?P<zone>Z|[-+][0-9]{2}:[0-9]{2})?)?"
)
_STANDARD = "tag:yaml.org,2002:"
_KINDS: dict[str, tuple[type, ...]] = {
    "null": (type(None),),
    "bool": (bool,),
    "int": (int,),
    "float": (float, int),
}


class WrongTagError(ValueError):
    """A value that is not what its tag says."""


def plain_value(word: str) -> Plain:
    """The value of an unquoted word: `010` is 8, `yes` is "yes"."""
    if word in _WORDS:
        return _WORDS[word]
    if word[0] == ".":
        return float(word) if _FLOAT.fullmatch(word) else word
    if word[0] not in "+-0123456789":
        return word
    moment = _time(word)
    return _number(word) if moment is None else moment


def tagged_value(tag: str, word: str) -> Plain:
    """The value of a word behind a tag, such as `!!str 010`; raises WrongTagError.

    A tag that nobody knows leaves it text.
    """
    kind = tag.removeprefix(_STANDARD)
    if tag == kind or kind in {"str", "merge"}:
        return word
    if kind == "binary":
        return _binary(word)
    found = plain_value(word)
    wanted = _KINDS.get(kind, (str,))
    if type(found) not in wanted:
        raise WrongTagError(f"this is no !!{kind}")
    return float(found) if kind == "float" and isinstance(found, int) else found


def go_text(value: Plain) -> str:
    """A value as Go prints it with `%v`: `true`, `1.1`, `1e+06`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return _float_text(value) if isinstance(value, float) else str(value)


def _number(word: str) -> Plain:
    plain = word.replace("_", "")
    found = _INTEGER.fullmatch(plain)
    if found is not None:
        sign, *digits = found.groups()
        number = next(
            int(text, base)
            for text, base in zip(digits, _BASES, strict=True)
            if text is not None
        )
        if number < 1 << 63 or (not sign and number < 1 << 64):
            return -number if sign == "-" else number
    return float(plain) if _FLOAT.fullmatch(plain) else word


def _float_text(value: float) -> str:
    if math.isinf(value) or math.isnan(value):
        return {math.inf: "+Inf", -math.inf: "-Inf"}.get(value, "NaN")
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    first = len(digits) + int(exponent) - 1
    if not value or -4 <= first < 6:  # strconv.FormatFloat, 'g' of the shortest
        return format(Decimal(repr(value)).normalize(), "f")
    text = "".join(map(str, digits))
    mantissa = f"{text[0]}.{text[1:]}" if text[1:] else text
    return f"{'-' if sign else ''}{mantissa}e{first:+03d}"


def _binary(word: str) -> str:
    try:
        return base64.b64decode("".join(word.split()), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise WrongTagError("this is no base64 of text") from None


def _time(word: str) -> str | None:
    """A date or time as Go prints it; None for what is none."""
    found = _TIME.fullmatch(word)
    if found is None or (found["sep"] in {"T", "t"}) != (found["zone"] is not None):
        return None
    date = [int(found[at]) for at in (1, 2, 3)]
    clock = [int(found[at] or 0) for at in (5, 6, 7)]
    if not _is_date(*date) or clock[0] > 23 or max(clock) > 59:
        return None
    part = (found["part"] or "").rstrip("0").rstrip(".")
    day = "{:04}-{:02}-{:02}".format(*date)
    moment = "{:02}:{:02}:{:02}".format(*clock)
    return f"{day} {moment}{part} {_zone(found['zone'])}"


def _is_date(year: int, month: int, day: int) -> bool:
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = (31, 29 if is_leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return 1 <= month <= 12 and 1 <= day <= days[month - 1]


def _zone(zone: str | None) -> str:
    if zone in {None, "Z"}:
        return "+0000 UTC"
    offset = str(zone).replace(":", "")
    return f"{offset} {offset}"
