"""Several jobs measured in a single walk, each as if it were asked alone.

Each name is looked at once for all of them, and what several of them count alike is
counted once. Roots that lie in each other are walked together. A job that cannot go
along, since its builder fails at a pattern on the way or its root cannot be read, is
asked alone afterwards, so that it hears the same.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from ctxopt.core.judging.joint import JointState
from ctxopt.core.judging.judge import (
    NOWHERE,
    FolderState,
    StandingState,
    Trie,
    WalkRules,
)
from ctxopt.core.judging.rows import FolderRef
from ctxopt.core.judging.special import Compared
from ctxopt.core.measure.beside import KeptFiles, KeptTally
from ctxopt.core.measure.clutter_match import HitMasks
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.suggest.catalogue import RuleIndex
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import ContextError, CtxoptError, WorkerError
from ctxopt.host.git.lines import GitLines, IgnoredOnce
from ctxopt.host.walk.processors import available_workers
from ctxopt.host.walk.several import JointWalk
from ctxopt.host.walk.views import Circle
from ctxopt.pipeline.survey.beside import Comparison, KeptFold, compared_walk
from ctxopt.pipeline.survey.folding import Folded, MeasuredPart
from ctxopt.pipeline.survey.job import MeasureJob, MeasureResult, Progress
from ctxopt.pipeline.survey.jointly import in_one_process, shared
from ctxopt.pipeline.survey.strands import StrandFold, StrandPart, Strands
from ctxopt.pipeline.survey.survey import PROGRESS_ENTRIES, survey

Answer: TypeAlias = MeasureResult | CtxoptError
_Asked: TypeAlias = MeasureJob | Comparison
_Result: TypeAlias = MeasureResult | KeptFiles


class _Question(ABC):
    """Jobs that are counted alike, and the circle that their views make."""

    circle: Circle
    count: int  # of the jobs
    width: int  # bits of a mask of one of them

    @abstractmethod
    def fold(self) -> StrandFold:
        """A new fold, for some of the jobs."""

    @abstractmethod
    def result(self, member: int, part: Any) -> _Result:
        """What came of a job, its own part being given."""

    def results(self, parts: Sequence[StrandPart]) -> Iterator[_Result | None]:
        """What came of each job; None for one that did not go along."""
        for member in range(self.count):
            mine = [one for one in parts if one.members >> member & 1]
            if not mine or self.circle.failed >> member & 1:
                yield None
                continue
            own = partial(_own, self.width, member)
            yield self.result(member, mine[0].part.masked(own))


def _own(width: int, member: int, mask: int) -> int:
    """A mask of a job's own, out of a joint one."""
    return mask >> member * width & (1 << width) - 1


class _Measured(_Question):
    """Jobs of which everything is told."""

    def __init__(
        self,
        place: str,
        jobs: Sequence[MeasureJob],
        states: Sequence[FolderState],
        ignored: IgnoredOnce | None,
    ) -> None:
        self.jobs = jobs
        self.count = len(jobs)
        job = jobs[0]
        self.width = max(1, *(len(one.targets.traced) for one in jobs))
        state = JointState.start(states, self.width)
        self.circle = Circle(place, state, partial(job.walk, state), _marks(job))
        self._ignored = ignored

    def fold(self) -> Folded:
        """A new fold, for some of the jobs."""
        return Folded(self.jobs[0].fold(), GitLines(self._ignored))

    def result(self, member: int, part: MeasuredPart) -> MeasureResult:
        """What came of a job, its own part being given."""
        folded = Folded(self.jobs[member].fold(), GitLines(None))
        folded.join(FolderRef(), part)
        return folded.result()


class _Compared(_Question):
    """Comparisons in one root, with one end.

    Who has found enough leaves the walk, and what is said of it is the same whoever
    walks: that there is more than enough is what the sums of all say, and nobody leaves
    who has not found that much. The first file that is found is the first of all:
    of folders that are shared out, each process is given those first that come first,
    so that the one with this file is walked by somebody who has found none yet.
    """

    width = 2

    def __init__(
        self, place: str, first: Comparison, states: Sequence[Compared]
    ) -> None:
        self.count = len(states)
        self.most = first.most
        state = JointState.start(states, self.width)
        look = partial(compared_walk, first.root, state)
        self.circle = Circle(place, state, look, None, self.most)

    def fold(self) -> KeptFold:
        """A new fold, for some of the comparisons."""
        return KeptFold()

    def result(self, member: int, part: KeptTally) -> KeptFiles:  # noqa: ARG002
        """What came of a comparison, its own part being given."""
        return part.result(self.most)


