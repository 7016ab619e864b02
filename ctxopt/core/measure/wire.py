"""How a builder weighs entries: the value that a wire format hands to the fold."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ctxopt.core.judging.entry import Entry, EntryKind, Weight
from ctxopt.core.tuples import NamedTuple


class Wire(NamedTuple):
    """The functions and limits of one wire format.

    `weigh_plain` holds for regular files with one name, no attributes, an ASCII path
    of up to `plain_path` bytes, and size and time below the limits; `weigh_folder` for
    the STAT bytes of a folder without attributes, its path one byte shorter;
    `weigh_name` for those of a file like the first ones under another name than the
    first of its inode, which is its last argument; `weigh` for all, None where the
    entry cannot travel.
    """

    weigh_plain: Callable[[int, int, int, int], Weight]
    weigh_folder: Callable[[int, int, int], int]
    weigh_name: Callable[[int, int, int, int, str], int]
    weigh: Callable[[Entry, str | None], Weight | None]
    plain_path: int
    plain_size: int
    plain_time: int
    linked: frozenset[EntryKind]  # kinds that travel as hard links
    late_parents: bool  # folders are sent late, for the sake of what is below them
    utf8_only: bool = False  # a name or link target in other bytes cannot travel
    # Where the packets of an entry grow: (first position, bytes each grows by).
    id_steps: tuple[tuple[int, int], ...] = ()

    def is_linked(self, entry: Entry) -> bool:
        """Whether other names of the same inode may have been sent before."""
        return entry.links > 1 and entry.kind in self.linked


def id_width(steps: Sequence[tuple[int, int]], position: int) -> int:
    """Bytes of the id in each packet of the entry at a position."""
    return sum(width for bound, width in steps if position >= bound)
