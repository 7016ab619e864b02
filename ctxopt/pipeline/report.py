"""The steps of a measurement, on one screen.

request -> prepare (read, trace) -> survey (walk, judge, fold) -> report
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ctxopt.core import problems
from ctxopt.core.judge import Everything
from ctxopt.core.matcher import Matcher
from ctxopt.core.model import (
    Listed,
    NamedReport,
    Problem,
    Report,
    Request,
    Severity,
    SourceState,
    SourceUse,
    Tally,
    Transfer,
    Usage,
)
from ctxopt.core.pattern import Pattern, PatternError
from ctxopt.core.sources import Outcome, settle
from ctxopt.core.stream import Settled
from ctxopt.errors import CtxoptError
from ctxopt.host.build import NOTHING, Build, Root, prepare
from ctxopt.host.read import DiskTree
from ctxopt.host.survey import Progress, Question, Survey, survey, validate

if TYPE_CHECKING:
    from ctxopt.core.verify import Prediction, Verification

# What only `ls` or `verify` needs is imported by them: start-up is felt at every scan.


def analyze(
    request: Request,
    *,
    top: int = 10,
    depth: int = 1,
    excluded: bool = False,
    progress: Progress | None = None,
    announce: Callable[[Problem], None] | None = None,
) -> Report:
    """Measure a build's context and transfer.

    `top` and `depth` bound the places in the report; `excluded` also counts what the
    ignore file keeps out, at the price of a second walk. `progress` is called now and
    then with entries and file bytes so far, `announce` with a problem that the user
    should hear of before a long walk.
    Raises CtxoptError for input that the builder would refuse.
    """
    build = prepare(request, announce)
    if build.builder.validates:
        validate(build.main.path, build.main.patterns)
    question = build.question(build.main, top=top, depth=depth)
    found = survey(question, progress)
    transfer = replace(
        _transfer(build, question, found),
        dockerfile_wire_bytes=build.dockerfile_bytes(),
        ignorefile_wire_bytes=build.ignore_file_bytes(),
    )
    uses, source_problems = _sources(build, build.main, question, found)
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
            *(problem for _, more in named for problem in more),
            *_walk_problems(build, build.main, found),
            *build.builder.notes(transfer, build.outside),
        ),
    )


def listing(
    request: Request,
    *,
    whole: bool = False,
    excluded: bool = False,
    unused: bool = False,
    announce: Callable[[Problem], None] | None = None,
) -> Iterator[Listed]:
    """The entries of the transfer, in the builder's order, as they are found.

    `whole` lists the context instead, `excluded` what the ignore file keeps out,
    `unused` what of the context no source takes. `announce` is as for `analyze`.
    Raises CtxoptError for input that the builder would refuse.
    """
    from ctxopt.core.listing import Lister, Selection

    build = prepare(request, announce)
    if build.builder.validates:
        validate(build.main.path, build.main.patterns)
    question = build.question(build.main)
    selection = Selection.TRANSFER
    if excluded:
        selection = Selection.EXCLUDED
    elif unused:
        selection = Selection.UNUSED
    elif whole:
        selection = Selection.CONTEXT
    lister = Lister(build.builder.wire, selection, build.main.taking)
    filtered = question.request is not None and selection is Selection.TRANSFER
    state = question.state(transfer_only=filtered)
    if selection is Selection.EXCLUDED:
        state = Everything(state)
    try:
        for batch in question.walk(state).batches():
            yield from lister.add(batch)
    except PatternError:
        if not build.builder.ends_silently:
            raise


def verify(request: Request, *, client: str | None = None) -> Verification:
    """Hold our numbers against the docker installed here.

    `client` is the docker to ask; None takes one from PATH.
    Raises DockerError when there is none, ContextError when there is no context.
    """
    from ctxopt.core.verify import Verification, compare, with_whole
    from ctxopt.host.docker import OBSERVERS, Wanted

    build = prepare(request)
    paths = build.builder.requested(build.main.sources) if build.main.taking else ()
    wanted = Wanted(
        request,
        build.main.path,
        None if build.dockerfile.folder is None else build.dockerfile.path,
        build.dockerfile.content,
        tuple(path.removeprefix("/") for path in paths),
    )
    observe = OBSERVERS[request.builder]
    observation = observe(wanted, client)
    prediction = _prediction(
        build, request, with_members=observation.members is not None
    )
    comparison = compare(prediction, observation)
    if comparison.difference_bytes and observation.members is None:
        # Of a part docker tells the bytes alone; names are to be had of the whole.
        with contextlib.suppress(CtxoptError):
            whole = observe(replace(wanted, follow=("",)), client).members
            if whole is not None:
                ours = _member_names(request, whole=True)
                comparison = with_whole(comparison, ours, whole)
    return Verification(prediction, observation, comparison)


def _prediction(build: Build, request: Request, *, with_members: bool) -> Prediction:
    """What we say of a build, as docker would show it."""
    from ctxopt.core.verify import Prediction

    members = None
    try:
        report = analyze(request)
        if with_members:
            invented = build.builder.invented(build.outside)
            members = (*_member_names(request), *invented)
    except CtxoptError as error:
        return Prediction(0, error=error.message)
    for problem in report.problems:
        if problem.severity is Severity.ERROR and problem.code in problems.STOPPING:
            return Prediction(0, error=problem.message)
    transfer = report.transfer
    return Prediction(
        transfer.tally.wire_bytes,
        transfer.printed,
        members,
        build.builder.alternative(transfer, build.outside),
        transfer.dockerfile_wire_bytes,
        transfer.ignorefile_wire_bytes,
    )


def _member_names(request: Request, *, whole: bool = False) -> list[str]:
    """The entries as docker names them."""
    return [
        f"{entry.path}/" if entry.directory else entry.path
        for entry in listing(request, whole=whole)
    ]


# --- the parts of a report -------------------------------------------------------


def _transfer(build: Build, question: Question, found: Survey) -> Transfer:
    if question.request == NOTHING:
        return Transfer(Tally(), None, repeat_wire_bytes=0)
    outside = build.outside if question.root == build.main.path else None
    transfer = build.builder.transfer(found.measurement.transfer, outside)
    if transfer.repeat_wire_bytes is not None and any(
        trace.wanted.source.writable for trace in question.targets.traced
    ):
        # A writable mount takes the daemon's copy away; next time all is sent again.
        return replace(transfer, repeat_wire_bytes=transfer.tally.wire_bytes)
    return transfer


def _context(build: Build, found: Survey, transfer: Transfer) -> Tally | None:
    if found.context_error is not None:
        return None
    return build.builder.context(found.measurement.context, transfer)


def _excluded(build: Build, kept: Settled) -> Usage:
    """What the ignore file keeps out: the difference to a walk without it."""
    everything = survey(Question(build.main.path, build.builder)).measurement.context
    return Usage(everything.files - kept.files, everything.file_bytes - kept.file_bytes)


def _named(
    build: Build, name: str, root: Root
) -> tuple[NamedReport, tuple[Problem, ...]]:
    question = build.question(root)
    found = survey(question)
    transfer = _transfer(build, question, found)
    uses, source_problems = _sources(build, root, question, found)
    report = NamedReport(
        name,
        root.path,
        root.ignore_summary(),
        _context(build, found, transfer),
        transfer,
        uses,
    )
    return report, (*source_problems, *_walk_problems(build, root, found))


def _sources(
    build: Build, root: Root, question: Question, found: Survey
) -> tuple[tuple[SourceUse, ...], tuple[Problem, ...]]:
    """What each source takes, and what is wrong with it."""
    tree = DiskTree(root.path)
    matcher = Matcher(root.patterns)
    withdrawn = build.builder.withdrawn(root.patterns, build.dockerfile.relative)
    arrived = found.fold.arrived
    taken = found.measurement.taken
    outcomes = settle(
        question.targets.traced,
        [usage.files for usage in taken],
        lambda path: path in arrived and path not in withdrawn,
        lambda path: tree.kind(path) is not None and _ignored(matcher, path),
    )
    uses = []
    notes = []
    traced = question.targets.traced
    for trace, outcome, usage in zip(traced, outcomes, taken, strict=True):
        decided_by = _decided_by(matcher, outcome)
        location = decided_by.location if decided_by else None
        use = SourceUse(
            trace.wanted.source,
            usage.files,
            usage.file_bytes,
            outcome.state,
            location,
        )
        uses.append(use)
        problem = problems.source_problem(
            trace.wanted, outcome, build.builder, decided_by
        )
        if problem is not None:
            notes.append(problem)
    return tuple(uses), tuple(notes)


def _ignored(matcher: Matcher, path: str) -> bool:
    try:
        return matcher.verdict(path).excluded
    except PatternError:
        return False


def _decided_by(matcher: Matcher, outcome: Outcome) -> Pattern | None:
    if outcome.state is not SourceState.IGNORED:
        return None
    return matcher.verdict(outcome.subject).decided_by


def _walk_problems(build: Build, root: Root, found: Survey) -> Iterator[Problem]:
    """What the walk met; `fails` where the builder would not go on."""
    strict = build.builder.validates
    matcher = Matcher(root.patterns)
    for path in found.fold.unreadable:
        reached = strict and problems.validation_reaches(matcher, path)
        yield problems.unreadable_file(path, fails=reached)
    for path in found.fold.withheld:
        yield problems.withheld(path)
    for path in found.fold.unspeakable:
        yield problems.not_utf8(path)
    for path in found.walk.unreadable:
        reached = not strict or problems.validation_reaches(matcher, path)
        yield problems.unreadable_folder(path, fails=reached)
    for path in found.walk.too_long:
        yield problems.path_too_long(path)
    for path in found.walk.vanished:
        yield problems.vanished(path)
    for path in found.fold.unsendable:
        yield problems.not_sendable(path)
    if found.context_error is not None:
        yield problems.context_unknown(found.context_error)
    if found.cut_off is not None:
        yield problems.cut_off(found.cut_off)
