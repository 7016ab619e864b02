"""A measurement kept in parts, of which only what was touched is measured again.

A folder is kept in segments, runs of neighbouring names that hold enough together, and
so are the larger folders in it. A segment with a touched name is walked anew, the
others are joined as they are, in the builder's order. What is kept of a folder holds as
long as the folder is judged by the same state. What each entry looked like is kept,
too, in 14 bytes (see core/watching/record.py): a sum does not say by how much one has
grown.

EDGE CASE: a file that is written under a name outside the context is not noticed, until
something else is touched in the folder of its name inside.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from ctxopt.core.git.line import GitLine
from ctxopt.core.judging.judge import JudgingState
from ctxopt.core.judging.rows import Batch, FolderRef
from ctxopt.core.measure.linked import SettledLinked
from ctxopt.core.measure.parts import PartialMeasurement
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.watching.record import Facts, Record
from ctxopt.host.git.ignored import GitIgnored
from ctxopt.host.git.lines import GitLines
from ctxopt.host.walk.walk import UnreadPaths, Walk
from ctxopt.pipeline.survey.folding import FoldedWalk, MeasuredPart
from ctxopt.pipeline.survey.job import MeasureJob, MeasureResult

# Rows, those below included, from which on a segment ends and a folder is kept.
KEPT_ROWS = 256


class Touched(NamedTuple):
    """What is to be measured again."""

    names: Mapping[str, frozenset[str]] = {}  # by the path of their folder
    subtrees: frozenset[str] = frozenset()  # paths, with all that is below


class _Met(NamedTuple):
    """By inode, of those with several names: how many it has, and how many were met."""

    links: Mapping[int, int] = {}
    names: Mapping[int, int] = {}


class _Segment:
    """Consecutive names of a folder, and all that is below them, measured."""

    __slots__ = ("end", "folders", "kept", "lost", "part", "record", "rows")

    part: PartialMeasurement

    def __init__(self) -> None:
        self.end: bytes | None = None  # the last name it speaks of; None: up to the end
        self.rows = 0
        self.lost = UnreadPaths()
        self.kept: dict[str, _KeptFolder] = {}  # the larger folders in it, by name
        self.folders: list[str] = []  # paths of the others
        self.record = Record()  # of all rows but those of the larger folders


class _KeptFolder:
    """A folder measured."""

    __slots__ = ("part", "path", "segments", "state")

    def __init__(
        self, path: str, state: JudgingState, segments: list[_Segment]
    ) -> None:
        self.path = path
        self.state = state
        self.segments = segments
        self.part: PartialMeasurement = segments[0].part  # of the whole

    @property
    def rows(self) -> int:
        return sum(segment.rows for segment in self.segments)

    def holding(self, name: str) -> _Segment:
        """The segment that speaks of a name."""
        wanted = os.fsencode(name)
        # The last one has no end.
        return next(
            one for one in self.segments if one.end is None or wanted <= one.end
        )


class _Opened(NamedTuple):
    """A folder that is being read ahead, and the batches of it that are to come."""

    folder: FolderRef
    state: JudgingState
    batches: Iterator[Batch]


class _Renewal(NamedTuple):
    """Batches to measure of a folder: in the place of a segment, or all of them."""

    batches: Iterator[Batch]
    replaced: _Segment | None


class _Visit:
    """A folder that is being measured: what is done of it, and what is to come.

    `pieces` has both what is to be measured and the segments that stay as they are.
    """

    __slots__ = (
        *("_fold", "_folded", "_last_name", "_pieces", "folder", "segment"),
        *("segments", "state", "renewal"),
    )

    def __init__(
        self,
        folder: FolderRef,
        state: JudgingState,
        fold: Callable[[], FoldedWalk],
        pieces: Iterator[_Renewal | _Segment],
    ) -> None:
        self.folder = folder
        self.state = state
        self.segments: list[_Segment] = []  # done
        self.segment = _Segment()  # in hand
        self._folded = fold()  # of that
        self._last_name = ""  # in it
        self._fold = fold
        self._pieces = pieces
        self.renewal = self._next_renewal()  # in hand; None: the folder is done

    def begin(self, batch: Batch) -> None:
        """Count the next batch of the folder; a full segment ends before it."""
        if self.segment.rows >= KEPT_ROWS:
            self._close(os.fsencode(self._last_name))
            self._begin_segment()
        if batch.rows:
            self._last_name = batch.rows[-1][0]
        self.count(batch)

    def count(self, batch: Batch) -> None:
        """Count a batch, of the folder or of one in it, into the segment in hand."""
        self._folded.add(batch)
        self.segment.record.add(batch)
        self.segment.rows += len(batch.rows)
        self.segment.lost.extend(self._folded.walk.take_lost())

    def count_below(self, batch: Batch) -> None:
        """Count the next batch of a folder in this one that is no visit of its own."""
        self.count(batch)
        if batch.last:
            self.segment.folders.append(batch.folder.path)

    def count_folder(self, folder: FolderRef, kept: _KeptFolder) -> None:
        """Count a folder in this one that is measured already."""
        segment = self.segment
        self._folded.fold.join(folder, kept.part)
        segment.rows += kept.rows
        for inner in kept.segments:
            segment.lost.extend(inner.lost)
        if kept.rows >= KEPT_ROWS:
            segment.kept[folder.path.rpartition("/")[2]] = kept
            return
        segment.folders.append(kept.path)
        for inner in kept.segments:
            segment.folders += inner.folders
            segment.record.extend(inner.record)

    def end_renewal(self) -> None:
        """The batches of the renewal in hand are counted: go on to the next one."""
        assert self.renewal is not None
        replaced = self.renewal.replaced
        self._close(replaced.end if replaced is not None else None)
        self.renewal = self._next_renewal()
        if self.renewal is not None:
            self._begin_segment()

    def kept(self) -> _KeptFolder:
        """The folder, once it is done."""
        kept = _KeptFolder(self.folder.path, self.state, self.segments)
        if len(self.segments) > 1:
            whole = self._fold().fold
            for segment in self.segments:
                whole.join(self.folder, segment.part, last=False)
            kept.part = whole.part()
        return kept

    def _close(self, end: bytes | None) -> None:
        self.segment.end = end
        self.segment.part = self._folded.fold.part()
        self.segments.append(self.segment)

    def _begin_segment(self) -> None:
        self.segment = _Segment()
        self._folded = self._fold()

    def _next_renewal(self) -> _Renewal | None:
        """What is to be measured next; segments before it are taken as they are."""
        for one in self._pieces:
            if isinstance(one, _Renewal):
                return one
            self.segments.append(one)
        return None


class IncrementalMeasurement:
    """The measurement of one root, brought up to date on demand.

    `enter` is told of every folder right before it is read.
    """

    def __init__(self, job: MeasureJob, enter: Callable[[str], None]) -> None:
        self._job = job
        # What survey() walks when all goes well.
        self.state = job.state(transfer_only=job.builder.ends_silently)
        self._enter = enter
        self._root: _KeptFolder | None = None
        self._lines: dict[GitLine, int] = {}  # numbered once and for all
        self._met = _Met()

    def measure(
        self, touched: Touched | None = None, ignored: GitIgnored | None = None
    ) -> MeasureResult:
        """Measure what was touched; None: everything.

        `ignored` is what git ignores now. Raises ContextError when the root cannot be
        read, PatternError when the builder would refuse a pattern on the way; then
        everything is measured the next time.
        """
        if ignored is not None:
            self._job = self._job._replace(ignored=ignored)
        found = self._measured(touched)
        met = _met_in(found)
        if touched is not None:
            doubtful = self._doubtful(found.measurement.context.linked, met)
            if doubtful:
                found = self._measured(Touched(doubtful))
                met = _met_in(found)
            if not self._are_all_met(met):
                found = self._measured(None)
                met = _met_in(found)
        self._met = met
        return found

    def folders(self) -> frozenset[str]:
        """All folders that were entered."""
        found: list[str] = []
        nodes = [self._root] if self._root is not None else []
        while nodes:
            node = nodes.pop()
            found.append(node.path)
            for segment in node.segments:
                found += segment.folders
                nodes += segment.kept.values()
        return frozenset(found)

    def facts(self, path: str) -> Facts | None:
        """What an entry of the context looked like; None: it was not there.

        Of what the ignore file keeps out nothing is known.
        """
        node = self._root
        names = path.split("/")
        for depth, name in enumerate(names):
            if node is None:
                return None
            segment = node.holding(name)
            if depth == len(names) - 1 or name not in segment.kept:
                return segment.record.facts(path)
            node = segment.kept[name]
        return None

    # --- names of one inode ------------------------------------------------------

    def _doubtful(
        self, settled: SettledLinked, met: _Met
    ) -> Mapping[str, frozenset[str]]:
        """Other names of what was touched.

        The system tells of an inode under the name that was used, and no other.
        """
        linked = settled.linked
        before = self._met.names
        doubtful: list[int] = []
        if met.names != before:
            now = met.names.items()
            left = {inode for inode, names in now if names < before.get(inode, 0)}
            doubtful += [at for at, one in enumerate(linked.inodes) if one in left]
        for names in settled.names.values():
            if not linked.are_alike(names):
                doubtful += names
        found: dict[str, set[str]] = {}
        for index in doubtful:
            folder, _, name = linked.paths[index].rpartition("/")
            found.setdefault(folder, set()).add(name)
        return {folder: frozenset(names) for folder, names in found.items()}

    def _are_all_met(self, met: _Met) -> bool:
        """Whether no inode got a name while another one stands where nobody looked."""
        before = self._met.links
        if met.links == before:  # told much faster than by looking at each
            return True
        return all(
            links == before.get(inode) or links == met.names[inode]
            for inode, links in met.links.items()
        )

    # --- measuring ---------------------------------------------------------------

    def _measured(self, touched: Touched | None) -> MeasureResult:
        old, self._root = self._root, None
        if touched is None or "" in touched.subtrees:
            old, touched = None, Touched()
        lines = self._job.git_lines(self._lines)
        walk = self._job.walk(self.state)
        top = FolderRef()
        with walk.at_root():
            one = _Round(self._job, walk, lines, self._enter, touched)
            self._root = one.measure(top, self.state, old)
        walk.take_lost()  # of folders that were looked at, and kept as they are
        whole = FoldedWalk(self._job, walk, lines)
        for segment in self._root.segments:
            whole.join(top, MeasuredPart(segment.part, segment.lost))
        return whole.result()


class _Round:
    """One walk through what was touched."""

    def __init__(
        self,
        job: MeasureJob,
        walk: Walk,
        lines: GitLines,
        enter: Callable[[str], None],
        touched: Touched,
    ) -> None:
        self._job = job
        self._walk = walk
        self._lines = lines
        self._enter = enter
        self._stale = _stale(touched)
        self._subtrees = touched.subtrees

    def measure(
        self, top: FolderRef, state: JudgingState, old: _KeptFolder | None
    ) -> _KeptFolder:
        """Measure a folder and what has to be measured below it, however deep."""
        self._enter(top.path)
        visits = [self._visit(top, state, old)]  # each inside the one before it
        while True:
            inside = self._go_on(visits[-1])
            if inside:
                visits += inside
                continue
            done = visits.pop()
            if not visits:
                return done.kept()
            visits[-1].count_folder(done.folder, done.kept())

    def _go_on(self, visit: _Visit) -> list[_Visit]:
        """Measure a folder up to some in it that come first, or to its end (none)."""
        while visit.renewal is not None:
            for batch in visit.renewal.batches:
                visit.begin(batch)
                inside = self._go_in(visit, batch) if batch.enters else []
                if inside:
                    return inside
            visit.end_renewal()
        return []

    def _go_in(self, visit: _Visit, batch: Batch) -> list[_Visit]:
        """Count the folder that a batch enters; if it must be measured, a visit to it.

        A folder is counted as it is kept where nothing in it was touched.
        """
        folder = FolderRef(batch.folder, batch.rows[-1])
        state = batch.rows[-1][2].child
        old = self._kept(visit, folder, state)
        if old is None:
            return self._read(visit, folder, state)
        if folder.path in self._stale:
            self._enter(folder.path)
            return [self._visit(folder, state, old)]
        visit.count_folder(folder, old)
        return []

    def _kept(
        self, visit: _Visit, folder: FolderRef, state: JudgingState
    ) -> _KeptFolder | None:
        """What is kept of a folder, if it is still true."""
        replaced = visit.renewal.replaced if visit.renewal is not None else None
        if replaced is None or folder.row is None or folder.path in self._subtrees:
            return None
        old = replaced.kept.get(folder.row[0])
        return old if old is not None and old.state is state else None

    def _read(
        self, visit: _Visit, folder: FolderRef, state: JudgingState
    ) -> list[_Visit]:
        """Count a folder of which nothing is kept, or visit it if it is no small one.

        Most folders are small, with all that is below, and are counted at once. Of
        another one, there is a visit to each folder that the reading stopped in.
        """
        top = self._opened(folder, state)
        way = [top]  # to where it is read
        read: list[Batch] = []
        rows = 0
        while way and rows < KEPT_ROWS:
            batch = next(way[-1].batches)
            read.append(batch)
            rows += len(batch.rows)
            if batch.last:
                way.pop()
            elif batch.enters:
                row = batch.rows[-1]
                way.append(self._opened(FolderRef(batch.folder, row), row[2].child))
        if rows >= KEPT_ROWS:
            return self._visits(way or [top], read)
        for batch in read:
            visit.count_below(batch)
        return []

    def _opened(self, folder: FolderRef, state: JudgingState) -> _Opened:
        self._enter(folder.path)
        return _Opened(folder, state, self._walk.batches_in(folder, state))

    def _visits(self, way: list[_Opened], read: list[Batch]) -> list[_Visit]:
        """Visits to folders, each in the one before, with what was read of them."""
        visits: list[_Visit] = []
        waiting = way[::-1]
        for batch in read:
            if waiting and batch.folder is waiting[-1].folder:
                visits.append(self._begun(waiting.pop()))
            if batch.folder is visits[-1].folder:
                visits[-1].begin(batch)
            else:
                visits[-1].count_below(batch)
        return [*visits, *map(self._begun, reversed(waiting))]

    def _begun(self, opened: _Opened) -> _Visit:
        renewal = _Renewal(opened.batches, None)
        return _Visit(opened.folder, opened.state, self._fold, iter([renewal]))

    def _visit(
        self, folder: FolderRef, state: JudgingState, old: _KeptFolder | None
    ) -> _Visit:
        if old is not None:
            pieces = self._touched(folder, state, old)
            return _Visit(folder, state, self._fold, pieces)
        renewal = _Renewal(self._walk.batches_in(folder, state), None)
        return _Visit(folder, state, self._fold, iter([renewal]))

    def _touched(
        self, folder: FolderRef, state: JudgingState, old: _KeptFolder
    ) -> Iterator[_Renewal | _Segment]:
        """What is kept of a folder, with the batches to read in the place of some."""
        names = self._walk.names_in(folder)
        stale = self._stale.get(folder.path, set())
        low = b""
        start = 0
        for segment in old.segments:
            high = segment.end
            stop = len(names)
            if high is not None:
                stop = bisect_right(names, high, key=os.fsencode)
            if any(_is_between(low, name, high) for name in stale):
                batches = self._walk.batches_in(folder, state, names[start:stop])
                yield _Renewal(batches, segment)
            else:
                yield segment
            low, start = high or b"", stop

    def _fold(self) -> FoldedWalk:
        return FoldedWalk(self._job, self._walk, self._lines)


def _stale(touched: Touched) -> Mapping[str, set[bytes]]:
    """The names to look at again, by folder: what was touched, and the way there."""
    found: dict[str, set[bytes]] = {}

    def add(path: str) -> None:
        while path:
            path, _, name = path.rpartition("/")
            known = found.setdefault(path, set())
            if os.fsencode(name) in known:
                return
            known.add(os.fsencode(name))

    for folder, names in touched.names.items():
        add(folder)
        found.setdefault(folder, set()).update(map(os.fsencode, names))
    for path in touched.subtrees:
        add(path)
        found.setdefault(path, set())
    return found


def _is_between(low: bytes, name: bytes, high: bytes | None) -> bool:
    return low < name and (high is None or name <= high)


def _met_in(found: MeasureResult) -> _Met:
    linked = found.measurement.context.linked.linked
    links = dict(zip(linked.inodes, linked.links, strict=True))
    return _Met(links, dict(Counter(linked.inodes)))
