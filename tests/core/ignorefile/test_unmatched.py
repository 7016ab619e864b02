"""Lines that match nothing, told from single names."""

from __future__ import annotations

import pytest

from ctxopt.core.ignorefile.lines import parse
from ctxopt.core.ignorefile.unmatched import UnmatchedLine, unmatched_lines

TREE = {
    "": ("Docs", "src", "empty", "v1"),
    "src": ("main.py", "sec_agent"),
    "src/sec_agent": (".env",),
}


def unmatched(line: str, *, kept: bool = True) -> list[UnmatchedLine]:
    patterns = parse(line.encode(), ".dockerignore").patterns
    return [
        *unmatched_lines(patterns, lambda path: TREE.get(path, ()), kept=lambda _: kept)
    ]


FOUND = {
    "another case": ("docs", "docs", "Docs"),
    "another separator on the way": (
        "src/sec-agent/*.env",
        "src/sec-agent",
        "src/sec_agent/*.env",
    ),
    "two letters in the wrong order": ("/src/mian.py", "src/mian.py", "src/main.py"),
    "nothing that is near": ("src/old/data", "src/old", ""),
}


@pytest.mark.parametrize(("line", "missing", "better"), FOUND.values(), ids=FOUND)
def test_a_missing_name_is_found(line: str, missing: str, better: str) -> None:
    (found,) = unmatched(line)
    assert (found.missing, found.better) == (missing, better)
    assert found.is_slip is bool(better)


LEFT = {
    "a name that is there": "src/main.py",
    "a wildcard of a folder that is there": "src/*.js",
    "any depth": "**/nothing",
    "a name in an empty folder, or one that may not be read": "empty/a",
    "what leads out": "../a",
}


@pytest.mark.parametrize("line", LEFT.values(), ids=LEFT)
def test_a_line_is_left_alone(line: str) -> None:
    assert unmatched(line) == []


def test_a_near_name_that_the_line_would_not_change_is_none() -> None:
    assert unmatched("docs", kept=False)[0].near is None
    assert unmatched("!docs", kept=True)[0].near is None
    assert unmatched("!docs", kept=False)[0].better == "!Docs"


def test_numbered_names_are_no_slips() -> None:
    assert not unmatched("v2")[0].is_slip
