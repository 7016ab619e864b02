"""The way in from the shell: `ctxopt`, `python -m ctxopt`."""

from __future__ import annotations

import gc
import os
import sys


def run() -> None:
    """Run the command line and leave with its exit status."""
    if None in (sys.stdin, sys.stdout, sys.stderr):
        _fill_gaps()
    try:
        if sys.argv[1:] not in (["--version"], ["-V"]) or not _version():
            _command()
    finally:
        _let_go()


def _version() -> bool:
    """Answer before click is imported, which would take three times as long.

    False where that cannot be written: the command line has the words for it.
    """
    from ctxopt import __version__

    try:
        sys.stdout.write(f"ctxopt {__version__}\n")
        sys.stdout.flush()
    except (OSError, AttributeError):  # full, or closed and so None
        return False
    return True


def _command() -> None:
    # Start-up makes many records and hardly any garbage: look for it less often.
    gc.set_threshold(50_000)
    try:
        from ctxopt.cli import main

        main(prog_name="ctxopt")
    except KeyboardInterrupt:  # before or after the command, which has its own
        sys.exit(130)


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
