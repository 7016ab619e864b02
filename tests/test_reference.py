"""The reference is what the program says: of commands, of the JSON, of Python."""

from __future__ import annotations

import doctest
import json
import re
from pathlib import Path

import pytest

from ctxopt.view.builds.json import all_as_json
from ctxopt.view.fleet.comparison.json import as_json as fleet_diff_json
from ctxopt.view.fleet.jsonl import line_json
from tests.examples import lay_out_workplace, run
from tests.view.builds.repositories import shop
from tests.view.fleet.comparisons import changed
from tests.view.fleet.fleets import several
from tools import reference

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
JSON = (FOLDER / "json.md").read_text("utf-8")
PYTHON = FOLDER / "python.md"


@pytest.fixture
def workplace(tmp_path: Path, sample_dir: Path) -> Path:
    """A folder with all that examples are about."""
    folder = tmp_path.resolve()
    lay_out_workplace(folder, sample_dir)
    return folder


def test_the_reference_of_commands_is_what_the_program_says() -> None:
    written = reference.DOCUMENT.read_text("utf-8")
    assert written == reference.document(), reference.COMMAND


def test_the_example_in_python_shows_what_it_prints(
    workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (body,) = re.findall(
        r"<!-- example: python -->\n+```pycon\n(.*?)```\n",
        PYTHON.read_text("utf-8"),
        re.DOTALL,
    )
    monkeypatch.chdir(workplace)
    example = doctest.DocTestParser().get_doctest(body, {}, PYTHON.stem, PYTHON.name, 0)
    said: list[str] = []
    doctest.DocTestRunner(verbose=False).run(example, out=said.append)
    assert example.examples
    assert "".join(said) == ""


def documented_fields(schema: str = "scan") -> dict[str, set[str]]:
    """The rows of a schema's table: top-level field to the fields below it."""
    table = JSON.split(f"<!-- schema: {schema} -->")[1].split("\n\n")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", table, re.MULTILINE)
    return {name: set(re.findall(r"`([\w.]+)`", below)) for name, below in rows}


def actual_fields(value: object) -> set[str]:
    """The fields of an object, or of every object of a list, as the tables do."""
    if isinstance(value, list):
        return set().union(*map(actual_fields, value))
    if not isinstance(value, dict):
        return set()
    names = set()
    for key, inner in value.items():
        below = actual_fields(inner)
        names |= {f"{key}.{name}" for name in below} if below else {key}
    return names


def test_the_schema_table_names_every_field_of_the_json(workplace: Path) -> None:
    done = run("ctxopt scan --format json sample", workplace)
    assert done.returncode == 0, done.stdout
    report = json.loads(done.stdout)
    documented = documented_fields()
    assert list(report) == list(documented)
    for name, value in report.items():
        # An empty list shows no fields, nor does null.
        assert value in ([], None) or actual_fields(value) == documented[name], name


def test_the_table_of_all_builds_names_every_field_of_its_json() -> None:
    told = json.loads(json.dumps(all_as_json(shop())))
    documented = documented_fields("scan-all")
    assert list(told) == list(documented)
    for one in told["builds"]:
        assert set(one) == {name.split(".")[0] for name in documented["builds"]}
        one["report"] = None
    for one in told["ignore_files"]:
        assert set(one) == documented["ignore_files"]
    for name in ("builds", "totals", "sent_twice", "problems"):
        nested = {part for one in documented[name] for part in (one, one.split(".")[0])}
        shown = actual_fields(told[name])
        assert documented[name] <= shown <= nested, name


def test_the_table_of_a_fleet_names_every_field_of_its_lines() -> None:
    documented = documented_fields("fleet")
    for line in several().lines:
        told = json.loads(json.dumps(line_json(line)))
        assert list(told) == list(documented)
        for name in ("failure", "saved", "builds"):
            assert not told[name] or actual_fields(told[name]) == documented[name], name


def test_the_table_of_two_fleets_names_every_field_of_their_json() -> None:
    told = json.loads(json.dumps(fleet_diff_json(changed())))
    documented = documented_fields("fleet-diff")
    assert list(told) == list(documented)
    for name, value in told.items():
        assert actual_fields(value) == documented[name], name


@pytest.mark.parametrize("asked", ["docs/api.md '*.md'", ""])
def test_the_table_of_why_names_every_field_of_its_json(
    workplace: Path, asked: str
) -> None:
    done = run(f"ctxopt why --json -C sample {asked}", workplace)
    told = json.loads(done.stdout)
    documented = documented_fields("why")
    assert list(told) == list(documented)
    for name in ("paths", "patterns", "sources"):
        for one in told[name]:
            assert set(one) == documented[name]
    text = JSON.split("<!-- schema: why -->")[1].split("## A check")[0]
    below = {key for one in told["paths"] for taker in one["sources"] for key in taker}
    assert {key for key in below if f"`{key}`" not in text} == set()
