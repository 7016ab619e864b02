"""What a fold has added up so far, all folders together.

Three add to it: runs of plain files, single entries, and folders sent late for the
sake of what is below them. What is known of one folder alone is in `folders`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy

from ctxopt.core.bitmask import bits
from ctxopt.core.judging.entry import Entry, is_utf8
from ctxopt.core.measure.clutter import ClutterCollector, ClutterObserver
from ctxopt.core.measure.clutter_match import HitMasks
from ctxopt.core.measure.linked import Linked, Taken
from ctxopt.core.measure.places import TopPlaces
from ctxopt.core.measure.stream import EntryStream
from ctxopt.core.measure.wire import Wire
from ctxopt.core.model import Usage
from ctxopt.core.tuples import NamedTuple

MOST_LINKS = 1000  # a tree of pnpm has a hundred times as many, all alike


class FoldOptions(NamedTuple):
    """What a fold measures with, and how much it remembers of single places."""

    wire: Wire
    filtered: bool  # the transfer is only a part of the context
    sources: int
    depth: int  # levels of folders whose largest children are remembered
    top: int  # how many of all, and of each folder
    shown: int | None = None  # of each folder, where that is another number
    marks: HitMasks | None = None  # what the hits of decisions mean; None: no finds


class SourceSums:
    """How much the sources take, by the mask of those that do.

    Files with other names are not in it: which of them count is known in the end.
    """

    __slots__ = ("_files", "_folders")

    def __init__(self) -> None:
        self._files: dict[int, tuple[int, int]] = {}  # files and their bytes
        self._folders: dict[int, int] = {}

    def add_files(self, mask: int, files: int, file_bytes: int) -> None:
        """Count files that the sources of a mask take."""
        before = self._files.get(mask, (0, 0))
        self._files[mask] = before[0] + files, before[1] + file_bytes

    def add_folder(self, mask: int, folders: int = 1) -> None:
        """Count folders that the sources of a mask take."""
        self._folders[mask] = self._folders.get(mask, 0) + folders

    def join(self, other: SourceSums) -> None:
        """Count what another fold did."""
        for mask, (files, size) in other._files.items():
            self.add_files(mask, files, size)
        for mask, folders in other._folders.items():
            self.add_folder(mask, folders)

    @property
    def masks(self) -> int:
        """All sources that take anything."""
        together = 0
        for mask in (*self._files, *self._folders):
            together |= mask
        return together

    def masked(self, change: Callable[[int], int]) -> SourceSums:
        """The same sums by other masks; what comes under one is added up."""
        other = SourceSums()
        for mask, (files, size) in self._files.items():
            other.add_files(change(mask), files, size)
        for mask, folders in self._folders.items():
            other.add_folder(change(mask), folders)
        return other

    def copy(self) -> SourceSums:
        """The same sums, to go on with."""
        other = SourceSums()
        other.join(self)
        return other

    def usage(self, sources: int, context: Linked) -> tuple[Usage, tuple[Usage, ...]]:
        """What all sources take together, and each; every inode once in each sum."""
        together = [0, 0]
        each = [[0, 0] for _ in range(sources)]
        folders = [0] * sources
        for mask, (files, size) in self._files.items():
            for sums in (together, *(each[index] for index in bits(mask))):
                sums[0] += files
                sums[1] += size
        for mask, count in self._folders.items():
            for index in bits(mask):
                folders[index] += count
        linked = context.by_mask()
        _add_linked(together, [*linked.values()])
        for index, sums in enumerate(each):
            found = [one for mask, one in linked.items() if mask >> index & 1]
            _add_linked(sums, found)
        taken = tuple(
            Usage(files + count, size)
            for (files, size), count in zip(each, folders, strict=True)
        )
        return Usage(*together), taken


class Reopened(NamedTuple):
    """An ignored folder that is entered all the same, for what is below it."""

    folders: int  # that are ignored and entered, itself among them
    files: int  # in all of it that the ignore file lets through


class OddPaths:
    """Paths that deserve a word of their own, in the builder's order."""

    __slots__ = (
        *("arrived", "links", "reopened", "unreadable", "unsendable"),
        *("unspeakable", "withheld"),
    )

    def __init__(self) -> None:
        self.arrived: set[str] = set()  # paths of targets that were sent
        # Links that are copied as such, and their targets; the first of them.
        self.links: list[tuple[str, str]] = []
        # Ignored folders that are entered, without those inside others.
        self.reopened: dict[str, Reopened] = {}
        self.unreadable: list[str] = []  # files that travel empty, or not at all
        self.unsendable: list[str] = []  # entries the wire format has no place for
        self.unspeakable: list[str] = []  # names or targets that are not UTF-8
        self.withheld: list[str] = []  # files named, but never opened

    def copy(self) -> OddPaths:
        """The same notes, to go on with."""
        other = OddPaths()
        other.extend(self)
        return other

    def extend(self, other: OddPaths) -> None:
        """Append the notes of a folder that comes next."""
        self.arrived |= other.arrived
        self.links = (self.links + other.links)[:MOST_LINKS]
        self.reopened.update(other.reopened)
        self.unreadable += other.unreadable
        self.unsendable += other.unsendable
        self.unspeakable += other.unspeakable
        self.withheld += other.withheld


class Ledger:
    """The sums of a fold, open to all that count for it."""

    __slots__ = (
        *("clutter", "context", "filtered", "largest", "notes", "options", "sources"),
        *("transfer", "wire"),
    )

    def __init__(self, options: FoldOptions) -> None:
        self.options = options
        self.wire = options.wire
        self.filtered = options.filtered
        has_ids = bool(options.wire.id_steps)
        self.context = EntryStream(has_ids=has_ids)
        # One and the same where the request has no filter.
        self.transfer = (
            EntryStream(has_ids=has_ids) if options.filtered else self.context
        )
        self.notes = OddPaths()
        self.largest = TopPlaces(options.top)
        self.sources = SourceSums()
        self.clutter = ClutterObserver()
        if options.marks is not None:
            self.clutter = ClutterCollector(options.marks, self.context, self.transfer)

    def copy(self) -> Ledger:
        """The same sums, to go on with; the clutter's open folders are copied too."""
        other = copy(self)
        other.context = other.transfer = self.context.copy()
        if self.filtered:
            other.transfer = self.transfer.copy()
        other.notes = self.notes.copy()
        other.largest = self.largest.copy()
        other.sources = self.sources.copy()
        other.clutter = self.clutter.copy(other.context, other.transfer)
        return other

    def check_text(self, entry: Entry) -> None:
        """Note an entry that travels and has a name that cannot."""
        if self.wire.utf8_only and not (is_utf8(entry.path) and is_utf8(entry.target)):
            self.notes.unspeakable.append(entry.path)


def _add_linked(sums: list[int], taken: Sequence[Taken]) -> None:
    """Add files with other names, taken under some masks, each inode once."""
    sums[0] += sum(one.files for one in taken)
    if len(taken) == 1:
        sums[1] += sum(taken[0].sizes.values())
    else:
        sizes: dict[int, int] = {}
        for one in taken:
            sizes |= one.sizes
        sums[1] += sum(sizes.values())
