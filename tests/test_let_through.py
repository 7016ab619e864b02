"""Clutter inside of what `!` lines let through, as `*` and `!src` do.

matrix-org/synapse has 191 MB of it behind the list that `--allow-list` writes.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.test_swept_in import report_of, suggested
from tests.test_write import in_process, patterns
from tests.texttree import plant

TREE = "src/a.py:100 src/__pycache__/a.pyc:5000 src/web/node_modules/i.js:700 b:1"
DOCKERFILE = "FROM scratch\nCOPY src /x/\n"
CLUTTER = {"**/__pycache__", "**/node_modules"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Clutter in the one folder that is copied."""
    plant(tmp_path, TREE)
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    return tmp_path


def last_lines(root: Path) -> list[str]:
    """The lines that are no comments, in order."""
    text = (root / ".dockerignore").read_text()
    return [line for line in text.splitlines() if line and line[0] != "#"]


def test_it_is_found_behind_a_list_of_our_own(project: Path) -> None:
    assert in_process("write", "--allow-list", "--yes", project)[0] == 0
    assert "no clutter" not in in_process("scan", project)[1]
    status, _, said = in_process("write", "--yes", project)
    assert (status, said) == (0, "")
    lines = last_lines(project)
    assert lines[:2] == ["*", "!src"]
    assert {*lines[2:]} >= CLUTTER
    assert in_process("write", "--check", project)[0] == 0
    report = report_of(project, DOCKERFILE)
    assert not CLUTTER & suggested(report)
    assert report.transfer.tally.files == 1


@pytest.mark.parametrize("builder", ["buildkit", "legacy"])
@pytest.mark.parametrize(
    "ignored", ["*\n!src\n", "*\n!src/\n", "**\n!src/**\n", "*\n!s*\n", "*\n!**/src\n"]
)
def test_it_is_found_behind_a_list_of_the_user(
    project: Path, ignored: str, builder: str
) -> None:
    (project / ".dockerignore").write_text(ignored)
    in_process("write", "--yes", "--builder", builder, project)
    assert patterns(project) >= CLUTTER
    report = report_of(project, DOCKERFILE, builder=builder)
    assert not CLUTTER & suggested(report)


@pytest.mark.parametrize(
    "line", ["!src/__pycache__", "!**/__pycache__", "!src/__pycache__/a.pyc"]
)
def test_what_a_line_names_is_wanted(project: Path, line: str) -> None:
    (project / ".dockerignore").write_text(f"*\n!src\nsrc/**/__pycache__\n{line}\n")
    in_process("write", "--yes", project)
    assert not any("__pycache__" in one for one in patterns(project))


BLOCK = """# >>> ctxopt >>>  take it out with: ctxopt write --remove (new file)
# py-bytecode: Python bytecode
**/__pycache__
# allow-list: what COPY, ADD and mounts name
*
!src
# <<< ctxopt <<<
"""


def test_a_line_that_stands_before_the_list_is_said_again(project: Path) -> None:
    (project / ".dockerignore").write_text(BLOCK)
    assert in_process("write", "--yes", "--include-ask", project)[0] == 0
    lines = last_lines(project)
    assert lines[:3] == ["**/__pycache__", "*", "!src"]
    assert {*lines[3:]} >= CLUTTER
    assert report_of(project, DOCKERFILE).transfer.tally.files == 1
    assert in_process("write", "--check", project)[0] == 0


def test_a_line_behind_the_block_is_named_where_it_is_in_the_way(
    project: Path,
) -> None:
    in_process("write", "--allow-list", "--yes", project)
    with (project / ".dockerignore").open("a") as file:
        file.write("*\n!src\n")
    report = report_of(project, DOCKERFILE)
    assert not CLUTTER & suggested(report)
    why = {one.rule: one.why for one in report.held_back}["py-bytecode"]
    assert why == ".dockerignore:7 stands behind the block and brings it back"
    assert "no clutter" not in in_process("scan", project)[1]
