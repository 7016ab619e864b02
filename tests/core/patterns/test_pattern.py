from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ctxopt.core.golang.paths import clean
from ctxopt.core.model import Location
from ctxopt.core.patterns import compile
from ctxopt.core.patterns.compile import Form, translate
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import (
    PatternError,
    compile_patterns,
    is_plain,
    strip_trailing_glob,
)
from ctxopt.core.patterns.plans import (
    Component,
    ComponentKind,
    Many,
    NameTest,
    WholePath,
)
from ctxopt.errors import IgnoreFileError


@pytest.mark.parametrize(
    ("cleaned", "form", "expression"),
    [
        ("a.b", Form.EXACT, r"^a\.b$"),
        ("a^b", Form.EXACT, "^a^b$"),
        ("a|{b}", Form.EXACT, "^a|{b}$"),
        ("a**", Form.PREFIX, "^a$"),
        ("a/**", Form.PREFIX, "^a/$"),
        ("**", Form.SUFFIX, "^$"),
        ("**/a.b", Form.SUFFIX, r"^(.*/)?a\.b$"),
        ("**a", Form.SUFFIX, "^(.*/)?a$"),
        ("**a*", Form.REGEXP, "^(.*/)?a[^/]*$"),
        ("***", Form.REGEXP, "^(.*/)?[^/]*$"),
        ("****", Form.REGEXP, "^(.*/)?.*$"),
        ("a/**/b", Form.REGEXP, "^a/(.*/)?b$"),
        ("a?(+)$", Form.REGEXP, r"^a[^/]\(\+\)\$$"),
        ("a*|b{2}", Form.REGEXP, "^a[^/]*|b{2}$"),
        ("[*]", Form.REGEXP, "^[[^/]*]$"),
        ("a]", Form.REGEXP, "^a]$"),
        ("a\\.b", Form.REGEXP, r"^a\.b$"),
        ("\ufeffa*", Form.REGEXP, "^a[^/]*$"),
        ("\udcffa*", Form.REGEXP, "^\ufffda[^/]*$"),
    ],
)
def test_translation(cleaned: str, form: Form, expression: str) -> None:
    assert translate(cleaned) == (form, expression)


def brief(step: Component) -> str:
    if isinstance(step, Many):
        return "many lines" if step.lines else "many"
    return f"{step.kind.name.lower()} {step.text} {step.tail}".strip()


@pytest.mark.parametrize(
    ("raw", "steps"),
    [
        ("a/b", ["literal a", "literal b"]),
        ("a/**", ["literal a", "any", "many"]),
        ("a**", ["starts a", "many"]),
        ("**/a", ["many", "literal a"]),
        ("**a", ["many", "ends a"]),
        ("**", ["many", "any"]),
        ("*", ["any"]),
        ("*.log", ["ends .log"]),
        ("**/*.log", ["many lines", "ends .log"]),
        ("tmp*", ["starts tmp"]),
        ("a*b", ["around a b"]),
        ("*a*", ["holds a"]),
        ("*a*b", ["holds a b"]),
        ("a*b*", ["holds b"]),
        ("x*a*b", ["holds a b"]),
        ("a\\*b/c", ["literal a*b", "literal c"]),
        ("a/**/**/b", ["literal a", "many lines", "literal b"]),
        ("*/**", ["any", "line", "many lines"]),
        ("^a*", ["starts a"]),
    ],
)
def test_cheap_steps_where_they_decide(raw: str, steps: list[str]) -> None:
    (pattern,) = compile_patterns([raw])
    assert [brief(step) for step in pattern.plan.steps] == steps


@pytest.mark.parametrize("raw", ["a?", "*a*b*c", "[ab]*", "a\\b*"])
def test_one_component_as_an_expression(raw: str) -> None:
    (pattern,) = compile_patterns([raw])
    (step,) = pattern.plan.steps
    assert isinstance(step, NameTest)
    assert step.kind is ComponentKind.REGEX


@pytest.mark.parametrize("raw", ["a**b", "a[^b]d", "a\\D", "[+-:]", "a*|b", "a\\Q?"])
def test_what_crosses_slashes_shares_states(raw: str) -> None:
    (pattern,) = compile_patterns([raw])
    assert pattern.plan.cursor is not None
    assert not isinstance(pattern.plan.cursor, WholePath)


@pytest.mark.parametrize("raw", ["a\udcff**", "**\udcff", "\ufeff**a"])
def test_what_cuts_characters_sees_the_whole_path(raw: str) -> None:
    (pattern,) = compile_patterns([raw])
    assert isinstance(pattern.plan.cursor, WholePath)


def test_blank_entries_are_dropped() -> None:
    assert [p.cleaned for p in compile_patterns(["a", " ", "", "b"])] == ["a", "b"]


