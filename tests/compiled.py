"""Test files compiled once, before there are several processes to run them.

Each worker of pytest-xdist imports every test file at the same time as the others, so
in a fresh clone each of them would rewrite the asserts of all files for itself.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from compileall import compile_file
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from typing import TYPE_CHECKING

from _pytest.assertion import rewrite

if TYPE_CHECKING:
    import pytest


def compile_once(config: pytest.Config, folders: Sequence[Path]) -> None:
    """Write the compiled copies that Python and pytest read, where there are none.

    The files are shared out to a process for each CPU. What is wrong with one of them
    is told when it is imported.
    """
    files = [path for folder in folders for path in folder.rglob("*.py")]
    missing = [path for path in files if not _copy_of(path).exists()]
    missing.sort(key=lambda path: path.stat().st_size)
    processes = min(os.cpu_count() or 1, len(missing))
    children = [_begin(config, missing[first::processes]) for first in range(processes)]
    for child in children:
        os.waitpid(child, 0)


def _is_test(path: Path) -> bool:
    return path.name.startswith("test_") or path.name == "conftest.py"


def _copy_of(path: Path) -> Path:
    """Where the compiled copy of a file is: pytest has its own of a test file."""
    if _is_test(path):
        return rewrite.get_cache_dir(path) / f"{path.stem}{rewrite.PYC_TAIL}"
    return Path(cache_from_source(path))


def _begin(config: pytest.Config, files: Sequence[Path]) -> int:
    """Start a process that compiles some files; its number."""
    if child := os.fork():
        return child
    for path in files:
        with suppress(Exception):
            _compile(config, path)
    os._exit(0)


def _compile(config: pytest.Config, path: Path) -> None:
    if not _is_test(path):
        compile_file(path, quiet=2)
        return
    copy = _copy_of(path)
    copy.parent.mkdir(exist_ok=True)
    source_hash, code = rewrite._rewrite_test(path, config)
    state = config.stash[rewrite.assertstate_key]
    rewrite._write_pyc(state, code, source_hash, copy)
