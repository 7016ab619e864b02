"""Work shared out to forked processes, which know all that their parent knows.

The numbers of the jobs lie in a pipe before the first worker starts; each worker
takes the next number when it is free, so that nobody waits for a slow one. Results
come back through a pipe of each worker's own. Rule: a worker that ends before it has
said so is an error, never a smaller result.
"""

from __future__ import annotations

import gc
import os
import pickle
import selectors
import signal
from collections.abc import Callable, Generator, Iterator

from ctxopt.core.typed import TYPE_CHECKING, TypeVar
from ctxopt.errors import WorkerError
from ctxopt.host.walk.processors import VARIABLE

if TYPE_CHECKING:
    from typing import Any, NoReturn

_NUMBER_BYTES = 4
_HEADER_BYTES = 8
_CHUNK_BYTES = 1 << 20
# Shorter than a number and a result.
_DONE = b"done"
_FAILED = b"fail"

Result = TypeVar("Result")


class JobError(Exception):
    """A job raised an exception: do it here to learn which one."""


def share_out(
    work: Callable[[int], Result], jobs: int, workers: int
) -> Generator[Result, None, None]:
    """The results of `work` for the numbers below `jobs`, in order.

    `work` runs in processes of its own; what it hands back is pickled. Raises JobError
    for an exception there, WorkerError when a worker is killed. Leaving the iterator
    early ends all workers.
    """
    numbers, put = os.pipe()
    with open(put, "wb") as pipe:
        # At most the 64 KiB that a pipe holds without a reader.
        pipe.writelines(number.to_bytes(_NUMBER_BYTES, "big") for number in range(jobs))
    running: dict[int, int] = {}  # the reading end of a worker's pipe, and its process
    try:
        for _ in range(min(workers, jobs)):
            reader, writer = os.pipe()
            pid = _fork()
            if pid == 0:
                for other in (reader, *running):
                    os.close(other)
                _be_worker(work, numbers, writer)
            os.close(writer)
            running[reader] = pid
        yield from _in_order(_results(running))
    finally:
        os.close(numbers)
        for reader, pid in running.items():
            os.close(reader)
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _fork() -> int:
    try:
        return os.fork()
    except OSError as error:
        raise WorkerError(
            f"cannot start a worker process: {error.strerror}",
            hint=f"set {VARIABLE}=1 to do without",
        ) from None


def _be_worker(work: Callable[[int], object], numbers: int, out: int) -> NoReturn:
    """Do jobs until there are none left; never comes back.

    Nothing of the parent's is flushed or cleaned up here.
    """
    status = 1
    try:
        # The parent hears of an interrupt itself, and ends its workers.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        gc.disable()  # a worker lives for a moment
        while number := os.read(numbers, _NUMBER_BYTES):
            result = work(int.from_bytes(number, "big"))
            _send(out, number + pickle.dumps(result, pickle.HIGHEST_PROTOCOL))
        _send(out, _DONE)
        status = 0
    except Exception:  # noqa: BLE001  # the parent will meet it, too
        _send(out, _FAILED)
        status = 0
    finally:
        os._exit(status)


def _send(out: int, message: bytes) -> None:
    rest = memoryview(len(message).to_bytes(_HEADER_BYTES, "big") + message)
    while rest:
        rest = rest[os.write(out, rest) :]


def _in_order(results: Iterator[tuple[int, bytes]]) -> Iterator[Any]:
    """Results as they were before they were pickled, the first number first."""
    early: dict[int, bytes] = {}  # as they came, for that takes the least memory
    due = 0
    for number, pickled in results:
        early[number] = pickled
        while due in early:
            # Written by a fork of this very process.
            yield pickle.loads(early.pop(due))  # noqa: S301
            due += 1


def _results(running: dict[int, int]) -> Iterator[tuple[int, bytes]]:
    """What the workers say; takes those that have ended out of `running`."""
    heard = {reader: bytearray() for reader in running}
    done: set[int] = set()
    with selectors.DefaultSelector() as selector:
        for reader in running:
            selector.register(reader, selectors.EVENT_READ)
        while running:
            for key, _ in selector.select():
                reader = key.fd
                chunk = os.read(reader, _CHUNK_BYTES)
                if not chunk:
                    selector.unregister(reader)
                    os.close(reader)
                    _, status = os.waitpid(running.pop(reader), 0)
                    if status or reader not in done:
                        raise _death(status)
                    continue
                heard[reader] += chunk
                for message in _messages(heard[reader]):
                    if message == _FAILED:
                        raise JobError
                    if message == _DONE:
                        done.add(reader)
                        continue
                    number = int.from_bytes(message[:_NUMBER_BYTES], "big")
                    yield number, message[_NUMBER_BYTES:]


def _messages(heard: bytearray) -> Iterator[bytes]:
    """Take the whole messages off what was heard."""
    while len(heard) >= _HEADER_BYTES:
        end = _HEADER_BYTES + int.from_bytes(heard[:_HEADER_BYTES], "big")
        if len(heard) < end:
            break
        message = bytes(heard[_HEADER_BYTES:end])
        del heard[:end]
        yield message


def _death(status: int) -> WorkerError:
    code = os.waitstatus_to_exitcode(status)
    how = f"ended with status {code}"
    if code < 0:
        how = f"was killed by signal {-code} ({signal.Signals(-code).name})"
    return WorkerError(
        f"a worker process {how} before it was done: nothing is reported",
        hint=f"try again; {VARIABLE}=1 measures in one process and needs less memory",
    )
