"""What is kept of a folder that was measured, and how it is cut.

A folder is kept in segments, runs of neighbouring names that hold enough together, and
so are the larger folders in it. A segment with a touched name is walked anew, the
others are joined as they are, in the builder's order. What each entry looked like is
kept, too, in 14 bytes (see core/watching/record.py): a sum does not say by how much one
has grown.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping

from ctxopt.core.judging.rows import Batch, FolderRef
from ctxopt.core.measure.parts import PartialMeasurement
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.watching.record import Record
from ctxopt.host.walk.walk import UnreadPaths
from ctxopt.pipeline.survey.folding import FoldedWalk

# Rows, those below included, from which on a segment ends and a folder is kept; and the
# same where all is measured. Each piece costs time, and what is touched is cut finer.
KEPT_ROWS = 256
FIRST_ROWS = 1024


class Segment:
    """Consecutive names of a folder, and all that is below them, measured."""

    __slots__ = ("end", "folders", "kept", "lost", "part", "record", "rows")

    part: PartialMeasurement

    def __init__(self) -> None:
        self.end: bytes | None = None  # the last name it speaks of; None: up to the end
        self.rows = 0
        self.lost = UnreadPaths()
        self.kept: dict[str, KeptFolder] = {}  # the larger folders in it, by name
        self.folders: list[str] = []  # paths of the others
        self.record = Record()  # of all rows but those of the larger folders

    def renumber(self, lines: Mapping[int, int]) -> None:
        """Take other numbers for the lines of git."""
        self.part = self.part.renumbered(lines)
        for kept in self.kept.values():
            kept.renumber(lines)


class KeptFolder:
    """A folder measured."""

    __slots__ = ("part", "path", "segments")

    part: PartialMeasurement  # of the whole; nobody asks for that of the root

    def __init__(self, path: str, segments: list[Segment]) -> None:
        self.path = path
        self.segments = segments

    @property
    def rows(self) -> int:
        """How many it has, those below included."""
        return sum(segment.rows for segment in self.segments)

    def renumber(self, lines: Mapping[int, int]) -> None:
        """Take other numbers for the lines of git."""
        for segment in self.segments:
            segment.renumber(lines)
        alone = len(self.segments) == 1
        self.part = self.segments[0].part if alone else self.part.renumbered(lines)

    def holding(self, name: str) -> Segment:
        """The segment that speaks of a name."""
        wanted = os.fsencode(name)
        # The last one has no end.
        return next(
            one for one in self.segments if one.end is None or wanted <= one.end
        )


class Renewal(NamedTuple):
    """Batches to measure of a folder, up to the name `end`; None: to the end.

    They come in the place of a segment, if one is `replaced`.
    """

    batches: Iterator[Batch]
    end: bytes | None = None
    replaced: Segment | None = None


class Visit:
    """A folder that is being measured: what is done of it, and what is to come.

    `pieces` has both what is to be measured and the segments that stay as they are.
    """

    __slots__ = (
        *("_batches", "_enough", "_fold", "_folded", "_last_name", "_pieces"),
        *("folder", "renewal", "segment", "segments"),
    )

    def __init__(
        self,
        folder: FolderRef,
        fold: Callable[[], FoldedWalk],
        pieces: Iterator[Renewal | Segment],
        *,
        enough: int,
    ) -> None:
        self.folder = folder
        self._enough = enough  # rows for a segment, and for a folder in it
        self.segments: list[Segment] = []  # done
        self.segment = Segment()  # in hand
        self._folded = fold()  # of that
        self._batches: list[Batch] = []  # in it, but for those of larger folders
        self._last_name = ""  # in it
        self._fold = fold
        self._pieces = pieces
        self.renewal = self._next_renewal()  # in hand; None: the folder is done

    def begin(self, batch: Batch) -> None:
        """Count the next batch of the folder; a full segment ends before it."""
        if self.segment.rows >= self._enough:
            self._close(os.fsencode(self._last_name))
            self._begin_segment()
        if batch.rows:
            self._last_name = batch.rows[-1][0]
        self.count(batch)

    def count(self, batch: Batch) -> None:
        """Count a batch, of the folder or of one in it, into the segment in hand."""
        self._folded.add(batch)
        self._batches.append(batch)
        self.segment.rows += len(batch.rows)
        walk = self._folded.walk
        if walk.lost:
            self.segment.lost.extend(walk.take_lost())

    def count_below(self, batch: Batch) -> None:
        """Count the next batch of a folder in this one that is no visit of its own."""
        self.count(batch)
        if batch.last:
            self.segment.folders.append(batch.folder.path)

    def count_folder(self, folder: FolderRef, kept: KeptFolder) -> None:
        """Count a folder in this one that is measured already."""
        segment = self.segment
        self._folded.fold.join(folder, kept.part)
        segment.rows += kept.rows
        for inner in kept.segments:
            segment.lost.extend(inner.lost)
        if kept.rows >= self._enough:
            segment.kept[folder.path.rpartition("/")[2]] = kept
            return
        segment.folders.append(kept.path)
        for inner in kept.segments:
            segment.folders += inner.folders
            segment.record.extend(inner.record)

    def end_renewal(self) -> None:
        """The batches of the renewal in hand are counted: go on to the next one."""
        assert self.renewal is not None
        self._close(self.renewal.end)
        self.renewal = self._next_renewal()
        if self.renewal is not None:
            self._begin_segment()

    def kept(self) -> KeptFolder:
        """The folder, once it is done."""
        kept = KeptFolder(self.folder.path, self.segments)
        if len(self.segments) == 1:
            kept.part = self.segments[0].part
            return kept
        whole = self._fold().fold
        for segment in self.segments:
            whole.join(self.folder, segment.part, last=False)
        kept.part = whole.part()
        return kept

    def _close(self, end: bytes | None) -> None:
        self.segment.end = end
        self.segment.record.add(self._batches)
        self.segment.part = self._folded.fold.part()
        self.segments.append(self.segment)

    def _begin_segment(self) -> None:
        self.segment = Segment()
        self._batches = []
        self._folded = self._fold()

    def _next_renewal(self) -> Renewal | None:
        """What is to be measured next; segments before it are taken as they are."""
        for one in self._pieces:
            if isinstance(one, Renewal):
                return one
            self.segments.append(one)
        return None
