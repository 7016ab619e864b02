"""The walk: one folder after the other, in the builder's order, as judged batches.

Names are read and judged in slices and looked at relative to their folder, which is
the fastest way Python has (see benchmarks/README.md) and follows no link by accident.
Only one folder is open at a time, however deep the tree.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from heapq import heappop, heappush
from itertools import repeat
from typing import TypeAlias

from ctxopt.core.judging.entry import DIRECTORY, FORMAT, REGULAR
from ctxopt.core.judging.judge import Decision, JudgingState
from ctxopt.core.judging.rows import Batch, Extra, FolderRef, Row
from ctxopt.core.paths import join
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import ContextError

# Names looked at before their rows go on: bounds the memory of a folder of any size.
SLICE = 512

# Before a tree is divided, so many rows are read, and on until so many folders wait;
# as all of these rows have to be held, there is an end to it.
DIVISION_ROWS = 1000
FEWEST_PARTS = 128
MOST_ROWS = 8000
MOST_NAMES = 30_000  # of folders whose rows are too many to be held

# The kernel takes paths of up to 4,095 bytes; longer ones are opened in hops. A
# character has up to four bytes, and a name at most 255 bytes.
PATH_BYTES = 4095
_HOP_CHARACTERS = 750
_LONG_FOLDER = 900  # characters, beyond which a path is measured in bytes

_OPEN_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_EVERYBODY = 0o444


class UnreadPaths:
    """Folders and paths that a walk could not look at, in order."""

    __slots__ = ("barred", "too_long", "unreadable", "vanished")

    def __init__(self) -> None:
        self.unreadable: list[str] = []  # folders
        self.vanished: list[str] = []  # folders
        self.barred: list[str] = []  # folders that need not be read, and cannot
        self.too_long: list[str] = []  # the first path of that kind

    def extend(self, other: UnreadPaths) -> None:
        """Append what was lost in a part that comes next."""
        self.unreadable += other.unreadable
        self.vanished += other.vanished
        self.barred += other.barred
        self.too_long = self.too_long or other.too_long


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
    nothing of them matters.
    """

    def __init__(
        self,
        root: str,
        state: JudgingState,
        attributes: Callable[[str], bool] | None = None,
        opens: Callable[[str, bool], bool] | None = None,
        *,
        tries_dropped: bool = False,
    ) -> None:
        self.root = root
        self.state = state
        self.lost = UnreadPaths()
        # macOS has attributes, but Python has no access to them there.
        self._attributes = attributes if hasattr(os, "listxattr") else None
        self._opens = opens
        self._tries_dropped = tries_dropped
        self._root_fd = -1
        self._bare_devices: set[int] = set()  # without attributes
        self._moves = False

    def batches(self) -> Iterator[Batch]:
        """All batches below the root, in order.

        Raises ContextError when the root cannot be read, PatternError when the builder
        would fail on a pattern here.
        """
        with self.at_root():
            yield from self._below(FolderRef(), self.state)

    @contextmanager
    def divided(self) -> Iterator[ReadAhead]:
        """The top of the tree, read ahead; `batches_below` walks what it leaves open.

        Raises as `batches` does, but for a pattern not always the same error.
        """
        with self.at_root():
            yield self._divide()

    def batches_below(
        self, folder: FolderRef, names: list[str] | None = None
    ) -> Iterator[Batch]:
        """The batches of one folder and of all below it, while the tree is divided.

        Of the folder itself only some names, if they are given. Changes the current
        folder of the process, which must be a worker's own.
        """
        self._moves = True
        return self._below(folder, self._state(folder), names)

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
        self._root_fd = _open_root(self.root)
        try:
            yield
        finally:
            os.close(self._root_fd)

    def _divide(self) -> ReadAhead:
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
            names = self._names(folder)
            steps = []
            batches: Iterable[Batch] = ()
            if len(names) <= SLICE:
                batches = self._folder(folder, self._state(folder), names)
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

    def _state(self, folder: FolderRef) -> JudgingState:
        return self.state if folder.row is None else folder.row[2].child

    def _names(self, folder: FolderRef) -> list[str]:
        """The names in a folder, in order; none where it cannot be read."""
        try:
            fd = self._open(folder.path)
        except OSError as error:
            self._blame(folder, error)
            return []
        try:
            return self._names_in(fd, folder)
        except OSError as error:
            self._blame(folder, error)
            return []
        finally:
            os.close(fd)

    def _names_in(self, fd: int, folder: FolderRef) -> list[str]:
        names = _sorted(os.listdir(fd))
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
                fd = self._open(folder.path)
            except OSError as error:
                self._blame(folder, error)
                break
            try:
                if names is None:
                    names = self._names_in(fd, folder)
                piece = names if len(names) <= SLICE else names[start : start + SLICE]
                rows, entered = self._look(folder, state, fd, piece)
            except OSError as error:
                self._blame(folder, error)
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

    def _blame(self, folder: FolderRef, error: OSError) -> None:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            self.lost.vanished.append(folder.path)
        else:
            self.lost.unreadable.append(folder.path)

    def _blame_once(self, folder: FolderRef) -> None:
        """Note a folder whose names can be read, but nothing behind them."""
        if folder.path not in self.lost.unreadable[-1:]:
            self.lost.unreadable.append(folder.path)

    def _open(self, path: str) -> int:
        """Open a folder below the root, in hops where the path is too long."""
        if len(path) < _HOP_CHARACTERS:
            return os.open(path or ".", _OPEN_FOLDER, dir_fd=self._root_fd)
        fd = os.dup(self._root_fd)
        try:
            for hop in _hops(path):
                below = os.open(hop, _OPEN_FOLDER, dir_fd=fd)
                os.close(fd)
                fd = below
        except OSError:
            os.close(fd)
            raise
        return fd

    def _look(
        self, folder: FolderRef, state: JudgingState, fd: int, names: list[str]
    ) -> tuple[list[Row], list[int]]:
        """The rows of some names of an open folder; one look at each that matters.

        Beside them the number of rows up to each folder that is to be entered.
        """
        names, decisions = self._decided(folder, state, fd, names)
        statuses = self._statuses(fd, names)
        if None in statuses and not _searchable(fd):
            self._blame_once(folder)
        absolute = f"{self.root}/{folder.prefix}"
        attributes = self._attribute_names(fd, absolute, names, statuses)
        every_path = self._opens is not None
        rows: list[Row] = []
        entered: list[int] = []
        columns = zip(names, statuses, decisions, attributes, strict=True)
        for name, status, decision, found in columns:
            if status is None:
                continue  # gone since the folder was read: the builder misses it too
            mode = status.st_mode
            extra = None
            # Most are files that everybody may read, and kept.
            if (
                mode & _PLAIN != _READABLE_FILE
                or not decision.plain
                or found
                or every_path
            ):
                is_folder = mode & FORMAT == DIRECTORY
                if not decision.kept and not is_folder:
                    continue
                if decision.error is not None and (not is_folder or decision.enter):
                    raise decision.error
                if not is_folder:
                    extra = self._unusual(fd, folder, name, mode, taken=decision.taken)
                if found:
                    extra = self._with_attributes(fd, name, found, extra)
                if is_folder and decision.enter:
                    entered.append(len(rows) + 1)
            rows.append((name, status, decision, extra))
        if len(absolute) > _LONG_FOLDER and not self.lost.too_long:
            self._find_too_long(folder, absolute, rows)
        return rows, entered

    def _decided(
        self, folder: FolderRef, state: JudgingState, fd: int, names: list[str]
    ) -> tuple[list[str], list[Decision]]:
        """The names that are looked at, and what becomes of each."""
        remembered, decide = state.known.get, state.decide
        decisions = [remembered(name) or decide(name) for name in names]
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
            if decision.dropped and not _readable(fd, name) and _is_folder(fd, name):
                self.lost.barred.append(folder.prefix + name)

    def _statuses(self, fd: int, names: list[str]) -> Sequence[os.stat_result | None]:
        """One look at each of some names; None for what has gone."""
        look = os.lstat if self._moves else partial(os.lstat, dir_fd=fd)
        if self._moves:
            try:
                os.fchdir(fd)
            except OSError:  # its names can be read, but nothing behind them
                return [None] * len(names)
        try:
            return list(map(look, names))
        except OSError:
            return [_status(look, name) for name in names]

    def _attribute_names(
        self,
        fd: int,
        absolute: str,
        names: list[str],
        statuses: Sequence[os.stat_result | None],
    ) -> Iterable[list[str] | None]:
        """The names of the extended attributes of some entries, where there are any."""
        if self._attributes is None:
            return repeat(None, len(names))
        paths = names if self._moves else [absolute + name for name in names]
        if not self._bare_devices:
            ask = partial(os.listxattr, follow_symlinks=False)
            try:
                return list(map(ask, paths))
            except OSError:
                pass  # one by one, then
        found: list[list[str] | None] = []
        for name, path, status in zip(names, paths, statuses, strict=True):
            if status is None or status.st_dev in self._bare_devices:
                found.append(None)
                continue
            try:
                found.append(os.listxattr(path, follow_symlinks=False))
            except OSError as error:
                found.append(self._listed_otherwise(error, fd, name, status.st_dev))
        return found

    def _unusual(
        self, fd: int, folder: FolderRef, name: str, mode: int, *, taken: bool
    ) -> Extra | None:
        """What a link says, or that the content of a file will not be seen."""
        kind = mode & FORMAT
        if kind == _SYMLINK:
            return Extra(_target(fd, name))
        if kind != REGULAR:
            return None
        if self._opens is not None and not self._opens(folder.prefix + name, taken):
            return Extra(withheld=True)
        if mode & _EVERYBODY != _EVERYBODY and not _readable(fd, name):
            return _UNREADABLE
        return None

    def _find_too_long(self, folder: FolderRef, absolute: str, rows: list[Row]) -> None:
        """Note a path that builders, who use whole paths, cannot look at."""
        room = PATH_BYTES - len(os.fsencode(absolute))
        for row in rows:
            if len(os.fsencode(row[0])) > room:
                self.lost.too_long.append(folder.prefix + row[0])
                return

    def _listed_otherwise(
        self, error: OSError, fd: int, name: str, device: int
    ) -> list[str]:
        """Attribute names where the plain call failed."""
        if error.errno == errno.ENOTSUP:
            self._bare_devices.add(device)
        elif error.errno == errno.ENAMETOOLONG:
            try:
                return os.listxattr(_by_descriptor(fd, name), follow_symlinks=False)
            except OSError:
                return []
        return []

    def _with_attributes(
        self, fd: int, name: str, found: list[str], extra: Extra | None
    ) -> Extra | None:
        assert self._attributes is not None
        values = []
        for attribute in found:
            if not self._attributes(attribute):
                continue
            path = _by_descriptor(fd, name)
            try:
                value = os.getxattr(path, attribute, follow_symlinks=False)
            except OSError:
                continue  # the builder leaves out what it cannot read, too
            values.append((attribute, value))
        if not values:
            return extra
        return (extra or Extra())._replace(attributes=tuple(values))


