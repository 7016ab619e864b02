"""The system's word that something changed, in folders chosen one by one.

Watchdog brings the events: its bindings of the three inotify calls, and its numbers.
Not its classes. An Observer watches either a whole tree, and so the `node_modules`
that is excluded, or runs threads for every folder, up to 6.0 with an inotify instance
each, of which the system gives 128; it holds a move back for half a second to pair
it, and up to 6.0 passes over a full queue in silence. The classes below it changed
from version to version (`Inotify` in 6.0, `InotifyFD` in 7.1), the functions did not:
they are the same in 4.0.0 and 7.1.0, and `tests/host/watches/test_watches.py` says when they
are not. So here is one instance, one watch a folder, and no thread: this program
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
import select
import stat
import struct
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Literal, NamedTuple, Self

from ctxopt.host.watches.mounts import Mounts

if TYPE_CHECKING:
    from watchdog.observers.api import BaseObserver

MAX_WATCHES = "/proc/sys/fs/inotify/max_user_watches"
MAX_INSTANCES = "/proc/sys/fs/inotify/max_user_instances"

# A full queue of the usual 16,384 events stays below 4.5 MB. Who writes faster than
# we read is not waited for: what is left comes with the next call.
READ_BYTES = 1 << 16
READS = 128

# Polling takes a tenth of the time at most, however many folders there are, and keeps
# nobody waiting for longer than a slow folder takes.
REST = 9
SLICE_SECONDS = 0.1

# What is nearer to the system's limit of 4,096 is opened in steps.
LONGEST_PATH = 4000

MOST_NAMED = 2  # places that are named in a message

# The folder around the root, in which the root is an entry that can be deleted.
ABOVE = ".."

ABSENT = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP})
LIMITS = frozenset({errno.ENOSPC, errno.EMFILE, errno.ENFILE})

Kind = Literal["entry", "gone", "overflow"]
Source = Literal["inotify", "observer", "polling"]


class FsEvent(NamedTuple):
    """That something happened, not what: whoever hears of it looks.

    "entry": created, written, changed in its attributes, deleted, moved in or out;
    the folder's own attributes where `name` is "". "gone": the folder was deleted,
    moved, replaced or unmounted. "overflow": notices were lost, anywhere.
    """

    folder: str  # as it was given to `follow`
    name: str
    is_folder: bool
    kind: Kind


OVERFLOW = FsEvent("", "", is_folder=True, kind="overflow")


class Watches:
    """Notices about folders below a root, which are followed one by one.

    A folder that gets no watch of the system is polled instead, one on a file system
    that keeps silent is polled, too. For one thread, apart from `wake`. Links are not
    followed, except to the root itself, at the start. `source` takes another way than
    the best that there is, `mounts` another list of file systems.
    """

    __slots__ = (
        "_attended",
        "_base",
        "_folders",
        "_held",
        "_kernel",
        "_limit",
        "_mounts",
        "_next_poll",
        "_observed",
        "_observer",
        "_pending",
        "_poll_seconds",
        "_polled",
        "_poller",
        "_problem",
        "_root",
        "_round",
        "_silent",
        "_wake",
        "_woken",
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
        self._held: dict[str, int] = {}
        self._folders: dict[int, tuple[str, ...]] = {}  # several for a bind mount
        self._polled: dict[str, _FolderListing] = {}
        self._round: list[str] = []  # folders to poll before the next round begins
        self._silent: dict[str, str] = {}  # folders, and what their file system is
        self._mounts = Mounts() if mounts is None else mounts
        self._observed: set[str] = set()
        self._pending: deque[FsEvent] = deque()
        self._poll_seconds = poll_seconds
        self._next_poll = 0.0
        self._limit: int | None = None
        self._problem: str | None = None
        self._kernel: _Inotify | None = None
        self._observer: BaseObserver | None = None
        self._attended: set[int] = set()
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._woken, False)
        os.set_blocking(self._wake, False)
        self._poller = select.poll()
        self._poller.register(self._woken, select.POLLIN)
        self._start(source)

    def _start(self, source: Source) -> None:
        try:
            if source == "inotify":
                self._kernel = _Inotify.open()
            if self._kernel is not None:
                self._poller.register(self._kernel.fd, select.POLLIN)
            elif source != "polling":
                root = os.fsdecode(self._root)
                self._observer = _observe(root, self._observed, self._hear)
        except OSError as error:
            self._limit = error.errno

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def followed(self) -> frozenset[str]:
        """The folders that notices can come from."""
        told = self._held.keys() | self._polled.keys() | self._observed
        return frozenset(told - {ABOVE})

    @property
    def held(self) -> int:
        """How many watches of the system are taken, one around the root included."""
        return len(self._folders)

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
            watched = self._held.keys() - self._polled.keys() - {ABOVE}
            self._problem = _limit_reached(self._limit, len(watched), len(self._polled))
        return self._problem

    @property
    def silence(self) -> str | None:
        """That some folders' file systems keep silent, and are polled; None: none do.

        Best read after the first folders are followed.
        """
        return _silence(self._silent) if self._silent else None

    def follow(self, folder: str) -> None:
        """Have notices about a folder, by its path from the root ("" for the root).

        Again for the same folder: makes sure that it is the one that stands there
        now. One that does not stand there is "gone" at the next `wait`.
        """
        if self._observer is not None:
            self._observed.add(folder)
            if not _is_folder(self._path(folder)):
                self._observed.discard(folder)
                self._pending.append(_gone(folder))
            return
        error = self._watch(folder)
        if error in ABSENT:
            self._miss(folder)
            return
        silent = self._silent_type(folder)
        if error or silent:
            self._begin_polling(folder, silent, has_watch=not error)
        else:
            self._polled.pop(folder, None)
            self._silent.pop(folder, None)

    def unfollow(self, folder: str) -> None:
        """Have no more notices about a folder; those below it stay followed."""
        self._observed.discard(folder)
        self._forget(folder)

    def wait(self, timeout: float | None = None) -> list[FsEvent]:
        """All notices there are, each once; sleeps until there is one.

        Nothing after `timeout` seconds, or after `wake`, if there is nothing to tell.
        Raises ValueError once closed.
        """
        if self._wake == -1:
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
        self._attended.add(fd)
        self._poller.register(fd, select.POLLIN)

    def ignore(self, fd: int) -> None:
        """Have done with a descriptor that was attended."""
        if fd in self._attended:
            self._attended.discard(fd)
            self._poller.unregister(fd)

    def wake(self) -> None:
        """Let `wait` return now, or at once when it is called next.

        For other threads and signal handlers, too.
        """
        # A full pipe wakes already; a closed one wakes nobody.
        with suppress(OSError):
            os.write(self._wake, b"\0")

    def close(self) -> None:
        """Give everything back to the system."""
        if self._wake == -1:
            return
        if self._observer is not None:
            self._observer.stop()
            self._observer.join()
        if self._kernel is not None:
            os.close(self._kernel.fd)
        wake, self._wake = self._wake, -1
        os.close(wake)
        os.close(self._woken)
        self._held.clear()
        self._folders.clear()
        self._polled.clear()
        self._observed.clear()

    def _path(self, folder: str) -> bytes:
        return b"%b/%b" % (self._root, os.fsencode(folder)) if folder else self._root

    def _miss(self, folder: str) -> None:
        """Say at the next `wait` that a folder is not there."""
        self._forget(folder)
        self._pending.append(_gone(folder))

    def _begin_polling(self, folder: str, silent: str, *, has_watch: bool) -> None:
        """Look at a folder now and then, from now on or as before."""
        before = self._polled.get(folder)
        if not has_watch:
            self._forget(folder)
        look = _look(self._path(folder), is_silent=bool(silent))
        if look is None:
            self._miss(folder)
            return
        if silent:
            self._silent[folder] = silent
        if before is not None and not before.is_other(look):
            look = before  # what has changed since then is still to be told
        elif not self._polled:
            self._next_poll = time.monotonic() + self._poll_seconds
        self._polled[folder] = look

    def _silent_type(self, folder: str) -> str:
        """What a folder's file system is, if that keeps silent; otherwise ""."""
        path = self._path(folder)
        if len(path) <= LONGEST_PATH:
            return self._mounts.silent(path)
        try:
            fd = _open(path)
        except OSError:
            return ""
        try:
            return self._mounts.silent(fd)
        finally:
            os.close(fd)

    def _watch(self, folder: str) -> int:
        """Hold a watch for the folder that stands there now; the error, or 0."""
        if self._kernel is None:
            return errno.EMFILE
        try:
            self._hold(folder, self._kernel.watch(self._path(folder)))
        except OSError as error:
            number = error.errno or errno.EIO
            if number in LIMITS:
                self._limit = number
            return number
        if not folder and self._base:
            # The kernel says nothing of a deleted folder while it is somebody's
            # working directory, and the root is that of whoever started us.
            with suppress(OSError):
                above = os.path.dirname(self._root)
                self._hold(ABOVE, self._kernel.watch_from_above(above))
        return 0

    def _hold(self, folder: str, watch: int) -> None:
        before = self._held.get(folder)
        if before == watch:
            return
        if before is not None:
            self._release(folder)
        self._held[folder] = watch
        self._folders[watch] = (*self._folders.get(watch, ()), folder)

    def _forget(self, folder: str) -> None:
        self._polled.pop(folder, None)
        self._silent.pop(folder, None)
        self._release(folder)
        if not folder:
            self._release(ABOVE)

    def _release(self, folder: str) -> None:
        watch = self._held.pop(folder, None)
        if watch is None:
            return
        others = tuple(other for other in self._folders[watch] if other != folder)
        if others:
            self._folders[watch] = others
            return
        del self._folders[watch]
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
            until = self._next_poll if end is None else min(end, self._next_poll)
        if self._pending:
            until = 0.0
        pause = None if until is None else max(until - time.monotonic(), 0.0) * 1000
        ready = {fd for fd, _ in self._poller.poll(pause)}
        is_woken = self._woken in ready
        if is_woken:
            with suppress(BlockingIOError):
                while os.read(self._woken, 4096):
                    pass
        return is_woken or not ready.isdisjoint(self._attended)

    def _arrived(self) -> Iterator[FsEvent]:
        while self._pending:
            yield self._pending.popleft()
        if self._kernel is not None:
            yield from self._told_at_once(self._kernel.read())
        if self._polled and time.monotonic() >= self._next_poll:
            yield from self._poll()

    def _told_at_once(self, events: Iterable[_Event]) -> Iterator[FsEvent]:
        """What events mean; polling does not tell it again."""
        told = dict.fromkeys(one for event in events for one in self._told(event))
        for folder, name, _, kind in told:
            look = self._polled.get(folder)
            if look is not None and kind == "entry":
                # Before anybody hears of it: what comes later is told later.
                self._polled[folder] = look.noted(self._path(folder), name)
        yield from told

    def _told(self, event: _Event) -> Iterator[FsEvent]:
        """What an event means for each folder that has its watch."""
        if event.kind == "overflow":
            yield OVERFLOW
            return
        # A watch that is unknown was given back before its last events were read.
        for folder in self._folders.get(event.watch, ()):
            if folder == ABOVE:
                if event.kind == "gone" or (event.is_left and event.name == self._base):
                    yield from self._lose("")
            elif event.kind == "gone":
                yield from self._lose(folder)
            else:
                if event.is_left and event.is_folder:
                    below = f"{folder}/{event.name}" if folder else event.name
                    yield from self._lose(below)
                yield FsEvent(folder, event.name, event.is_folder, "entry")

    def _lose(self, folder: str) -> Iterator[FsEvent]:
        if folder in self._held or folder in self._polled:
            self._forget(folder)
            self._mounts.forget()
            yield _gone(folder)

    def _poll(self) -> Iterator[FsEvent]:
        """Look at some of the polled folders, at all of them in the end."""
        start = time.monotonic()
        if not self._round:
            self._round = [*reversed(self._polled)]
        is_full = False
        while self._round and time.monotonic() - start < SLICE_SECONDS:
            folder = self._round.pop()
            if folder not in self._polled:
                continue
            if folder not in self._silent and not is_full:
                is_full = self._watch(folder) in LIMITS
            yield from self._look_again(folder)
        now = time.monotonic()
        rest = REST * (now - start)
        self._next_poll = now + (rest if self._round else max(self._poll_seconds, rest))

    def _look_again(self, folder: str) -> Iterator[FsEvent]:
        """What is different in a polled folder, which has a watch of its own by now."""
        is_silent = folder in self._silent
        before = self._polled[folder]
        after = _look(self._path(folder), is_silent=is_silent)
        if after is None or before.is_other(after):
            yield from self._lose(folder)
            return
        yield from before.changes(folder, after)
        if folder in self._held and not is_silent:
            del self._polled[folder]
        else:
            self._polled[folder] = after


