"""The transfers that a build's log tells of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from ctxopt.core.buildlog.lines import plain_lines
from ctxopt.core.timing.fit import CalibrationError, Sample
from ctxopt.core.timing.progress import StepUpdate, read_line


class _StepKind(StrEnum):
    """Whose transfer a line of a log is about, the one that is wanted first."""

    CONTEXT = "context"
    UNKNOWN = "unknown"  # someone kept only some of the lines
    NAMED = "named"
    OTHER = "other"  # the Dockerfile, the ignore file


# Left to be compiled by those who read a log: it takes milliseconds.
# Somebody's own script may put anything in front of a line.
_FRONT: Final = r"[^#]*\s(?=#\d+ )"


_CONTEXT_STEP: Final = r"\[(?:.* )?internal\] load build context"


_NAMED_STEP: Final = r"\[(?:.* )?context .*\] load from client"


def parse_log(text: str) -> tuple[Sample, ...]:
    """Return the transfers of build contexts in a log of any number of builds.

    Understood are both forms of BuildKit's progress; all else in the log is skipped.
    Transfers of named contexts count only where there are no others.
    """
    found: dict[_StepKind, list[Sample]] = {kind: [] for kind in _StepKind}
    for kind, sample in _transfers(text):
        found[kind].append(sample)
    for kind in (_StepKind.CONTEXT, _StepKind.UNKNOWN, _StepKind.NAMED):
        if found[kind]:
            return tuple(found[kind])
    return ()


def _transfers(text: str) -> Iterator[tuple[_StepKind, Sample]]:
    names: dict[str, str] = {}  # of steps; the next build counts from 1 again
    for line in plain_lines(text):
        for told in read_line(_without_front(line.text)):
            if isinstance(told, StepUpdate):
                if told.name is not None:
                    names[told.step] = told.name
            elif told.seconds is not None:
                kind = _kind(names.get(told.step), told.what)
                yield kind, Sample(told.wire_bytes or 0, told.seconds)


def _without_front(line: str) -> str:
    """The line as BuildKit printed it."""
    plain = line.strip()
    front = None if plain.startswith("{") else re.match(_FRONT, plain)
    return plain[front.end() :] if front else plain


def nothing_found(file: str) -> CalibrationError:
    """Return the error for a log without any transfer."""
    return CalibrationError(
        'no "transferring context:" line',
        hint="record one with docker build --progress=plain . 2> build.log",
        file=file,
    )


def _kind(name: str | None, what: str) -> _StepKind:
    """Tell whose transfer it is, by the step's name and the words before the size."""
    if name is None:
        return _StepKind.UNKNOWN if what == "context" else _StepKind.OTHER
    if re.match(_CONTEXT_STEP, name):
        return _StepKind.CONTEXT
    return _StepKind.NAMED if re.match(_NAMED_STEP, name) else _StepKind.OTHER
