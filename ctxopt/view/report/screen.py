"""What of a report fits on one screen: each section gives way a row at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ctxopt.core.tuples import NamedTuple
from ctxopt.view.terminal.layout import Line

SCREEN = 40  # lines that a person reads without scrolling

Row = tuple[Line, ...]


class Section(NamedTuple):
    """A part of a page: its head, its rows, and what is said of those left out.

    `rest` gets the indexes of the rows that are not shown, none for all. Where some
    are left out, those are shown that come first in `order`; how many at least, where
    room is short, very short and shorter still, is in `giving`. Of none, `rest` tells.
    """

    head: Sequence[Line] = ()
    rows: Sequence[Row] = ()
    rest: Callable[[Sequence[int]], Sequence[Line]] = lambda _: ()
    order: Sequence[int] | None = None  # of the rows, what matters most first
    giving: Sequence[int] = (1,)  # the last one goes for what is shorter, too

    def least(self, step: int) -> int:
        """The rows that are shown at a step of shortness."""
        return self.giving[min(step, len(self.giving) - 1)]

    def lines(self, count: int) -> list[Line]:
        """The section with so many of its rows."""
        order = self.order if self.order is not None else range(len(self.rows))
        shown = {*order[:count]}
        left_out = [index for index in range(len(self.rows)) if index not in shown]
        rows = [line for index in sorted(shown) for line in self.rows[index]]
        head = self.head if rows or not self.rows else ()
        return [*head, *rows, *self.rest(left_out)]


def whole(lines: Sequence[Line]) -> Section:
    """A section that gives nothing away."""
    return Section(head=lines)


def fitted(
    sections: Sequence[Section], room: int | None, most: int | None = None
) -> list[list[Line]]:
    """The lines of all sections, in `room` lines together if that is possible.

    An empty line stands between sections, see `stands_apart`. `most` bounds the rows
    of each.
    """
    bounds = [
        len(one.rows) if most is None else min(most, len(one.rows)) for one in sections
    ]
    if room is None:
        return [one.lines(bound) for one, bound in zip(sections, bounds, strict=True)]
    height = _Heights(sections)
    counts = bounds
    for step in range(max(len(one.giving) for one in sections)):
        if height.of(counts) > room:
            counts = [*map(min, (one.least(step) for one in sections), bounds)]
    open_ = {at for at, bound in enumerate(bounds) if counts[at] < bound}
    while open_:
        for at in sorted(open_):
            wider = [*counts[:at], counts[at] + 1, *counts[at + 1 :]]
            if height.of(wider) <= room:
                counts = wider
            if counts is not wider or counts[at] == bounds[at]:
                open_.discard(at)
    return [one.lines(count) for one, count in zip(sections, counts, strict=True)]


class _Heights:
    """How many lines sections take, each looked at once with so many rows."""

    def __init__(self, sections: Sequence[Section]) -> None:
        self._sections = sections
        self._known: dict[tuple[int, int], int] = {}

    def of(self, counts: Sequence[int]) -> int:
        """The lines of all together, with so many rows each."""
        return sum(map(self._one, range(len(counts)), counts)) - 1

    def _one(self, at: int, count: int) -> int:
        height = self._known.get((at, count))
        if height is None:
            lines = self._sections[at].lines(count)
            height = self._known[at, count] = len(lines) + stands_apart(lines)
        return height


def stands_apart(lines: Sequence[Line]) -> bool:
    """Whether an empty line is put before a section: it has a head, no rest alone."""
    return bool(lines) and not lines[0][0][0].startswith(" ")
