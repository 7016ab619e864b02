"""Names and kinds of what is in folders, and no look at any of it.

The system tells with a name whether it is a folder, so that a tree is read for a sixth
of what a walk takes. Nothing is in order.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from ctxopt.core.tuples import NamedTuple
from ctxopt.host.walk.disk import PATH_BYTES, RootOnDisk

_LONGEST_NAME = 255  # bytes


class OpenFolder(NamedTuple):
    """A folder while it is open."""

    fd: int
    entries: Iterator[os.DirEntry[str]]


class NamesBelow:
    """The folders below a root, to be read inside `opened`."""

    def __init__(self, root: str) -> None:
        self._disk = RootOnDisk(root)
        self._root_bytes = len(os.fsencode(root))

    @contextmanager
    def opened(self) -> Iterator[None]:
        """While it lasts, folders can be read; raises ContextError for the root."""
        with self._disk.opened():
            yield

    @contextmanager
    def folder(self, path: str) -> Iterator[OpenFolder]:
        """A folder below the root; raises OSError where it cannot be read."""
        fd = self._disk.open(path)
        try:
            with os.scandir(fd) as entries:
                yield OpenFolder(fd, entries)
        finally:
            os.close(fd)

    def holds_long_paths(self, folder: str) -> bool:
        """Whether a path in a folder may be too long for a system call."""
        length = self._root_bytes + len(os.fsencode(folder)) + _LONGEST_NAME + 2
        return length > PATH_BYTES

    def is_barred(self, folder: OpenFolder, entry: os.DirEntry[str]) -> bool:
        """Whether an entry is a folder that cannot be read."""
        is_folder = entry.is_dir(follow_symlinks=False)
        return is_folder and not self._disk.readable(folder.fd, entry.name)
