"""The top of a tree that one process has read, and what workers have kept of the rest.

    top = ReadTop(division, walk)
    top.below = results         # what workers make of `top.stretches`, in that order

A round that comes to a folder of the top finds its batches here. One that is parted has
stretches in it, or below, and comes in pieces: what was read of it, to be measured, and
the segments that a worker has made of a stretch.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from ctxopt.core.judging.rows import Batch, FolderRef
from ctxopt.host.walk.walk import ReadAhead, ReadFolder, UnreadPaths, Walk
from ctxopt.pipeline.survey.kept import Renewal, Segment
from ctxopt.pipeline.survey.stretches import Stretch, in_order, pieces_of


class UnreadTop:
    """Folders that were read before a round comes to them; here there are none."""

    def known(self, folder: FolderRef) -> FolderRef:
        """A folder as it was read, if it was."""
        return folder

    def is_parted(self, folder: FolderRef) -> bool:  # noqa: ARG002
        """Whether workers measure anything in a folder, or below."""
        return False

    def batches(self, folder: FolderRef) -> Iterator[Batch] | None:  # noqa: ARG002
        """The batches of a folder alone; None where it was not read."""
        return None

    def pieces(self, folder: FolderRef) -> Iterator[Renewal | Segment]:  # noqa: ARG002
        """What there is of a parted folder; comes to each stretch in its turn."""
        return iter(())


class ReadTop(UnreadTop):
    """Folders that were read."""

    def __init__(self, division: ReadAhead, walk: Walk) -> None:
        self._walk = walk
        self._division = division
        self._pieces = pieces_of(division)
        self._folders = {folder.path: folder for folder in division}
        order = in_order(self._pieces)
        self.stretches = [one for one in order if isinstance(one, Stretch)]
        self._parted = _around(self.stretches)
        self.below: Iterator[list[Segment]] = iter(())

    def known(self, folder: FolderRef) -> FolderRef:
        """A folder as it was read, if it was."""
        return self._folders.get(folder.path, folder)

    def is_parted(self, folder: FolderRef) -> bool:
        """Whether workers measure anything in a folder, or below."""
        return folder in self._parted

    def batches(self, folder: FolderRef) -> Iterator[Batch] | None:
        """The batches of a folder alone; None where it was not read."""
        read = self._division.get(folder)
        return None if read is None else self._read(read)

    def _read(self, read: ReadFolder) -> Iterator[Batch]:
        self._walk.lost.extend(read.lost)
        for step in read.steps:
            yield step.batch

    def pieces(self, folder: FolderRef) -> Iterator[Renewal | Segment]:
        """What there is of a parted folder; comes to each stretch in its turn."""
        batches: list[Batch] = []
        lost = UnreadPaths()  # of the folder itself, to be told first
        for piece in self._pieces[folder]:
            if isinstance(piece, UnreadPaths):
                lost.extend(piece)
            elif isinstance(piece, Batch):
                batches.append(piece)
            elif isinstance(piece, Stretch):
                if batches:
                    end = os.fsencode(batches[-1].rows[-1][0])
                    yield self._renewal(batches, lost, end)
                    batches, lost = [], UnreadPaths()
                segments = next(self.below)
                lost.extend(segments[0].lost)
                segments[0].lost, lost = lost, UnreadPaths()
                yield from segments
        yield self._renewal(batches, lost)

    def _renewal(
        self, batches: Iterable[Batch], lost: UnreadPaths, end: bytes | None = None
    ) -> Renewal:
        """Batches to measure, whose first is counted next."""
        self._walk.lost.extend(lost)
        return Renewal(iter(batches), end)


def _around(stretches: Iterable[Stretch]) -> set[FolderRef]:
    """The folders of stretches, and those around them."""
    found: set[FolderRef] = set()
    for stretch in stretches:
        folder: FolderRef | None = stretch.folder
        while folder is not None and folder not in found:
            found.add(folder)
            folder = folder.parent
    return found