def test_an_error_names_file_line_text_and_remedy() -> None:
    with pytest.raises(IgnoreFileError) as caught:
        compile_patterns(["[a-"], [Location("x", 7, 7)], [" [a- "])
    assert str(caught.value) == (
        'x:7: syntax error in pattern in " [a- "; '
        "it never closes its bracket; write \\[ for a bracket"
    )


def test_a_late_error_waits_until_the_pattern_is_used() -> None:
    (bad,) = compile_patterns(["[z-a]"], [Location("x", 2, 2)])
    with pytest.raises(PatternError, match="syntax error in pattern") as caught:
        _ = bad.plan
    assert caught.value.pattern is bad
    assert caught.value.line == 2


@given(st.text(max_size=30))
def test_no_text_raises_anything_else(raw: str) -> None:
    try:
        for one in compile_patterns([raw]):
            _ = one.plan
    except IgnoreFileError as error:
        assert error.hint  # noqa: PT017  # most texts raise nothing


@pytest.mark.parametrize(
    ("cleaned", "stripped"),
    [
        ("a/**", "a"),
        ("a/*", "a"),
        ("a/*/**", "a"),
        ("a/**/*", "a/**"),
        ("**", "**"),
        ("a**", "a**"),
    ],
)
def test_strip_trailing_glob(cleaned: str, stripped: str) -> None:
    assert strip_trailing_glob(cleaned) == stripped


@pytest.mark.parametrize("cleaned", ["a*", "[a", "a]", "a?", "a^b", "a\\b"])
def test_what_is_not_plain(cleaned: str) -> None:
    assert not is_plain(cleaned)
    assert is_plain("a/b.c+d{e}|$")


GLOBS = st.builds(
    "{}{}".format,
    st.sampled_from(["", "**/"]),
    st.text("ab.*-/#~ @\u00e9", min_size=1, max_size=8),
).map(clean)


@given(GLOBS)
@example("**/*.log")
@example("*/b*c/*d*")
@example("a/b")
@example("**/a/b")
def test_the_shortcut_for_plain_globs_takes_the_same_steps(cleaned: str) -> None:
    steps = compile._plain_glob(cleaned)
    assume(steps is not None)
    assert compile._translated_plan(cleaned).steps == steps


@pytest.mark.parametrize("cleaned", ["a**b", "**", "a?", "[a]*", "a^*", "\u00e9*"])
def test_the_shortcut_leaves_alone_what_is_no_plain_glob(cleaned: str) -> None:
    assert compile._plain_glob(cleaned) is None


@pytest.mark.parametrize("raw", ["?" * 256, "*a" * 300, "[ab]*" * 300])
def test_a_component_longer_than_any_name_waits_for_one(raw: str) -> None:
    (pattern,) = compile_patterns([raw])
    (step,) = pattern.plan.steps
    assert isinstance(step, NameTest)
    assert step.call is not None
    assert not step.call("a" * 255)
    assert step.call("a" * (256 if "?" in raw else 300))
    assert not step.call("\n" + "c" * 400) or "?" in raw


def test_folders_again_and_again_are_folders_once() -> None:
    plans = [compile_patterns([f"a{'**/' * n}b"])[0].plan for n in (1, 5000)]
    automata = [plan.cursor for plan in plans]
    for path in ("ab", "a/b", "ax/y/b", "axb"):
        first, second = (cursor.enter(path)[0] for cursor in automata if cursor)
        assert first is second


def test_counts_that_come_to_too_much_say_whose_limit_it_is() -> None:
    (pattern,) = compile_patterns(["a*" + "b{1000}" * 200], [Location("x", 3, 3)])
    with pytest.raises(PatternError, match="200,") as caught:
        _ = pattern.plan
    assert "the limit is its own" in caught.value.message
    assert caught.value.line == 3
    with pytest.raises(PatternError, match="pattern too large"):
        Matcher([pattern]).verdict("a")


def test_a_test_does_not_spell_out_the_sets_it_is_made_of() -> None:
    (pattern,) = compile_patterns([r"\pL" * 3000 + "/" + r"\pL{2}" * 30])
    tests = [step for step in pattern.plan.steps if isinstance(step, NameTest)]
    assert [step.call is not None for step in tests] == [True, True]
    assert all(len(step.text) < 100 for step in tests)


def test_equal_alternatives_are_one() -> None:
    (once, often) = compile_patterns(["a*|b", "a*|b" + "|b" * 5000])
    for path in ("ab", "xb", "b", "a/b", "c"):
        assert Matcher([once]).verdict(path).excluded is (
            Matcher([often]).verdict(path).excluded
        )
