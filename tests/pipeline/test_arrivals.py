"""Which entries come to the builder, asked one by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctxopt.core.model import Request
from ctxopt.pipeline import arrivals
from ctxopt.pipeline.arrivals import Arrivals
from ctxopt.pipeline.measuring import measure
from tests.texttree import plant


def arrived(root: Path, ignored: str) -> Arrivals:
    """What comes of a tree, all of which is asked for."""
    plant(root, "a/b/c/x a/y e/f/g")
    (root / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    (root / ".dockerignore").write_text(ignored)
    made = measure(Request(str(root)), top=10, depth=1)
    return Arrivals(made.build, made.build.main, made.job, made.found)


@pytest.mark.parametrize(
    ("ignored", "path", "comes"),
    [
        pytest.param("", "a/b", True, id="a folder"),
        pytest.param("", "", True, id="the root"),
        pytest.param("", "nosuch", False, id="what is not on the disk"),
        pytest.param("a/b", "a/b/c", False, id="in an ignored folder"),
        pytest.param("*\n!**/x", "a", True, id="for what is far down in it"),
        pytest.param("*\n!**/x", "a/y", False, id="a file beside"),
        pytest.param("*\n!**/x", "e", False, id="a folder that is opened in vain"),
    ],
)
def test_a_path_comes_or_does_not(
    tmp_path: Path, ignored: str, path: str, *, comes: bool
) -> None:
    found = arrived(tmp_path, ignored)
    assert (found.has(path), found.surely_has(path)) == (comes, comes)


def test_what_takes_too_long_to_tell_is_neither(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "MOST_LOOKS", 2)
    found = arrived(tmp_path, "*\n!**/x")
    for path in ("a", "e"):
        assert (found.has(path), found.surely_has(path)) == (True, False)
    assert found.surely_has("a/b/c/x")
    assert not found.has("a/y")


def test_a_folder_is_looked_through_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "MOST_LOOKS", 2)
    found = arrived(tmp_path, "*\n!**/x")
    assert [found.has("e") for _ in range(3)] == [False] * 3