def _gone(folder: str) -> FsEvent:
    return FsEvent(folder, "", is_folder=True, kind="gone")


def _limit_reached(limit: int, watched: int, polled: int) -> str:
    """What the user reads, once."""
    verb = "is" if polled == 1 else "are"
    if limit not in LIMITS:
        return (
            f"the system tells of no changes ({os.strerror(limit)}): {polled:,} "
            f"{'folder' if polled == 1 else 'folders'} {verb} polled, which is slower"
        )
    file, what, wanted = MAX_WATCHES, "inotify watches", 524_288
    if limit != errno.ENOSPC:
        file, what, wanted = MAX_INSTANCES, "inotify instances or open files", 512
    present = "unknown"
    with suppress(OSError, ValueError), open(file, encoding="ascii") as text:
        present = text.read().strip()
        wanted = max(2 * int(present), wanted)
    setting = f"fs.inotify.{os.path.basename(file)}={wanted}"
    return (
        f"the system gives this user no more {what}: {watched:,} "
        f"{'folder is' if watched == 1 else 'folders are'} watched, the remaining "
        f"{polled:,} {verb} polled, which is slower; "
        f"{file} is {present}, raise it with `sudo sysctl {setting}`"
    )


def _silence(silent: Mapping[str, str]) -> str:
    """What the user reads, once, of folders on file systems that keep silent."""
    types = sorted(set(silent.values()))
    systems, do = ("system", "does") if len(types) == 1 else ("systems", "do")
    folders, are = ("folder", "is") if len(silent) == 1 else ("folders", "are")
    return (
        f"the file {systems} ({', '.join(types)}) {do} not tell of all changes: "
        f"{len(silent):,} {folders}{_places(silent)} {are} polled"
    )


