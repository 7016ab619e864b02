"""A second look at single paths, after the walk: what stands beside and inside."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Sequence
from functools import lru_cache

from ctxopt.core.judging.entry import Entry, EntryKind

HEAD_BYTES = 4096
# A manifest that a person wrote; what is larger was made by a program.
MANIFEST_BYTES = 256 * 1024

_KINDS = {stat.S_IFDIR: "directory", stat.S_IFLNK: "link", stat.S_IFREG: "file"}


class DiskProbe:
    """Answers about paths below a root; links are never followed."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.names = lru_cache(maxsize=4096)(self._names)

    def kind(self, path: str) -> str | None:
        """What stands at a path: "directory", "file", "link", or None."""
        try:
            mode = os.lstat(f"{self.root}/{path}").st_mode
        except (OSError, ValueError):
            return None
        return _KINDS.get(stat.S_IFMT(mode))

    def exists(self, path: str) -> bool:
        """Whether anything stands at a path."""
        return os.path.lexists(f"{self.root}/{path}")

    def _names(self, path: str) -> Sequence[str]:
        """The names in a folder; none where it is none."""
        try:
            return tuple(
                sorted(os.listdir(f"{self.root}/{path}" if path else self.root))
            )
        except (OSError, ValueError):
            return ()

    def target(self, path: str) -> str:
        """The text of a symbolic link; "" where it is none."""
        try:
            return os.readlink(f"{self.root}/{path}")
        except (OSError, ValueError):
            return ""

    def head(self, path: str) -> bytes:
        """The first 4 KiB of a regular file; nothing where it cannot be read."""
        return self._read(path, HEAD_BYTES)

    def text(self, path: str) -> str:
        """A manifest as text; "" where there is none, or it is too large for one."""
        content = self._read(path, MANIFEST_BYTES + 1)
        if len(content) > MANIFEST_BYTES:
            return ""
        return content.decode("utf-8", "replace")

    def _read(self, path: str, limit: int) -> bytes:
        flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        try:
            fd = os.open(f"{self.root}/{path}", flags)
        except (OSError, ValueError):
            return b""
        try:
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                return b""
            with open(fd, "rb", closefd=False) as file:
                return file.read(limit)
        except OSError:
            return b""
        finally:
            os.close(fd)


def entry_at(
    path: str, relative: str, reads_attribute: Callable[[str], bool]
) -> Entry | None:
    """The file at `path` as the entry `relative` of a context; None when it is gone.

    A link is followed: it is the file behind it that has a content.
    """
    try:
        status = os.stat(path)
        names = os.listxattr(path) if hasattr(os, "listxattr") else []
        attributes = tuple(
            (name, os.getxattr(path, name)) for name in names if reads_attribute(name)
        )
    except OSError:
        return None
    return Entry(
        path=relative,
        kind=EntryKind(stat.S_IFMT(status.st_mode)),
        permissions=stat.S_IMODE(status.st_mode),
        size=status.st_size,
        mtime_ns=status.st_mtime_ns,
        attributes=attributes,
    )


def entry_to_be(relative: str, size: int, permissions: int) -> Entry:
    """A regular file of a context as it is when somebody writes it now."""
    return Entry(
        path=relative,
        kind=EntryKind.REGULAR,
        permissions=permissions,
        size=size,
        mtime_ns=time.time_ns(),
    )
