"""Which entries of a root the instructions find, asked one by one after the walk."""

from __future__ import annotations

from ctxopt.core.ignorefile.keeping import KeptOut, kept_out
from ctxopt.core.judging.judge import JudgingState
from ctxopt.core.judging.path import judge_path
from ctxopt.core.paths import join
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.core.sources.tree import Found
from ctxopt.host.disk.tree import DiskTree
from ctxopt.pipeline.preparation.build import Build, Root
from ctxopt.pipeline.survey.job import MeasureJob, MeasureResult


class Arrivals:
    """What has come to the builder of a root that was walked."""

    def __init__(
        self, build: Build, root: Root, job: MeasureJob, found: MeasureResult
    ) -> None:
        notes = found.measurement.notes
        self._builder = build.builder
        self._matcher = root.matcher
        self._dockerfile = "" if root.named else build.dockerfile.relative
        self.tree = DiskTree(root.path)
        self._known = notes.arrived
        self._state = job.state(transfer_only=True)
        self._makes_parents = not build.builder.wire.late_parents
        self._gone = {*job.withdrawn, *notes.unsendable}

    def sent(self, path: str) -> bool:
        """Whether the path of a target is there.

        A tar may lack a folder and hold what is in it: unpacked, the folder is there,
        too. Rule: moby/go-archive, archive.go, Unpack.
        """
        if path in self._gone:
            return False
        return path in self._known or (self._makes_parents and self.has(path))

    def ignored(self, path: str) -> bool:
        """Whether it is on the disk, and the ignore file keeps it out."""
        return self.tree.kind(path) is not None and not self._builder.finds(
            self._matcher, self._dockerfile, path
        )

    def kept_out(self, path: str) -> KeptOut:
        """Which line keeps it out."""
        left_out = self._builder.left_out(self._matcher, self._dockerfile, path)
        return kept_out(self._matcher, path, left_out)

    def has(self, path: str) -> bool:
        """Whether any path of the disk is there."""
        kind = self.tree.kind(path)
        if kind is None or path in self._gone:
            return False
        try:
            return self._comes(self._state, "", path, kind)
        except PatternError:
            return False

    def _comes(self, state: JudgingState, folder: str, path: str, kind: Found) -> bool:
        """Whether an entry travels, or anything in it."""
        decision = judge_path(state, path)
        if decision is None:
            return False
        if decision.taken or kind is not Found.DIRECTORY or not decision.enter:
            return decision.taken
        inside = join(folder, path)
        for name in self.tree.names(inside):
            below = self.tree.kind(join(inside, name))
            if below is not None and self._comes(decision.child, inside, name, below):
                return True
        return False
