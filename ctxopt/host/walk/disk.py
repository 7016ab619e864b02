"""What a walk asks of the system: names, one look at each, attributes, link targets.

Nothing is judged here, and nothing is asked twice. Names are looked at relative to
their folder, which is the fastest way Python has (see benchmarks/README.md) and follows
no link by accident.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import repeat

from ctxopt.core.paths import join
from ctxopt.errors import ContextError

# The kernel takes paths of up to 4,095 bytes; longer ones are opened in hops. A
# character has up to four bytes, and a name at most 255 bytes.
PATH_BYTES = 4095
_HOP_CHARACTERS = 750

_OPEN_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class RootOnDisk:
    """The folders below a root, to be opened and looked into; inside `opened` only.

    Once it `moves`, the current folder of the process changes with every look.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.moves = False
        self._fd = -1
        self._bare_devices: set[int] = set()  # without attributes

    @contextmanager
    def opened(self) -> Iterator[None]:
        """While it lasts, folders can be read; raises ContextError for the root."""
        self._fd = _open_root(self.path)
        try:
            yield
        finally:
            os.close(self._fd)

    def open(self, path: str) -> int:
        """Open a folder below the root, in hops where the path is too long."""
        if len(path) < _HOP_CHARACTERS:
            return os.open(path or ".", _OPEN_FOLDER, dir_fd=self._fd)
        fd = os.dup(self._fd)
        try:
            for hop in _hops(path):
                below = os.open(hop, _OPEN_FOLDER, dir_fd=fd)
                os.close(fd)
                fd = below
        except OSError:
            os.close(fd)
            raise
        return fd

    def statuses(self, fd: int, names: list[str]) -> Sequence[os.stat_result | None]:
        """One look at each of some names; None for what has gone."""
        look = os.lstat if self.moves else partial(os.lstat, dir_fd=fd)
        if self.moves:
            try:
                os.fchdir(fd)
            except OSError:  # its names can be read, but nothing behind them
                return [None] * len(names)
        try:
            return list(map(look, names))
        except OSError:
            return [_status(look, name) for name in names]

    def attribute_names(
        self,
        fd: int,
        prefix: str,
        names: list[str],
        statuses: Sequence[os.stat_result | None],
    ) -> Iterable[list[str] | None]:
        """The names of the extended attributes of some entries, where there are any.

        `prefix` is what stands before the names in their paths below the root.
        """
        # macOS has attributes, but Python has no access to them there.
        if not hasattr(os, "listxattr"):
            return repeat(None, len(names))
        absolute = f"{self.path}/{prefix}"
        paths = names if self.moves else [absolute + name for name in names]
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

    def attribute(self, fd: int, name: str, attribute: str) -> bytes | None:
        """The value of an extended attribute; None where it cannot be read."""
        path = _by_descriptor(fd, name)
        try:
            return os.getxattr(path, attribute, follow_symlinks=False)
        except OSError:
            return None

    def target(self, fd: int, name: str) -> str:
        """What a symbolic link says; "" for one that has gone."""
        try:
            return os.readlink(name, dir_fd=fd)
        except OSError:
            return ""

    def readable(self, fd: int, name: str) -> bool:
        """Whether an entry may be read."""
        return os.access(name, os.R_OK, dir_fd=fd, effective_ids=True)

    def searchable(self, fd: int) -> bool:
        """Whether what is in an open folder may be looked at."""
        return os.access(".", os.X_OK, dir_fd=fd, effective_ids=True)

    def is_folder(self, fd: int, name: str) -> bool:
        """Whether an entry is a folder itself."""
        try:
            return stat.S_ISDIR(os.lstat(name, dir_fd=fd).st_mode)
        except OSError:
            return False


class RememberingRoot(RootOnDisk):
    """The same for several who look at one folder: it asks once for all of them.

    What it was told it forgets with the next look at names.
    """

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._targets: dict[str, str] = {}
        self._readable: dict[str, bool] = {}
        self._folders: dict[str, bool] = {}
        self._attributes: dict[tuple[str, str], bytes | None] = {}

    def forget(self) -> None:
        """Other names are asked about from now on."""
        for known in (self._targets, self._readable, self._folders, self._attributes):
            known.clear()

    def attribute(self, fd: int, name: str, attribute: str) -> bytes | None:
        """The value of an extended attribute; None where it cannot be read."""
        key = name, attribute
        if key not in self._attributes:
            self._attributes[key] = super().attribute(fd, name, attribute)
        return self._attributes[key]

    def target(self, fd: int, name: str) -> str:
        """What a symbolic link says; "" for one that has gone."""
        if name not in self._targets:
            self._targets[name] = super().target(fd, name)
        return self._targets[name]

    def readable(self, fd: int, name: str) -> bool:
        """Whether an entry may be read."""
        if name not in self._readable:
            self._readable[name] = super().readable(fd, name)
        return self._readable[name]

    def is_folder(self, fd: int, name: str) -> bool:
        """Whether an entry is a folder itself."""
        if name not in self._folders:
            self._folders[name] = super().is_folder(fd, name)
        return self._folders[name]


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


def names_in(fd: int) -> list[str]:
    """The names in an open folder in the order of their bytes, that of all builders."""
    names = os.listdir(fd)
    names.sort()
    if not "".join(names).isascii():
        names.sort(key=os.fsencode)
    return names


def _status(look: Callable[[str], os.stat_result], name: str) -> os.stat_result | None:
    try:
        return look(name)
    except OSError:
        return None


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
