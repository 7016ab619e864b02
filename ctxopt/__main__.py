"""The way in from the shell: `ctxopt`, `python -m ctxopt`, `docker ctxopt`."""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False  # start-up: see `ctxopt`

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ctxopt.host.plugin import call as plugin


def run() -> None:
    """Run the command line and leave with its exit status."""
    from ctxopt import __version__

    if None in (sys.stdin, sys.stdout, sys.stderr):
        _fill_gaps()
    try:
        asks = sys.argv[1:] in (["--version"], ["-V"])
        if not asks or not _answered(f"ctxopt {__version__}\n"):
            _command(sys.argv[1:], "ctxopt")
    finally:
        _let_go()


def run_plugin() -> None:
    """Run as a plugin of docker's client, `docker-ctxopt`; the same otherwise."""
    from ctxopt import __version__
    from ctxopt.host.plugin import call as plugin

    if None in (sys.stdin, sys.stdout, sys.stderr):
        _fill_gaps()
    try:
        if sys.argv[1:2] == [plugin.METADATA] and _answered(
            plugin.metadata(__version__)
        ):
            return
        _called_by_docker(plugin.read_call(sys.argv[1:]))
    finally:
        _let_go()


def _called_by_docker(call: plugin.Call) -> None:
    from ctxopt.host.plugin import call as plugin

    if not call.by_docker:
        _command(call.words, "ctxopt")
        return
    for name, value in call.environment.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value
    plugin.end_with_docker()
    if call.completes:
        from ctxopt.cli.completing import for_docker

        sys.stdout.write(for_docker(call.words))
        return
    _command(call.words, plugin.CALLED)


def _answered(text: str) -> bool:
    """Answer before click is imported, which would take three times as long.

    False where that cannot be written: the command line has the words for it.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except (OSError, AttributeError):  # full, or closed and so None
        return False
    return True


def _command(words: Sequence[str], name: str) -> None:
    # Start-up makes many records and hardly any garbage: look for it less often.
    gc.set_threshold(50_000)
    try:
        from ctxopt.importing import find_by_name

        find_by_name()
        from ctxopt.cli import plain

        status = plain.run(words) if name == "ctxopt" else None
        if status is None:
            from ctxopt.cli import main

            main([*words], prog_name=name)
        else:
            _leave(status)
    except KeyboardInterrupt:  # before or after the command, which has its own
        sys.exit(130)
    finally:
        # Python looks for garbage at its end, too: all that is left goes without that.
        gc.freeze()


def _leave(status: int) -> None:
    """Leave without taking apart what the system takes back as a whole.

    That is, unless somebody waits for Python's own end: a handler, another thread, a
    profiler, a debugger, a prompt.
    """
    import atexit

    handlers = getattr(atexit, "_ncallbacks", lambda: 1)  # of CPython alone
    waiting = handlers() or "threading" in sys.modules
    watched = sys.getprofile() or sys.gettrace() or sys.flags.inspect
    if not waiting and not watched:
        _let_go()
        os._exit(status)
    if status:
        sys.exit(status)


def _fill_gaps() -> None:
    """Put nothing in the place of streams that the caller closed.

    Otherwise the next file that is opened becomes one of them, and a word for the
    user ends in it. Messages without a stream are said to nobody, as with 2>/dev/null.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest that is free: this one
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def _let_go() -> None:
    """Drop what cannot be written, or Python would try again and say so at its end."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    run()
