"""What a line of BuildKit's progress tells of a step, in either of its forms.

For example, `#4 transferring context: 26.62MB 0.4s done` is a transfer of step "4":
26,620,000 bytes as far as they are printed, in 0.4 seconds.

Rule: moby/buildkit, util/progress/progressui: printer.go for `plain`, whose sizes
are rounded (tonistiigi/units), display.go and client/graph.go for `rawjson`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from ctxopt.core.tuples import NamedTuple

# Left to be compiled by those who read progress: it takes milliseconds.
_LINE: Final = r"#(\d+) (.*)"
_TRANSFER: Final = r"transferring ([^:]*):(?: (([0-9.]+)([kMGTPE]?)B)\b)?(.*)"
_OVER: Final = r"(?: ([0-9.]+)s)? done"
_END: Final = r"(DONE|CACHED|CANCELED|ERROR)\b"
_GOOD_ENDS: Final = ("DONE", "CACHED")
_TRANSFERRING: Final = "transferring "
_UNITS: Final = {unit: 1000**power for power, unit in enumerate(("", *"kMGTPE"))}


class StepUpdate(NamedTuple):
    """What a step is called, or how it ended."""

    step: str  # its number, or its digest
    name: str | None = None  # None: not told here
    done: bool | None = None  # True: it came to a good end; None: not told here
    error: str = ""  # what it failed with; "" where that is not told


class StepTransfer(NamedTuple):
    """How far a transfer of a step is."""

    step: str
    what: str  # "context", "dockerfile", the name of a named context
    wire_bytes: int | None = None  # None: not told
    printed: str | None = None  # the size as text; None where there is the number
    exact: bool = True  # False: rounded
    seconds: float | None = None  # None: it is not over


_Told: TypeAlias = StepUpdate | StepTransfer


def read_line(line: str) -> Iterator[_Told]:
    """Yield what a line tells; nothing for one that is not of BuildKit."""
    return _read_json(line) if line.startswith("{") else _read_plain(line)


def _read_plain(line: str) -> Iterator[_Told]:
    if not (match := re.fullmatch(_LINE, line.rstrip())):
        return
    step, words = match.groups()
    if words.startswith("["):
        yield StepUpdate(step, name=words)
    elif transfer := re.fullmatch(_TRANSFER, words):
        try:
            yield _transfer(step, transfer)
        except (ValueError, OverflowError):
            return  # what was printed is no number after all
    elif end := re.match(_END, words):
        good, error = end.group(1) in _GOOD_ENDS, words[end.end() :].lstrip(": ")
        yield StepUpdate(step, done=good, error="" if good else error)


def _transfer(step: str, match: re.Match[str]) -> StepTransfer:
    """Raises ValueError and OverflowError for numbers that are none."""
    what, printed, number, unit, rest = match.groups()
    over = re.fullmatch(_OVER, rest)
    return StepTransfer(
        step,
        what,
        wire_bytes=round(float(number) * _UNITS[unit]) if number else None,
        printed=printed,
        exact=not unit,
        seconds=float(over.group(1) or 0) if over else None,
    )


def _read_json(line: str) -> Iterator[_Told]:
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return
    for vertex in _objects(event, "vertexes"):
        error = str(vertex.get("error") or "")
        done = bool(vertex.get("completed")) and not error
        name = str(vertex.get("name", ""))
        yield StepUpdate(str(vertex.get("digest")), name=name, done=done, error=error)
    for status in _objects(event, "statuses"):
        what, current = str(status.get("id", "")), status.get("current")
        wire_bytes = current if isinstance(current, int) and current >= 0 else None
        if what.startswith(_TRANSFERRING) and wire_bytes == current:
            yield StepTransfer(
                str(status.get("vertex")),
                what.removeprefix(_TRANSFERRING).removesuffix(":"),
                wire_bytes=wire_bytes,
                seconds=_seconds(status),
            )


def _objects(event: object, key: str) -> list[dict[str, object]]:
    values = event.get(key) if isinstance(event, dict) else None
    if not isinstance(values, list):
        return []
    return [value for value in values if isinstance(value, dict)]


def _seconds(status: dict[str, object]) -> float | None:
    started, completed = _instant(status, "started"), _instant(status, "completed")
    if started is None or completed is None:
        return None
    return max(completed - started, 0) / 1e9


_INSTANT: Final = (
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?"
    r"(?:Z|([+-])(\d\d):(\d\d))"
)


def _instant(status: dict[str, object], key: str) -> int | None:
    """Return a time as nanoseconds since some day; None where there is none.

    Rule: RFC 3339, as Go prints it. `datetime.fromisoformat` would cut off the
    nanoseconds, and knows forms that Go never prints.
    """
    if not (match := re.fullmatch(_INSTANT, str(status.get(key, "")))):
        return None
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    fraction, sign, hours, minutes = match.groups()[6:]
    # Years that begin in March end with the leap day.
    year, month = (year, month - 3) if month > 2 else (year - 1, month + 9)
    days = 365 * year + year // 4 - year // 100 + year // 400
    days += (153 * month + 2) // 5 + day
    offset = int(f"{sign or '+'}1") * (int(hours or 0) * 60 + int(minutes or 0))
    seconds = ((days * 24 + hour) * 60 + minute - offset) * 60 + second
    return seconds * 1_000_000_000 + int((fraction or "").ljust(9, "0"))
