"""What the entries of a part of the tree looked like: a few bytes for each.

A measurement counts entries and forgets them. To tell by how much one of them has
changed, its size, mode and time must be known from before it did: that `logs/a.log` had
3 kB is what tells of 2 kB more. This keeps them in 14 bytes an entry, 18 where a file
of 4 GiB or more stands beside it. Paths and times are kept as 32 bits of their hash: of
a million new entries one or none is taken for another one.
"""

from __future__ import annotations

import stat
from array import array
from collections.abc import Sequence

from ctxopt.core.judging.rows import Batch, StatResult
from ctxopt.core.tuples import NamedTuple

_BITS = 0xFFFFFFFF


class Facts(NamedTuple):
    """What tells an entry from itself before a change."""

    size: int  # bytes; 0 for a folder
    mode: int  # st_mode: kind and permissions
    stamp: int  # of the time of its last change: equal for equal times

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return stat.S_ISDIR(self.mode)

    @property
    def is_file(self) -> bool:
        """Whether it is a regular file."""
        return stat.S_ISREG(self.mode)


def facts_of(status: StatResult) -> Facts:
    """The facts of one entry."""
    size = 0 if stat.S_ISDIR(status.st_mode) else status.st_size
    return Facts(size, status.st_mode, _stamp(status.st_mtime_ns))


def _stamp(time_ns: int) -> int:
    return hash(time_ns) & _BITS


class Record:
    """The facts of many entries, by path."""

    __slots__ = ("_modes", "_paths", "_sizes", "_stamps")

    def __init__(self) -> None:
        self._paths = array("I")  # 32 bits of the hash of a path
        self._sizes: array[int] = array("I")  # "Q" once one needs it
        self._modes = array("H")  # a kind has four bits, permissions twelve
        self._stamps = array("I")

    def __len__(self) -> int:
        """How many entries it knows."""
        return len(self._paths)

    @property
    def nbytes(self) -> int:
        """How many bytes its facts take."""
        kept = (self._paths, self._sizes, self._modes, self._stamps)
        return sum(len(one) * one.itemsize for one in kept)

    def add(self, batches: Sequence[Batch]) -> None:
        """Remember all rows of some batches, at once: most have few."""
        paths: list[int] = []
        for batch in batches:
            prefix = batch.folder.prefix
            paths += [hash(prefix + row[0]) & _BITS for row in batch.rows]
        self._paths.fromlist(paths)
        seen = [row[1] for batch in batches for row in batch.rows]
        self._modes.fromlist([status.st_mode for status in seen])
        self._stamps.fromlist([hash(status.st_mtime_ns) & _BITS for status in seen])
        self._extend_sizes([status.st_size for status in seen])

    def extend(self, other: Record) -> None:
        """Remember all that another one knows."""
        self._paths.extend(other._paths)
        self._modes.extend(other._modes)
        self._stamps.extend(other._stamps)
        self._extend_sizes(other._sizes.tolist())

    def _extend_sizes(self, sizes: list[int]) -> None:
        try:
            self._sizes.fromlist(sizes)  # all of them or none
        except OverflowError:
            self._sizes = array("Q", self._sizes)
            self._sizes.fromlist(sizes)

    def facts(self, path: str) -> Facts | None:
        """What was known of a path; None: there was nothing."""
        try:
            at = self._paths.index(hash(path) & _BITS)
        except ValueError:
            return None
        mode = self._modes[at]
        size = 0 if stat.S_ISDIR(mode) else self._sizes[at]
        return Facts(size, mode, self._stamps[at])
