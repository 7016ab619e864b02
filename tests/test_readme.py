"""What README says is what happens.

`UPDATE_README=1 pytest tests/test_readme.py` writes the examples anew.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.examples import (
    UPDATE,
    examples_of,
    lay_out_workplace,
    play,
    rewrite,
)

README = Path(__file__).resolve().parent.parent / "README.md"
TEXT = README.read_text(encoding="utf-8")
EXAMPLES = examples_of(README)


@pytest.fixture
def workplace(tmp_path: Path, sample_dir: Path) -> Path:
    """A folder with all that examples are about."""
    folder = tmp_path.resolve()
    lay_out_workplace(folder, sample_dir)
    return folder


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_shows_what_the_command_prints(name: str, workplace: Path) -> None:
    now = play(EXAMPLES[name], workplace)
    if UPDATE:
        rewrite(README, name, now)
    else:
        assert now == EXAMPLES[name], "UPDATE_README=1 pytest tests/test_readme.py"


def test_readme_has_examples() -> None:
    assert "story" in EXAMPLES


@pytest.mark.parametrize("name", ["scan", "test"])
def test_a_command_that_ci_runs_stands_in_readme_once(name: str) -> None:
    blocks = re.findall(rf"<!-- command: {name} -->\n+```sh\n(.+?)\n```\n", TEXT)
    assert len(blocks) == 1


LINK = re.compile(r"(?:\]\(|(?:src|srcset)=\")(?!https?:)([^)\"#]+)(?:#([\w-]+))?")


@pytest.mark.parametrize(("target", "section"), LINK.findall(TEXT))
def test_a_link_leads_somewhere(target: str, section: str) -> None:
    place = README.parent / target
    assert place.exists()
    if section:
        titles = re.findall(r"^#+ (.*)$", place.read_text("utf-8"), re.MULTILINE)
        anchors = {re.sub(r"[^\w -]", "", one).lower() for one in titles}
        assert section in {one.replace(" ", "-") for one in anchors}
