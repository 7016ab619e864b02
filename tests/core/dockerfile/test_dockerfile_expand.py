"""Variables, quotes and escapes, word by word."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctxopt.core.dockerfile.refusal import LimitError
from ctxopt.core.dockerfile.words.expand import Allowance, Lexer
from ctxopt.core.dockerfile.words.shell_patterns import (
    replace,
    trim_prefix,
    trim_suffix,
)
from ctxopt.core.golang.errors import RuleError

VARIABLES = {
    "A": "src/lib/a.txt",
    "E": "",
    "X": "x x",
    "P": "*/",
    "Ü": "umlaut",
    "1": "one",
}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        pytest.param("plain", "plain", id="a plain word stays"),
        pytest.param("'$A'", "$A", id="single quotes keep everything"),
        pytest.param('"$E"', "", id="double quotes expand"),
        pytest.param(r'"a\b\"\$\\"', 'a\\b"$\\', id="few escapes in double quotes"),
        pytest.param(r"a\bc\$A", "abc$A", id="an escape is dropped outside quotes"),
        pytest.param("end\\", "end", id="an escape at the end is dropped"),
        pytest.param("$X", "x x", id="a blank in a value does not split"),
        pytest.param("$NOPE.", ".", id="an unset name is empty"),
        pytest.param("$.", "$.", id="a dollar before no name stays"),
        pytest.param("$", "$", id="a dollar at the end stays"),
        pytest.param("$1x", "onex", id="a number ends where its digits end"),
        pytest.param("$$A", "A", id="special parameters are one character"),
        pytest.param("$Ü", "umlaut", id="letters beyond ASCII make names"),
        pytest.param("${A}b", "src/lib/a.txtb", id="braces end a name"),
        pytest.param("${E:-d}${E-d}${N-d}", "dd", id="colon looks at emptiness"),
        pytest.param("${E:+w}${E+w}${N+w}", "w", id="plus is the opposite of minus"),
        pytest.param("${A:?no}${E?no}", "src/lib/a.txt", id="a demand that is met"),
        pytest.param("${N:-${M:-deep}}", "deep", id="defaults nest"),
        pytest.param(r"${N:-a\}b}", "a}b", id="an escaped brace in a default"),
        pytest.param("${N:-'a}b'}", "a}b", id="a quoted brace in a default"),
        pytest.param("${A#*/}", "lib/a.txt", id="shortest start"),
        pytest.param("${A##*/}", "a.txt", id="longest start"),
        pytest.param("${A%/*}", "src/lib", id="shortest end"),
        pytest.param("${A%%/*}", "src", id="longest end"),
        pytest.param("${A#nope}", "src/lib/a.txt", id="no match changes nothing"),
        pytest.param("${A#$P}", "lib/a.txt", id="a pattern out of a variable"),
        pytest.param("${A/i?/I}", "src/lI/a.txt", id="replace the first"),
        pytest.param(r"${A//\//-}", "src-lib-a.txt", id="replace all, slash escaped"),
        pytest.param(r"${A/lib/\/}", r"src/\//a.txt", id="a replacement keeps escapes"),
        pytest.param("${A//l/'$0$0'}", "src/llib/a.txt", id="a template for all"),
        pytest.param("${A/s*t/x}", "x", id="a star is greedy in a replacement"),
        pytest.param("${N/a/b}", "", id="an unset name has nothing to replace"),
        pytest.param("a<b<<c", "a<b<<c", id="angle brackets stay"),
        pytest.param("\ufeffa", "a", id="a mark at the start of a word is lost"),
        pytest.param("\udcffa", "\ufffda", id="a stray byte is no byte any more"),
    ],
)
def test_expands(word: str, expected: str) -> None:
    assert Lexer().word(word, VARIABLES) == expected


@pytest.mark.parametrize(
    ("word", "problem"),
    [
        pytest.param(
            "'a",
            "unexpected end of statement while looking for matching single-quote",
            id="an open single quote",
        ),
        pytest.param(
            '"a',
            "unexpected end of statement while looking for matching double-quote",
            id="an open double quote",
        ),
        pytest.param("${", "syntax error: missing '}'", id="nothing after the brace"),
        pytest.param("${A:-x", "syntax error: missing '}'", id="an open default"),
        pytest.param("${A:-'x", "syntax error: missing '}'", id="and a quote in it"),
        pytest.param("${A/'b", "syntax error: missing '/' in ${}", id="a quoted one"),
        pytest.param("${}", "syntax error: bad substitution", id="no name"),
        pytest.param("${:x}", "syntax error: bad substitution", id="a colon first"),
        pytest.param("${A", "unsupported modifier (\ufffd) in substitution", id="end"),
        pytest.param("${A!x}", "unsupported modifier (!) in substitution", id="!"),
        pytest.param("${A:x}", "unsupported modifier (:x) in substitution", id=":x"),
        pytest.param("${A:#x}", "unsupported modifier (:#) in substitution", id=":#"),
        pytest.param("${A/b}", "syntax error: missing '/' in ${}", id="one slash"),
        pytest.param("${A/b/c", "syntax error: missing '}'", id="two slashes, open"),
        pytest.param("${N?}", "N: is not allowed to be unset", id="unset"),
        pytest.param("${E:?}", "E: is not allowed to be empty", id="empty"),
        pytest.param("${N:?say $E so}", "N: say  so", id="a message is expanded"),
        pytest.param(
            r"${A#\x}",
            r"invalid pattern (\x) in substitution: invalid escape '\x'",
            id="an escape no pattern has",
        ),
        pytest.param(
            r"${A%ab\x}",
            r"invalid pattern (\xba) in substitution: invalid escape '\x'",
            id="a pattern for the end is shown backwards",
        ),
    ],
)
def test_refuses(word: str, problem: str) -> None:
    with pytest.raises(RuleError) as refusal:
        Lexer().word(word, VARIABLES)
    assert refusal.value.message.startswith('failed to process "')
    assert refusal.value.message.endswith(f'": {problem}')


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        pytest.param("80 443", ("80", "443"), id="splits at blanks"),
        pytest.param("$X", ("x", "x"), id="splits what a value brings"),
        pytest.param('"$X"', ("x x",), id="but not inside quotes"),
        pytest.param(r"a\ b", ("a b",), id="an escaped blank stays"),
        pytest.param("80${N:-81}", ("81",), id="a nested default wipes the word"),
        pytest.param("''", (), id="an empty word is none"),
    ],
)
def test_splits(word: str, expected: tuple[str, ...]) -> None:
    assert Lexer().words(word, VARIABLES) == expected


def test_the_escape_character_may_be_a_backtick() -> None:
    assert Lexer(escape="`").word(r"a\b`$A", VARIABLES) == r"a\b$A"


def test_without_quotes_only_dollars_count() -> None:
    assert Lexer(skip_quotes=True).word("'$E\"", VARIABLES) == "'\""


def nested(depth: int) -> str:
    return "${N:-" * depth + "x" + "}" * depth


def test_a_hundred_levels_are_read_and_no_more() -> None:
    assert Lexer().word(nested(100), VARIABLES) == "x"
    with pytest.raises(LimitError, match="more than 100 deep") as refusal:
        Lexer().word(nested(101), VARIABLES)
    assert "the limit is its own" in refusal.value.message


def test_levels_side_by_side_are_not_deep() -> None:
    assert Lexer().word(nested(60) * 10, VARIABLES) == "x" * 10


@pytest.mark.parametrize(
    "word",
    [
        pytest.param("$A$A$A", id="put in"),
        pytest.param('"${A}${A}${A}"', id="put in between quotes"),
        pytest.param("${A//a/bb}", id="made longer"),
        pytest.param("${A//?/}", id="looked at with wildcards"),
        pytest.param("${A%%*b}", id="matched with wildcards"),
    ],
)
def test_what_variables_make_is_bounded(word: str) -> None:
    lexer = Lexer(allowance=Allowance(250))
    with pytest.raises(LimitError, match="the limit is its own"):
        lexer.word(word, {"A": "a" * 100})


def test_the_words_of_a_build_share_their_allowance() -> None:
    lexer = Lexer(allowance=Allowance(10))
    assert lexer.word("b$A", {"A": "a" * 10}) == "b" + "a" * 10
    with pytest.raises(LimitError):
        lexer.word("$A", {"A": "a"})
    assert lexer.word("text that is written out", {}) == "text that is written out"


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        pytest.param("a*c", "abc\nabcc", "-\n-", id="a star ends with its line"),
        pytest.param("b*\n*d", "abc\ncd\n", "a-\n", id="unless the pattern goes on"),
        pytest.param("*", "a\nb", "-\n-", id="a star alone takes each line"),
        pytest.param("a*b", "aa\nab", "aa\n-", id="a line without an end is passed"),
        pytest.param("", "ab", "-a-b-", id="nothing stands between all characters"),
        pytest.param("?", "a\nb", "-\n-", id="a question mark is no line end"),
    ],
)
def test_every_match_is_replaced(pattern: str, value: str, expected: str) -> None:
    assert replace(pattern, value, "-", everywhere=True) == expected


PATTERNS = st.text(alphabet=r"ab*?", max_size=6)
VALUES = st.text(alphabet="ab/", max_size=10)


@given(pattern=PATTERNS, value=VALUES, greedy=st.booleans())
def test_starts_match_as_go_would_match_them(
    pattern: str, value: str, *, greedy: bool
) -> None:
    found = re.match(_regexp(pattern, greedy=greedy), value)
    expected = value[found.end() :] if found else value
    assert trim_prefix(pattern, value, greedy=greedy) == expected


@given(pattern=PATTERNS, value=VALUES, greedy=st.booleans())
def test_an_end_is_a_start_read_backwards(
    pattern: str, value: str, *, greedy: bool
) -> None:
    backwards = trim_prefix(pattern[::-1], value[::-1], greedy=greedy)
    assert trim_suffix(pattern, value, greedy=greedy) == backwards[::-1]


@given(PATTERNS, VALUES)
def test_the_first_match_is_the_leftmost_longest(pattern: str, value: str) -> None:
    expected = re.sub(_regexp(pattern, greedy=True), "-", value, count=1)
    assert replace(pattern, value, "-", everywhere=False) == expected


# They are drawn in a moment.
many = settings(max_examples=settings().max_examples * 4)


@many
@given(st.text(alphabet="${}:?+-/#%'\"\\<aE", max_size=12))
def test_a_word_alone_expands_as_with_its_words(word: str) -> None:
    try:
        expected = Lexer().expand(word, VARIABLES).text
    except RuleError:
        expected = None
    try:
        alone = Lexer().word(word, VARIABLES)
    except RuleError:
        alone = None
    assert alone == expected


@many
@given(st.text(alphabet="${}?:+-/#%'\"\\<aE", max_size=12))
def test_any_word_expands_or_is_refused(word: str) -> None:
    message = "failed to process "
    try:
        Lexer().expand(word, VARIABLES)
    except RuleError as error:
        message = error.message
    assert message.startswith("failed to process ")


def _regexp(pattern: str, *, greedy: bool) -> str:
    wildcards = {"*": ".*" if greedy else ".*?", "?": "."}
    return "".join(wildcards.get(char, char) for char in pattern)
