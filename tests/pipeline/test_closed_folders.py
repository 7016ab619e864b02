"""Folders that cannot be read, as the BuildKit of August 2026 took them.

moby/buildkit through kata-containers/kata-containers#2845, TestPlanIt/testplanit#485;
the legacy client was docker 28.2.2. Rule: tonistiigi/fsutil, filter.go, Walk.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ctxopt.core.model import BuilderName, Problem, Request
from ctxopt.pipeline.report import analyze
from tests.rights import as_nobody, public_folder
from tests.texttree import plant

CLOSED = {"pg": 0o000, "xo": 0o111, "ro": 0o444}


def told(
    copy: str, ignore: str = "", *, closed: str, builder: str = "buildkit"
) -> tuple[Problem, ...]:
    """What is said of a build among folders of which one cannot be read."""
    with public_folder() as root:
        plant(root, f"a.py src/b.py {closed}/x")
        (root / "Dockerfile").write_text(f"FROM scratch\nCOPY {copy} /z/\n")
        (root / ".dockerignore").write_text(ignore)
        return measured(root, closed, BuilderName(builder))


def measured(root: Path, closed: str, builder: BuilderName) -> tuple[Problem, ...]:
    folder = root / closed
    folder.chmod(CLOSED[folder.name])
    try:
        with as_nobody():
            return analyze(Request(root, builder=builder)).problems
    finally:
        folder.chmod(0o755)


@pytest.mark.parametrize("closed", CLOSED)
@pytest.mark.parametrize("copy", ["a.py", "src/", "src/*", "--parents src/b.py"])
def test_a_folder_that_no_source_asks_for_stops_nothing(copy: str, closed: str) -> None:
    (problem,) = told(copy, closed=closed)
    assert (problem.code, problem.severity) == ("unreadable", "note")
    assert "this build does not look into it" in problem.message
    assert "a wildcard or COPY . would fail here" in problem.message


@pytest.mark.parametrize("closed", CLOSED)
@pytest.mark.parametrize(
    "copy",
    [".", "*.py", "src/*.py", "s*/b.py", "--parents **/*.py", "a.py src/b*"],
)
def test_a_wildcard_opens_all_folders_and_fails(copy: str, closed: str) -> None:
    (problem,) = told(copy, closed=closed)
    assert (problem.severity, problem.subject) == ("error", closed)
    assert "and the build fails" in problem.message
    assert problem.hint == "make it readable, or keep it out with the ignore file"


@pytest.mark.parametrize("ignore", ["pg", "**/pg", "*\n!a.py\n!src"])
def test_a_folder_that_is_kept_out_is_not_opened(ignore: str) -> None:
    for copy in ("a.py", ".", "*.py"):
        assert told(copy, ignore, closed="pg") == ()


@pytest.mark.parametrize(
    ("ignore", "line"),
    [
        pytest.param("**/pg\n!**/*.py\n", '2 ("!**/*.py")', id="a wildcard opens all"),
        pytest.param("pg\n!pg/a/b\n", '2 ("!pg/a/b")', id="a path that leads there"),
        pytest.param("pg\n!s?c\n!pg/*\n", '3 ("!pg/*")', id="of two, the one it names"),
        pytest.param("*\n!a.py\n!d*/x\n", '3 ("!d*/x")', id="not the first of all"),
    ],
)
def test_the_line_that_opens_an_ignored_folder_is_named(ignore: str, line: str) -> None:
    (problem,) = told(".", ignore, closed="pg")
    assert (problem.severity, problem.subject) == ("error", "pg")
    assert f".dockerignore:{line} makes BuildKit look into it" in problem.message
    assert "keep it out" not in (problem.hint or "")


def test_that_line_stops_no_build_that_asks_for_other_things() -> None:
    (problem,) = told("a.py", "**/pg\n!**/*.py\n", closed="pg")
    assert problem.severity == "note"


@pytest.mark.parametrize("builder", BuilderName)
def test_the_line_that_lets_a_folder_in_again_is_named(builder: str) -> None:
    with public_folder() as root:
        plant(root, "a.py data/pg/x")
        (root / "Dockerfile").write_text("FROM scratch\nCOPY . /z/\n")
        (root / ".dockerignore").write_text("*\n!data\n")
        (problem,) = measured(root, "data/pg", BuilderName(builder))
    assert (problem.severity, problem.subject) == ("error", "data/pg")
    assert '.dockerignore:2 ("!data") lets it in' in problem.message
    # The legacy client reads a folder before it asks whether that is ignored.
    below = 'ignore "data"' if builder == "legacy" else "keep it out below that line"
    assert problem.hint == f"make it readable, or {below}"


@pytest.mark.parametrize("ignore", ["", "pg\nro\n"])
@pytest.mark.parametrize("source", ["pg/x", "pg/x*", "--parents pg/./x*", "ro/x"])
def test_a_source_inside_fails_before_anything_is_sent(
    source: str, ignore: str
) -> None:
    closed = "ro" if "ro" in source else "pg"
    (problem,) = told(source, ignore, closed=closed)
    assert (problem.code, problem.severity) == ("unreadable", "error")
    assert (problem.file, problem.line) == ("Dockerfile", 2)
    assert f'lies in "{closed}"' in problem.message
    assert "permission denied" in problem.message


def test_a_folder_without_its_names_still_tells_whether_a_source_is_there() -> None:
    (problem,) = told("xo/x", "xo", closed="xo")
    assert problem.code == "source-ignored"
    (problem,) = told("xo/x", closed="xo")
    assert problem.code == "unreadable"
