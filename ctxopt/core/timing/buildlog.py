"""The transfers that a build's log tells of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from ctxopt.core.timing.fit import CalibrationError, Sample


class _StepKind(StrEnum):
    """Whose transfer a line of a log is about, the one that is wanted first."""

    CONTEXT = "context"
    UNKNOWN = "unknown"  # someone kept only some of the lines
    NAMED = "named"
    OTHER = "other"  # the Dockerfile, the ignore file


# Left to be compiled by those who read a log: it takes milliseconds.
_COLOUR: Final = r"\x1b\[[0-9;?]*[ -/]*[@-~]"


# CI services put a time in front of each line, and compose a name.
_PLAIN: Final = r"(?:[^#]*\s)?#(\d+) (.*)"


_CONTEXT_STEP: Final = r"\[(?:.* )?internal\] load build context"


_NAMED_STEP: Final = r"\[(?:.* )?context .*\] load from client"


_DONE: Final = r"transferring ([^:]+):(?: ([0-9.]+)([kMGTPE]?)B)?(?: ([0-9.]+)s)? done"


_UNITS: Final = {unit: 1000**power for power, unit in enumerate(("", *"kMGTPE"))}


def parse_log(text: str) -> tuple[Sample, ...]:
    """Return the transfers of build contexts in a log of any number of builds.

    Understood are BuildKit's progress `plain`, whose figures are rounded, and
    `rawjson`; all else in the log is skipped. Transfers of named contexts count only
    where there are no others.
    Rule: moby/buildkit, util/progress/progressui/printer.go and client/graph.go.
    """
    found: dict[_StepKind, list[Sample]] = {kind: [] for kind in _StepKind}
    names: dict[str, str] = {}  # of steps, by number or digest
    for line in text.splitlines():
        plain = re.sub(_COLOUR, "", line).strip()
        read = _read_json if plain.startswith("{") else _read_plain
        for kind, sample in read(plain, names):
            found[kind].append(sample)
    for kind in (_StepKind.CONTEXT, _StepKind.UNKNOWN, _StepKind.NAMED):
        if found[kind]:
            return tuple(found[kind])
    return ()


def nothing_found(file: str) -> CalibrationError:
    """Return the error for a log without any transfer."""
    return CalibrationError(
        'no "transferring context:" line',
        hint="record one with docker build --progress=plain . 2> build.log",
        file=file,
    )


def _read_plain(line: str, names: dict[str, str]) -> Iterator[tuple[_StepKind, Sample]]:
    if not (match := re.fullmatch(_PLAIN, line)):
        return
    number, words = match.groups()
    if words.startswith("["):
        names[number] = words  # also the next build's, which counts from 1 again
    elif done := re.fullmatch(_DONE, words):
        what, size, unit, seconds = done.groups()
        sample = _rounded(size or "0", unit or "", seconds or "0")
        if sample is not None:
            yield _kind(names.get(number), what), sample


def _rounded(size: str, unit: str, seconds: str) -> Sample | None:
    """Return what was printed, None for what is no number after all."""
    try:
        return Sample(round(float(size) * _UNITS[unit]), float(seconds))
    except (ValueError, OverflowError):
        return None


def _read_json(line: str, names: dict[str, str]) -> Iterator[tuple[_StepKind, Sample]]:
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return
    for vertex in _objects(event, "vertexes"):
        names[str(vertex.get("digest"))] = str(vertex.get("name", ""))
    for status in _objects(event, "statuses"):
        what = str(status.get("id", "")).removesuffix(":")
        wire_bytes = status.get("current", 0)
        started, completed = _instant(status, "started"), _instant(status, "completed")
        if (
            what.startswith("transferring ")
            and isinstance(wire_bytes, int)
            and wire_bytes >= 0
            and started is not None
            and completed is not None
        ):
            seconds = max(completed - started, 0) / 1e9
            name = names.get(str(status.get("vertex")))
            kind = _kind(name, what.removeprefix("transferring "))
            yield kind, Sample(wire_bytes, seconds)


def _objects(event: object, key: str) -> list[dict[str, object]]:
    values = event.get(key) if isinstance(event, dict) else None
    if not isinstance(values, list):
        return []
    return [value for value in values if isinstance(value, dict)]


def _kind(name: str | None, what: str) -> _StepKind:
    """Tell whose transfer it is, by the step's name and the words before the size."""
    if name is None:
        return _StepKind.UNKNOWN if what == "context" else _StepKind.OTHER
    if re.match(_CONTEXT_STEP, name):
        return _StepKind.CONTEXT
    return _StepKind.NAMED if re.match(_NAMED_STEP, name) else _StepKind.OTHER


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
