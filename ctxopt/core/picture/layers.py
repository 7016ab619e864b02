"""Spans of suggestions in a stream: each position with all that takes it.

Spans may hold others, but do not overlap by halves: so they are a forest, in which a
position belongs to the innermost span around it and to the suggestions of all spans
above. Of `a` [0, 9) by the first suggestion and `a/b` [2, 4) by the second, positions
2 and 3 go with either of them, the others with the first alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from ctxopt.core.measure.clutter_match import Span
from ctxopt.core.measure.stream import Sums, TransferTotals
from ctxopt.core.picture.records import Bulk
from ctxopt.core.tuples import NamedTuple

_NOBODY: frozenset[int] = frozenset()


class SetTable:
    """The sets of suggestions that there are, by an index; the empty one is 0."""

    def __init__(self) -> None:
        self._indexes: dict[frozenset[int], int] = {_NOBODY: 0}

    def index(self, chosen: frozenset[int]) -> int:
        """The index of a set, which is told from now on."""
        return self._indexes.setdefault(chosen, len(self._indexes))

    @property
    def sets(self) -> tuple[tuple[int, ...], ...]:
        """All of them, each ascending."""
        return tuple(tuple(sorted(one)) for one in self._indexes)


class Layer(NamedTuple):
    """A span, and what is in it without the spans inside."""

    start: int
    end: int
    chosen_by: int
    own: Bulk
    id_bytes: int  # of the same, as things stand
    is_late: bool = False  # the own entry of a folder that is sent late


def layers_of(
    total: TransferTotals, wanted: Sequence[Iterable[Span]], table: SetTable
) -> tuple[Layer, ...]:
    """The layers of a stream, outer ones before those in them.

    `wanted` has the spans of each suggestion.
    """
    spans = _merged(total, wanted)
    found: list[Layer] = []
    chosen: list[frozenset[int]] = []
    open_: list[int] = []
    for start, end in sorted(spans, key=lambda one: (one[0], -one[1])):
        sums, by, is_late = spans[start, end]
        while open_ and found[open_[-1]].end <= start:
            open_.pop()
        above = chosen[open_[-1]] if open_ else _NOBODY
        one = Layer(
            start,
            end,
            table.index(above | by),
            _bulk(total, start, end, sums),
            total.late_wire_bytes(start, end) - total.linked_wire_bytes(start, end),
            is_late,
        )
        if open_:
            found[open_[-1]] = _around(found[open_[-1]], one)
        open_.append(len(found))
        chosen.append(above | by)
        found.append(one)
    return tuple(found)


def _around(outer: Layer, inner: Layer) -> Layer:
    """A layer without one that lies in it."""
    return outer._replace(
        own=outer.own.without(inner.own), id_bytes=outer.id_bytes - inner.id_bytes
    )


def _merged(
    total: TransferTotals, wanted: Sequence[Iterable[Span]]
) -> dict[tuple[int, int], _Wanted]:
    """Each span once, with all suggestions that have it; late folders with none."""
    spans: dict[tuple[int, int], _Wanted] = {}
    for number, some in enumerate(wanted):
        for span in some:
            if span.start < span.end:
                place = span.start, span.end
                by = spans[place].by if place in spans else _NOBODY
                spans[place] = _Wanted(span.sums, by | {number})
    for start, _, stat_bytes in total.stream.late:
        place = start, start + 1
        by = spans[place].by if place in spans else _NOBODY
        spans[place] = _Wanted(Sums(1, 0, stat_bytes, 0), by, is_late=True)
    return spans


class _Wanted(NamedTuple):
    """What is in a span, and which suggestions have it."""

    sums: Sums
    by: frozenset[int]
    is_late: bool = False


def _bulk(total: TransferTotals, start: int, end: int, sums: Sums) -> Bulk:
    """All that lies in a span, entries with other names as they are settled."""
    linked = total.linked
    low, high = linked.within(start, end)
    return Bulk(
        entries=end - start,
        directories=sums.directories,
        file_bytes=sums.file_bytes + linked.file_bytes[high] - linked.file_bytes[low],
        stat_bytes=sums.stat_bytes + linked.stat_bytes[high] - linked.stat_bytes[low],
        data_bytes=sums.data_bytes + linked.data_bytes[high] - linked.data_bytes[low],
    )


def pieces(layers: Sequence[Layer], end: int) -> Iterator[tuple[int, int, int]]:
    """All positions up to an end, in order: from, up to, and the set that takes them.

    `layers` come outer ones before those in them.
    """
    position = 0
    open_: list[Layer] = []
    for one in (*layers, Layer(end, end, 0, Bulk(), 0)):
        while open_ and open_[-1].end <= one.start:
            last = open_.pop()
            if position < last.end:
                yield position, last.end, last.chosen_by
                position = last.end
        if position < one.start:
            yield position, one.start, open_[-1].chosen_by if open_ else 0
            position = one.start
        open_.append(one)


class LayerIndex:
    """Layers by position: which lie in a range, and which is around it."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self._layers = layers
        self._starts = [one.start for one in layers]
        self._around: list[int] = []
        open_: list[int] = []
        for at, one in enumerate(layers):
            while open_ and layers[open_[-1]].end <= one.start:
                open_.pop()
            self._around.append(open_[-1] if open_ else -1)
            open_.append(at)

    def within(self, start: int, end: int) -> Iterator[Layer]:
        """The layers that lie in a range as a whole, in order."""
        for at in range(bisect_left(self._starts, start), len(self._layers)):
            one = self._layers[at]
            if one.start >= end:
                return
            if one.end <= end:
                yield one

    def chosen_by(self, start: int, end: int) -> int:
        """The set of what takes a range as a whole: the innermost layer around it."""
        at = bisect_left(self._starts, start + 1) - 1
        while at >= 0:
            one = self._layers[at]
            if one.start <= start and end <= one.end:
                return one.chosen_by
            at = self._around[at]
        return 0
