"""`docker ctxopt`, as far as it can be told without docker."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from ctxopt.cli import main

RUN = "from ctxopt.__main__ import run_plugin; run_plugin()"
Plugin = Callable[..., subprocess.CompletedProcess[str]]


def environment(**more: str) -> dict[str, str]:
    paths = os.pathsep.join(filter(None, sys.path))
    return {**os.environ, "PYTHONPATH": paths, "COLUMNS": "80", **more}


@pytest.fixture
def plugin(tmp_path: Path) -> Plugin:
    (tmp_path / "Dockerfile").write_text("FROM scratch AS one\nCOPY . .\n")

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", RUN, *words],
            capture_output=True,
            check=False,
            cwd=tmp_path,
            encoding="utf-8",
            env=environment(),
            stdin=subprocess.DEVNULL,
        )

    return run


def test_docker_is_told_what_it_asks_without_loading_a_library(plugin: Plugin) -> None:
    assert json.loads(plugin("docker-cli-plugin-metadata").stdout)["Vendor"]
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", RUN, "docker-cli-plugin-metadata"],
        capture_output=True,
        check=True,
        encoding="utf-8",
        env=environment(),
    )
    loaded = set(re.findall(r"\|\s*(\S+)$", done.stderr, re.MULTILINE))
    assert "ctxopt.host.plugin.call" in loaded
    assert loaded.isdisjoint({"click", "rich", "socket", "ctxopt.core.model"})


def test_what_is_typed_behind_the_name_is_run(plugin: Plugin) -> None:
    done = plugin("-c", "default", "ctxopt", "ls")
    assert (done.stdout, done.stderr, done.returncode) == ("Dockerfile\n", "", 0)


def test_by_its_own_name_it_is_ctxopt(plugin: Plugin) -> None:
    assert plugin("ls").stdout == "Dockerfile\n"
    assert plugin("ls", "--help").stdout.startswith("Usage: ctxopt ls ")


def test_help_names_it_as_docker_runs_it(plugin: Plugin) -> None:
    said = plugin("ctxopt", "ls", "--help").stdout
    assert said.startswith("Usage: docker ctxopt ls [OPTIONS] [CONTEXT]\n")
    assert "\n    docker ctxopt ls --long | sort -rn | head\n" in said


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["ls", "--nope"], "docker ctxopt ls --help lists the options"),
        (["--nope"], "docker ctxopt --help lists the options"),
        (
            ["scn"],
            "did you mean docker ctxopt scan? docker ctxopt --help lists the commands",
        ),
    ],
)
def test_hints_name_it_as_docker_runs_it(
    words: list[str], hint: str, plugin: Plugin
) -> None:
    done = plugin("ctxopt", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].endswith(hint)


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        pytest.param(["ver"], "verify\tHold the numbers", id="a command"),
        pytest.param(["scan", "--target", ""], "one\n:4\n", id="a stage"),
        pytest.param(["scan", "-f", ""], ":0\n", id="files, which the shell knows"),
        pytest.param(["scan", ""], ":16\n", id="folders"),
    ],
)
def test_completion_is_in_the_words_of_docker(
    words: list[str], offered: str, plugin: Plugin
) -> None:
    assert plugin("__complete", "ctxopt", *words).stdout.startswith(offered)


def test_it_ends_when_docker_hangs_up(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . .\n")
    with socket.socket(socket.AF_UNIX) as docker:
        docker.bind(str(tmp_path / "socket"))
        docker.listen()
        watching = subprocess.Popen(
            [sys.executable, "-c", RUN, "ctxopt", "watch", str(tmp_path)],
            stdout=subprocess.PIPE,
            env=environment(DOCKER_CLI_PLUGIN_SOCKET=str(tmp_path / "socket")),
            stdin=subprocess.DEVNULL,
        )
        with watching, docker.accept()[0] as line:
            assert watching.stdout is not None
            assert b" watching " in watching.stdout.readline()
            line.close()
            assert watching.wait(60) in (130, -signal.SIGINT)


# --- install-plugin


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "d"))
    return tmp_path / "d/cli-plugins/docker-ctxopt"


def said(*words: str, status: int = 0) -> str:
    done = CliRunner().invoke(main, ["install-plugin", *words])
    assert done.exit_code == status, done.output
    return done.output


def test_installing_says_what_to_type(place: Path) -> None:
    assert said() == f"{place} is there. Type: docker ctxopt scan .\n"
    assert said() == f"{place} is there already. Type: docker ctxopt scan .\n"
    assert said("--remove") == f"{place} is gone.\n"
    assert said("--remove") == f"{place} is not there, nothing to remove.\n"


def test_something_in_the_way_is_status_2(place: Path) -> None:
    place.parent.mkdir(parents=True)
    place.write_text("#!/bin/sh\n")
    assert said(status=2) == (
        f'ctxopt: error: "{place}" is there, and not made by ctxopt: it stays as it'
        " is; move it away first, if nobody needs it\n"
    )
