"""What README says is what happens.

`UPDATE_README=1 pytest tests/test_readme.py` writes the examples anew.
"""

from __future__ import annotations

import doctest
import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from ctxopt.view.builds.json import all_as_json
from tests import projects
from tests.launch import launch
from tests.market import lay_out_market
from tests.suggesting.cases import commit
from tests.view.builds.repositories import shop

README = Path(__file__).resolve().parent.parent / "README.md"
TEXT = README.read_text(encoding="utf-8")
UPDATE = os.environ.get("UPDATE_README") == "1"

# <!-- example: NAME --> followed by a fenced `console` block.
EXAMPLE = re.compile(
    r"(?P<head><!-- example: (?P<name>[\w-]+) -->\n+```console\n)"
    r"(?P<body>.*?)(?=```\n)",
    re.DOTALL,
)
EXAMPLES = {found["name"]: found["body"] for found in EXAMPLE.finditer(TEXT)}
WIDTH = 80
# Where the reader is supposed to be; stands for the test's folder.
HOME = "/home/you/project"


@pytest.fixture
def workplace(tmp_path: Path, sample_dir: Path) -> Path:
    """A folder with a copy of the sample as git checks it out under umask 022.

    Beside it is a project that git tracks, and a repository of three images.
    """
    folder = tmp_path.resolve()
    sample = folder / "sample"
    shutil.copytree(sample_dir, sample)
    for path in [sample, *sample.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
        os.utime(path, (1_700_000_000, 1_700_000_000))
    parcels = projects.lay_out("python-web", folder).rename(folder / "parcels")
    commit(parcels, projects.committed("python-web"))
    lay_out_market(folder)
    return folder


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `ctxopt ...` as typed, with a pipe of `WIDTH` columns for a terminal."""
    program, *arguments = shlex.split(command)
    assert program == "ctxopt", f"an example may only run ctxopt: {command}"
    unset = {"FORCE_COLOR", "CLICOLOR_FORCE", "DOCKER_BUILDKIT"}
    kept = {key: value for key, value in os.environ.items() if key not in unset}
    environ = {**kept, "COLUMNS": str(WIDTH), "NO_COLOR": "1"}
    reading, writing = os.pipe()
    with open(os.devnull, "rb") as nothing, open(reading, encoding="utf-8") as both:
        streams = (nothing.fileno(), writing, writing)
        try:
            started = launch(arguments, streams=streams, cwd=folder, env=environ)
        finally:
            os.close(writing)
        said = both.read()
    return subprocess.CompletedProcess(arguments, started.wait(), said, "")


def play(body: str, folder: Path) -> str:
    """The block with every command's output as it is now.

    A command ends with status 0, unless `$ echo $?` after it says otherwise.
    """
    commands = [line for line in body.splitlines() if line.startswith("$ ")]
    lines, status = [], 0
    for command in commands:
        if command == "$ echo $?":
            lines += [command, str(status)]
            status = 0
            continue
        assert status == 0, "\n".join(lines)
        done = run(command.removeprefix("$ "), folder)
        shown = done.stdout.replace(str(folder), HOME).rstrip("\n").splitlines()
        lines += [command, *(line.rstrip() for line in shown)]
        status = done.returncode
    assert status == 0, "\n".join(lines)
    return "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_shows_what_the_command_prints(name: str, workplace: Path) -> None:
    now = play(EXAMPLES[name], workplace)
    if UPDATE:
        rewrite(name, now)
    else:
        assert now == EXAMPLES[name], "UPDATE_README=1 pytest tests/test_readme.py"


def rewrite(name: str, body: str) -> None:
    text = README.read_text(encoding="utf-8")
    README.write_text(
        EXAMPLE.sub(
            lambda found: (
                found["head"] + (body if found["name"] == name else found["body"])
            ),
            text,
        ),
        encoding="utf-8",
        newline="\n",
    )


def test_the_example_in_python_shows_what_it_prints(
    workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (body,) = re.findall(
        r"<!-- example: python -->\n+```pycon\n(.*?)```\n", TEXT, re.DOTALL
    )
    monkeypatch.chdir(workplace)
    example = doctest.DocTestParser().get_doctest(body, {}, "README", "README.md", 0)
    said: list[str] = []
    doctest.DocTestRunner(verbose=False).run(example, out=said.append)
    assert example.examples
    assert "".join(said) == ""


def test_readme_has_examples() -> None:
    assert "scan" in EXAMPLES


@pytest.mark.parametrize("name", ["scan", "test"])
def test_a_command_that_ci_runs_stands_in_readme_once(name: str) -> None:
    blocks = re.findall(rf"<!-- command: {name} -->\n+```sh\n(.+?)\n```\n", TEXT)
    assert len(blocks) == 1


def documented_fields(schema: str = "scan") -> dict[str, set[str]]:
    """The rows of a schema's table: top-level field to the fields below it."""
    table = TEXT.split(f"<!-- schema: {schema} -->")[1].split("\n\n")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", table, re.MULTILINE)
    return {name: set(re.findall(r"`([\w.]+)`", below)) for name, below in rows}


def actual_fields(value: object) -> set[str]:
    """The fields of an object, or of every object of a list, as README names them."""
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
    text = TEXT.split("<!-- schema: why -->")[1].split("## Problem codes")[0]
    below = {key for one in told["paths"] for taker in one["sources"] for key in taker}
    assert {key for key in below if f"`{key}`" not in text} == set()


def test_links_lead_somewhere() -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", TEXT)
    assert [target for target in targets if not (README.parent / target).exists()] == []
