"""What is configured, in the commands: typed words over variables over a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from ctxopt.cli import main
from ctxopt.cli.configuring import which_config
from ctxopt.cli.options import which_build, which_form, which_seconds
from ctxopt.cli.program import BuildCommand
from ctxopt.core.configuration.keys import KEYS
from ctxopt.core.model import Request
from ctxopt.pipeline.advice import Estimate

FILES = {
    "docker/Dockerfile": "FROM scratch AS build\nCOPY . .\nFROM build AS prod\n",
    "docker/Other": "FROM scratch\nCOPY src .\n",
    "src/main.c": "int main;",
    "src/app.js.map": "m" * 999,
    "logs/a.log": "x" * 5000,
    "seed/logs/b.log": "x" * 5000,
}
CONFIGURED = """\
[tool.ctxopt]
file = "docker/Dockerfile"
target = "prod"
platform = "linux/arm64"
never = ["seed"]

[tool.ctxopt.build-args]
A = "file"
B = "file"

[[tool.ctxopt.rule]]
id = "maps"
patterns = ["**/*.map"]
label = "source maps"
reason = "Only a debugger reads them."
confidence = "certain"
"""
Run = Callable[..., Result]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository, which is the current folder, with a configuration."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / ".git").mkdir()
    (tmp_path / "pyproject.toml").write_text(CONFIGURED)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("FORCE_COLOR", raising=False)

    def invoke(*arguments: str, status: int = 0) -> Result:
        done = CliRunner().invoke(main, arguments)
        assert done.exit_code == status, done.output
        return done

    return invoke


def scanned(run: Run, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("scan", "--json", *arguments).stdout)
    return found


def asked(run: Run, *arguments: str) -> tuple[str, str | None, str, dict[str, str]]:
    request = scanned(run, *arguments)["request"]
    file = Path(request["dockerfile"]).name
    return file, request["target"], request["builder"], request["build_args"]


def test_a_scan_is_of_the_build_that_is_configured(project: Path, run: Run) -> None:
    args = {"A": "file", "B": "file"}
    assert asked(run) == ("Dockerfile", "prod", "buildkit", args)


@pytest.mark.parametrize("context", ["..", "."])
def test_paths_are_those_of_the_file_wherever_one_stands(
    context: str, project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project / "src"
    if context == ".":
        (folder / "ctxopt.toml").write_text('file = "../docker/Other"')
    monkeypatch.chdir(folder)
    name = "Dockerfile" if context == ".." else "Other"
    assert asked(run, context)[0] == name


def test_a_variable_goes_before_the_file(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CTXOPT_TARGET", "build")
    monkeypatch.setenv("CTXOPT_BUILDER", "legacy")
    args = {"A": "file", "B": "file"}
    assert asked(run) == ("Dockerfile", "build", "legacy", args)


def test_the_command_line_goes_before_both(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CTXOPT_TARGET", "prod")
    monkeypatch.setenv("CTXOPT_BUILDER", "legacy")
    typed = "--target build --builder buildkit --build-arg B=typed --build-arg C=typed"
    args = {"A": "file", "B": "typed", "C": "typed"}
    assert asked(run, *typed.split()) == ("Dockerfile", "build", "buildkit", args)


def test_the_file_that_is_typed_is_relative_to_the_current_folder(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project / "docker")
    assert asked(run, "-f", "Other", "..")[:2] == ("Other", None)


def test_a_scan_knows_the_rules_and_the_never_list(project: Path, run: Run) -> None:
    found = scanned(run)
    patterns = {line for one in found["suggestions"] for line in one["patterns"]}
    assert {"**/*.map", "logs"} <= patterns
    assert found["held_back"] == [
        {
            "rule": "logs-dirs",
            "path": "seed/logs",
            "why": "the configuration says never (pyproject.toml:5)",
        }
    ]


def test_write_does_not_write_what_is_never_suggested(project: Path, run: Run) -> None:
    done = run("write", "--yes")
    text = (project / ".dockerignore").read_text()
    assert "\nlogs\n" in text
    assert "seed" not in text
    assert "Held back  seed/logs: the configuration says never" in done.stdout


def test_write_only_writes_it_and_says_what_speaks_against_it(
    project: Path, run: Run
) -> None:
    done = run("write", "--yes", "--only", "seed/logs")
    assert "seed/logs" in (project / ".dockerignore").read_text().splitlines()
    assert "warning: logs-dirs is written as you say, and yet seed/logs:" in done.stderr


def test_ls_lists_the_build_that_is_configured(project: Path, run: Run) -> None:
    (project / "ctxopt.toml").write_text('file = "docker/Other"')
    listed = run("ls").stdout.splitlines()
    assert listed == ["src/", "src/app.js.map", "src/main.c"]


@pytest.mark.parametrize("command", ["scan", "ls", "write", "watch", "verify"])
def test_every_command_refuses_a_configuration_that_cannot_be(
    command: str, project: Path, run: Run
) -> None:
    (project / "ctxopt.toml").write_text('\ntagret = "a"')
    done = run(command, status=2)
    assert done.stdout == ""
    assert done.stderr == (
        'ctxopt: error: ctxopt.toml:2: no such key: "tagret"; did you mean target?\n'
    )


def test_a_pyproject_of_somebody_else_is_passed_by(project: Path, run: Run) -> None:
    (project / "src/pyproject.toml").write_text("[tool.ruff]\nthis is = no TOML")
    (project / "src/Dockerfile").write_text("FROM scratch\nCOPY . .\n")
    assert asked(run, "src")[0] == "Dockerfile"
    assert asked(run, "src")[1] == "prod"


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        pytest.param("", "ctxopt write", id="nothing that the file says"),
        pytest.param(
            "--target build", "ctxopt write --target build", id="what is typed"
        ),
        pytest.param(
            "-f docker/Dockerfile --builder buildkit --build-arg C=1",
            "ctxopt write -f docker/Dockerfile --build-arg C=1 --builder buildkit",
            id="also where it is the default",
        ),
    ],
)
def test_the_command_to_go_on_with_has_what_is_typed(
    typed: str, command: str, project: Path, run: Run
) -> None:
    said = " ".join(run("scan", *typed.split()).stdout.split())
    assert f"Write it: {command} Suggestions" in said


# --- seconds


@pytest.mark.parametrize(
    ("text", "typed", "profile"),
    [
        pytest.param("", "", "local", id="nothing is said"),
        pytest.param('profile = "desktop"', "", "desktop", id="in the file"),
        pytest.param('bandwidth = "9Mbit"', "", "remote", id="a bandwidth is remote"),
        pytest.param(
            'bandwidth = "9Mbit"', "--profile local", "local", id="but not where typed"
        ),
        pytest.param(
            "", "--profile local --bandwidth 9Mbit", "remote", id="both are typed"
        ),
        pytest.param(
            'profile = "local"', "--bandwidth 9Mbit", "remote", id="one of them"
        ),
    ],
)
def test_seconds_are_for_what_is_configured(
    text: str, typed: str, profile: str, project: Path, run: Run
) -> None:
    (project / "pyproject.toml").unlink()
    (project / "Dockerfile").write_text("FROM scratch\nCOPY . .\n")
    (project / "ctxopt.toml").write_text(text)
    assert scanned(run, *typed.split())["projection"]["profile"] == profile


# --- --show-config, as `check` has it


@click.command(cls=BuildCommand)
@which_form("For people or for programs.")
@which_build
@which_config
@which_seconds
def shown(request: Request, *, estimate: Estimate, form: str) -> None:
    """A command that would do something."""
    raise AssertionError("it is only to show what applies")


def show(*arguments: str) -> str:
    done = CliRunner().invoke(shown, ["--show-config", *arguments])
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


def test_what_applies_is_shown_with_its_place(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CTXOPT_MAX_SIZE", "50MB")
    rows = show("--target", "build", "--build-arg", "B=typed").splitlines()
    assert rows[0] == "configuration: pyproject.toml"
    assert [row.split() for row in rows[1:]] == [
        ["file", "docker/Dockerfile", "pyproject.toml:2"],
        ["target", "build", "--target"],
        ["builder", "buildkit", "default"],
        ["platform", "linux/arm64", "pyproject.toml:4"],
        ["build-args", "A", "file", "pyproject.toml:8"],
        ["build-args", "B", "typed", "--build-arg"],
        ["build-contexts", "-", "default"],
        ["max-size", "50.00", "MB", "CTXOPT_MAX_SIZE"],
        ["max-files", "-", "default"],
        ["max-transfer-size", "-", "default"],
        ["max-transfer-files", "-", "default"],
        ["builds", "-", "default"],
        ["baseline", "-", "default"],
        ["select", "-", "default"],
        ["ignore", "-", "default"],
        ["fail-on", "error", "default"],
        ["severity", "-", "default"],
        ["per-path-severity", "-", "default"],
        ["never", "seed", "pyproject.toml:5"],
        ["rule", "maps", "**/*.map", "pyproject.toml:11"],
        ["profile", "local", "default"],
        ["bandwidth", "-", "default"],
    ]


def test_where_there_is_no_file_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    assert show().startswith("configuration: no file\n")


def test_what_applies_is_shown_as_json(project: Path) -> None:
    found = json.loads(show("--json", "--builder", "legacy"))
    assert (found["schema"], found["file"]) == ("ctxopt/config/1", "pyproject.toml")
    rows = {(one["key"], one["entry"]): one for one in found["settings"]}
    assert rows["never", None]["value"] == ["seed"]
    assert rows["builder", None]["origin"] == {
        "layer": "command-line",
        "name": "--builder",
        "line": None,
    }
    assert rows["build-args", "A"]["origin"] == {
        "layer": "file",
        "name": "pyproject.toml",
        "line": 8,
    }
    rule = rows["rule", "maps"]["value"]
    assert (rule["id"], rule["patterns"], rule["confidence"]) == (
        "maps",
        ["**/*.map"],
        "certain",
    )


def test_every_key_is_shown(project: Path) -> None:
    assert {row.split()[0] for row in show().splitlines()[1:]} == {
        key.name for key in KEYS
    }
