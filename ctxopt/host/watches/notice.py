"""What is said of one change: a path, and what became of it.

`FsEvent("src", "main.c", is_folder=False, kind="entry")` says: look at `src/main.c`.
"""

from __future__ import annotations

from typing import Literal

from ctxopt.core.tuples import NamedTuple

Kind = Literal["entry", "gone", "overflow"]


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


def gone(folder: str) -> FsEvent:
    """That a folder is no longer there."""
    return FsEvent(folder, "", is_folder=True, kind="gone")
