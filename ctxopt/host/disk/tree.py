"""A folder of the disk, for questions about single paths."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from typing import NamedTuple

from ctxopt.core.sources.links import resolve
from ctxopt.core.sources.tree import Found
from ctxopt.host.disk.bounded import (
    read_at_once,
)


class DiskTree(NamedTuple):
    """A folder of the disk, for questions about single paths; see core.tree.Tree."""

    root: str

    def kind(self, path: str) -> Found | None:
        """What stands at `path`; None when nothing does or it cannot be told."""
        try:
            mode = os.lstat(self._absolute(path)).st_mode
        except (OSError, ValueError):
            return None
        if stat.S_ISDIR(mode):
            return Found.DIRECTORY
        return Found.LINK if stat.S_ISLNK(mode) else Found.OTHER

    def target(self, path: str) -> str:
        """The text of the symbolic link at `path`; "" when it cannot be read."""
        try:
            return os.readlink(self._absolute(path))
        except OSError:
            return ""

    def names(self, path: str) -> Sequence[str]:
        """The names in a folder, sorted by their bytes; none when it fails."""
        try:
            return sorted(os.listdir(self._absolute(path)), key=os.fsencode)
        except (OSError, ValueError):
            return ()

    def read(self, path: str) -> bytes | None:
        """The content of a regular file, links followed inside the root only.

        None when there is no such file, or it is something else.
        Raises OSError when it cannot be read, TooLargeError for a vast one.
        """
        found = resolve(self, path).path
        if found is None or self.kind(found) is not Found.OTHER:
            return None
        absolute = self._absolute(found)
        if not stat.S_ISREG(os.stat(absolute).st_mode):
            return None
        return read_at_once(absolute)

    def _absolute(self, path: str) -> str:
        return f"{self.root}/{path}" if path else self.root