def _places(silent: Mapping[str, str]) -> str:
    """Where they are, in a few words; nothing where that is the whole context."""
    if "" in silent:
        return ""
    tops = sorted(one for one in silent if one.rpartition("/")[0] not in silent)
    named = [f'"{top}"' for top in tops[:MOST_NAMED]]
    if len(tops) > MOST_NAMED:
        named.append(f"{len(tops) - MOST_NAMED:,} more")
    *others, last = named
    return f" in {', '.join(others)} and {last}" if others else f" in {last}"


class _Event(NamedTuple):
    """One event of the kernel, about a watch and not yet about a folder."""

    watch: int
    name: str  # "" for the folder itself
    is_folder: bool
    kind: Kind
    is_left: bool = False  # the entry was deleted, or moved elsewhere


class _Inotify:
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
            fd = _open(path)
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

    def read(self) -> Iterator[_Event]:
        """The events that wait."""
        for _ in range(READS):
            try:
                content = os.read(self.fd, READ_BYTES)
            except BlockingIOError:
                return
            yield from self.parse(content)

    def parse(self, content: bytes) -> Iterator[_Event]:
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
            yield _Event(watch, name, bool(mask & self._is_folder), kind, is_left)

    def _watch(self, path: bytes, mask: int) -> int:
        watch = self._add(self.fd, path, mask)
        if watch == -1:
            raise self._error()
        return watch

    def _error(self) -> OSError:
        number = self._errno()
        return OSError(number, os.strerror(number))


