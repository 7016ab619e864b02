"""A build as it is now: measured again where it was touched, and nowhere else.

A log of a thousand that is written to is measured again alone; another ignore file
means another walk. The report after any sequence of changes equals that of a fresh
scan (see pipeline/survey/incremental.py), and where the build itself may have changed,
it is prepared again.
"""

from __future__ import annotations

from collections.abc import Callable

from ctxopt.core.model import Problem, Report, Request
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.core.suggest.catalogue import RuleIndex
from ctxopt.core.suggest.policy import NO_POLICY, Policy
from ctxopt.core.watching.debounce import PendingChanges
from ctxopt.core.watching.impact import Impacts
from ctxopt.host.disk.paths import folders_below
from ctxopt.host.git.lines import git_ignored
from ctxopt.host.walk.processors import available_workers
from ctxopt.pipeline.advice import Advice, rule_index_of
from ctxopt.pipeline.ignoring import ignore_file_problems
from ctxopt.pipeline.measuring import MeasuredBuild
from ctxopt.pipeline.preparation.build import Build
from ctxopt.pipeline.preparation.reading import read_build
from ctxopt.pipeline.report import report_of
from ctxopt.pipeline.survey.incremental import IncrementalMeasurement
from ctxopt.pipeline.survey.job import MeasureJob, MeasureResult
from ctxopt.pipeline.survey.rounds import Touched
from ctxopt.pipeline.survey.survey import survey, validate
from ctxopt.pipeline.watch.polled_files import PolledFiles, build_files
from ctxopt.pipeline.watch.shared import Follower
from ctxopt.pipeline.watch.telling import After

TOP, DEPTH = 10, 1


class CurrentBuild:
    """The report of a build as of its last `measure`, and what that stands on."""

    def __init__(
        self,
        request: Request,
        advice_for: Callable[[MeasuredBuild], Advice],
        watches: Follower,
        *,
        policy: Policy = NO_POLICY,
    ) -> None:
        self._request = request
        self._advice_for = advice_for
        self._policy = policy
        self._watches = watches
        self.elsewhere = PolledFiles()
        self.report: Report | None = None
        self.kept: IncrementalMeasurement | None = None
        self._build: Build | None = None
        self._entered: frozenset[str] = frozenset()  # folders that the build can see
        self._signature: object = None
        self._rule_index: RuleIndex | None = None
        # What is said of its ignore files: looked for when one of them has changed.
        self._asides: tuple[Problem, ...] | None = None
        self._impacts = Impacts.of(None)
        self._behind = False  # what is kept is of before a change that was not measured

    def measure(self, changed: PendingChanges) -> Report:
        """The report, up to date. Raises CtxoptError where a scan would."""
        behind, self._behind = self._behind, True  # until it is measured to the end
        # Before anything is read: what changes from here on is told.
        self._watches.follow("")
        elsewhere = self.elsewhere.signatures()
        build = read_build(self._request)
        if build.builder.validates:
            validate(build.main.path, build.main.matcher)
        job = build.job(build.main, top=TOP, depth=DEPTH)
        job = job._replace(ignored=git_ignored(build.main.path))
        signature = _signature(build, job)
        if behind:
            self.kept = None
        if signature != self._signature or self._rule_index is None:
            self.kept = None
            self._rule_index = rule_index_of(build, self._policy)
            self._asides = None
        job = job._replace(rule_index=self._rule_index)
        found = self._measured(job, changed)
        self._signature = signature
        self._behind = False
        folders, paths = build_files(build)
        self._follow(build, folders)
        self.elsewhere.follow(paths, elsewhere)
        measured = MeasuredBuild(build, job, found)
        advice = self._advice_for(measured)
        if self._asides is None:
            self._asides = tuple(ignore_file_problems(measured))
        self.report = report_of(
            self._request, measured, advice, excluded=False, asides=self._asides
        )
        self._impacts = Impacts.of(build.trace)
        self._build = build
        return self.report

    def _measured(self, job: MeasureJob, changed: PendingChanges) -> MeasureResult:
        """What was touched, measured again; all of it where nothing is kept."""
        kept, self.kept = self.kept, None
        touched = None
        if kept is None:
            kept = IncrementalMeasurement(
                job, self._watches, workers=available_workers()
            )
        elif not changed.everything:
            touched = Touched(changed.touched, frozenset(changed.subtrees))
        try:
            found = kept.measure(touched, job.ignored)
        except PatternError:
            # Whether the builder meets that pattern is another question.
            return survey(job, workers=1)
        self.kept = kept
        return found

    def _follow(self, build: Build, more: frozenset[str]) -> None:
        """Watch what was entered and where the build's own files are, nothing else."""
        if self.kept is None:
            self._entered = frozenset(folders_below(build.main.path))
            new = self._entered
        else:
            self._entered = self.kept.folders()
            new = more
        for folder in new - self._watches.followed:
            self._watches.follow(folder)
        for folder in self._watches.followed - self._entered - more:
            self._watches.unfollow(folder)

    def after(self) -> After:
        """What single changes are judged by, as of now."""
        assert self._build is not None
        matcher = self._build.main.matcher
        return After(self.kept, matcher, self._impacts, self._entered)


def _signature(build: Build, job: MeasureJob) -> object:
    """All that the judging of names depends on; equal where it is the same."""
    targets = job.targets
    read = build.main.ignore_file
    return (
        build.dockerfile.content,
        build.dockerfile.path,
        read.to_bytes() if read is not None else None,
        read.path if read is not None else None,
        job.request,
        tuple(
            (one.source, one.path, one.takes, one.plan.steps) for one in targets.targets
        ),
        targets.whole,
        len(targets.traced),
        build.ignore_target().relative,
        job.ignored is None,
    )
