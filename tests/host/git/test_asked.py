"""What git would ignore, asked about paths that are not there; compared with git."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctxopt.host.git.asked import GitAsked
from tests.host.git.test_ignored import git, needs_git, write

PATHS = [
    *("node_modules", "a/node_modules", "a/b/node_modules", "dist", "a/dist"),
    *("vendor/bundle", "a/vendor/bundle", ".env", "a/.env", ".env.local", "x.log"),
    *("a/x.log", "kept.log", "tmp/cache", "tmp/.keep", "new/deep/er", "build/x/y"),
]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    write(
        tmp_path / ".gitignore",
        *("node_modules", "/dist", ".env*", "*.log", "!kept.log", "/vendor/bundle"),
        *("tmp/*", "!tmp/.keep", "build/"),
    )
    write(tmp_path / "a" / ".gitignore", "dist/", "!.env")
    write(tmp_path / ".git" / "info" / "exclude", "new/")
    return tmp_path


def by_git(folder: Path, path: str, *, is_folder: bool) -> tuple[str, int] | None:
    """The file and the line that git names; a line with `!` is none."""
    asked = f"{path}/" if is_folder else path
    said = git(folder, "check-ignore", "-v", "--no-index", asked).decode()
    if not said:
        return None
    file, line, text = said.split("\t")[0].split(":", 2)
    return None if text.startswith("!") else (file, int(line))


@needs_git
@pytest.mark.parametrize("is_folder", [False, True], ids=["files", "folders"])
def test_it_is_as_git_says(repository: Path, is_folder: bool) -> None:  # noqa: FBT001
    asked = GitAsked.below(str(repository))
    assert asked is not None
    # In any order: what was asked before changes nothing.
    for path in (*PATHS, *reversed(PATHS)):
        line = asked.line(path, is_folder=is_folder)
        told = line and (line.file, line.line)
        assert told == by_git(repository, path, is_folder=is_folder), path


@needs_git
def test_a_context_below_the_top_hears_what_is_said_above(repository: Path) -> None:
    asked = GitAsked.below(str(repository / "a"))
    assert asked is not None
    line = asked.line("b/node_modules", is_folder=True)
    assert line is not None
    assert (line.file, line.line) == ("../.gitignore", 1)


def test_without_git_nothing_is_said(tmp_path: Path) -> None:
    assert GitAsked.below(str(tmp_path)) is None
