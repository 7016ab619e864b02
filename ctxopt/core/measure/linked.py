"""Entries with other names: how many bytes a hard link weighs.

The first name of an inode in a transfer sends the content, each later one only itself
and the path of the first: of `a` and its link `b`, `b` weighs as much as a short name.
Inodes are told apart by their number alone, as both builders do. Which name is the
first is known only in the whole stream. Until then each is weighed as if it were; those
that turn out not to be are weighed again at the end. Kept in columns: where a package
manager makes links, there are as many as files, and they go from one process to
another.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate
from operator import add

from ctxopt.core.judging.entry import Entry, EntryKind, Weight
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TypeAlias

    from ctxopt.core.measure.wire import Wire

# Inode, number of names, permissions, size, time.
LinkedLook: TypeAlias = tuple[int, int, int, int, int]
# A regular file that `Wire.weigh_plain` has weighed: its place in a run, its path, and
# the two. Plain tuples, taken apart where they are read.
LinkedRow: TypeAlias = tuple[int, str, LinkedLook, Weight]


class Taken(NamedTuple):
    """What the same sources take: how many names, and the size of each inode."""

    files: int
    sizes: Mapping[int, int]


class Linked:
    """Entries with other names, in the order of their stream.

    `stat_bytes`, `data_bytes` and `packets` are those of a first name. A column has a
    value for every entry, but `permissions` and `times` say nothing of those in `odd`.
    """

    __slots__ = (
        *("data_bytes", "inodes", "links", "masks", "odd", "packets", "paths"),
        *("permissions", "positions", "sizes", "stat_bytes", "taken", "times"),
    )

    def __init__(self) -> None:
        self.positions = array("Q")
        self.paths: list[str] = []
        self.inodes = array("Q")
        self.links = array("Q")
        self.permissions = array("H")
        self.sizes = array("Q")  # what it adds to the file bytes
        self.times = array("q")
        self.stat_bytes = array("Q")
        self.data_bytes = array("Q")
        self.packets = array("Q")
        self.masks: list[int] = []  # the sources that take it
        self.taken = bytearray()  # 1 where it is in the transfer, too
        self.odd: dict[int, Entry] = {}  # what no `LinkedRow` can say, by index

    def __len__(self) -> int:
        return len(self.paths)

    def extend(
        self, rows: Sequence[LinkedRow], start: int, mask: int, *, taken: bool
    ) -> None:
        """Append the rows of a run that starts at a position of the stream."""
        places, paths, looks, weights = zip(*rows, strict=True)
        inodes, links, permissions, sizes, times = zip(*looks, strict=True)
        stat, data, packets = zip(*weights, strict=True)
        self.positions.extend([start + place for place in places])
        self.paths += paths
        self.inodes.extend(inodes)
        self.links.extend(links)
        self.permissions.extend(permissions)
        self.sizes.extend(sizes)
        self.times.extend(times)
        self.stat_bytes.extend(stat)
        self.data_bytes.extend(data)
        self.packets.extend(packets)
        self.masks += [mask] * len(rows)
        self.taken += bytes((taken,)) * len(rows)

    def add(
        self, position: int, entry: Entry, weight: Weight, mask: int, *, taken: bool
    ) -> None:
        """Append any entry."""
        stat_bytes, data_bytes, packets = weight
        self.odd[len(self)] = entry
        self.positions.append(position)
        self.paths.append(entry.path)
        self.inodes.append(entry.inode)
        self.links.append(entry.links)
        self.permissions.append(0)  # as the time: see `odd`
        self.sizes.append(entry.size if entry.kind is EntryKind.REGULAR else 0)
        self.times.append(0)
        self.stat_bytes.append(stat_bytes)
        self.data_bytes.append(data_bytes)
        self.packets.append(packets)
        self.masks.append(mask)
        self.taken.append(taken)

    def join(self, other: Linked, offset: int) -> None:
        """Append those of a stream that begins at a position of this one."""
        if not other.paths:
            return
        count = len(self)
        self.odd.update((count + index, entry) for index, entry in other.odd.items())
        self.positions.extend([offset + position for position in other.positions])
        self.paths += other.paths
        self.inodes += other.inodes
        self.links += other.links
        self.permissions += other.permissions
        self.sizes += other.sizes
        self.times += other.times
        self.stat_bytes += other.stat_bytes
        self.data_bytes += other.data_bytes
        self.packets += other.packets
        self.masks += other.masks
        self.taken += other.taken

    def masked(self, change: Callable[[int], int]) -> Linked:
        """The same, who takes them told by other masks; shares the other columns."""
        from copy import copy  # start-up: of many builds alone

        other = copy(self)
        other.masks = list(map(change, self.masks))
        return other

    def entry(self, index: int) -> Entry:
        """One of them as a record."""
        odd = self.odd.get(index)
        if odd is not None:
            return odd
        return Entry(
            path=self.paths[index],
            kind=EntryKind.REGULAR,
            permissions=self.permissions[index],
            size=self.sizes[index],
            mtime_ns=self.times[index],
            links=self.links[index],
            inode=self.inodes[index],
        )

    def are_alike(self, indexes: Sequence[int]) -> bool:
        """Whether these names of one inode were looked at in the same state."""
        if self.odd and not self.odd.keys().isdisjoint(indexes):
            looks = {
                self.entry(index)._replace(path="", readable=True) for index in indexes
            }
            return len(looks) == 1
        first, *others = indexes
        sizes, times, links = self.sizes, self.times, self.links
        permissions = self.permissions
        return not any(
            sizes[index] != sizes[first]
            or times[index] != times[first]
            or links[index] != links[first]
            or permissions[index] != permissions[first]
            for index in others
        )

    def first_weight(self, index: int) -> Weight:
        """What one of them weighs where no other name of its inode came before."""
        return self.stat_bytes[index], self.data_bytes[index], self.packets[index]

    def later_weight(self, wire: Wire, index: int, first: str) -> Weight:
        """The same behind the name `first` of its inode."""
        odd = self.odd.get(index)
        if odd is not None:
            weight = wire.weigh(odd, first)
            assert weight is not None  # it was weighed when it was added
            return weight
        stat_bytes = wire.weigh_name(
            len(self.paths[index]),
            self.permissions[index],
            self.sizes[index],
            self.times[index],
            first,
        )
        return stat_bytes, 0, 0

    def several(self) -> Mapping[int, Sequence[int]]:
        """The indexes of all names of an inode that is met more than once."""
        if len(set(self.inodes)) == len(self):
            return {}
        firsts: dict[int, int] = {}
        found: dict[int, list[int]] = {}
        for index, inode in enumerate(self.inodes):
            first = firsts.setdefault(inode, index)
            if first != index:
                found.setdefault(inode, [first]).append(index)
        return found

    def by_mask(self) -> Mapping[int, Taken]:
        """What is taken by any source, by the mask of those that do.

        An inode may stand under several masks, once for each that takes a name of it.
        """
        masks = set(self.masks)
        if len(masks) == 1 and 0 not in masks:
            sizes_of = dict(zip(self.inodes, self.sizes, strict=True))
            return {self.masks[0]: Taken(len(self), sizes_of)}
        sizes: dict[int, dict[int, int]] = {}
        for mask, inode, size in zip(self.masks, self.inodes, self.sizes, strict=True):
            if mask:
                sizes.setdefault(mask, {})[inode] = size
        return {mask: Taken(self.masks.count(mask), one) for mask, one in sizes.items()}

    def settle(self, wire: Wire) -> SettledLinked:
        """Choose the first names, this being all of the stream."""
        several = self.several()
        stat, data, sizes = self.stat_bytes, self.data_bytes, self.sizes
        packets: list[tuple[int, int]] = []
        if several:
            stat, data, sizes = stat[:], data[:], sizes[:]
        for names in several.values():
            first = self.paths[names[0]]
            for index in names[1:]:
                stat[index], data[index], count = self.later_weight(wire, index, first)
                packets.append((self.positions[index], count))
                sizes[index] = 0
        used = sizes
        if not all(self.masks):
            pairs = zip(sizes, self.masks, strict=True)
            used = array("Q", [size if mask else 0 for size, mask in pairs])
        unsent = array("Q", bytes(8 * (len(self) + 1)))
        if not all(self.taken):
            sent = zip(sizes, self.taken, strict=True)
            unsent = _running(0 if taken else size for size, taken in sent)
        file_bytes = _running(sizes)
        return SettledLinked(
            linked=self,
            names={names[0]: names for names in several.values()},
            heads=sorted(names[0] for names in several.values()),
            packets=packets,
            sizes=sizes,
            stat_bytes=_running(stat),
            data_bytes=_running(data),
            file_bytes=file_bytes,
            used_bytes=file_bytes if used is sizes else _running(used),
            unsent_bytes=unsent,
            weights=list(map(add, stat, data)),
        )


def _running(values: Iterable[int]) -> array[int]:
    """Running totals, beginning with 0."""
    return array("Q", accumulate(values, initial=0))


class SettledLinked(NamedTuple):
    """The same entries once it is known which names come first.

    `heads` are the indexes of first names that others follow in the stream, and
    `names` has the indexes of all names of their inodes. The sums are running totals,
    up to each index.
    """

    linked: Linked
    names: Mapping[int, Sequence[int]]
    heads: Sequence[int]  # ascending
    packets: Sequence[tuple[int, int]]  # of names that are not first, by position
    sizes: array[int]  # file bytes of each, each inode where it comes first
    stat_bytes: array[int]
    data_bytes: array[int]
    file_bytes: array[int]
    used_bytes: array[int]  # of those that some source takes under that name
    unsent_bytes: array[int]  # of those that are not sent under that name
    weights: Sequence[int]  # STAT and DATA bytes of each, without ids

    def within(self, start: int, end: int) -> tuple[int, int]:
        """The indexes of the entries from position `start` up to `end`."""
        positions = self.linked.positions
        if not positions:
            return 0, 0
        low = bisect_left(positions, start)
        return low, bisect_left(positions, end, low)

    def wire_bytes(self, low: int, high: int) -> int:
        """STAT and DATA bytes of a range of indexes, without ids."""
        stat, data = self.stat_bytes, self.data_bytes
        return stat[high] - stat[low] + data[high] - data[low]

    def in_folder(self, span: tuple[int, int], folder: str | None) -> Iterable[int]:
        """The indexes in a span of positions, all or those right in a folder.

        The root is "".
        """
        indexes = range(*self.within(*span))
        if folder is None:
            return indexes
        paths = self.linked.paths
        end = len(folder) if folder else -1
        return (index for index in indexes if paths[index].rfind("/") == end)
