"""Entries that are counted one at a time: whatever is no plain file.

Folders, links, devices; files with attributes, of odd names or times, unreadable ones,
or those that a target needs by its path. Where nearly all entries of a tree are plain
files, these are few, and nothing here is made to be fast but plain folders.
"""

from __future__ import annotations

from ctxopt.core.judging.entry import DIRECTORY, FORMAT, Entry, EntryKind, Weight
from ctxopt.core.judging.judge import Decision
from ctxopt.core.judging.rows import Row, row_entry
from ctxopt.core.measure.folders import FolderStack, FolderSums
from ctxopt.core.measure.ledger import MOST_LINKS, Ledger
from ctxopt.core.measure.places import Candidate
from ctxopt.core.measure.stream import EntryStream, Sums, regular_bytes

# As the first name of a later one: no system call takes a longer path.
LONGEST_PATH = "x" * 4096


class SingleEntries:
    """Counts single entries of the folder that the fold is in."""

    def __init__(self, ledger: Ledger, folders: FolderStack) -> None:
        self._ledger = ledger
        self._folders = folders

    def count(self, level: FolderSums, row: Row, line: int) -> None:
        """Count an entry of the folder that the fold is in.

        `line` is the number of the line by which git ignores it, 0 for none.
        """
        path_bytes = self._plain_folder_bytes(level, row)
        if path_bytes:
            self._count_plain_folder(level, row, line, path_bytes)
        else:
            self._count_odd(level, row, line)

    def _plain_folder_bytes(self, level: FolderSums, row: Row) -> int:
        """How long the path is of a folder with nothing special about it, else 0."""
        name, status, decision, extra = row
        wire = self._ledger.wire
        path_bytes = level.prefix_bytes + len(name)
        if (
            status.st_mode & FORMAT == DIRECTORY
            and extra is None
            and decision.kept
            and not decision.arrived
            and level.prefix_bytes >= 0
            and name.isascii()
            and path_bytes < wire.plain_path
            and 0 <= status.st_mtime_ns < wire.plain_time
        ):
            return path_bytes
        return 0

    def _count_plain_folder(
        self, level: FolderSums, row: Row, line: int, path_bytes: int
    ) -> None:
        name, status, decision, _ = row
        stat_bytes = self._ledger.wire.weigh_folder(
            path_bytes, status.st_mode & 0o7777, status.st_mtime_ns
        )
        if self._ledger.filtered:
            if not level.kept:
                self._folders.send_parents(self._ledger.context)
            self._ledger.context.add_folder(stat_bytes)
        mask = 0
        if decision.taken:
            if not level.taken:
                self._folders.send_parents(self._ledger.transfer)
            self._ledger.transfer.add_folder(stat_bytes)
            mask = decision.mask
            level.mask |= mask
        self._folders.note_own(
            wire_bytes=stat_bytes if decision.taken else 0,
            stat_bytes=stat_bytes,
            line=line,
        )
        self._ledger.sources.add_folder(mask)
        if decision.noted:
            self._ledger.clutter.protect(level.folder.prefix + name, decision)

    def _count_odd(self, level: FolderSums, row: Row, line: int) -> None:
        """Count a folder, a link, or a file that has something special about it."""
        name, _, decision, _ = row
        if not decision.kept:
            return  # a folder on the way; counted when something below is sent
        entry = row_entry(level.folder.prefix + name, row)
        weight = self._send(self._ledger.context, level, entry, decision)
        if weight is None:
            self._ledger.notes.unsendable.append(entry.path)
            return
        plain = weight
        if not decision.taken:
            weight = (0, 0, 0)
        else:
            if self._ledger.filtered:
                self._send(self._ledger.transfer, level, entry, decision)
            self._note_taken(entry, row)
            level.mask |= decision.mask
        wire_bytes = weight[0] + weight[1]
        if entry.kind is EntryKind.DIRECTORY:
            self._folders.note_own(
                wire_bytes=wire_bytes, stat_bytes=plain[0], line=line
            )
            self._ledger.sources.add_folder(decision.mask if decision.taken else 0)
            self._ledger.clutter.protect(entry.path, decision)
            return
        self._count_file(level, entry, decision, wire_bytes)
        heavy = entry.size >= self._ledger.clutter.heavy_bytes
        if decision.noted or line or heavy:
            size = 0 if self._ledger.wire.is_linked(entry) else regular_bytes(entry)
            self._ledger.clutter.add(
                level.folder.prefix,
                [row],
                decision,
                kind="link" if entry.kind is EntryKind.SYMLINK else "file",
                line=line,
                weight=Sums(0, size, plain[0], plain[1]),
            )

    def _note_taken(self, entry: Entry, row: Row) -> None:
        _, _, decision, extra = row
        if decision.arrived:
            self._ledger.notes.arrived.add(entry.path)
        if extra is not None and extra.withheld:
            self._ledger.notes.withheld.append(entry.path)
        elif not entry.readable:
            self._ledger.notes.unreadable.append(entry.path)
        links = self._ledger.notes.links
        if entry.target and _is_copied_as_link(decision) and len(links) < MOST_LINKS:
            links.append((entry.path, entry.target))
        self._ledger.check_text(entry)

    def _count_file(
        self, level: FolderSums, entry: Entry, decision: Decision, wire_bytes: int
    ) -> None:
        size = regular_bytes(entry)
        linked = self._ledger.wire.is_linked(entry)
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
                self._ledger.sources.add_files(mask, 1, size)
        if level.shown is not None:
            level.shown.count += 1
            level.shown.linked += linked
        if not linked and most > self._folders.floor(level):
            name = entry.path.rpartition("/")[2]
            self.offer_file(level, name, decision, size, wire_bytes)

    def _heaviest(self, entry: Entry) -> int:
        """The most that an entry with other names may weigh, without ids."""
        weights = (
            self._ledger.wire.weigh(entry, first) for first in (None, LONGEST_PATH)
        )
        return max(weight[0] + weight[1] for weight in weights if weight is not None)

    def offer_file(
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
        span, sent = self._ledger.context.entries, self._ledger.transfer.entries
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
        self._folders.offer(level, candidate)

    def _send(
        self, total: EntryStream, level: FolderSums, entry: Entry, decision: Decision
    ) -> Weight | None:
        """Append an entry to a stream; None where it cannot travel."""
        if not self._folders.travels(level, total):
            self._folders.send_parents(total)
        taken = decision.taken
        mask = decision.mask if taken else 0
        return total.add(entry, mask, self._ledger.wire, taken=taken)


def _is_copied_as_link(decision: Decision) -> bool:
    """Whether some source takes a link with its folder; one that is named is followed.

    Rule: moby/buildkit, dockerfile2llb/convert_copy.go, dispatchCopy (FollowSymlinks).
    """
    return bool(decision.mask) and not decision.named and not decision.arrived
