"""Where the work of a fleet is done: dask's workers, of this machine or of many.

Dask was weighed against Ray: a quarter of its size installed (46 MB with all that it
needs, Ray alone 202), and as Python it runs wherever ctxopt does; workers start with
one command, and the scheduler takes up again what a lost one had. Both are well kept.
What is asked here is little: run this function, tell what came of it.

Imported by nobody who does not work on a fleet: it takes a second.
"""

from __future__ import annotations

import logging
import os
import signal
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from typing import Any, TypeVar

from ctxopt.errors import CtxoptError

Task = TypeVar("Task")
Result = TypeVar("Result")
_AHEAD = 2  # tasks that wait for each thread, so that none stands still
_CONNECTING_SECONDS = 10
_PATIENCE_SECONDS = 30  # until there is a worker
_COUNTING_SECONDS = 1  # until workers are counted again
_LOOKING_SECONDS = 0.05  # until it is looked again whether something is done
_SCRATCH = "ctxopt-dask-"
_LOGGERS = ("distributed", "tornado", "asyncio")
_VARIABLES = {
    # The current folder may be the checkout of a stranger: nothing of it is imported.
    "PYTHONSAFEPATH": "1",
    "PYTHONWARNINGS": "ignore",  # where this process is killed, others would speak
}
_HINT = "start them where the same ctxopt and dask are installed: dask worker URL"
# Whoever has ctxopt from a checkout finds it under no name on an index.
_INSTALL = (
    "put it beside ctxopt: python3 -m pip install distributed"
    " (or: pipx inject ctxopt distributed)"
)


class Lost:
    """In the place of a result: the workers that had the task are gone."""


class Cluster:
    """Workers that do tasks, in any order."""

    def __init__(self, distributed: Any, client: Any) -> None:
        self._distributed = distributed
        self._client = client

    @property
    def threads(self) -> int:
        """How many tasks are done at a time."""
        return sum(self._client.nthreads().values())

    def check(self, told: Callable[[], str], here: str) -> None:
        """See that all workers say what this process says, such as its version.

        Raises CtxoptError where one says something else, or cannot.
        """
        try:
            answers = self._client.run(told)
        except Exception as error:  # noqa: BLE001  # whatever a worker says of it
            raise CtxoptError(f"a worker cannot do this: {error}", hint=_HINT) from None
        for worker, answer in answers.items():
            if answer != here:
                raise CtxoptError(
                    f"the worker {worker} has ctxopt {answer}, and this is {here}",
                    hint=_HINT,
                )

    def done(
        self,
        function: Callable[[Task], Result],
        tasks: Iterable[Task],
        meanwhile: Callable[[], None],
    ) -> Iterator[tuple[Task, Result | Lost]]:
        """Each task with what came of it, as it comes; few are under way at a time.

        What is remembered of a task goes when it has been told. `meanwhile` is called
        some times a second while nothing comes. Raises CtxoptError where the scheduler
        is gone, or a worker is not what it must be.
        """
        try:
            yield from self._done(function, tasks, meanwhile)
        except GeneratorExit:
            raise
        except Exception as error:
            if self._client.status == "running":
                raise
            raise CtxoptError(
                "the scheduler is gone; what came of repositories so far is kept",
                hint="start it again: the same command goes on from there",
            ) from error

    def _done(
        self,
        function: Callable[[Task], Result],
        tasks: Iterable[Task],
        meanwhile: Callable[[], None],
    ) -> Iterator[tuple[Task, Result | Lost]]:
        waiting = self._distributed.as_completed(raise_errors=False)
        of: dict[Any, Task] = {}
        rest = iter(tasks)
        most, due = 0, 0.0
        with suppress(StopIteration):
            while True:
                if time.monotonic() >= due:  # workers come and go; asking takes time
                    most = max(self.threads, 1) * _AHEAD
                    due = time.monotonic() + _COUNTING_SECONDS
                while len(of) < most:
                    task = next(rest)
                    future = self._client.submit(function, task, pure=False)
                    of[future] = task
                    waiting.add(future)
                yield self._next(waiting, of, meanwhile)
        while of:
            yield self._next(waiting, of, meanwhile)

    def _next(
        self, waiting: Any, of: dict[Any, Task], meanwhile: Callable[[], None]
    ) -> tuple[Task, Any]:
        while not waiting.has_ready():
            meanwhile()
            time.sleep(_LOOKING_SECONDS)
        future = next(waiting)
        task = of.pop(future)
        try:
            if future.status == "finished":
                return task, future.result()
            if future.status == "error" and not _is_loss(error := future.exception()):
                raise CtxoptError(f"a worker cannot do this: {error}", hint=_HINT)
            if self._client.status != "running":
                raise ConnectionError
            return task, Lost()
        finally:
            future.release()


