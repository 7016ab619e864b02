"""A path as a line matches this path, and no other that looks like it."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ctxopt.core.ignorefile.lines import parse
from ctxopt.core.patterns.escaping import escaped, is_sound
from ctxopt.core.patterns.matcher import Matcher

# Paths, and others that a careless line would match as well, or instead.
WRITTEN = [
    pytest.param("logs", "logs", ["log", "logs2", "a/logs"], id="plain"),
    pytest.param("a/b.log", "a/b.log", ["a/bxlog", "b.log"], id="dots mean dots"),
    pytest.param("a(1)+$.txt", "a(1)+$.txt", ["a1.txt"], id="no wildcards, no escapes"),
    pytest.param("a*b", r"a\*b", ["axb", "ab", "a**b"], id="a star"),
    pytest.param("x?", r"x\?", ["xy", "x"], id="a question mark"),
    pytest.param("[a]", r"\[a\]", ["a", "[", "]"], id="brackets"),
    pytest.param(
        "[!x].log", r"\[!x\]\.log", ["x.log", "!.log", "[!x]xlog"], id="class"
    ),
    pytest.param("a\\b", r"a\\b", ["ab", "a/b"], id="a backslash"),
    pytest.param("a|b*", r"a\|b\*", ["a", "b", "b*"], id="no alternative"),
    pytest.param("{x}^*", r"\{x\}\^\*", ["x", "{x}*"], id="braces and a caret"),
    pytest.param("!x", r"\!x", ["x", "!"], id="no negated line"),
    pytest.param("#x", r"\#x", ["x", "#"], id="no comment"),
    pytest.param("a/!x/#y", "a/!x/#y", ["a/x/y"], id="marks behind the first place"),
    pytest.param(" x", "[ ]x", ["x", "!x", "ax"], id="a blank in front"),
    pytest.param("x ", "x[ ]", ["x", "xy"], id="a blank behind"),
    pytest.param(" ", "[ ]", ["x"], id="a blank alone"),
    pytest.param("a b/ c", "a b/ c", ["ab/c", "a b/c"], id="blanks inside"),
    pytest.param("\u00a0é", "[\u00a0]é", ["é", "xé", " é"], id="another blank"),
    pytest.param("é*", "é\\*", ["é", "éx"], id="not ASCII"),
    pytest.param("\udcff", "\udcff", ["\ufffd", "\udcfe"], id="not UTF-8"),
]
UNWRITTEN = [
    pytest.param("a\nb", id="a newline"),
    pytest.param("a\tb", id="a tab"),
    pytest.param("a\x7f", id="a control character"),
    pytest.param("\udcff*", id="not UTF-8 among wildcards"),
    pytest.param(" \udcff", id="not UTF-8 behind a blank"),
]

ODD = st.sampled_from([*"ab!#*?[]\\^-{}|$()+. é~", "\u00a0", "\udcff"])
PARTS = st.lists(ODD, min_size=1, max_size=4).map("".join)
PATHS = st.lists(PARTS.filter(lambda part: part not in (".", "..")), max_size=3)


def matches(line: str, path: str) -> bool:
    """Whether a file with this line alone keeps a path out."""
    content = f"{line}\n".encode("utf-8", "surrogateescape")
    return Matcher(parse(content, ".dockerignore").patterns).verdict(path).excluded


@pytest.mark.parametrize(("path", "line", "near"), WRITTEN)
def test_a_line_says_its_path_alone(path: str, line: str, near: list[str]) -> None:
    assert escaped(path) == line
    assert is_sound(line)
    assert matches(line, path)
    assert matches(line, f"{path}/below")
    assert [other for other in near if matches(line, other)] == []


@pytest.mark.parametrize("path", UNWRITTEN)
def test_what_no_line_can_say_has_none(path: str) -> None:
    assert escaped(path) is None


@given(path=PATHS.map("/".join), other=PATHS.map("/".join))
def test_any_line_tells_any_two_paths_apart(path: str, other: str) -> None:
    assume(path)
    assume(other)
    line = escaped(path)
    if line is None:
        assert "\udcff" in path
        return
    assert is_sound(line)
    assert matches(line, path)
    assert matches(line, other) == f"{other}/".startswith(f"{path}/")


@pytest.mark.parametrize(
    ("pattern", "sound"),
    [
        pytest.param("a*", True, id="a wildcard"),
        pytest.param("[a", False, id="refused at once"),
        pytest.param("foo\\q", False, id="refused when it is used"),
        pytest.param("", True, id="nothing"),
    ],
)
def test_a_sound_pattern_is_one_that_a_builder_takes(
    pattern: str, *, sound: bool
) -> None:
    assert is_sound(pattern) is sound
