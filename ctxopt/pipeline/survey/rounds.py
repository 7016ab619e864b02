"""One walk through what was touched of a measurement that is kept in parts."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping

from ctxopt.core.judging.judge import JudgingState
from ctxopt.core.judging.rows import Batch, FolderRef
from ctxopt.core.tuples import NamedTuple
from ctxopt.host.git.lines import GitLines
from ctxopt.host.walk.walk import Walk
from ctxopt.pipeline.survey import kept as sizes
from ctxopt.pipeline.survey.folding import FoldedWalk
from ctxopt.pipeline.survey.job import MeasureJob
from ctxopt.pipeline.survey.kept import KeptFolder, Renewal, Segment, Visit
from ctxopt.pipeline.survey.read_top import UnreadTop


class Touched(NamedTuple):
    """What is to be measured again."""

    names: Mapping[str, frozenset[str]] = {}  # by the path of their folder
    subtrees: frozenset[str] = frozenset()  # paths, with all that is below


NO_TOP = UnreadTop()


class _Opened(NamedTuple):
    """A folder that is being read ahead, and the batches of it that are to come."""

    folder: FolderRef
    batches: Iterator[Batch]


class Round:
    """One walk through what was touched.

    `enter` is told of every folder right before it is read; `top` was read before.
    """

    def __init__(
        self,
        job: MeasureJob,
        walk: Walk,
        lines: GitLines,
        *,
        enter: Callable[[str], None],
        touched: Touched | None = None,
        top: UnreadTop = NO_TOP,
    ) -> None:
        self._job = job
        self._walk = walk
        self._lines = lines
        self._enter = enter
        self._enough = sizes.FIRST_ROWS if touched is None else sizes.KEPT_ROWS
        touched = touched or Touched()
        self._stale = _stale(touched)
        self._subtrees = touched.subtrees
        self._top = top

    def measure(
        self, root: FolderRef, state: JudgingState, old: KeptFolder | None
    ) -> KeptFolder:
        """Measure the root and what has to be measured below it, however deep."""
        visit = self._gone_through(self._visit(root, state, old))
        return KeptFolder(root.path, visit.segments)

    def segments(
        self, folder: FolderRef, batches: Iterator[Batch], end: bytes
    ) -> list[Segment]:
        """Measure some batches of a folder, and all below it, up to a name."""
        pieces = iter([Renewal(batches, end)])
        return self._gone_through(self._begun(folder, pieces)).segments

    def _gone_through(self, first: Visit) -> Visit:
        """A visit, once it is done."""
        visits = [first]  # each inside the one before it
        while True:
            inside = self._go_on(visits[-1])
            if inside:
                visits += inside
                continue
            done = visits.pop()
            if not visits:
                return done
            visits[-1].count_folder(done.folder, done.kept())

    def _go_on(self, visit: Visit) -> list[Visit]:
        """Measure a folder up to some in it that come first, or to its end (none)."""
        while visit.renewal is not None:
            for batch in visit.renewal.batches:
                visit.begin(batch)
                inside = self._go_in(visit, batch) if batch.enters else []
                if inside:
                    return inside
            visit.end_renewal()
        return []

    def _go_in(self, visit: Visit, batch: Batch) -> list[Visit]:
        """Count the folder that a batch enters; if it must be measured, a visit to it.

        A folder is counted as it is kept where nothing in it was touched.
        """
        folder = self._inside(batch)
        state = batch.rows[-1][2].child
        old = self._kept(visit, folder)
        if old is None:
            if self._top.is_parted(folder):
                return [self._visit(folder, state, None)]
            return self._read(visit, folder, state)
        if folder.path in self._stale:
            return [self._visit(folder, state, old)]
        visit.count_folder(folder, old)
        return []

    def _inside(self, batch: Batch) -> FolderRef:
        """The folder that a batch enters."""
        return self._top.known(FolderRef(batch.folder, batch.rows[-1]))

    def _kept(self, visit: Visit, folder: FolderRef) -> KeptFolder | None:
        """What is kept of a folder, if it is still true."""
        replaced = visit.renewal.replaced if visit.renewal is not None else None
        if replaced is None or folder.row is None or folder.path in self._subtrees:
            return None
        return replaced.kept.get(folder.row[0])

    def _read(
        self, visit: Visit, folder: FolderRef, state: JudgingState
    ) -> list[Visit]:
        """Count a folder of which nothing is kept, or visit it if it is no small one.

        Most folders are small, with all that is below, and are counted at once. Of
        another one, there is a visit to each folder that the reading stopped in.
        """
        top = self._opened(folder, state)
        way = [top]  # to where it is read
        read: list[Batch] = []
        rows = 0
        while way and rows < self._enough:
            batch = next(way[-1].batches)
            read.append(batch)
            rows += len(batch.rows)
            if batch.last:
                way.pop()
            elif batch.enters:
                state = batch.rows[-1][2].child
                way.append(self._opened(self._inside(batch), state))
        if rows >= self._enough:
            return self._visits(way or [top], read)
        for batch in read:
            visit.count_below(batch)
        return []

    def _opened(self, folder: FolderRef, state: JudgingState) -> _Opened:
        return _Opened(folder, self._batches(folder, state))

    def _batches(self, folder: FolderRef, state: JudgingState) -> Iterator[Batch]:
        """The batches of a folder alone."""
        read = self._top.batches(folder)
        if read is not None:
            return read
        self._enter(folder.path)
        return self._walk.batches_in(folder, state)

    def _visits(self, way: list[_Opened], read: list[Batch]) -> list[Visit]:
        """Visits to folders, each in the one before, with what was read of them."""
        visits: list[Visit] = []
        waiting = way[::-1]
        for batch in read:
            if waiting and batch.folder is waiting[-1].folder:
                visits.append(self._of(waiting.pop()))
            if batch.folder is visits[-1].folder:
                visits[-1].begin(batch)
            else:
                visits[-1].count_below(batch)
        return [*visits, *map(self._of, reversed(waiting))]

    def _of(self, opened: _Opened) -> Visit:
        return self._begun(opened.folder, iter([Renewal(opened.batches)]))

    def _begun(self, folder: FolderRef, pieces: Iterator[Renewal | Segment]) -> Visit:
        return Visit(folder, self._fold, pieces, enough=self._enough)

    def _visit(
        self, folder: FolderRef, state: JudgingState, old: KeptFolder | None
    ) -> Visit:
        pieces: Iterator[Renewal | Segment]
        if old is not None:
            self._enter(folder.path)
            pieces = self._touched(folder, state, old)
        elif self._top.is_parted(folder):
            pieces = self._top.pieces(folder)
        else:
            pieces = iter([Renewal(self._batches(folder, state))])
        return self._begun(folder, pieces)

    def _touched(
        self, folder: FolderRef, state: JudgingState, old: KeptFolder
    ) -> Iterator[Renewal | Segment]:
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
                yield Renewal(batches, high, segment)
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
