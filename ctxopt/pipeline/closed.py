"""Folders that a walk could not look into, judged in the walk that a builder makes.

BuildKit's is that of the transfer; the legacy client makes a first one of its own.
"""

from __future__ import annotations

from functools import cached_property

from ctxopt.core.judging.judge import JudgingState
from ctxopt.core.judging.path import judge_path
from ctxopt.core.model import Problem
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.host.disk.tree import DiskTree
from ctxopt.pipeline.preparation.build import NOTHING, Build, Root


class ClosedFolders:
    """What folders that cannot be read mean to a build, in one of its roots."""

    def __init__(self, build: Build, root: Root) -> None:
        self._build = build
        self._root = root

    @cached_property
    def _transfer(self) -> JudgingState | None:
        """The state of the root in the transfer; None where there is none."""
        job = self._build.job(self._root)
        return None if job.request == NOTHING else job.state(transfer_only=True)

    def problem(self, path: str) -> Problem:
        """What happens at such a folder."""
        from ctxopt.core.findings import closed_folders  # start-up: most can be read

        builder, matcher = self._build.builder, self._root.matcher
        if builder.validates:
            return self.to_validation(path) or closed_folders.not_counted(path)
        if not self.is_opened(path):
            return closed_folders.passed_by(path)
        try:
            verdict = matcher.verdict(path)
        except PatternError:
            return closed_folders.let_in(path, None)
        if verdict.excluded:
            return closed_folders.opened(path, builder.opener(matcher, path))
        return closed_folders.let_in(path, verdict.decided_by)

    def to_validation(self, path: str) -> Problem | None:
        """That a first walk fails at a folder; None where it passes it by."""
        from ctxopt.core.findings import closed_folders  # start-up, as above
        from ctxopt.core.ignorefile.keeping import deciding_line

        matcher = self._root.matcher
        # One that it can list, and no more, it leaves alone where that is ignored.
        listed = bool(DiskTree(self._root.path).names(path))
        reaches, opens = (
            closed_folders.validation_reaches,
            closed_folders.validation_opens,
        )
        if not (reaches if listed else opens)(matcher, path):
            return None
        line = deciding_line(matcher, path)
        return closed_folders.closed_to_validation(self._root.path, path, line)

    def is_opened(self, folder: str) -> bool:
        """Whether the walk of the transfer itself opens a folder."""
        if self._transfer is None or not folder:
            return self._transfer is not None
        try:
            decision = judge_path(self._transfer, folder)
        except PatternError:
            return True
        return decision is not None and decision.enter
