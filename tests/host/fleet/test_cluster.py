"""What is said where workers, or their scheduler, are not what they must be."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from ctxopt.errors import CtxoptError
from ctxopt.host.fleet import cluster as module
from ctxopt.host.fleet.cluster import Cluster, Lost, _deaf


class Future:
    """What came of a task, or `error`."""

    def __init__(self, status: str, said: Any = None) -> None:
        self.status = status
        self._said = said

    def result(self) -> Any:
        return self._said

    def exception(self) -> Any:
        return self._said

    def release(self) -> None:
        pass


class Client:
    """Has one worker; each task comes to the same."""

    def __init__(self, future: Future, status: str = "running") -> None:
        self.status = status
        self._future = future

    def nthreads(self) -> dict[str, int]:
        return {"one": 1}

    def submit(self, *_words: Any, **_named: Any) -> Future:
        return self._future


class Distributed:
    """Its `as_completed`, of futures that all are, once it was looked so often."""

    def __init__(self, looks: int = 0) -> None:
        self._all: list[Future] = []
        self._looks = looks

    def as_completed(self, *, raise_errors: bool) -> Distributed:
        assert not raise_errors
        return self

    def add(self, future: Future) -> None:
        self._all.append(future)

    def has_ready(self) -> bool:
        self._looks -= 1
        return self._looks < 0

    def __iter__(self) -> Iterator[Future]:
        return self

    def __next__(self) -> Future:
        return self._all.pop()


def done(client: Client) -> list[tuple[str, Any]]:
    return [*Cluster(Distributed(), client).done(str, ["task"], lambda: None)]


def test_what_is_done_comes_with_its_task() -> None:
    assert done(Client(Future("finished", 5))) == [("task", 5)]
    ((_, lost),) = done(Client(Future("cancelled")))
    assert isinstance(lost, Lost)


def test_while_nothing_comes_it_can_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOOKING_SECONDS", 0)
    told: list[str] = []
    cluster = Cluster(Distributed(looks=2), Client(Future("finished", 5)))
    for task, _ in cluster.done(str, ["task"], lambda: told.append("waiting")):
        told.append(task)
    assert told == ["waiting", "waiting", "task"]


def test_without_a_scheduler_nothing_is_taken_for_lost() -> None:
    with pytest.raises(CtxoptError, match="the scheduler is gone"):
        done(Client(Future("cancelled"), "closed"))
    with pytest.raises(CtxoptError, match="the scheduler is gone"):
        done(Client(Future("lost"), "connecting"))


def test_a_worker_that_lacks_ctxopt_is_told_in_one_line() -> None:
    error = ModuleNotFoundError("No module named 'ctxopt'")
    with pytest.raises(CtxoptError, match="a worker cannot do this: No module named"):
        done(Client(Future("error", error)))


@pytest.fixture
def heard() -> Iterator[list[int]]:
    """The signals of Ctrl-C that this process hears."""
    numbers: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: numbers.append(number))
    yield numbers
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_while_processes_start_is_heard_behind_it(heard: list[int]) -> None:
    with _deaf():
        os.kill(os.getpid(), signal.SIGINT)
        assert heard == []
    assert heard == [signal.SIGINT]


def test_ctrl_c_that_another_thread_takes_is_heard_behind_it(heard: list[int]) -> None:
    begun = threading.Event()

    def take() -> None:
        begun.wait()
        signal.raise_signal(signal.SIGINT)  # in this thread, which is not deaf

    thread = threading.Thread(target=take)
    thread.start()
    with _deaf():
        begun.set()
        thread.join()
        assert heard == []
        os.kill(os.getpid(), signal.SIGINT)
    assert heard == [signal.SIGINT]


def test_what_starts_meanwhile_stays_deaf_and_later_ones_hear() -> None:
    said: list[str] = []
    ready = threading.Event()

    def start() -> None:
        words = ["cat", "/proc/self/status"]
        done = subprocess.run(words, check=True, capture_output=True, text=True)
        said.append(next(one for one in done.stdout.splitlines() if "SigBlk" in one))

    def start_later() -> None:
        ready.wait()
        start()

    with _deaf():
        start()
        thread = threading.Thread(target=start_later)
        thread.start()
    start()
    ready.set()
    thread.join()
    blocked = [int(one.split()[1], 16) >> (signal.SIGINT - 1) & 1 for one in said]
    assert blocked == [1, 0, 1], "of a thread that began meanwhile, too"
