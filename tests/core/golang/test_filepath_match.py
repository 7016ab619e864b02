from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxopt.core.golang import filepath_match
from ctxopt.core.patterns import globs
from ctxopt.core.patterns.plans import PatternSet

TEXTS = st.text(alphabet="ab*?[]^-\\/é€\udce2", max_size=10)
NAMES = st.text(alphabet="ab/é€\udca9\udce2]", min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("pattern", "name", "matches"),
    [
        ("abc", "abc", True),
        ("*", "abc", True),
        ("*c", "abc", True),
        ("a*", "a", True),
        ("a*", "ab/c", False),
        ("a*/b", "abc/b", True),
        ("a*/b", "a/c/b", False),
        ("a*b*c*d*e*/f", "axbxcxdxe/f", True),
        ("a*b*c*d*e*/f", "axbxcxdxexxx/fff", False),
        ("ab[c]", "abc", True),
        ("ab[b-d]", "abc", True),
        ("ab[^c]", "abc", False),
        ("ab[^b-d]", "abe", True),
        ("a\\*b", "a*b", True),
        ("a\\*b", "ab", False),
        ("a?b", "a☺b", True),
        ("a[^a]b", "a☺b", True),
        ("a??b", "a☺b", False),
        ("[a-ζ]*", "β", True),
        ("*[a-ζ]", "A", False),
        ("a?b", "a/b", False),
        ("a*b", "a/b", False),
        ("[\\]a]", "]", True),
        ("[x\\-]", "-", True),
        ("[\\-x]", "a", False),
        ("", "", True),
        ("", "a", False),
    ],
)
def test_match(pattern: str, name: str, *, matches: bool) -> None:
    assert filepath_match.match(pattern, name) is matches


@pytest.mark.parametrize(
    ("pattern", "name", "matches"),
    [
        pytest.param("a[^b]c", "a/c", True, id="a negated class takes a slash"),
        pytest.param("a[+-:]c", "a/c", True, id="a range takes a slash inside it"),
        pytest.param("a\\/c", "a/c", True, id="an escaped slash is a slash"),
        pytest.param("*??", "€", True, id="a star can end inside a character"),
        pytest.param("*\udca9", "é", True, id="a lone byte matches inside one"),
        pytest.param("?", "\udce2", True, id="a lone byte is one character"),
        pytest.param("*[^x]*b", "q/b", False, id="no way back behind a star"),
    ],
)
def test_oddities(pattern: str, name: str, *, matches: bool) -> None:
    assert filepath_match.match(pattern, name) is matches


@pytest.mark.parametrize(
    "pattern",
    ["[", "[]", "[^", "[^]", "[a", "[]a]", "[-a]", "[a-]", "[x-]", "a[", "\\", "a\\"],
)
def test_malformed_patterns_are_refused(pattern: str) -> None:
    with pytest.raises(
        filepath_match.MalformedPatternError, match="syntax error in pattern"
    ):
        filepath_match.check(pattern)


@pytest.mark.parametrize(
    ("pattern", "hint"),
    [
        ("[a", "never closes its bracket"),
        ("[]a]", "needs a character before its ]"),
        ("[a-]", "needs a character before its ]"),
        ("[-a]", "on both sides"),
        ("a\\", "ends in a backslash"),
        ("[\udcff]", "not UTF-8"),
    ],
)
def test_the_hint_says_what_is_wrong(pattern: str, hint: str) -> None:
    with pytest.raises(filepath_match.MalformedPatternError) as caught:
        filepath_match.check(pattern)
    assert hint in caught.value.hint


# Recorded from docker CLI 28.2.2 (Go 1.24.3).
@pytest.mark.parametrize("pattern", ["b*a\\", "b*[]a]", "b*[a-]", "b*x[]*", "[a]*\\"])
def test_a_fault_behind_a_chunk_that_fails_goes_unseen(pattern: str) -> None:
    filepath_match.check(pattern)


@pytest.mark.parametrize("pattern", [".*\\", "*x\\", "??\\", "bc\\", "*a["])
def test_a_fault_in_a_chunk_that_is_tried_is_seen(pattern: str) -> None:
    with pytest.raises(filepath_match.MalformedPatternError):
        filepath_match.check(pattern)


def test_a_plan_refuses_a_fault_anywhere() -> None:
    with pytest.raises(filepath_match.MalformedPatternError):
        globs.plan("b*a\\")


@pytest.mark.parametrize(
    ("text", "wild"),
    [
        ("a", False),
        ("a*", True),
        ("a?", True),
        ("[a]", True),
        ("a\\*", False),
        ("a\\\\*", True),
        ("a]", False),
        ("a\\", False),
    ],
)
def test_has_wildcard(text: str, *, wild: bool) -> None:
    assert filepath_match.has_wildcard(text) is wild


def hit_by_descending(pattern: str, path: str) -> bool:
    pattern_set = PatternSet([globs.plan(pattern)])
    active, cursors = pattern_set.start, pattern_set.cursors
    hits = 0
    for name in path.split("/"):
        arrival = pattern_set.arrive(active, cursors, name)
        hits = pattern_set.hits(arrival)
        active, cursors = pattern_set.active(arrival.bits), arrival.cursors
    return bool(hits)


@pytest.mark.parametrize(
    ("pattern", "path", "hit"),
    [
        pytest.param("src/*.py", "src/a.py", True, id="the complete path"),
        pytest.param("src/*.py", "src/a.py/b", False, id="not what lies below"),
        pytest.param("src/*.py", "src", False, id="not the folder on the way"),
        pytest.param("a[^x]b/c", "a/b/c", True, id="a class across a slash"),
        pytest.param("a\\/b", "a/b", True, id="an escaped slash"),
        pytest.param("p*.json", "p.json", True, id="the parts may touch"),
        pytest.param("ab*ba", "aba", False, id="but not overlap"),
    ],
)
def test_descending(pattern: str, path: str, *, hit: bool) -> None:
    assert hit_by_descending(pattern, path) is hit


@given(TEXTS, NAMES)
def test_descending_equals_matching_the_whole_path(pattern: str, path: str) -> None:
    try:
        hit = hit_by_descending(pattern, path)
    except filepath_match.MalformedPatternError:
        return
    assert hit is filepath_match.match(pattern, path)


@given(st.text(), st.text())
def test_no_text_raises_anything_else(pattern: str, name: str) -> None:
    for call in (
        filepath_match.check,
        globs.plan,
        lambda text: filepath_match.match(text, name),
    ):
        try:
            call(pattern)
        except filepath_match.MalformedPatternError as error:
            assert error.hint  # noqa: PT017  # most examples raise nothing
