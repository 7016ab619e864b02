"""What a process that reads the top of a tree leaves to others, in stretches.

    pieces = pieces_of(division)        # what was read, and stretches of what was not
    order = in_order(pieces)            # of all folders
    batches_of(walk, stretch)           # what a worker finds in one

The folders below the top are taken several neighbours at once, so that there are
neither too few for all workers nor so many that joining them costs time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ctxopt.core.judging.rows import Batch, FolderRef
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING
from ctxopt.host.walk.walk import ReadAhead, ReadBatch, UnreadPaths, Walk

if TYPE_CHECKING:
    from typing import TypeAlias

PARTS = 128  # about as many for all workers together
FEWEST_NAMES = 64  # in a part of a folder


class Stretch(NamedTuple):
    """Consecutive steps of one folder, whose folders nobody has read yet.

    Or consecutive names, which nobody has looked at.
    """

    folder: FolderRef
    steps: Sequence[ReadBatch]
    names: list[str]


# What is in one folder, in order; a folder stands for all that was read of it.
Piece: TypeAlias = "Batch | UnreadPaths | Stretch | FolderRef"
Pieces: TypeAlias = "Mapping[FolderRef, Sequence[Piece]]"


def pieces_of(division: ReadAhead) -> Pieces:
    """What was read, and stretches of what was not, by the folder, the root first."""
    length = _stretch_length(division)
    return {folder: [*_in_folder(division, folder, length)] for folder in division}


def in_order(pieces: Pieces) -> list[Batch | UnreadPaths | Stretch]:
    """The same of all folders together, in the builder's order."""
    return [*_in_order(pieces)]


def _stretch_length(division: ReadAhead) -> int:
    """How many folders, or names, make a part."""
    waiting = 0
    for opened in division.values():
        waiting += len(opened.names) if not opened.steps else 0
        insides = [one.inside for one in opened.steps if one.inside is not None]
        waiting += sum(inside not in division for inside in insides)
    return max(waiting // PARTS, 1)


def _in_order(pieces: Pieces) -> Iterator[Batch | UnreadPaths | Stretch]:
    stack = [iter(pieces[next(iter(pieces))])]
    while stack:
        one = next(stack[-1], None)
        if one is None:
            stack.pop()
        elif isinstance(one, FolderRef):
            stack.append(iter(pieces[one]))
        else:
            yield one


def _in_folder(division: ReadAhead, folder: FolderRef, length: int) -> Iterator[Piece]:
    opened = division[folder]
    yield opened.lost
    if not opened.steps:
        size = max(FEWEST_NAMES, length)
        for start in range(0, len(opened.names), size):
            yield Stretch(folder, (), opened.names[start : start + size])
        yield Batch(folder, [], last=True)
    ahead: list[ReadBatch] = []
    for step in opened.steps:
        if step.inside is not None and step.inside not in division:
            ahead.append(step)
            if len(ahead) == length:
                yield Stretch(folder, ahead, [])
                ahead = []
            continue
        if ahead:
            yield Stretch(folder, ahead, [])
            ahead = []
        yield step.batch
        if step.inside is not None:
            yield step.inside


def batches_of(walk: Walk, stretch: Stretch) -> Iterator[Batch]:
    """The batches of a stretch, for a worker, whose current folder changes."""
    if stretch.names:
        yield from walk.batches_below(stretch.folder, stretch.names)
    for batch, inside in stretch.steps:
        yield batch
        assert inside is not None  # the last step of a folder is in no stretch
        yield from walk.batches_below(inside)
