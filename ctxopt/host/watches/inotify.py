"""Linux's inotify: one instance, one watch a folder.

A write to `src/main.c` arrives as the watch of `src`, and the name `main.c`; which
folder has that watch, `HeldWatches` knows.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from typing import Self

from ctxopt.core.tuples import NamedTuple
from ctxopt.host.watches.notice import Kind
from ctxopt.host.watches.polling import LONGEST_PATH, open_folder

# A full queue of the usual 16,384 events stays below 4.5 MB. Who writes faster than
# we read is not waited for: what is left comes with the next call.
READ_BYTES = 1 << 16
READS = 128


class InotifyEvent(NamedTuple):
    """One event of the kernel, about a watch and not yet about a folder."""

    watch: int
    name: str  # "" for the folder itself
    is_folder: bool
    kind: Kind
    is_left: bool = False  # the entry was deleted, or moved elsewhere


class Inotify:
    """One inotify instance, through the functions that watchdog binds."""

    __slots__ = (
        "_above",
        "_add",
        "_errno",
        "_gone",
        "_is_folder",
        "_left",
        "_mask",
        "_overflow",
        "_remove",
        "fd",
    )

    @classmethod
    def open(cls) -> Self | None:
        """An instance; None where there is no inotify.

        Raises OSError when the system gives no more instances.
        """
        # Here, for only watch needs it.
        import ctypes

        # Asked first: watchdog's error has other names in other versions.
        if not hasattr(ctypes.CDLL(None), "inotify_init"):
            return None
        try:
            return cls()
        except (ImportError, AttributeError):
            return None

    def __init__(self) -> None:
        # Here, for only watch needs them: 65 ms.
        import ctypes

        from watchdog.observers import inotify_c

        number = inotify_c.InotifyConstants
        self._left = number.IN_DELETE | number.IN_MOVED_FROM
        self._gone = (
            number.IN_DELETE_SELF
            | number.IN_MOVE_SELF
            | number.IN_UNMOUNT
            | number.IN_IGNORED
        )
        self._is_folder: int = number.IN_ISDIR
        self._overflow: int = number.IN_Q_OVERFLOW
        self._mask = (
            number.IN_CREATE
            | number.IN_MODIFY
            | number.IN_CLOSE_WRITE
            | number.IN_ATTRIB
            | number.IN_MOVED_TO
            | self._left
            | number.IN_DELETE_SELF
            | number.IN_MOVE_SELF
            | number.IN_ONLYDIR
            | number.IN_DONT_FOLLOW
            # A log that was deleted and is still written to is nobody's news.
            | number.IN_EXCL_UNLINK
        )
        # Added to what the same folder may be followed for, through a bind mount.
        self._above = (
            self._left
            | number.IN_MOVE_SELF
            | number.IN_ONLYDIR
            | number.IN_DONT_FOLLOW
            | number.IN_MASK_ADD
        )
        self._add: Callable[[int, bytes, int], int] = inotify_c.inotify_add_watch
        self._remove: Callable[..., int] = inotify_c.inotify_rm_watch
        self._errno = ctypes.get_errno
        self.fd = inotify_c.inotify_init()
        if self.fd == -1:
            raise self._error()
        os.set_inheritable(self.fd, False)  # noqa: FBT003 (it has no name)
        os.set_blocking(self.fd, False)

    def watch(self, path: bytes) -> int:
        """A watch for the folder at `path`; the one it has, if it has one.

        Raises OSError.
        """
        if len(path) > LONGEST_PATH:
            fd = open_folder(path)
            try:
                return self._watch(b"/proc/self/fd/%d/." % fd, self._mask)
            finally:
                os.close(fd)
        return self._watch(path, self._mask)

    def watch_from_above(self, path: bytes) -> int:
        """A watch for what leaves the folder at `path`, and for the folder itself."""
        return self._watch(path, self._above)

    def unwatch(self, watch: int) -> None:
        """Give a watch back, which the kernel may have ended before."""
        self._remove(self.fd, watch)

    def read(self) -> Iterator[InotifyEvent]:
        """The events that wait."""
        for _ in range(READS):
            try:
                content = os.read(self.fd, READ_BYTES)
            except BlockingIOError:
                return
            yield from self.parse(content)

    def parse(self, content: bytes) -> Iterator[InotifyEvent]:
        """The events in what was read.

        Rule: inotify(7), `struct inotify_event`: watch, mask, cookie, length of the
        name, and the name, which is filled up with zeros.
        """
        start = 0
        while start < len(content):
            watch, mask, _, length = struct.unpack_from("iIII", content, start)
            start += 16
            name = os.fsdecode(content[start : start + length].rstrip(b"\0"))
            start += length
            kind: Kind = "entry"
            if mask & self._overflow:
                kind = "overflow"
            elif mask & self._gone:
                kind = "gone"
            is_left = bool(mask & self._left)
            yield InotifyEvent(watch, name, bool(mask & self._is_folder), kind, is_left)

    def _watch(self, path: bytes, mask: int) -> int:
        watch = self._add(self.fd, path, mask)
        if watch == -1:
            raise self._error()
        return watch

    def _error(self) -> OSError:
        number = self._errno()
        return OSError(number, os.strerror(number))


class HeldWatches:
    """Which folder has which watch: both ways, for events name the watch alone.

    A folder that is mounted a second time, at `b` as at `a`, has one watch for both.
    """

    __slots__ = ("_folders", "_watches")

    def __init__(self) -> None:
        self._watches: dict[str, int] = {}
        self._folders: dict[int, tuple[str, ...]] = {}

    def __len__(self) -> int:
        """How many watches are held."""
        return len(self._folders)

    def __contains__(self, folder: str) -> bool:
        """Whether a folder has a watch."""
        return folder in self._watches

    @property
    def folders(self) -> AbstractSet[str]:
        """All that have one."""
        return self._watches.keys()

    def watch_of(self, folder: str) -> int | None:
        """The watch of a folder; None: it has none."""
        return self._watches.get(folder)

    def folders_of(self, watch: int) -> tuple[str, ...]:
        """The folders that have a watch; none where it is not held."""
        return self._folders.get(watch, ())

    def add(self, folder: str, watch: int) -> None:
        """A folder that has none yet gets this watch."""
        self._watches[folder] = watch
        self._folders[watch] = (*self._folders.get(watch, ()), folder)

    def remove(self, folder: str) -> int | None:
        """The watch that no folder has any more, now that this one has none."""
        watch = self._watches.pop(folder, None)
        if watch is None:
            return None
        others = tuple(other for other in self._folders[watch] if other != folder)
        if others:
            self._folders[watch] = others
            return None
        del self._folders[watch]
        return watch

    def clear(self) -> None:
        """Forget all of them."""
        self._watches.clear()
        self._folders.clear()
