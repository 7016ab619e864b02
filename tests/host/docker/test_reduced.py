"""The Dockerfile that requests given paths, and nothing else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxopt.host.docker.reduced import padded, reduced_dockerfile


def _requested(dockerfile: bytes) -> list[str]:
    """Read the sources as the builder does: lines joined, JSON, one unquoting."""
    text = dockerfile.decode().replace("\\\n", "")
    words = json.loads(text.split("\n")[1].removeprefix("COPY"))
    return [_unquoted(word) for word in words[:-1]]


def _unquoted(word: str) -> str:
    """Undo backslashes; anything else that is live must not be met."""
    characters = iter(word)
    result = ""
    for character in characters:
        assert character not in "$'\"<", f"{character} is live in {word}"
        result += next(characters) if character == "\\" else character
    return result


@pytest.mark.parametrize(
    ("follow", "text"),
    [
        pytest.param((), "FROM scratch\nLABEL ctxopt=verify\n", id="no request at all"),
        pytest.param(("",), "FROM scratch\nCOPY . /\n", id="the whole context"),
        pytest.param(
            ("src", ""), "FROM scratch\nCOPY . /\n", id="the whole and a part"
        ),
        pytest.param(
            ("a b/x", "src/*.py"),
            'FROM scratch\nCOPY [ \\\n  "/a b/x", \\\n  "/src/*.py", \\\n'
            '  "/ctxopt/"]\n',
            id="paths and wildcards",
        ),
    ],
)
def test_text(follow: tuple[str, ...], text: str) -> None:
    assert reduced_dockerfile(follow).decode() == text


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("$HOME/${x}", id="variables"),
        pytest.param('it\'s "quoted"', id="quotes"),
        pytest.param("back\\slash\\*", id="backslashes"),
        pytest.param("<<EOF", id="the mark of a heredoc"),
        pytest.param("two\nlines\t", id="white space"),
        pytest.param("ü/日本/😀", id="letters beyond ASCII"),
        pytest.param("[!a]*?", id="wildcards"),
    ],
)
def test_odd_names_are_requested_as_they_are(path: str) -> None:
    assert _requested(reduced_dockerfile((path,))) == [f"/{path}"]


@given(st.lists(st.text(min_size=1).filter(lambda path: "\0" not in path), min_size=1))
def test_any_names_are_requested_as_they_are(paths: list[str]) -> None:
    assert _requested(reduced_dockerfile(paths)) == [f"/{path}" for path in paths]


def test_no_line_is_longer_than_its_path_needs() -> None:
    dockerfile = reduced_dockerfile([f"folder/{n}" for n in range(10_000)])

    assert max(map(len, dockerfile.splitlines())) < 100


@pytest.mark.parametrize("extra", [0, 1, 2, 79, 80, 81, 5000])
def test_padding_reaches_the_length_with_comments_only(extra: int) -> None:
    dockerfile = reduced_dockerfile(("a",))
    result = padded(dockerfile, len(dockerfile) + extra)

    assert result is not None
    assert len(result) == len(dockerfile) + extra
    assert result.startswith(dockerfile)
    added = result.removeprefix(dockerfile).split(b"\n")
    assert not b"".join(added).strip(b"#")


def test_a_dockerfile_that_is_longer_already_cannot_be_padded() -> None:
    assert padded(b"FROM scratch\n", 5) is None
