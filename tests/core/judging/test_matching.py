from __future__ import annotations

from collections.abc import Sequence

import pytest

from ctxopt.core.builders import DOCKER_BUILDERS, find_builder
from ctxopt.core.judging.judge import FolderState
from ctxopt.core.judging.matching import MatchingLines
from ctxopt.core.judging.path import judge_path
from ctxopt.core.judging.special import Compared
from ctxopt.core.model import BuilderName
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import compile_patterns
from ctxopt.core.sources.targets import SourceTargets
from tests.texttree import MemoryTree, judged

TREE = MemoryTree("a.log src/b.log src/deep/c.txt out/d web/e.log")


def state(
    lines: Sequence[str], builder: BuilderName = BuilderName.BUILDKIT
) -> FolderState:
    ignored = Matcher(compile_patterns(lines))
    claims = SourceTargets((), ()).root()
    return find_builder(builder).rules(ignored, None, claims).root()


@pytest.mark.parametrize(
    ("lines", "in_force", "number"),
    [
        pytest.param("*.log **/*.txt no", "", 2, id="those that hit something"),
        pytest.param("a.log a.log", "", 2, id="each line for itself"),
        pytest.param("src/deep/c.txt", "", 1, id="a path far down"),
        pytest.param("!a.log src", "", 1, id="a line with ! keeps nothing out"),
        pytest.param("out out/d", "out", 0, id="what is kept out already is no matter"),
        pytest.param(
            "[[:alpha:]-z a.log", "", 1, id="a pattern that fails hits nothing"
        ),
        pytest.param("", "", 0, id="no line"),
    ],
)
def test_lines_that_would_do_something_are_counted(
    lines: str, in_force: str, number: int
) -> None:
    patterns = compile_patterns(lines.split())
    counter = MatchingLines(TREE, room=100)
    assert counter.count(patterns, state(in_force.split())) == number


def test_lines_of_a_folder_are_compared_with_what_is_in_it() -> None:
    patterns = compile_patterns(["*.log", "deep/*.txt", "src"])
    inside = judge_path(state([]), "src")
    assert inside is not None
    counter = MatchingLines(TREE, room=100)
    assert counter.count(patterns, inside.child, "src") == 2


def test_no_more_names_are_looked_at_than_there_is_room_for() -> None:
    patterns = compile_patterns(["a.log", "**/c.txt"])
    assert MatchingLines(TREE, room=1).count(patterns, state([])) == 1
    counter = MatchingLines(TREE, room=9)
    assert counter.count(patterns, state([])) == 2
    # And for all that is counted together.
    assert counter.count(patterns, state([])) == 0


def test_two_walks_side_by_side_tell_who_keeps_what() -> None:
    lines = ["*", "!**/*.log"]
    both = Compared.start(*(state(lines, one) for one in DOCKER_BUILDERS))
    tree = MemoryTree("a.log src/b.log src/c")
    kept = {path: one.mask for path, _, one in judged(both, tree) if one.kept}
    assert kept == {"a.log": 3, "src/b.log": 1}
