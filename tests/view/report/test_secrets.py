"""The section that tells of secrets."""

from __future__ import annotations

import pytest

from ctxopt.core.findings import secrets as words
from ctxopt.core.model import (
    GitState,
    Location,
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


def section(*found: SecretFile, width: int = 80, verbose: bool = False) -> list[str]:
    report: Report = buildkit()._replace(secrets=found)
    lines = secrets.secrets(report, Page(width), verbose=verbose)
    return [plain(line) for line in lines]


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


def test_eight_lines_are_the_most_unless_all_are_asked_for() -> None:
    many = [KEY._replace(path=f"key{number}") for number in range(60)]
    assert len(section(*many)) == 9
    assert "55 more, 55 files of them in the image (--all" in section(*many)[6]
    assert sum("key" in line for line in section(*many, verbose=True)) >= 60


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


def test_the_bound_is_said_plainly() -> None:
    problem = words.unread(300, 2_000)
    report = buildkit()._replace(problems=(problem,))
    lines = secrets.secrets(report, Page(80), verbose=False)
    assert "2,300 files could hold a secret" in plain(lines[0])
