from __future__ import annotations

import pytest

from ctxopt.core.watching.moment import told_as


@pytest.mark.parametrize(
    ("path", "name"),
    [
        pytest.param("src/a", "src/a", id="a path speaks for itself"),
        pytest.param(".git/refs/heads/x.lock", ".git", id="what git does is one thing"),
        pytest.param("lib/.git/index", "lib/.git", id="a repository inside is another"),
        pytest.param("a/.gitx/b", "a/.gitx/b", id="the name is compared as a whole"),
    ],
)
def test_a_repository_speaks_for_its_files(path: str, name: str) -> None:
    assert told_as(path) == name
