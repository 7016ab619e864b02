"""`COPY * ./` sweeps in and names nothing (moby/moby#17911, moby/moby#44392).

A current BuildKit builds all of these with the suggested lines, and also where the
wildcard hits nothing; the legacy builder needs one hit for an instruction.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import ctxopt
from ctxopt.core.model import Report
from tests.test_write import in_process, patterns
from tests.texttree import plant

CLUTTER = (
    "logs/a.log:5000 node_modules/i.js:1 .env:4 .git/HEAD:20 .git/objects/a:9000 "
    ".git/refs/heads/main:40 .git/config:20 package.json:3 app.js:1"
)


def report_of(root: Path, dockerfile: str, *, builder: str = "buildkit") -> Report:
    """What is said of a build."""
    (root / "Dockerfile").write_text(dockerfile)
    return ctxopt.analyze(root, builder=builder, estimate=ctxopt.Estimate())


def suggested(report: Report) -> set[str]:
    """The lines of all suggestions."""
    return {line for one in report.suggestions for line in one.patterns}


@pytest.mark.parametrize("builder", ["buildkit", "legacy"])
@pytest.mark.parametrize("source", ["COPY *", "ADD ./*", "COPY package.json *"])
def test_what_is_swept_in_can_go(tmp_path: Path, source: str, builder: str) -> None:
    plant(tmp_path, CLUTTER)
    report = report_of(tmp_path, f"FROM scratch\n{source} ./\n", builder=builder)
    assert {".git", "logs", "**/node_modules", "**/.env"} <= suggested(report)


@pytest.mark.parametrize("source", ["--parents *", "--parents **/*", "src/*", "*/*"])
def test_wherever_the_wildcards_start(tmp_path: Path, source: str) -> None:
    plant(tmp_path, "src/app.py:9 src/.DS_Store:9 src/__pycache__/a.pyc:9 a/b:1")
    head = "# syntax=docker/dockerfile:1-labs\nFROM scratch\n"
    report = report_of(tmp_path, f"{head}COPY {source} /x/\n")
    assert {"**/.DS_Store", "**/__pycache__"} <= suggested(report)


def test_a_folder_that_a_wildcard_starts_from_is_meant_as_a_whole(
    tmp_path: Path,
) -> None:
    plant(tmp_path, "node_modules/a/i.js:9 node_modules/.cache/x:9 app.js:1")
    report = report_of(tmp_path, "FROM scratch\nCOPY node_modules/* /x/\n")
    assert suggested(report) == {"Dockerfile"}


@pytest.mark.parametrize("source", ["lnk/*", "lnk/**", "--parents lnk/./*"])
def test_so_is_one_that_a_link_leads_to(tmp_path: Path, source: str) -> None:
    plant(tmp_path, "node_modules/a/i.js:9 node_modules/.cache/x:9 lnk->node_modules")
    head = "# syntax=docker/dockerfile:1-labs\nFROM scratch\n"
    report = report_of(tmp_path, f"{head}COPY {source} /x/\n")
    assert suggested(report) == {"Dockerfile"}


def test_a_wildcard_with_a_name_in_it_means_no_more_of_its_folder(
    tmp_path: Path,
) -> None:
    plant(tmp_path, "target/app.jar:9 target/surefire-reports/a.xml:90")
    report = report_of(tmp_path, "FROM scratch\nCOPY target/*.jar /x/\n")
    assert any("surefire" in line for line in suggested(report))


def test_a_wildcard_with_a_name_in_it_still_names(tmp_path: Path) -> None:
    plant(tmp_path, "a.log:9 app.js:1")
    report = report_of(tmp_path, "FROM scratch\nCOPY *.log * /x/\n")
    assert suggested(report) == {"Dockerfile"}


@pytest.mark.parametrize("builder", ["buildkit", "legacy"])
def test_something_is_left_to_take(tmp_path: Path, builder: str) -> None:
    plant(tmp_path, "node_modules/i.js:9")
    dockerfile = "FROM scratch\nCOPY [a-z]* /x/\n"
    report = report_of(tmp_path, dockerfile, builder=builder)
    assert "**/node_modules" not in suggested(report)
    held = {one.rule: one.why for one in report.held_back}
    assert held["node-modules"] == "COPY would find nothing else (line 2)"
    plant(tmp_path, "app.js:1")
    report = report_of(tmp_path, dockerfile, builder=builder)
    assert "**/node_modules" in suggested(report)


@pytest.mark.parametrize(
    ("tree", "source"),
    [
        pytest.param("real/debug.log:9", "real/*", id="no link"),
        pytest.param("real/debug.log:9 lnk->real", "lnk/*", id="a link"),
        pytest.param("a/b/debug.log:9 a/l->b", "a/l/*", id="below a folder"),
        pytest.param("a/b/debug.log:9 l->a", "l/*/*", id="above a wildcard"),
        pytest.param("a/b/debug.log:9 l->a", "l/b/*", id="above a folder"),
    ],
)
def test_what_a_link_before_the_wildcards_leads_to_keeps_something(
    tmp_path: Path, tree: str, source: str
) -> None:
    """BuildKit: `lstat /real: no such file or directory` where nothing is left."""
    plant(tmp_path, tree)
    (tmp_path / ".dockerignore").write_text("Dockerfile\n.dockerignore\n")
    report = report_of(tmp_path, f"FROM scratch\nCOPY {source} /x/\n")
    assert suggested(report) == set()
    assert [one.why for one in report.held_back] == [
        "COPY would find nothing else (line 2)"
    ]
    status, _, said = in_process("write", "--yes", tmp_path)
    assert (status, said) == (0, "")


def test_of_several_the_last_ones_stay(tmp_path: Path) -> None:
    plant(tmp_path, "node_modules/i.js:9 logs/a.log:9 .dockerignore:0")
    (tmp_path / ".dockerignore").write_text("Dockerfile\n.dockerignore\n")
    report = report_of(tmp_path, "FROM scratch\nCOPY * /x/\n")
    assert len(report.suggestions) == 1
    assert [one.why for one in report.held_back] == [
        "COPY would find nothing else (line 2)"
    ]


def test_a_folder_is_found_for_what_is_let_through_in_it(tmp_path: Path) -> None:
    plant(tmp_path, "src/__pycache__/a.pyc:9")
    (tmp_path / ".dockerignore").write_text("**\n!src/**\n")
    report = report_of(tmp_path, "FROM scratch\nCOPY * /x/\n")
    assert suggested(report) == set()
    assert [one.rule for one in report.held_back] == ["py-bytecode"]


def test_nothing_is_called_free_of_clutter_that_holds_some(tmp_path: Path) -> None:
    plant(tmp_path, "node_modules/i.js:9 .dockerignore:0")
    (tmp_path / ".dockerignore").write_text("Dockerfile\n.dockerignore\n")
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY * /x/\n")
    _, out, _ = in_process("scan", tmp_path)
    assert "no clutter" not in out
    assert "what looks like clutter has to stay" in out


def test_both_builders_accept_what_is_written(tmp_path: Path) -> None:
    plant(tmp_path, CLUTTER)
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY * ./\n")
    status, _, said = in_process("write", "--yes", tmp_path)
    assert (status, said) == (0, "")
    assert {".git", "logs", "**/node_modules", "**/.env"} <= patterns(tmp_path)


def flattened(report: Report) -> list[str]:
    """The notes on folders that lose their names."""
    return [one.message for one in report.problems if one.code == "folders-flattened"]


def test_folders_that_lose_their_names_are_told(tmp_path: Path) -> None:
    plant(tmp_path, "a/x:1 b/x:1 c/x:1 d/x:1 src/one/x:1 f:1")
    report = report_of(tmp_path, "FROM scratch\nCOPY * /x/\nADD src/* /y/\n")
    assert flattened(report) == [
        (
            '"*" leaves the content of "a", "b", "c" and 2 more in the destination, '
            "without their names; COPY . keeps their names"
        ),
        (
            '"src/*" leaves the content of "src/one" in the destination, without its '
            "name; ADD src keeps its name"
        ),
    ]


@pytest.mark.parametrize(
    "instruction",
    ["COPY . /x/", "COPY a /x/", "COPY a* /x/", "COPY --parents * /x/", "COPY [f]* /x"],
)
def test_other_sources_flatten_nothing_or_mean_it(
    tmp_path: Path, instruction: str
) -> None:
    plant(tmp_path, "a/x:1 f:1")
    head = "# syntax=docker/dockerfile:1-labs\nFROM scratch\n"
    assert flattened(report_of(tmp_path, f"{head}{instruction}\n")) == []
