"""Plain text is read without expressions, to the same end as with them."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from ctxopt.core.dockerfile.values import platforms, reference
from ctxopt.core.dockerfile.words import expand
from ctxopt.core.golang import jsonarray
from ctxopt.core.golang.errors import RuleError
from ctxopt.core.golang.text import SPACES


@given(text=st.text('[]",\\ \ta\x7fé', max_size=12).map(lambda body: f"[{body}"))
@example(text='["node", "src/index.js"]')
@example(text='[ "a" ,\t"b" ] ')
@example(text='["a]", "b[", ""]')
@example(text='["a"],["b"]')
@example(text='["a,b"]')
@example(text="[]")
@example(text='["a",]')
def test_a_plain_array_is_what_its_lexemes_say(text: str) -> None:
    plain = jsonarray._plain_strings(text)
    lexemes = jsonarray._tokens(text)
    if plain is not None:
        assert lexemes is not None
        assert jsonarray._is_valid(lexemes)
        assert [*plain] == [lexeme[1:-1] for _, lexeme in lexemes[1:-1:2]]
        assert {kind for kind, _ in lexemes[1:-1:2]} == {"string"}


PATHS = st.text("a0-_./@:A", max_size=8)


@given(remainder=PATHS | st.builds("library/{}:{}".format, PATHS, PATHS))
@example(remainder="library/node:20-alpine")
@example(remainder="library/node")
@example(remainder="library/a--b:1")
@example(remainder="library/-a")
@example(remainder="a//b")
@example(remainder="library/a:")
@example(remainder="library/a:" + "1" * 129)
@example(remainder="a" * 256)
def test_a_plain_reference_is_what_the_expression_says(remainder: str) -> None:
    plain = reference._plain("docker.io", remainder)
    if plain is not None:
        assert plain == reference._parse_full(f"docker.io/{remainder}")


def test_most_references_are_plain() -> None:
    for text in ("node:20-alpine", "python:3.12-slim", "golang", "a/b-c:1.0"):
        domain, remainder = reference._split_domain(text)
        assert reference._plain(domain, remainder) == reference.parse_reference(text)
        assert reference._plain(domain, remainder) is not None


@given(part=st.text("aZ0_-.()%²", max_size=4))
@example(part="linux")
@example(part="macOS")
def test_a_plain_system_is_what_the_expression_says(part: str) -> None:
    match = re.fullmatch(platforms._OS, part)
    if part.isascii() and part.isalnum():
        assert match is not None
        assert match[1] == part
        assert match[2] is None
        assert re.fullmatch(platforms._COMPONENT, part)
    elif match is None:
        try:
            platforms._operating_system(part, part)
        except RuleError:
            return
        raise AssertionError("what the expression refuses is refused")


@given(texts=st.lists(st.text("ab \t\n\x1c\x85\u2003é", max_size=4), max_size=4))
@example(texts=["", "a"])
@example(texts=["a b", "c"])
def test_text_of_one_word_ends_no_word(texts: list[str]) -> None:
    words = expand._Words([])
    slowly = expand._Words([])
    for text in texts:
        words.add(text)
        _add_slowly(slowly, text)
        assert words.in_word == slowly.in_word
    assert words.finished() == slowly.finished()


def _add_slowly(words: expand._Words, text: str) -> None:
    """Add it character by character, as Go does."""
    for character in text:
        if character not in SPACES:
            words.add_raw(character)
        elif words.in_word and words.buffer:
            words._finish()
