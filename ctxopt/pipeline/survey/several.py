"""Several jobs measured in a single walk, each as if it were asked alone.

Each name is looked at once for all of them, and what several of them count alike is
counted once. Roots that lie in each other are walked together. A job that cannot go
along, since its builder fails at a pattern on the way or its root cannot be read, is
asked alone afterwards, so that it hears the same.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TypeAlias

from ctxopt.core.judging.joint import JointState
from ctxopt.core.judging.judge import NOWHERE, FolderState, Trie, WalkRules
from ctxopt.core.judging.rows import FolderRef
from ctxopt.core.measure.clutter_match import HitMasks
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.suggest.catalogue import RuleIndex
from ctxopt.errors import ContextError, CtxoptError, WorkerError
from ctxopt.host.git.lines import GitLines, IgnoredOnce
from ctxopt.host.walk.processors import available_workers
from ctxopt.host.walk.several import Circle, JointWalk
from ctxopt.pipeline.survey.folding import Folded
from ctxopt.pipeline.survey.job import MeasureJob, MeasureResult, Progress
from ctxopt.pipeline.survey.jointly import in_one_process, shared
from ctxopt.pipeline.survey.strands import StrandPart, Strands
from ctxopt.pipeline.survey.survey import PROGRESS_ENTRIES, survey

Answer: TypeAlias = MeasureResult | CtxoptError


class _Question:
    """Jobs that are counted alike, and the circle that their views make."""

    def __init__(
        self, place: str, jobs: Sequence[MeasureJob], states: Sequence[FolderState]
    ) -> None:
        self.jobs = jobs
        job = jobs[0]
        width = max(1, *(len(one.targets.traced) for one in jobs))
        state = JointState.start(states, width)
        self.circle = Circle(place, state, partial(job.walk, state), _marks(job))
        self._ignored = IgnoredOnce(job.ignored) if job.ignored is not None else None

    def fold(self) -> Folded:
        """A new fold, for some of the jobs."""
        return Folded(self.jobs[0].fold(), GitLines(self._ignored))

    def results(self, parts: Sequence[StrandPart]) -> Iterator[MeasureResult | None]:
        """What came of each job; None for one that did not go along."""
        for member, job in enumerate(self.jobs):
            mine = [one for one in parts if one.members >> member & 1]
            if not mine or self.circle.failed >> member & 1:
                yield None
                continue
            change = partial(_own, self.circle.state.rows.width, member)
            folded = Folded(job.fold(), GitLines(None))
            folded.join(FolderRef(), mine[0].masked(change))
            yield folded.result()


def _marks(job: MeasureJob) -> HitMasks | None:
    return job.rule_index.marks if job.rule_index is not None else None


def _own(width: int, member: int, mask: int) -> int:
    """A mask of a job's own, out of a joint one."""
    return mask >> member * width & (1 << width) - 1


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
    if workers is None:
        workers = available_workers()
    answers: dict[int, Answer] = {}
    told = _Told(progress)
    for root, placed in _outermost(jobs).items():
        if len(placed) > 1:
            answers |= _together(root, placed, jobs, told, workers)
    for index, job in enumerate(jobs):
        if index not in answers:
            answers[index] = _alone(job, told, workers)
    return [answers[index] for index in range(len(jobs))]


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


def _outermost(jobs: Sequence[MeasureJob]) -> Mapping[str, list[tuple[int, str]]]:
    """The roots to walk, each with the jobs in it and where theirs lie, "" for itself.

    A root that cannot be looked at is in none.
    """
    real: dict[int, str] = {}
    for index, job in enumerate(jobs):
        try:
            os.stat(job.root)
            real[index] = os.path.realpath(job.root, strict=True)
        except OSError:
            continue
    found: dict[str, list[tuple[int, str]]] = {}
    for index, path in sorted(real.items(), key=lambda pair: len(pair[1])):
        inside = (root for root in found if is_within(path, root))
        root = next(inside, path)
        place = path.removeprefix(root).strip("/")
        found.setdefault(root, []).append((index, place))
    return found


def is_within(path: str, root: str) -> bool:
    """Whether a path without links is that of a folder or lies in it."""
    return path == root or path.startswith(f"{root.rstrip('/')}/")


def _together(
    root: str,
    placed: Sequence[tuple[int, str]],
    jobs: Sequence[MeasureJob],
    told: _Told,
    workers: int,
) -> dict[int, Answer]:
    """The answers of those jobs in one root that can be asked in one walk."""
    questions = _questions(placed, jobs)
    walk = JointWalk(root, [question.circle for question, _ in questions])
    folds = {question.circle: question.fold for question, _ in questions}
    strands = Strands(lambda circle: folds[circle]())
    answers: dict[int, Answer] = {}
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


def _questions(
    placed: Sequence[tuple[int, str]], jobs: Sequence[MeasureJob]
) -> list[tuple[_Question, list[int]]]:
    """The jobs in one root, those together that are counted alike.

    Without those of which it is known before the walk that their builder refuses them.
    """
    same = _Same()
    groups: dict[object, list[tuple[int, MeasureJob, FolderState]]] = {}
    places: dict[object, str] = {}
    for index, place in placed:
        job = same.job(jobs[index])
        try:
            rules = same.rules(job)
            if rules.each_source:
                continue  # what a source finds depends on where its own walk began
            state = rules.root()
        except CtxoptError:
            continue
        key = _kind(job)
        places[key] = place
        groups.setdefault(key, []).append((index, job, state))
    found = []
    for key, group in groups.items():
        indexes, asked, states = zip(*group, strict=True)
        found.append((_Question(places[key], asked, states), [*indexes]))
    return found


def _kind(job: MeasureJob) -> object:
    """What jobs must have in common to be counted together."""
    return (
        job.root,
        type(job.builder),  # which holds no state
        job.request is None,
        (job.depth, job.top, _marks(job)),
        job.ignored.context if job.ignored is not None else None,
    )


class _Same:
    """Lets jobs that say the same share what says it, for states to be compared."""

    def __init__(self) -> None:
        self._excludes: dict[object, Matcher] = {}
        self._rules: dict[object, WalkRules] = {}
        self._tries: list[Trie] = []
        self._indexes: list[RuleIndex] = []

    def job(self, job: MeasureJob) -> MeasureJob:
        """A job with the matcher, and the rules, of the first one that has the same."""
        texts = [(one.cleaned, one.negated) for one in job.exclude.patterns]
        exclude = self._excludes.setdefault(tuple(texts), job.exclude)
        return job._replace(exclude=exclude, rule_index=self._index(job.rule_index))

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
