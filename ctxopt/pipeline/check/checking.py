"""Request and settings in, everything that is wrong out; one walk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from ctxopt.core.builders import find_builder
from ctxopt.core.checking import catalogue
from ctxopt.core.checking.families import breaks
from ctxopt.core.checking.records import CheckReport, Diagnostic, FileText
from ctxopt.core.checking.selecting import counting
from ctxopt.core.checking.settings import CheckSettings
from ctxopt.core.checking.silencing import heard
from ctxopt.core.findings import problems
from ctxopt.core.findings.codes import IDLE_LINE, UNKNOWN_BASE
from ctxopt.core.model import Report, Request, Severity
from ctxopt.core.steps import NOBODY, Waiting
from ctxopt.errors import CtxoptError, DockerfileError, IgnoreFileError
from ctxopt.host.disk import inputs
from ctxopt.host.git.repository import find_repository
from ctxopt.pipeline.advice import Advice, Estimate, advise, rule_index_of
from ctxopt.pipeline.check.cache import cache_advice
from ctxopt.pipeline.check.checked import CheckedBuild, file_text, texts_of
from ctxopt.pipeline.check.dockerfile import dockerfile_advice
from ctxopt.pipeline.check.ignore_file import ignore_file
from ctxopt.pipeline.check.kaniko import built_by_kaniko
from ctxopt.pipeline.check.repairs import fix_of
from ctxopt.pipeline.check.sizes import size_findings, update_baseline
from ctxopt.pipeline.measuring import MeasuredBuild, measure
from ctxopt.pipeline.preparation.reading import read_inputs
from ctxopt.pipeline.report import report_of

Family = Callable[[CheckedBuild], Iterable[Diagnostic]]

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def check(
    request: Request,
    settings: CheckSettings | None = None,
    *,
    renew_baseline: bool = False,
    progress: Waiting | None = None,
) -> CheckReport:
    """Check a build: its Dockerfile, its ignore file, its context.

    With `renew_baseline` the sizes that it has now are those to grow from.
    Raises CtxoptError for what is no finding: no such folder, no Dockerfile.
    """
    settings = settings or CheckSettings()
    look_for = partial(rule_index_of, policy=settings.policy)
    try:
        measured = measure(
            request,
            top=1,
            depth=1,
            rule_index=look_for,
            progress=progress,
            compares=True,
        )
        advice = advise(measured, Estimate(), listener=progress or NOBODY)
        checked = read_checked(request, measured, advice, settings)
    except (DockerfileError, IgnoreFileError) as error:
        return check_refused(request, error, settings)
    return check_read(checked, renew_baseline=renew_baseline)


def check_read(checked: CheckedBuild, *, renew_baseline: bool = False) -> CheckReport:
    """The check of a build that is measured and read.

    Raises CtxoptError for a baseline that cannot be read or written.
    """
    settings = checked.settings
    if renew_baseline and settings.growth is not None:
        update_baseline(checked, settings.growth.baseline)
    return _report(
        inputs.context_folder(checked.request.context),
        tuple(_found(checked)),
        checked.texts,
        settings=settings,
        report=checked.report,
    )


def check_refused(
    request: Request, error: CtxoptError, settings: CheckSettings
) -> CheckReport:
    """The check of a build whose builder refuses a line of a file.

    Raises the error itself where it is about no line.
    """
    if not isinstance(error, DockerfileError | IgnoreFileError) or error.line is None:
        raise error
    context = inputs.context_folder(request.context)
    texts = tuple(_texts_of_error(request))
    return _report(context, (_refused(error),), texts, settings=settings)


def read_checked(
    request: Request,
    measured: MeasuredBuild,
    advice: Advice,
    settings: CheckSettings,
) -> CheckedBuild:
    """A build as the families of rules read it, its finds noted on the way."""
    report = report_of(request, measured, advice, excluded=False)
    return CheckedBuild(
        request=request,
        settings=settings,
        measured=measured,
        advice=advice,
        report=report,
        texts=tuple(texts_of(measured.build)),
    ).read()


# --- what is found ---------------------------------------------------------------


def _found(checked: CheckedBuild) -> Iterator[Diagnostic]:
    for family in FAMILIES:
        yield from family(checked)


def _reported(checked: CheckedBuild) -> Iterator[Diagnostic]:
    """What a scan tells of, too.

    A base image is news only where it may be the only one that copies (ONBUILD). Odd
    lines of an ignore file have rules of their own here.
    """
    copies = bool(checked.report.sources or checked.report.named)
    silent = {IDLE_LINE.code, *([UNKNOWN_BASE.code] if copies else [])}
    for problem in checked.report.problems:
        if problem.code not in silent:
            yield catalogue.diagnostic(problem, fix_of(problem, checked))


# In any order: diagnostics are sorted by place.
FAMILIES: tuple[Family, ...] = (
    _reported,
    ignore_file,
    built_by_kaniko,
    size_findings,
    cache_advice,
    dockerfile_advice,
)


# --- a build that its builder refuses --------------------------------------------


def _refused(error: CtxoptError) -> Diagnostic:
    is_dockerfile = isinstance(error, DockerfileError)
    finding = breaks.DOCKERFILE_INVALID if is_dockerfile else breaks.IGNORE_FILE_INVALID
    return catalogue.diagnostic(problems.of_error(finding, error, subject=error.text))


def _texts_of_error(request: Request) -> Iterator[FileText]:
    """Dockerfile and ignore file, of which the builder refuses one."""
    read = read_inputs(request, find_builder(request.builder))
    for one in (read.dockerfile, read.ignore_file):
        if one is not None and not isinstance(one, CtxoptError):
            yield file_text(one.shown, one.path, one.content)


# --- what is left of it ----------------------------------------------------------


def _report(
    context: str,
    found: tuple[Diagnostic, ...],
    texts: tuple[FileText, ...],
    *,
    settings: CheckSettings,
    report: Report | None = None,
) -> CheckReport:
    left = heard(found, texts, is_whole=report is not None)
    paths = dict(_inside(context, texts))
    told = sorted(counting(left.diagnostics, settings, paths=paths), key=_place)
    return CheckReport(
        context_path=context,
        base_path=base_of(context),
        diagnostics=tuple(told),
        silenced=left.silenced,
        texts=texts,
        report=report,
        quiet=left.quiet,
    )


def _inside(context: str, texts: Iterable[FileText]) -> Iterator[tuple[str, str]]:
    """Files of the context as problems name them, and their paths in it."""
    for text in texts:
        path = os.path.relpath(text.path, context)
        if text.path != inputs.STDIN and not path.startswith("../"):
            yield text.shown, path


def base_of(context: str) -> str:
    """The folder that paths of a review begin at: as `context` is written."""
    repository = find_repository(context)
    if repository is None:
        return os.getcwd()
    inside = os.path.relpath(os.path.realpath(context), repository.top)
    if inside == ".":
        return context
    above = context.removesuffix(f"/{inside}")
    return repository.top if above == context else above


def _place(one: Diagnostic) -> tuple[str, int, int, str, str]:
    problem = one.problem
    return (
        problem.file or "",
        problem.line or 0,
        _ORDER[problem.severity],
        one.rule.number,
        problem.message,
    )
