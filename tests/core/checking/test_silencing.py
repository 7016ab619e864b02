"""A comment silences what it stands before, and says so when it silences nothing."""

from __future__ import annotations

import pytest

from ctxopt.core.checking.catalogue import diagnostic
from ctxopt.core.checking.families import size
from ctxopt.core.checking.records import Diagnostic, FileText
from ctxopt.core.checking.silencing import heard
from ctxopt.core.findings import codes
from ctxopt.core.model import Location


def missing(line: int, file: str = "Dockerfile") -> Diagnostic:
    """A source that is not there, in a line."""
    place = Location(file, line, line)
    return diagnostic(codes.SOURCE_MISSING.problem("gone", place=place))


def left(text: str, *lines: int) -> list[str]:
    """What is heard of problems in some lines: number and line of each."""
    file = FileText("Dockerfile", "/c/Dockerfile", tuple(text.split("; ")))
    said = heard([*map(missing, lines)], [file])
    return [f"{one.rule.number}:{one.problem.line}" for one in said.diagnostics]


SILENCED = {
    "the number": "FROM a; # ctxopt: ignore=CTX102; COPY b /",
    "the word": "FROM a; # ctxopt: ignore=source-missing; COPY b /",
    "the family": "FROM a; # ctxopt: ignore=CTX1; COPY b /",
    "one of several": "FROM a; # ctxopt: ignore=CTX102, source-missing; COPY b /",
    "why behind another #": "FROM a; # ctxopt: ignore=CTX102  # CI makes b; COPY b /",
    "blanks and case": "FROM a; #ctxopt:  Ignore = ctx102  ; COPY b /",
}


@pytest.mark.parametrize("text", SILENCED.values(), ids=SILENCED)
def test_the_line_below_is_silent(text: str) -> None:
    assert left(text, 3) == []


def test_comments_and_blank_lines_between_do_no_harm() -> None:
    assert left("FROM a; # ctxopt: ignore=CTX102; ; # why; COPY b /", 5) == []


def test_alone_at_the_top_it_holds_for_the_file() -> None:
    text = "# syntax=docker/dockerfile:1; # ctxopt: ignore=CTX102; ; FROM a; COPY b /"
    assert left(text, 4, 5) == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        pytest.param("# ctxopt: ignore=CTX303; ; FROM a", [], id="alone at the top"),
        pytest.param(
            "# ctxopt: ignore=CTX303; FROM a", ["CTX303", "CTX001"], id="above a line"
        ),
        pytest.param(
            "# ctxopt: ignore=CTX304; ; FROM a", ["CTX303", "CTX001"], id="another rule"
        ),
    ],
)
def test_what_is_in_no_file_is_silenced_at_the_top(
    text: str, numbers: list[str]
) -> None:
    file = FileText("Dockerfile", "/c/Dockerfile", tuple(text.split("; ")))
    said = heard([diagnostic(size.OVER_BUDGET.problem("too large"))], [file])
    assert [one.rule.number for one in said.diagnostics] == numbers


def test_other_lines_stay() -> None:
    text = "FROM a; # ctxopt: ignore=CTX102; COPY b /; COPY c /"
    assert left(text, 3, 4) == ["CTX102:4"]


def test_other_rules_stay() -> None:
    text = "FROM a; # ctxopt: ignore=CTX103; COPY b /"
    assert left(text, 3) == ["CTX102:3", "CTX001:2"]


def test_what_is_no_rule_is_said() -> None:
    assert left("FROM a; # ctxopt: ignore=CTX999; COPY b /") == ["CTX002:2"]


def test_an_indented_comment_is_a_pattern() -> None:
    assert left("a;   # ctxopt: ignore=CTX102; COPY b /", 3) == ["CTX102:3"]


def test_no_comment_is_idle_where_the_builder_stopped_before() -> None:
    lines = ("FROM a", "# ctxopt: ignore=CTX102", "COPY b /")
    file = FileText("Dockerfile", "/c/Dockerfile", lines)
    assert heard([], [file], is_whole=False).diagnostics == ()
    assert len(heard([], [file]).diagnostics) == 1


def test_other_files_stay() -> None:
    file = FileText("Dockerfile", "/c/Dockerfile", ("# ctxopt: ignore=CTX102", "", "a"))
    said = heard([missing(1, ".dockerignore")], [file])
    assert [one.rule.number for one in said.diagnostics] == ["CTX102", "CTX001"]
    assert said.silenced == 0
