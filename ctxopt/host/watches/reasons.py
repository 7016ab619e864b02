"""Why folders are polled, in words for the user.

the file system (9p) does not tell of all changes: 1 folder in "src" is polled
"""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from contextlib import suppress

MAX_WATCHES = "/proc/sys/fs/inotify/max_user_watches"
MAX_INSTANCES = "/proc/sys/fs/inotify/max_user_instances"

LIMITS = frozenset({errno.ENOSPC, errno.EMFILE, errno.ENFILE})

MOST_NAMED = 2  # places that are named in a message


def limit_reached(limit: int, watched: int, polled: int) -> str:
    """That the system gives no more watches, and what to do; read once."""
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


def silence_of(silent: Mapping[str, str]) -> str:
    """That file systems keep silent; `silent` has their types, by folder."""
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
