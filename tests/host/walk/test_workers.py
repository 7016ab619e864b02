"""Work in processes of its own: all of it comes back, or an error does."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from ctxopt.errors import WorkerError
from ctxopt.host.walk.processors import MOST_WORKERS, VARIABLE, available_workers
from ctxopt.host.walk.workers import JobError, share_out
from tests.divided import without_children


@pytest.fixture(autouse=True)
def nobody_is_left() -> Iterator[None]:
    """Whatever happened, no child is left behind, running or dead."""
    with without_children():
        yield


def double(number: int) -> int:
    return 2 * number


@pytest.mark.parametrize("workers", [1, 2, 8])
@pytest.mark.parametrize("jobs", [0, 1, 5, 300])
def test_every_job_is_done_once(jobs: int, workers: int) -> None:
    found = list(share_out(double, jobs, workers))
    assert found == [2 * number for number in range(jobs)]


def test_they_work_at_the_same_time() -> None:
    """Each waits for the other to begin."""
    ready, go = os.pipe()
    other_ready, other_go = os.pipe()

    def meet(number: int) -> int:
        mine, theirs = (go, other_ready) if number else (other_go, ready)
        os.write(mine, b"x")
        os.read(theirs, 1)
        return number

    assert list(share_out(meet, 2, 2)) == [0, 1]
    for end in (ready, go, other_ready, other_go):
        os.close(end)


def test_a_slow_job_does_not_change_the_order() -> None:
    def work(number: int) -> int:
        time.sleep(0.2 if number in (0, 5) else 0)
        return number

    assert list(share_out(work, 20, 3)) == list(range(20))


def test_a_result_may_be_larger_than_a_pipe() -> None:
    found = list(share_out(lambda number: bytes([number]) * 3_000_000, 4, 2))
    assert found == [bytes([number]) * 3_000_000 for number in range(4)]


def test_an_exception_ends_the_work() -> None:
    def fail(number: int) -> int:
        if number == 3:
            raise LookupError("no such thing")
        return number

    with pytest.raises(JobError):
        list(share_out(fail, 10, 2))


@pytest.mark.parametrize("workers", [1, 2, 8])
def test_a_killed_worker_is_an_error(workers: int) -> None:
    def work(number: int) -> int:
        if number == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    with pytest.raises(WorkerError, match=r"killed by signal 9 \(SIGKILL\)"):
        list(share_out(work, 10, workers))


@pytest.mark.parametrize("status", [0, 7])
def test_a_worker_that_ends_too_early_is_an_error(status: int) -> None:
    def work(number: int) -> int:
        if number == 2:
            os._exit(status)
        return number

    with pytest.raises(WorkerError, match=f"ended with status {status}"):
        list(share_out(work, 10, 2))


def test_an_interrupted_worker_is_an_error() -> None:
    def work(number: int) -> int:
        if number == 2:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(60)
        return number

    with pytest.raises(WorkerError, match="SIGINT"):
        list(share_out(work, 10, 2))


def test_leaving_early_ends_all_workers() -> None:
    def work(number: int) -> int:
        if number:
            time.sleep(60)
        return number

    results = share_out(work, 8, 4)
    assert next(results) == 0
    results.close()


def test_an_interrupt_ends_all_workers() -> None:
    def impatient() -> None:
        for _ in share_out(lambda number: time.sleep(60 * number), 8, 4):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        impatient()


def test_nothing_of_the_parent_is_flushed_by_a_worker(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with open(1, "w", closefd=False, buffering=4096) as out:
        out.write("once\n")
        list(share_out(double, 10, 3))
    assert capfd.readouterr().out == "once\n"


# --- how many --------------------------------------------------------------------


def test_all_cpus_work_unless_they_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(3)))
    assert available_workers() == 3
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)))
    assert available_workers() == MOST_WORKERS


def test_the_variable_says_how_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "12")
    assert available_workers() == 12


@pytest.mark.parametrize("said", ["0", "-1", "two", "1.5", " ", "²"])
def test_a_wrong_variable_is_an_error(
    monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setenv(VARIABLE, said)
    with pytest.raises(WorkerError, match=f'{VARIABLE} is "{said}"'):
        available_workers()


def test_beside_other_threads_there_is_one_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(VARIABLE, "4")
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    try:
        assert available_workers() == 1
    finally:
        done.set()
        other.join()
