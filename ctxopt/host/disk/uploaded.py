"""A folder as gcloud walks it: no link to a folder is entered, none to nowhere sent."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator

from ctxopt.core.tuples import NamedTuple
from ctxopt.host.disk.bounded import read_at_once
from ctxopt.host.disk.tree import DiskTree


class FoundEntry(NamedTuple):
    """An entry that is sent; the bytes of a link are those of its file."""

    path: str
    is_folder: bool
    file_bytes: int


def found_entries(
    root: str, takes: Callable[[str, bool], bool]
) -> Iterator[FoundEntry]:
    """What `takes` lets through, a folder before what is in it, sorted by name.

    It is asked with a path and whether that is a folder, or leads to one; what is in a
    folder that it refuses is not looked at.
    Rule: Google Cloud SDK, api_lib/storage/storage_util.py, Snapshot.
    """
    waiting = [""]
    tree = DiskTree(root)
    while waiting:
        folder = waiting.pop()
        inside = []
        for name in sorted(tree.names(folder)):
            path = f"{folder}/{name}" if folder else name
            found = _entry(root, path)
            if found is None or not takes(path, found.is_folder):
                continue
            yield found
            if found.is_folder and not os.path.islink(os.path.join(root, path)):
                inside.append(path)
        waiting += reversed(inside)


def _entry(root: str, path: str) -> FoundEntry | None:
    """An entry, links followed; None for a link that leads nowhere."""
    try:
        status = os.stat(os.path.join(root, path))
    except OSError:
        return None
    is_folder = stat.S_ISDIR(status.st_mode)
    return FoundEntry(path, is_folder, 0 if is_folder else status.st_size)


def text_in(root: str, name: str) -> str | None:
    """The text of a file in a folder; None where none can be read."""
    try:
        return read_at_once(os.path.join(root, name)).decode("utf-8", "replace")
    except OSError:
        return None


def is_there(root: str, name: str) -> bool:
    """Whether a folder has an entry of this name."""
    return os.path.exists(os.path.join(root, name))
