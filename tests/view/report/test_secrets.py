"""The section that tells of secrets."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ctxopt.core.findings import problems
from ctxopt.core.findings import secrets as words
from ctxopt.core.model import (
    GitState,
    Location,
    Problem,
    Reach,
    Report,
    SecretFile,
    Severity,
    Source,
)
from ctxopt.view.report import secrets
from ctxopt.view.terminal.layout import Page, cells
from ctxopt.view.terminal.output import plain
from tests.view.reports import buildkit

COPY = Source(
    "COPY", "1", Location("Dockerfile", 4, 4), ".", ".", line_text="COPY . /srv/app"
)
KEY = SecretFile(
    path="deploy_key",
    rule="secret-keys",
    family="key",
    what="a private key",
    sure=True,
    reach=Reach.IMAGE,
    git=GitState.IGNORED,
    source=COPY,
)


def section(
    *found: SecretFile, width: int = 80, rows: int = 5, problems: Sequence[Problem] = ()
) -> list[str]:
    report: Report = buildkit()._replace(secrets=found, problems=tuple(problems))
    told = secrets.secrets(report, Page(width), whole_list=False)
    return [plain(line) for line in told.lines(rows)]


def test_without_a_secret_there_is_no_section() -> None:
    assert section() == []


def test_it_says_what_where_and_how_far() -> None:
    head, row, *advice = section(KEY, width=90)
    assert head == "Secrets"
    assert row == (
        "  deploy_key  a private key  in the image: COPY . /srv/app (line 4), "
        "git ignores it"
    )
    assert " ".join(map(str.strip, advice)) == secrets.BETTER


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reach": Reach.STAGE}, "in a stage: COPY . /srv/app (line 4)"),
        ({"reach": Reach.MOUNT}, "lent to a RUN: COPY . /srv/app (line 4)"),
        ({"reach": Reach.CONTEXT, "source": None}, "sent, no COPY takes it"),
        ({"reach": Reach.NOWHERE, "source": None}, "not sent by this build"),
        ({"git": GitState.TRACKED}, "(line 4), git tracks it"),
    ],
)
def test_how_far_it_goes_is_said(changes: dict[str, object], said: str) -> None:
    one = KEY._replace(git=GitState.UNTRACKED)._replace(**changes)  # type: ignore[arg-type]
    assert said in section(one)[1]


def test_of_many_those_that_are_left_out_are_counted() -> None:
    many = [KEY._replace(path=f"key{number}") for number in range(60)]
    lines = section(*many)
    assert len(lines) == 9
    assert lines[6] == "  55 more, 55 files of them in the image (-v)"
    assert sum("key" in line for line in section(*many, rows=60)) == 60


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_line_is_wider_than_the_page(width: int) -> None:
    long = KEY._replace(path="deep/" * 20 + "key")
    lines = section(long, KEY, KEY._replace(git=GitState.TRACKED), width=width)
    assert max(cells(line) for line in lines) <= width


def test_what_only_tests_have_gets_no_advice() -> None:
    assert len(section(KEY._replace(git=GitState.TRACKED))) == 2


def test_a_tracked_or_locked_one_is_a_note() -> None:
    found = [
        KEY,
        KEY._replace(git=GitState.TRACKED),
        KEY._replace(sure=False),
    ]
    assert [one.severity for one in words.of_files(found)] == [
        Severity.WARNING,
        Severity.NOTE,
        Severity.NOTE,
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, 'which "COPY . /srv/app" puts into the image; git ignores it'),
        (
            {"reach": Reach.STAGE},
            'which "COPY . /srv/app" puts into stage 1, which is thrown away',
        ),
        ({"reach": Reach.MOUNT}, 'which "COPY . /srv/app" lends to a command'),
        ({"reach": Reach.CONTEXT, "source": None}, "which is sent, and no COPY takes"),
        ({"reach": Reach.NOWHERE, "source": None}, "which this build does not send"),
    ],
)
def test_a_problem_says_how_far_it_goes(changes: dict[str, object], said: str) -> None:
    (problem,) = words.of_files([KEY._replace(**changes)])  # type: ignore[arg-type]
    assert problem.code == "secret-key"
    assert problem.subject == "deploy_key"
    assert said in problem.message


def test_a_home_folder_is_one_loud_line_and_no_list() -> None:
    home = problems.vast_context("/home/me")
    assert section(KEY, KEY, width=100, problems=[home]) == [
        (
            "A home folder, or a whole disk, is no build context: 2 files in it hold "
            "secrets."
        ),
        "  Give the folder of the project: ctxopt scan PROJECT, docker build PROJECT.",
    ]
    report = buildkit()._replace(secrets=(KEY, KEY), problems=(home,))
    assert secrets.secrets(report, Page(100), whole_list=True).rows


def test_the_bound_is_said_plainly() -> None:
    (line, *_) = section(problems=[words.unread(300, 2_000)])
    assert "2,300 files could hold a secret" in line
