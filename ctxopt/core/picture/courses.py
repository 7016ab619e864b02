"""A stream in stretches: what is left of it with any choice of suggestions.

The sums of what goes are known for each set of suggestions, so any choice is a sum of
them. Two things depend on more than that. Ids get shorter where entries before them go,
which the stretches tell in the order of the stream. And of an inode with several names
the next one sends the content when the first one goes: where that can happen, sums are
not exact.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from itertools import accumulate, islice

from ctxopt.core.measure.stream import TransferTotals
from ctxopt.core.picture.layers import Layer, pieces
from ctxopt.core.picture.records import LARGE, Bulk, Course, LateFolder, Stretch

MOST_STRETCHES = 20_000  # 120 kB of a page; of more, one for each set is carried


def course_of(total: TransferTotals, layers: Sequence[Layer]) -> Course:
    """A stream with its layers, to be added up for any choice."""
    stretches, starts = _stretches(total, layers)
    groups: defaultdict[int, Bulk] = defaultdict(Bulk)
    for one in layers:
        if not one.is_late:
            groups[one.chosen_by] = groups[one.chosen_by].plus(one.own)
    plain = total.stream
    settled = total.linked
    packets, aside = total.packet_columns()
    course = Course(
        total=Bulk(
            total.entries,
            total.directories,
            plain.file_bytes + settled.file_bytes[-1],
            plain.stat_bytes + settled.stat_bytes[-1],
            plain.data_bytes + settled.data_bytes[-1],
        ),
        groups=tuple(sorted(groups.items())),
        stretches=tuple(stretches),
        late=_late(total, starts),
        steps=tuple(total.wire.id_steps),
        packets=packets,
        aside=aside,
    )
    return course if len(stretches) <= MOST_STRETCHES else _coarse(course)


def _coarse(course: Course) -> Course:
    """The same with one stretch for each set, whatever its place: ids are about right.

    Folders that are sent late have no place in it; they weigh a few bytes each.
    """
    packets: defaultdict[int, bytearray] = defaultdict(bytearray)
    aside: defaultdict[int, list[int]] = defaultdict(list)
    entries: defaultdict[int, int] = defaultdict(int)
    large = iter(course.aside)
    position = 0
    for one in course.stretches:
        some = course.packets[position : position + one.entries]
        packets[one.chosen_by] += some
        aside[one.chosen_by] += islice(large, some.count(LARGE))
        entries[one.chosen_by] += one.entries
        position += one.entries
    order = sorted(entries)
    return course._replace(
        stretches=tuple(Stretch(entries[at], at) for at in order),
        late=(),
        packets=b"".join(packets[at] for at in order),
        aside=tuple(number for at in order for number in aside[at]),
        is_coarse=True,
    )


def without_order(course: Course) -> Course:
    """The same as sums alone: ids weigh what they do now, whatever goes before them.

    It has neither packets nor stretches, which take room for each entry. Folders that
    are sent late have no place in it.
    """
    ids, sums = _id_bytes(course)
    return course._replace(
        total=course.total._replace(data_bytes=course.total.data_bytes + ids),
        groups=tuple(
            (at, bulk._replace(data_bytes=bulk.data_bytes + sums.get(at, 0)))
            for at, bulk in course.groups
        ),
        stretches=(),
        late=(),
        steps=(),
        packets=b"",
        aside=(),
        is_coarse=True,
    )


def _id_bytes(course: Course) -> tuple[int, dict[int, int]]:
    """What ids weigh now: all of them, and those of each set."""
    large = iter(course.aside)
    numbers = (next(large) if one == LARGE else one for one in course.packets)
    passed = array("Q", (0, *accumulate(numbers)))
    sums: defaultdict[int, int] = defaultdict(int)
    position = 0
    for one in course.stretches if course.packets else ():
        end = position + one.entries
        sums[one.chosen_by] += sum(
            width * (passed[end] - passed[max(position, bound)])
            for bound, width in course.steps
            if bound < end
        )
        position = end
    return sum(sums.values()), dict(sums)


def _stretches(
    total: TransferTotals, layers: Sequence[Layer]
) -> tuple[list[Stretch], dict[int, int]]:
    """The stretches, and at which positions those of late folders begin and end."""
    edges = {start for start, _, _ in total.stream.late}
    edges |= {start + 1 for start in edges}
    edges |= {end for _, end, _ in total.stream.late}
    inner = sorted(edges)
    stretches: list[Stretch] = []
    starts: dict[int, int] = {}
    next_edge = 0
    for start, end, chosen_by in pieces(layers, total.entries):
        position = start
        while position < end:
            while next_edge < len(inner) and inner[next_edge] <= position:
                next_edge += 1
            edge = inner[next_edge] if next_edge < len(inner) else end
            stop = min(edge, end)
            last = stretches[-1] if stretches else None
            if (
                last is not None
                and last.chosen_by == chosen_by
                and position not in edges
            ):
                stretches[-1] = last._replace(entries=last.entries + stop - position)
            else:
                starts[position] = len(stretches)
                stretches.append(Stretch(stop - position, chosen_by))
            position = stop
    starts[total.entries] = len(stretches)
    return stretches, starts


def _late(total: TransferTotals, starts: dict[int, int]) -> tuple[LateFolder, ...]:
    return tuple(
        LateFolder(starts[start], starts[end], stat_bytes)
        for start, end, stat_bytes in total.stream.late
    )


def passes_content_on(total: TransferTotals, course: Course) -> int:
    """How many inodes have a first name that may go while another one stays."""
    settled = total.linked
    if not settled.names:
        return 0
    ends = _Ends(course)
    positions = settled.linked.positions
    count = 0
    for names in settled.names.values():
        first, *others = (ends.chosen_by(positions[index]) for index in names)
        count += first != 0 and any(one != first for one in others)
    return count


class _Ends:
    """Which set takes a position."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._ends: list[int] = []
        position = 0
        for one in course.stretches:
            position += one.entries
            self._ends.append(position)

    def chosen_by(self, position: int) -> int:
        return self._course.stretches[bisect_right(self._ends, position)].chosen_by
