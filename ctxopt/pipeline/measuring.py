"""A build measured: everything that one walk can tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from ctxopt.core.builders import Builder
from ctxopt.core.findings import closed_folders, codes
from ctxopt.core.findings.problems import source_problem
from ctxopt.core.findings.repairs import repair_words
from ctxopt.core.ignorefile.repair import Repair
from ctxopt.core.judging.judge import JudgingState
from ctxopt.core.judging.path import judge_path
from ctxopt.core.model import Problem, Request, SourceState, SourceUse, Tally, Transfer
from ctxopt.core.sources.excluding import comes_to_fail, fails_late
from ctxopt.core.sources.outcomes import Outcome, outcomes_of
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.sources.wanted import CopySource, ResolvedSource
from ctxopt.core.suggest.catalogue import RuleIndex
from ctxopt.host.disk.tree import DiskTree
from ctxopt.host.git.ignored import GitIgnored
from ctxopt.pipeline.arrivals import Arrivals
from ctxopt.pipeline.build.build import NOTHING, Build, Root
from ctxopt.pipeline.build.reading import read_build
from ctxopt.pipeline.instructions import problems_together
from ctxopt.pipeline.meaning import remedy, surprises
from ctxopt.pipeline.repairing import repair_of, sweeping
from ctxopt.pipeline.survey.job import MeasureJob, MeasureResult, Progress
from ctxopt.pipeline.survey.survey import survey, validate


class MeasuredBuild(NamedTuple):
    """A build, the question asked about its context, and the answer."""

    build: Build
    job: MeasureJob
    found: MeasureResult

    @property
    def can_be_told(self) -> bool:
        """Whether the context was walked to its end, and what the build takes is known.

        A builder may refuse its Dockerfile only after the context was sent.
        """
        walked = self.found.context_error is None and self.found.cut_off is None
        return walked and self.build.trace is not None


def measure(
    request: Request,
    *,
    top: int,
    depth: int,
    rule_index: Callable[[Build], RuleIndex] | None = None,
    progress: Progress | None = None,
    announce: Callable[[Problem], None] | None = None,
) -> MeasuredBuild:
    """Prepare and walk a build; with a `rule_index`, finds are noted on the way.

    Raises CtxoptError for input that the builder would refuse.
    """
    build = read_build(request, announce)
    if build.builder.validates:
        validate(build.main.path, build.main.matcher)
    job = build.job(build.main, top=top, depth=depth)
    if rule_index is not None:
        job = job._replace(
            rule_index=rule_index(build),
            ignored=GitIgnored.open(build.main.path),
        )
    return MeasuredBuild(build, job, survey(job, progress))


def transfer_of(build: Build, job: MeasureJob, found: MeasureResult) -> Transfer:
    """What a root sends, and what the builder says of it."""
    if job.request == NOTHING:
        return Transfer(Tally(), None, repeat_wire_bytes=0)
    outside = build.outside if job.root == build.main.path else None
    transfer = build.builder.transfer(found.measurement.transfer, outside)
    if transfer.repeat_wire_bytes is not None and repeats_all(job):
        return transfer._replace(repeat_wire_bytes=transfer.tally.wire_bytes)
    return transfer


def repeats_all(job: MeasureJob) -> bool:
    """Whether a repeated build sends everything again.

    A writable mount takes the daemon's copy away.
    """
    return any(trace.wanted.source.writable for trace in job.targets.traced)


def uses_of(
    build: Build, root: Root, job: MeasureJob, found: MeasureResult
) -> tuple[tuple[SourceUse, ...], tuple[Problem, ...]]:
    """What each source takes, and what is wrong with it."""
    arrivals = Arrivals(build, root, job, found)
    tree = arrivals.tree
    taken = found.measurement.taken
    outcomes = outcomes_of(
        job.targets.traced,
        [usage.files for usage in taken],
        arrivals.sent,
        arrivals.ignored,
        partial(_excludes_wrongly, job, tree),
    )
    uses: list[SourceUse] = []
    notes: list[Problem] = []
    traced = job.targets.traced
    finding = {
        trace.wanted.source.location
        for trace, outcome in zip(traced, outcomes, strict=True)
        if outcome.state is SourceState.FOUND
    }
    for trace, outcome, usage in zip(traced, outcomes, taken, strict=True):
        source = trace.wanted.source
        failed = build.builder.failure(trace.wanted, outcome) is not None
        state = SourceState.UNKNOWN if failed and source.assumed else outcome.state
        ignored = outcome.state is SourceState.IGNORED
        why = arrivals.kept_out(outcome.subject) if ignored else None
        repair = repair_of(build, root, trace.wanted, outcome, tree)
        uses.append(
            SourceUse(
                source=source,
                entries=usage.files,
                file_bytes=usage.file_bytes,
                state=state,
                decided_by=why.line.location if why and why.line else None,
                repair=repair.lines if repair else (),
                repair_behind=repair.behind.location if repair else None,
            )
        )
        cure = _cure(build, traced, trace.wanted, outcome, repair)
        problem = _inside_closed(build.builder, tree, trace.wanted, outcome)
        problem = problem or source_problem(
            trace.wanted,
            outcome,
            build.builder,
            why,
            accompanied=trace.wanted.source.location in finding,
            remedy=cure
            or remedy(root.path, tree, trace.wanted, outcome, arrivals.ignored),
        )
        if problem is not None and problem not in notes:
            notes.append(problem)
    judged = [(trace.wanted, one) for trace, one in zip(traced, outcomes, strict=True)]
    if found.cut_off is None:  # else nobody knows what is hit behind
        together = tuple(problems_together(build, root, judged, arrivals))
        notes = [*_without_repeated(notes, together), *together]
    notes += surprises(root.path, job, found, uses)
    unknown = (SourceUse(one, 0, 0, SourceState.UNKNOWN) for one in root.unknown)
    return (*uses, *unknown), tuple(notes)


def _inside_closed(
    builder: Builder, tree: DiskTree, want: CopySource, outcome: Outcome
) -> Problem | None:
    """That a source lies in a folder which a builder that looks for it cannot read.

    It looks for a name behind a folder, and lists one for the sake of a wildcard, in
    the context as it is on disk. Rule: tonistiigi/fsutil, followlinks.go.
    """
    if builder.sends_all or not outcome.subject:
        return None
    wild = want.glob is not None or want.below is not None
    parts = outcome.subject.split("/")
    unignored = outcome.state is SourceState.MISSING  # the walk lists all on the way
    for end in range(1, len(parts) + wild):
        folder = "/".join(parts[:end])
        listed = unignored or (wild and end == len(parts))
        if tree.is_closed(folder, to_listing=listed):
            return closed_folders.source_inside(want.source, folder)
    return None


def _excludes_wrongly(job: MeasureJob, tree: Tree, want: CopySource) -> bool:
    """Whether a pattern of a source's `--exclude` fails on what is sent."""
    if not fails_late(want.exclude):
        return False
    state = job.state(transfer_only=True)
    return comes_to_fail(want, tree, partial(_is_sent, state, tree))


def _is_sent(state: JudgingState, tree: Tree, path: str) -> bool:
    """Whether a path of the disk is sent, or a folder that may be on the way."""
    decision = judge_path(state, path)
    if decision is None:
        return False
    on_the_way = decision.enter and tree.kind(path) is Found.DIRECTORY
    return decision.taken or on_the_way


def _cure(
    build: Build,
    traced: Sequence[ResolvedSource],
    want: CopySource,
    outcome: Outcome,
    repair: Repair | None,
) -> str | None:
    if repair is None:
        return None
    path = outcome.subject
    other = sweeping(traced, want, path)
    return repair_words(repair, path, builder=build.builder, sweeping=other)


def _without_repeated(
    alone: Sequence[Problem], together: Sequence[Problem]
) -> Iterator[Problem]:
    """What is said of single sources and not of their instruction as a whole."""
    refused = {
        (one.file, one.line)
        for one in together
        if one.code in (codes.SOURCE_EMPTY.code, codes.SOURCE_IGNORED.code)
    }
    for problem in alone:
        is_empty = problem.code == codes.SOURCE_EMPTY.code
        if not (is_empty and (problem.file, problem.line) in refused):
            yield problem
