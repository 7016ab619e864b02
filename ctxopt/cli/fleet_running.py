"""What `ctxopt fleet` does meanwhile: processes, a line of progress, an early end."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import click

from ctxopt import __version__
from ctxopt.cli.program import INTERRUPTED
from ctxopt.cli.saying import complain, is_quiet

if TYPE_CHECKING:
    from ctxopt.host.fleet.store import Store
    from ctxopt.pipeline.fleet.running import Fleet

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def go_through(
    fleet: Fleet, store: Store, scheduler: str | None, workers: int | None
) -> None:
    """Look at all repositories; ended by Ctrl-C, say how to go on."""
    from ctxopt.host.fleet.cluster import opened
    from ctxopt.pipeline.fleet.running import Counts, run_fleet
    from ctxopt.view.fleet.progress import FleetProgress
    from ctxopt.view.terminal.progress import LiveLine

    last = Counts(len(fleet.sources))
    count = workers or _processors()
    try:
        with ExitStack() as stack:
            stack.enter_context(_ended_as_by_ctrl_c())
            with LiveLine(sys.stderr, silent=is_quiet()) as line:
                line.tell_now(lambda: _waiting_for(scheduler))
                workers = min(count, len(fleet.sources))
                cluster = stack.enter_context(opened(scheduler, workers=workers))
                cluster.check(_version, __version__)
            progress = stack.enter_context(
                FleetProgress(sys.stderr, last.total, silent=is_quiet())
            )

            def told(counts: Counts) -> None:
                nonlocal last
                last = counts
                progress(counts.done, counts.failed, counts.known)

            run_fleet(fleet, store, cluster, told)
    except KeyboardInterrupt:
        complain(
            f"interrupted: {last.done:,} of {last.total:,} are kept in"
            f' "{store.folder}"; the same command goes on from there'
        )
        click.get_current_context().exit(INTERRUPTED)


@contextmanager
def _ended_as_by_ctrl_c() -> Iterator[None]:
    """Let what ends a job of CI, or a closed terminal, leave nothing behind.

    Whoever has ended it waits for that: another Ctrl-C would be in the midst of it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    before = {one: signal.getsignal(one) for one in _ENDING}
    heard = [one for one, handler in before.items() if handler is not signal.SIG_IGN]

    ended = []

    def end(number: int, _frame: object) -> None:
        ended.append(number)
        for one in heard:
            signal.signal(one, signal.SIG_IGN)
        raise KeyboardInterrupt

    for one in heard:
        signal.signal(one, end)
    try:
        yield
    finally:
        if not ended:  # else this process is about to go
            for one in heard:
                signal.signal(one, before[one])


def _waiting_for(scheduler: str | None) -> str:
    return f"waiting for {scheduler}" if scheduler else "starting the processes"


def _version() -> str:
    """What a worker says of itself; called there."""
    from ctxopt import __version__ as version

    return version


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
