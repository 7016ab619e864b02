"""What is sent when some of it stays at home, without another walk.

Leaving entries out moves all that come later to lower positions. Their ids may get
shorter, another name of an inode may become its first, and a folder that was sent for
the sake of what is below it may have lost its reason. Without `logs`, where the first
name of an inode lies, its second name in `src` sends the content. All of that follows
from the settled stream and the spans that are left out.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from ctxopt.core.measure.clutter_match import Span
from ctxopt.core.measure.linked import SettledLinked
from ctxopt.core.measure.packets import RunningPackets
from ctxopt.core.measure.stream import Sums, TransferTotals
from ctxopt.core.measure.wire import id_width
from ctxopt.core.tuples import NamedTuple


class Remainder(NamedTuple):
    """A transfer without some spans; the same words as `TransferTotals`."""

    entries: int
    directories: int
    file_bytes: int
    stat_bytes: int
    data_bytes: int  # with ids
    resent_bytes: int  # the part of it that every build sends
    left_out: tuple[Span, ...]  # apart, ascending

    @property
    def files(self) -> int:
        """All entries that are not directories."""
        return self.entries - self.directories

    def position(self, before: int) -> int:
        """Where an entry stands now that was at a position before."""
        gone = sum(
            span.end - span.start for span in self.left_out if span.end <= before
        )
        return before - gone


def without(
    total: TransferTotals,
    spans: Iterable[Span],
    parted: int | None = None,
    *,
    moved: int = 0,
) -> Remainder:
    """What is left of `total` without the entries of `spans`.

    Spans may hold others, but not overlap by halves. Their sums are those of all
    entries in them, as a fold adds them up. The entry at the position `parted` is
    weighed as if its inode had no other name. All that are left stand `moved` later,
    behind new ones that are not weighed here.
    """
    stream = total.stream
    apart = _with_late(_apart(spans), stream.late)
    gone = _Gone(apart)
    linked = _linked(total, gone, parted)
    sums = [span.sums for span in apart]
    removed = sum(span.end - span.start for span in apart)
    return Remainder(
        entries=total.entries - removed,
        directories=total.directories - sum(one.directories for one in sums),
        file_bytes=stream.file_bytes
        - sum(one.file_bytes for one in sums)
        + linked.file_bytes,
        stat_bytes=stream.stat_bytes
        - sum(one.stat_bytes for one in sums)
        + linked.stat_bytes,
        data_bytes=stream.data_bytes
        - sum(one.data_bytes for one in sums)
        + linked.data_bytes
        + _id_bytes(total, gone, linked.packets, moved=moved),
        resent_bytes=_resent_bytes(total, gone, linked.packets, moved=moved),
        left_out=apart,
    )


def _apart(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans that lie in no other one, ascending."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if span.end > span.start and (not kept or span.start >= kept[-1].end):
            kept.append(span)
    return tuple(kept)


def _with_late(
    apart: tuple[Span, ...], late: Sequence[tuple[int, int, int]]
) -> tuple[Span, ...]:
    """The same, and the folders that were sent only for what has gone.

    A folder is looked at after those in it.
    """
    for start, end, stat_bytes in late:
        inside = sum(
            span.end - span.start
            for span in apart
            if start < span.start and span.end <= end
        )
        if inside == end - start - 1 and inside:
            own = Span(start, start + 1, Sums(1, 0, stat_bytes, 0))
            apart = tuple(sorted((*apart, own)))
    return apart


class _Gone:
    """Which positions are left out."""

    def __init__(self, apart: Sequence[Span]) -> None:
        self._apart = apart
        self._starts = [span.start for span in apart]

    def __contains__(self, position: int) -> bool:
        index = bisect_right(self._starts, position) - 1
        return index >= 0 and position < self._apart[index].end

    def ranges(self, linked: SettledLinked) -> list[tuple[int, int]]:
        """The indexes of the entries with other names that are left out."""
        return [linked.within(span.start, span.end) for span in self._apart]

    def before(self, position: int) -> int:
        """How many entries before a kept position are left out."""
        apart = self._apart[: bisect_right(self._starts, position)]
        return sum(span.end - span.start for span in apart)

    def kept_position(self, count: int) -> int:
        """Where the entry stands before which `count` entries are kept."""
        position = count
        for span in self._apart:
            if span.start > position:
                break
            position += span.end - span.start
        return position

    def packets(self, running: RunningPackets, start: int) -> int:
        """Packets of what is left out from a kept position on."""
        index = bisect_right(self._starts, start)
        return sum(
            running[span.end] - running[span.start] for span in self._apart[index:]
        )


class _LinkedSums(NamedTuple):
    """What entries with other names come to, first names chosen anew."""

    file_bytes: int
    stat_bytes: int
    data_bytes: int
    packets: list[tuple[int, int]]  # position, more than it had


def _linked(total: TransferTotals, gone: _Gone, parted: int | None) -> _LinkedSums:
    """Weighs anew only names whose first one is left out or parted."""
    settled, linked = total.linked, total.linked.linked
    file_bytes = settled.file_bytes[-1]
    stat_bytes, data_bytes = settled.stat_bytes[-1], settled.data_bytes[-1]
    for low, high in gone.ranges(settled):
        file_bytes -= settled.file_bytes[high] - settled.file_bytes[low]
        stat_bytes -= settled.stat_bytes[high] - settled.stat_bytes[low]
        data_bytes -= settled.data_bytes[high] - settled.data_bytes[low]
    packets = []
    for index, first in _renamed(settled, gone, parted):
        if index == first:
            weight, size = linked.first_weight(index), linked.sizes[index]
        else:
            path = linked.paths[first]
            weight, size = linked.later_weight(total.wire, index, path), 0
        file_bytes += size - settled.sizes[index]
        stat_bytes += weight[0] - _at(settled.stat_bytes, index)
        data_bytes += weight[1] - _at(settled.data_bytes, index)
        position = linked.positions[index]
        more = weight[2] - total.packets_at(position)
        if more:
            packets.append((position, more))
    return _LinkedSums(file_bytes, stat_bytes, data_bytes, packets)


def _at(running: Sequence[int], index: int) -> int:
    return running[index + 1] - running[index]


def _renamed(
    settled: SettledLinked, gone: _Gone, parted: int | None
) -> Iterator[tuple[int, int]]:
    """Names that are left and may have another first name than before, and that one."""
    positions = settled.linked.positions
    heads: list[int] = []
    for low, high in gone.ranges(settled):
        start = bisect_left(settled.heads, low)
        heads += settled.heads[start : bisect_left(settled.heads, high)]
    alone = -1
    if parted is not None and parted not in gone:
        low, high = settled.within(parted, parted + 1)
        if low < high:
            alone = low
            yield alone, alone
            if alone in settled.names:
                heads.append(alone)
    for head in heads:
        left = [
            index
            for index in settled.names[head]
            if index != alone and positions[index] not in gone
        ]
        yield from ((index, left[0]) for index in left)


def _id_bytes(
    total: TransferTotals,
    gone: _Gone,
    changed: Sequence[tuple[int, int]],
    *,
    moved: int,
) -> int:
    """Bytes of the ids in all packets that are left.

    A bound is passed at the same number of entries as before, which now lies at a
    later one of the old positions.
    """
    running = total.running_packets
    last = len(running) - 1
    size = 0
    for bound, width in total.wire.id_steps:
        start = gone.kept_position(max(bound - moved, 0))
        if start >= last:
            break
        packets = running[last] - running[start] - gone.packets(running, start)
        packets += sum(more for position, more in changed if position >= start)
        size += width * packets
    return size


def _resent_bytes(
    total: TransferTotals,
    gone: _Gone,
    changed: Sequence[tuple[int, int]],
    *,
    moved: int,
) -> int:
    """What is left of the DATA bytes that every build sends."""
    more = dict(changed)
    size = 0
    for position, data_bytes in total.stream.unread:
        packets = total.packets_at(position) + more.get(position, 0)
        if packets and position not in gone:
            place = position - gone.before(position) + moved
            size += data_bytes + packets * id_width(total.wire.id_steps, place)
    return size
