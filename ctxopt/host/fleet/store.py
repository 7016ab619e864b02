"""The folder of a report: a file for each repository, and what is made of all.

A file is whole or not there: each is written under another name first. Whoever is
killed in between leaves that behind, which the next one removes.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import IO, Any, Self

from ctxopt.core.fleet.rows import Row, is_whole
from ctxopt.errors import WriteError

ROWS, PAGES = "repositories", "pages"
_UNFINISHED = ".unfinished"
_FOLDERS = ("", ROWS, PAGES)


class Store:
    """A folder for a report, which is made where it is not there.

    with Store("report") as store:    # no other process writes there meanwhile

    Raises WriteError where it cannot be written.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder
        if os.path.lexists(folder) and not os.path.isdir(folder):
            raise WriteError(
                "this is no folder", hint="name another place with -o", file=folder
            )
        for name in _FOLDERS:
            path = os.path.join(folder, name)
            try:
                os.makedirs(path, exist_ok=True)
            except OSError as error:
                raise _cannot(path, error) from None

    def __enter__(self) -> Self:
        self._lock = os.open(self.folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            raise WriteError(
                "another ctxopt fleet writes there",
                hint="wait for it, or name another folder with -o",
                file=self.folder,
            ) from None
        except OSError:  # not every file system has locks
            pass
        self._remove_unfinished()
        return self

    def __exit__(self, *_error: object) -> None:
        os.close(self._lock)

    def _remove_unfinished(self) -> None:
        """Remove what somebody was writing who was killed."""
        for name in _FOLDERS:
            path = os.path.join(self.folder, name)
            with suppress(OSError):
                for left in os.listdir(path):
                    if left.endswith(_UNFINISHED):
                        os.unlink(os.path.join(path, left))

    def row(self, name: str) -> dict[str, Any] | None:
        """What is known of a repository; None where nothing is that can be read."""
        return read_row(self.folder, name)

    def has_page(self, row: Row) -> bool:
        """Whether the page that a row names is there, if it names one."""
        page = row["page"]
        return page is None or os.path.isfile(os.path.join(self.folder, page))

    def keep(self, name: str, row: bytes, page: bytes | None) -> None:
        """Keep what came of a repository; its page first, as the row names it.

        Raises WriteError.
        """
        place = os.path.join(PAGES, f"{name}.html")
        if page is None:
            with suppress(OSError):
                os.unlink(os.path.join(self.folder, place))
        else:
            self.write(place, lambda out: out.write(page))
        self.write(os.path.join(ROWS, f"{name}.json"), lambda out: out.write(row))

    def write(self, name: str, fill: Callable[[IO[bytes]], object]) -> None:
        """Write a file of the report, whole or not at all; raises WriteError."""
        path = os.path.join(self.folder, name)
        unfinished = path + _UNFINISHED
        try:
            with open(unfinished, "wb") as out:
                fill(out)
                out.flush()
                os.fsync(out.fileno())
            os.replace(unfinished, path)
        except OSError as error:
            raise _cannot(path, error) from None
        finally:  # also where Ctrl-C comes in between
            with suppress(OSError):
                os.unlink(unfinished)

    def others(self, names: Iterable[str]) -> int:
        """How many repositories are kept here that are none of these."""
        known = set(names)
        kept = os.listdir(os.path.join(self.folder, ROWS))
        return sum(one.removesuffix(".json") not in known for one in kept)


def read_row(folder: str, name: str) -> dict[str, Any] | None:
    """What a report keeps of a repository; None where that cannot be read."""
    try:
        with open(os.path.join(folder, ROWS, f"{name}.json"), "rb") as file:
            row = json.load(file)
    except (OSError, ValueError, RecursionError):
        return None
    return row if is_whole(row) and row["name"] == name else None


def _cannot(path: str, error: OSError) -> WriteError:
    return WriteError(
        f"cannot write it: {error.strerror}",
        hint="name another folder with -o, or make room; what was kept before stays",
        file=path,
    )
