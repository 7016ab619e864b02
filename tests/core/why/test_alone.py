"""A line asked alone is told by its text what its matcher would say."""

from __future__ import annotations

import pytest

from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import compile_patterns
from ctxopt.core.why.alone import reaches_into, speaks_of

LINES = ("a", "a/b", "**/b", "**/a/b", "*", "*.b", "a*", "**", "a/**", "a/*/c", "[z-a]")
PATHS = ("a", "b", "a/b", "ab", "c/b", "c/b/d", "a/b/c", "c/a/b", "x.b", "a b")


@pytest.mark.parametrize("line", LINES)
def test_a_line_speaks_of_what_its_matcher_hits(line: str) -> None:
    (pattern,) = compile_patterns((line,))
    for path in PATHS:
        hit = not pattern.fails and Matcher((pattern,)).verdict(path).excluded
        assert speaks_of(pattern, path) is hit, path


@pytest.mark.parametrize("line", LINES)
def test_a_negated_line_speaks_of_the_same(line: str) -> None:
    (pattern,), (negated,) = compile_patterns((line,)), compile_patterns((f"!{line}",))
    for path in PATHS:
        assert speaks_of(pattern, path) is speaks_of(negated, path)


@pytest.mark.parametrize(
    ("line", "folder", "reaches"),
    [
        pytest.param("a/b", "a", True, id="a path in it"),
        pytest.param("a/b", "b", False, id="a path elsewhere"),
        pytest.param("a", "a", False, id="the folder itself"),
        pytest.param("**/c", "a/b", True, id="a name at any depth"),
        pytest.param("*.c", "a", False, id="a name in the root"),
        pytest.param("*/c", "a", True, id="a wildcard for the folder"),
        pytest.param("*/c", "a/b", False, id="a wildcard that is too short"),
    ],
)
def test_a_line_reaches_into_a_folder(line: str, folder: str, *, reaches: bool) -> None:
    (pattern,) = compile_patterns((line,))
    assert reaches_into(pattern, folder) is reaches
