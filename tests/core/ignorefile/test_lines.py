from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxopt.core.ignorefile import lines as ignorefile
from ctxopt.core.ignorefile.lines import parse
from ctxopt.core.model import Location
from ctxopt.errors import IgnoreFileError

FILES = st.one_of(
    st.binary(max_size=60),
    st.lists(
        st.sampled_from(
            [
                b"\xef\xbb\xbf",
                b"a",
                b"#",
                b"!",
                b" ",
                b"\r",
                b"\n",
                b"\r\n",
                b"[",
                b"\\",
            ]
        ),
        max_size=12,
    ).map(b"".join),
)


def cleaned(content: bytes) -> list[str]:
    patterns = parse(content, ".dockerignore").patterns
    return ["!" * pattern.negated + pattern.cleaned for pattern in patterns]


@pytest.mark.parametrize(
    ("content", "patterns"),
    [
        pytest.param(b"", [], id="an empty file says nothing"),
        pytest.param(b"a\nb", ["a", "b"], id="the last line needs no newline"),
        pytest.param(b"a\r\nb\r\n", ["a", "b"], id="one carriage return goes"),
        pytest.param(b"a\r\r\n", ["a"], id="a second one goes as white space"),
        pytest.param(b"a\rb\n", ["a\rb"], id="alone it ends no line"),
        pytest.param(b"\xef\xbb\xbfa\n", ["a"], id="a mark at the start goes"),
        pytest.param(b"\xef\xbb\xbf#a\n", [], id="and does not hide a comment"),
        pytest.param(b"a\n\xef\xbb\xbfb\n", ["a", "\ufeffb"], id="elsewhere it stays"),
        pytest.param(b"#a\n #b\n", ["#b"], id="a comment starts in column one"),
        pytest.param(b"\n \t\n\xc2\xa0\n", [], id="blank lines say nothing"),
        pytest.param(b"  a b  \n", ["a b"], id="blanks at the ends go"),
        pytest.param(b"\x1ca\n", ["\x1ca"], id="what Go keeps is kept"),
        pytest.param(b"! a\n", ["!a"], id="blanks behind the mark of negation go"),
        pytest.param(b"!!a\n", ["!!a"], id="only one mark of negation counts"),
        pytest.param(b"/!a\n", ["!a"], id="a hidden mark of negation comes out"),
        pytest.param(b"./!a\n", ["!a"], id="also behind a dot"),
        pytest.param(b"\\!a\n", ["\\!a"], id="an escaped one stays"),
        pytest.param(b"/a\n//b\n", ["a", "b"], id="leading slashes go"),
        pytest.param(b"/\n.\n", ["/", "."], id="the root stays"),
        pytest.param(b"a/\na//b\na/../c\n", ["a", "a/b", "c"], id="paths are cleaned"),
        pytest.param(b"**/\n", ["**"], id="a slash at the end goes"),
        pytest.param(b"!.\n", ["!."], id="a negated dot stays"),
        pytest.param(b"/ /\n", [], id="what is blank after cleaning goes"),
        pytest.param(b"\xff\n", ["\udcff"], id="bytes that are not UTF-8 stay"),
    ],
)
def test_reading(content: bytes, patterns: list[str]) -> None:
    assert cleaned(content) == patterns


def test_a_pattern_knows_its_line_and_its_text() -> None:
    (pattern,) = parse(b"# logs\n\n  !/logs/ \n", "x/.dockerignore").patterns
    assert pattern.location == Location("x/.dockerignore", 3, 3)
    assert pattern.text == "!/logs/"
    assert (pattern.cleaned, pattern.negated) == ("logs", True)


