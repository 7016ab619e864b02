"""Problems of many builds: each told once, with its file as a person would type it."""

from __future__ import annotations

import pytest

from ctxopt.core.builds.problems import all_problems
from ctxopt.core.builds.records import (
    BuildKind,
    BuildResult,
    FoundBuild,
    FoundBuilds,
    RepositoryReport,
)
from ctxopt.core.model import Problem, Request, Severity
from tests.view.reports import buildkit


def build(name: str, request: Request, *problems: Problem) -> BuildResult:
    found = FoundBuild(name, BuildKind.BAKE, request, "Dockerfile", request.context)
    return BuildResult(found, buildkit()._replace(problems=problems))


def problem(file: str | None, severity: Severity = Severity.WARNING) -> Problem:
    return Problem("idle-line", severity, "said", file, 3)


def repository(
    *builds: BuildResult, problems: tuple[Problem, ...] = ()
) -> RepositoryReport:
    found = FoundBuilds(tuple(one.found for one in builds), problems)
    return RepositoryReport("/shop", found, builds)


@pytest.mark.parametrize(
    ("request_", "file", "told"),
    [
        pytest.param(
            Request("."), ".dockerignore", ".dockerignore", id="in the folder itself"
        ),
        pytest.param(
            Request("api"), ".dockerignore", "api/.dockerignore", id="in its context"
        ),
        pytest.param(
            Request("api"), "Dockerfile", "api/Dockerfile", id="the usual Dockerfile"
        ),
        pytest.param(
            Request("api", "api/Dockerfile"),
            "api/Dockerfile",
            "api/Dockerfile",
            id="a Dockerfile is told as it was typed",
        ),
        pytest.param(
            Request("../up", "x/Dockerfile"),
            ".dockerignore",
            "../up/.dockerignore",
            id="a context above",
        ),
        pytest.param(Request("api"), "/etc/x", "/etc/x", id="an absolute path stays"),
        pytest.param(Request("api"), None, None, id="no file at all"),
        pytest.param(
            Request("api", build_contexts={"assets": "../assets/"}),
            "../assets/.dockerignore",
            "../assets/.dockerignore",
            id="that of a named context is told as it was typed",
        ),
    ],
)
def test_a_file_is_named_from_where_the_person_is(
    request_: Request, file: str | None, told: str | None
) -> None:
    (found,) = all_problems(repository(build("a", request_, problem(file))))
    assert found.problem.file == told


def test_builds_of_one_file_share_a_problem() -> None:
    one = problem(".dockerignore")
    builds = [build(name, Request("."), one, one) for name in ("web", "api")]
    (found,) = all_problems(repository(*builds))
    assert found.builds == ("web", "api")


def test_the_same_words_about_two_files_are_two_problems() -> None:
    one = problem(".dockerignore")
    builds = [build(name, Request(name), one) for name in ("web", "api")]
    assert [found.builds for found in all_problems(repository(*builds))] == [
        ("web",),
        ("api",),
    ]


def test_errors_come_first_and_those_of_files_have_no_build() -> None:
    note = problem("compose.yaml", Severity.NOTE)
    error = problem("Dockerfile", Severity.ERROR)
    found = all_problems(
        repository(build("web", Request("."), error), problems=(note,))
    )
    assert [one.builds for one in found] == [("web",), ()]


def test_only_what_counts_is_told() -> None:
    made = build("web", Request("."), problem("a"), problem("b"))
    found = all_problems(repository(made), lambda one: one.problems[1:])
    assert [one.problem.file for one in found] == ["b"]
