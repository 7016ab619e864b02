from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxopt.core.golang.automaton import Automaton
from ctxopt.core.golang.errors import GoRegexpError
from ctxopt.core.golang.regexp import parse, python_text

# What the translation of a pattern can put side by side.
PIECES = [*"^$ab/|é\ufffd", "[^/]*", "[^/]", "(.*/)?", ".*", "[ab]", "[^a]", "[[^/]*]"]
PIECES += [r"\.", r"\d", r"\D", r"\w", r"\W", r"\s", r"\S", r"\b", r"\B", r"\A", r"\z"]
PIECES += [r"\Qa.\E", r"\x41", r"\n", "{2}", "{1,2}", "{0,}"]
EXPRESSIONS = st.lists(st.sampled_from(PIECES), max_size=7).map("".join)
NAMES = st.text(alphabet="abA1_ ./\néß\udce2\ufffd", max_size=8)


def both(expression: str, text: str) -> bool:
    """Whether both ways of running an expression find it in the text."""
    items = parse(expression)
    found = re.compile(python_text(items)).search(text) is not None
    assert Automaton(items).matches(text) is found
    return found


@pytest.mark.parametrize(
    ("expression", "text", "found"),
    [
        pytest.param(r"^a$", "a", True, id="a literal"),
        pytest.param(r"^a$", "a\n", False, id="the end is not before a newline"),
        pytest.param(r"^a.$", "a\n", False, id="a dot takes no newline"),
        pytest.param(r"^a[^/]$", "a\n", True, id="a negated class takes a newline"),
        pytest.param(r"^(.*/)?b$", "a/x/b", True, id="a group that may be left out"),
        pytest.param(r"^\d$", "٣", False, id="digits are ASCII"),
        pytest.param(r"^\w$", "é", False, id="word characters are ASCII"),
        pytest.param(r"^\s$", "\v", False, id="a vertical tab is no white space"),
        pytest.param(r"^[[:space:]]$", "\v", True, id="but POSIX says it is"),
        pytest.param(r"^[[:^alpha:]]$", "1", True, id="a negated POSIX class"),
        pytest.param(r"^[]a]$", "]", True, id="a bracket in first place is a member"),
        pytest.param(r"^[a-]$", "-", True, id="a dash in last place is a member"),
        pytest.param(r"^[\d-z]$", "-", True, id="a dash after a class is a member"),
        pytest.param(r"^\101\x42\x{43}$", "ABC", True, id="octal and hexadecimal"),
        pytest.param(r"^\0$", "\0", True, id="octal zero"),
        pytest.param(r"^\Qa.b\E.$", "a.bc", True, id="quoted text is literal"),
        pytest.param(r"^a\Qb$", "ab$x", True, id="an open quote takes the rest"),
        pytest.param(r"^\pL$", "é", True, id="letters of Unicode"),
        pytest.param(r"^\PL$", "é", False, id="what is no letter"),
        pytest.param(r"^\p{Greek}\P{^Lu}$", "πA", True, id="scripts and categories"),
        pytest.param(r"^a{2,3}$", "aaa", True, id="a counted repetition"),
        pytest.param(r"^a{2}$", "a", False, id="counted too few"),
        pytest.param(r"^a{,2}$", "a{,2}", True, id="other braces are literal"),
        pytest.param(r"^a{01}$", "a{01}", True, id="a leading zero is no count"),
        pytest.param(r"^a|b$", "xb", True, id="alternatives share no anchor"),
        pytest.param(r"^a\b\.$", "a.", True, id="a word border"),
        pytest.param(r"^a\Bb$", "ab", True, id="no word border"),
        pytest.param("^\ufffd$", "\udce2", True, id="a lone byte is U+FFFD"),
        pytest.param("^[^a]$", "\udce2", True, id="a lone byte is not an a"),
        pytest.param("^[^\ufffd]$", "\udce2", False, id="but a U+FFFD it is"),
        pytest.param(r"^a^b$", "a^b", False, id="an anchor stays one anywhere"),
    ],
)
def test_expressions(expression: str, text: str, *, found: bool) -> None:
    assert both(expression, text) is found


@pytest.mark.parametrize(
    "expression",
    [
        r"^\q$",
        r"^\8$",
        r"^\1$",
        r"^\C$",
        r"^\é$",
        r"^\x4$",
        r"^\x{}$",
        r"^\x{110000}$",
        r"^\pX$",
        r"^\p{greek}$",
        r"^\p{L$",
        r"^[z-a]$",
        r"^[a-\d]$",
        r"^[a$",
        r"^[[:foo:]]$",
        r"^[a\Qb]$",
        r"^a{2,1}$",
        r"^a{1001}$",
        r"^[^/]*{2}$",
        r"^\d{2}{2}$",
        r"^\w{500}\Q\E{3}$",
        r"^a|{2}$",
        "\\",
    ],
)
def test_what_go_refuses(expression: str) -> None:
    with pytest.raises(GoRegexpError):
        parse(expression)


@pytest.mark.parametrize("count", ["1001", "9" * 5000, "1,1001", "2," + "9" * 5000])
def test_a_count_beyond_go_is_refused_however_long(count: str) -> None:
    with pytest.raises(GoRegexpError, match="invalid repeat count"):
        parse(f"a{{{count}}}")


def test_an_expression_too_large_for_go() -> None:
    with pytest.raises(GoRegexpError, match="too large"):
        parse("a{1000}" * 3400)


@given(EXPRESSIONS, NAMES)
def test_both_ways_of_running_agree(expression: str, text: str) -> None:
    try:
        both(expression, text)
    except GoRegexpError:
        return


@given(st.text(alphabet=st.characters(), max_size=20))
def test_any_text_is_read_or_refused(expression: str) -> None:
    try:
        items = parse(expression)
    except GoRegexpError:
        return
    re.compile(python_text(items))


def test_an_automaton_takes_linear_time() -> None:
    start = time.process_time()
    automaton = Automaton(parse("^" + "(.*/)?a" * 20 + "b$"))
    assert not automaton.matches("a/" * 200)
    assert time.process_time() - start < 2


def test_a_state_goes_on_where_it_stopped() -> None:
    automaton = Automaton(parse("^a(.*/)?b$"))
    assert automaton.start.feed("a/x").feed("/b").accepts


def test_a_state_that_nothing_can_save_says_so() -> None:
    assert Automaton(parse("^a(.*/)?b$")).start.enter("x") == (False, None)
