"""Go's durations, such as `1m30s`, as far as a refusal needs them.

Rule: Go, time/format.go, ParseDuration.
"""

from __future__ import annotations

import re

from ctxopt.core.golang.errors import RuleError

_UNITS = {
    "ns": 1,
    "us": 1_000,
    "\u00b5s": 1_000,
    "\u03bcs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}
_MAX = 1 << 63
_PART = re.compile(r"([0-9]*)(?:(\.)([0-9]*))?([^.0-9]*)")
_HINT = "write a duration such as 30s or 1m30s"


def parse_duration(text: str) -> int:
    """Give the duration in nanoseconds.

    Raises RuleError in Go's words.
    """
    negative = text.startswith("-")
    rest = text[1:] if text[:1] in ("-", "+") else text
    if rest == "0":
        return 0
    if not rest:
        raise _refused("invalid duration", text)
    total = position = 0
    while position < len(rest):
        match = _PART.match(rest, position)
        whole, fraction, unit = (
            (match[1], match[3] or "", match[4]) if match else ("",) * 3
        )
        if not whole and not fraction:
            raise _refused("invalid duration", text)
        if not unit:
            raise _refused("missing unit in duration", text)
        if unit not in _UNITS:
            message = f"time: unknown unit {_quote(unit)} in duration {_quote(text)}"
            raise RuleError(message, _HINT)
        total += _nanoseconds(whole, fraction, _UNITS[unit])
        if total > _MAX or len(whole) > len(str(_MAX)) + _leading_zeros(whole):
            raise _refused("invalid duration", text)
        position = match.end() if match else len(rest)
    if total == _MAX and not negative:
        raise _refused("invalid duration", text)
    return -total if negative else total


def _nanoseconds(whole: str, fraction: str, unit: int) -> int:
    part = int(fraction[:18].ljust(18, "0")) * unit // 10**18
    return int(whole[-20:] or "0") * unit + part


def _leading_zeros(digits: str) -> int:
    return len(digits) - len(digits.lstrip("0"))


def _refused(problem: str, text: str) -> RuleError:
    return RuleError(f"time: {problem} {_quote(text)}", _HINT)


def _quote(text: str) -> str:
    """Quote as package time does: bytes beyond ASCII and controls as hex."""
    octets = text.encode("utf-8", "surrogateescape")
    return '"' + "".join(map(_quote_octet, octets)) + '"'


def _quote_octet(octet: int) -> str:
    char = chr(octet)
    if char in '"\\':
        return "\\" + char
    return char if " " <= char < "\x80" else f"\\x{octet:02x}"
