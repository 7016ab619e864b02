"""Folders listed and compared, where no word comes.

A listing of `logs` from before, and one of a second later: what has another size, time
or number in them, or is in one of them alone, has changed.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import suppress

from ctxopt.core.tuples import NamedTuple
from ctxopt.host.watches.notice import FsEvent

# What is nearer to the system's limit of 4,096 is opened in steps.
LONGEST_PATH = 4000
ABSENT = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP})


class FolderListing(NamedTuple):
    """What polling remembers of a folder."""

    folder: tuple[int, ...]  # nothing where it cannot be read
    entries: dict[str, tuple[int, ...]]
    is_silent: bool = False

    def is_other(self, after: FolderListing) -> bool:
        """Whether another folder stands there now."""
        known = bool(self.folder and after.folder)
        return known and self.folder[:2] != after.folder[:2]

    def noted(self, path: bytes, name: str) -> FolderListing:
        """The same, with what stands at a name now; "" for the folder itself."""
        if not self.folder:
            return self
        with suppress(OSError):
            folder = folder_facts(os.stat(path), is_silent=self.is_silent)
            if name:
                self._note(b"%b/%b" % (path, os.fsencode(name)), name)
            return self._replace(folder=folder)
        return self  # it is gone, and polling will tell

    def _note(self, path: bytes, name: str) -> None:
        try:
            self.entries[name] = stat_facts(os.lstat(path), is_silent=self.is_silent)
        except FileNotFoundError:
            self.entries.pop(name, None)

    def changes(self, folder: str, after: FolderListing) -> Iterator[FsEvent]:
        """What a later look at the same folder says."""
        names = sorted(
            name
            for name in self.entries.keys() | after.entries.keys()
            if self.entries.get(name) != after.entries.get(name)
        )
        # The folder's time changes with its entries, which says nothing new.
        if self.folder[:-1] != after.folder[:-1] or (
            not names and self.folder != after.folder
        ):
            yield FsEvent(folder, "", is_folder=True, kind="entry")
        for name in names:
            mode = (after.entries.get(name) or self.entries[name])[1]
            yield FsEvent(folder, name, stat.S_ISDIR(mode), "entry")


def list_folder(path: bytes, *, is_silent: bool) -> FolderListing | None:
    """What stands in a folder; None where there is none."""
    entries = {}
    try:
        fd = open_folder(path)
        try:
            folder = os.fstat(fd)
            with os.scandir(fd) as found:
                for entry in found:
                    with suppress(FileNotFoundError):
                        status = entry.stat(follow_symlinks=False)
                        entries[entry.name] = stat_facts(status, is_silent=is_silent)
        finally:
            os.close(fd)
    except OSError as error:
        return None if error.errno in ABSENT else FolderListing((), {}, is_silent)
    return FolderListing(folder_facts(folder, is_silent=is_silent), entries, is_silent)


def folder_facts(status: os.stat_result, *, is_silent: bool) -> tuple[int, ...]:
    """What tells a folder from another one at its path, and from itself before."""
    number = 0 if is_silent else status.st_ino
    return (status.st_dev, number, status.st_mode, status.st_mtime_ns)


def stat_facts(status: os.stat_result, *, is_silent: bool) -> tuple[int, ...]:
    """What tells an entry from another one of its name, and from itself before."""
    # FUSE and its like number anew what they have forgotten: a folder of 100,000 files
    # would change as a whole. What is replaced has another time.
    facts = (0 if is_silent else status.st_ino, status.st_mode)
    if stat.S_ISDIR(status.st_mode):
        return facts  # its time tells of its entries, which is for its own notices
    return (*facts, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def is_folder(path: bytes) -> bool:
    """Whether a folder stands there, links not followed."""
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False


def open_folder(path: bytes) -> int:
    """A folder's descriptor, however long its path is. Raises OSError."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    above: int | None = None
    try:
        while len(path) > LONGEST_PATH:
            cut = path.rindex(b"/", 0, LONGEST_PATH)
            below = os.open(path[:cut], flags, dir_fd=above)
            if above is not None:
                os.close(above)
            above, path = below, path[cut + 1 :]
        return os.open(path, flags, dir_fd=above)
    finally:
        if above is not None:
            os.close(above)
