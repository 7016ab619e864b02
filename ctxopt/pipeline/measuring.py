"""A build measured: everything that one walk can tell."""

from __future__ import annotations

from collections.abc import Callable

from ctxopt.core.bitmask import bits
from ctxopt.core.builders import DOCKER_BUILDERS
from ctxopt.core.judging.path import judge_path
from ctxopt.core.model import Problem, Request, Tally, Transfer
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.core.suggest.catalogue import RuleIndex
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING
from ctxopt.errors import CtxoptError
from ctxopt.host.git.lines import git_ignored
from ctxopt.pipeline.preparation.build import NOTHING, Build
from ctxopt.pipeline.preparation.reading import read_build
from ctxopt.pipeline.survey.job import MeasureJob, MeasureResult, Progress
from ctxopt.pipeline.survey.survey import survey, validate

if TYPE_CHECKING:
    from ctxopt.core.measure.beside import KeptFiles
    from ctxopt.pipeline.survey.beside import Comparison


class MeasuredBuild(NamedTuple):
    """A build, the question asked about its context, and the answer."""

    build: Build
    job: MeasureJob
    found: MeasureResult
    # What this builder and the other let through, where the same walk was asked.
    beside: KeptFiles | None = None

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
    compares: bool = False,
) -> MeasuredBuild:
    """Prepare and walk a build; with a `rule_index`, finds are noted on the way.

    `compares` asks what the other builder would send, where that takes a walk of the
    whole context, in the same walk. Raises CtxoptError for input that the builder would
    refuse.
    """
    build = read_build(request, announce)
    return measure_build(
        build,
        top=top,
        depth=depth,
        rule_index=rule_index,
        progress=progress,
        compares=compares,
    )


def measure_build(
    build: Build,
    *,
    top: int = 0,
    depth: int = 0,
    rule_index: Callable[[Build], RuleIndex] | None = None,
    progress: Progress | None = None,
    compares: bool = False,
) -> MeasuredBuild:
    """Walk a build that was read before; as `measure`."""
    if build.builder.validates:
        validate(build.main.path, build.main.matcher)
    job = build.job(build.main, top=top, depth=depth)
    if rule_index is not None:
        job = job._replace(
            rule_index=rule_index(build),
            ignored=git_ignored(build.main.path),
        )
    comparison = comparison_with_other(build) if compares else None
    if comparison is None:
        return MeasuredBuild(build, job, survey(job, progress))
    from ctxopt.pipeline.survey.several import survey_compared  # start-up, as below

    (found,), (beside,) = survey_compared([job], [comparison], progress)
    if isinstance(found, CtxoptError):
        raise found
    return MeasuredBuild(build, job, found, beside)


def may_be_read_otherwise(build: Build) -> bool:
    """Whether the other builder could build it, and may let other files through.

    Docker's builders enter the same folders where no line brings anything back, and all
    of them read the `.dockerignore` in the root where a Dockerfile has none of its own.
    """
    file, builder = build.main.ignore_file, build.builder
    if file is None or not build.is_for_both:
        return False
    has_own = file.specific == builder.specific_ignore_file
    is_dockers = builder.name in DOCKER_BUILDERS
    return has_own or not is_dockers or any(one.negated for one in file.patterns)


def comparison_with_other(build: Build) -> Comparison | None:
    """What to ask of the whole context beside what this builder sends, if anything."""
    if not may_be_read_otherwise(build):
        return None
    # Start-up: most ignore files mean the same to all.
    from ctxopt.pipeline.compared import comparison_of

    return comparison_of(build)


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


class Takers(NamedTuple):
    """The sources that take one entry."""

    sources: tuple[int, ...]  # indexes into Report.sources
    named: bool  # one of them says its very path


def takers_of(job: MeasureJob, path: str) -> Takers:
    """Which sources of a root take an entry, if it is there."""
    try:
        decision = judge_path(job.state(transfer_only=True), path)
    except PatternError:
        decision = None
    if decision is None or not decision.taken:
        return Takers((), named=False)
    return Takers(tuple(bits(decision.mask)), decision.named)
