"""The fold: batches of judged entries in, sizes out.

Two streams run side by side, of the context and of the transfer; they are one and the
same where the request has no filter. A fold may also measure one folder on its own,
and the part that comes of it is joined to the whole later, in order: nothing in it
depends on what came before. Rule for folders sent late: tonistiigi/fsutil, filter.go,
Walk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from ctxopt.core.bitmask import bits
from ctxopt.core.judging.entry import (
    DIRECTORY,
    FORMAT,
    REGULAR,
    Entry,
    EntryKind,
    Weight,
    is_utf8,
)
from ctxopt.core.judging.judge import Decision
from ctxopt.core.judging.rows import Batch, FolderRef, Row, row_entry
from ctxopt.core.measure.clutter import ClutterCollector
from ctxopt.core.measure.clutter_match import HEAVY_BYTES, HitMasks
from ctxopt.core.measure.level import FolderSums
from ctxopt.core.measure.linked import LinkedRow, Taken
from ctxopt.core.measure.parts import OddPaths, PartialMeasurement, Subtotal
from ctxopt.core.measure.places import Candidate, Ending, TopPlaces, place_of
from ctxopt.core.measure.result import Measurement
from ctxopt.core.measure.stream import EntryStream, Sums, regular_bytes
from ctxopt.core.measure.wire import Wire
from ctxopt.core.model import Usage


class FoldOptions(NamedTuple):
    """What a fold measures with, and how much it remembers of single places."""

    wire: Wire
    filtered: bool  # the transfer is only a part of the context
    sources: int
    depth: int  # levels of folders whose largest children are remembered
    top: int  # how many of each
    marks: HitMasks | None = None  # what the hits of decisions mean; None: no finds


NO_LINES: Mapping[str, int] = {}

# STAT bytes, DATA bytes, packets of each file, file bytes; see EntryStream.add_plain.
_RunSums: TypeAlias = tuple[int, int, list[int], int]

# As the first name of a later one: no system call takes a longer path.
_LONGEST_PATH = "x" * 4096
# No less than such a name adds to the STAT bytes of a later one, on any wire.
_LINK_ROOM = 2 * len(_LONGEST_PATH)


class Fold:
    """Adds up batches, in the builder's order."""

    def __init__(self, scale: FoldOptions) -> None:
        self._scale = scale
        self._wire = scale.wire
        has_ids = bool(scale.wire.id_steps)
        self.context = EntryStream(has_ids=has_ids)
        self.transfer = EntryStream(has_ids=has_ids) if scale.filtered else self.context
        self._notes = OddPaths()
        self._largest = TopPlaces(scale.top)
        self._by_mask: dict[int, tuple[int, int]] = {}  # files and their bytes
        self._folders: dict[int, int] = {}  # by mask
        self._levels: list[FolderSums] = []
        self._linked: list[LinkedRow] = []  # files of the run with other names
        # Of the folder counted last, whose batches come next:
        self._own_bytes = 0
        self._own_stat = 0  # the same whether it travels or not
        self._own_line = 0
        self._clutter: ClutterCollector | None = None
        if scale.marks is not None:
            self._clutter = ClutterCollector(scale.marks, self.context, self.transfer)
        self._closed: FolderSums | None = None

    # --- batches and other folds in ----------------------------------------------

    def add(self, batch: Batch, lines: Mapping[str, int] = NO_LINES) -> None:
        """Count the rows of a batch.

        `lines` has the names in it that git ignores, and a number for the line.
        """
        folder = batch.folder
        if not self._levels or self._levels[-1].folder is not folder:
            self._enter(folder)
        if batch.rows:
            self._count(self._levels[-1], batch.rows, lines)
        if batch.last:
            self._leave()

    def join(
        self,
        folder: FolderRef,
        other: PartialMeasurement,
        lines: Mapping[int, int] | None = None,
        *,
        last: bool = True,
    ) -> None:
        """Count a folder that was measured on its own, or consecutive batches of it.

        What comes before them must just have been counted, as the folder's own row
        before its first batch. `lines` has the numbers that stand here for those of
        the part; `last` says that the folder ends with it.
        """
        below = other.top
        if not self._levels or self._levels[-1].folder is not folder:
            self._enter(folder)
        level = self._levels[-1]
        for total, part in self._streams(other):
            if part.entries and not self._travels(level, total):
                self._send_parents(total)
        span, sent = self.context.entries, self.transfer.entries
        for total, part in self._streams(other):
            total.join(part)
        level.mask |= below.mask
        level.files += below.files
        level.file_bytes += below.file_bytes
        level.linked_bytes += below.linked_bytes
        level.wire_bytes += below.wire_bytes
        level.unsent_bytes += below.unsent_bytes
        level.used_bytes += below.used_bytes
        self._join_places(level, below, other, span, sent)
        self._notes.extend(other.notes)
        for mask, (files, size) in other.by_mask.items():
            self._credit(mask, files, size)
        for mask, folders in other.folders.items():
            self._folders[mask] = self._folders.get(mask, 0) + folders
        if self._clutter is not None and other.clutter is not None:
            self._clutter.join(other.clutter, lines or {}, context=span, transfer=sent)
        if last:
            self._leave()

    def part(self) -> PartialMeasurement:
        """What was measured of one folder, or of some batches of it, for `join`."""
        top = self._close()
        return PartialMeasurement(
            context=self.context,
            transfer=self.transfer,
            top=top.subtotal(),
            notes=self._notes,
            largest=self._largest,
            by_mask=self._by_mask,
            folders=self._folders,
            clutter=self._clutter.part() if self._clutter is not None else None,
        )

    def _close(self) -> FolderSums:
        """End every folder that is still open; the topmost one's sums.

        Where no batch ever came, that is an empty root.
        """
        if not self._levels and self._closed is None:
            self._enter(FolderRef())
        while self._levels:
            self._leave()
        assert self._closed is not None
        return self._closed

    def _streams(
        self, other: PartialMeasurement
    ) -> Iterator[tuple[EntryStream, EntryStream]]:
        yield self.context, other.context
        if self._scale.filtered:
            yield self.transfer, other.transfer

    def _join_places(
        self,
        level: FolderSums,
        below: Subtotal,
        other: PartialMeasurement,
        span: int,
        sent: int,
    ) -> None:
        self._largest.merge(other.largest, span, sent)
        if level.shown is not None and below.shown is not None:
            level.shown.merge(below.shown, span, sent)

    # --- folders in and out ------------------------------------------------------

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
            span=self.context.entries - (own and kept),
            sent=self.transfer.entries - (own and taken),
            mask=decision.mask if decision is not None and decision.taken else 0,
            own_bytes=self._own_bytes,
        )
        if self._clutter is not None:
            self._clutter.enter(
                folder, own_stat_bytes=self._own_stat, line=self._own_line
            )
        self._own_bytes = self._own_stat = self._own_line = 0
        if folder.depth < self._scale.depth:
            level.shown = TopPlaces(self._scale.top)
        self._levels.append(level)

    def _leave(self) -> None:
        level = self._levels.pop()
        if self._clutter is not None:
            self._clutter.leave(
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
        above.mask |= level.mask
        above.files += level.files
        above.file_bytes += level.file_bytes
        above.linked_bytes += level.linked_bytes
        above.wire_bytes += level.wire_bytes + level.own_bytes
        above.unsent_bytes += level.unsent_bytes
        above.used_bytes += level.used_bytes
        if not (level.kept or level.files):
            return  # entered in vain
        self._end_late(level)
        if above.shown is not None:
            above.shown.count += 1
        least = level.wire_bytes + level.own_bytes + level.unsent_bytes
        if least + level.linked_bytes >= self._floor(above):
            self._offer(above, self._folder_candidate(level))

    def _end_late(self, level: FolderSums) -> None:
        """Tell the streams up to where a folder was sent for the sake of others."""
        for total, stat_bytes in level.late:
            start = level.span if total is self.context else level.sent
            total.late.append((start, total.entries, stat_bytes))

    def _folder_candidate(self, level: FolderSums) -> Candidate:
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
            span=(level.span, self.context.entries),
            sent=(level.sent, self.transfer.entries),
            children=level.shown,
        )

    def _floor(self, level: FolderSums) -> int:
        """What is smaller wins no place, neither here nor in the whole."""
        if level.shown is None:
            return self._largest.floor
        return min(self._largest.floor, level.shown.floor)

    def _offer(self, level: FolderSums, candidate: Candidate) -> None:
        self._largest.offer(candidate)
        if level.shown is not None:
            level.shown.offer(candidate)

    # --- rows --------------------------------------------------------------------

    def _count(  # noqa: C901, PLR0915  # a call for each entry would cost too much
        self, level: FolderSums, rows: list[Row], lines: Mapping[str, int]
    ) -> None:
        """Count rows: plain files in runs that share a decision, the others singly."""
        weigh_plain = self._wire.weigh_plain
        prefix = level.folder.prefix
        prefix_bytes = level.prefix_bytes
        plain_path = self._wire.plain_path - prefix_bytes if prefix_bytes >= 0 else -1
        plain_size, plain_time = self._wire.plain_size, self._wire.plain_time
        if self._clutter is not None:
            plain_size = min(plain_size, HEAVY_BYTES)  # each of those on its own
        floor = self._floor(level)
        run: Decision | None = None
        usual, sent, run_line, line = False, True, 0, 0
        stat_bytes, data_bytes, packets, file_bytes = _no_run()
        for index, row in enumerate(rows):
            name, status, decision, extra = row
            if lines:
                line = lines.get(name, 0)
            if decision is not run or line != run_line:
                if packets and run is not None:
                    sums = stat_bytes, data_bytes, packets, file_bytes
                    stat_bytes, data_bytes, packets, file_bytes = self._add_run(
                        level, run, run_line, rows[:index], sums
                    )
                run, run_line = decision, line
                usual, sent = self._is_usual(decision), decision.taken
            mode = status.st_mode
            kind = mode & FORMAT
            if (
                usual
                and extra is None
                and name.isascii()
                and (length := len(name)) < plain_path
                and 0 <= (mtime_ns := status.st_mtime_ns) < plain_time
            ):
                if kind == REGULAR and (size := status.st_size) < plain_size:
                    permissions = mode & 0o7777
                    stat, data, count = weigh_plain(
                        prefix_bytes + length, permissions, size, mtime_ns
                    )
                    if (links := status.st_nlink) > 1:
                        self._linked.append(
                            (
                                len(packets),
                                prefix + name,
                                status.st_ino,
                                links,
                                permissions,
                                size,
                                mtime_ns,
                                stat,
                                data,
                                count,
                            )
                        )
                        packets.append(count)
                        continue
                    stat_bytes += stat
                    data_bytes += data
                    file_bytes += size
                    packets.append(count)
                    if (stat + data if sent else size) > floor:
                        # It must be counted to know its position.
                        sums = stat_bytes, data_bytes, packets, file_bytes
                        stat_bytes, data_bytes, packets, file_bytes = self._add_run(
                            level, decision, line, rows[: index + 1], sums
                        )
                        self._offer_file(level, name, decision, size, stat + data)
                        floor = self._floor(level)
                    continue
                folder_bytes = prefix_bytes + length
            else:
                folder_bytes = 0
            if packets:
                sums = stat_bytes, data_bytes, packets, file_bytes
                stat_bytes, data_bytes, packets, file_bytes = self._add_run(
                    level, decision, line, rows[:index], sums
                )
            if folder_bytes and kind == DIRECTORY:
                self._count_plain_folder(level, row, line, folder_bytes)
            else:
                self._count_odd(level, row, line)
                floor = self._floor(level)
        if packets and run is not None:
            sums = stat_bytes, data_bytes, packets, file_bytes
            self._add_run(level, run, run_line, rows, sums)

    def _is_usual(self, decision: Decision) -> bool:
        """Whether entries with this decision can be counted in bulk."""
        marks = self._scale.marks
        single = marks.single if marks is not None else 0
        return decision.kept and not (decision.arrived or decision.hits & single)

    def _add_run(
        self,
        level: FolderSums,
        decision: Decision,
        line: int,
        rows: Sequence[Row],
        sums: _RunSums,
    ) -> _RunSums:
        """Count a run of plain files that share a decision and a line.

        They are the last of `rows`. Hands back the sums of the next run.
        """
        stat_bytes, data_bytes, packets, file_bytes = sums
        self._send_run(level, decision, sums)
        if self._clutter is not None and (decision.noted or line):
            self._clutter.add(
                level.folder.prefix,
                [row[0] for row in rows[-len(packets) :]],
                decision,
                kind="file",
                line=line,
                weight=Sums(0, file_bytes, stat_bytes, data_bytes),
            )
        return _no_run()

    def _send_run(self, level: FolderSums, decision: Decision, sums: _RunSums) -> None:
        stat_bytes, data_bytes, packets, file_bytes = sums
        linked, self._linked = self._linked, []
        files = len(packets)
        mask = decision.mask if decision.taken else 0
        level.files += files
        level.file_bytes += file_bytes
        if linked:
            level.linked_bytes += _most_bytes(linked, sent=decision.taken)
        if level.shown is not None:
            level.shown.count += files
            level.shown.linked += len(linked)
        if self._scale.filtered:
            if not level.kept:
                self._send_parents(self.context)
            self.context.add_plain(*sums, linked, mask=mask, taken=decision.taken)
        if not decision.taken:
            level.unsent_bytes += file_bytes
            return
        if not level.taken:
            self._send_parents(self.transfer)
        self.transfer.add_plain(*sums, linked, mask=mask)
        level.wire_bytes += stat_bytes + data_bytes
        if mask:
            level.mask |= mask
            level.used_bytes += file_bytes
            self._credit(mask, files - len(linked), file_bytes)

    def _count_plain_folder(
        self, level: FolderSums, row: Row, line: int, path_bytes: int
    ) -> None:
        """Count a folder that has nothing special about it."""
        name, status, decision, _ = row
        stat_bytes = self._wire.weigh_folder(
            path_bytes, status.st_mode & 0o7777, status.st_mtime_ns
        )
        if self._scale.filtered:
            if not level.kept:
                self._send_parents(self.context)
            self.context.add_folder(stat_bytes)
        mask = 0
        if decision.taken:
            if not level.taken:
                self._send_parents(self.transfer)
            self.transfer.add_folder(stat_bytes)
            mask = decision.mask
            level.mask |= mask
        self._own_bytes = stat_bytes if decision.taken else 0
        self._own_stat = stat_bytes
        self._own_line = line
        self._count_folder(mask)
        if self._clutter is not None and decision.noted:
            self._clutter.protect(level.folder.prefix + name, decision)

    def _count_odd(self, level: FolderSums, row: Row, line: int) -> None:
        """Count a folder, a link, or a file that has something special about it."""
        name, _, decision, _ = row
        if not decision.kept:
            return  # a folder on the way; counted when something below is sent
        entry = row_entry(level.folder.prefix + name, row)
        weight = self._send(self.context, level, entry, decision)
        if weight is None:
            self._notes.unsendable.append(entry.path)
            return
        plain = weight
        if not decision.taken:
            weight = (0, 0, 0)
        else:
            if self._scale.filtered:
                self._send(self.transfer, level, entry, decision)
            self._note_taken(entry, row)
            level.mask |= decision.mask
        wire_bytes = weight[0] + weight[1]
        if entry.kind is EntryKind.DIRECTORY:
            self._own_bytes = wire_bytes
            self._own_stat = plain[0]
            self._own_line = line
            self._count_folder(decision.mask if decision.taken else 0)
            if self._clutter is not None:
                self._clutter.protect(entry.path, decision)
            return
        self._count_file(level, entry, decision, wire_bytes)
        heavy = entry.size >= HEAVY_BYTES
        if self._clutter is not None and (decision.noted or line or heavy):
            size = 0 if self._wire.is_linked(entry) else regular_bytes(entry)
            self._clutter.add(
                level.folder.prefix,
                [name],
                decision,
                kind="link" if entry.kind is EntryKind.SYMLINK else "file",
                line=line,
                weight=Sums(0, size, plain[0], plain[1]),
            )

    def _note_taken(self, entry: Entry, row: Row) -> None:
        _, _, decision, extra = row
        if decision.arrived:
            self._notes.arrived.add(entry.path)
        if extra is not None and extra.withheld:
            self._notes.withheld.append(entry.path)
        elif not entry.readable:
            self._notes.unreadable.append(entry.path)
        self._check_text(entry)

    def _check_text(self, entry: Entry) -> None:
        if self._wire.utf8_only and not (is_utf8(entry.path) and is_utf8(entry.target)):
            self._notes.unspeakable.append(entry.path)

    def _count_folder(self, mask: int) -> None:
        self._folders[mask] = self._folders.get(mask, 0) + 1

    def _count_file(
        self, level: FolderSums, entry: Entry, decision: Decision, wire_bytes: int
    ) -> None:
        size = regular_bytes(entry)
        linked = self._wire.is_linked(entry)
        mask = decision.mask if decision.taken else 0
        level.files += 1
        level.wire_bytes += wire_bytes
        most = wire_bytes if decision.taken else size
        if linked:
            most = self._heaviest(entry) if decision.taken else size
            level.linked_bytes += most
        else:
            level.file_bytes += size
            if not decision.taken:
                level.unsent_bytes += size
            if mask:
                level.used_bytes += size
                self._credit(mask, 1, size)
        if level.shown is not None:
            level.shown.count += 1
            level.shown.linked += linked
        if not linked and most > self._floor(level):
            name = entry.path.rpartition("/")[2]
            self._offer_file(level, name, decision, size, wire_bytes)

    def _heaviest(self, entry: Entry) -> int:
        """The most that an entry with other names may weigh, without ids."""
        weights = (self._wire.weigh(entry, first) for first in (None, _LONGEST_PATH))
        return max(weight[0] + weight[1] for weight in weights if weight is not None)

    def _offer_file(
        self,
        level: FolderSums,
        name: str,
        decision: Decision,
        size: int,
        wire_bytes: int,
    ) -> None:
        """Let the file counted last compete for a place.

        Those with other names do so in the end, see TopPlaces.places.
        """
        span, sent = self.context.entries, self.transfer.entries
        taken = decision.taken
        weight = wire_bytes if taken else size
        candidate = Candidate(
            path=level.folder.prefix + name,
            kind="file",
            files=1,
            least_bytes=weight,
            most_bytes=weight,
            file_bytes=size,
            wire_bytes=wire_bytes if taken else 0,
            own_bytes=0,
            used_bytes=size if taken and decision.mask else 0,
            mask=decision.mask if taken else 0,
            span=(span - 1, span),
            sent=(sent - 1, sent) if taken else (sent, sent),
        )
        self._offer(level, candidate)

    # --- what is sent ------------------------------------------------------------

    def _travels(self, level: FolderSums, total: EntryStream) -> bool:
        """Whether the folder's own entry is counted in a stream."""
        if total is self.context and self._scale.filtered:
            return level.kept
        return level.taken

    def _send(
        self, total: EntryStream, level: FolderSums, entry: Entry, decision: Decision
    ) -> Weight | None:
        """Append an entry to a stream; None where it cannot travel."""
        if not self._travels(level, total):
            self._send_parents(total)
        taken = decision.taken
        mask = decision.mask if taken else 0
        return total.add(entry, mask, self._wire, taken=taken)

    def _send_parents(self, total: EntryStream) -> None:
        """Send the folders on the way that were not sent themselves, topmost first."""
        if not self._wire.late_parents:
            return
        for index, level in enumerate(self._levels):
            row = level.folder.row
            if self._travels(level, total) or row is None:
                continue
            if self._clutter is not None:
                self._clutter.begin_late(index, total)
            position = total.entries
            entry = row_entry(level.folder.path, row)
            weight = total.add(entry, 0, self._wire)
            assert weight is not None  # there is room for folders on every wire
            level.late.append((total, weight[0]))
            if total is self.context:
                level.kept = True
                level.span = position
            if total is self.transfer:
                level.taken = True
                level.sent = position
                level.own_bytes = weight[0]
                self._count_folder(row[2].mask)
                self._check_text(entry)
                if row[2].arrived:
                    self._notes.arrived.add(entry.path)

    def _credit(self, mask: int, files: int, file_bytes: int) -> None:
        before = self._by_mask.get(mask, (0, 0))
        self._by_mask[mask] = before[0] + files, before[1] + file_bytes

    # --- results -----------------------------------------------------------------

    def finish(self) -> Measurement:
        """Settle the fold as the measurement of a whole root."""
        top = self._close()
        wire = self._wire
        context = self.context.settle(wire)
        transfer = self.transfer.settle(wire) if self._scale.filtered else context
        ending = Ending.of(context, transfer)
        used, taken = self._usage()
        return Measurement(
            context=context,
            transfer=transfer,
            root=place_of(self._folder_candidate(top), ending),
            largest=self._largest.places(ending),
            used=used,
            taken=taken,
            notes=self._notes,
            clutter=tuple(self._clutter.found) if self._clutter is not None else (),
        )

    def _usage(self) -> tuple[Usage, tuple[Usage, ...]]:
        """What all sources take together, and each; every inode once in each sum."""
        together = [0, 0]
        each = [[0, 0] for _ in range(self._scale.sources)]
        folders = [0] * self._scale.sources
        for mask, (files, size) in self._by_mask.items():
            for sums in (together, *(each[index] for index in bits(mask))):
                sums[0] += files
                sums[1] += size
        for mask, count in self._folders.items():
            for index in bits(mask):
                folders[index] += count
        linked = self.context.linked.by_mask()
        _add_linked(together, [*linked.values()])
        for index, sums in enumerate(each):
            found = [one for mask, one in linked.items() if mask >> index & 1]
            _add_linked(sums, found)
        taken = tuple(
            Usage(files + count, size)
            for (files, size), count in zip(each, folders, strict=True)
        )
        return Usage(*together), taken


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


def _most_bytes(linked: Sequence[LinkedRow], *, sent: bool) -> int:
    """The most that files with other names may weigh, without ids."""
    if not sent:
        return sum(row[5] for row in linked)
    return sum(row[7] + max(row[8], _LINK_ROOM) for row in linked)


def _no_run() -> _RunSums:
    return 0, 0, [], 0
