"""Runs of plain files: the loop over all rows of a tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from ctxopt.core.judging.entry import DIRECTORY, FORMAT, REGULAR
from ctxopt.core.judging.judge import Decision
from ctxopt.core.judging.rows import Row
from ctxopt.core.measure.folders import FolderStack, FolderSums
from ctxopt.core.measure.ledger import Ledger
from ctxopt.core.measure.linked import LinkedRow
from ctxopt.core.measure.singles import LONGEST_PATH, SingleEntries
from ctxopt.core.measure.stream import Sums

# STAT bytes, DATA bytes, packets of each file, file bytes; see EntryStream.add_plain.
_RunSums: TypeAlias = tuple[int, int, list[int], int]

# No less than such a name adds to the STAT bytes of a later one, on any wire.
_LINK_ROOM = 2 * len(LONGEST_PATH)


class PlainRuns:
    """Counts the rows of batches, plain files in runs."""

    def __init__(
        self, ledger: Ledger, folders: FolderStack, singles: SingleEntries
    ) -> None:
        self._ledger = ledger
        self._folders = folders
        self._singles = singles
        self._linked: list[LinkedRow] = []  # files of the run with other names

    def count(  # noqa: PLR0915  # a call for each entry would cost too much
        self, level: FolderSums, rows: list[Row], lines: Mapping[str, int]
    ) -> None:
        """Count rows: plain files in runs that share a decision, the others singly."""
        weigh_plain = self._ledger.wire.weigh_plain
        prefix = level.folder.prefix
        prefix_bytes = level.prefix_bytes
        plain_path = (
            self._ledger.wire.plain_path - prefix_bytes if prefix_bytes >= 0 else -1
        )
        plain_size, plain_time = (
            self._ledger.wire.plain_size,
            self._ledger.wire.plain_time,
        )
        # Larger ones may be a find each.
        plain_size = min(plain_size, self._ledger.clutter.heavy_bytes)
        floor = self._folders.floor(level)
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
                        self._singles.offer_file(
                            level, name, decision, size, stat + data
                        )
                        floor = self._folders.floor(level)
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
                self._singles.count_plain_folder(level, row, line, folder_bytes)
            else:
                self._singles.count(level, row, line)
                floor = self._folders.floor(level)
        if packets and run is not None:
            sums = stat_bytes, data_bytes, packets, file_bytes
            self._add_run(level, run, run_line, rows, sums)

    def _is_usual(self, decision: Decision) -> bool:
        """Whether entries with this decision can be counted in bulk."""
        single = self._ledger.clutter.single
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
        if decision.noted or line:
            self._ledger.clutter.add(
                level.folder.prefix,
                rows[-len(packets) :],
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
        if self._ledger.filtered:
            if not level.kept:
                self._folders.send_parents(self._ledger.context)
            self._ledger.context.add_plain(
                *sums, linked, mask=mask, taken=decision.taken
            )
        if not decision.taken:
            level.unsent_bytes += file_bytes
            return
        if not level.taken:
            self._folders.send_parents(self._ledger.transfer)
        self._ledger.transfer.add_plain(*sums, linked, mask=mask)
        level.wire_bytes += stat_bytes + data_bytes
        if mask:
            level.mask |= mask
            level.used_bytes += file_bytes
            self._ledger.sources.add_files(mask, files - len(linked), file_bytes)


def _most_bytes(linked: Sequence[LinkedRow], *, sent: bool) -> int:
    """The most that files with other names may weigh, without ids."""
    if not sent:
        return sum(row[5] for row in linked)
    return sum(row[7] + max(row[8], _LINK_ROOM) for row in linked)


def _no_run() -> _RunSums:
    return 0, 0, [], 0