_PLAIN = FORMAT | _EVERYBODY
_READABLE_FILE = REGULAR | _EVERYBODY
_SYMLINK = stat.S_IFLNK
_UNREADABLE = Extra(readable=False)


def _open_root(path: str) -> int:
    fd = -1
    try:
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        os.listdir(fd)
    except OSError as error:
        if fd >= 0:
            os.close(fd)
        raise ContextError(
            f'cannot read the context folder "{path}": {error.strerror}',
            hint="check the path and its permissions",
        ) from None
    return fd


def _sorted(names: list[str]) -> list[str]:
    """Names in the order of their bytes, which is that of all builders."""
    names.sort()
    if not "".join(names).isascii():
        names.sort(key=os.fsencode)
    return names


def _status(look: Callable[[str], os.stat_result], name: str) -> os.stat_result | None:
    try:
        return look(name)
    except OSError:
        return None


def _searchable(fd: int) -> bool:
    """Whether what is in an open folder may be looked at."""
    return os.access(".", os.X_OK, dir_fd=fd, effective_ids=True)


def _readable(fd: int, name: str) -> bool:
    return os.access(name, os.R_OK, dir_fd=fd, effective_ids=True)


def _is_folder(fd: int, name: str) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(name, dir_fd=fd).st_mode)
    except OSError:
        return False


def _target(fd: int, name: str) -> str:
    try:
        return os.readlink(name, dir_fd=fd)
    except OSError:
        return ""


def _by_descriptor(fd: int, name: str) -> str:
    """A path to an entry of an open folder; slow, but never too long."""
    return f"/proc/self/fd/{fd}/{name}"


def _hops(path: str) -> Iterator[str]:
    """A long path in pieces that the kernel takes."""
    piece = ""
    for component in path.split("/"):
        if len(piece) > _HOP_CHARACTERS:
            yield piece
            piece = ""
        piece = join(piece, component)
    yield piece
