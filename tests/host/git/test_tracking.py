"""One path looked up in an index is what git itself says of it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from ctxopt.host.git.index import tracked
from ctxopt.host.git.tracking import is_tracked
from tests.texttree import plant

TREE = "a:1 ab:1 src/a:1 src/lib/b:1 src/lib.py:1 lib/src/a:1 x/" + "n" * 47 + ":1"
ASKED = (
    "a",
    "b",
    "ab",
    "src/a",
    "lib.py",
    "src/lib.py",
    "src/lib/b",
    "n" * 47,
    "nosuch",
)
FOLDERS = ("src", "src/lib", "lib", "lib/src", "s", "nosuch")


def git(root: Path, *arguments: str) -> None:
    settings = (
        "-c",
        "user.name=n",
        "-c",
        "user.email=e",
        "-c",
        "protocol.file.allow=always",
    )
    command = ["git", *settings, "-C", str(root), *arguments]
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A repository in which most of the files are tracked."""
    plant(tmp_path, f"{TREE} untracked:1 src/untracked:1")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "a", "ab", "src/a", "src/lib", "lib", "x")
    return tmp_path


@pytest.mark.parametrize(
    "ways",
    [
        pytest.param([], id="as it is"),
        pytest.param([["update-index", "--index-version", "4"]], id="version 4"),
        pytest.param([["update-index", "--split-index"]], id="a split index"),
        pytest.param([["add", "-N", "untracked"]], id="with more flags"),
        pytest.param([["update-index", "--assume-unchanged", "a"]], id="unchanged"),
        pytest.param([["add", "."]], id="all of it"),
    ],
)
def test_a_path_is_tracked_where_the_whole_index_says_so(
    work: Path, ways: list[list[str]]
) -> None:
    for arguments in ways:
        git(work, *arguments)
    known = tracked(str(work))
    for path in ASKED:
        expected = None if known is None else path in known
        assert is_tracked(str(work), path) is expected, path
    for folder in FOLDERS:
        expected = None if known is None else bool(known.below(folder))
        assert is_tracked(str(work), folder, is_folder=True) is expected, folder


def test_paths_are_those_of_the_context(work: Path) -> None:
    context = str(work / "src")
    assert is_tracked(context, "a")
    assert is_tracked(context, "lib", is_folder=True)
    assert is_tracked(context, "src/a") is False
    assert is_tracked(context, "untracked") is False


def test_a_file_of_a_submodule_is_tracked_by_it(work: Path, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    plant(inner, "f:1")
    git(inner, "init", "-q")
    git(inner, "add", "f")
    assert is_tracked(str(work), "inner/f") is False
    git(inner, "commit", "-qm", "f")
    git(work, "add", "inner")
    assert is_tracked(str(work), "inner/f")
    assert is_tracked(str(work), "inner/g") is False


def test_without_a_repository_nothing_is_known(tmp_path: Path) -> None:
    assert is_tracked(str(tmp_path), "a") is None


def test_nothing_is_tracked_before_anything_was_added(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    assert is_tracked(str(tmp_path), "a") is False


def test_a_name_that_is_not_utf8_is_found(work: Path) -> None:
    name = os.fsdecode(b"caf\xe9")
    (work / name).write_text("")
    git(work, "add", "--", name)
    assert is_tracked(str(work), name)
