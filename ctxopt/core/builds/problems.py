"""What is wrong with the builds of a repository: each thing once, and whose it is.

The report of one build names files as they were typed, or from its context on; of many
builds each has to be named from where the person is.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator

from ctxopt.core.builds.records import BuildResult, FoundBuild, RepositoryReport
from ctxopt.core.model import Problem, Report, Severity
from ctxopt.core.tuples import NamedTuple

_LOUDEST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


class BuildsProblem(NamedTuple):
    """A problem, with its file as a person would type it, and the builds that have it.

    No build has it where it is one of the files that name builds.
    """

    problem: Problem
    builds: tuple[str, ...] = ()


def all_problems(
    report: RepositoryReport,
    told: Callable[[Report], Iterable[Problem]] = lambda one: one.problems,
) -> tuple[BuildsProblem, ...]:
    """Every problem once, errors first; builds are in the order of the report.

    `told` says which problems of a build count.
    """
    builds: dict[Problem, list[str]] = {one: [] for one in report.found.problems}
    for result in report.builds:
        for problem in _of_build(result, told):
            names = builds.setdefault(problem, [])
            if result.name not in names:
                names.append(result.name)
    found = [BuildsProblem(one, (*names,)) for one, names in builds.items()]
    order = {severity: rank for rank, severity in enumerate(_LOUDEST_FIRST)}
    return tuple(sorted(found, key=lambda one: order[one.problem.severity]))


def _of_build(
    result: BuildResult, told: Callable[[Report], Iterable[Problem]]
) -> Iterator[Problem]:
    if result.report is None:
        return
    for problem in told(result.report):
        yield problem._replace(file=typed(problem.file, result.found))


def typed(file: str | None, found: FoundBuild) -> str | None:
    """A file that a build's problem names, as seen from where the person is."""
    if file is None or posixpath.isabs(file) or file == found.request.dockerfile:
        return file
    for value in found.request.build_contexts.values():
        if file.startswith(f"{value.rstrip('/')}/"):  # named from there already
            return file
    return posixpath.normpath(posixpath.join(found.context, file))
