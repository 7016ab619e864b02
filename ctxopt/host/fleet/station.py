"""A process that does one piece of work after the other, each in a copy of itself.

What a copy does cannot harm what comes after it: one that hangs is ended, with all
that it has started; one that takes too much memory or crashes is alone in it. Starting
Python for each would take longer than most of the work.

    station = Station([sys.executable, "-m", MODULE])    # MODULE calls `serve(work)`
    station.run({"folder": "/srv/shop"}, seconds=60)     # how it ended

One line of JSON goes in for each, one comes out. Whoever is gone, by whatever signal,
takes the copy with it: its end of the pipe is closed then.
"""

from __future__ import annotations

import itertools
import json
import os
import resource
import select
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from typing import Any, NoReturn

from ctxopt.core.tuples import NamedTuple

Request = Mapping[str, Any]
# What is started imports nothing from the current folder: that may be a stranger's.
_OWN_MODULES = {"PYTHONSAFEPATH": "1"}
_STEP_SECONDS = 3600.0  # no call waits longer at a time
_FAILED = 3  # exit status of a copy whose work raised


class HowEnded(StrEnum):
    """How a piece of work ended."""

    DONE = "done"
    LATE = "late"  # it took too long, and was ended
    RAISED = "raised"
    KILLED = "killed"  # by a signal that was not ours
    LOST = "lost"  # the station itself is gone


class End(NamedTuple):
    """How a piece of work ended; `number` is that of a signal."""

    how: HowEnded
    number: int = 0


class Station:
    """Where work is done; the process starts with the first piece."""

    def __init__(self, command: Sequence[str]) -> None:
        self.command = command
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, work: Request, *, seconds: float, scratch: str = "") -> End:
        """Do a piece of work; when it ends, so has all that it started.

        `scratch` is a folder that is removed should this process be gone before.
        """
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        asked = {"work": work, "seconds": seconds, "scratch": scratch}
        try:
            process.stdin.write(json.dumps(asked).encode() + b"\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except OSError:
            answer = b""
        if not answer.endswith(b"\n"):
            self.close()
            return End(HowEnded.LOST)
        how, number = json.loads(answer)
        return End(HowEnded(how), number)

    def close(self) -> None:
        """End the process, and what it is at."""
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self.close()
        if self._process is None:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,  # Ctrl-C is for those who can go on from it
                env={**os.environ, **_OWN_MODULES},
            )
        return self._process


# --- in the process that is copied -----------------------------------------------


def serve(work: Callable[[Request], None]) -> None:
    """Do what comes in, until nothing can come any more."""
    asked, told = _take_streams()
    signalled, signaller = os.pipe()
    for end in (signalled, signaller):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    signal.set_wakeup_fd(signaller, warn_on_full_buffer=False)
    requests = os.fdopen(asked, "rb", buffering=0)
    while line := requests.readline():
        request = json.loads(line)
        child = os.fork()
        if child == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for descriptor in (asked, told, signalled, signaller):
                os.close(descriptor)
            _do(work, request["work"])
        ended = _ended(child, request["seconds"], asked, signalled)
        if ended is None:  # nobody is there any more
            remove_tree(request["scratch"])
            return
        os.write(told, json.dumps(ended).encode() + b"\n")


def _take_streams() -> tuple[int, int]:
    """Where requests come from and answers go; nobody else writes or reads there."""
    asked, told = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    return asked, told


def _do(work: Callable[[Request], None], request: Request) -> NoReturn:
    """Do it in this copy, the first of a group of processes."""
    status = _FAILED
    try:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        work(request)
        status = 0
    except BaseException as error:  # noqa: BLE001  # nothing behind it is to run here
        with suppress(BaseException):
            print(f"{type(error).__name__}: {error}", file=sys.stderr)  # noqa: T201
    os._exit(status)


def _ended(
    child: int, seconds: float, asked: int, signalled: int
) -> tuple[str, int] | None:
    """How a copy ended, or was ended; None where nobody waits for it any more."""
    is_late = _waited(child, seconds, asked, signalled)
    _end_group(child)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if is_late is None:
        return None
    if is_late:
        return HowEnded.LATE.value, 0
    if code < 0:
        return HowEnded.KILLED.value, -code
    return (HowEnded.RAISED if code else HowEnded.DONE).value, 0


def _waited(child: int, seconds: float, asked: int, signalled: int) -> bool | None:
    """Wait for a copy; whether it is late, None where nobody waits for it any more.

    Its number stays its own until `_ended` has asked for its status.
    """
    deadline = time.monotonic() + seconds
    while not os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
        left = min(deadline - time.monotonic(), _STEP_SECONDS)
        if left <= 0:
            return True
        ready, _, _ = select.select([asked, signalled], [], [], left)
        if asked in ready:  # one piece at a time: it is the end that can be read
            return None
        if signalled in ready:
            with suppress(BlockingIOError):
                os.read(signalled, 512)
    return False


def _end_group(child: int) -> None:
    """End a copy and all that it has started, which are a group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    with suppress(ProcessLookupError):  # it may not have made its group yet
        os.kill(child, signal.SIGKILL)


def remove_tree(folder: str) -> None:
    """Remove a folder of ours, whatever rights and however deep what is in it.

    A folder in a folder is moved to the top before it is looked into: no path gets too
    long, and no call too deep. What cannot be removed stays.
    """
    if not folder or not os.path.isdir(folder):
        return
    numbers = itertools.count()
    waiting = [folder]
    left = []
    while waiting:
        one = waiting.pop()
        left.append(one)
        with suppress(OSError):
            os.chmod(one, stat.S_IRWXU)
            waiting += _folders_left(one, folder, numbers)
    for one in reversed(left):
        with suppress(OSError):
            os.rmdir(one)


def _folders_left(folder: str, top: str, numbers: Iterator[int]) -> Iterator[str]:
    """Remove the files of a folder; where in `top` the folders of it are now."""
    with os.scandir(folder) as entries:
        for one in entries:
            with suppress(OSError):
                if not one.is_dir(follow_symlinks=False):
                    os.unlink(one.path)
                elif folder == top:
                    yield one.path
                else:
                    os.chmod(one.path, stat.S_IRWXU)  # it is told where it is, by ".."
                    moved = os.path.join(top, f"moved-{next(numbers)}")
                    os.rename(one.path, moved)
                    yield moved
