"""Which entries of a root the instructions find, asked one by one."""

from __future__ import annotations

from functools import cached_property

from ctxopt.core.judging.judge import Decision, JudgingState
from ctxopt.core.judging.path import judge_path
from ctxopt.core.paths import join
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.core.sources.tree import Found
from ctxopt.core.typed import TYPE_CHECKING
from ctxopt.host.disk.tree import DiskTree
from ctxopt.pipeline.preparation.build import Build, Root
from ctxopt.pipeline.survey.job import MeasureJob, MeasureResult

if TYPE_CHECKING:
    from ctxopt.core.ignorefile.keeping import KeptOut

# How many entries are looked at in folders that come only for what is in them.
MOST_LOOKS = 50_000


class Arrivals:
    """What comes to the builder of a root: what the walk has met, or is asked for.

    Made once for all that is asked: its tree keeps what it has listed. Without `found`,
    nothing was walked, and each path is looked up by itself.
    """

    def __init__(
        self,
        build: Build,
        root: Root,
        job: MeasureJob,
        found: MeasureResult | None = None,
    ) -> None:
        notes = found.measurement.notes if found is not None else None
        self._builder = build.builder
        self._matcher = root.matcher
        self._dockerfile = "" if root.named else build.dockerfile.relative
        self.tree = DiskTree(root.path)
        self._known = notes.arrived if notes is not None else None
        self._job = job
        self._looks = iter(range(MOST_LOOKS))
        self._inside: dict[str, bool | None] = {}
        self._makes_parents = not build.builder.wire.late_parents
        unsendable = notes.unsendable if notes is not None else ()
        self._gone = {*job.withdrawn, *unsendable}

    @cached_property
    def _state(self) -> JudgingState:
        return self._job.state(transfer_only=True)

    def sent(self, path: str) -> bool:
        """Whether the path of a target is there.

        A tar may lack a folder and hold what is in it: unpacked, the folder is there,
        too. Rule: moby/go-archive, archive.go, Unpack.
        """
        if path in self._gone:
            return False
        if self._builder.in_place:
            return self._is_let_in(path)
        if self._known is None:
            return self.has(path)
        return path in self._known or (self._makes_parents and self.has(path))

    def _is_let_in(self, path: str) -> bool:
        """Whether a path is on the disk, and it or something in it is not ignored."""
        if self.tree.kind(path) is None:
            return False
        found = self._builder.finds(self._matcher, self._dockerfile, path)
        return found or self.comes(path) is not False

    def ignored(self, path: str) -> bool:
        """Whether it is on the disk, and the ignore file keeps it out."""
        return self.tree.kind(path) is not None and not self._builder.finds(
            self._matcher, self._dockerfile, path
        )

    def kept_out(self, path: str) -> KeptOut:
        """Which line keeps it out."""
        from ctxopt.core.ignorefile.keeping import kept_out  # start-up: few are

        left_out = self._builder.left_out(self._matcher, self._dockerfile, path)
        return kept_out(self._matcher, path, left_out)

    def has(self, path: str) -> bool:
        """Whether any path of the disk is there.

        What takes too long to tell counts as there, so that nothing is missed.
        """
        return self.comes(path) is not False

    def surely_has(self, path: str) -> bool:
        """The same; what takes too long to tell does not count."""
        return self.comes(path) is True

    def comes(self, path: str) -> bool | None:
        """Whether an entry travels, or anything in it; None where it is not known."""
        if not path:
            return True
        kind = self.tree.kind(path)
        if kind is None or path in self._gone:
            return False
        try:
            decision = judge_path(self._state, path)
            if decision is None or decision.taken or not _leads_on(decision, kind):
                return decision is not None and decision.taken
            if path not in self._inside:
                self._inside[path] = self._holds_any(path, decision.child)
            return self._inside[path]
        except PatternError:
            return False  # the walk ends there

    def _holds_any(self, folder: str, state: JudgingState) -> bool | None:
        waiting = [(folder, state)]
        while waiting:
            folder, state = waiting.pop()
            for name in self.tree.names(folder):
                if next(self._looks, None) is None:
                    return None
                path = join(folder, name)
                kind = self.tree.kind(path)
                decision = judge_path(state, name)
                if kind is None or decision is None or path in self._gone:
                    continue
                if decision.taken:
                    return True
                if _leads_on(decision, kind):
                    waiting.append((path, decision.child))
        return False


def _leads_on(decision: Decision, kind: Found) -> bool:
    """Whether the walk looks into an entry."""
    return decision.enter and kind is Found.DIRECTORY