def _observe(
    root: str, folders: set[str], tell: Callable[[FsEvent], None]
) -> BaseObserver:
    """An Observer that tells what concerns the folders, of all that is below root.

    Raises OSError when it cannot start.
    """
    # Here, for only watch needs it.
    from watchdog.events import FileSystemEvent, FileSystemEventHandler
    from watchdog.observers import Observer

    class Teller(FileSystemEventHandler):
        def on_any_event(self, event: FileSystemEvent) -> None:
            # Our own reading is no change.
            if event.event_type in {"opened", "closed_no_write"}:
                return
            for attribute in ("src_path", "dest_path"):
                path = os.fsdecode(getattr(event, attribute, ""))
                if path == root or path.startswith(above):
                    is_left = event.event_type == "deleted" or (
                        event.event_type == "moved" and attribute == "src_path"
                    )
                    self.tell(path[len(above) :], event, is_left=is_left)

        def tell(self, path: str, event: FileSystemEvent, *, is_left: bool) -> None:
            folder, _, name = path.rpartition("/")
            if is_left and path in folders:
                folders.discard(path)
                tell(_gone(path))
            # The root is its own folder here, and "" is its name.
            if folder in folders:
                tell(FsEvent(folder, name, event.is_directory, "entry"))

    above = root.rstrip("/") + "/"
    observer = Observer()
    observer.schedule(Teller(), root, recursive=True)
    try:
        observer.start()
    except (RuntimeError, SystemError) as error:  # of FSEvents
        raise OSError(errno.EIO, str(error)) from error
    return observer


