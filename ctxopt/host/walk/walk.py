"""The walk: one folder after the other, in the builder's order, as judged batches.

Names are read and judged in slices; what is asked of the system is in `disk`. Only one
folder is open at a time, however deep the tree.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from heapq import heappop, heappush
from itertools import repeat

from ctxopt.core.judging.entry import DIRECTORY, FORMAT, REGULAR
from ctxopt.core.judging.judge import Decision, JudgingState
from ctxopt.core.judging.rows import Batch, Extra, FolderRef, Row
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING
from ctxopt.host.walk.disk import PATH_BYTES, RootOnDisk, names_in

if TYPE_CHECKING:
    from typing import TypeAlias

# Names looked at before their rows go on: bounds the memory of a folder of any size.
SLICE = 512

# Before a tree is divided, so many rows are read, and on until so many folders wait;
# as all of these rows have to be held, there is an end to it.
DIVISION_ROWS = 1000
FEWEST_PARTS = 128
MOST_ROWS = 8000
MOST_NAMES = 30_000  # of folders whose rows are too many to be held

_LONG_FOLDER = 900  # characters, beyond which a path is measured in bytes

_EVERYBODY = 0o444


class UnreadPaths:
    """Folders and paths that a walk could not look at, in order."""

    __slots__ = ("barred", "too_long", "unreadable", "vanished")

    def __init__(self) -> None:
        self.unreadable: list[str] = []  # folders
        self.vanished: list[str] = []  # folders
        self.barred: list[str] = []  # folders that need not be read, and cannot
        self.too_long: list[str] = []  # the first path of that kind

    def __bool__(self) -> bool:
        return bool(self.unreadable or self.vanished or self.barred or self.too_long)

    def copy(self) -> UnreadPaths:
        """The same paths, to go on with."""
        other = UnreadPaths()
        other.extend(self)
        return other

    def extend(self, other: UnreadPaths) -> None:
        """Append what was lost in a part that comes next."""
        # A folder whose names are taken in several parts is told of once.
        again = self.unreadable[-1:] == other.unreadable[:1]
        self.unreadable += other.unreadable[again:]
        self.vanished += other.vanished
        self.barred += other.barred
        self.too_long = self.too_long or other.too_long


# A name, what was seen of it, what becomes of it, the names of its attributes.
Column: TypeAlias = "tuple[str, os.stat_result | None, Decision, list[str] | None]"


class ReadBatch(NamedTuple):
    """A batch of a folder, and the folder to enter behind it, if it does."""

    batch: Batch
    inside: FolderRef | None


class ReadFolder(NamedTuple):
    """A folder that was read while the tree was divided.

    One of many names has no steps: nothing but the names is known.
    """

    steps: list[ReadBatch]
    names: list[str]
    lost: UnreadPaths


ReadAhead: TypeAlias = Mapping[FolderRef, ReadFolder]
"""The top of a tree, the root first; folders inside that are no key were not read."""


class Walk:
    """A walk below `root`, and what went wrong on the way.

    `attributes` picks the extended attributes to read by name; None reads none.
    `opens` tells of a file's path, and whether it is taken, if the client opens it;
    None: all of them. `tries_dropped` notes folders that cannot be read also where
    nothing of them matters. `disk` is where others look as well.
    """

    def __init__(
        self,
        root: str,
        state: JudgingState,
        attributes: Callable[[str], bool] | None = None,
        opens: Callable[[str, bool], bool] | None = None,
        *,
        tries_dropped: bool = False,
        disk: RootOnDisk | None = None,
    ) -> None:
        self.root = root
        self.state = state
        self.lost = UnreadPaths()
        self._attributes = attributes
        self._opens = opens
        self._tries_dropped = tries_dropped
        self._disk = RootOnDisk(root) if disk is None else disk

    def batches(self) -> Iterator[Batch]:
        """All batches below the root, in order.

        Raises ContextError when the root cannot be read, PatternError when the builder
        would fail on a pattern here.
        """
        with self.at_root():
            yield from self._below(FolderRef(), self.state)

    @contextmanager
    def divided(
        self, enter: Callable[[str], None] | None = None
    ) -> Iterator[ReadAhead]:
        """The top of the tree, read ahead; `batches_below` walks what it leaves open.

        `enter` is told of every folder right before it is read. Raises as `batches`
        does, but for a pattern not always the same error.
        """
        with self.at_root():
            yield self._divide(enter)

    def be_worker(self) -> None:
        """Let the current folder of the process change: it must be a worker's own."""
        self._disk.moves = True

    def batches_below(
        self, folder: FolderRef, names: list[str] | None = None
    ) -> Iterator[Batch]:
        """The batches of one folder and of all below it, while the tree is divided.

        Of the folder itself only some names, if they are given. As a worker.
        """
        self.be_worker()
        return self._below(folder, self.state_in(folder), names)

    def batches_in(
        self, folder: FolderRef, state: JudgingState, names: list[str] | None = None
    ) -> Iterator[Batch]:
        """The batches of one folder alone, or of some names of it; inside `at_root`."""
        return self._folder(folder, state, names)

    def names_in(self, folder: FolderRef) -> list[str]:
        """The names in a folder, in order; none where it cannot be read."""
        return self._names(folder)

    def take_lost(self) -> UnreadPaths:
        """What was lost since this was last asked."""
        lost, self.lost = self.lost, UnreadPaths()
        return lost

    @contextmanager
    def at_root(self) -> Iterator[None]:
        """While it lasts, folders can be read; raises ContextError for the root."""
        with self._disk.opened():
            yield

    def _divide(self, enter: Callable[[str], None] | None) -> ReadAhead:
        """Read folders from the top down until enough of others are known.

        Those that hold the most folders come first, as far as their link counts tell.
        """
        waiting = [(0, 0, FolderRef())]
        found = 1
        division: dict[FolderRef, ReadFolder] = {}
        rows = held = 0
        while waiting and (rows < DIVISION_ROWS or len(waiting) < FEWEST_PARTS):
            if rows > MOST_ROWS or held > MOST_NAMES:
                break
            folder = heappop(waiting)[2]
            if enter is not None:
                enter(folder.path)
            names = self._names(folder)
            steps = []
            batches: Iterable[Batch] = ()
            if len(names) <= SLICE:
                batches = self._folder(folder, self.state_in(folder), names)
            else:
                held += len(names)
            for batch in batches:
                inside = FolderRef(folder, batch.rows[-1]) if batch.enters else None
                steps.append(ReadBatch(batch, inside))
                rows += len(batch.rows)
                if inside is not None:
                    links = batch.rows[-1][1].st_nlink
                    heappush(waiting, (-links, found, inside))
                    found += 1
            division[folder] = ReadFolder(steps, names, self.lost)
            self.lost = UnreadPaths()
        return division

    def state_in(self, folder: FolderRef) -> JudgingState:
        """The state that judges the names of a folder."""
        return self.state if folder.row is None else folder.row[2].child

    def _names(self, folder: FolderRef) -> list[str]:
        """The names in a folder, in order; none where it cannot be read."""
        try:
            fd = self._disk.open(folder.path)
        except OSError as error:
            self.blame(folder, error)
            return []
        try:
            return self._names_in(fd, folder)
        except OSError as error:
            self.blame(folder, error)
            return []
        finally:
            os.close(fd)

    def _names_in(self, fd: int, folder: FolderRef) -> list[str]:
        names = names_in(fd)
        folder.holds_gitignore = ".gitignore" in names
        return names

    def _below(
        self, top: FolderRef, state: JudgingState, names: list[str] | None = None
    ) -> Iterator[Batch]:
        """The batches of a folder, or of some names of it, and of all below them."""
        stack = [self._folder(top, state, names)]
        while stack:
            batch = next(stack[-1])
            yield batch
            if batch.last:
                stack.pop()
            elif batch.enters:
                row = batch.rows[-1]
                below = FolderRef(batch.folder, row)
                stack.append(self._folder(below, row[2].child))

    def _folder(
        self, folder: FolderRef, state: JudgingState, names: list[str] | None = None
    ) -> Iterator[Batch]:
        """The batches of one folder.

        It is open only while its names are looked at, a slice at a time.
        """
        start = 0
        run: list[Row] = []
        while names is None or start < len(names):
            try:
                fd = self._disk.open(folder.path)
            except OSError as error:
                self.blame(folder, error)
                break
            try:
                if names is None:
                    names = self._names_in(fd, folder)
                piece = names if len(names) <= SLICE else names[start : start + SLICE]
                rows, entered = self._look(folder, state, fd, piece)
            except OSError as error:
                self.blame(folder, error)
                break
            finally:
                os.close(fd)
            start += SLICE
            begin = 0
            for end in entered:
                run += rows[begin:end]
                yield Batch(folder, run, last=False, enters=True)
                run = []
                begin = end
            run += rows[begin:]
            if start < len(names):  # a folder of any size must not fill the memory
                yield Batch(folder, run, last=False)
                run = []
        yield Batch(folder, run, last=True)

    def blame(self, folder: FolderRef, error: OSError) -> None:
        """Note a folder that could not be read."""
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            self.lost.vanished.append(folder.path)
        else:
            self.lost.unreadable.append(folder.path)

    def _blame_once(self, folder: FolderRef) -> None:
        """Note a folder whose names can be read, but nothing behind them."""
        if folder.path not in self.lost.unreadable[-1:]:
            self.lost.unreadable.append(folder.path)

    def _look(
        self, folder: FolderRef, state: JudgingState, fd: int, names: list[str]
    ) -> tuple[list[Row], list[int]]:
        """The rows of some names of an open folder; one look at each that matters.

        Beside them the number of rows up to each folder that is to be entered.
        """
        remembered, decide = state.known.get, state.decide
        decisions = [remembered(name) or decide(name) for name in names]
        names, decisions = self.looked_at(folder, fd, names, decisions)
        statuses = self._disk.statuses(fd, names)
        attributes: Iterable[list[str] | None] = repeat(None, len(names))
        if self._attributes is not None:
            prefix = folder.prefix
            attributes = self._disk.attribute_names(fd, prefix, names, statuses)
        columns = zip(names, statuses, decisions, attributes, strict=True)
        return self.rows(folder, fd, columns, self._opens)

    def rows(
        self,
        folder: FolderRef,
        fd: int,
        columns: Iterable[Column],
        opens: Callable[[str, bool], bool] | None,
    ) -> tuple[list[Row], list[int]]:
        """The rows of names of an open folder, each with what was seen of it.

        Beside them the number of rows up to each folder that is to be entered. Raises
        PatternError where the builder would fail.
        """
        every_path = opens is not None
        rows: list[Row] = []
        entered: list[int] = []
        gone = False
        for name, status, decision, found in columns:
            if status is None:
                gone = True
                continue  # gone since the folder was read: the builder misses it too
            mode = status.st_mode
            extra = None
            # Most are files that everybody may read, and kept.
            if (
                mode & _PLAIN != _READABLE_FILE
                or not decision.plain
                or found
                or (every_path and decision.touched)
            ):
                is_folder = mode & FORMAT == DIRECTORY
                if not decision.kept and not is_folder:
                    continue
                if decision.error is not None and (not is_folder or decision.enter):
                    raise decision.error
                if not is_folder:
                    opened = (
                        opens is None
                        or not decision.touched
                        or mode & FORMAT != REGULAR
                        or opens(folder.prefix + name, decision.taken)
                    )
                    extra = self._unusual(fd, name, mode, opened=opened)
                if found:
                    extra = self._with_attributes(fd, name, found, extra)
                if is_folder and decision.enter:
                    entered.append(len(rows) + 1)
            rows.append((name, status, decision, extra))
        if gone and not self._disk.searchable(fd):
            self._blame_once(folder)
        length = len(self.root) + 1 + len(folder.prefix)
        if length > _LONG_FOLDER and not self.lost.too_long:
            self._find_too_long(folder, f"{self.root}/{folder.prefix}", rows)
        return rows, entered

    def looked_at(
        self, folder: FolderRef, fd: int, names: list[str], decisions: list[Decision]
    ) -> tuple[list[str], list[Decision]]:
        """The names that are looked at, and what becomes of each."""
        if not any(decision.dropped for decision in decisions):
            return names, decisions
        if self._tries_dropped:
            self._try_dropped(folder, fd, zip(names, decisions, strict=True))
        pairs = zip(names, decisions, strict=True)
        names = [name for name, decision in pairs if not decision.dropped]
        return names, [one for one in decisions if not one.dropped]

    def _try_dropped(
        self, folder: FolderRef, fd: int, pairs: Iterable[tuple[str, Decision]]
    ) -> None:
        """Note the folders among dropped names that cannot be read."""
        for name, decision in pairs:
            if not decision.dropped or self._disk.readable(fd, name):
                continue
            if self._disk.is_folder(fd, name):
                self.lost.barred.append(folder.prefix + name)

    def _unusual(self, fd: int, name: str, mode: int, *, opened: bool) -> Extra | None:
        """What a link says, or that the content of a file will not be seen."""
        kind = mode & FORMAT
        if kind == _SYMLINK:
            return Extra(self._disk.target(fd, name))
        if kind != REGULAR:
            return None
        if not opened:
            return Extra(withheld=True)
        if mode & _EVERYBODY != _EVERYBODY and not self._disk.readable(fd, name):
            return _UNREADABLE
        return None

    def _find_too_long(self, folder: FolderRef, absolute: str, rows: list[Row]) -> None:
        """Note a path that builders, who use whole paths, cannot look at."""
        room = PATH_BYTES - len(os.fsencode(absolute))
        for row in rows:
            if len(os.fsencode(row[0])) > room:
                self.lost.too_long.append(folder.prefix + row[0])
                return

    def _with_attributes(
        self, fd: int, name: str, found: list[str], extra: Extra | None
    ) -> Extra | None:
        assert self._attributes is not None
        values = []
        for attribute in found:
            if not self._attributes(attribute):
                continue
            value = self._disk.attribute(fd, name, attribute)
            if value is not None:  # the builder leaves out what it cannot read, too
                values.append((attribute, value))
        if not values:
            return extra
        return (extra or Extra())._replace(attributes=tuple(values))


_PLAIN = FORMAT | _EVERYBODY
_READABLE_FILE = REGULAR | _EVERYBODY
_SYMLINK = stat.S_IFLNK
_UNREADABLE = Extra(readable=False)
