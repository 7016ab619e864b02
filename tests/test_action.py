"""The step of the GitHub action, run as a runner runs it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
STEP = ROOT / ".ci/action/check"
ACTION = (ROOT / "action.yml").read_text(encoding="utf-8")
INPUTS = re.findall(
    r"^        INPUT_([A-Z_]+): \$\{\{ inputs\.([a-z-]+) \}\}$", ACTION, re.MULTILINE
)
DEFAULTS = {
    "CONTEXT": ".",
    "FAIL_ON": "error",
    "ANNOTATIONS": "true",
    "SUMMARY": "true",
}


class Ran(NamedTuple):
    """What a step left behind."""

    status: int
    out: str
    outputs: dict[str, str]
    summary: str


def run(workspace: Path, **inputs: str) -> Ran:
    """Run the step in a workspace, with the inputs that differ from the usual."""
    temp = workspace.parent / "temp"
    temp.mkdir(exist_ok=True)
    output, summary = temp / "output", temp / "summary"
    program = temp / "ctxopt"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ctxopt "$@"\n')
    program.chmod(0o755)
    given = dict.fromkeys((name for name, _ in INPUTS), "") | DEFAULTS | inputs
    done = subprocess.run(
        [STEP],
        cwd=workspace,
        env={
            **os.environ,
            **{f"INPUT_{name}": value for name, value in given.items()},
            "CTXOPT_PROGRAM": str(program),
            "PYTHONPATH": str(ROOT),
            "RUNNER_TEMP": str(temp),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(summary),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    lines = output.read_text().splitlines() if output.exists() else []
    return Ran(
        done.returncode,
        done.stdout + done.stderr,
        dict(line.split("=", 1) for line in lines),
        summary.read_text() if summary.exists() else "",
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A checkout with a build that would fail."""
    place = tmp_path / "work space"
    place.mkdir()
    (place / "Dockerfile").write_text("FROM scratch\nCOPY gone /\nCOPY a /\n")
    (place / "a").write_text("a")
    return place


def test_a_finding_is_an_annotation_and_fails_the_job(workspace: Path) -> None:
    ran = run(workspace)
    assert ran.status == 1
    assert "::error file=Dockerfile,line=2," in ran.out
    assert ran.outputs["fails"] == "true"
    assert ran.outputs["errors"] == "1"
    assert ran.outputs["transfer-files"] == "1"
    assert ran.summary.startswith("### This build would fail: 1 error")
    sarif = json.loads(Path(ran.outputs["sarif"]).read_text())
    assert sarif["version"] == "2.1.0"


def test_the_inputs_are_options(workspace: Path) -> None:
    (workspace / "app").mkdir()
    (workspace / "app/other").write_text("FROM scratch AS x\nARG F\nCOPY $F /\n")
    (workspace / "app/a b").write_text("a")
    ran = run(
        workspace,
        CONTEXT="app",
        FILE="app/other",
        TARGET="x",
        BUILD_ARGS="F=a*\nG=2",
        IGNORE="CTX7 CTX5",
        OPTIONS="--max-transfer-files\n9",
        FAIL_ON="warning",
        ANNOTATIONS="false",
        SUMMARY="false",
    )
    assert (ran.status, ran.summary) == (0, "")
    assert ran.outputs["fails"] == "false"


def test_a_wrong_input_is_told_and_fails(workspace: Path) -> None:
    ran = run(workspace, SELECT="CTX999")
    assert ran.status == 2
    assert 'no such rule: "CTX999"' in ran.out
    assert ran.outputs == {}


def test_every_input_is_described_and_handed_on() -> None:
    head, _, rest = ACTION.partition("\noutputs:")
    described = re.findall(r"^  ([a-z-]+):\n    description: \S", head, re.MULTILINE)
    handed = {name for _, name in INPUTS} | {"upload-sarif", "category"}
    assert set(described) == handed
    read = set(re.findall(r"\$(INPUT_[A-Z_]+)", STEP.read_text(encoding="utf-8")))
    assert {f"INPUT_{name}" for name, _ in INPUTS} == read
    assert all(f"inputs.{name}" in rest for name in handed)
