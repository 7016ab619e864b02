"""A course of values in one line of eight heights."""

from __future__ import annotations

from collections.abc import Sequence

# Growth of less than this share of the whole stays flat: it is no event.
NOTICED_SHARE = 0.01


def extent(past: Sequence[tuple[float, int]], since: float) -> tuple[int, int]:
    """The smallest and the largest value there was since then."""
    before = [value for when, value in past if when <= since][-1:]
    values = before + [value for when, value in past if when > since]
    return min(values), max(values)


def sampled(
    past: Sequence[tuple[float, int]], at: float, count: int, seconds: float
) -> list[int | None]:
    """The largest value in each of `count` equal parts of the last `seconds`.

    A part without a measurement has the value before it; None before the first.
    """
    start, step = at - seconds, seconds / count
    highest: dict[int, int] = {}
    latest: dict[int, int] = {}
    for when, value in past:
        # -1: before all of it; a clock may also run ahead of `at`.
        part = min(max(int((when - start) // step), -1), count - 1)
        highest[part] = max(value, highest.get(part, value))
        latest[part] = value
    values: list[int | None] = []
    current = latest.get(-1)
    for part in range(count):
        values.append(highest.get(part, current))
        current = latest.get(part, current)
    # What it is now must show, even if it was more a moment ago.
    return [*values[:-1], current]


def drawn(values: Sequence[int | None], low: int, high: int, sparks: str) -> str:
    """The values as characters of `sparks`, blank where nothing was measured."""
    span = max(high - low, high * NOTICED_SHARE, 1)
    top = len(sparks) - 1
    return "".join(
        " "
        if value is None
        else sparks[max(min(int((value - low) / span * len(sparks)), top), 0)]
        for value in values
    )
