"""What each source of a root takes after the walk, and what is wrong with it.

Of `COPY app.py conf/* /x/` the report has a line for `app.py` and one for `conf/*`,
each with the entries it takes; a problem where the builder does not find what it names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from ctxopt.core.builders import Builder
from ctxopt.core.findings import closed_folders, codes
from ctxopt.core.findings.problems import source_problem
from ctxopt.core.findings.repairs import repair_words
from ctxopt.core.ignorefile.repair import Repair
from ctxopt.core.judging.judge import JudgingState
from ctxopt.core.judging.path import judge_path
from ctxopt.core.model import Problem, SourceState, SourceUse
from ctxopt.core.sources.excluding import comes_to_fail, fails_late
from ctxopt.core.sources.outcomes import Outcome, outcomes_of
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.sources.wanted import CopySource, ResolvedSource
from ctxopt.host.disk.tree import DiskTree
from ctxopt.pipeline.arrivals import Arrivals
from ctxopt.pipeline.instructions import problems_together
from ctxopt.pipeline.meaning import remedy
from ctxopt.pipeline.preparation.build import Build, Root
from ctxopt.pipeline.repairing import repair_of, sweeping
from ctxopt.pipeline.survey.job import MeasureJob, MeasureResult


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
        notes = [*_joined(notes, together)]
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


def _joined(alone: Sequence[Problem], together: Sequence[Problem]) -> Iterator[Problem]:
    """What is said of single sources, then what is of their instruction as a whole.

    Where that is refused because nothing is hit, one source alone is not told again;
    what was likely meant by it is the better cure.
    """
    empty = {_place(one): one for one in alone if one.code == codes.SOURCE_EMPTY.code}
    refused = {_place(one) for one in together if one.code in _NOTHING_HIT}
    for problem in alone:
        is_empty = problem.code == codes.SOURCE_EMPTY.code
        if not (is_empty and _place(problem) in refused):
            yield problem
    for problem in together:
        single = empty.get(_place(problem))
        is_refused = problem.code == codes.SOURCE_EMPTY.code
        meant = single.hint if single is not None and is_refused else None
        yield problem._replace(hint=meant or problem.hint)


_NOTHING_HIT = (codes.SOURCE_EMPTY.code, codes.SOURCE_IGNORED.code)


def _place(problem: Problem) -> tuple[str | None, int | None]:
    return problem.file, problem.line