@pytest.mark.parametrize(
    ("content", "message", "line"),
    [
        (b"a\n!\n", 'illegal exclusion pattern: "!"', 2),
        (b"!/\n", 'illegal exclusion pattern: "!"', 1),
        (b"! /\n", 'illegal exclusion pattern: "!"', 1),
        (b"a\\\n", "syntax error in pattern", 1),
        (b"#\n[a\n", "syntax error in pattern", 2),
        (b"[]a]\n", "syntax error in pattern", 1),
        (b"[a-]\n", "syntax error in pattern", 1),
        (b"[-a]\n", "syntax error in pattern", 1),
        (b"[^]\n", "syntax error in pattern", 1),
        (b"a\\ \n", "syntax error in pattern", 1),
    ],
)
def test_lines_that_the_builder_refuses(
    content: bytes, message: str, line: int
) -> None:
    file = parse(content, ".dockerignore")
    with pytest.raises(IgnoreFileError) as caught:
        _ = file.patterns
    error = caught.value
    assert (error.message, error.file, error.line) == (message, ".dockerignore", line)
    assert error.hint
    assert file.to_bytes() == content


@pytest.mark.parametrize("ending", [b"", b"\n"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_a_line_may_hold_65535_bytes(start: bytes, ending: bytes) -> None:
    line = start + b"a" * (65_535 - len(start))
    assert len(cleaned(line + ending)) == 1
    with pytest.raises(IgnoreFileError) as caught:
        parse(b"x\n" + line + b"a" + ending, ".dockerignore")
    assert caught.value.line == 2
    assert caught.value.message == "bufio.Scanner: token too long"


def test_a_carriage_return_counts_too() -> None:
    with pytest.raises(IgnoreFileError, match="token too long"):
        parse(b"a" * 65_535 + b"\r\n", ".dockerignore")


def test_every_line_keeps_its_own_ending() -> None:
    file = parse(b"a\r\nb\nc\r\nd", ".dockerignore")
    assert [line.ending for line in file.lines] == [b"\r\n", b"\n", b"\r\n", b""]
    assert file.newline == b"\r\n"
    assert not file.has_bom


@given(FILES)
def test_reading_and_writing_back_is_identity(content: bytes) -> None:
    file = parse(content, ".dockerignore")
    assert file.to_bytes() == content
    assert [line.number for line in file.lines] == list(range(1, len(file.lines) + 1))


@given(FILES)
def test_no_file_raises_anything_else(content: bytes) -> None:
    try:
        _ = parse(content, ".dockerignore").patterns
    except IgnoreFileError as error:
        assert error.line  # noqa: PT017  # most files raise nothing


def test_too_many_patterns_are_refused_at_the_first_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ignorefile, "PATTERN_LIMIT", 3)
    assert len(parse(b"a\n# b\nb\n\nc", "x").patterns) == 3
    with pytest.raises(IgnoreFileError, match="more than 3 patterns") as refused:
        _ = parse(b"a\n# b\nb\n\nc\nd\ne", "x").patterns
    assert refused.value.line == 6
    assert "the limit is its own" in refused.value.message


def test_patterns_and_matcher_are_made_once_for_a_file() -> None:
    file = parse(b"logs\n!logs/a\n", ".dockerignore")
    assert file.patterns is file.patterns
    assert file.matcher is file.matcher
    assert file.matcher.patterns == file.patterns
    assert file.checked() is file


def test_the_same_lines_under_another_name_have_patterns_of_their_own() -> None:
    file = parse(b"logs\n", ".dockerignore", path="/shop/.dockerignore").checked()
    other = file._replace(shown="Dockerfile.dockerignore", specific=True)
    assert (other.path, other.specific) == ("/shop/.dockerignore", True)
    assert [one.location for one in file.patterns] == [Location(".dockerignore", 1, 1)]
    assert [one.location for one in other.patterns] == [
        Location("Dockerfile.dockerignore", 1, 1)
    ]


def test_a_refused_line_is_refused_each_time_it_is_asked_for() -> None:
    file = parse(b"a\n[\n", ".dockerignore")
    for _ in range(2):
        with pytest.raises(IgnoreFileError, match="syntax error") as caught:
            file.checked()
        assert caught.value.line == 2
    assert file.to_bytes() == b"a\n[\n"
