"""What is wrong: problems that builds share are told once, with their names."""

from __future__ import annotations

from collections.abc import Iterator

from ctxopt.core.builds.problems import BuildsProblem, all_problems
from ctxopt.core.builds.records import BuildResult, RepositoryReport
from ctxopt.core.checking.families.breaks import BUILD_UNMEASURED
from ctxopt.core.findings.problems import of_error
from ctxopt.core.model import Problem, Severity
from ctxopt.view.builds.names import OPTION, every, some
from ctxopt.view.report.problems import problem_section, worth_telling
from ctxopt.view.report.screen import Section
from ctxopt.view.terminal import formatting
from ctxopt.view.terminal.layout import Page, cells

_BESIDE = 40  # cells that a row surely has for the reason of a build without sizes


def problems(report: RepositoryReport, page: Page, *, verbose: bool) -> Section:
    """The section "Problems", errors first; `verbose` tells of every single one."""
    told = (lambda one: one.problems) if verbose else worth_telling
    found = [*_unmeasured(report, page), *all_problems(report, told)]
    order = {severity: rank for rank, severity in enumerate(formatting.SEVERITIES)}
    found.sort(key=lambda one: order[one.problem.severity])
    every_build = len(report.measured)
    named = [
        _with_names(one, page, every_build=every_build, verbose=verbose)
        for one in found
    ]
    section = problem_section(named, page, verbose=verbose, option=OPTION)
    return section._replace(giving=(4, 2, 1, 1))


def _unmeasured(report: RepositoryReport, page: Page) -> Iterator[BuildsProblem]:
    """Why builds have no sizes, where their row does not say all of it."""
    alike: dict[Problem, list[str]] = {}
    for one in report.builds:
        if one.error is not None and not _fits_row(one, page):
            alike.setdefault(_as_problem(one), []).append(one.name)
    for problem, names in alike.items():
        yield BuildsProblem(problem, (*names,))


def _fits_row(one: BuildResult, page: Page) -> bool:
    error = one.error
    is_plain = error is None or not (error.hint or error.text or error.line)
    return is_plain and error is not None and cells(page.safe(error.message)) < _BESIDE


def _as_problem(one: BuildResult) -> Problem:
    """The error of a build; no failure where a part of it is only elsewhere."""
    error = one.error
    assert error is not None
    is_refused = one.found.refusal is not None
    severity = Severity.NOTE if is_refused else Severity.ERROR
    problem = of_error(BUILD_UNMEASURED, error)
    return problem._replace(severity=severity, hint=error.hint)


def _with_names(
    one: BuildsProblem, page: Page, *, every_build: int, verbose: bool
) -> Problem:
    """The problem, its builds named behind the message."""
    if not one.builds:
        return one.problem
    names = every(one.builds, page) if verbose else some(one.builds, page)
    if len(one.builds) == every_build > 3:
        names = "all builds"
    return one.problem._replace(message=f"{one.problem.message} ({names})")