def _marks(job: MeasureJob) -> HitMasks | None:
    return job.rule_index.marks if job.rule_index is not None else None


def survey_all(
    jobs: Sequence[MeasureJob],
    progress: Progress | None = None,
    *,
    workers: int | None = None,
) -> list[Answer]:
    """What `survey` says of each job, or the error that it raises, from few walks.

    Each outermost root is walked once, shared out to `workers` processes (None: all
    CPUs), for all jobs whose roots are the same or lie in it. `progress` hears of what
    was looked at in all walks.
    """
    return survey_compared(jobs, (), progress, workers=workers)[0]


def survey_compared(
    jobs: Sequence[MeasureJob],
    comparisons: Sequence[Comparison | None],
    progress: Progress | None = None,
    *,
    workers: int | None = None,
) -> tuple[list[Answer], list[KeptFiles | None]]:
    """As `survey_all`, and what came of each comparison in the same walks.

    None where nothing is compared, and for one that did not go along: it is not asked
    alone.
    """
    if workers is None:
        workers = available_workers()
    asked: list[_Asked | None] = [*jobs, *comparisons]
    found: dict[int, _Result | WorkerError] = {}
    told = _Told(progress)
    for root, placed in _outermost(asked).items():
        if len(placed) > 1:
            found |= _together(root, placed, told, workers)
    answers: list[Answer] = []
    for index, job in enumerate(jobs):
        answer = found.get(index)
        if isinstance(answer, MeasureResult | WorkerError):
            answers.append(answer)
        else:
            answers.append(_alone(job, told, workers))
    compared = (found.get(len(jobs) + index) for index in range(len(comparisons)))
    return answers, [one if isinstance(one, KeptFiles) else None for one in compared]


