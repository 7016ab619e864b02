"""What a command that goes on attends to: signals, keys, and when something is due.

Of one build and of many, on a screen and in lines.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ctxopt.view.terminal.keys import Keyboard
    from ctxopt.view.watch.live import LiveScreen


class Waiting(Protocol):
    """What knows when it has something to do."""

    def due(self, now: float) -> float | None:
        """When that is; None: not before the next notice."""


def pause(session: Waiting) -> float | None:
    """Seconds until something is due; None: until the next notice."""
    now = time.monotonic()
    due = session.due(now)
    return None if due is None else max(due - now, 0.0)


def may_draw(form: str) -> bool:
    """Whether a screen can be drawn, and there are keys."""
    from ctxopt.view.watch.live import can_draw

    has_keys = sys.stdin is not None and sys.stdin.isatty()
    return form == "text" and has_keys and can_draw(sys.stdout)


def say(text: str) -> None:
    """Write lines that somebody waits for."""
    sys.stdout.write(text)
    sys.stdout.flush()


class Ended:
    """What the signals said."""

    def __init__(self) -> None:
        self.why = ""
        self.resized = False
        self.suspended = False


@contextlib.contextmanager
def signals(waker: int, *, draws: bool) -> Iterator[Ended]:
    """Notes the signals that a screen or lines end by, and wakes whoever waits.

    A handler of Python's runs when the interpreter gets to it. A signal that comes just
    before it goes to sleep would wait until something else wakes it, and so would
    Ctrl-C; the byte that C writes to `waker` is there at once.
    """
    numbers = [signal.SIGTERM, signal.SIGHUP]
    if draws:
        numbers += [signal.SIGWINCH, signal.SIGTSTP]
    heard = Ended()

    def note(number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGWINCH:
            heard.resized = True
        elif number == signal.SIGTSTP:
            heard.suspended = True
        else:
            heard.why = signal.Signals(number).name

    with contextlib.ExitStack() as handlers:
        handlers.enter_context(_woken_by_signals(waker))
        for number in numbers:
            handlers.enter_context(_handled(number, note))
        yield heard


@contextlib.contextmanager
def _woken_by_signals(waker: int) -> Iterator[None]:
    """A byte for each signal while it lasts; a pipe that is full wakes already."""
    before = signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)


class _Quit(BaseException):
    r"""Ctrl-\ was pressed: all that is on the way out gives back what it has."""


@contextlib.contextmanager
def quitting() -> Iterator[None]:
    r"""Lets Ctrl-\ do what it does elsewhere, after the terminal was given back."""
    owner = os.getpid()

    def unwind(number: int, _frame: FrameType | None) -> None:
        # Not twice, which would break off the giving back.
        signal.signal(number, signal.SIG_IGN)
        if os.getpid() == owner:
            raise _Quit
        _quit()  # a worker, which has nothing to give back

    if signal.getsignal(signal.SIGQUIT) is signal.SIG_IGN:
        yield
        return
    try:
        with _handled(signal.SIGQUIT, unwind):
            yield
    except _Quit:
        _quit()


def _quit() -> None:
    """End here and now, with a core dump where the system keeps them."""
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGQUIT)


@contextlib.contextmanager
def _handled(
    number: signal.Signals,
    handler: Callable[[int, FrameType | None], None] | signal.Handlers,
) -> Iterator[None]:
    """A handler for a signal while it lasts."""
    before = signal.signal(number, handler)
    try:
        yield
    finally:
        signal.signal(number, before)


def suspend(screen: LiveScreen, keyboard: Keyboard) -> None:
    """Stop, as Ctrl-Z asks, with the terminal as the shell knows it."""
    keyboard.restore()
    screen.restore()
    with _handled(signal.SIGTSTP, signal.SIG_DFL):
        os.kill(os.getpid(), signal.SIGTSTP)
    screen.engage()
    keyboard.engage()


def pressed_keys(keyboard: Keyboard) -> list[str]:
    """The keys that were pressed since the last time."""
    if not select.select([keyboard], [], [], 0)[0]:
        return []
    return keyboard.read()
