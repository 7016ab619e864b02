"""The questions about lines of git as one."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ctxopt.core.model import Request, Suggestion
from ctxopt.pipeline.advice import Estimate
from ctxopt.pipeline.report import analyze
from ctxopt.pipeline.writing.drafting import plan
from ctxopt.pipeline.writing.plan import Choice
from tests.texttree import plant


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository that ignores three things of which no rule speaks."""
    plant(tmp_path, "app.js:9 one/a:900 two/b:800 three.xyz:700")
    (tmp_path / ".gitignore").write_text("/one/\n/two/\n*.xyz\n")
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    return tmp_path


def of_git(made: tuple[Suggestion, ...]) -> dict[str, tuple[str, ...]]:
    return {one.id: one.patterns for one in made if one.id.startswith("git-")}


def test_it_is_one_question(root: Path) -> None:
    report = analyze(Request(str(root)), estimate=Estimate())
    assert of_git(report.suggestions) == {"git-rest": ("one", "two", "**/*.xyz")}
    (one,) = [one for one in report.suggestions if one.id == "git-rest"]
    assert one.notes == ("git ignores it (.gitignore:1, .gitignore:2, .gitignore:3)",)
    assert one.path_count == 3


@pytest.mark.parametrize(
    ("choice", "lines"),
    [
        pytest.param(Choice(only=("git-two",)), ["two"], id="one line by its id"),
        pytest.param(Choice(only=("one",)), ["one"], id="one by its pattern"),
        pytest.param(Choice(only=("git-rest",)), ["one", "two", "**/*.xyz"], id="all"),
    ],
)
def test_each_can_be_named(root: Path, choice: Choice, lines: list[str]) -> None:
    drafting = plan(Request(str(root)), choice, estimate=Estimate())
    after = drafting.plan(()).after or b""
    written = [line for line in after.decode().splitlines() if not line.startswith("#")]
    assert [line for line in written if line in ("one", "two", "**/*.xyz")] == lines


def test_a_single_line_is_called_by_its_own_name(root: Path) -> None:
    (root / ".gitignore").write_text("/one/\n")
    report = analyze(Request(str(root)), estimate=Estimate())
    assert of_git(report.suggestions) == {"git-one": ("one",)}


SOURCES = "src/main/java/shop/build/Build.java:9 src/app/target/mod.rs:9"


def test_sources_are_another_question(root: Path) -> None:
    plant(root, SOURCES)
    (root / ".gitignore").write_text("/one/\n/two/\n*.xyz\nbuild/\ntarget/\n")
    report = analyze(Request(str(root)), estimate=Estimate())
    assert of_git(report.suggestions) == {
        "git-rest": ("one", "two", "**/*.xyz"),
        "git-sources": ("src/app/target", "src/main/java/shop/build"),
    }


def test_a_yes_to_the_rest_takes_no_sources(root: Path) -> None:
    plant(root, SOURCES)
    (root / ".gitignore").write_text("/one/\n/two/\n*.xyz\nbuild/\ntarget/\n")
    drafting = plan(Request(str(root)), Choice(only=("git-rest",)), estimate=Estimate())
    written = (drafting.plan(()).after or b"").decode().splitlines()
    assert {"one", "two", "**/*.xyz"} <= {*written}
    assert not {"src/main/java/shop/build", "src/app/target"} & {*written}


def test_a_source_by_its_own_name_is_one(root: Path) -> None:
    plant(root, "gen/api.pb.go:9 gen/b.ts:9")
    (root / ".gitignore").write_text("/one/\n*.pb.go\n*.ts\n/two/\n")
    report = analyze(Request(str(root)), estimate=Estimate())
    assert of_git(report.suggestions) == {
        "git-rest": ("one", "two"),
        "git-sources": ("**/*.pb.go", "**/*.ts"),
    }


def test_a_single_question_about_sources_has_its_own_name(root: Path) -> None:
    plant(root, "src/build/a.ts:9")
    (root / ".gitignore").write_text("/one/\n/two/\nbuild/\n")
    report = analyze(Request(str(root)), estimate=Estimate())
    assert of_git(report.suggestions) == {
        "git-rest": ("one", "two"),
        "git-build": ("src/build",),
    }


# --- what is asked of rules


