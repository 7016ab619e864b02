"""Sources of wildcards alone: what they hit has no name of its own."""

from __future__ import annotations

import pytest

from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.sources import sweeps
from tests.core.suggest.matches import copy, patterns
from tests.texttree import MemoryTree


@pytest.mark.parametrize(
    "pattern",
    ["*", "*/", "./*", "/*", "[a-z]*", "[!.]*", "?*", "*/*", "*.*", "**", "src/*"],
)
def test_wildcards_alone_name_nothing(pattern: str) -> None:
    assert sweeps.is_sweep(pattern)


@pytest.mark.parametrize(
    "pattern",
    ["src", ".", "*.jar", ".*", "a*", "*/*.txt", "*/src", "[ab]", "src/*/lib", "\\**"],
)
def test_text_beside_the_wildcards_is_a_name(pattern: str) -> None:
    assert not sweeps.is_sweep(pattern)


TREE = "a:1 lib/b:1 lib/deep/c:1 .git/HEAD:1 src/x/d:1"


@pytest.mark.parametrize(
    ("source", "ignored", "found"),
    [
        pytest.param("*", "", [".git", "a", "lib", "src"], id="all that is there"),
        pytest.param("*", ".git,a", ["lib", "src"], id="but for what is ignored"),
        pytest.param("[a-z]*", "", ["a", "lib", "src"], id="by its first letter"),
        pytest.param("src/*", "", ["src/x"], id="below a folder"),
        pytest.param("*/*", "lib", [".git/HEAD", "src/x"], id="in all folders but one"),
        pytest.param("*", "*", [], id="nothing where all is ignored"),
    ],
)
def test_what_a_sweep_hits(source: str, ignored: str, found: list[str]) -> None:
    matcher = Matcher(patterns(ignored))
    assert [*sweeps.hits(copy(source), MemoryTree(TREE), matcher)] == found


def test_only_the_folders_that_it_hits() -> None:
    found = sweeps.hits(copy("*"), MemoryTree(TREE), Matcher(()), folders=True)
    assert [*found] == [".git", "lib", "src"]
