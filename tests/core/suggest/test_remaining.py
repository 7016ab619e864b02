"""How far it is looked for something that is left for sweeping sources."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ctxopt.core.builders import find_builder
from ctxopt.core.model import BuilderName
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.sources.tree import Found
from ctxopt.core.suggest.proposals import BuildFacts
from ctxopt.core.suggest.remaining import MOST_LOOKS, leave_hits
from tests.core.suggest.matches import copy, match, patterns, proposal
from tests.texttree import MemoryTree


class ListedTree(MemoryTree):
    """A tree that keeps which folders were listed."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.listed: list[str] = []

    def names(self, path: str) -> Sequence[str]:
        self.listed.append(path)
        return super().names(path)


class EndlessTree(ListedTree):
    """A folder in a folder in a folder, and a few files in each."""

    def kind(self, path: str) -> Found:
        return Found.FILE if path.endswith("f") else Found.DIRECTORY

    def names(self, path: str) -> Sequence[str]:
        self.listed.append(path)
        return ("d", "ef", "ff")


def facts(tree: MemoryTree, ignored: str, *sources: str) -> BuildFacts:
    """Those of a build with COPYs, as BuildKit reads them."""
    written = [copy(one) for one in sources or ("*",)]
    return BuildFacts(
        tree=tree,
        sources=written,
        wanted=find_builder(BuilderName.BUILDKIT).wanted(written),
        matcher=Matcher(patterns(ignored)),
    )


def test_nothing_is_looked_at_where_nothing_is_proposed() -> None:
    tree = ListedTree("a b/c")
    assert leave_hits((), facts(tree, "")) == ((), ())
    assert tree.listed == []


def test_it_is_looked_for_anew_only_where_what_was_found_would_go() -> None:
    tree = ListedTree("a b c d e")
    made = [proposal(match(name), rule=name) for name in "edcba"]
    kept, held = leave_hits(made, facts(tree, ""))
    assert (len(kept), [one.path for one in held]) == (4, ["a"])
    # For what is there, for all together, and for the last.
    assert tree.listed == ["", "", ""]


def test_a_folder_that_is_ignored_as_a_whole_is_not_listed() -> None:
    tree = ListedTree("node_modules/a/b src/x/y")
    made = [proposal(match("z"))]
    assert leave_hits(made, facts(tree, "*,!src/x/y")) == (tuple(made), ())
    assert tree.listed == ["", "", "src", "src/x"]


@pytest.mark.parametrize("source", ["*", "*/*"])
def test_a_folder_without_an_end_is_given_up(source: str) -> None:
    tree = EndlessTree("")
    made = [proposal(match(name)) for name in "pqr"]
    assert leave_hits(made, facts(tree, "*,!**/x", source)) == (tuple(made), ())
    assert len(tree.listed) < MOST_LOOKS


def test_what_is_given_up_is_said_not_to_be_sure() -> None:
    tree = EndlessTree("")
    made = [proposal(match("d/d/ff", "ef"))]
    (one,) = leave_hits(made, facts(tree, "*,!d/d/ff,!**/x"))[1]
    assert one.why == "COPY might find nothing else (line 2)"
