"""Build arguments without a value, found in the sources that they change."""

from __future__ import annotations

import pytest

from ctxopt.core.dockerfile import BuildOptions, link, parse, trace
from ctxopt.core.why.variables import known_above_only, unset_arguments


def unset(text: str, **given: str) -> list[tuple[str, ...]]:
    content = f"FROM scratch\n{text}\n".encode()
    options = BuildOptions(build_args=given)
    sources = trace(link(parse(content, "Dockerfile"), options)).sources
    return [*unset_arguments(content, "Dockerfile", options, sources).values()]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("ARG D\nCOPY $D /x/", ("D",), id="the whole source"),
        pytest.param("ARG D\nCOPY ${D}/lib /x/", ("D",), id="a part of it"),
        pytest.param("ARG A\nARG B\nADD $A$B /x/", ("A", "B"), id="two of them"),
        pytest.param("ARG D\nCOPY a${D:+/b} /x/", (), id="one whose value is not read"),
    ],
)
def test_an_argument_without_a_value_is_told(text: str, names: tuple[str, ...]) -> None:
    assert unset(text) == ([names] if names else [])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("ARG D=src\nCOPY $D /x/", id="a default"),
        pytest.param("ENV D=src\nCOPY $D /x/", id="a variable of the image"),
        pytest.param("ARG D\nCOPY src /x/", id="one that no source reads"),
        pytest.param("ARG D\nCOPY ${D:-src} /x/", id="another word in its place"),
        pytest.param("COPY $D /x/", id="a name that no ARG declares"),
    ],
)
def test_what_has_a_value_or_is_no_argument_is_left_alone(text: str) -> None:
    assert unset(text) == []


def test_an_argument_that_is_given_has_a_value() -> None:
    assert unset("ARG D\nCOPY $D /x/", D="src") == []


def above_only(text: str) -> list[tuple[str, ...]]:
    content = f"{text}\n".encode()
    sources = trace(link(parse(content, "Dockerfile"), BuildOptions())).sources
    return [*known_above_only(content, "Dockerfile", sources).values()]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("FROM scratch\nCOPY $D /x/", id="an empty image"),
        pytest.param("FROM node\nCOPY ${D}/lib /x/", id="an image that may set it"),
        pytest.param("FROM scratch\nCOPY $D /x/\nARG D", id="declared too late"),
        pytest.param(
            "FROM scratch AS a\nARG D\nFROM scratch\nCOPY $D /x/", id="elsewhere"
        ),
    ],
)
def test_an_argument_above_the_first_from_is_not_known_in_a_stage(text: str) -> None:
    assert above_only(f"ARG D=src\n{text}") == [("D",)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("FROM scratch\nARG D\nCOPY $D /x/", id="taken over by ARG"),
        pytest.param("FROM scratch\nENV D=lib\nCOPY $D /x/", id="set by ENV"),
        pytest.param("FROM scratch\nCOPY src /x/", id="not read"),
    ],
)
def test_what_the_stage_declares_is_left_alone(text: str) -> None:
    assert above_only(f"ARG D=src\n{text}") == []
