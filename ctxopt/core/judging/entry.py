"""One thing found by the walk, with what the wire formats need of it."""

from __future__ import annotations

import stat
from enum import Enum

from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TypeAlias

# (bytes that every build sends, bytes sent only when the file is new, packets of the
# second kind whose size depends on the entry's position)
Weight: TypeAlias = tuple[int, int, int]


# What a mode says of the kind, as plain integers: loops over names look at them.
FORMAT = 0o170000
REGULAR = 0o100000
DIRECTORY = 0o040000


class EntryKind(Enum):
    """The kinds of entries, as both wire formats tell them apart."""

    REGULAR = stat.S_IFREG
    DIRECTORY = stat.S_IFDIR
    SYMLINK = stat.S_IFLNK
    BLOCK_DEVICE = stat.S_IFBLK
    CHARACTER_DEVICE = stat.S_IFCHR
    FIFO = stat.S_IFIFO
    SOCKET = stat.S_IFSOCK


def is_utf8(text: str) -> bool:
    """Whether `text` stands for bytes that are UTF-8 (no surrogate escapes)."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class Entry(NamedTuple):
    """An entry with all that a builder may look at.

    `path` is relative to the context root; `size` is st_size in bytes; `permissions`
    the lower twelve bits of st_mode; `attributes` the extended attributes.
    """

    path: str
    kind: EntryKind
    permissions: int
    size: int
    mtime_ns: int
    links: int = 1
    inode: int = 0
    device: int = 0  # st_rdev
    target: str = ""  # of a symlink, as it stands on disk
    attributes: tuple[tuple[str, bytes], ...] = ()
    readable: bool = True  # False: its content is not sent
