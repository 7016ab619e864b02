"""Paths as they are typed, and how little is looked at for them."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ctxopt.cli import main
from ctxopt.core.model import Request
from ctxopt.core.why.answer import GlobAnswer, PathAnswer, PathState
from ctxopt.pipeline.why.asking import explain
from ctxopt.view.why import json as as_json
from tests.texttree import plant

TREE = "app/src/a.py:5 app/logs/x.log:5 app/keep.log:5 shared/s.txt:5"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A context `app` beside another folder; one stands above both."""
    plant(tmp_path, TREE)
    (tmp_path / "app/Dockerfile").write_text("FROM scratch\nCOPY . /x/\n")
    (tmp_path / "app/.dockerignore").write_text("logs\n*.log\n!keep.log\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def one(asked: str, context: str = "app") -> PathAnswer:
    (answer,) = explain(Request(context), (asked,)).answers
    assert isinstance(answer, PathAnswer)
    return answer


def glob(asked: str) -> GlobAnswer:
    (answer,) = explain(Request("app"), (asked,)).answers
    assert isinstance(answer, GlobAnswer)
    return answer


@pytest.mark.parametrize(
    ("asked", "here", "path"),
    [
        pytest.param("src/a.py", ".", "src/a.py", id="from the context"),
        pytest.param("app/src/a.py", ".", "src/a.py", id="from the current folder"),
        pytest.param("./app/src/", ".", "src", id="with a dot and a slash"),
        pytest.param("a.py", "app/src", "src/a.py", id="from a folder of the context"),
        pytest.param("app/src/../keep.log", ".", "keep.log", id="with a step back"),
        pytest.param("HERE/app/src/a.py", ".", "src/a.py", id="from the disk's root"),
        pytest.param("nosuch", ".", "nosuch", id="what is nowhere"),
        pytest.param("app", ".", "", id="the context"),
    ],
)
def test_a_path_is_found_as_it_is_typed(
    project: Path, monkeypatch: pytest.MonkeyPatch, asked: str, here: str, path: str
) -> None:
    monkeypatch.chdir(project / here)
    asked = asked.replace("HERE", str(project))
    assert one(asked, str(project / "app")).path == path


def test_a_folder_of_the_context_is_meant_before_one_of_its_name_elsewhere(
    project: Path,
) -> None:
    plant(project, "src/b.py:5")  # beside the context
    assert one("src").path == "src"
    assert one("src/b.py").standing.state is PathState.OUTSIDE


@pytest.mark.parametrize("asked", ["shared/s.txt", "../shared/s.txt", "/"])
def test_what_lies_outside_is_told_so(project: Path, asked: str) -> None:
    answer = one(asked)
    assert answer.standing.state is PathState.OUTSIDE
    assert os.path.isabs(answer.path)
    assert answer.path == str(project / "shared/s.txt") or asked == "/"


def test_a_link_to_the_context_is_no_way_out(project: Path) -> None:
    (project / "there").symlink_to("app")
    assert one("there/src/a.py").path == "src/a.py"
    assert one("app/src/a.py", "there").path == "src/a.py"


@pytest.mark.parametrize(
    ("asked", "hits", "inside"),
    [
        pytest.param("*.log", 1, 1, id="in the root"),
        pytest.param("**/*.log", 2, 1, id="at any depth"),
        pytest.param("*/*.log", 1, 0, id="in a folder"),
        pytest.param("app/*.log", 0, 0, id="it is from the context"),
        pytest.param("*.nosuch", 0, 0, id="nothing"),
    ],
)
@pytest.mark.usefixtures("project")
def test_a_pattern_is_one_of_the_context(asked: str, hits: int, inside: int) -> None:
    found = glob(asked)
    assert (found.hits, found.in_context) == (hits, inside)


def test_a_file_with_the_name_of_a_pattern_is_itself(project: Path) -> None:
    (project / "app/[a].py").write_text("")
    assert one("[a].py").in_context


def test_nothing_is_walked(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No folder is listed for a path that is there, however many there are."""
    listed: list[object] = []
    scandir = os.scandir

    def counting(path: str) -> object:
        listed.append(path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", counting)
    monkeypatch.setattr(os, "listdir", None)
    monkeypatch.setattr(os, "walk", None)
    assert not one("logs/x.log").in_context
    assert one("src/a.py").in_context
    # Of the root, for ignore files that are not read.
    assert set(listed) <= {str(project / "app")}


# --- the command -----------------------------------------------------------------


@pytest.fixture
def run(project: Path) -> Callable[..., Result]:
    """Run `ctxopt why -C app ...`."""

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["why", "-C", str(project / "app"), *arguments])

    return run


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        pytest.param(["src"], 0, id="what is in the context"),
        pytest.param(["logs"], 1, id="what is ignored"),
        pytest.param(["nosuch"], 1, id="what is missing"),
        pytest.param(["shared"], 1, id="what lies outside"),
        pytest.param(["src", "logs"], 1, id="one of two"),
        pytest.param(["src", "keep.log"], 0, id="both of two"),
        pytest.param(["**/*.log"], 1, id="some hits of a pattern"),
        pytest.param(["*.log"], 0, id="all hits of a pattern"),
        pytest.param(["*.nosuch"], 1, id="a pattern without hits"),
        pytest.param([], 0, id="no path, and all sources are found"),
        pytest.param(["--json", "logs"], 1, id="the same as JSON"),
        pytest.param([""], 2, id="an empty path"),
        pytest.param(["--nosuch"], 2, id="an unknown option"),
        pytest.param(["-f", "nosuch", "src"], 2, id="no Dockerfile"),
    ],
)
def test_the_exit_status_says_whether_all_is_in_the_context(
    run: Callable[..., Result], arguments: list[str], status: int
) -> None:
    assert run(*arguments).exit_code == status


def test_without_a_path_a_source_that_fails_is_status_one(
    run: Callable[..., Result], project: Path
) -> None:
    (project / "app/Dockerfile").write_text("FROM scratch\nCOPY src logs /x/\n")
    done = run()
    assert done.exit_code == 1
    assert done.stdout.startswith("The build fails at Dockerfile:2: 1 of 2 sources")


def test_each_path_has_an_answer_of_its_own(run: Callable[..., Result]) -> None:
    first, second = run("src", "logs").stdout.split("\n\n")
    assert first.startswith('"src" is in the context')
    assert second.startswith('"logs" is not in the context')


def test_a_name_that_is_not_utf8_comes_back_in_json(project: Path) -> None:
    name = os.fsdecode(b"caf\xe9")
    (project / "app" / name).write_text("")
    out = StringIO()
    as_json.show(explain(Request("app"), (name,)), out)
    (told,) = json.loads(out.getvalue())["paths"]
    assert os.fsencode(told["path"]) == b"caf\xe9"


def test_git_says_what_it_does_with_a_path(project: Path) -> None:
    git = ["git", "-c", "init.defaultBranch=main", "-C", str(project)]
    subprocess.run([*git, "init", "-q"], check=True)
    (project / ".gitignore").write_text("# logs\n*.log\n")
    subprocess.run([*git, "add", "app/src"], check=True)
    states = {
        path: one(path).git for path in ("src/a.py", "src", "keep.log", "Dockerfile")
    }
    said = {path: word and str(word.state) for path, word in states.items()}
    assert said == {
        "src/a.py": "tracked",
        "src": "tracked",
        "keep.log": "ignored",
        "Dockerfile": "untracked",
    }
    ignored = states["keep.log"]
    assert ignored is not None
    assert ignored.line is not None
    assert (ignored.line.file, ignored.line.line) == ("../.gitignore", 2)
