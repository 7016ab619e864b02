"""All builds of a repository checked as one: measured side by side, told together."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress

from ctxopt.core.builds.records import FoundBuild, FoundBuilds
from ctxopt.core.checking import catalogue
from ctxopt.core.checking.families import breaks
from ctxopt.core.checking.records import BuildCheck, CheckReport, Diagnostic, FileText
from ctxopt.core.checking.selecting import counting
from ctxopt.core.checking.settings import CheckSettings
from ctxopt.core.checking.several import CheckedPart, together
from ctxopt.core.findings import problems
from ctxopt.core.model import Problem, Severity
from ctxopt.core.steps import Waiting
from ctxopt.errors import CtxoptError
from ctxopt.host.disk.bounded import read_at_once
from ctxopt.pipeline.advice import Estimate
from ctxopt.pipeline.builds.advising import Adviser
from ctxopt.pipeline.builds.measuring import MeasuredOne
from ctxopt.pipeline.builds.report import Surveyed, survey_builds
from ctxopt.pipeline.check.checked import CheckedBuild, file_text
from ctxopt.pipeline.check.checking import (
    base_of,
    check_read,
    check_refused,
    read_checked,
)

_DOCKERFILE = "Dockerfile"


def check_all(
    folder: str,
    found: FoundBuilds,
    settings: CheckSettings,
    *,
    settings_of: Callable[[str], CheckSettings] | None = None,
    renew_baseline: bool = False,
    surveyed: Surveyed | None = None,
    progress: Waiting | None = None,
) -> CheckReport:
    """Check all builds that were found in a folder, which is named as it was typed.

    `settings` are for what is about no build, `settings_of` has those of a build by
    its name. With `renew_baseline` the sizes of each are those to grow from. What was
    measured and is advised already can be given.
    Raises CtxoptError for a baseline that cannot be read or written.
    """
    if surveyed is None:
        surveyed = survey_builds(
            found,
            top=1,
            estimate=Estimate(),
            policy=settings.policy,
            progress=progress,
        )
    adviser = surveyed.adviser
    assert adviser is not None  # a check looks at what is advised
    judge = _Judge(settings_of or (lambda _name: settings), adviser, renew_baseline)
    parts = [judge.part(one) for one in adviser.each(surveyed.measured)]
    others = [*_of_files(found), *judge.unmeasured]
    path = os.path.abspath(folder)
    return together(
        parts,
        counting(others, settings),
        texts=_texts(found),
        shown=_Shown(folder),
        context_path=path,
        base_path=base_of(path),
    )


class _Judge:
    """Checks builds one by one, each with its settings."""

    def __init__(
        self,
        settings_of: Callable[[str], CheckSettings],
        adviser: Adviser,
        renew_baseline: bool,  # noqa: FBT001  # of one call
    ) -> None:
        self._settings_of = settings_of
        self._renew_baseline = renew_baseline
        self._adviser = adviser
        self.unmeasured: list[Diagnostic] = []

    def part(self, one: MeasuredOne) -> CheckedPart:
        """A build with what its check finds; what cannot be measured is noted."""
        settings = self._settings_of(one.found.name)
        try:
            report = check_read(
                self._read(one, settings), renew_baseline=self._renew_baseline
            )
        except _UncheckedError as unchecked:
            return self._refused(one.found, unchecked.error, settings)
        return CheckedPart(_build(one.found, report), report)

    def _read(self, one: MeasuredOne, settings: CheckSettings) -> CheckedBuild:
        """Raises _UncheckedError where this build cannot be measured or advised."""
        if one.measured is None:
            assert one.error is not None  # it stands in the place of the other
            raise _UncheckedError(one.error)
        try:
            advice = self._adviser.of(one.measured)
            return read_checked(one.found.request, one.measured, advice, settings)
        except CtxoptError as error:
            raise _UncheckedError(error) from None

    def _refused(
        self, found: FoundBuild, error: CtxoptError, settings: CheckSettings
    ) -> CheckedPart:
        try:
            report = check_refused(found.request, error, settings)
        except CtxoptError:
            self.unmeasured.append(_unmeasured(found, error))
            return CheckedPart(_build(found), None)
        return CheckedPart(_build(found, report), report)


class _UncheckedError(Exception):
    """A build has no check of its own, for an error that ends no other."""

    def __init__(self, error: CtxoptError) -> None:
        super().__init__(error)
        self.error = error


def _build(found: FoundBuild, checked: CheckReport | None = None) -> BuildCheck:
    context = os.path.abspath(found.request.context)
    dockerfile = found.request.dockerfile or os.path.join(context, _DOCKERFILE)
    return BuildCheck(
        name=found.name,
        context=found.context,
        dockerfile=found.dockerfile,
        context_path=context,
        dockerfile_path=os.path.abspath(dockerfile),
        place=found.place,
        report=None if checked is None else checked.report,
    )


# --- what has no check ---------------------------------------------------------------


def _of_files(found: FoundBuilds) -> Iterator[Diagnostic]:
    """What is wrong with the files that name builds."""
    for problem in found.problems:
        yield catalogue.diagnostic(problem)


def _unmeasured(found: FoundBuild, error: CtxoptError) -> Diagnostic:
    """That a build cannot be measured: no fault where it lies elsewhere."""
    severity = Severity.NOTE if found.refusal is not None else Severity.ERROR
    problem = problems.of_error(breaks.BUILD_UNMEASURED, error, subject=found.name)
    told = _placed(problem, found)._replace(severity=severity)
    return catalogue.diagnostic(told)._replace(builds=(found.name,))


def _placed(problem: Problem, found: FoundBuild) -> Problem:
    """The same where the build is named, with the file that the error is about."""
    place = found.place
    if place is None or problem.line is not None:
        return problem
    message = problem.message
    if problem.file is not None:
        message = f'"{problem.file}": {message}'
    return problem._replace(
        file=place.file, line=place.line, end_line=place.end_line, message=message
    )


def _texts(found: FoundBuilds) -> Iterator[FileText]:
    """The files that name builds, as far as they can be read."""
    places = [one.place.file for one in found.builds if one.place is not None]
    wrong = [one.file for one in found.problems if one.file is not None]
    for shown in dict.fromkeys((*found.files, *wrong, *places)):
        with suppress(OSError):
            yield file_text(shown, os.path.abspath(shown), read_at_once(shown))


class _Shown:
    """Absolute paths as a person types them who named a folder."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._path = os.path.abspath(folder)
        self._here = os.getcwd()

    def __call__(self, path: str) -> str:
        """From the folder as it was typed; from here where it is outside of that."""
        below = os.path.relpath(path, self._path)
        if not below.startswith("../"):
            return os.path.normpath(os.path.join(self._folder, below))
        return min(os.path.relpath(path, self._here), path, key=len)
