"""Which sources take a name, folder by folder: the automaton, without any disk."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import compile_patterns
from ctxopt.core.patterns.plans import (
    ANY,
    CompiledPattern,
    ComponentKind,
    NameTest,
    around,
)
from ctxopt.core.sources.claims import Claims, Target, start


def matcher(lines: str) -> Matcher | None:
    return Matcher(compile_patterns(lines.split(","))) if lines else None


def at(
    path: str, source: int = 0, *, takes: bool = True, below: str = "", but: str = ""
) -> Target:
    """A path; `below` and `but` are what `--parents` and `--exclude` say."""
    plan = CompiledPattern(
        tuple(NameTest(ComponentKind.LITERAL, one) for one in path.split("/") if one)
    )
    return Target(source, plan, path, takes, matcher(below), matcher(but))


def every(*steps: NameTest, source: int = 0, below: str = "", but: str = "") -> Target:
    """A pattern of components."""
    return Target(
        source,
        CompiledPattern(steps),
        None,
        include=matcher(below),
        exclude=matcher(but),
    )


TXT = around("", ".txt")


def met(targets: list[Target], path: str, whole: int = 0) -> Claims:
    """What the sources make of a path, having entered all folders above."""
    *folders, name = path.split("/")
    state = start(targets, whole)
    for folder in folders:
        state = state.take(folder).below
    return state.take(name)


class Row(NamedTuple):
    """A path that is met, and the sources that take it."""

    targets: list[Target]
    path: str
    mask: int
    named: bool = False
    arrived: bool = False


@pytest.mark.parametrize(
    Row._fields,
    [
        pytest.param(*row, id=id_)
        for id_, row in {
            "a path": Row([at("a")], "a", 1, named=True, arrived=True),
            "what is below a path": Row([at("a")], "a/b", 1),
            "what is far below a path": Row([at("a")], "a/b/c/d", 1),
            "a path in a folder": Row([at("a/b")], "a/b", 1, named=True, arrived=True),
            "all of the root": Row([at("")], "a/b", 1),
            "the source that says so": Row(
                [at("b"), at("a", 3)], "a", 8, named=True, arrived=True
            ),
            "each of two that say so": Row(
                [at("a"), at("a", 1)], "a", 3, named=True, arrived=True
            ),
            "of two the one that was entered, and the one that arrives": Row(
                [at("a"), at("a/b", 1)], "a/b", 3, named=True, arrived=True
            ),
            "what a pattern matches": Row([every(TXT)], "a.txt", 1, named=True),
            "what is below a match": Row([every(TXT)], "a.txt/b", 1),
            "a match in any folder": Row([every(ANY, TXT)], "a/b.txt", 1, named=True),
            "all that is not excluded": Row([at("a", but="x")], "a/b", 1),
            "excluded, but brought back": Row([at("a", but="*,!b")], "a/b", 1),
            "the folder itself, to be filtered below": Row([at("", but="a/x")], "a", 1),
            "what --parents asks for": Row([at("", below="a")], "a", 1, named=True),
            "what is below that": Row([at("", below="a")], "a/b", 1),
            "what --parents asks for, and not excluded": Row(
                [at("", below="a", but="x")], "a/b", 1
            ),
        }.items()
    ],
)
def test_a_source_takes(
    *, targets: list[Target], path: str, mask: int, named: bool, arrived: bool
) -> None:
    found = met(targets, path)
    assert (found.mask, found.named, found.arrived) == (mask, named, arrived)


@pytest.mark.parametrize(
    ("targets", "path"),
    [
        pytest.param([], "a", id="nothing, where there is none"),
        pytest.param([at("a")], "b", id="another name"),
        pytest.param([at("a")], "ab", id="a longer name"),
        pytest.param([at("a")], "b/a", id="the same name elsewhere"),
        pytest.param([at("a/b")], "a", id="the folder on the way"),
        pytest.param([at("a/b")], "a/c", id="the neighbour"),
        pytest.param([every(TXT)], "a/b.txt", id="a match further down"),
        pytest.param([every(ANY, TXT)], "a.txt", id="a match further up"),
        pytest.param([at("a", takes=False)], "a/b", id="what is below a link's place"),
        pytest.param([at("a", but="x")], "a/x", id="what is excluded"),
        pytest.param([at("a", but="x")], "a/x/y", id="what is below that"),
        pytest.param([at("", below="a")], "b", id="what --parents does not ask for"),
        pytest.param([at("", below="a", but="a/x")], "a/x", id="asked for, excluded"),
    ],
)
def test_a_source_leaves_alone(targets: list[Target], path: str) -> None:
    assert met(targets, path).mask == 0


def test_what_has_to_be_there_arrives_and_is_not_taken() -> None:
    found = met([at("a", takes=False)], "a")
    assert (found.mask, found.arrived, found.named) == (0, True, True)


def test_a_filtered_folder_arrives_and_is_taken_for_what_is_in_it() -> None:
    found = met([at("a", but="x")], "a")
    assert (found.mask, found.arrived) == (1, True)


def test_with_parents_the_place_that_is_filtered_is_not_taken_itself() -> None:
    assert met([at("a", below="b")], "a").mask == 0
    assert met([at("a", below="b")], "a/b").mask == 1


def test_a_match_before_the_pivot_is_taken_itself_if_it_is_a_file() -> None:
    assert met([every(ANY, below="b")], "a").mask == 1
    assert met([every(ANY, below="b")], "a/c").mask == 0
    assert met([every(ANY, below="b")], "a/b").mask == 1


def test_who_takes_everything_takes_any_name() -> None:
    state = start([], whole=0b101)
    assert state.settled
    found = state.take("a")
    assert (found.mask, found.named, found.arrived) == (0b101, False, False)
    assert found.below is state


@pytest.mark.parametrize(
    ("targets", "path", "settled"),
    [
        pytest.param([at("a")], "a", True, id="in a folder that was arrived at"),
        pytest.param([at("a")], "b", True, id="in one that leads nowhere"),
        pytest.param([at("a/b")], "a", False, id="on the way"),
        pytest.param([every(ANY, TXT)], "a", False, id="where a pattern waits"),
        pytest.param([at("a", but="x")], "a", False, id="where names are filtered"),
    ],
)
def test_a_folder_is_settled_when_all_below_is_taken_alike(
    targets: list[Target], path: str, *, settled: bool
) -> None:
    assert met(targets, path).below.settled is settled


def test_folders_in_the_same_position_of_all_targets_share_a_state() -> None:
    targets = [every(ANY, TXT)]
    root = start(targets, 0)
    assert root.take("a").below == root.take("b").below
