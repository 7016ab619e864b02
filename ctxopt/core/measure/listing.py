"""Batches of judged entries in, lines of `ls` out, in the builder's order."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from enum import Enum

from ctxopt.core.bitmask import bits
from ctxopt.core.judging.entry import DIRECTORY, FORMAT, REGULAR, EntryKind
from ctxopt.core.judging.rows import Batch, FolderRef, Row, row_entry
from ctxopt.core.measure.wire import Wire, id_width
from ctxopt.core.model import Listed, Source
from ctxopt.core.typed import Generic, TypeVar

Line = TypeVar("Line")


class Selection(Enum):
    """Which entries are listed."""

    TRANSFER = "transfer"
    CONTEXT = "context"
    UNUSED = "unused"  # non-directories of the context that no source takes
    EXCLUDED = "excluded"  # needs the state judge.Everything


class _ListedFolder:
    """A folder on the way; `sent`: its own entry travels."""

    __slots__ = ("folder", "sent")

    def __init__(self, folder: FolderRef, *, sent: bool) -> None:
        self.folder = folder
        self.sent = sent


class _Lines(ABC, Generic[Line]):
    """Turns batches into lines, folders on the way before what is in them."""

    def __init__(self, wire: Wire, selection: Selection) -> None:
        self._wire = wire
        self._selection = selection
        self._levels: list[_ListedFolder] = []

    def add(self, batch: Batch) -> Iterator[Line]:
        """The lines of a batch, late parents first."""
        self.enter(batch.folder)
        prefix = batch.folder.prefix
        for row in batch.rows:
            if self._travels(row):
                yield from self.late_parents()
                line = self._line(row, prefix + row[0])
                if line is not None:
                    yield line
        if batch.last:
            self._levels.pop()

    def enter(self, folder: FolderRef, *, sent: bool = False) -> None:
        """Begin with a folder, or go on with it; `sent`: who began it lists it."""
        if not self._levels or self._levels[-1].folder is not folder:
            sent = sent or folder.row is None or self._travels(folder.row)
            self._levels.append(_ListedFolder(folder, sent=sent))

    def late_parents(self) -> list[Line]:
        """The lines of folders on the way that travel, now that something in them does.

        Those that were listed are not listed again.
        """
        if not self._wire.late_parents:
            return []
        found = []
        for level in self._levels:
            row = level.folder.row
            if level.sent or row is None:
                continue
            level.sent = True
            line = self._line(row, level.folder.path)
            if line is not None:
                found.append(line)
        return found

    def _travels(self, row: Row) -> bool:
        decision = row[2]
        if self._selection in (Selection.TRANSFER, Selection.EXCLUDED):
            return decision.taken
        return decision.kept

    @abstractmethod
    def _line(self, row: Row, path: str) -> Line | None:
        """The line of an entry that travels; None for one that has none."""


class PathLister(_Lines[str]):
    """Lists paths alone, folders with a slash behind them.

    Nothing in it depends on what came before, but for the folders on the way.
    """

    def _line(self, row: Row, path: str) -> str | None:
        kind = row[1].st_mode & FORMAT
        decision = row[2]
        is_folder = kind == DIRECTORY
        if self._selection is Selection.UNUSED and (
            is_folder or (decision.taken and decision.mask)
        ):
            return None
        if is_folder:
            return f"{path}/"
        if kind != REGULAR and self._wire.weigh(row_entry(path, row), None) is None:
            return None  # no place for it in this wire format
        return path


class Lister(_Lines[Listed]):
    """Lists entries with their sizes; holds back only what it cannot tell yet."""

    def __init__(
        self, wire: Wire, selection: Selection, sources: Sequence[Source]
    ) -> None:
        super().__init__(wire, selection)
        self._sources = sources
        self._position = 0
        self._first_names: dict[int, str] = {}
        self._held: list[Listed] = []

    def add(self, batch: Batch) -> Iterator[Listed]:
        """The lines of a batch, late parents first."""
        if self._selection is not Selection.EXCLUDED:
            yield from super().add(batch)
            return
        self.enter(batch.folder)
        for row in batch.rows:
            self._hold(row, batch.folder.prefix)
        if batch.last:
            self._levels.pop()
        # Of a folder that is entered next it is not known yet.
        is_open = batch.enters and not self._travels(batch.rows[-1])
        if not is_open and all(level.sent for level in self._levels):
            yield from self._held
            self._held.clear()

    def _line(self, row: Row, path: str) -> Listed | None:
        entry = row_entry(path, row)
        decision = row[2]
        directory = entry.kind is EntryKind.DIRECTORY
        first = None
        if self._wire.is_linked(entry):
            first = self._first_names.setdefault(entry.inode, entry.path)
            first = None if first == entry.path else first
        weight = self._wire.weigh(entry, first)
        if weight is None:
            return None  # no place for it in this wire format
        unused = self._selection is Selection.UNUSED
        wire_bytes = 0
        if decision.taken or not unused:
            ids = weight[2] * id_width(self._wire.id_steps, self._position)
            wire_bytes = weight[0] + weight[1] + ids
            self._position += 1
        if unused and (directory or (decision.taken and decision.mask)):
            return None
        regular = entry.kind is EntryKind.REGULAR
        size = entry.size if regular and first is None else 0
        late = self._selection is Selection.TRANSFER  # sent for what is below it
        takers = bits(decision.mask) if decision.taken or late else ()
        sources = tuple(self._sources[index] for index in takers)
        return Listed(entry.path, directory, wire_bytes, size, sources, regular)

    # --- what the ignore file keeps out ------------------------------------------

    def _hold(self, row: Row, prefix: str) -> None:
        """Hold an excluded entry until it is known which folders travel after all."""
        if row[2].taken:
            self._release_parents()
            return
        entry = row_entry(prefix + row[0], row)
        directory = entry.kind is EntryKind.DIRECTORY
        regular = entry.kind is EntryKind.REGULAR
        size = entry.size if regular else 0
        self._held.append(Listed(entry.path, directory, 0, size, (), regular))

    def _release_parents(self) -> None:
        """Folders above something that travels do so themselves: not kept out."""
        if not self._wire.late_parents:
            return
        above = {level.folder.path for level in self._levels if not level.sent}
        if above:
            self._held = [line for line in self._held if line.path not in above]
        for level in self._levels:
            level.sent = True
