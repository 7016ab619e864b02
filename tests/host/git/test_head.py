from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ctxopt.host.git.head import commit_of
from ctxopt.host.git.repository import find_repository

NAMED = ("-c", "user.name=n", "-c", "user.email=e@example.com")


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", *NAMED, *words], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "one")
    return tmp_path


def found(folder: Path) -> str | None:
    repository = find_repository(str(folder))
    assert repository is not None
    return commit_of(repository)


def test_it_is_what_git_says_in_every_way_of_keeping_it(shop: Path) -> None:
    assert found(shop) == git(shop, "rev-parse", "HEAD")
    git(shop, "pack-refs", "--all")
    assert found(shop) == git(shop, "rev-parse", "HEAD")
    git(shop, "commit", "-q", "--allow-empty", "-m", "two")
    assert found(shop) == git(shop, "rev-parse", "HEAD")
    git(shop, "checkout", "-q", "--detach", "HEAD~1")
    assert found(shop) == git(shop, "rev-parse", "HEAD")
    git(shop, "worktree", "add", "-q", "beside", "main")
    assert found(shop / "beside") == git(shop, "rev-parse", "main")
    git(shop / "beside", "pack-refs", "--all")
    assert found(shop / "beside") == git(shop, "rev-parse", "main")


def test_there_is_none_yet_or_nobody_can_tell(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    assert found(tmp_path) is None
    head = tmp_path / ".git" / "HEAD"
    for said in (
        "ref: ../../secret\n",
        "ref: /etc/passwd\n",
        "nonsense\n",
        "ref: HEAD\n",
    ):
        head.write_text(said)
        assert found(tmp_path) is None
