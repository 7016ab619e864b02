"""Sources of wildcards alone: what they hit has no name of its own."""

from __future__ import annotations

import pytest

from ctxopt.core.builders import find_builder
from ctxopt.core.model import BuilderName
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.sources import sweeps
from ctxopt.core.sources.wanted import CopySource
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
LINKED = "real/d/a:1 lnk->real up/lnk->../real"


def read(source: str, builder: BuilderName, *, parents: bool = False) -> CopySource:
    """The source of a COPY, as a builder reads it."""
    written = copy(source)._replace(parents=parents)
    (want,) = find_builder(builder).wanted((written,))
    return want


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
    want = read(source, BuilderName.BUILDKIT)
    assert [*sweeps.hits(want, MemoryTree(TREE), matcher)] == found


@pytest.mark.parametrize(
    ("source", "builder", "parents", "found"),
    [
        pytest.param("lnk/*", "buildkit", False, ["real/d"], id="it starts from one"),
        pytest.param("up/lnk/*", "buildkit", False, ["real/d"], id="deeper"),
        pytest.param("lnk/d/*", "buildkit", False, ["real/d/a"], id="on the way"),
        pytest.param("*/d", "buildkit", False, ["real/d"], id="a wildcard hits one"),
        pytest.param("lnk/*", "legacy", False, [], id="the legacy daemon follows none"),
        pytest.param("lnk/./*", "buildkit", True, ["real/d"], id="before the pivot"),
        pytest.param("lnk/*", "buildkit", True, [], id="--parents without a pivot"),
    ],
)
def test_links_are_followed_to_where_the_wildcards_start(
    source: str, builder: str, *, parents: bool, found: list[str]
) -> None:
    want = read(source, BuilderName(builder), parents=parents)
    assert [*sweeps.hits(want, MemoryTree(LINKED), Matcher(()))] == found


def test_two_stars_are_one_folder_where_parents_are_not_kept() -> None:
    want = read("**/*", BuilderName.BUILDKIT)
    hits = sweeps.hits(want, MemoryTree("a lib/b lib/deep/c"), Matcher(()))
    assert [*hits] == ["lib/b", "lib/deep"]


def test_a_pivot_is_no_folder_on_the_way() -> None:
    source = copy("a/./b/*")._replace(parents=True)
    assert sweeps.source_sweeps(source)
    assert sweeps.start_of(source) == "a/b"


def test_only_the_folders_that_it_hits() -> None:
    want = read("*", BuilderName.BUILDKIT)
    found = sweeps.hits(want, MemoryTree(TREE), Matcher(()), folders=True)
    assert [*found] == [".git", "lib", "src"]