def _is_loss(error: BaseException) -> bool:
    return type(error).__name__ in ("KilledWorker", "CancelledError", "CommClosedError")


@contextmanager
def opened(address: str | None, *, workers: int) -> Iterator[Cluster]:
    """The cluster of a scheduler, or one of this machine's with so many workers.

    Raises CtxoptError where dask is not installed, or nobody answers.
    """
    try:
        import distributed
    except ImportError:
        raise CtxoptError("a fleet needs dask", hint=_INSTALL) from None
    _hush()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if address is None:
            with _local(distributed, workers) as client:
                yield Cluster(distributed, client)
        else:
            with _connected(distributed, address) as client:
                yield Cluster(distributed, client)


def _hush() -> None:
    """Let nothing of dask's own come between a person and what is told."""
    named = [*logging.root.manager.loggerDict, *_LOGGERS]
    for name in named:
        if name.partition(".")[0] in _LOGGERS:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


@contextmanager
def _local(distributed: Any, workers: int) -> Iterator[Any]:
    """A client of processes of this machine, which end with it."""
    with tempfile.TemporaryDirectory(prefix=_SCRATCH) as scratch, _surroundings():
        try:
            with _deaf():
                cluster = distributed.LocalCluster(
                    n_workers=workers,
                    threads_per_worker=1,
                    processes=True,
                    memory_limit=0,  # each repository has a bound of its own
                    dashboard_address=None,
                    silence_logs=logging.CRITICAL,
                    local_directory=scratch,
                )
        except (OSError, RuntimeError) as error:
            raise CtxoptError(
                f"the processes that work cannot be started: {error}",
                hint="say --workers 1, or use those of a scheduler with --scheduler",
            ) from None
        with cluster, distributed.Client(cluster) as client:
            yield client


@contextmanager
def _connected(distributed: Any, address: str) -> Iterator[Any]:
    """A client of a scheduler that has workers."""
    try:
        client = distributed.Client(address, timeout=_CONNECTING_SECONDS)
    except Exception as error:  # noqa: BLE001  # an address may be wrong in any way
        raise CtxoptError(
            f'no scheduler answers at "{address}": {error}',
            hint="start one with: dask scheduler",
        ) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE_SECONDS)
        except (OSError, TimeoutError):
            raise CtxoptError(
                f'the scheduler at "{address}" has no workers after'
                f" {_PATIENCE_SECONDS} seconds",
                hint=f"start some with: dask worker {address}",
            ) from None
        yield client


@contextmanager
def _surroundings() -> Iterator[None]:
    """Give processes that start meanwhile the variables that they need."""
    before = {name: os.environ.get(name) for name in _VARIABLES}
    os.environ.update(_VARIABLES)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _deaf() -> Iterator[None]:
    """Let processes that start meanwhile be deaf for Ctrl-C: it is for this one.

    What comes meanwhile is heard at the end, once, whichever thread the system gave
    it to. Threads that start are deaf, too, and so are the processes that they start
    later in the place of others.
    """
    resource_tracker.ensure_running()  # whoever starts it hears Ctrl-C again
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: came.append(number))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)  # what waited comes here
        signal.signal(signal.SIGINT, before)
        if came:
            signal.raise_signal(signal.SIGINT)
