"""The index of tests of names: held to each test asked alone."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ctxopt.core.patterns.pattern import compile_patterns
from ctxopt.core.patterns.plans import (
    ANY,
    LINE,
    ComponentKind,
    NameIndex,
    NameTest,
    PatternSet,
)


def is_loud(name: str) -> bool:
    return "!" in name and not name.endswith(".a")


def may_be_loud(ending: str) -> bool:
    return ending != ".a"


CALL = NameTest(ComponentKind.CALL, "loud", call=is_loud, may_end=may_be_loud)


def passes(test: NameTest, name: str) -> bool:
    """What a test says of a name, as its kind is described."""
    edges = name.startswith(test.head) and name.endswith(test.tail)
    inner = name[len(test.head) : len(name) - len(test.tail)]
    long_enough = len(name) >= len(test.head) + len(test.tail)
    match test.kind:
        case ComponentKind.ANY:
            return True
        case ComponentKind.LINE:
            return "\n" not in name
        case ComponentKind.LITERAL:
            return name == test.text
        case ComponentKind.STARTS:
            return name.startswith(test.text)
        case ComponentKind.ENDS:
            return name.endswith(test.text)
        case ComponentKind.AROUND:
            rest = name[len(test.text) :]
            return name.startswith(test.text) and rest.endswith(test.tail)
        case ComponentKind.HOLDS:
            return edges and long_enough and test.text in inner
        case ComponentKind.REGEX:
            return re.match(test.text, name) is not None
        case ComponentKind.CALL:
            assert test.call is not None
            return test.call(name)


def steps_of(lines: list[str]) -> list[NameTest]:
    """The last component of each line."""
    steps = [pattern.plan.steps[-1] for pattern in compile_patterns(lines)]
    return [step for step in steps if isinstance(step, NameTest)]


pieces = st.sampled_from(["a", "b", ".", ".a", "*", "?", "[ab]", "[0-9]", "b.a"])
lines = st.lists(pieces, min_size=1, max_size=4).map("".join)
names = st.text(st.sampled_from("ab.0!\n"), min_size=1, max_size=6)


@given(
    st.lists(lines, max_size=8),
    st.lists(names, min_size=1, max_size=8),
    st.sampled_from([(), (CALL,)]),
)
@example(["*.a", "b*", "ab"], ["0.a", "b0", "ab", "0", "\n"], ())  # the shorter way
def test_each_name_passes_what_the_tests_say_one_by_one(
    written: list[str], asked: list[str], calls: tuple[NameTest, ...]
) -> None:
    texts = [text for text in written if not re.fullmatch(r"\.+|.*\*\*.*", text)]
    tests = [ANY, LINE, *calls, *steps_of(texts)]
    bits = dict.fromkeys(tests, 0)
    for at, test in enumerate(tests):
        bits[test] |= 1 << at
    index = NameIndex(bits.items())
    for name in [*asked, *asked]:  # again: what is known by now says the same
        said = {at for at, test in enumerate(tests) if passes(test, name)}
        assert index.passed(name) == sum(1 << at for at in said), name


@pytest.mark.parametrize(
    ("line", "name", "other"),
    [
        pytest.param("*.log", "a.log", "b.log", id="names with one ending"),
        pytest.param("*.log", "a.txt", "a.md", id="names that pass nothing"),
        pytest.param("*a.[ab]", "x.0", "x.1", id="names without what it holds"),
    ],
)
def test_names_that_pass_the_same_are_of_one_kind(
    line: str, name: str, other: str
) -> None:
    index = PatternSet([one.plan for one in compile_patterns([line])]).name_index(-1)
    assert index.kind(name) is index.kind(other)


def test_a_name_is_not_tested_that_lacks_what_all_expressions_hold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = ["*.log.[0-9]*", "*+b-[0-9]*"]
    index = PatternSet([one.plan for one in compile_patterns(lines)]).name_index(-1)
    monkeypatch.setattr(NameIndex, "_tested", None)  # whoever calls it fails
    assert index.kind("main.go") is index.kind("app.go")
    for name in ("a.log.1", "a+b-1"):
        with pytest.raises(TypeError):
            index.kind(name)
