"""Processes of ctxopt that were started before it is known what they are to do.

Most of the time of a short command goes into starting Python and importing what it
needs. Here one process has done both; each command is a copy of it, with streams, a
current folder, an environment and an exit status of its own. `python -m ctxopt` ends
in the same `run()`; what is about starting itself is tested with that.

    run = launch(["ls", "."], streams=(nothing, out, err), cwd=folder, env=environ)
    assert run.wait() == 0
"""

from __future__ import annotations

import atexit
import fcntl
import gc
import io
import json
import os
import pkgutil
import resource
import selectors
import signal
import socket
import subprocess
import sys
import termios
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_SECONDS = 60
LONGEST = 1 << 20  # bytes of a request
PIPE = -1
Streams = Sequence[int | None]  # descriptors for 0, 1 and 2; None: closed


class Launched:
    """A command that runs; the part of `subprocess.Popen` that tests use."""

    def __init__(self, answers: socket.socket) -> None:
        self._answers = answers
        self.returncode: int | None = None
        self.pid = self._answer(PATIENCE_SECONDS)

    def wait(self, timeout: float = PATIENCE_SECONDS) -> int:
        """Return the exit status, as subprocess has it; TimeoutExpired when late."""
        if self.returncode is None:
            self.returncode = self._answer(timeout)
            self._answers.close()
        return self.returncode

    def poll(self) -> int | None:
        """Return the exit status; None as long as it runs."""
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it has not ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it, if it has not ended."""
        self.send_signal(signal.SIGKILL)

    def _answer(self, timeout: float) -> int:
        self._answers.settimeout(timeout)
        try:
            return int(self._answers.recv(32))
        except (TimeoutError, BlockingIOError):
            raise subprocess.TimeoutExpired("ctxopt", timeout) from None


def launch(
    arguments: Sequence[str],
    *,
    streams: Streams,
    cwd: str | os.PathLike[str] | int | None = None,
    env: Mapping[str, str],
    own_terminal: bool = False,
    user: int | None = None,
) -> Launched:
    """Start `ctxopt ARGUMENTS` in a folder, which may be gone by the time it looks.

    The folder may be given by a descriptor, and be gone before. With `own_terminal`,
    standard input is the terminal whose Ctrl-C it gets; `user` is somebody else, whose
    rights it has.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    folder = os.dup(cwd) if isinstance(cwd, int) else os.open(cwd or ".", os.O_RDONLY)
    given = [one for one in streams if one is not None]
    order = [one is not None for one in streams]
    asked = [list(arguments), dict(env), order, own_terminal, user]
    try:
        request = json.dumps(asked).encode("ascii")
        socket.send_fds(_door(), [request], [theirs.fileno(), folder, *given])
    finally:
        theirs.close()
        os.close(folder)
    return Launched(ours)


def begin(
    arguments: Sequence[str],
    *,
    streams: Streams,
    cwd: str | os.PathLike[str] | None = None,
    env: Mapping[str, str],
    own_terminal: bool = False,
) -> subprocess.Popen[bytes]:
    """Start the same as a process that begins where all processes begin."""

    def prepare() -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if own_terminal:
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    given = [subprocess.DEVNULL if one is None else one for one in streams]
    return subprocess.Popen(
        [sys.executable, "-m", "ctxopt", *arguments],
        stdin=given[0],
        stdout=given[1],
        stderr=given[2],
        cwd=cwd,
        env=env,
        start_new_session=own_terminal,
        preexec_fn=prepare,  # noqa: PLW1509
    )


def completed(
    arguments: Sequence[str],
    *,
    streams: Streams,
    cwd: str | os.PathLike[str] | int | None = None,
    env: Mapping[str, str],
    user: int | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run to the end; a stream that is PIPE is read, as output 1 or 2."""
    theirs, pipes = list(streams), {}
    for number, stream in enumerate(streams):
        if stream == PIPE:
            pipes[number], theirs[number] = os.pipe()
    try:
        started = launch(arguments, streams=theirs, cwd=cwd, env=env, user=user)
    finally:
        for number in pipes:
            os.close(theirs[number] or 0)
    written = _all_of(pipes)
    return subprocess.CompletedProcess(
        list(arguments), started.wait(), written.get(1, b""), written.get(2, b"")
    )


def _all_of(pipes: Mapping[int, int]) -> dict[int, bytes]:
    """What comes out of each pipe until nobody holds its other end."""
    found = dict.fromkeys(pipes, b"")
    with selectors.DefaultSelector() as waiting:
        for number, end in pipes.items():
            waiting.register(end, selectors.EVENT_READ, number)
        while waiting.get_map():
            ready = waiting.select(PATIENCE_SECONDS)
            assert ready, "nothing is written and nothing ends"
            for key, _ in ready:
                chunk = os.read(key.fd, 1 << 16)
                found[key.data] += chunk
                if not chunk:
                    waiting.unregister(key.fd)
                    os.close(key.fd)
    return found


@cache
def _door() -> socket.socket:
    """The way to the process that is copied, which ends when this one does."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, LONGEST)
    command = [sys.executable, "-m", "tests.launch", str(theirs.fileno())]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()]
    )
    theirs.close()

    def close() -> None:
        ours.close()
        process.wait(PATIENCE_SECONDS)

    atexit.register(close)
    return ours


