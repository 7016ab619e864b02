"""Word of changes where there is no inotify, from watchdog's own threads.

On macOS a write to `src/main.c` comes with its whole path; what of that is below the
root is passed on, if `src` is followed.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from ctxopt.host.watches.notice import FsEvent, gone

if TYPE_CHECKING:
    from watchdog.observers.api import BaseObserver


def observe(
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
                tell(gone(path))
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
