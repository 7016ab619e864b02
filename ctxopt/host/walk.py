"""The walk: one folder after the other, in the builder's order, as judged batches.

Names are read and judged in slices and looked at relative to their folder, which is
the fastest way Python has (see benchmarks/README.md) and follows no link by accident.
Only one folder is open at a time, however deep the tree.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ctxopt.core.batch import Batch, Extra, Folder, Row
from ctxopt.core.judge import Judging
from ctxopt.errors import ContextError

# Names looked at before their rows go on: bounds the memory of a folder of any size.
SLICE = 512

# The kernel takes paths of up to 4,095 bytes; longer ones are opened in hops. A
# character has up to four bytes, and a name at most 255 bytes.
PATH_BYTES = 4095
_HOP_CHARACTERS = 750
_LONG_FOLDER = 900  # characters, beyond which a path is measured in bytes

_OPEN_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_EVERYBODY = 0o444


@dataclass(slots=True)
class Walk:
    """A walk below `root`, and what went wrong on the way.

    `attributes` picks the extended attributes to read by name; None reads none.
    `opens` tells of a file's path, and whether it is taken, if the client opens it;
    None: all of them.
    """

    root: str
    state: Judging
    attributes: Callable[[str], bool] | None = None
    opens: Callable[[str, bool], bool] | None = None
    unreadable: list[str] = field(default_factory=list)  # folders
    vanished: list[str] = field(default_factory=list)  # folders
    too_long: list[str] = field(default_factory=list)  # the first path of that kind
    _root_fd: int = -1
    _bare_devices: set[int] = field(default_factory=set)  # without attributes

    def batches(self) -> Iterator[Batch]:
        """All batches below the root, in order.

        Raises ContextError when the root cannot be read, PatternError when the builder
        would fail on a pattern here.
        """
        self._root_fd = _open_root(self.root)
        root = Folder("", 0, None, None)
        stack = [(root, self._folder(root, self.state))]
        try:
            while stack:
                folder, batches = stack[-1]
                batch = next(batches)
                yield batch
                if batch.last:
                    stack.pop()
                else:
                    row = batch.rows[-1]
                    path = f"{folder.path}/{row[0]}" if folder.path else row[0]
                    below = Folder(path, folder.depth + 1, folder, row)
                    stack.append((below, self._folder(below, row[2].child)))
        finally:
            os.close(self._root_fd)

    def _folder(self, folder: Folder, state: Judging) -> Iterator[Batch]:
        """The batches of one folder; each but the last ends with a folder to enter.

        It is open only while its names are looked at, a slice at a time.
        """
        names: list[str] | None = None
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
                    names = _sorted(os.listdir(fd))
                    folder.holds_gitignore = ".gitignore" in names
                rows = self._look(folder, state, fd, names[start : start + SLICE])
            except OSError as error:
                self._blame(folder, error)
                break
            finally:
                os.close(fd)
            start += SLICE
            begin = 0
            for end, row in enumerate(rows, start=1):
                if row[1].st_mode & _FORMAT == _DIRECTORY and row[2].enter:
                    run += rows[begin:end]
                    yield Batch(folder, run, last=False)
                    run = []
                    begin = end
            run += rows[begin:]
        yield Batch(folder, run, last=True)

    def _blame(self, folder: Folder, error: OSError) -> None:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            self.vanished.append(folder.path)
        else:
            self.unreadable.append(folder.path)

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
        self, folder: Folder, state: Judging, fd: int, names: list[str]
    ) -> list[Row]:
        """The rows of some names of an open folder; one look at each that matters."""
        lstat = os.lstat
        remembered, decide = state.known.get, state.decide
        every_path = self.opens is not None
        # macOS has attributes, but Python has no access to them there.
        attributes = self.attributes is not None and hasattr(os, "listxattr")
        bare_devices = self._bare_devices
        absolute = f"{self.root}/{folder.prefix}"
        rows: list[Row] = []
        for name in names:
            decision = remembered(name) or decide(name)
            if decision.dropped:
                continue
            try:
                status = lstat(name, dir_fd=fd)
            except OSError:
                continue  # gone since the folder was read: the builder misses it too
            extra = None
            # Most are files that everybody may read, and kept.
            if (
                status.st_mode & _PLAIN != _READABLE_FILE
                or every_path
                or decision.error is not None
            ):
                kind = status.st_mode & _FORMAT
                if not decision.kept and kind != _DIRECTORY:
                    continue
                if decision.error is not None and (
                    kind != _DIRECTORY or decision.enter
                ):
                    raise decision.error
                extra = self._unusual(
                    fd, folder, name, status.st_mode, taken=decision.taken
                )
            elif not decision.kept:
                continue
            if attributes and status.st_dev not in bare_devices:
                try:
                    found = os.listxattr(absolute + name, follow_symlinks=False)
                except OSError as error:
                    found = self._listed_otherwise(error, fd, name, status.st_dev)
                if found:
                    extra = self._with_attributes(fd, name, found, extra)
            rows.append((name, status, decision, extra))
        if len(absolute) > _LONG_FOLDER and not self.too_long:
            self._find_too_long(folder, absolute, rows)
        return rows

    def _unusual(
        self, fd: int, folder: Folder, name: str, mode: int, *, taken: bool
    ) -> Extra | None:
        """What a link says, or that the content of a file will not be seen."""
        kind = mode & _FORMAT
        if kind == _SYMLINK:
            return Extra(_target(fd, name))
        if kind != _REGULAR:
            return None
        if self.opens is not None and not self.opens(folder.prefix + name, taken):
            return Extra(withheld=True)
        if mode & _EVERYBODY != _EVERYBODY and not _readable(fd, name):
            return _UNREADABLE
        return None

    def _find_too_long(self, folder: Folder, absolute: str, rows: list[Row]) -> None:
        """Note a path that builders, who use whole paths, cannot look at."""
        room = PATH_BYTES - len(os.fsencode(absolute))
        for row in rows:
            if len(os.fsencode(row[0])) > room:
                self.too_long.append(folder.prefix + row[0])
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
        assert self.attributes is not None
        values = []
        for attribute in found:
            if not self.attributes(attribute):
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


_FORMAT = 0o170000
_PLAIN = _FORMAT | _EVERYBODY
_REGULAR = stat.S_IFREG
_READABLE_FILE = _REGULAR | _EVERYBODY
_DIRECTORY = stat.S_IFDIR
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


def _readable(fd: int, name: str) -> bool:
    return os.access(name, os.R_OK, dir_fd=fd, effective_ids=True)


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
        piece = f"{piece}/{component}" if piece else component
    yield piece
