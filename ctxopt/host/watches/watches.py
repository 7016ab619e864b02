"""The system's word that something changed, in folders chosen one by one.

Watchdog brings the events: its bindings of the three inotify calls, and its numbers.
Not its classes. An Observer watches either a whole tree, and so the `node_modules`
that is excluded, or runs threads for every folder, up to 6.0 with an inotify instance
each, of which the system gives 128; it holds a move back for half a second to pair
it, and up to 6.0 passes over a full queue in silence. The classes below it changed
from version to version (`Inotify` in 6.0, `InotifyFD` in 7.1), the functions did not:
they are the same in 4.0.0 and 7.1.0, and `tests/host/watches/test_watches.py` says when
they are not. So here is one instance, one watch a folder, and no thread: this program
forks.

Without inotify (macOS), or if a watchdog to come has lost those functions, one
recursive Observer tells, of which only the followed folders are passed on; where not
even that starts, the folders are polled.

Folders of a file system that keeps silent about some changes (see `mounts`) are polled,
too. They keep their watches, for what is done here is told at once.

Whoever listens keeps to three rules, and then misses nothing:

- `follow` a folder first and read it afterwards;
- after "gone" the folder is not followed any more, whatever stands there now: look,
  and follow again. Folders below it keep their watches (a moved folder takes them
  along) until they are unfollowed or gone themselves;
- after "overflow" read everything, and `follow` everything again: a watch that
  belongs to a folder that stands there no longer is exchanged then.
"""

from __future__ import annotations

import errno
import os
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Literal, Self

from ctxopt.core.paths import join
from ctxopt.core.tuples import NamedTuple
from ctxopt.host.watches.inotify import HeldWatches, Inotify, InotifyEvent
from ctxopt.host.watches.mounts import Mounts
from ctxopt.host.watches.notice import OVERFLOW, FsEvent, gone
from ctxopt.host.watches.observer import observe
from ctxopt.host.watches.polled import PolledFolders
from ctxopt.host.watches.polling import (
    ABSENT,
    LONGEST_PATH,
    FolderListing,
    is_folder,
    list_folder,
    open_folder,
)
from ctxopt.host.watches.reasons import LIMITS, limit_reached, silence_of
from ctxopt.host.watches.sleeper import Sleeper

if TYPE_CHECKING:
    from watchdog.observers.api import BaseObserver

# The folder around the root, in which the root is an entry that can be deleted.
ABOVE = ".."

NO_WATCH = -1

Source = Literal["inotify", "observer", "polling"]


class Asked(NamedTuple):
    """What came of asking the system for word of a folder: plain values."""

    watch: int  # its number; `NO_WATCH`: there is none
    error: int = 0  # why there is none
    silent: str = ""  # the folder's file system, if that keeps silent
    look: FolderListing | None = None  # what stands in a folder to be polled


