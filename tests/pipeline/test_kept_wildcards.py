"""Wildcards of BuildKit whose hits are on the disk, and all kept out."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctxopt.core.model import Problem, Request
from ctxopt.pipeline.report import analyze
from tests.texttree import plant

TREE = "web/a.js web/b.js web/c.css c.js"


def problems(root: Path, copy: str, ignored: str, tree: str = TREE) -> list[Problem]:
    """What is said of one instruction."""
    plant(root, tree)
    (root / "Dockerfile").write_text(f"FROM scratch\n{copy}\n")
    (root / ".dockerignore").write_text(ignored)
    found = analyze(Request(str(root))).problems
    return [one for one in found if one.code.startswith("source-")]


@pytest.mark.parametrize(
    ("copy", "words", "cure"),
    [
        (
            "COPY *.js /x/",
            (
                '"*.js" matches nothing: "c.js" is there, but .dockerignore:1 '
                '("**/*.js") keeps it out; the build goes on without it'
            ),
            '"!*.js"',
        ),
        (
            "COPY web/*.js /x/",
            (
                'nothing of "web" is sent for "web/*.js": "web/a.js" is there, but '
                '.dockerignore:1 ("**/*.js") keeps it out; the build fails: lstat '
                "/web: no such file or directory"
            ),
            '"!web/*.js"',
        ),
        (
            "ADD web/[ab].js /x/",
            (
                'nothing of "web" is sent for "web/[ab].js": "web/a.js" is there, but '
                '.dockerignore:1 ("**/*.js") keeps it out; the build fails: lstat '
                "/web: no such file or directory"
            ),
            '"!web/[ab].js"',
        ),
    ],
)
def test_the_line_that_keeps_the_hits_out_is_named(
    tmp_path: Path, copy: str, words: str, cure: str
) -> None:
    (problem,) = problems(tmp_path, copy, "**/*.js\n")
    assert problem.message == words
    assert cure in (problem.hint or "")


@pytest.mark.parametrize("copy", ["COPY *.js /x/", "COPY web/*.js /x/"])
def test_the_line_that_is_advised_brings_them_back(tmp_path: Path, copy: str) -> None:
    (problem,) = problems(tmp_path, copy, "**/*.js\n")
    line = (problem.hint or "").split('"')[1]
    assert problems(tmp_path, copy, f"**/*.js\n{line}\n") == []


@pytest.mark.parametrize(
    ("copy", "ignored"),
    [
        pytest.param("COPY *.md /x/", "*.js\n", id="no hit on the disk"),
        pytest.param("COPY web/*.c /x/", "", id="none in the folder"),
    ],
)
def test_without_a_hit_no_line_is_blamed(
    tmp_path: Path, copy: str, ignored: str
) -> None:
    found = problems(tmp_path, copy, ignored)
    assert found != []
    assert all(".dockerignore" not in one.message for one in found)


def test_one_hit_that_is_sent_is_enough(tmp_path: Path) -> None:
    assert problems(tmp_path, "COPY web/*.js /x/", "web/a.js\n") == []
