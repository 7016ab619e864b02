"""The entries of one transfer in order, as sums that can be joined.

Of `a` (10 bytes) and its hard link `b`, measured in two folders, neither stream can say
which name sends the content, nor how wide the ids in its packets are: both depend on
what comes before in the whole transfer. A stream therefore keeps the number of packets
of each entry, and the entries whose inodes have other names; the rest is added up at
once. Streams of neighbouring folders join by appending one to the other, and `settle`
says the rest: `a` sends 10 bytes, `b` only its name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy

from ctxopt.core.judging.entry import Entry, EntryKind, Weight
from ctxopt.core.measure.linked import Linked, LinkedRow, SettledLinked
from ctxopt.core.measure.packets import Packets, RunningPackets
from ctxopt.core.measure.wire import id_width
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ctxopt.core.measure.wire import Wire


class Sums(NamedTuple):
    """What some entries weigh that depends on no other entry.

    Without the ids in packets, and without files whose inodes have other names.
    """

    directories: int = 0
    file_bytes: int = 0
    stat_bytes: int = 0
    data_bytes: int = 0


NO_SUMS = Sums()


class Total(Protocol):  # pragma: no cover
    """What a builder has to know of a transfer to say how large it is."""

    @property
    def entries(self) -> int:
        """How many entries there are."""

    @property
    def directories(self) -> int:
        """How many of them are directories."""

    @property
    def files(self) -> int:
        """How many are not."""

    @property
    def file_bytes(self) -> int:
        """Bytes of regular files, each inode once."""

    @property
    def stat_bytes(self) -> int:
        """What every build sends."""

    @property
    def data_bytes(self) -> int:
        """What is sent for new files, with ids."""

    @property
    def resent_bytes(self) -> int:
        """The part of it that every build sends again, for files that arrive empty."""


class EntryStream:
    """Neighbours in a transfer, not yet settled.

    Nothing but plain values, so that it can go from one process to another.
    """

    __slots__ = (
        "data_bytes",
        "directories",
        "entries",
        "file_bytes",
        "has_ids",
        "late",
        "linked",
        "packets",
        "stat_bytes",
        "unread",
    )

    def __init__(self, *, has_ids: bool) -> None:
        self.has_ids = has_ids  # in packets, whose size depends on the position
        self.entries = 0
        self.directories = 0
        # Without entries that have other names, as the next two:
        self.file_bytes = 0
        self.stat_bytes = 0  # what every build sends
        self.data_bytes = 0  # what is sent for new files, without ids
        self.packets = Packets()
        self.linked = Linked()
        # Folders sent for the sake of what is below: position, end of that, STAT bytes.
        self.late: list[tuple[int, int, int]] = []
        # Files that arrive empty, and not as they are: position, DATA bytes.
        self.unread: list[tuple[int, int]] = []

    def add_plain(
        self,
        stat_bytes: int,
        data_bytes: int,
        packets: Sequence[int],
        file_bytes: int,
        linked: Sequence[LinkedRow] = (),
        *,
        mask: int = 0,
        taken: bool = True,
    ) -> None:
        """Append plain files; `packets` has a number for each.

        The sums are of those with one name, `linked` are the others, which the sources
        of `mask` take; `taken` says that they are in the transfer.
        """
        if linked:
            self.linked.extend(linked, self.entries, mask, taken=taken)
        self.entries += len(packets)
        self.stat_bytes += stat_bytes
        self.data_bytes += data_bytes
        self.file_bytes += file_bytes
        if self.has_ids:
            self.packets.extend(packets)

    def add_folder(self, stat_bytes: int) -> None:
        """Append a folder."""
        self.entries += 1
        self.directories += 1
        self.stat_bytes += stat_bytes
        if self.has_ids:
            self.packets.append(0)

    def add(
        self, entry: Entry, mask: int, wire: Wire, *, taken: bool = True
    ) -> Weight | None:
        """Append any entry; `taken` says that it is sent.

        Returns its weight, None when it cannot travel; that of an entry with other
        names is nothing yet.
        """
        weight = wire.weigh(entry, None)
        if weight is None:
            return None
        if self.has_ids:
            self.packets.append(weight[2])
        if not entry.readable and regular_bytes(entry):
            self.unread.append((self.entries, weight[1]))
        if wire.is_linked(entry):
            self.linked.add(self.entries, entry, weight, mask, taken=taken)
            weight = (0, 0, 0)
        else:
            self.file_bytes += regular_bytes(entry)
        self.entries += 1
        self.directories += entry.kind is EntryKind.DIRECTORY
        self.stat_bytes += weight[0]
        self.data_bytes += weight[1]
        return weight

    def sums(self) -> Sums:
        """What has been added up so far."""
        return Sums(self.directories, self.file_bytes, self.stat_bytes, self.data_bytes)

    def sums_without(self, folder_bytes: int | None) -> tuple[int, int, int, int]:
        """What `sums` was before the last entry, a folder of so many bytes.

        With None there is no such folder.
        """
        return (
            self.directories - (folder_bytes is not None),
            self.file_bytes,
            self.stat_bytes - (folder_bytes or 0),
            self.data_bytes,
        )

    def copy(self) -> EntryStream:
        """The same entries, to go on with."""
        other = EntryStream(has_ids=self.has_ids)
        other.join(self)
        return other

    def masked(self, change: Callable[[int], int]) -> EntryStream:
        """The same entries, who takes them told by other masks; shares the rest."""
        other = copy(self)
        other.linked = self.linked.masked(change)
        return other

    def join(self, other: EntryStream) -> None:
        """Append the entries of another stream."""
        offset = self.entries
        self.linked.join(other.linked, offset)
        self.late.extend(
            (offset + start, offset + end, size) for start, end, size in other.late
        )
        self.unread.extend((offset + place, size) for place, size in other.unread)
        self.entries += other.entries
        self.directories += other.directories
        self.file_bytes += other.file_bytes
        self.stat_bytes += other.stat_bytes
        self.data_bytes += other.data_bytes
        self.packets.join(other.packets)

    def settle(self, wire: Wire) -> TransferTotals:
        """Settle what depends on the position, the stream being the whole transfer."""
        linked = self.linked.settle(wire)
        packets = self.packets
        if linked.packets and self.has_ids:
            packets = packets.copy()
            for position, count in linked.packets:
                packets[position] = count
        running = RunningPackets(packets)
        return TransferTotals(
            stream=self,
            wire=wire,
            file_bytes=self.file_bytes + linked.file_bytes[-1],
            stat_bytes=self.stat_bytes + linked.stat_bytes[-1],
            data_bytes=self.data_bytes
            + linked.data_bytes[-1]
            + _id_bytes(wire.id_steps, running),
            running_packets=running,
            linked=linked,
        )


class TransferTotals(NamedTuple):
    """A whole transfer, everything told; ranges of positions can be asked for."""

    stream: EntryStream
    wire: Wire
    file_bytes: int  # regular files, each inode once
    stat_bytes: int
    data_bytes: int  # with ids
    running_packets: RunningPackets
    linked: SettledLinked

    @property
    def entries(self) -> int:
        """How many entries there are."""
        return self.stream.entries

    @property
    def directories(self) -> int:
        """How many of them are directories."""
        return self.stream.directories

    @property
    def files(self) -> int:
        """All entries that are not directories."""
        return self.stream.entries - self.stream.directories

    @property
    def resent_bytes(self) -> int:
        """The DATA bytes of every build: what arrives empty never is as it should be.

        A later name of an inode has no packets, whether its first name could be read
        or not. Rule: tonistiigi/fsutil, diff_containerd.go, sameFile, compares sizes.
        """
        steps = self.wire.id_steps
        packets = (
            (self.packets_at(place), place, size) for place, size in self.stream.unread
        )
        return sum(
            size + count * id_width(steps, place)
            for count, place, size in packets
            if count
        )

    def packets_at(self, position: int) -> int:
        """The packets of the entry at a position; 0 where they have no ids."""
        if len(self.running_packets) == 1:
            return 0
        return self.running_packets.at(position)

    def packet_columns(self) -> tuple[bytes, tuple[int, ...]]:
        """The packets of all entries; nothing where they have no ids."""
        return self.running_packets.columns()

    def late_wire_bytes(self, start: int, end: int) -> int:
        """What positions from `start` up to `end` weigh beyond their plain sums."""
        total = self.linked_wire_bytes(start, end)
        if len(self.running_packets) == 1:
            return total
        if start == end:
            return total
        running = self.running_packets
        before, after = running[start], running[end]
        for bound, width in self.wire.id_steps:
            if bound < end:
                total += width * (
                    after - (before if bound <= start else running[bound])
                )
        return total

    def linked_wire_bytes(self, start: int, end: int) -> int:
        """The part of `late_wire_bytes` that is not ids."""
        return self.linked.wire_bytes(*self.linked.within(start, end))

    def late_file_bytes(self, start: int, end: int) -> int:
        """File bytes of entries with other names, each inode where it comes first."""
        low, high = self.linked.within(start, end)
        return self.linked.file_bytes[high] - self.linked.file_bytes[low]

    def late_used_bytes(self, start: int, end: int) -> int:
        """The part of `late_file_bytes` that some source takes under that name."""
        low, high = self.linked.within(start, end)
        return self.linked.used_bytes[high] - self.linked.used_bytes[low]

    def late_unsent_bytes(self, start: int, end: int) -> int:
        """The part of `late_file_bytes` that is not sent under that name."""
        low, high = self.linked.within(start, end)
        return self.linked.unsent_bytes[high] - self.linked.unsent_bytes[low]


def _id_bytes(steps: Sequence[tuple[int, int]], running: RunningPackets) -> int:
    """Bytes of the ids in the packets of all entries."""
    end = len(running) - 1
    return sum(
        width * (running[end] - running[bound]) for bound, width in steps if bound < end
    )


def regular_bytes(entry: Entry) -> int:
    """What an entry adds to the file bytes, links to the same inode aside."""
    return entry.size if entry.kind is EntryKind.REGULAR else 0
