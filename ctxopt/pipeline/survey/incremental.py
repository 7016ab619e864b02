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
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from itertools import chain
from typing import NamedTuple, TypeAlias

from ctxopt.core.git.line import GitLine
from ctxopt.core.judging.judge import JudgingState
from ctxopt.core.judging.rows import Batch, FolderRef
from ctxopt.core.measure.fold import Fold
from ctxopt.core.measure.linked import SettledLinked
from ctxopt.core.measure.parts import PartialMeasurement
from ctxopt.core.watching.record import Facts, Record
from ctxopt.host.git.ignored import GitIgnored
from ctxopt.host.git.lines import GitLines
from ctxopt.host.walk.walk import UnreadPaths, Walk
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


# Asks for a folder below, and is sent what was measured of it.
_Visit: TypeAlias = Generator["_FolderVisit", _KeptFolder, _KeptFolder]


class _FolderVisit(NamedTuple):
    """A folder to measure, and what is kept of it."""

    folder: FolderRef
    state: JudgingState
    old: _KeptFolder | None
    first: Batch | None = None  # what was read of it already
    rest: Iterator[Batch] = iter(())


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
            self._root = one.measure(_FolderVisit(top, self.state, old))
        fold = self._job.fold()
        lost = UnreadPaths()
        for segment in self._root.segments:
            fold.join(top, segment.part, last=False)
            lost.extend(segment.lost)
        return MeasureResult(fold.finish(), lost, git_lines=tuple(self._lines))


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

    def measure(self, top: _FolderVisit) -> _KeptFolder:
        """Measure a folder and what it asks for, however deep the tree."""
        self._enter(top.folder.path)
        stack = [self._visited(top)]
        node: _KeptFolder | None = None
        while stack:
            try:
                # The type knows of no first call, which has to send None.
                frame = stack[-1].send(node)  # type: ignore[arg-type]
            except StopIteration as ended:
                node = ended.value
                stack.pop()
            else:
                node = None
                stack.append(self._visited(frame))
        assert node is not None
        return node

    def _visited(self, frame: _FolderVisit) -> _Visit:
        """Measure one folder."""
        folder, old = frame.folder, frame.old
        segments: list[_Segment] = []
        if old is None:
            batches = self._walk.batches_in(folder, frame.state)
            if frame.first is not None:
                batches = chain([frame.first], frame.rest)
            segments += yield from self._segments(batches, None)
        else:
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
                    batches = self._walk.batches_in(
                        folder, frame.state, names[start:stop]
                    )
                    segments += yield from self._segments(batches, segment)
                else:
                    segments.append(segment)
                low, start = high or b"", stop
        node = _KeptFolder(folder.path, frame.state, segments)
        if len(segments) > 1:
            whole = self._job.fold()
            for segment in segments:
                whole.join(folder, segment.part, last=False)
            node.part = whole.part()
        return node

    def _segments(
        self, batches: Iterable[Batch], old: _Segment | None
    ) -> Generator[_FolderVisit, _KeptFolder, list[_Segment]]:
        """Measure the batches of a folder, or those in the place of a segment."""
        done: list[_Segment] = []
        fold = self._job.fold()
        segment = _Segment()
        for batch in batches:
            fold.add(batch, self._lines.of(batch))
            segment.record.add(batch)
            segment.rows += len(batch.rows)
            segment.lost.extend(self._walk.take_lost())
            if batch.enters:
                yield from self._inside(batch, fold, segment, old)
            if segment.rows >= KEPT_ROWS and not batch.last and batch.rows:
                segment.end = os.fsencode(batch.rows[-1][0])
                segment.part = fold.part()
                done.append(segment)
                fold = self._job.fold()
                segment = _Segment()
        segment.part = fold.part()
        segment.end = old.end if old is not None else None
        return [*done, segment]

    def _inside(
        self,
        batch: Batch,
        fold: Fold,
        segment: _Segment,
        replaced: _Segment | None,
    ) -> Generator[_FolderVisit, _KeptFolder, None]:
        """Count the folder that a batch enters: as it is kept, or read again."""
        folder = FolderRef(batch.folder, batch.rows[-1])
        name, _, decision, _ = batch.rows[-1]
        state = decision.child
        old = replaced.kept.get(name) if replaced is not None else None
        if old is not None and (
            old.state is not state or folder.path in self._subtrees
        ):
            old = None
        if old is None or folder.path in self._stale:
            self._enter(folder.path)
            if old is None:
                rest = self._walk.batches_in(folder, state)
                first = next(rest)
                if first.last and len(first.rows) < KEPT_ROWS:
                    # Most folders have no others in them, and are counted at once.
                    fold.add(first, self._lines.of(first))
                    segment.record.add(first)
                    segment.rows += len(first.rows)
                    segment.folders.append(folder.path)
                    segment.lost.extend(self._walk.take_lost())
                    return
                old = yield _FolderVisit(folder, state, None, first, rest)
            else:
                old = yield _FolderVisit(folder, state, old)
        fold.join(folder, old.part)
        segment.rows += old.rows
        for inner in old.segments:
            segment.lost.extend(inner.lost)
        if old.rows >= KEPT_ROWS:
            segment.kept[name] = old
            return
        segment.folders.append(old.path)
        for inner in old.segments:
            segment.folders += inner.folders
            segment.record.extend(inner.record)


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
