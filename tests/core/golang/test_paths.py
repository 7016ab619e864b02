from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxopt.core.golang import paths
from ctxopt.core.golang.text import trim_space

PATHS = st.text(alphabet="ab./", max_size=12)


@pytest.mark.parametrize(
    ("path", "cleaned"),
    [
        pytest.param("", ".", id="nothing is the current folder"),
        pytest.param("./a", "a", id="a leading dot goes"),
        pytest.param("a//b/", "a/b", id="slashes collapse and the last one goes"),
        pytest.param("a/./b", "a/b", id="a dot in the middle goes"),
        pytest.param("a/../b", "b", id="two dots take the part before them"),
        pytest.param("a/..", ".", id="two dots can leave nothing"),
        pytest.param("../a", "../a", id="two dots at the start stay"),
        pytest.param("a/../../b", "../b", id="two dots climb beyond the start"),
        pytest.param("//a", "/a", id="two leading slashes become one"),
        pytest.param("/..", "/", id="the root has no parent"),
        pytest.param("a\\/../b", "b", id="a backslash escapes no slash"),
        pytest.param("...", "...", id="three dots are a name"),
    ],
)
def test_clean(path: str, cleaned: str) -> None:
    assert paths.clean(path) == cleaned


@given(PATHS)
def test_cleaning_twice_changes_nothing_more(path: str) -> None:
    assert paths.clean(paths.clean(path)) == paths.clean(path)


@pytest.mark.parametrize(
    ("parts", "joined"),
    [
        pytest.param(("a", "b"), "a/b", id="a slash between"),
        pytest.param(("", "b"), "b", id="an empty part adds no slash"),
        pytest.param(("a", "", "b"), "a/b", id="an empty part in the middle"),
        pytest.param(("", ""), "", id="nothing stays nothing"),
        pytest.param(("/", "../a"), "/a", id="the root holds"),
        pytest.param((".", "a"), "a", id="the result is cleaned"),
    ],
)
def test_join(parts: tuple[str, ...], joined: str) -> None:
    assert paths.join(*parts) == joined


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("a", "."),
        ("a/b/c", "a/b"),
        ("/a", "/"),
        ("a/", "a"),
        ("../a", ".."),
        ("", "."),
    ],
)
def test_directory(path: str, folder: str) -> None:
    assert paths.directory(path) == folder


@pytest.mark.parametrize(
    ("text", "trimmed"),
    [
        pytest.param(" \t\v\f\ra\r ", "a", id="ASCII white space"),
        pytest.param("\x85\xa0\u2003a\u3000", "a", id="white space of Unicode"),
        pytest.param("\x1ca\x1f", "\x1ca\x1f", id="not the separators Python strips"),
        pytest.param("\u200ba", "\u200ba", id="not the zero width space"),
        pytest.param("\udc85a", "\udc85a", id="not a byte that is no character"),
    ],
)
def test_trim_space(text: str, trimmed: str) -> None:
    assert trim_space(text) == trimmed


@given(st.binary(max_size=12))
def test_to_bytes_undoes_decoding(data: bytes) -> None:
    assert paths.to_bytes(data.decode("utf-8", "surrogateescape")) == data


def test_to_bytes_takes_any_surrogate() -> None:
    assert paths.to_bytes("\ud800a") == b"\xed\xa0\x80a"
