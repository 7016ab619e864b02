"""A measurement kept in parts, of which only what was touched is measured again.

What is kept, and how it is cut, is in `kept`; `rounds` walks what was touched. What is
kept of a folder holds as long as the measurement: how its names are judged depends on
its path and nothing else.

EDGE CASE: a file that is written under a name outside the context is not noticed, until
something else is touched in the folder of its name inside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from ctxopt.core.git.line import GitLine
from ctxopt.core.judging.rows import FolderRef
from ctxopt.core.measure.linked import SettledLinked
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.watching.record import Facts
from ctxopt.host.git.ignored import GitIgnored
from ctxopt.pipeline.survey.folding import FoldedWalk, MeasuredPart
from ctxopt.pipeline.survey.job import MeasureJob, MeasureResult
from ctxopt.pipeline.survey.kept import KeptFolder
from ctxopt.pipeline.survey.rounds import Round, Touched
from ctxopt.pipeline.survey.shared_round import Follower, shared_round


class _Met(NamedTuple):
    """By inode, of those with several names: how many it has, and how many were met."""

    links: Mapping[int, int] = {}
    names: Mapping[int, int] = {}


class IncrementalMeasurement:
    """The measurement of one root, brought up to date on demand.

    Every folder is followed right before it is read. When all of it is measured, up to
    `workers` processes share that.
    """

    def __init__(
        self, job: MeasureJob, follower: Follower, *, workers: int = 1
    ) -> None:
        self._job = job
        self._workers = workers
        # What survey() walks when all goes well.
        self.state = job.state(transfer_only=job.builder.ends_silently)
        self._follower = follower
        self._root: KeptFolder | None = None
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
            old = touched = None
        lines = self._job.git_lines(self._lines)
        walk = self._job.walk(self.state)
        top = FolderRef()
        if old is None and self._workers > 1:
            self._root = shared_round(
                self._job, walk, lines, self._follower, self._workers
            )
        if self._root is None:
            walk.take_lost()  # by those who failed at it together
            follow = self._follower.follow
            with walk.at_root():
                one = Round(self._job, walk, lines, enter=follow, touched=touched)
                self._root = one.measure(top, self.state, old)
        walk.take_lost()  # of folders that were looked at, and kept as they are
        whole = FoldedWalk(self._job, walk, lines)
        for segment in self._root.segments:
            whole.join(top, MeasuredPart(segment.part, segment.lost))
        return whole.result()


def _met_in(found: MeasureResult) -> _Met:
    linked = found.measurement.context.linked.linked
    links = dict(zip(linked.inodes, linked.links, strict=True))
    return _Met(links, dict(Counter(linked.inodes)))
