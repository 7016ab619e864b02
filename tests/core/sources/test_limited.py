"""A tree that answers only so many questions."""

from __future__ import annotations

import pytest

from ctxopt.core.sources.limited import LimitedTree, UntoldError
from tests.texttree import MemoryTree

QUESTIONS = [("kind", "a"), ("target", "l"), ("names", "a"), ("head", "a/b")]


@pytest.mark.parametrize(("method", "path"), QUESTIONS)
def test_answers_are_those_of_the_tree_until_all_looks_are_spent(
    method: str, path: str
) -> None:
    tree = MemoryTree("a/b l->a")
    limited = LimitedTree(tree, 2)
    assert getattr(limited, method)(path) == getattr(tree, method)(path)
    limited.pass_by(19)  # nearly a look
    for _ in range(2):
        with pytest.raises(UntoldError):
            getattr(limited, method)(path)


def test_a_listing_costs_more_the_longer_it_is() -> None:
    tree = MemoryTree(" ".join(f"a/f{number}" for number in range(100)))
    assert len(LimitedTree(tree, 6).names("a")) == 100
    with pytest.raises(UntoldError):
        LimitedTree(tree, 5).names("a")
