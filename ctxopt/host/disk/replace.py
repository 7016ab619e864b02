"""Replacing a small file of the user whole or not at all.

The new content goes to a temporary file beside the old one, to the disk, and then
takes the old one's name in one step. Whoever kills this anywhere leaves the old or the
new file, whole, and at worst a temporary file, which the next run removes.

Whoever writes holds a lock on the temporary file for as long as it has that name. The
system takes the lock back from whoever is killed, so a file without one is nobody's,
however young it is: no clock has to be trusted. Only a disk that knows no locks leaves
the age to go by.

A symbolic link stays and what it leads to is replaced. Of a file with several names
(hard links) only this name leads to the new content: the others keep the old one,
which is what backups and package stores made of links count on, and loses nothing.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import stat
import sys
import time
from contextlib import suppress

from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import WriteError

LIMIT_BYTES = 16 * 1024 * 1024
STALE_SECONDS = 3600  # where there are no locks

TEMPORARY = ".ctxopt-"  # how the names of unfinished files begin
_TEMPORARY = re.compile(re.escape(TEMPORARY) + "[0-9a-f]{16}")
_SAFE = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK

# How the system says "you may not", or "not on this kind of disk".
_REFUSED = frozenset(
    {errno.EPERM, errno.EACCES, errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}
    | {errno.EOPNOTSUPP}
)
_NO_LOCKS = (_REFUSED | {errno.ENOLCK, errno.EBADF}) - {errno.EACCES}
_ACL = "system.posix_acl_access"

_HINTS = {
    errno.ENOSPC: "make room on the disk, then run again",
    errno.EDQUOT: "make room in your quota, then run again",
    errno.EFBIG: "raise the limit on file sizes (ulimit -f), then run again",
    errno.EROFS: "the disk cannot be written to; work on a copy elsewhere",
    errno.EACCES: "check the permissions of the file and of its folder",
    errno.EPERM: "check who owns the file and its folder, and whether they are locked",
    errno.ENOENT: "make its folder first, then run again",
}


class Snapshot(NamedTuple):
    """A file as it was read; what `replace` compares the disk with."""

    path: str  # as given
    real: str  # absolute, symbolic links resolved
    content: bytes | None  # None: there was no such file
    names: int = 1  # hard links; `replace` parts this one from the others


def read(path: str) -> Snapshot:
    """The file at `path`, or that there is none.

    Raises WriteError for anything but a regular file of at most 16 MiB, for a link
    that leads nowhere, and when it cannot be read.
    """
    try:
        real = os.path.realpath(path)
        try:
            mode = os.stat(path).st_mode
        except FileNotFoundError:
            if os.path.islink(path):
                raise _dangling(path, real) from None
            return Snapshot(path, real, None)
        if not stat.S_ISREG(mode):
            raise WriteError(
                "this is no regular file, and nothing can be written in its place",
                hint="move it away, then run again",
                file=path,
            )
        return _read_regular(path, real)
    except OSError as error:
        raise WriteError(
            f"cannot read it: {error.strerror}",
            hint="check the path and its permissions, then run again",
            file=path,
        ) from None
    except ValueError:
        raise WriteError(
            "no file can have this path", hint="check it", file=path
        ) from None


def replace(snapshot: Snapshot, content: bytes | None) -> None:
    """Give the file of `snapshot` another content; None removes it.

    Nothing is written if it has that content. Mode, owner and extended attributes
    stay; a new file gets those that the system gives.
    Raises WriteError when that cannot be done, or the file is no longer what was read;
    it is as it was then.
    """
    if content == snapshot.content:
        return
    try:
        _check_unchanged(snapshot)
        if content is None:
            _remove(snapshot)
        else:
            put(snapshot, content)
    except OSError as error:
        raise _cannot(snapshot, error) from None
    _flush_folder(os.path.dirname(snapshot.real))
    remove_leftovers(snapshot.real)


def _cannot(snapshot: Snapshot, error: OSError) -> WriteError:
    return WriteError(
        f"cannot write it: {error.strerror}",
        hint=_HINTS.get(error.errno or 0, "mend that, then run again")
        + "; nothing was changed",
        file=snapshot.path,
    )


def rehearse(snapshot: Snapshot, content: bytes | None) -> None:
    """Find out whether `replace` can give a file another content, as far as it goes.

    All is done but the last step: what another program does until then is not known.
    Raises WriteError as `replace` does.
    """
    if content == snapshot.content:
        return
    try:
        _check_unchanged(snapshot)
        if content is not None:
            _write_beside(snapshot, content)
    except OSError as error:
        raise _cannot(snapshot, error) from None


def _write_beside(snapshot: Snapshot, content: bytes) -> None:
    """Write a temporary file, and take it away again."""
    folder = os.path.dirname(snapshot.real)
    temporary, target = _open_temporary(folder, shared=snapshot.content is None)
    try:
        _fill(target, snapshot, content)
    finally:
        _let_go(temporary, target)


def put(snapshot: Snapshot, content: bytes, *, private: bool = False) -> None:
    """Write beside the file, then take its name; what `replace` does with a content.

    A new file that is `private` is for its owner alone.
    Raises OSError when that cannot be done, WriteError when the file is no longer what
    was read.
    """
    folder = os.path.dirname(snapshot.real)
    shared = snapshot.content is None and not private
    temporary, target = _open_temporary(folder, shared=shared)
    try:
        _fill(target, snapshot, content)
        # As late as can be: what another program wrote until now is not lost.
        _check_unchanged(snapshot)
        if snapshot.content is None:
            _create(temporary, snapshot)
        else:
            os.replace(temporary, snapshot.real)
    finally:
        _let_go(temporary, target)


def remove_leftovers(path: str) -> None:
    """Remove what runs that were killed left beside the file at `path`; nothing else.

    That are regular files of this user, with a name of exactly our form, in the folder
    that a link at `path` leads to, which nobody has a lock on.
    """
    folder = os.path.dirname(os.path.realpath(path))
    with suppress(OSError), os.scandir(folder) as entries:
        names = [one.path for one in entries if _TEMPORARY.fullmatch(one.name)]
        for name in names:
            with suppress(OSError):
                _remove_leftover(name)


def _read_regular(path: str, real: str) -> Snapshot:
    # Without waiting, in case that a pipe came in between.
    with open(os.open(real, os.O_RDONLY | _SAFE), "rb") as file:
        status = os.fstat(file.fileno())
        content = file.read(LIMIT_BYTES + 1)
    if len(content) > LIMIT_BYTES:
        raise WriteError(
            f"this file has {max(status.st_size, len(content))} bytes, "
            f"and no ignore file has more than {LIMIT_BYTES}",
            hint="check the path",
            file=path,
        )
    return Snapshot(path, real, content, status.st_nlink)


def _dangling(path: str, real: str) -> WriteError:
    return WriteError(
        f'this is a link to "{real}", which is not there',
        hint="create that file or remove the link, then run again",
        file=path,
    )


def _check_unchanged(snapshot: Snapshot) -> None:
    now = read(snapshot.path)
    if (now.real, now.content) != (snapshot.real, snapshot.content):
        raise _changed(snapshot)


def _changed(snapshot: Snapshot) -> WriteError:
    return WriteError(
        "the file changed since it was read, and nothing was written",
        hint="run again",
        file=snapshot.path,
    )


def _remove(snapshot: Snapshot) -> None:
    if os.path.islink(snapshot.path):
        raise WriteError(
            f'this is a link to "{snapshot.real}", and is not removed',
            hint="remove the link, the file or both by hand",
            file=snapshot.path,
        )
    os.unlink(snapshot.real)


def _open_temporary(folder: str, *, shared: bool) -> tuple[str, int]:
    """A new file in a folder that others know to be in use: its path and a handle."""
    # The umask, or what the folder has in its place, decides for what is shared. Else
    # nobody else may look before the rights of the old file are there.
    mode = 0o666 if shared else 0o600
    while True:
        path = os.path.join(folder, TEMPORARY + os.urandom(8).hex())
        target, held = -1, False
        try:
            target = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _SAFE, mode)
            held = _is_held(target)
        finally:
            if not held:
                _let_go(path, target)
        if held:
            return path, target


def _is_held(target: int) -> bool:
    """Lock a new file; whether that came before anyone took it for a leftover."""
    try:
        fcntl.flock(target, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
    return os.fstat(target).st_nlink > 0


def _let_go(path: str, target: int) -> None:
    """Take away a temporary file, or its name if it has another; then the lock."""
    # It is gone after a replacement; otherwise the name is too odd to be another's.
    with suppress(OSError):
        os.unlink(path)
    # What could fail here was brought to the disk before.
    with suppress(OSError):
        os.close(target)


def _fill(target: int, snapshot: Snapshot, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(target, left) :]
    if snapshot.content is not None:
        _keep_rights(target, snapshot)
    os.fsync(target)


def _keep_rights(target: int, snapshot: Snapshot) -> None:
    """Owner, attributes and mode as the old file has them, in this order."""
    # For writing: who may not write to a file shall not replace it either.
    source = os.open(snapshot.real, os.O_RDWR | _SAFE)
    try:
        old = os.fstat(source)
        mode = _keep_owner(target, old, snapshot)
        _keep_attributes(source, target)
        # Last: a change of owner takes bits away, a list of rights changes them.
        os.fchmod(target, mode)
    finally:
        os.close(source)


def _keep_owner(target: int, old: os.stat_result, snapshot: Snapshot) -> int:
    """Keep owner and group where that is allowed; the mode that fits what came of it.

    Raises WriteError if the new group could do what it could not before.
    """
    mode = stat.S_IMODE(old.st_mode)
    for owner in (old.st_uid, -1):
        now = os.fstat(target)
        if (now.st_uid, now.st_gid) == (old.st_uid, old.st_gid):
            return mode
        try:
            os.fchown(target, owner, old.st_gid)
        except OSError as error:
            if error.errno not in _REFUSED:
                raise
    now = os.fstat(target)
    if now.st_gid != old.st_gid and mode >> 3 & ~mode & 0o7:
        raise WriteError(
            f"its group ({old.st_gid}) has rights that would go to another one "
            f"({now.st_gid})",
            hint="let the owner of the file run this; nothing was changed",
            file=snapshot.path,
        )
    if (now.st_uid, now.st_gid) != (old.st_uid, old.st_gid):
        mode &= ~(stat.S_ISUID | stat.S_ISGID)
    return mode


def _keep_attributes(source: int, target: int) -> None:
    """Copy the extended attributes where possible; lists of rights in any case."""
    if sys.platform != "linux":
        return  # Python has no door to those of other systems
    names = _attributes(source)
    if _ACL not in names and _ACL in _attributes(target):
        # The folder gave it, with rights for people whom the old file keeps out.
        os.removexattr(target, _ACL)
    for name in names:
        # Those speak of the content, or are not ours to give away.
        if name.startswith("security.") and name != "security.selinux":
            continue
        try:
            os.setxattr(target, name, os.getxattr(source, name))
        except OSError:
            # Without its list the mode would mean more for the group.
            if name == _ACL:
                raise


def _attributes(file: int) -> list[str]:
    try:
        return os.listxattr(file)
    except OSError as error:
        if error.errno not in _REFUSED:
            raise
        return []  # this disk has none


def _create(temporary: str, snapshot: Snapshot) -> None:
    """Give a new file its name, unless that is taken by now."""
    try:
        os.link(temporary, snapshot.real)
    except FileExistsError:
        raise _changed(snapshot) from None
    except OSError as error:
        if error.errno not in _REFUSED:
            raise
        # A disk without hard links. An empty file in its place would be safe from a
        # file that appears just now, but not from being killed before it is filled.
        if os.path.lexists(snapshot.real):
            raise _changed(snapshot) from None
        os.rename(temporary, snapshot.real)


def _flush_folder(folder: str) -> None:
    """Bring the new name to the disk, where the system can; it is valid already."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _remove_leftover(path: str) -> None:
    handle = _open_leftover(path)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid():
            return
        if _is_free(handle, status):
            os.unlink(path)
    finally:
        os.close(handle)


def _open_leftover(path: str) -> int:
    # For writing where that may be: the locks of some network disks ask for it.
    try:
        return os.open(path, os.O_RDWR | _SAFE)
    except PermissionError:
        return os.open(path, os.O_RDONLY | _SAFE)


def _is_free(handle: int, status: os.stat_result) -> bool:
    """Whether nobody writes to a temporary file any more; then it is locked by us."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        is_lockless = error.errno in _NO_LOCKS
        return is_lockless and status.st_mtime < time.time() - STALE_SECONDS
    return True
