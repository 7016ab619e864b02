"""Planted secrets are found, look-alikes are not, and no value is ever shown."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import ctxopt
from ctxopt.core.model import Confidence, Reach, Report
from ctxopt.view.report import json, text
from tests.secretfiles import (
    BODY,
    HEX,
    LOOK_ALIKES,
    OTHER,
    PASSWORD,
    PLANTED,
    TOKEN,
    pem,
)

FILES = {path: content for kind in PLANTED.values() for path, content in kind.items()}


def lay_out(root: Path, files: Mapping[str, str | bytes]) -> Path:
    for path, content in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True)


def report_of(root: Path) -> Report:
    return ctxopt.analyze(root, estimate=ctxopt.Estimate())


def shown(report: Report) -> Iterator[str]:
    """All that can be made visible of a report."""
    page = io.StringIO()
    text.show(report, page, room=None, verbose=True)
    yield page.getvalue()
    record = io.StringIO()
    json.show(report, record)
    yield record.getvalue()


DOCKERFILE = 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD ["python", "app.py"]\n'


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Report:
    root = lay_out(tmp_path_factory.mktemp("planted"), FILES)
    (root / "Dockerfile").write_text(DOCKERFILE, encoding="utf-8")
    return report_of(root)


@pytest.fixture(scope="module")
def alike(tmp_path_factory: pytest.TempPathFactory) -> Report:
    root = lay_out(tmp_path_factory.mktemp("alike"), LOOK_ALIKES)
    (root / "Dockerfile").write_text(DOCKERFILE, encoding="utf-8")
    return report_of(root)


def test_there_are_sixty_of_thirty_kinds_and_sixty_that_look_so() -> None:
    assert len(FILES) >= 60
    assert len(PLANTED) >= 30
    assert len(LOOK_ALIKES) >= 60


@pytest.mark.parametrize("path", FILES)
def test_a_planted_secret_is_found(planted: Report, path: str) -> None:
    found = {one.path: one for one in planted.secrets}
    assert path in found
    assert found[path].reach is Reach.IMAGE


def test_every_secret_is_a_problem_with_a_code_of_its_own(planted: Report) -> None:
    told = {one.subject for one in planted.problems if one.code.startswith("secret-")}
    assert told == set(FILES)


def test_nothing_else_is_found_among_them(planted: Report) -> None:
    assert {one.path for one in planted.secrets} == set(FILES)


@pytest.mark.parametrize("path", LOOK_ALIKES)
def test_a_look_alike_is_silent(alike: Report, path: str) -> None:
    assert path not in {one.path for one in alike.secrets}


def test_nobody_is_asked_about_a_look_alike(alike: Report) -> None:
    asked = [one for one in alike.suggestions if one.rule.startswith("secret-")]
    assert [(one.rule, one.patterns) for one in asked] == []


def test_no_value_is_ever_shown(planted: Report) -> None:
    for page in shown(planted):
        assert "certs/server.key" in page
        for value in (PASSWORD, OTHER, TOKEN, HEX, BODY.split("\n", maxsplit=1)[0]):
            assert value not in page


def test_what_nobody_tracks_is_kept_out_without_being_asked_about(
    planted: Report,
) -> None:
    sure = {one.path for one in planted.secrets if one.sure}
    asked = [
        one
        for one in planted.suggestions
        if one.confidence is Confidence.ASK and one.rule.startswith("secret-")
    ]
    assert {one.rule for one in asked} <= {"secret-in-settings", "secret-tokens"}
    assert len(sure) >= 50


def test_a_key_that_git_tracks_is_a_note_and_stays(tmp_path: Path) -> None:
    files = {"Dockerfile": DOCKERFILE, "tests/data/id": pem("RSA"), "key": pem("RSA")}
    lay_out(tmp_path, files)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    report = report_of(tmp_path)
    assert [(one.path, str(one.severity)) for one in report.secrets] == [
        ("key", "note"),
        ("tests/data/id", "note"),
    ]
    bold = [one for one in report.suggestions if one.confidence is not Confidence.ASK]
    assert not [one for one in bold if one.rule.startswith("secret-")]


@pytest.mark.parametrize(
    ("config", "found"),
    [
        (f'[remote "o"]\n\turl = https://me:{PASSWORD}@git.example.org/a\n', True),
        (f"[http]\n\textraheader = AUTHORIZATION: basic {TOKEN}\n", True),
        ('[remote "o"]\n\turl = https://gh' + f"p_{TOKEN}@github.com/a/b\n", True),
        ('[remote "o"]\n\turl = https://me@git.example.org/a\n', False),
        ('[remote "o"]\n\turl = git@github.com:a/b.git\n', False),
    ],
)
def test_a_login_in_the_settings_of_git_is_found(
    tmp_path: Path, config: str, *, found: bool
) -> None:
    lay_out(
        tmp_path, {"Dockerfile": DOCKERFILE, ".git/config": config, ".git/HEAD": "x"}
    )
    assert bool(report_of(tmp_path).secrets) is found


def test_a_file_that_a_source_names_is_told_of_and_held_back(tmp_path: Path) -> None:
    dockerfile = "FROM a\nCOPY deploy_key /root/.ssh/id\n"
    lay_out(tmp_path, {"Dockerfile": dockerfile, "deploy_key": pem("RSA")})
    report = report_of(tmp_path)
    (one,) = report.secrets
    assert one.reach is Reach.IMAGE
    assert "COPY deploy_key /root/.ssh/id" in next(
        problem.message for problem in report.problems if problem.code == "secret-key"
    )
    assert not [one for one in report.suggestions if one.rule == "secret-keys"]


def test_what_the_ignore_file_keeps_out_is_no_secret_of_the_context(
    tmp_path: Path,
) -> None:
    files = {"Dockerfile": DOCKERFILE, "key": pem("RSA"), ".dockerignore": "key\n"}
    assert report_of(lay_out(tmp_path, files)).secrets == ()


def test_of_a_home_folder_not_every_file_is_a_problem(tmp_path: Path) -> None:
    files = {".bashrc": "x", ".bash_history": "x", ".cache/a": "x", "id": pem("RSA")}
    report = report_of(lay_out(tmp_path, {"Dockerfile": DOCKERFILE, **files}))
    assert [one.path for one in report.secrets] == ["id"]
    told = {one.code for one in report.problems}
    assert "vast-context" in told
    assert "secret-key" not in told


def test_a_file_of_tests_is_a_note_whether_or_not_git_tracks_it(tmp_path: Path) -> None:
    files = {"Dockerfile": DOCKERFILE, "e2e/testdata/htpasswd": f"me:$apr1${TOKEN}"}
    (one,) = report_of(lay_out(tmp_path, files)).secrets
    assert str(one.severity) == "note"


def test_more_files_than_are_looked_into_are_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ctxopt.pipeline.secrets.MOST_READ", 3)
    files = {f"data/{number}.json": "{}" for number in range(5)}
    lay_out(tmp_path, {"Dockerfile": DOCKERFILE, "key.pem": pem("RSA"), **files})
    report = report_of(tmp_path)
    # What a name says more of is looked into first.
    assert [one.path for one in report.secrets] == ["key.pem"]
    assert [one.code for one in report.problems if "secrets" in one.code] == [
        "secrets-unread"
    ]


def test_a_folder_of_the_same_name_stays(tmp_path: Path) -> None:
    """Then the line says where the file is: `**/.env` would take the folder, too."""
    files = {"src/.env": f"DB_PASSWORD={PASSWORD}\n", ".env/bin/tool.sh": "x"}
    report = report_of(lay_out(tmp_path, {"Dockerfile": DOCKERFILE, **files}))
    (secret,) = (one for one in report.suggestions if one.rule == "secret-dotenv")
    assert secret.patterns == ("src/.env",)


def test_many_secrets_of_a_kind_go_as_one_does(tmp_path: Path) -> None:
    """No line but their paths hits them; there are more than clutter may have."""
    names = [f"signer-{number}" for number in range(12)]
    lay_out(tmp_path, {"Dockerfile": DOCKERFILE, **dict.fromkeys(names, pem("EC"))})
    (keys,) = (
        one for one in report_of(tmp_path).suggestions if one.rule == "secret-keys"
    )
    assert sorted(keys.patterns) == sorted(names)