# --- in the process that is copied -----------------------------------------------


def _serve(door: socket.socket) -> bool:
    """Start a copy for each request; True in a copy, ready to run its command."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the copies
    while True:
        request, descriptors, _, _ = socket.recv_fds(door, LONGEST, 5)
        if not request:
            return False
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            if _is_command(request, descriptors):
                return True
        for descriptor in descriptors:
            os.close(descriptor)


def _is_command(request: bytes, descriptors: list[int]) -> bool:
    """Fork once more: a process that runs the command, and one that tells its end."""
    answers, *rest = descriptors
    if (child := os.fork()) == 0:
        _become(request, rest)
        return True
    for descriptor in rest:
        os.close(descriptor)
    with socket.socket(fileno=answers) as told:
        told.send(b"%d" % child)
        told.send(b"%d" % os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    os._exit(0)


def _become(request: bytes, descriptors: list[int]) -> None:
    """Take over the streams, the folder, the environment and the arguments."""
    arguments, environment, order, own_terminal, user = json.loads(request)
    folder, *given = descriptors
    os.fchdir(folder)
    for number, is_open in enumerate(order):
        if is_open:
            os.dup2(given.pop(0), number)
        else:
            os.close(number)
    os.closerange(3, 64)
    if own_terminal:
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    if user is not None:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv[1:] = arguments
    sys.stdin = sys.__stdin__ = _stream(0, "r", "strict")  # type: ignore[misc]
    sys.stdout = sys.__stdout__ = _stream(1, "w", "strict")  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = _stream(2, "w", "backslashreplace")  # type: ignore[misc]


def _stream(descriptor: int, mode: str, errors: str) -> io.TextIOWrapper | None:
    """A standard stream as Python makes it when it starts: None where it is closed."""
    try:
        os.fstat(descriptor)
    except OSError:
        return None
    newline = None if mode == "r" else "\n"
    stream = open(  # noqa: SIM115  # open to the end
        descriptor,
        mode,
        encoding="utf-8",
        errors=errors,
        newline=newline,
        closefd=False,
    )
    assert isinstance(stream, io.TextIOWrapper)
    stream.reconfigure(line_buffering=descriptor == 2 or stream.isatty())
    return stream


def _import_all() -> None:
    import pathspec  # noqa: F401  # which a command imports when it meets a .gitignore

    import ctxopt

    for module in pkgutil.walk_packages(ctxopt.__path__, "ctxopt."):
        import_module(module.name)


class _QuickEnd:
    """The end of a copy, once all that the command can be seen to do is done.

    Python would take apart every module there is, which takes longer than most
    commands. As the exit function that was registered first this one comes last, after
    threads have been waited for; what is not plain is left to Python.
    """

    def __init__(self) -> None:
        self._status: int | None = None
        atexit.register(self._leave)

    def after(self, command: Callable[[], None]) -> None:
        """Run a command, and remember how it ends."""
        try:
            command()
        except SystemExit as ended:
            plain = ended.code is None or isinstance(ended.code, int)
            self._status = int(ended.code or 0) if plain else None
            raise
        self._status = 0

    def _leave(self) -> None:
        if self._status is None:
            return
        with suppress(OSError, ValueError):
            for stream in (sys.stdout, sys.stderr):
                if stream is not None:
                    stream.flush()
            os._exit(self._status)


def _main() -> None:
    end = _QuickEnd()
    _import_all()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a quit leaves no file behind
    gc.freeze()  # shared with the copies for good
    if _serve(socket.socket(fileno=int(sys.argv.pop(1)))):
        from ctxopt.__main__ import run

        end.after(run)


if __name__ == "__main__":
    _main()
