"""CTX4xx: secrets, by how far they go; what is found in files has tests of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctxopt.core.checking.records import Diagnostic
from ctxopt.core.model import Request
from ctxopt.pipeline.check.checking import check
from tests.checking.cases import Check, wrong
from tests.secretfiles import PASSWORD, TOKEN, pem

ALL = "FROM scratch; COPY . /"
STATE = '{"resources": [{"password": "' + PASSWORD + '"}]}'
FILES = {
    "CTX401": ("id_ed25519", pem("OPENSSH")),
    "CTX402": (".npmrc", f"//npm.example/:_authToken=npm_{TOKEN}\n"),
    "CTX403": (".env", f"DB_PASSWORD={PASSWORD}\n"),
    "CTX404": ("appsettings.Production.json", f'{{"Password": "{PASSWORD}"}}'),
    "CTX405": ("terraform.tfstate", STATE),
}

CAUGHT_BELOW = {*FILES, "CTX406", "CTX407"}

LEAVES_ALONE = {
    "files without a secret": Check(
        ALL,
        files="app.py = x = 1; .env.example = DB_PASSWORD=changeme",
        silent="CTX401 CTX402 CTX403 CTX404 CTX405 CTX406 CTX407",
    ),
}


def found(root: Path, number: str) -> list[Diagnostic]:
    """What a check of a build finds of one rule."""
    report = check(Request(str(root)))
    return [one for one in report.diagnostics if one.rule.number == number]


@pytest.mark.parametrize("number", FILES)
def test_it_catches(number: str, tmp_path: Path) -> None:
    name, content = FILES[number]
    (tmp_path / name).write_text(content)
    assert wrong(Check(ALL, finds=number, says=name), tmp_path) == []


@pytest.mark.parametrize("number", FILES)
def test_what_is_kept_out_is_none(number: str, tmp_path: Path) -> None:
    name, content = FILES[number]
    (tmp_path / name).write_text(content)
    assert wrong(Check(ALL, ignore=f"**/{name}", silent=number), tmp_path) == []


def test_how_far_it_goes_is_said(tmp_path: Path) -> None:
    (tmp_path / "id_ed25519").write_text(pem("OPENSSH"))
    far = {"COPY . /": "image", "RUN --mount=target=/s true": "RUN"}
    for line, where in far.items():
        (tmp_path / "Dockerfile").write_text(f"FROM scratch\n{line}\n")
        (one,) = found(tmp_path, "CTX401")
        assert where in one.problem.message


def test_a_profile_of_a_browser_is_caught(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p/logins.json").write_text(
        f'{{"logins": [{{"encryptedPassword": "{TOKEN}"}}]}}'
    )
    (tmp_path / "p/key4.db").write_bytes(b"SQLite format 3\0" + bytes(90))
    assert wrong(Check(ALL, finds="CTX406"), tmp_path) == []


def test_what_is_not_looked_into_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ctxopt.pipeline.secrets.MOST_READ", 1)
    files = "; ".join(f"data/{number}.json = {{}}" for number in range(5))
    assert wrong(Check(ALL, files=files, finds="CTX407"), tmp_path) == []
