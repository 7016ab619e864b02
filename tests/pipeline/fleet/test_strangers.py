"""Clones of strangers: nothing of whoever works comes into what is said of them."""

from __future__ import annotations

import errno
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ctxopt import __version__
from ctxopt.core.fleet.addresses import git_source
from ctxopt.pipeline.fleet.task import (
    Asked,
    Limits,
    Task,
    _station,
    carry_out,
)
from tests.host.git.test_head import git
from tests.pipeline.fleet.test_running import STATION, commit

OWN = "word-of-whoever-works"


@pytest.fixture
def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A repository with one build, and what could be taken from whoever works."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "Dockerfile").write_text(f"{OWN} FROM scratch\n")
    monkeypatch.setenv("HOME", str(own))
    monkeypatch.setenv("TOKEN", OWN)
    monkeypatch.setenv("CTXOPT_PROFILE", "local")
    monkeypatch.setenv("COMPOSE_FILE", "other.yaml")
    top = tmp_path / "shop"
    top.mkdir()
    (top / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    _station(STATION).close()  # the next has these variables
    yield top
    _station(STATION).close()


def looked(
    top: Path, known: str | None = None, **limits: Any
) -> tuple[dict[str, Any], bytes]:
    """The row of a clone, and its page."""
    asked = Asked(made_by=__version__, mark="m")
    most = Limits(**{"attempts": 1, **limits})
    task = Task(git_source(f"file://{top}"), asked, most, STATION, known)
    made = carry_out(task).unpacked()
    assert made is not None
    return json.loads(made[0]), made[1] or b""


def test_what_lies_elsewhere_is_not_in_the_row(stranger: Path) -> None:
    own = stranger.parent / "own"
    (stranger / "compose.yaml").write_text(
        f"services:\n"
        f"  disk: {{build: /}}\n"
        f"  own: {{build: {own}}}\n"
        f"  file: {{build: {{context: ., dockerfile: {own}/Dockerfile}}}}\n"
        f"  said: {{build: {{context: ., args: {{A: $TOKEN}}, target: x$TOKEN}}}}\n"
    )
    commit(stranger)
    row, page = looked(stranger)
    said = json.dumps(row)
    assert OWN not in said
    assert OWN.encode() not in page
    builds = {one["name"]: one for one in row["scan"]["builds"]}
    assert set(builds) == {"disk", "own", "file", "said"}
    for name in ("disk", "own", "file"):
        assert "lies outside of the repository" in builds[name]["error"]["message"]


def test_whoever_works_changes_nothing_of_the_row(
    stranger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(stranger)
    first, page = looked(stranger)
    for name in ("CTXOPT_PROFILE", "COMPOSE_FILE", "TOKEN"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("CTXOPT_BUILDER", "legacy")
    _station(STATION).close()
    second, other_page = looked(stranger)
    for row in (first, second):
        del row["seconds"]
    assert (first, page) == (second, other_page)


def test_a_server_that_answers_without_end_is_bounded(
    stranger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = stranger.parent / "bin" / "git"
    program.parent.mkdir()
    program.write_text(
        "#!/bin/sh\n"
        'case "$*" in *ls-remote*) exec yes refs/heads/main;; esac\n'
        'PATH=${PATH#*:} exec git "$@"\n'
    )
    program.chmod(0o755)
    commit(stranger)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    row, _ = looked(stranger, known="0" * 40, memory_bytes=500_000_000)
    assert row["state"] == "measured"


def test_a_worker_without_room_costs_a_row(
    stranger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_named: str) -> str:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("tempfile.mkdtemp", full)
    row, _ = looked(stranger)
    assert row["failure"]["kind"] == "crashed"
    assert "No space left on device" in row["failure"]["message"]


def deep(top: Path, levels: int) -> None:
    """Let the commit have a folder in a folder, so often."""

    def tree(row: str) -> str:
        words = ["git", "mktree"]
        said = f"{row}\td\n"
        done = subprocess.run(
            words, input=said, cwd=top, check=True, capture_output=True, text=True
        )
        return f"040000 tree {done.stdout.strip()}"

    row = f"100644 blob {git(top, 'rev-parse', 'HEAD:Dockerfile')}"
    for _ in range(levels):
        row = tree(row)
    git(top, "update-ref", "HEAD", git(top, "commit-tree", "-m", "", row.split()[2]))


@pytest.mark.deep
def test_a_tree_that_is_deep_costs_its_own_row(
    stranger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    commit(stranger)
    deep(stranger, 1200)
    row, _ = looked(stranger)
    assert row["failure"] is None or row["failure"]["kind"] != "bug", row["failure"]
    assert os.listdir(scratch) == []
