"""An allow-list that both builders accept (text-generation-inference, dependabot-core).

A current BuildKit builds `COPY */*.txt` with the lines `*` and `!d/*.txt`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.test_let_through import last_lines
from tests.test_write import in_process
from tests.texttree import plant

TREE = "x:1 y:1 d/a.txt:9 d/b.js:9 d/e/c.txt:9 f/g:1 f/h/i.txt:1"
LABS = "# syntax=docker/dockerfile:1-labs\n"
STAGES = "FROM scratch AS a\nCOPY {} /x\nFROM scratch\nCOPY {} /y\n"


def listed(root: Path, dockerfile: str, builder: str) -> tuple[list[str], str]:
    """The lines of the list that is written, and what is said."""
    plant(root, TREE)
    (root / "Dockerfile").write_text(dockerfile)
    options = ["--allow-list", "--yes", "--builder", builder]
    status, _, said = in_process("write", *options, root)
    assert status == 0, said
    status, _, again = in_process("write", *options, root)
    assert status == 0, again
    return last_lines(root), said


@pytest.mark.parametrize("builder", ["buildkit", "legacy"])
@pytest.mark.parametrize(
    ("dockerfile", "lines"),
    [
        pytest.param(STAGES.format("x", "y"), ["!x", "!y"], id="a stage left out"),
        pytest.param(
            STAGES.format("*/*.txt", "y"), ["!d/*.txt", "!y"], id="wildcards in it"
        ),
        pytest.param(
            STAGES.format("x", "y").replace("COPY x", "ADD x"),
            ["!x", "!y"],
            id="an add in it",
        ),
        pytest.param("FROM scratch\nCOPY */*.txt /x/\n", ["!d/*.txt"], id="a wildcard"),
        pytest.param(
            f"{LABS}FROM scratch\nCOPY --parents */*.txt /x/\n",
            ["!d/*.txt"],
            id="with its parents",
        ),
        pytest.param(
            "FROM scratch\nCOPY */*/*.txt /x/\n",
            ["!d/e/*.txt", "!f/h/*.txt"],
            id="two of them",
        ),
        pytest.param("FROM scratch\nCOPY [df]/g /x/\n", ["!f/g"], id="a class"),
        pytest.param(
            f"{LABS}FROM scratch\nCOPY --parents **/*.txt /x/\n",
            ["!d/*.txt", "!d/e/*.txt", "!f/h/*.txt"],
            id="in all folders",
        ),
        pytest.param("FROM scratch\nCOPY d/*.txt /x/\n", ["!d/*.txt"], id="at the end"),
    ],
)
def test_what_both_builders_need_is_on_the_list(
    tmp_path: Path, dockerfile: str, lines: list[str], builder: str
) -> None:
    assert listed(tmp_path, dockerfile, builder)[0] == ["*", *lines]


def test_a_wildcard_that_is_written_out_is_said(tmp_path: Path) -> None:
    said = listed(tmp_path, "FROM scratch\nCOPY */*.txt /x/\n", "buildkit")[1]
    assert 'note: "*/*.txt" is written out for the folders that are there now' in said


def test_a_path_that_stands_as_it_is_needs_no_word(tmp_path: Path) -> None:
    assert listed(tmp_path, "FROM scratch\nCOPY d/*.txt x /x/\n", "buildkit")[1] == ""


def test_too_many_folders_are_refused(tmp_path: Path) -> None:
    plant(tmp_path, " ".join(f"d{n}/a.txt:1" for n in range(101)))
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY */*.txt /x/\n")
    status, _, said = in_process("write", "--allow-list", "--yes", tmp_path)
    assert status == 2
    assert 'a source asks for "*/*.txt", which is in too many folders' in said
