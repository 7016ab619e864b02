"""What stands at single paths now, for those who watch."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from hashlib import blake2b

from ctxopt.core.watching.record import Facts, facts_of

# Files up to here are read when they change, so that a touch is known the next time.
COMPARED_BYTES = 64 * 1024


def stat_path(root: str, path: str) -> Facts | None:
    """Look at a path of the context, links not followed; None: nothing is there."""
    try:
        status = os.lstat(os.path.join(root, path))
    except (OSError, ValueError):
        return None
    return facts_of(status)


def content(root: str, path: str) -> bytes | None:
    """What tells the content of a small file from another; None where it is unknown."""
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        fd = os.open(os.path.join(root, path), flags)
    except (OSError, ValueError):
        return None
    try:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode) or status.st_size > COMPARED_BYTES:
            return None
        read = os.read(fd, COMPARED_BYTES + 1)
    except OSError:
        return None
    finally:
        os.close(fd)
    if len(read) > COMPARED_BYTES:
        return None
    return blake2b(read, digest_size=16).digest()


def is_folder(path: str) -> bool:
    """Whether there is a folder, or a link to one."""
    return os.path.isdir(path)


def still_leads(text: str, path: str) -> bool:
    """Whether a folder as it was typed still is the one at an absolute path."""
    try:
        return os.path.abspath(text) == path and os.path.isdir(path)
    except OSError:  # the current folder is gone, and it was typed relative to that
        return False


def folders_below(root: str) -> Iterator[str]:
    """All folders of a context, whoever may enter them; the root is ""."""
    for path, _, _ in os.walk(root):
        relative = os.path.relpath(path, root)
        yield "" if relative == "." else relative


def file_signature(path: str) -> object:
    """What tells a file from another one at the same path; None: there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