class _FolderListing(NamedTuple):
    """What polling remembers of a folder."""

    folder: tuple[int, ...]  # nothing where it cannot be read
    entries: dict[str, tuple[int, ...]]
    is_silent: bool = False

    def is_other(self, after: _FolderListing) -> bool:
        """Whether another folder stands there now."""
        known = bool(self.folder and after.folder)
        return known and self.folder[:2] != after.folder[:2]

    def noted(self, path: bytes, name: str) -> _FolderListing:
        """The same, with what stands at a name now; "" for the folder itself."""
        if not self.folder:
            return self
        with suppress(OSError):
            folder = _folder_facts(os.stat(path), is_silent=self.is_silent)
            if name:
                self._note(b"%b/%b" % (path, os.fsencode(name)), name)
            return self._replace(folder=folder)
        return self  # it is gone, and polling will tell

    def _note(self, path: bytes, name: str) -> None:
        try:
            self.entries[name] = _facts(os.lstat(path), is_silent=self.is_silent)
        except FileNotFoundError:
            self.entries.pop(name, None)

    def changes(self, folder: str, after: _FolderListing) -> Iterator[FsEvent]:
        """What a later look at the same folder says."""
        names = sorted(
            name
            for name in self.entries.keys() | after.entries.keys()
            if self.entries.get(name) != after.entries.get(name)
        )
        # The folder's time changes with its entries, which says nothing new.
        if self.folder[:-1] != after.folder[:-1] or (
            not names and self.folder != after.folder
        ):
            yield FsEvent(folder, "", is_folder=True, kind="entry")
        for name in names:
            mode = (after.entries.get(name) or self.entries[name])[1]
            yield FsEvent(folder, name, stat.S_ISDIR(mode), "entry")


def _look(path: bytes, *, is_silent: bool) -> _FolderListing | None:
    """What stands in a folder; None where there is none."""
    entries = {}
    try:
        fd = _open(path)
        try:
            folder = os.fstat(fd)
            with os.scandir(fd) as found:
                for entry in found:
                    with suppress(FileNotFoundError):
                        status = entry.stat(follow_symlinks=False)
                        entries[entry.name] = _facts(status, is_silent=is_silent)
        finally:
            os.close(fd)
    except OSError as error:
        return None if error.errno in ABSENT else _FolderListing((), {}, is_silent)
    return _FolderListing(
        _folder_facts(folder, is_silent=is_silent), entries, is_silent
    )


def _folder_facts(status: os.stat_result, *, is_silent: bool) -> tuple[int, ...]:
    number = 0 if is_silent else status.st_ino
    return (status.st_dev, number, status.st_mode, status.st_mtime_ns)


def _facts(status: os.stat_result, *, is_silent: bool) -> tuple[int, ...]:
    # FUSE and its like number anew what they have forgotten: a folder of 100,000 files
    # would change as a whole. What is replaced has another time.
    facts = (0 if is_silent else status.st_ino, status.st_mode)
    if stat.S_ISDIR(status.st_mode):
        return facts  # its time tells of its entries, which is for its own notices
    return (*facts, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _is_folder(path: bytes) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False


def _open(path: bytes) -> int:
    """A folder's descriptor, however long its path is. Raises OSError."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    above: int | None = None
    try:
        while len(path) > LONGEST_PATH:
            cut = path.rindex(b"/", 0, LONGEST_PATH)
            below = os.open(path[:cut], flags, dir_fd=above)
            if above is not None:
                os.close(above)
            above, path = below, path[cut + 1 :]
        return os.open(path, flags, dir_fd=above)
    finally:
        if above is not None:
            os.close(above)
