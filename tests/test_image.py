"""Our own image: ctxopt wrote its ignore file, and checks its context."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ctxopt import listing
from ctxopt.cli import main
from tests.texttree import plant

ROOT = Path(__file__).resolve().parent.parent
DOCKERFILE = ROOT / "Dockerfile"
COPIED = re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE.read_text(), re.MULTILINE)
CLUTTER = """
    ctxopt/__pycache__/a.pyc:900 ctxopt/core/__pycache__/b.pyc:900
    .venv/pyvenv.cfg:80 .venv/lib/x.so:90000 .mypy_cache/3.11/x.json:5000
    .pytest_cache/README.md:300 .hypothesis/x:100 htmlcov/index.html:500
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the image is made of, as it lies in a working copy."""
    folder = tmp_path_factory.mktemp("checkout")
    no_bytecode = shutil.ignore_patterns("__pycache__")
    for name in ("Dockerfile", ".dockerignore", *" ".join(COPIED).split()):
        path, copy = ROOT / name, folder / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            shutil.copytree(path, copy, ignore=no_bytecode)
        else:
            shutil.copy(path, copy)
    plant(folder, CLUTTER)
    return folder


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def test_our_context_passes_our_own_check(checkout: Path) -> None:
    done = run("check", "--fail-on", "warning", str(checkout))
    assert done.exit_code == 0, done.stdout


def test_there_is_nothing_to_write_into_our_ignore_file(checkout: Path) -> None:
    done = run("write", "--check", str(checkout))
    assert done.exit_code == 0, done.stdout


def test_the_ignore_file_is_the_block_and_nothing_else(checkout: Path) -> None:
    first, *_, last = (checkout / ".dockerignore").read_text().splitlines()
    assert first.startswith("# >>> ctxopt >>>")
    assert last.startswith("# <<< ctxopt <<<")


def test_the_package_is_sent_and_no_leftovers(checkout: Path) -> None:
    sent = {one.path for one in listing(str(checkout)) if not one.directory}
    expected = {
        str(path.relative_to(checkout))
        for name in " ".join(COPIED).split()
        for path in (checkout / name, *(checkout / name).rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert sent == expected
    assert {"ctxopt/py.typed", "docs/man/ctxopt.1", "LICENSE"} <= sent
