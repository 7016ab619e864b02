"""Lines that do nothing beside the others, told from their texts and the matcher."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ctxopt.core.ignorefile.covering import covers, may_meet
from ctxopt.core.ignorefile.dead import Death, dead_lines
from ctxopt.core.ignorefile.lines import parse
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import Pattern


def patterns(text: str) -> tuple[Pattern, ...]:
    """The patterns of some lines, between blanks."""
    return parse(text.replace(" ", "\n").encode(), ".dockerignore").patterns


def dead(text: str) -> list[tuple[str, Death]]:
    """The dead ones of some lines, and why."""
    return [(one.pattern.text, one.death) for one in dead_lines(patterns(text))]


COVERING = {
    "a folder takes what is in it": ("logs", "logs/*.log", True),
    "and what is deep in it": ("logs", "logs/**/a.log", True),
    "but not its own name elsewhere": ("logs", "lib/logs", False),
    "any depth takes the root": ("**/logs", "logs", True),
    "any depth takes a folder below": ("**/logs", "a/logs/b", True),
    "the root does not take any depth": ("logs", "**/logs", False),
    "a star takes a name": ("*.log", "a.log", True),
    "a star takes a longer ending": ("*.log", "*.a.log", True),
    "not a shorter one": ("*.a.log", "*.log", False),
    "a star takes no slash": ("*.log", "a/b.log", False),
    "a star alone takes everything": ("*", "**/a", True),
    "a star in a folder does not take the folder": ("a/*", "a", False),
    "a star in a folder takes what is deep": ("a/*", "a/b/c", True),
    "stars at the end want a name": ("a/**", "a", False),
    "stars in the middle": ("a/**/c", "a/b/b/c/d", True),
    "a question mark is not looked into": ("a?", "ab", False),
    "but it is the same as itself": ("a?", "a?", True),
    "a beginning that would overlap its end": ("ab*ba", "aba", False),
}


@pytest.mark.parametrize(("one", "other", "covered"), COVERING.values(), ids=COVERING)
def test_a_pattern_takes_all_of_another(one: str, other: str, *, covered: bool) -> None:
    first, second = patterns(f"{one} {other}")
    assert covers(first, second) is covered


MEETING = {
    "a folder and what is in it": ("docs", "docs/a.md", True),
    "an ending and a name": ("*.md", "README.md", True),
    "an ending and another": ("*.md", "*.txt", False),
    "two names": ("a", "b", False),
    "a name at any depth": ("**/a", "b", True),
    "what is not looked into": ("[a-z]", "b", True),
}


@pytest.mark.parametrize(("one", "other", "met"), MEETING.values(), ids=MEETING)
def test_two_patterns_may_meet(one: str, other: str, *, met: bool) -> None:
    first, second = patterns(f"{one} {other}")
    assert may_meet(first, second) is met
    assert may_meet(second, first) is met


DEAD = {
    "a file of an ignored folder": ("logs logs/*.log", ["logs/*.log"]),
    "the root's beside any depth": ("a **/a", ["a"]),
    "of two alike the second": ("a b a", ["a"]),
    "a negated one of a negated folder": ("* !a !a/b", ["!a/b"]),
    "a negated one before its folder": ("!a x a", ["!a"]),
    "a negated one of which nothing is kept out": ("*.txt !a.md", ["!a.md"]),
    "one that a negated one takes back": ("a !a", ["a", "!a"]),
}


@pytest.mark.parametrize(("text", "said"), DEAD.values(), ids=DEAD)
def test_a_line_is_dead(text: str, said: list[str]) -> None:
    assert [line for line, _ in dead(text)] == said


ALIVE = {
    "lines that have nothing to do with one another": "a b *.c !x.c",
    "a line that is brought back in part": "a !a/b",
    "one that keeps out again a part": "* !src src/tests",
    "a row in which a negated one stands between": "a !a/b a/b/c",
    "a negated one that a folder's line does not reach": "x !a/b a",
    "a pattern that fails": "a a/b [z-a]",
    "what a later line brings back at any depth": "**/a !b/a",
    "a line for which a later one counts in its folder": "a */a !a",
    "one for which a negated one before the later one does": "a !*/a *",
    "one of that kind with a question mark": "a ?/a !a",
    "and with a class": "a [a-c]/a !a",
    "and with names that two stars share": "ab a*/c !*b",
    "a name that the legacy client opens a folder for": "* !**/b !c/b",
}


@pytest.mark.parametrize("text", ALIVE.values(), ids=ALIVE)
def test_a_line_is_alive(text: str) -> None:
    assert [line for line, _ in dead(text) if not line.startswith("!a/b")] == []


def test_a_line_is_told_by_the_one_that_is_the_reason() -> None:
    (found,) = dead_lines(patterns("logs x logs/a"))
    assert found.death is Death.REPEATED
    assert found.by is not None
    assert found.by.location is not None
    assert found.by.location.line == 1


def test_a_line_of_a_program_is_not_told_and_is_no_reason() -> None:
    first, second, third = all_of_them = patterns("logs **/logs logs/a")
    found = [*dead_lines(all_of_them, (first, third))]
    assert [(one.pattern, one.by) for one in found] == [(third, first)]
    assert [*dead_lines(all_of_them, (third,))] == []
    assert second not in [one.by for one in found]


NAMES = st.sampled_from(["a", "b", "*", "**", "a*", "*b", "ab", "?", "[a-b]", "[^a]"])
LINES = st.lists(
    st.tuples(st.sampled_from(["", "!"]), st.lists(NAMES, min_size=1, max_size=3)),
    max_size=5,
)
PATHS = [
    "/".join(names)
    for first in ("a", "b", "ab", "axb")
    for names in (
        (first,),
        *((first, second) for second in ("a", "b", "ab")),
        *((first, second, third) for second in ("a", "b") for third in ("a", "c")),
    )
]


@given(LINES)
@example([("", ["a"]), ("", ["*", "a"]), ("!", ["a"])])
@example([("", ["a"]), ("!", ["*", "a"]), ("", ["*"])])
def test_without_a_dead_line_every_path_is_judged_as_before(
    rows: list[tuple[str, list[str]]],
) -> None:
    all_of_them = patterns(" ".join(mark + "/".join(row) for mark, row in rows) or "#")
    dead_ones = [one.pattern for one in dead_lines(all_of_them)]
    left = [one for one in all_of_them if not any(one is gone for gone in dead_ones)]
    before, after = Matcher(all_of_them), Matcher(left)
    for path in PATHS:
        assert before.verdict(path).excluded == after.verdict(path).excluded
