"""Read what BuildKit transferred from its progress, in either of its forms.

Rule: moby/buildkit, util/progress/progressui: printer.go for `plain`, whose sizes
are rounded (tonistiigi/units), display.go and client/graph.go for `rawjson`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

_LINE: Final = re.compile(r"#(\d+) (.*)")
_SIZE: Final = re.compile(r"transferring [^:]*: (([0-9.]+)([kMGTPE]?)B)\b")
_END: Final = re.compile(r"(DONE|CACHED|CANCELED|ERROR)\b")
_TRANSFERRING: Final = "transferring "
_UNITS: Final = {unit: 1000**power for power, unit in enumerate(("", *"kMGTPE"))}


@dataclass(frozen=True, slots=True)
class ProgressStep:
    """One step of a build and what it transferred."""

    name: str
    wire_bytes: int | None = None  # None: nothing was transferred
    printed: str | None = None  # the size as text; None where docker gives the number
    exact: bool = True  # False: rounded
    done: bool = False  # it came to a good end

    def exactly(self, wire_bytes: int | None) -> ProgressStep:
        """Return this step with a size from a better source, if that told one."""
        if wire_bytes is None or self.wire_bytes is None:
            return self
        return replace(self, wire_bytes=wire_bytes, exact=True)


def find_step(steps: Iterable[ProgressStep], words: str) -> ProgressStep | None:
    """Return the builder's own step of that name, such as "load build context"."""
    for step in steps:
        if step.name.startswith(f"[internal] {words}"):
            return step
    return None


def parse_plain(text: str) -> tuple[ProgressStep, ...]:
    """Return the steps of `--progress=plain`; sizes from 1000 bytes are rounded."""
    steps: dict[str, ProgressStep] = {}
    for line in text.splitlines():
        if not (match := _LINE.fullmatch(line.rstrip())):
            continue
        number, words = match.groups()
        if number not in steps:
            steps[number] = ProgressStep(words)
        elif size := _SIZE.match(words):
            steps[number] = _with_size(steps[number], *size.groups())
        elif end := _END.match(words):
            done = end.group(1) in ("DONE", "CACHED")
            steps[number] = replace(steps[number], done=done)
    return tuple(steps.values())


def parse_rawjson(text: str) -> tuple[ProgressStep, ...]:
    """Return the steps of `--progress=rawjson`; lines that are none are skipped."""
    steps: dict[str, ProgressStep] = {}
    for line in text.splitlines():
        event = _object(line)
        for vertex in _objects(event, "vertexes"):
            digest = str(vertex.get("digest"))
            step = steps.get(digest) or ProgressStep(str(vertex.get("name", "")))
            done = bool(vertex.get("completed")) and not vertex.get("error")
            steps[digest] = replace(step, done=done)
        for status in _objects(event, "statuses"):
            digest, current = str(status.get("vertex")), status.get("current")
            named = str(status.get("id", "")).startswith(_TRANSFERRING)
            if named and digest in steps and isinstance(current, int):
                steps[digest] = replace(steps[digest], wire_bytes=current)
    return tuple(steps.values())


def _with_size(
    step: ProgressStep, printed: str, number: str, unit: str
) -> ProgressStep:
    wire_bytes = round(float(number) * _UNITS[unit])
    return replace(step, wire_bytes=wire_bytes, printed=printed, exact=not unit)


def _object(line: str) -> dict[str, object]:
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _objects(event: dict[str, object], key: str) -> list[dict[str, object]]:
    values = event.get(key)
    if not isinstance(values, list):
        return []
    return [value for value in values if isinstance(value, dict)]