@pytest.fixture
def cluttered(tmp_path: Path) -> Path:
    """Texts, settings and data of which git tracks the first two kinds only."""
    plant(tmp_path, "app.js:9 README.md:9 docs/a.md:9 .editorconfig:9 fly.toml:9")
    plant(tmp_path, "old.zip:2000000 a.parquet:2000000 tests/a.py:9")
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    tracked = ["app.js", "README.md", "docs", ".editorconfig", "fly.toml", "tests"]
    subprocess.run(["git", "-C", str(tmp_path), "add", *tracked], check=True)
    return tmp_path


def asked(made: tuple[Suggestion, ...]) -> dict[str, set[str]]:
    rows = (one for one in made if one.confidence.value == "ask")
    return {one.id: {*one.patterns} for one in rows}


def test_what_people_answer_alike_is_one_question(cluttered: Path) -> None:
    report = analyze(Request(str(cluttered)), estimate=Estimate())
    assert asked(report.suggestions) == {
        "project-files": {"docs", "[A-Z]*.md", ".editorconfig", "fly.toml"},
        "local-data": {"*.zip", "*.parquet"},
        "tests-dirs": {"tests"},
    }


def test_data_that_git_tracks_is_a_question_of_its_own(cluttered: Path) -> None:
    subprocess.run(["git", "-C", str(cluttered), "add", "old.zip"], check=True)
    report = analyze(Request(str(cluttered)), estimate=Estimate())
    assert {"archives", "data-formats"} <= asked(report.suggestions).keys()


@pytest.mark.parametrize(
    ("choice", "lines"),
    [
        pytest.param(Choice(only=("docs-text",)), {"[A-Z]*.md"}, id="one of them"),
        pytest.param(
            Choice(only=("project-files",)),
            {"docs", "[A-Z]*.md", ".editorconfig", "fly.toml"},
            id="all of them",
        ),
        pytest.param(
            Choice(only=("local-data", "docs-dir")),
            {"docs", "*.zip", "*.parquet"},
            id="all of one kind, and one of another",
        ),
        pytest.param(
            Choice(skip=("docs-dir", "tests-dirs"), include_ask=True),
            {"[A-Z]*.md", ".editorconfig", "fly.toml", "*.zip", "*.parquet"},
            id="all but one",
        ),
    ],
)
def test_each_rule_can_be_named(
    cluttered: Path, choice: Choice, lines: set[str]
) -> None:
    drafting = plan(Request(str(cluttered)), choice, estimate=Estimate())
    written = {*(drafting.plan(()).after or b"").decode().splitlines()}
    questions = {"docs", "[A-Z]*.md", ".editorconfig", "fly.toml", "tests"}
    assert written & (questions | {"*.zip", "*.parquet"}) == lines


def test_a_kind_that_is_not_there_may_be_named(root: Path) -> None:
    choice = Choice(skip=("project-files",))
    assert plan(Request(str(root)), choice, estimate=Estimate()).absent == ()


# --- folders that no COPY takes


@pytest.fixture
def idle(tmp_path: Path) -> Path:
    """A build that takes one file, and large folders that git tracks beside it."""
    plant(tmp_path, "app:9 web/a.bin:2000000 cmd/b.bin:2000000 out/arm/c.bin:2000000")
    plant(tmp_path, "out/amd/c.bin:9")
    text = "FROM scratch\nARG ARCH=amd\nCOPY app /\nCOPY out/${ARCH}/c.bin /\n"
    (tmp_path / "Dockerfile").write_text(text)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    return tmp_path


def test_folders_that_no_copy_takes_are_one_question(idle: Path) -> None:
    """What a build with another argument takes is one of its own."""
    report = analyze(Request(str(idle)), estimate=Estimate())
    assert asked(report.suggestions) == {
        "unused-rest": {"web", "cmd"},
        "unused-out-arm": {"out/arm"},
    }


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        pytest.param("unused-web", {"web"}, id="one of them"),
        pytest.param("unused-rest", {"web", "cmd"}, id="all of them"),
    ],
)
def test_each_folder_can_be_named(idle: Path, name: str, lines: set[str]) -> None:
    drafting = plan(Request(str(idle)), Choice(only=(name,)), estimate=Estimate())
    written = {*(drafting.plan(()).after or b"").decode().splitlines()}
    assert written & {"web", "cmd", "out/arm"} == lines