class _Told:
    """Tells what was looked at so far, in all walks together."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._before = (0, 0)
        self._due = 0
        self._last = (0, 0)

    def __call__(self, entries: int, file_bytes: int) -> None:
        self._last = self._before[0] + entries, self._before[1] + file_bytes
        if self._progress is not None and self._last[0] >= self._due:
            self._progress(*self._last)
            self._due = self._last[0] + PROGRESS_ENTRIES

    def end(self) -> None:
        """A walk ends."""
        self._before = self._last


def _alone(job: MeasureJob, told: _Told, workers: int) -> Answer:
    try:
        return survey(job, told, workers=workers)
    except CtxoptError as error:
        return error
    finally:
        told.end()


class _Placed(NamedTuple):
    """A job, its number, and where its root lies below that of the walk."""

    number: int
    place: str  # "" for the root itself
    asked: _Asked


def _outermost(asked: Sequence[_Asked | None]) -> Mapping[str, list[_Placed]]:
    """The roots to walk, each with the jobs in it.

    A root that cannot be looked at is in none.
    """
    real: dict[int, str] = {}
    jobs = {index: job for index, job in enumerate(asked) if job is not None}
    for index, job in jobs.items():
        try:
            os.stat(job.root)
            real[index] = os.path.realpath(job.root, strict=True)
        except OSError:
            continue
    found: dict[str, list[_Placed]] = {}
    for index, path in sorted(real.items(), key=lambda pair: len(pair[1])):
        inside = (root for root in found if is_within(path, root))
        root = next(inside, path)
        place = path.removeprefix(root).strip("/")
        found.setdefault(root, []).append(_Placed(index, place, jobs[index]))
    return found


def is_within(path: str, root: str) -> bool:
    """Whether a path without links is that of a folder or lies in it."""
    return path == root or path.startswith(f"{root.rstrip('/')}/")


def _together(
    root: str,
    placed: Sequence[_Placed],
    told: _Told,
    workers: int,
) -> dict[int, _Result | WorkerError]:
    """The answers of those jobs in one root that can be asked in one walk."""
    questions = _questions(placed)
    walk = JointWalk(root, [question.circle for question, _ in questions])
    folds = {question.circle: question.fold for question, _ in questions}
    strands = Strands(lambda circle: folds[circle]())
    answers: dict[int, _Result | WorkerError] = {}
    try:
        with walk.at_root() as top:
            if workers > 1:
                parts = shared(walk, top, strands, told, workers)
            else:
                parts = in_one_process(walk, top, strands, told)
    except WorkerError as error:
        return {index: error for _, indexes in questions for index in indexes}
    except ContextError:
        return {}
    finally:
        told.end()
    for question, indexes in questions:
        results = question.results(parts.get(question.circle, []))
        found = zip(indexes, results, strict=True)
        answers |= {index: result for index, result in found if result is not None}
    return answers


def _questions(placed: Sequence[_Placed]) -> list[tuple[_Question, list[int]]]:
    """The jobs in one root, those together that are counted alike.

    Without those of which it is known before the walk that their builder refuses them.
    """
    same = _Same()
    groups: dict[object, _Group] = {}
    for index, place, asked in placed:
        job = same.asked(asked)
        try:
            state = same.state(job)
        except CtxoptError:
            continue
        if state is not None:
            group = groups.setdefault(_kind(job), _Group(place, [], [], []))
            group.indexes.append(index)
            group.jobs.append(job)
            group.states.append(state)
    return [(group.question(same), group.indexes) for group in groups.values()]


class _Group(NamedTuple):
    """Jobs of one kind, each with the state in which it begins."""

    place: str
    indexes: list[int]
    jobs: list[Any]
    states: list[Any]

    def question(self, same: _Same) -> _Question:
        first = self.jobs[0]
        if isinstance(first, Comparison):
            return _Compared(self.place, first, self.states)
        return _Measured(self.place, self.jobs, self.states, same.ignored(first))


def _kind(job: _Asked) -> object:
    """What jobs must have in common to be counted together."""
    if isinstance(job, Comparison):
        return Comparison, job.root, job.most
    return (
        job.root,
        type(job.builder),  # which holds no state
        job.request is None,
        (job.depth, job.top, job.shown, _marks(job)),
        job.ignored.context if job.ignored is not None else None,
    )


class _Same:
    """Lets jobs that say the same share what says it, for states to be compared."""

    def __init__(self) -> None:
        self._excludes: dict[object, Matcher] = {}
        self._rules: dict[object, WalkRules] = {}
        self._tries: list[Trie] = []
        self._indexes: list[RuleIndex] = []
        self._ignored: dict[str, IgnoredOnce] = {}  # by the context

    def asked(self, asked: _Asked) -> _Asked:
        """A job, or the two of a comparison, with what others say as well."""
        if isinstance(asked, Comparison):
            return Comparison(self.job(asked.first), self.job(asked.second))
        return self.job(asked)

    def state(self, asked: _Asked) -> StandingState | None:
        """The state in which a walk begins; None where it cannot go along.

        What a source finds may depend on where its own walk began.
        """
        jobs = asked if isinstance(asked, Comparison) else (asked,)
        rules = [self.rules(job) for job in jobs]
        if any(one.each_source for one in rules):
            return None
        states = [one.root() for one in rules]
        return Compared.start(*states) if len(states) > 1 else states[0]

    def job(self, job: MeasureJob) -> MeasureJob:
        """A job with the matcher, and the rules, of the first one that has the same."""
        texts = [(one.cleaned, one.negated) for one in job.exclude.patterns]
        exclude = self._excludes.setdefault(tuple(texts), job.exclude)
        return job._replace(exclude=exclude, rule_index=self._index(job.rule_index))

    def ignored(self, job: MeasureJob) -> IgnoredOnce | None:
        """What git ignores in the root of a job."""
        if job.ignored is None:
            return None
        once = self._ignored.get(job.ignored.context)
        if once is None:
            once = self._ignored[job.ignored.context] = IgnoredOnce(job.ignored)
        return once

    def _index(self, index: RuleIndex | None) -> RuleIndex | None:
        if index is None:
            return None
        said = index._replace(multi_match=None)  # type: ignore[arg-type]  # made of it
        for known in self._indexes:
            if known._replace(multi_match=None) == said:  # type: ignore[arg-type]
                return known
        self._indexes.append(index)
        return index

    def rules(self, job: MeasureJob) -> WalkRules:
        """How the walk of a job is judged."""
        request = tuple(job.request) if job.request is not None else None
        rules = job.rules(transfer_only=job.builder.ends_silently)
        key = type(job.builder), job.exclude, request
        first = self._rules.setdefault(key, rules)
        return rules._replace(
            include=first.include,
            reopened=self._trie(rules.reopened),
            requested=self._trie(rules.requested),
            withdrawn=self._trie(rules.withdrawn) or NOWHERE,
            opens=job.builder.opens(job.exclude, job.request),
        )

    def _trie(self, paths: Trie | None) -> Trie | None:
        if not paths:
            return paths
        known = next((one for one in self._tries if one == paths), None)
        if known is None:
            self._tries.append(paths)
        return paths if known is None else known
