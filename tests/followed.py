"""Builds that lead from a file to others, and what is to become of a path.

git("a script that is run asks git", STAYS, {"x.sh": SCRIPT}, "node", "RUN ./x.sh")
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.pipeline.test_commands import Row, outcome, scanned
from tests.pipeline.test_history import ALL, GIT

PACKAGE = {
    "package.json": '{"scripts": {"build": "vite build"}}',
    "package-lock.json": "{}",
}
NODE = {
    "package.json": '{"name":"x"}',
    "package-lock.json": "{}",
    "node_modules/a/index.js": "1",
    "node_modules/.package-lock.json": "{}",
    "server.js": "1",
}
# A configuration that takes in `scripts/version`.
CONFIG = (
    "import { defineConfig } from 'vite'\n"
    "import { version } from './scripts/version'\n"
    "export default defineConfig({define:{V:version}})\n"
)
# Programs that ask git.
SCRIPT = "#!/bin/sh\ngit describe > v\n"
MODULE = (
    "import { execSync } from 'child_process'\n"
    "export const version = execSync('git rev-parse HEAD').toString()\n"
)
PYTHON = "import subprocess\nv=subprocess.check_output(['git','describe'])\n"
TEXT = "x" * 30  # that outweighs a line of the ignore file


def copied(image: str, *lines: str) -> str:
    """A Dockerfile that copies the whole context, with what stands behind that."""
    return f"FROM {image}\n{ALL}" + "".join(f"{one}\n" for one in lines)


def git(
    said: str, expected: str, files: dict[str, str], image: str, *lines: str
) -> Row:
    """What is to become of `.git` in a build that copies the whole context."""
    return Row(said, expected, ".git", {**GIT, **files}, copied(image, *lines))


def each(rows: Iterable[Row]) -> pytest.MarkDecorator:
    """A mark that runs a test with each of some rows, under what it says."""
    return pytest.mark.parametrize(
        "row", [pytest.param(one, id=one.id) for one in rows]
    )


def decides(row: Row, root: Path) -> None:
    """See that what a build leads to decides what becomes of the path of a row."""
    report = scanned(root, row.files, row.dockerfile)
    assert outcome(report, row.path) == row.expected, report.held_back
