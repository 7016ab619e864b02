"""Work is done in copies: whatever one does, the next is done."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ctxopt.host.fleet.station import End, HowEnded, Station, remove_tree

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = f"""
import os, signal, subprocess, sys, time
sys.path.insert(0, {str(ROOT)!r})
from ctxopt.host.fleet.station import serve

def work(asked):
    what, where = asked["what"], asked["where"]
    print("said to nobody")
    if what == "write":
        open(where, "w").write(str(os.getpid()))
    elif what == "raise":
        raise ValueError("no")
    elif what == "die":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif what == "hang":
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(999)"])
        with open(where, "w") as told:
            told.write(f"{{os.getpid()}} {{child.pid}} {{os.getppid()}}")
        time.sleep(999)
    elif what == "leave":
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(999)"])
        open(where, "w").write(str(child.pid))
serve(work)
"""


@pytest.fixture
def station() -> Iterator[Station]:
    one = Station([sys.executable, "-c", PROGRAM])
    yield one
    one.close()


def asked(what: str, where: Path) -> dict[str, str]:
    return {"what": what, "where": str(where)}


@contextmanager
def pipe(folder: Path) -> Iterator[tuple[Path, int]]:
    """A pipe with a name, and its end for reading."""
    path = folder / "pipe"
    os.mkfifo(path)
    end = os.open(path, os.O_RDWR)
    yield path, end
    os.close(end)


def pids(end: int) -> list[int]:
    """The numbers of processes that come out of a pipe."""
    return [int(one) for one in os.read(end, 100).split()]


def is_gone(pid: int) -> bool:
    """Whether a process ends within a while."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([process], [], [], 30)[0])
    finally:
        os.close(process)


def test_each_piece_of_work_is_done_by_another_process(
    station: Station, tmp_path: Path
) -> None:
    written = set()
    for number in range(3):
        where = tmp_path / str(number)
        assert station.run(asked("write", where), seconds=30) == End(HowEnded.DONE)
        written.add(where.read_text())
    assert len(written) == 3


def test_what_happens_to_one_does_not_happen_to_the_next(
    station: Station, tmp_path: Path
) -> None:
    where = tmp_path / "it"
    assert station.run(asked("raise", where), seconds=30) == End(HowEnded.RAISED)
    killed = End(HowEnded.KILLED, signal.SIGSEGV)
    assert station.run(asked("die", where), seconds=30) == killed
    with pipe(tmp_path) as (path, end):
        assert station.run(asked("hang", path), seconds=1) == End(HowEnded.LATE)
        assert all(map(is_gone, pids(end)[:2]))
    assert station.run(asked("leave", where), seconds=30) == End(HowEnded.DONE)
    assert is_gone(int(where.read_text()))
    assert station.run(asked("write", where), seconds=30) == End(HowEnded.DONE)


def test_a_station_that_is_killed_is_started_again(
    station: Station, tmp_path: Path
) -> None:
    where = tmp_path / "it"
    station.run(asked("write", where), seconds=30)
    process = station._process
    assert process is not None
    process.kill()
    process.wait()
    assert station.run(asked("write", where), seconds=30) == End(HowEnded.DONE)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_stays_of_one_whose_master_is_killed(
    tmp_path: Path, number: signal.Signals
) -> None:
    scratch = tmp_path / "scratch"
    (scratch / "deep").mkdir(parents=True)
    with pipe(tmp_path) as (path, end):
        master = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from ctxopt.host.fleet.station import Station
Station([sys.executable, "-c", {PROGRAM!r}]).run(
    {asked("hang", path)!r}, seconds=999, scratch={str(scratch)!r})
"""
        with subprocess.Popen([sys.executable, "-c", master]) as process:
            begun = pids(end)
            process.send_signal(number)
        assert all(map(is_gone, begun))
    assert not scratch.exists()


def test_a_folder_goes_whatever_rights_are_in_it(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("")
    top = tmp_path / "top"
    (top / "closed" / "deep").mkdir(parents=True)
    (top / "closed" / "deep" / "file").write_text("")
    (top / "out").symlink_to(outside)
    (top / "closed" / "deep").chmod(0)
    (top / "closed").chmod(0o500)
    remove_tree(str(top))
    assert not top.exists()
    assert (outside / "kept").exists()
    remove_tree("")
    remove_tree(str(top))


def test_a_folder_goes_however_deep_it_is(tmp_path: Path) -> None:
    top = tmp_path / "top"
    top.mkdir()
    inner = os.open(top, os.O_RDONLY)
    name = "d" * 50
    for _ in range(1500):  # no path to the last of them can be given to the kernel
        os.mkdir(name, dir_fd=inner)
        deeper = os.open(name, os.O_RDONLY, dir_fd=inner)
        os.close(inner)
        inner = deeper
    os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=inner))
    os.close(inner)
    remove_tree(str(top))
    assert not top.exists()
