"""What the site says is what happens.

`UPDATE_README=1 pytest tests/test_docs.py` writes the examples anew.
"""

from __future__ import annotations

import re
import shlex
from itertools import chain
from pathlib import Path

import click
import pytest

from ctxopt.cli import main
from ctxopt.cli.pasted import is_docker_flag
from ctxopt.core.ignorefile.lines import parse
from tests.examples import (
    EXAMPLE,
    UPDATE,
    examples_of,
    lay_out_workplace,
    play,
    rewrite,
)
from tools import pictures

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
BLOCKS = re.compile(r"^```(?P<kind>\w*)\n(?P<body>.*?)^```", re.MULTILINE | re.DOTALL)


def name_of(path: Path) -> str:
    return str(path.relative_to(DOCS))


WITH_EXAMPLES = [one for one in PAGES if examples_of(one)]


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=name_of)
def test_the_examples_of_a_page_show_what_happens(
    page: Path, tmp_path: Path, sample_dir: Path
) -> None:
    """One after the other, in the same folder."""
    folder = tmp_path.resolve()
    lay_out_workplace(folder, sample_dir)
    for name, body in examples_of(page).items():
        now = play(body, folder)
        if UPDATE:
            rewrite(page, name, now)
        else:
            assert now == body, "UPDATE_README=1 pytest tests/test_docs.py"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_console_is_an_example(page: Path) -> None:
    """So that nothing which a reader sees typed and answered is not run here."""
    text = page.read_text("utf-8")
    consoles = [one for one in BLOCKS.finditer(text) if one["kind"] == "console"]
    assert len(consoles) == len(EXAMPLE.findall(text))


def typed_lines() -> list[tuple[str, str]]:
    """Each command line of ctxopt in blocks of a shell and of CI, and its page."""
    found = []
    for page in (ROOT / "README.md", *PAGES):
        for block in BLOCKS.finditer(page.read_text("utf-8")):
            if block["kind"] not in ("sh", "yaml", "groovy", ""):
                continue
            text = block["body"].replace("\\\n", " ")
            lines = re.findall(r"\bctxopt (?!\()[a-z][^\n]*", text)
            found += [(page.name, line) for line in lines]
    return found


@pytest.mark.parametrize(("page", "line"), typed_lines())
def test_a_command_line_can_be_read(page: str, line: str) -> None:
    """Its options are those that there are; what it names need not be here.

    Nothing is run: some of them need docker, a network or a terminal.
    """
    line = line if line.count("'") % 2 == 0 else line.rstrip("'")  # of Jenkins
    words = [*shlex.split(line, comments=True)][1:]
    ends = [at for at, word in enumerate(words) if word in ("|", ">>", ">", "&&", ";")]
    words = words[: min(ends, default=len(words))]
    whole = click.Context(main, info_name="ctxopt", **main.context_settings)
    command = main.get_command(whole, words[0])
    assert command is not None, words[0]
    inner = {one.name: one for one in getattr(command, "inner", ())}
    command = inner.get(words[1], command) if words[1:] else command
    known = set(chain.from_iterable(one.opts for one in command.get_params(whole)))
    asked = [word for word in words[1:] if word.startswith("-") and word != "-"]
    unknown = [word for word in asked if word.partition("=")[0] not in known]
    assert [word for word in unknown if not is_docker_flag(word)] == []


def test_there_are_command_lines() -> None:
    assert len(typed_lines()) > 20


PATTERNS = DOCS / "explanation" / "patterns.md"
ROW = re.compile(r"^\| (`.*`) \| `(.*)` \| (yes|no) \|$", re.MULTILINE)


@pytest.mark.parametrize(
    ("lines", "path", "said"), ROW.findall(PATTERNS.read_text("utf-8"))
)
def test_a_row_about_patterns_is_what_the_matcher_says(
    lines: str, path: str, said: str
) -> None:
    text = "\n".join(re.findall(r"`([^`]*)`", lines))
    verdict = parse(text.encode(), ".dockerignore").matcher.verdict(path)
    assert verdict.excluded is (said == "yes")


def test_the_tables_about_patterns_have_no_other_rows() -> None:
    text = PATTERNS.read_text("utf-8")
    tables = re.findall(r"<!-- patterns -->\n(.*?)\n\n", text, re.DOTALL)
    rows = sum(table.count("\n") - 1 for table in tables)
    assert rows == len(ROW.findall(text)) > 30


def test_every_page_is_in_the_navigation() -> None:
    text = (ROOT / "mkdocs.yml").read_text("utf-8")
    named = set(re.findall(r": ([\w/-]+\.md)$", text, re.MULTILINE))
    assert named == {name_of(page) for page in PAGES}


def test_a_picture_does_not_weigh_down_a_repository() -> None:
    sizes = {one.name: one.stat().st_size for one in pictures.FOLDER.iterdir()}
    assert sizes
    assert {name for name, size in sizes.items() if size > pictures.MOST_BYTES} == set()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    text = BLOCKS.sub("", page.read_text("utf-8"))
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
    assert [one for one in targets if not (page.parent / one).exists()] == []
