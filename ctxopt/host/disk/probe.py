"""A single file as the entry of a context, as it is or as it is to be."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable

from ctxopt.core.judging.entry import Entry, EntryKind


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
