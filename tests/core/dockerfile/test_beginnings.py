"""What is called like a Dockerfile and is none: told by its first instruction."""

from __future__ import annotations

import pytest

from ctxopt.core.dockerfile.syntax.words import split_line
from ctxopt.core.dockerfile.tracing.all_stages import parsed_or_none

PROGRAM = "// how to build\npackage dockerfile\n" + "func one() {}\n" * 10_000


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("from a\n", id="FROM in small letters"),
        pytest.param("# syntax=a\n# why\n\n\\\nFROM a\n", id="behind comments"),
        pytest.param("ARG A=a\nFROM $A\n", id="an ARG"),
        pytest.param("\ufeffFROM a\n", id="a byte order mark"),
        pytest.param("# escape=`\nFR`\nOM a\n", id="a word on two lines"),
    ],
)
def test_dockerfiles_are_read(text: str) -> None:
    assert parsed_or_none(text.encode(), "Dockerfile") is not None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(PROGRAM, id="a program"),
        pytest.param("RUN a\nFROM b\n", id="another instruction first"),
        pytest.param("# nothing\n", id="comments alone"),
        pytest.param("", id="nothing at all"),
    ],
)
def test_nothing_else_is(text: str) -> None:
    assert parsed_or_none(text.encode(), "Dockerfile") is None


def test_a_program_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def noting(line: str, escape: str) -> object:
        read.append(line)
        return split_line(line, escape)

    monkeypatch.setattr("ctxopt.core.dockerfile.syntax.lines.split_line", noting)
    assert parsed_or_none(PROGRAM.encode(), "dockerfile_test.go") is None
    assert read == ["// how to build"]
