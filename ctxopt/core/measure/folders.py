"""The folders that the fold is in: entered, left, joined, sent late.

Of `app/src/main.py` the fold is in three: the root, `app` and `app/src`. When it leaves
one, the sums of what is below go to the folder above, and the folder competes for a
place among the largest. Where `COPY app/src/main.py` leaves out the two folders
themselves, BuildKit sends them all the same, just before the first thing in them that
travels: late, as tonistiigi/fsutil does in filter.go, Walk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy

from ctxopt.core.judging.rows import FolderRef, row_entry
from ctxopt.core.measure.ledger import Ledger, Reopened
from ctxopt.core.measure.parts import PartialMeasurement, Subtotal
from ctxopt.core.measure.places import Candidate, TopPlaces
from ctxopt.core.measure.stream import EntryStream


class FolderSums:
    """A folder that the fold is in; its sums are of what is below it."""

    __slots__ = (
        "file_bytes",
        "files",
        "folder",
        "kept",
        "late",
        "linked_bytes",
        "mask",
        "own_bytes",
        "prefix_bytes",
        "reopened",
        "sent",
        "shown",
        "span",
        "taken",
        "unsent_bytes",
        "used_bytes",
        "wire_bytes",
    )

    def __init__(
        self,
        folder: FolderRef,
        *,
        kept: bool,
        taken: bool,
        span: int,
        sent: int,
        mask: int,
        own_bytes: int,
    ) -> None:
        self.folder = folder
        # -1 where names are not weighed in bulk.
        prefix = folder.prefix
        self.prefix_bytes = len(prefix) if prefix.isascii() else -1
        self.kept = kept  # its own entry is counted in the context
        self.taken = taken  # and in the transfer
        self.span = span  # position of its own entry, or of what comes first in it
        self.sent = sent
        self.mask = mask
        self.own_bytes = own_bytes  # wire bytes of its own entry
        self.files = 0
        self.file_bytes = 0
        self.linked_bytes = 0  # the most that entries with other names may weigh
        self.wire_bytes = 0
        self.unsent_bytes = 0  # file bytes
        self.used_bytes = 0
        self.reopened = 0  # folders below that are ignored and entered
        self.shown: TopPlaces | None = None
        self.late: list[tuple[EntryStream, int]] = []  # STAT bytes there

    def copy(self, streams: Mapping[int, EntryStream]) -> FolderSums:
        """The same sums, to go on with; `streams` has the copy of each, by its id."""
        other = copy(self)
        other.shown = self.shown.copy() if self.shown is not None else None
        other.late = [(streams[id(total)], size) for total, size in self.late]
        return other

    def subtotal(self) -> Subtotal:
        """Its sums as plain values."""
        return Subtotal(
            mask=self.mask,
            files=self.files,
            file_bytes=self.file_bytes,
            linked_bytes=self.linked_bytes,
            wire_bytes=self.wire_bytes,
            unsent_bytes=self.unsent_bytes,
            used_bytes=self.used_bytes,
            shown=self.shown,
            reopened=self.reopened,
        )

    def add(self, below: FolderSums | Subtotal) -> None:
        """Count what is in it, without the own entry of what is added."""
        self.mask |= below.mask
        self.files += below.files
        self.file_bytes += below.file_bytes
        self.linked_bytes += below.linked_bytes
        self.wire_bytes += below.wire_bytes
        self.unsent_bytes += below.unsent_bytes
        self.used_bytes += below.used_bytes
        self.reopened += below.reopened

    @property
    def is_ignored(self) -> bool:
        """Whether the ignore file keeps the folder itself out."""
        row = self.folder.row
        return row is not None and not row[2].kept


class FolderStack:
    """The folders that the fold is in, the topmost first."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._levels: list[FolderSums] = []
        self._closed: FolderSums | None = None
        # Of the folder counted last, whose batches come next:
        self._own_bytes = 0
        self._own_stat = 0
        self._own_line = 0

    def copy(self, ledger: Ledger) -> FolderStack:
        """The same folders, to go on with a copy of the ledger."""
        old = self._ledger
        streams = {id(old.context): ledger.context, id(old.transfer): ledger.transfer}
        other: FolderStack = copy(self)
        other._ledger = ledger
        other._levels = [level.copy(streams) for level in self._levels]
        return other

    def at(self, folder: FolderRef) -> FolderSums:
        """The sums of a folder whose batch has come; the first one enters it."""
        if not self._levels or self._levels[-1].folder is not folder:
            self._enter(folder)
        return self._levels[-1]

    def _enter(self, folder: FolderRef) -> None:
        decision = folder.row[2] if folder.row is not None else None
        # A fold that begins here does not count the folder's own entry.
        above = self._levels[-1] if self._levels else None
        kept = decision is None or decision.kept or above is None
        taken = decision is None or decision.taken or above is None
        own = decision is not None and above is not None
        level = FolderSums(
            folder,
            kept=kept,
            taken=taken,
            span=self._ledger.context.entries - (own and kept),
            sent=self._ledger.transfer.entries - (own and taken),
            mask=decision.mask if decision is not None and decision.taken else 0,
            own_bytes=self._own_bytes,
        )
        self._ledger.clutter.enter(
            folder, own_stat_bytes=self._own_stat, line=self._own_line
        )
        self._own_bytes = self._own_stat = self._own_line = 0
        if folder.depth < self._ledger.options.depth:
            options = self._ledger.options
            level.shown = TopPlaces(
                options.top if options.shown is None else options.shown
            )
        self._levels.append(level)

    def note_own(self, *, wire_bytes: int, stat_bytes: int, line: int) -> None:
        """Remember the folder counted last, whose batches come next.

        `wire_bytes` is 0 where it does not travel, `stat_bytes` the same either way.
        """
        self._own_bytes = wire_bytes
        self._own_stat = stat_bytes
        self._own_line = line

    def leave(self) -> None:
        """Leave the folder that was entered last, all in it being counted."""
        level = self._levels.pop()
        self._ledger.clutter.leave(
            level.folder.path,
            starts=(level.span, level.sent),
            files=level.files,
            file_bytes=level.file_bytes,
            mask=level.mask,
        )
        if not self._levels:
            self._closed = level
            return
        above = self._levels[-1]
        if level.is_ignored:
            level.reopened += 1
            if not above.is_ignored:
                found = Reopened(level.reopened, level.files)
                self._ledger.notes.reopened[level.folder.path] = found
        above.add(level)
        above.wire_bytes += level.own_bytes
        if not level.kept and self._ledger.context.entries == level.span:
            return  # entered in vain
        self._end_late(level)
        if above.shown is not None:
            above.shown.count += 1
        least = level.wire_bytes + level.own_bytes + level.unsent_bytes
        if least + level.linked_bytes >= self.floor(above):
            self.offer(above, self.candidate(level))

    def _end_late(self, level: FolderSums) -> None:
        """Tell the streams up to where a folder was sent for the sake of others."""
        for total, stat_bytes in level.late:
            start = level.span if total is self._ledger.context else level.sent
            total.late.append((start, total.entries, stat_bytes))

    def close(self) -> FolderSums:
        """End every folder that is still open; the topmost one's sums.

        Where no batch ever came, that is an empty root.
        """
        if not self._levels and self._closed is None:
            self._enter(FolderRef())
        while self._levels:
            self.leave()
        assert self._closed is not None
        return self._closed

    def candidate(self, level: FolderSums) -> Candidate:
        """A folder that may be among the largest."""
        wire_bytes = level.wire_bytes + level.own_bytes
        least_bytes = wire_bytes + level.unsent_bytes
        return Candidate(
            path=level.folder.path,
            kind="directory",
            files=level.files,
            least_bytes=least_bytes,
            most_bytes=least_bytes + level.linked_bytes,
            file_bytes=level.file_bytes,
            wire_bytes=wire_bytes,
            own_bytes=level.own_bytes,
            used_bytes=level.used_bytes,
            mask=level.mask,
            span=(level.span, self._ledger.context.entries),
            sent=(level.sent, self._ledger.transfer.entries),
            children=level.shown,
        )

    def floor(self, level: FolderSums) -> int:
        """What is smaller wins no place, neither here nor in the whole."""
        if level.shown is None:
            return self._ledger.largest.floor
        return min(self._ledger.largest.floor, level.shown.floor)

    def offer(self, level: FolderSums, candidate: Candidate) -> None:
        """Let what is right in a folder compete for a place."""
        self._ledger.largest.offer(candidate)
        if level.shown is not None:
            level.shown.offer(candidate)

    def travels(self, level: FolderSums, total: EntryStream) -> bool:
        """Whether the folder's own entry is counted in a stream."""
        if total is self._ledger.context and self._ledger.filtered:
            return level.kept
        return level.taken

    def send_parents(self, total: EntryStream) -> None:
        """Send the folders on the way that were not sent themselves, topmost first."""
        if not self._ledger.wire.late_parents:
            return
        for index, level in enumerate(self._levels):
            row = level.folder.row
            if self.travels(level, total) or row is None:
                continue
            self._ledger.clutter.begin_late(index, total)
            position = total.entries
            entry = row_entry(level.folder.path, row)
            weight = total.add(entry, 0, self._ledger.wire)
            assert weight is not None  # there is room for folders on every wire
            level.late.append((total, weight[0]))
            if total is self._ledger.context:
                level.kept = True
                level.span = position
            if total is self._ledger.transfer:
                level.taken = True
                level.sent = position
                level.own_bytes = weight[0]
                self._ledger.sources.add_folder(row[2].mask)
                self._ledger.check_text(entry)
                if row[2].arrived:
                    self._ledger.notes.arrived.add(entry.path)

    def join(self, level: FolderSums, other: PartialMeasurement) -> tuple[int, int]:
        """Count the entries of a part in the folder entered last.

        Folders that are sent for the sake of what is in the part come before it.
        Returns where it begins in the context and in the transfer.
        """
        ledger, below = self._ledger, other.top
        for total, part in self._streams(other):
            if part.entries and not self.travels(level, total):
                self.send_parents(total)
        span, sent = ledger.context.entries, ledger.transfer.entries
        for total, part in self._streams(other):
            total.join(part)
        level.add(below)
        ledger.largest.merge(other.largest, span, sent)
        if level.shown is not None and below.shown is not None:
            level.shown.merge(below.shown, span, sent)
        return span, sent

    def _streams(
        self, other: PartialMeasurement
    ) -> Iterator[tuple[EntryStream, EntryStream]]:
        yield self._ledger.context, other.context
        if self._ledger.filtered:
            yield self._ledger.transfer, other.transfer
