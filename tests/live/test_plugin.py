"""`docker ctxopt` with the docker client of this machine."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from ctxopt.host.docker.client import Client
from ctxopt.host.plugin import folder

pytestmark = pytest.mark.live

# The first release that tells plugins of its end (docker/cli, cli-plugins/socket).
HANGS_UP = 25


@pytest.fixture
def docker(
    current_client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """The client, with the plugin in a folder of its own."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    monkeypatch.setenv("COLUMNS", "80")
    folder.install()
    return current_client.path


def run(docker: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [docker, *words], capture_output=True, check=False, encoding="utf-8"
    )


def test_docker_lists_the_command(docker: str) -> None:
    rows = [row.split() for row in run(docker, "--help").stdout.splitlines()]
    assert ["ctxopt*", "Measure", "a", "build"] in [row[:4] for row in rows]


def test_docker_runs_it(docker: str, sample_dir: Path) -> None:
    done = run(docker, "ctxopt", "ls", "--target", "build", sample_dir)
    assert (done.stdout, done.stderr, done.returncode) == ("requirements.txt\n", "", 0)


def test_docker_runs_it_behind_options_of_its_own(
    docker: str, sample_dir: Path
) -> None:
    own = ("--log-level", "warn", "-c", "default")
    done = run(docker, *own, "ctxopt", "ls", "--target", "build", sample_dir)
    assert (done.stdout, done.returncode) == ("requirements.txt\n", 0)


@pytest.mark.parametrize(
    ("words", "status"), [(["write", "--check"], 1), (["scan", "--nope"], 2)]
)
def test_the_exit_status_is_that_of_ctxopt(
    words: list[str], status: int, docker: str, sample_dir: Path
) -> None:
    assert run(docker, "ctxopt", *words, sample_dir).returncode == status


@pytest.mark.parametrize(
    "words",
    [["ctxopt", "scan", "--help"], ["help", "ctxopt", "scan"]],
    ids=" ".join,
)
def test_help_names_it_as_it_is_typed(words: list[str], docker: str) -> None:
    said = run(docker, *words).stdout
    assert said.startswith("Usage: docker ctxopt scan [OPTIONS] [CONTEXT")


def test_docker_completes_its_commands(docker: str) -> None:
    said = run(docker, "__complete", "ctxopt", "ver").stdout
    assert said.startswith("verify\t")
    assert said.endswith(":4\n")


def test_it_ends_when_docker_is_interrupted(
    docker: str, current_client: Client, tmp_path: Path
) -> None:
    if current_client.major < HANGS_UP:
        pytest.skip(f"docker {current_client.version} tells its plugins nothing")
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . .\n")
    watching = subprocess.Popen(
        [docker, "ctxopt", "watch", tmp_path],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    with watching:
        assert watching.stdout is not None
        assert b" watching " in watching.stdout.readline()
        os.kill(watching.pid, signal.SIGINT)  # docker alone hears it
        assert watching.wait(60) == 130
