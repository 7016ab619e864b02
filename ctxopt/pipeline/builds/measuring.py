"""Many builds measured: what they have in common is read, and walked, once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ctxopt.core.builds.records import FoundBuild
from ctxopt.core.ignorefile.lines import IgnoreFile
from ctxopt.core.measure.beside import KeptFiles
from ctxopt.core.suggest.catalogue import RuleIndex
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import CtxoptError
from ctxopt.host.git.lines import git_ignored
from ctxopt.pipeline.measuring import MeasuredBuild, comparison_with_other
from ctxopt.pipeline.preparation.build import Build, Root
from ctxopt.pipeline.preparation.reading import read_build
from ctxopt.pipeline.survey.beside import Comparison
from ctxopt.pipeline.survey.job import MeasureJob, MeasureResult, Progress
from ctxopt.pipeline.survey.several import survey_compared
from ctxopt.pipeline.survey.survey import validate


class MeasuredOne(NamedTuple):
    """A build that was found, with what was measured or the error in its place."""

    found: FoundBuild
    measured: MeasuredBuild | None
    error: CtxoptError | None = None


def measure_all(
    builds: Sequence[FoundBuild],
    *,
    top: int,
    depth: int,
    shown: int | None = None,
    rule_index: Callable[[Build], RuleIndex] | None = None,
    progress: Progress | None = None,
) -> tuple[MeasuredOne, ...]:
    """Each build with what `measure` alone would say of it, in their order.

    `shown` are the places of each folder, where they are not as many as `top` of all.
    An error of one is in its place, and ends no other.
    """
    common = _Common(rule_index, shown)
    asked = [_asked(one, common, top=top, depth=depth) for one in builds]
    jobs = [one.job for one in asked if isinstance(one, _Asked)]
    comparisons = [one.comparison for one in asked if isinstance(one, _Asked)]
    told = survey_compared(jobs, comparisons, progress)
    pairs = zip(*told, strict=True)
    return tuple(
        _measured(found, one, *next(pairs))
        if isinstance(one, _Asked)
        else MeasuredOne(found, None, one)
        for found, one in zip(builds, asked, strict=True)
    )


class _Asked(NamedTuple):
    """A build, and the question about its context."""

    build: Build
    job: MeasureJob
    comparison: Comparison | None  # with what the other builder would send


class _Common:
    """What builds share: an ignore file parsed, an index of rules, git's lines."""

    def __init__(
        self, rule_index: Callable[[Build], RuleIndex] | None, shown: int | None
    ) -> None:
        self._rule_index = rule_index
        self._shown = shown
        self._ignore_files: dict[IgnoreFile, IgnoreFile] = {}
        self._indexes: dict[str, RuleIndex] = {}  # by the path of the ignore file
        self._ignored: dict[str, MeasureJob] = {}  # by root: one that has it

    def build(self, build: Build) -> Build:
        """The same build, with the ignore file that others have parsed."""
        main = build.main
        if main.ignore_file is None:
            return build
        shared = self._ignore_files.setdefault(main.ignore_file, main.ignore_file)
        return build._replace(main=main._replace(ignore_file=shared))

    def job(self, build: Build, root: Root, *, top: int, depth: int) -> MeasureJob:
        """What to measure of a root; with rules, finds are noted on the way."""
        job = build.job(root, top=top, depth=depth)._replace(shown=self._shown)
        if self._rule_index is None:
            return job
        target = build.ignore_target().relative
        index = self._indexes.get(target)
        if index is None:
            index = self._indexes[target] = self._rule_index(build)
        known = self._ignored.get(root.path)
        ignored = git_ignored(root.path) if known is None else known.ignored
        job = job._replace(rule_index=index, ignored=ignored)
        self._ignored.setdefault(root.path, job)
        return job


def _asked(
    found: FoundBuild, common: _Common, *, top: int, depth: int
) -> _Asked | CtxoptError:
    """A build read, and what to measure of it; the error where it is refused."""
    if found.refusal is not None:
        return found.refusal
    try:
        build = common.build(read_build(found.request))
        if build.builder.validates:
            validate(build.main.path, build.main.matcher)
        job = common.job(build, build.main, top=top, depth=depth)
        return _Asked(build, job, comparison_with_other(build))
    except CtxoptError as error:
        return error


def _measured(
    found: FoundBuild,
    asked: _Asked,
    answer: MeasureResult | CtxoptError,
    beside: KeptFiles | None,
) -> MeasuredOne:
    if isinstance(answer, CtxoptError):
        return MeasuredOne(found, None, answer)
    return MeasuredOne(found, MeasuredBuild(asked.build, asked.job, answer, beside))
