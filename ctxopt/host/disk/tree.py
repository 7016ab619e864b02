"""A folder of the disk, for questions about single paths.

Links are not followed, but where `read` says so. A listing is kept: whoever asks about
a later state of the disk makes another tree.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from functools import lru_cache

from ctxopt.core.sources.links import resolve
from ctxopt.core.sources.tree import Found
from ctxopt.host.disk.bounded import read_at_once

HEAD_BYTES = 4096
# A manifest that a person wrote; what is larger was made by a program.
MANIFEST_BYTES = 256 * 1024

_APART = "\0"  # no name holds one

_KINDS = {
    stat.S_IFDIR: Found.DIRECTORY,
    stat.S_IFLNK: Found.LINK,
    stat.S_IFREG: Found.FILE,
}


class DiskTree:
    """A folder of the disk; see core.sources.tree.Tree."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._listing = lru_cache(maxsize=4096)(self._listed)

    def kind(self, path: str) -> Found | None:
        """What stands at `path`; None when nothing does or it cannot be told."""
        try:
            mode = os.lstat(self._absolute(path)).st_mode
        except (OSError, ValueError):
            return None
        return _KINDS.get(stat.S_IFMT(mode), Found.OTHER)

    def is_closed(self, path: str, *, to_listing: bool) -> bool:
        """Whether `path` is a folder that may not be looked into, or not be listed."""
        if self.kind(path) is not Found.DIRECTORY:
            return False
        asked = os.X_OK | (os.R_OK if to_listing else 0)
        return not os.access(self._absolute(path), asked, effective_ids=True)

    def target(self, path: str) -> str:
        """The text of the symbolic link at `path`; "" when it cannot be read."""
        try:
            return os.readlink(self._absolute(path))
        except (OSError, ValueError):
            return ""

    def names(self, path: str) -> Sequence[str]:
        """The names in a folder, sorted by their bytes; none when it fails."""
        return _parted(self._listing(path)[0])

    def folders(self, path: str) -> Sequence[str]:
        """The folders in a folder, links aside, sorted by their bytes."""
        return _parted(self._listing(path)[1])

    def _listed(self, path: str) -> tuple[str, str]:
        """The names, and the folders: each as one text, a fifth of the memory."""
        found: list[str] = []
        folders: list[str] = []
        try:
            # One after the other: entries take more memory than names.
            with os.scandir(self._absolute(path)) as listed:
                for one in listed:
                    found.append(one.name)
                    if _is_folder(one):
                        folders.append(one.name)
        except (OSError, ValueError):
            return "", ""
        for names in (found, folders):
            names.sort(key=None if "".join(names).isascii() else os.fsencode)
        return _APART.join(found), _APART.join(folders)

    def head(self, path: str) -> bytes:
        """The first 4 KiB of a regular file; nothing when it cannot be read."""
        return self._start(path, HEAD_BYTES)

    def beginning(self, path: str, most_bytes: int) -> bytes:
        """The first bytes of a regular file; nothing when it cannot be read."""
        return self._start(path, most_bytes)

    def text(self, path: str) -> str:
        """A manifest as text; "" when there is none, or it is too large for one."""
        content = self._start(path, MANIFEST_BYTES + 1)
        if len(content) > MANIFEST_BYTES:
            return ""
        return content.decode("utf-8", "replace")

    def read(self, path: str) -> bytes | None:
        """The content of a regular file, links followed inside the root only.

        None when there is no such file, or it is something else.
        Raises OSError when it cannot be read, TooLargeError for a vast one.
        """
        found = resolve(self, path).path
        if found is None or self.kind(found) is not Found.FILE:
            return None
        return read_at_once(self._absolute(found))

    def _start(self, path: str, limit: int) -> bytes:
        flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        try:
            fd = os.open(self._absolute(path), flags)
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

    def _absolute(self, path: str) -> str:
        return f"{self.root}/{path}" if path else self.root


class KeptTree(DiskTree):
    """The same, with what was read kept: for those who ask the same many times."""

    def __init__(self, root: str) -> None:
        super().__init__(root)
        self._texts = lru_cache(maxsize=256)(super().text)
        self._heads = lru_cache(maxsize=512)(super().head)
        self._kinds = lru_cache(maxsize=16_384)(super().kind)

    def kind(self, path: str) -> Found | None:
        """What stands at `path`, as it was when this was first asked."""
        return self._kinds(path)

    def head(self, path: str) -> bytes:
        """The first 4 KiB of a regular file, as they were when this was first asked."""
        return self._heads(path)

    def text(self, path: str) -> str:
        """A manifest as text, as it was when this was first asked."""
        return self._texts(path)


def _parted(names: str) -> Sequence[str]:
    return names.split(_APART) if names else ()


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:  # gone meanwhile, where a folder does not say what is in it
        return False
