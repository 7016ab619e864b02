"""Runs of plain files: the loop over all rows of a tree.

A plain file has a short ASCII name and nothing special about it; the wire says up to
which length, size and time. Neighbours in a folder that share a decision and a line of
git are a run, and are counted together. Of `a.py b.py sub c.py` two files are a run,
then comes a folder, then a run of one. Whatever is no plain file is counted singly.

Why that gives the same as one after the other:

* What a plain file weighs depends on what came before in two things only, and the
  streams keep both for each file: its packets, whose ids grow with the position, and,
  where its inode has other names, a `LinkedRow` with its place in the run. The rest are
  sums, and these do not depend on the order.
* Who takes a file, and what it is a find of, follows from the decision and the line,
  which all files of a run share.
* Folders that are sent for the sake of what is in them go before the first file of the
  run; none is left to be sent before the others.
* The position is looked at before an entry that is counted singly, behind a file that
  may be among the largest, where the decision or the line changes, and at the end of a
  batch. A run ends at each of these.

`tests/core/measure/test_runs.py` holds it to a reckoning of single entries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from ctxopt.core.judging.entry import FORMAT, REGULAR
from ctxopt.core.judging.judge import Decision
from ctxopt.core.judging.rows import Row
from ctxopt.core.measure.folders import FolderStack, FolderSums
from ctxopt.core.measure.ledger import Ledger
from ctxopt.core.measure.linked import LinkedRow
from ctxopt.core.measure.singles import LONGEST_PATH, SingleEntries
from ctxopt.core.measure.stream import Sums
from ctxopt.core.tuples import NamedTuple

# No less than such a name adds to the STAT bytes of a later one, on any wire.
_LINK_ROOM = 2 * len(LONGEST_PATH)


class _PlainRun(NamedTuple):
    """Plain files side by side, weighed and not yet counted.

    The sums are of those with one name; `packets` has a number for every file.
    """

    stat_bytes: int
    data_bytes: int
    packets: Sequence[int]
    file_bytes: int
    linked: Sequence[LinkedRow]  # those with other names
    contender_bytes: int | None  # STAT and DATA of the last, if it may be a largest one
    behind: Row | None  # what comes next, None at the end


class PlainRuns:
    """Counts the rows of batches, plain files in runs."""

    def __init__(
        self, ledger: Ledger, folders: FolderStack, singles: SingleEntries
    ) -> None:
        self._ledger = ledger
        self._folders = folders
        self._singles = singles
        wire, clutter = ledger.wire, ledger.clutter
        self._weigh_plain = wire.weigh_plain
        self._plain_path = wire.plain_path
        self._plain_time = wire.plain_time
        # Larger ones may be a find each, and some may be whatever their size.
        self._plain_size = min(wire.plain_size, clutter.heavy_bytes)
        self._clutter = clutter

    def count(
        self, level: FolderSums, rows: Sequence[Row], lines: Mapping[str, int]
    ) -> None:
        """Count rows of the folder that the fold is in."""
        rest = iter(rows)
        row = next(rest, None)
        at = 0
        while row is not None:
            name, status, decision, _ = row
            line = lines.get(name, 0) if lines else 0
            if status.st_mode & FORMAT == REGULAR and self._is_usual(decision):
                run = self._weigh(level, row, rest, lines, line)
                if run.packets:
                    end = at + len(run.packets)
                    self._add(level, rows[at:end], line, run)
                    at, row = end, run.behind
                    continue
            self._singles.count(level, row, line)
            at, row = at + 1, next(rest, None)

    def _is_usual(self, decision: Decision) -> bool:
        """Whether files with this decision can be counted together."""
        single = decision.arrived or decision.hits & self._clutter.single
        return decision.kept and not single

    def _weigh(
        self,
        level: FolderSums,
        first: Row,
        rest: Iterator[Row],
        lines: Mapping[str, int],
        line: int,
    ) -> _PlainRun:
        """The run that a row begins; empty where that is no plain file.

        No call but one for a file: this is where a scan spends the most of its time.
        """
        weigh_plain = self._weigh_plain
        plain_size, plain_time = self._plain_size, self._plain_time
        prefix, prefix_bytes = level.folder.prefix, level.prefix_bytes
        plain_name = self._plain_path - prefix_bytes if prefix_bytes >= 0 else -1
        floor = self._folders.floor(level)
        shared = first[2]
        stat_bytes = data_bytes = file_bytes = 0
        packets: list[int] = []
        linked: list[LinkedRow] = []
        contender: int | None = None
        behind: Row | None = None
        for row in chain((first,), rest):
            name, status, decision, extra = row
            mode = status.st_mode
            if (
                decision is not shared
                or mode & FORMAT != REGULAR
                or extra is not None
                or not name.isascii()
                or (length := len(name)) >= plain_name
                or not 0 <= (mtime_ns := status.st_mtime_ns) < plain_time
                or (size := status.st_size) >= plain_size
                or (lines and lines.get(name, 0) != line)
            ):
                behind = row
                break
            permissions = mode & 0o7777
            weight = weigh_plain(prefix_bytes + length, permissions, size, mtime_ns)
            stat, data, count = weight
            if (links := status.st_nlink) > 1:
                look = status.st_ino, links, permissions, size, mtime_ns
                linked.append((len(packets), prefix + name, look, weight))
                packets.append(count)
                continue
            stat_bytes += stat
            data_bytes += data
            file_bytes += size
            packets.append(count)
            if (stat + data if shared.taken else size) > floor:
                contender, behind = stat + data, next(rest, None)
                break
        # By position: there are as many runs as folders with files, or more.
        return _PlainRun(
            stat_bytes, data_bytes, packets, file_bytes, linked, contender, behind
        )

    def _add(
        self, level: FolderSums, rows: Sequence[Row], line: int, run: _PlainRun
    ) -> None:
        """Count a run; `rows` are its files."""
        name, status, decision, _ = rows[-1]
        self._send(level, decision, run)
        if decision.noted or line:
            self._ledger.clutter.add(
                level.folder.prefix,
                rows,
                decision,
                kind="file",
                line=line,
                weight=Sums(0, run.file_bytes, run.stat_bytes, run.data_bytes),
            )
        if run.contender_bytes is not None:
            self._singles.offer_file(
                level, name, decision, status.st_size, run.contender_bytes
            )

    def _send(self, level: FolderSums, decision: Decision, run: _PlainRun) -> None:
        """Append a run to the streams, and count it in its folder."""
        stat_bytes, data_bytes, packets, file_bytes, linked, _, _ = run
        ledger, taken = self._ledger, decision.taken
        sums = stat_bytes, data_bytes, packets, file_bytes, linked
        files = len(packets)
        mask = decision.mask if taken else 0
        level.files += files
        level.file_bytes += file_bytes
        if linked:
            level.linked_bytes += _most_bytes(linked, sent=taken)
        if level.shown is not None:
            level.shown.count += files
            level.shown.linked += len(linked)
        if ledger.filtered:
            if not level.kept:
                self._folders.send_parents(ledger.context)
            ledger.context.add_plain(*sums, mask=mask, taken=taken)
        if not taken:
            level.unsent_bytes += file_bytes
            return
        if not level.taken:
            self._folders.send_parents(ledger.transfer)
        ledger.transfer.add_plain(*sums, mask=mask)
        level.wire_bytes += stat_bytes + data_bytes
        if mask:
            level.mask |= mask
            level.used_bytes += file_bytes
            ledger.sources.add_files(mask, files - len(linked), file_bytes)


def _most_bytes(linked: Sequence[LinkedRow], *, sent: bool) -> int:
    """The most that files with other names may weigh, without ids."""
    if not sent:
        return sum(size for _, _, (_, _, _, size, _), _ in linked)
    return sum(stat + max(data, _LINK_ROOM) for *_, (stat, data, _) in linked)
