"""A measurement, and what to make of it, as the record that every view reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from ctxopt.core.findings import copied, mounts, problems
from ctxopt.core.findings.codes import VAST_CONTEXT
from ctxopt.core.golang.filepath_match import has_wildcard
from ctxopt.core.measure.stream import TransferTotals
from ctxopt.core.model import (
    NamedReport,
    Problem,
    Report,
    Request,
    SourceUse,
    Tally,
    Transfer,
    Usage,
)
from ctxopt.core.sources import sweeps
from ctxopt.core.sources.tree import Tree
from ctxopt.core.steps import NOBODY, Waiting
from ctxopt.core.suggest.policy import NO_POLICY, Policy
from ctxopt.pipeline.advice import Advice, Estimate, advise, projected, rule_index_of
from ctxopt.pipeline.arrivals import Arrivals
from ctxopt.pipeline.ignoring import ignore_file_problems
from ctxopt.pipeline.meaning import surprises
from ctxopt.pipeline.measuring import MeasuredBuild, measure, takers_of, transfer_of
from ctxopt.pipeline.obstacles import walk_problems
from ctxopt.pipeline.preparation.build import Build, Root
from ctxopt.pipeline.survey.job import MeasureJob, MeasureResult
from ctxopt.pipeline.survey.survey import survey
from ctxopt.pipeline.uses import uses_of


def analyze(
    request: Request,
    *,
    top: int = 10,
    depth: int = 1,
    excluded: bool = False,
    estimate: Estimate | None = None,
    policy: Policy = NO_POLICY,
    progress: Waiting | None = None,
    announce: Callable[[Problem], None] | None = None,
) -> Report:
    """Measure a build's context and transfer, and say what to ignore.

    `top` and `depth` bound the places in the report; `excluded` also counts what the
    ignore file keeps out, at the price of a second walk. `estimate` says what seconds
    are for, None leaves out all that is suggested; `policy` is what the project says
    of suggestions. `progress` is called now and then with entries and file bytes so
    far, `announce` with a problem that the user should hear of before a long walk.
    Raises CtxoptError for input that the builder would refuse.
    """
    measured = measure(
        request,
        top=top,
        depth=depth,
        rule_index=None if estimate is None else partial(rule_index_of, policy=policy),
        progress=progress,
        announce=announce,
        compares=True,
    )
    listener = progress or NOBODY
    advice = advise(measured, estimate, listener=listener) if estimate else None
    return report_of(request, measured, advice, excluded=excluded)


_PUTTING = frozenset({"COPY", "ADD", "WORKDIR"})


def report_of(
    request: Request,
    measured: MeasuredBuild,
    advice: Advice | None,
    *,
    excluded: bool,
    asides: Sequence[Problem] | None = None,
) -> Report:
    """The report of a measured build.

    `asides` is what is known of its ignore files; None has it looked for.
    """
    if asides is None:
        asides = tuple(ignore_file_problems(measured))
    build, job, found = measured.build, measured.job, measured.found
    transfer = transfer_of(build, job, found)._replace(
        dockerfile_wire_bytes=build.dockerfile_bytes(),
        ignorefile_wire_bytes=build.ignore_file_bytes(),
    )
    arrivals = Arrivals(build, build.main, job, found)
    uses, source_problems = uses_of(build, build.main, job, found, arrivals=arrivals)
    named = [_named(build, name, root) for name, root in build.named]
    total, used = found.measurement.context, found.measurement.used
    return Report(
        request=request,
        context_path=build.main.path,
        dockerfile_path=build.dockerfile.path,
        stage=build.trace.stage if build.trace else "",
        ignore_file=build.main.ignore_summary(),
        context=_context(build, found, transfer),
        transfer=transfer,
        used=used,
        unused=Usage(total.files - used.files, total.file_bytes - used.file_bytes),
        excluded=_excluded(build, total) if excluded else None,
        sources=uses,
        root=found.measurement.root,
        largest=found.measurement.largest,
        named=tuple(report for report, _ in named),
        problems=(
            *build.problems,
            *source_problems,
            *mounts.asking_for_all(build.builder, build.main.sources),
            *_collisions(build, arrivals),
            *_surprises(build.main, job, found, uses, tree=arrivals.tree),
            *(problem for _, more in named for problem in more),
            *walk_problems(build, build.main, found, source_problems),
            *_flattened(build, arrivals.tree),
            *_other_size(build, transfer),
            *_never_cached(build, job),
            *_secrets(build, advice),
            *asides,
        ),
        suggestions=advice.suggestions if advice is not None else (),
        held_back=(*advice.held, *advice.declined) if advice is not None else (),
        projection=projected(advice, measured) if advice is not None else None,
        preventive=tuple(one.shown for one in advice.ahead) if advice else (),
        secrets=advice.secrets if advice is not None else (),
    )


# --- the parts of a report -------------------------------------------------------


def _context(build: Build, found: MeasureResult, transfer: Transfer) -> Tally | None:
    if found.context_error is not None:
        return None
    return build.builder.context(found.measurement.context, transfer)


def _other_size(build: Build, transfer: Transfer) -> Iterator[Problem]:
    other = build.builder.alternative(transfer, build.outside)
    if other is not None:
        yield problems.random_size(other, build.builder.prints(other))


def _secrets(build: Build, advice: Advice | None) -> Iterator[Problem]:
    """Files with a secret in them; of a home folder it is enough to say what it is."""
    if advice is None or not (advice.secrets or advice.secrets_unread):
        return
    if any(one.code == VAST_CONTEXT.code for one in build.problems):
        return
    from ctxopt.core.findings import secrets  # start-up: most contexts have none
    from ctxopt.core.secrets.places import MOST_READ

    yield from secrets.of_files(advice.secrets)
    if advice.secrets_unread:
        yield secrets.unread(advice.secrets_unread, MOST_READ)


def _collisions(build: Build, arrivals: Arrivals) -> Iterator[Problem]:
    """Where a file and a folder go to one place; one path alone does so nowhere."""
    trace = build.trace
    if trace is None:
        return
    putting = sum(
        max(1, len(step.sources))
        for run in trace.runs
        for step in run.steps
        if step.instruction.name in _PUTTING
    )
    if putting > 1 or any(has_wildcard(one.expanded) for one in trace.sources):
        from ctxopt.pipeline.collisions import collisions_of  # start-up

        yield from collisions_of(build, arrivals)


def _flattened(build: Build, tree: Tree) -> Iterator[Problem]:
    """Where `COPY *` loses the names of folders."""
    for want in build.builder.wanted(build.main.taking):
        source = want.source
        if source.parents or not sweeps.sweeps(want):
            continue
        inside = [*sweeps.hits(want, tree, build.main.matcher, folders=True)]
        if inside:
            yield copied.flattened(source, sweeps.start_of(source), inside)


def _never_cached(build: Build, job: MeasureJob) -> Iterator[Problem]:
    """Sources that take what the client makes anew at each build; the first of them."""
    for path in build.builder.rewritten(build.outside):
        takers = takers_of(job, path)
        if takers.sources:
            source = job.targets.traced[takers.sources[0]].wanted.source
            yield problems.never_cached(path, source, named=takers.named)


def _excluded(build: Build, kept: TransferTotals) -> Usage:
    """What the ignore file keeps out: the difference to a walk without it."""
    everything = survey(MeasureJob(build.main.path, build.builder)).measurement.context
    return Usage(everything.files - kept.files, everything.file_bytes - kept.file_bytes)


def _named(
    build: Build, name: str, root: Root
) -> tuple[NamedReport, tuple[Problem, ...]]:
    job = build.job(root)
    found = survey(job)
    transfer = transfer_of(build, job, found)
    arrivals = Arrivals(build, root, job, found)
    uses, source_problems = uses_of(build, root, job, found, arrivals=arrivals)
    report = NamedReport(
        name=name,
        path=root.path,
        ignore_file=root.ignore_summary(),
        context=_context(build, found, transfer),
        transfer=transfer,
        sources=uses,
    )
    return report, (
        *source_problems,
        *mounts.asking_for_all(build.builder, root.sources),
        *_surprises(root, job, found, uses, tree=arrivals.tree),
        *walk_problems(build, root, found, source_problems),
    )


def _surprises(
    root: Root,
    job: MeasureJob,
    found: MeasureResult,
    uses: Sequence[SourceUse],
    *,
    tree: Tree,
) -> Iterator[Problem]:
    """What a build does that is most likely not meant; no reason to stop a change."""
    yield from surprises(root.path, job, found, uses, tree=tree)
    wanted = [traced.wanted for traced in job.targets.traced]
    if any(want.exclude and not want.on_disk for want in wanted):
        # Start-up: few write --exclude.
        from ctxopt.pipeline.flags import idle_flags

        yield from idle_flags(tree, wanted, root.keeps_out)
