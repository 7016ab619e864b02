"""Each source of a build in turn: found or not, and why; those that fail come first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from ctxopt.core.judging.judge import JudgingState
from ctxopt.core.judging.path import judge_path, state_in
from ctxopt.core.model import Problem, Severity, SourceState, SourceUse
from ctxopt.core.paths import join
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.sources.wanted import CopySource
from ctxopt.core.sources.wildcards import hits_of
from ctxopt.core.why.answer import SourceAnswer
from ctxopt.core.why.variables import NOTHING, valueless
from ctxopt.pipeline.arrivals import Arrivals
from ctxopt.pipeline.preparation.build import Build, Root
from ctxopt.pipeline.survey.job import MeasureJob
from ctxopt.pipeline.uses import RootSources

# Names looked at for a wildcard until one is found that it takes.
MOST_LOOKS = 50_000

_URGENCY = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


def source_answers(build: Build) -> tuple[SourceAnswer, ...]:
    """What became of each source, those that stop the build first."""
    found = [*of_root(build, build.main, "")]
    for name, root in build.named:
        found += of_root(build, root, name)
    return tuple(sorted(found, key=_urgency))


def _urgency(answer: SourceAnswer) -> int:
    if answer.problem is not None:
        return _URGENCY.index(answer.problem.severity)
    return len(_URGENCY) + (answer.use.state is SourceState.FOUND)


def _severity(problem: Problem) -> int:
    return _URGENCY.index(problem.severity)


def of_root(build: Build, root: Root, context: str) -> Iterator[SourceAnswer]:
    """What became of each source of one root, in the order of the build."""
    job = build.job(root)
    arrivals = Arrivals(build, root, job)
    counts = [*_counts(job, arrivals.tree)]
    sources = RootSources(build, root, job, counts=counts, arrivals=arrivals)
    asked = [one.wanted.source for one in sources.traced]
    file = build.dockerfile
    doubtful = valueless(
        file.content, file.shown, build.options, (*asked, *root.unknown)
    )
    for use, problem in _looked_up(sources, counts):
        doubt = doubtful.get(use.source, NOTHING)
        yield SourceAnswer(use, problem, context, *doubt)
    for one in root.unknown:
        use = SourceUse(one, 0, 0, SourceState.UNKNOWN)
        yield SourceAnswer(use, None, context, *doubtful.get(one, NOTHING))


def _looked_up(
    sources: RootSources, counts: Sequence[int]
) -> Iterator[tuple[SourceUse, Problem | None]]:
    """Each source, and the worst that is wrong with it or with its instruction."""
    together = {(one.file, one.line): one for one in sources.together()}
    for trace, outcome, count in zip(
        sources.traced, sources.outcomes, counts, strict=True
    ):
        use, alone = sources.look_up(trace, outcome, count)
        place = use.source.location
        joint = together.get((place.file, place.line))
        yield use, min(filter(None, (alone, joint)), key=_severity, default=None)


# --- whether a source takes anything ---------------------------------------------


def _counts(job: MeasureJob, tree: Tree) -> Iterator[int]:
    """For each source whether it takes anything, as 1 or 0."""
    state = job.state(transfer_only=True)
    for index, one in enumerate(job.targets.traced):
        yield int(_takes_any(one.wanted, state, 1 << index, tree))


def _takes_any(want: CopySource, state: JudgingState, bit: int, tree: Tree) -> bool:
    """Whether a source takes anything; what is too long to look through counts."""
    if want.outside:
        return False
    if want.glob is None and want.below is None and not want.exclude:
        return True
    entries = _entries(want, state, tree)
    looked = 0
    for path, above in islice(entries, MOST_LOOKS):
        looked += 1
        try:
            decision = judge_path(above, path.rpartition("/")[2])
        except PatternError:
            continue  # the build fails there
        if decision is not None and decision.taken and decision.mask & bit:
            return True
    return looked == MOST_LOOKS


def _entries(
    want: CopySource, root: JudgingState, tree: Tree
) -> Iterator[tuple[str, JudgingState]]:
    """What a source hits and what is in there, each with the state of its folder."""
    waiting = iter(hits_of(want, tree))
    inside: list[str] = []
    while True:
        path = next(waiting, None) if not inside else inside.pop()
        if path is None:
            return
        above = state_in(root, path.rpartition("/")[0]) if "/" in path else root
        if path and above is not None:
            yield path, above
        if tree.kind(path) is Found.DIRECTORY:
            inside += (join(path, name) for name in reversed(tree.names(path)))
