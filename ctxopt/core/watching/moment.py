"""What `ctxopt watch` knows at one moment: the record that its screen is drawn from.

A `Change` of `src/main.c` has what it was, what it is and what runs again for it; a
`WatchMoment` has the last of them, beside the report as of now. Sizes are bytes; paths
are relative to the root of the context, as in `model`.
"""

from __future__ import annotations

import stat
from enum import StrEnum

from ctxopt.core.model import Location, Report
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.watching.impact import Affected, Invalidation
from ctxopt.core.watching.record import Facts

__all__ = [
    "Affected",
    "Change",
    "FrequentChange",
    "Invalidation",
    "Preview",
    "WatchMoment",
    "What",
    "Written",
    "told_as",
    "what_changed",
]


class What(StrEnum):
    """What is different of an entry, as far as a builder looks at it."""

    NEW = "new"
    GONE = "gone"
    SIZE = "size"
    MODE = "mode"  # who may read, write or run it: builders compare that
    CONTENT = "content"  # as long as before, and not the same
    TIME = "time"  # as long as before; whether its content is another is unknown
    NOTHING = "nothing"  # it was only touched: builders do not compare times
    INSIDE = "inside"  # of a folder, that is told as one
    UNKNOWN = "unknown"  # nobody looked at it before


def what_changed(before: Facts | None, after: Facts | None) -> What:
    """What a builder would find different, without reading a content.

    Rule: moby/buildkit, cache/contenthash, and the legacy builder's tarsum compare
    kinds, modes and contents, and no times.
    """
    if after is None:
        return What.GONE
    if before is None:
        return What.NEW
    if before.size != after.size:
        return What.SIZE
    if stat.S_IFMT(before.mode) != stat.S_IFMT(after.mode):
        return What.CONTENT
    if before.mode != after.mode:
        return What.MODE
    if before.stamp != after.stamp and not after.is_folder:
        return What.TIME
    return What.NOTHING


REPOSITORY = ".git"


def told_as(path: str) -> str:
    """The path that speaks for a path: a repository's own files are one thing.

    Git locks, renames and removes a dozen of them at a time.
    """
    names = path.split("/")
    if REPOSITORY not in names:
        return path
    return "/".join(names[: names.index(REPOSITORY) + 1])


class Change(NamedTuple):
    """One entry before and after, and what its change means for the build."""

    path: str
    before_bytes: int | None  # None: it was not there, or nobody looked
    after_bytes: int | None  # None: it is gone
    is_folder: bool
    inside: bool  # the ignore file lets it through
    taken: bool  # some source takes it
    decided_by: Location | None  # the line that keeps it out, or brings it back
    decided_text: str
    invalidates: tuple[Invalidation, ...]
    what: What = What.SIZE
    mode: int = 0  # the permissions it has now
    # Of what is gone, `inside` and `taken` say how it was before.


class FrequentChange(NamedTuple):
    """An entry that changes again and again although no source names it."""

    path: str
    times: int
    pattern: str | None  # the ignore line that would stop it; None: no line can


class Written(NamedTuple):
    """Lines that were put into the ignore file and can be taken back."""

    patterns: tuple[str, ...]
    path: str
    by_itself: bool  # by --write, without a key


class Preview(NamedTuple):
    """What would be written: shown first, and written when that is confirmed."""

    path: str
    patterns: tuple[str, ...]
    diff: tuple[str, ...]  # the lines of a unified diff
    sent_bytes: int | None  # wire bytes of a transfer after it; None: not measured


class WatchMoment(NamedTuple):
    """All that is shown: the report as of now, and what happened before."""

    report: Report
    at: float  # seconds since the start
    history: tuple[tuple[float, int], ...]  # seconds, wire bytes of the transfer
    changes: tuple[Change, ...]  # newest first
    restless: tuple[FrequentChange, ...]
    budget: int | None
    paused: bool
    message: str
    written: Written | None
    watches: int  # folders the system watches for us
    polled: int  # folders we look at ourselves
    preview: Preview | None = None
    failed: str = ""  # why the report is one of before; "": it is as of now
    # What only a screen knows, and the session does not.
    selected: int = 0  # index into Report.suggestions
    reason_shown: bool = False
    chosen: frozenset[int] = frozenset()  # indices into Report.suggestions
