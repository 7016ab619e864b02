"""Modules found by their names: what Python would find, and never anything old."""

from __future__ import annotations

import os
import pkgutil
import py_compile
import subprocess
import sys
from collections.abc import Callable
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path

import pytest

import ctxopt
from ctxopt.importing import ByName

FOLDER = Path(ctxopt.__file__).parent
NAMES = [one.name for one in pkgutil.walk_packages([str(FOLDER)], "ctxopt.")]
PAST = 1_600_000_000


def test_a_module_is_told_as_python_tells_it() -> None:
    for name in NAMES:
        parent = FOLDER.joinpath(*name.split(".")[1:-1])
        expected = PathFinder.find_spec(name, [str(parent)])
        found = ByName("ctxopt", str(FOLDER)).find_spec(name)
        assert expected is not None, name
        assert found is not None, name
        for each in ("name", "origin", "cached", "has_location", "parent"):
            assert getattr(found, each) == getattr(expected, each)
        inside = expected.submodule_search_locations
        assert found.submodule_search_locations == inside


@pytest.mark.parametrize("name", ["ctxopt", "ctxopt.nowhere", "ctxoptical.core", "os"])
def test_what_is_not_there_is_for_python_to_say(name: str) -> None:
    assert ByName("ctxopt", str(FOLDER)).find_spec(name) is None


def _value(folder: Path) -> object:
    """What the module `made.one` of a folder says now."""
    spec = ByName("made", str(folder)).find_spec("made.one")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.VALUE


def _write(folder: Path, text: str, time: int = PAST) -> Path:
    source = folder / "one.py"
    source.write_text(text)
    os.utime(source, (time, time))
    return source


def test_compiled_code_is_read_while_the_source_stays_as_it_was(tmp_path: Path) -> None:
    source = _write(tmp_path, "VALUE = 1\n")
    py_compile.compile(str(source))
    _write(tmp_path, "VALUE = 2\n")  # neither time nor size tell: Python's own rule
    assert _value(tmp_path) == 1


def _touched(source: Path) -> None:
    os.utime(source, (PAST + 1, PAST + 1))


def _longer(source: Path) -> None:
    _write(source.parent, "VALUE = 22\n")


def _of_another_version(source: Path) -> None:
    compiled = Path(py_compile.compile(str(source), cfile=None) or "")
    compiled.write_bytes(b"\0\0\r\n" + compiled.read_bytes()[4:])


def _cut_short(source: Path) -> None:
    compiled = Path(py_compile.compile(str(source)) or "")
    compiled.write_bytes(compiled.read_bytes()[:7])


def _by_hash(source: Path) -> None:
    source.write_text("VALUE = 2\n")
    mode = py_compile.PycInvalidationMode.CHECKED_HASH
    py_compile.compile(str(source), invalidation_mode=mode)


def _gone(source: Path) -> None:
    for each in source.parent.rglob("*.pyc"):
        each.unlink()


@pytest.mark.parametrize(
    "change", [_touched, _longer, _of_another_version, _cut_short, _by_hash, _gone]
)
def test_compiled_code_that_is_not_of_the_source_is_never_run(
    tmp_path: Path, change: Callable[[Path], None]
) -> None:
    source = _write(tmp_path, "VALUE = 1\n")
    py_compile.compile(str(source))
    _write(tmp_path, "VALUE = 2\n")
    change(source)
    assert _value(tmp_path) in (2, 22)


def test_code_that_was_moved_says_where_it_is_now(tmp_path: Path) -> None:
    """A traceback names the file that is there."""
    (tmp_path / "before").mkdir()
    source = _write(tmp_path / "before", "VALUE = (lambda: 0).__code__.co_filename\n")
    py_compile.compile(str(source))
    os.rename(tmp_path / "before", tmp_path / "after")
    assert _value(tmp_path / "after") == str(tmp_path / "after" / "one.py")


def test_a_command_finds_its_modules_so(tmp_path: Path) -> None:
    told = (
        "import atexit, sys; sys.argv = ['ctxopt', 'ls']\n"
        "@atexit.register\n"
        "def tell():\n"
        "    ours = [m for name, m in sys.modules.items() if '.cli.' in name]\n"
        "    print({type(m.__loader__).__module__ for m in ours})\n"
        "from ctxopt.__main__ import run; run()\n"
    )
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    command = [sys.executable, "-c", told]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    assert ended.stdout.splitlines()[-1] == b"{'ctxopt.importing'}"