class Watches:
    """Notices about folders below a root, which are followed one by one.

    A folder that gets no watch of the system is polled instead, one on a file system
    that keeps silent is polled, too. For one thread, apart from `wake`. Links are not
    followed, except to the root itself, at the start. `source` takes another way than
    the best that there is, `mounts` another list of file systems.
    """

    __slots__ = (
        "_base",
        "_held",
        "_kernel",
        "_limit",
        "_mounts",
        "_observed",
        "_observer",
        "_pending",
        "_polled",
        "_problem",
        "_root",
        "_sleeper",
    )

    def __init__(
        self,
        root: str,
        *,
        poll_seconds: float = 1.0,
        source: Source = "inotify",
        mounts: Mounts | None = None,
    ) -> None:
        real = os.path.realpath(root)
        self._base = os.path.basename(real)
        self._root = os.fsencode(real)
        self._held = HeldWatches()
        self._polled = PolledFolders(poll_seconds)
        self._mounts = Mounts() if mounts is None else mounts
        self._observed: set[str] = set()
        self._pending: deque[FsEvent] = deque()
        self._limit: int | None = None
        self._problem: str | None = None
        self._kernel: Inotify | None = None
        self._observer: BaseObserver | None = None
        self._sleeper = Sleeper()
        self._start(source)

    def _start(self, source: Source) -> None:
        try:
            if source == "inotify":
                self._kernel = Inotify.open()
            if self._kernel is not None:
                self._sleeper.watch(self._kernel.fd)
            elif source != "polling":
                root = os.fsdecode(self._root)
                self._observer = observe(root, self._observed, self._hear)
        except OSError as error:
            self._limit = error.errno

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def followed(self) -> frozenset[str]:
        """The folders that notices can come from."""
        told = self._held.folders | self._polled.folders | self._observed
        return frozenset(told - {ABOVE})

    @property
    def held(self) -> int:
        """How many watches of the system are taken, one around the root included."""
        return len(self._held)

    @property
    def polled(self) -> int:
        """How many folders are polled, with a watch or without."""
        return len(self._polled)

    @property
    def problem(self) -> str | None:
        """That the system's limit is reached and what to do; None until it is.

        The text counts what is watched when it is first read, so it is best read
        after the first folders are followed; it stays the same from then on.
        """
        if self._problem is None and self._limit is not None and self._polled:
            watched = self._held.folders - self._polled.folders - {ABOVE}
            self._problem = limit_reached(self._limit, len(watched), len(self._polled))
        return self._problem

    @property
    def silence(self) -> str | None:
        """That some folders' file systems keep silent, and are polled; None: none do.

        Best read after the first folders are followed.
        """
        silent = self._polled.silent
        return silence_of(silent) if silent else None

    def follow(self, folder: str) -> None:
        """Have notices about a folder, by its path from the root ("" for the root).

        Again for the same folder: makes sure that it is the one that stands there
        now. One that does not stand there is "gone" at the next `wait`.
        """
        if self._observer is not None:
            self._observed.add(folder)
            if not is_folder(self._path(folder)):
                self._observed.discard(folder)
                self._pending.append(gone(folder))
            return
        self.note(folder, self.ask(folder))

    def ask(self, folder: str) -> Asked:
        """Ask the system for word of a folder, and say what came of it, for `note`.

        A fork may ask, for it shares what the system tells with its parent, and read
        the folder then; the parent notes it before it waits for the next notice. Where
        an Observer tells, there is nothing to ask for.
        """
        path = self._path(folder)
        asked = self._ask_for_watch(path)
        if asked.error in ABSENT:
            return asked
        silent = self._silent_type(path)
        if not (asked.error or silent):
            return asked
        look = list_folder(path, is_silent=bool(silent))
        return asked._replace(silent=silent, look=look)

    def note(self, folder: str, asked: Asked) -> None:
        """Follow a folder from now on, by what came of `ask`."""
        self._note_watch(folder, asked)
        _, error, silent, look = asked
        if not (error or silent):
            self._polled.remove(folder)
        elif look is None:
            self._miss(folder)
        else:
            self._begin_polling(folder, look, silent, has_watch=not error)

    def unfollow(self, folder: str) -> None:
        """Have no more notices about a folder; those below it stay followed."""
        self._observed.discard(folder)
        self._forget(folder)

    def wait(self, timeout: float | None = None) -> list[FsEvent]:
        """All notices there are, each once; sleeps until there is one.

        Nothing after `timeout` seconds, or after `wake`, if there is nothing to tell.
        Raises ValueError once closed.
        """
        if self._sleeper.is_closed:
            raise ValueError("these watches are closed")
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            is_woken = self._sleep(end)
            found = dict.fromkeys(self._arrived())
            is_over = end is not None and time.monotonic() >= end
            if found or is_woken or is_over:
                return list(found)

    def attend(self, fd: int) -> None:
        """Let `wait` return, too, when there is something to read from `fd`."""
        self._sleeper.attend(fd)

    def wake(self) -> None:
        """Let `wait` return now, or at once when it is called next.

        For other threads, too.
        """
        self._sleeper.wake()

    @property
    def waker(self) -> int:
        """Where a byte wakes as `wake` does, for `signal.set_wakeup_fd`."""
        return self._sleeper.waker

    def close(self) -> None:
        """Give everything back to the system."""
        if self._sleeper.is_closed:
            return
        if self._observer is not None:
            self._observer.stop()
            self._observer.join()
        if self._kernel is not None:
            os.close(self._kernel.fd)
        self._sleeper.close()
        self._held.clear()
        self._polled.clear()
        self._observed.clear()

    def _path(self, folder: str) -> bytes:
        return b"%b/%b" % (self._root, os.fsencode(folder)) if folder else self._root

    def _miss(self, folder: str) -> None:
        """Say at the next `wait` that a folder is not there."""
        self._forget(folder)
        self._pending.append(gone(folder))

    def _begin_polling(
        self, folder: str, look: FolderListing, silent: str, *, has_watch: bool
    ) -> None:
        """Look at a folder now and then, from now on or as before."""
        before = self._polled.listing(folder)
        if not has_watch:
            self._forget(folder)
        if before is None or before.is_other(look):
            self._polled.add(folder, look, silent=silent)
        else:  # what has changed since then is still to be told, and no later
            self._polled.keep(folder, before, silent=silent)

    def _silent_type(self, path: bytes) -> str:
        """What a folder's file system is, if that keeps silent; otherwise ""."""
        if len(path) <= LONGEST_PATH:
            return self._mounts.silent(path)
        try:
            fd = open_folder(path)
        except OSError:
            return ""
        try:
            return self._mounts.silent(fd)
        finally:
            os.close(fd)

    def _ask_for_watch(self, path: bytes) -> Asked:
        """A watch for the folder that stands at a path now, or why there is none."""
        if self._kernel is None:
            return Asked(NO_WATCH, errno.EMFILE)
        try:
            return Asked(self._kernel.watch(path))
        except OSError as error:
            return Asked(NO_WATCH, error.errno or errno.EIO)

    def _note_watch(self, folder: str, asked: Asked) -> None:
        """Hold the watch of a folder, if it got one."""
        if self._kernel is None:
            return
        if asked.error:
            if asked.error in LIMITS:
                self._limit = asked.error
            return
        self._hold(folder, asked.watch)
        if not folder and self._base:
            # The kernel says nothing of a deleted folder while it is somebody's
            # working directory, and the root is that of whoever started us.
            with suppress(OSError):
                above = os.path.dirname(self._root)
                self._hold(ABOVE, self._kernel.watch_from_above(above))

    def _hold(self, folder: str, watch: int) -> None:
        if self._held.watch_of(folder) == watch:
            return
        self._release(folder)
        self._held.add(folder, watch)

    def _forget(self, folder: str) -> None:
        self._polled.remove(folder)
        self._release(folder)
        if not folder:
            self._release(ABOVE)

    def _release(self, folder: str) -> None:
        watch = self._held.remove(folder)
        if watch is not None:
            assert self._kernel is not None  # who else gave the watch
            self._kernel.unwatch(watch)

    def _hear(self, notice: FsEvent) -> None:
        """Take a notice from an Observer's thread."""
        self._pending.append(notice)
        self.wake()

    def _sleep(self, end: float | None) -> bool:
        """Wait for the system until `end` or the next poll; whether `wake` came."""
        until = end
        if self._polled:
            due = self._polled.due
            until = due if end is None else min(end, due)
        if self._pending:
            until = 0.0
        return self._sleeper.sleep(until)

    def _arrived(self) -> Iterator[FsEvent]:
        while self._pending:
            yield self._pending.popleft()
        if self._kernel is not None:
            yield from self._told_at_once(self._kernel.read())
        if self._polled and time.monotonic() >= self._polled.due:
            yield from self._poll()

    def _told_at_once(self, events: Iterable[InotifyEvent]) -> Iterator[FsEvent]:
        """What events mean; polling does not tell it again."""
        told = dict.fromkeys(one for event in events for one in self._told(event))
        for folder, name, _, kind in told:
            look = self._polled.listing(folder)
            if look is not None and kind == "entry":
                # Before anybody hears of it: what comes later is told later.
                self._polled.see(folder, look.noted(self._path(folder), name))
        yield from told

    def _told(self, event: InotifyEvent) -> Iterator[FsEvent]:
        """What an event means for each folder that has its watch."""
        if event.kind == "overflow":
            yield OVERFLOW
            return
        # A watch that is unknown was given back before its last events were read.
        for folder in self._held.folders_of(event.watch):
            if folder == ABOVE:
                if event.kind == "gone" or (event.is_left and event.name == self._base):
                    yield from self._lose("")
            elif event.kind == "gone":
                yield from self._lose(folder)
            else:
                if event.is_left and event.is_folder:
                    below = join(folder, event.name)
                    yield from self._lose(below)
                yield FsEvent(folder, event.name, event.is_folder, "entry")

    def _lose(self, folder: str) -> Iterator[FsEvent]:
        if folder in self._held or folder in self._polled:
            self._forget(folder)
            self._mounts.forget()
            yield gone(folder)

    def _poll(self) -> Iterator[FsEvent]:
        """Look at some of the polled folders, at all of them in the end."""
        is_full = False
        for folder in self._polled.turn():
            if folder not in self._polled.silent and not is_full:
                asked = self._ask_for_watch(self._path(folder))
                self._note_watch(folder, asked)
                is_full = asked.error in LIMITS
            yield from self._look_again(folder)

    def _look_again(self, folder: str) -> Iterator[FsEvent]:
        """What is different in a polled folder, which has a watch of its own by now."""
        is_silent = folder in self._polled.silent
        before = self._polled.listing(folder)
        after = list_folder(self._path(folder), is_silent=is_silent)
        if before is None or after is None or before.is_other(after):
            yield from self._lose(folder)
            return
        yield from before.changes(folder, after)
        if folder in self._held and not is_silent:
            self._polled.remove(folder)
        else:
            self._polled.see(folder, after)
