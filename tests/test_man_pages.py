"""The man pages say what the program says, and man reads them without a word."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ctxopt.cli.program import COMMANDS
from tools.commands import pages
from tools.man_pages import COMMAND, FOLDER, man_pages

MADE = man_pages()
needs_man = pytest.mark.skipif(shutil.which("mandb") is None, reason="no man here")


def test_the_pages_are_those_of_the_program() -> None:
    written = {path.name: path.read_text("utf-8") for path in FOLDER.iterdir()}
    assert written == MADE, COMMAND


def test_there_is_a_page_for_each_command() -> None:
    inside = {"fleet": ("fleet", "fleet-diff")}
    names = [each for one in COMMANDS for each in inside.get(one, (one,))]
    assert [*MADE] == ["ctxopt.1", *(f"ctxopt-{name}.1" for name in names)]


def man(path: Path) -> subprocess.CompletedProcess[str]:
    """The page as man shows it, very wide; what it has to say is in `stderr`."""
    environ = {**os.environ, "MANWIDTH": "2000", "LC_ALL": "C.UTF-8"}
    words = [
        "man",
        "--warnings=all",
        "--no-hyphenation",
        "-E",
        "UTF-8",
        "-l",
        str(path),
    ]
    return subprocess.run(
        words, env=environ, capture_output=True, encoding="utf-8", check=True
    )


@needs_man
@pytest.mark.parametrize("name", MADE)
def test_man_shows_all_of_a_page_letter_for_letter(name: str) -> None:
    (page,) = [one for one in pages() if f"{one.name.replace(' ', '-')}.1" == name]
    done = man(FOLDER / name)
    assert done.stderr == ""
    shown = " ".join(re.sub(r".\x08|\x1b\[[\d;]*m", "", done.stdout).split())
    assert page.options
    for text in (
        *page.paragraphs,
        *page.examples,
        *(part for option in page.options for part in option[:2]),
    ):
        assert " ".join(text.split()) in shown


@needs_man
def test_the_page_of_the_program_has_every_exit_status() -> None:
    shown = man(FOLDER / "ctxopt.1").stdout
    for status in ("0", "1", "2", "3", "130"):
        assert re.search(rf"^ +\S*{status}\S* +\w", shown, re.MULTILINE), status
