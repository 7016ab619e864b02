"""One suggestion that the other builder cannot do without, beside others.

Builds in which only one builder names something are made with TARGETOS, which BuildKit
sets by itself and the legacy builder does not.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.test_write import in_process, patterns
from tests.texttree import plant

DOCKERFILE = """FROM scratch
ARG TARGETOS
COPY ${TARGETOS:-logs} /x/
COPY . /y/
"""
NOTE = (
    'logs-dirs is left out: Dockerfile:3 names "logs", and it would be kept out '
    "(legacy builder)"
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The legacy builder copies `logs`, BuildKit `linux`."""
    plant(tmp_path, "linux/a:1 logs/a.log:900 src/__pycache__/a.pyc:700 src/a.py:1")
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    return tmp_path


@pytest.mark.parametrize("option", ["--yes", "--dry-run"])
def test_it_is_left_out_and_said_so(project: Path, option: str) -> None:
    status, out, said = in_process("write", option, project)
    assert status == 0
    assert said == f"ctxopt: note: {NOTE}\n"
    assert "**/__pycache__" in out
    assert "+logs" not in out
    written = {"**/__pycache__"} if option == "--yes" else set()
    assert patterns(project) == written


@pytest.mark.parametrize("option", ["--yes", "--check"])
def test_once_the_others_are_written_there_is_nothing_to_do(
    project: Path, option: str
) -> None:
    assert in_process("write", "--yes", project)[0] == 0
    before = (project / ".dockerignore").read_bytes()
    status, _, said = in_process("write", option, project)
    assert (status, said) == (0, f"ctxopt: note: {NOTE}\n")
    assert (project / ".dockerignore").read_bytes() == before


def test_what_was_asked_for_by_name_is_an_error(project: Path) -> None:
    status, _, said = in_process("write", "--yes", "--only", "logs-dirs", project)
    assert status == 2
    assert 'nothing was written: Dockerfile:3 names "logs"' in said
    assert not patterns(project)


def test_where_nothing_is_left_it_is_an_error(project: Path) -> None:
    skipped = ["--skip", "py-bytecode", "--skip", "docker-dockerfile"]
    status, _, said = in_process("write", "--yes", *skipped, project)
    assert status == 2
    assert 'nothing was written: Dockerfile:3 names "logs"' in said
