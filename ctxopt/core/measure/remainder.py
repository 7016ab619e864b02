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
from functools import cached_property
from itertools import accumulate
from operator import sub

from ctxopt.core.measure.clutter_match import Span, SpanNumbers
from ctxopt.core.measure.linked import SettledLinked
from ctxopt.core.measure.packets import RunningPackets
from ctxopt.core.measure.stream import TransferTotals
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
    left_out: Sequence[SpanNumbers]  # apart, ascending

    @property
    def files(self) -> int:
        """All entries that are not directories."""
        return self.entries - self.directories

    def position(self, before: int) -> int:
        """Where an entry stands now that was at a position before."""
        return before - sum(
            end - start for start, end, *_ in self.left_out if end <= before
        )


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
    directories, file_bytes, stat_bytes, data_bytes = gone.sums
    return Remainder(
        entries=total.entries - gone.before[-1],
        directories=total.directories - directories,
        file_bytes=stream.file_bytes - file_bytes + linked.file_bytes,
        stat_bytes=stream.stat_bytes - stat_bytes + linked.stat_bytes,
        data_bytes=stream.data_bytes
        - data_bytes
        + linked.data_bytes
        + _id_bytes(total, gone, linked.packets, moved=moved),
        resent_bytes=_resent_bytes(total, gone, linked.packets, moved=moved),
        left_out=apart,
    )


def _apart(spans: Iterable[Span]) -> list[SpanNumbers]:
    """The spans that lie in no other one, ascending, each taken apart once."""
    kept: list[SpanNumbers] = []
    reached = 0
    for one in sorted([span.numbers for span in spans]):
        start, end = one[0], one[1]
        if kept and kept[-1][0] == start:
            kept[-1] = one  # of those that begin alike, the longest comes last
            reached = end
        elif end > start >= reached:
            kept.append(one)
            reached = end
    return kept


def _with_late(
    apart: list[SpanNumbers], late: Sequence[tuple[int, int, int]]
) -> list[SpanNumbers]:
    """The same, and the folders that were sent only for what has gone.

    A folder is looked at after those in it.
    """
    for start, end, stat_bytes in late:
        inside = sum(
            one[1] - one[0] for one in apart if start < one[0] and one[1] <= end
        )
        if inside == end - start - 1 and inside:
            own: SpanNumbers = (start, start + 1, 1, 0, stat_bytes, 0)
            apart = sorted((*apart, own))
    return apart


class _Gone:
    """Which positions are left out: spans apart, ascending.

    Whoever weighs proposals one beside the other asks for a thousand of these, of as
    many spans each: whatever is asked more than once is added up once.
    """

    def __init__(self, apart: Sequence[SpanNumbers]) -> None:
        starts, ends, *sums = [*zip(*apart, strict=True)] or [()] * 6
        self._starts: Sequence[int] = starts
        self._ends: Sequence[int] = ends
        self.sums = [*map(sum, sums)]
        # How many entries are left out before each span, and in all of them.
        lengths = map(sub, self._ends, self._starts)
        self.before: list[int] = [*accumulate(lengths, initial=0)]
        self._packets: list[int] | None = None  # likewise, once somebody asks

    def __contains__(self, position: int) -> bool:
        index = bisect_right(self._starts, position) - 1
        return index >= 0 and position < self._ends[index]

    def ranges(self, linked: SettledLinked) -> list[tuple[int, int]]:
        """The indexes of the entries with other names that are left out."""
        if not linked.linked.positions:
            return []
        found = map(linked.within, self._starts, self._ends)
        return [one for one in found if one[0] < one[1]]

    def entries_before(self, position: int) -> int:
        """How many entries before a kept position are left out."""
        return self.before[bisect_right(self._starts, position)]

    def kept_position(self, count: int) -> int:
        """Where the entry stands before which `count` entries are kept."""
        return count + self.before[bisect_right(self._kept_before, count)]

    @cached_property
    def _kept_before(self) -> list[int]:
        """How many entries are kept before each span."""
        return [*map(sub, self._starts, self.before)]

    def packets(self, running: RunningPackets, start: int) -> int:
        """Packets of what is left out from a kept position on."""
        if self._packets is None:
            each = map(running.between, self._starts, self._ends)
            self._packets = [*accumulate(each, initial=0)]
        return self._packets[-1] - self._packets[bisect_right(self._starts, start)]


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
    ranges = gone.ranges(settled)
    for low, high in ranges:
        file_bytes -= settled.file_bytes[high] - settled.file_bytes[low]
        stat_bytes -= settled.stat_bytes[high] - settled.stat_bytes[low]
        data_bytes -= settled.data_bytes[high] - settled.data_bytes[low]
    packets = []
    for index, first in _renamed(settled, gone, ranges, parted=parted):
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
    settled: SettledLinked,
    gone: _Gone,
    ranges: Sequence[tuple[int, int]],
    *,
    parted: int | None,
) -> Iterator[tuple[int, int]]:
    """Names that are left and may have another first name than before, and that one.

    `ranges` are the indexes of those that are left out.
    """
    positions = settled.linked.positions
    heads: list[int] = []
    for low, high in ranges:
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
            place = position - gone.entries_before(position) + moved
            size += data_bytes + packets * id_width(total.wire.id_steps, place)
    return size
