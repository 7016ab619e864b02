"""The command that goes on: notices and keys in, a screen or lines out."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TYPE_CHECKING

import click

from ctxopt.cli.configuring import in_force
from ctxopt.cli.options import (
    size_in_bytes,
    which_build,
    which_form,
    which_seconds,
)
from ctxopt.cli.program import BuildCommand, Refused, examples

if TYPE_CHECKING:
    from ctxopt.core.model import Request
    from ctxopt.pipeline.advice import Estimate
    from ctxopt.pipeline.watch.session import Session, WatchResult
    from ctxopt.view.terminal.keys import Keyboard
    from ctxopt.view.watch.events import JsonLines, Plain
    from ctxopt.view.watch.live import LiveScreen
    from ctxopt.view.watch.screen_state import ScreenState


@click.command(
    cls=BuildCommand,
    epilog=examples(
        "ctxopt watch",
        "ctxopt watch --max-size 50MB --target prod .",
        "ctxopt watch --write --include likely",
        "ctxopt watch --json | jq .transfer.wire_bytes",
    ),
)
@which_form("For people, or a JSON object a line.")
@click.option(
    "--max-size",
    "budget",
    callback=size_in_bytes,
    metavar="SIZE",
    help="Say when a build would send more than this, as 50MB.",
)
@click.option(
    "--write",
    "writes",
    is_flag=True,
    help="Write suggestions that are certain as they appear.",
)
@click.option(
    "--include",
    type=click.Choice(["likely"]),
    help="With --write: also those that are likely.",
)
@which_build
@which_seconds
def watch(
    request: Request,
    *,
    estimate: Estimate,
    form: str,
    budget: int | None,  # noqa: ARG001  # as `profile`: read with all that applies
    writes: bool,
    include: str | None,
) -> None:
    """Watch the build context and show what each change means.

    On a terminal a screen: w shows what would be written, and w again writes it; space
    chooses single suggestions, without a choice w means all that are certain or likely.
    u takes back, y says why, p pauses, q quits. Elsewhere a line a change.
    """
    from ctxopt.core.model import Confidence
    from ctxopt.pipeline.watch.session import Session, Settings
    from ctxopt.view.watch.live import can_draw

    if include and not writes:
        raise click.UsageError("--include needs --write")
    wanted = (
        (Confidence.CERTAIN, Confidence.LIKELY) if include else (Confidence.CERTAIN,)
    )
    configured = in_force()
    settings = Settings(
        estimate,
        configured.max_transfer_size,
        wanted if writes else (),
        configured.policy,
    )
    has_keys = sys.stdin is not None and sys.stdin.isatty()
    draws = form == "text" and has_keys and can_draw(sys.stdout)
    numbers = [signal.SIGTERM, signal.SIGHUP]
    if draws:
        numbers += [signal.SIGWINCH, signal.SIGTSTP]
    with (
        _quitting() if draws else contextlib.nullcontext(),
        Session(request, settings) as session,
        _signals(session.watches.wake, *numbers) as ended,
    ):
        over = _on_screen(session, ended) if draws else _in_lines(session, form, ended)
    if over:
        raise Refused(f'{over}: "{request.context}" was deleted or moved')


class _Ended:
    """What the signals said."""

    def __init__(self) -> None:
        self.why = ""
        self.resized = False
        self.suspended = False


@contextlib.contextmanager
def _signals(wake: Callable[[], None], *numbers: signal.Signals) -> Iterator[_Ended]:
    """Notes these signals while it lasts, and wakes whoever waits."""
    heard = _Ended()

    def note(number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGWINCH:
            heard.resized = True
        elif number == signal.SIGTSTP:
            heard.suspended = True
        else:
            heard.why = signal.Signals(number).name
        wake()

    with contextlib.ExitStack() as handlers:
        for number in numbers:
            handlers.enter_context(_handled(number, note))
        yield heard


class _Quit(BaseException):
    r"""Ctrl-\ was pressed: all that is on the way out gives back what it has."""


@contextlib.contextmanager
def _quitting() -> Iterator[None]:
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


def _pause(session: Session) -> float | None:
    """Seconds until something is due; None: until the next notice."""
    now = time.monotonic()
    due = session.due(now)
    return None if due is None else max(due - now, 0.0)


# --- lines -----------------------------------------------------------------------


def _in_lines(session: Session, form: str, ended: _Ended) -> str:
    """Say what happens until somebody ends it; why, if it was not the user."""
    from ctxopt.view.watch.events import JsonLines, Plain

    lines: JsonLines | Plain = Plain(sys.stdout.encoding or "utf-8")
    if form == "json":
        lines = JsonLines()
    session.start(time.monotonic())
    _say(lines.ready(session.watched(time.monotonic()), time.time()))
    _tell(session, session.begin(time.monotonic()), lines)
    while not ended.why:
        session.hear(session.watches.wait(_pause(session)), time.monotonic())
        happened = session.act(time.monotonic())
        _tell(session, happened, lines)
        if happened.over:
            _say(lines.end(happened.over, time.time()))
            return happened.over
    _say(lines.end(f"stopped by {ended.why}", time.time()))
    return ""


def _tell(session: Session, happened: WatchResult, lines: JsonLines | Plain) -> None:
    watched = session.watched(time.monotonic())
    now = time.time()
    for problem in happened.problems:
        _say(lines.problem(problem, now, stale=bool(watched.failed)))
    new, gone = happened.appeared, happened.vanished
    is_told = happened.measured and not happened.written
    if happened.changes or new or gone or is_told:
        _say(lines.change(happened.changes, watched, now, new=new, gone=gone))
    if happened.written is not None:
        _say(lines.written(happened.written, watched, now))


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


# --- the screen ------------------------------------------------------------------


def _on_screen(session: Session, ended: _Ended) -> str:
    """Draw what happens until somebody ends it; why, if it was not the user."""
    from ctxopt.view.terminal.keys import Keyboard
    from ctxopt.view.watch.live import LiveScreen
    from ctxopt.view.watch.screen_state import ScreenState

    state = ScreenState()
    click.echo("reading the context ...", err=True, nl=False)
    try:
        session.start(time.monotonic())
    finally:
        click.echo("\r\x1b[K", err=True, nl=False)
    state.keep(session.report, written=session.written)
    session.begin(time.monotonic())
    with LiveScreen(sys.stdout) as screen, Keyboard(sys.stdin.fileno()) as keyboard:
        if keyboard.live:
            session.watches.attend(keyboard.fileno())
        try:
            return _drawn(session, state, screen=screen, keyboard=keyboard, ended=ended)
        except OSError as error:
            if sys.stdout.isatty():
                raise
            raise KeyboardInterrupt from error  # the terminal is gone


def _drawn(
    session: Session,
    state: ScreenState,
    *,
    screen: LiveScreen,
    keyboard: Keyboard,
    ended: _Ended,
) -> str:
    """Draw until somebody ends it; why, if it was not the user."""
    screen.show(state.on(session.watched(time.monotonic())))
    while not ended.why:
        notices = session.watches.wait(_pause(session))
        now = time.monotonic()
        session.hear(notices, now)
        happened = session.act(now)
        if happened.over:
            return happened.over
        pressed = _pressed(keyboard)
        if not keyboard.live:
            return ""  # the terminal is gone
        for key in pressed:
            if key in ("q", "ctrl-d"):
                return ""
            _press(session, state, key=key)
        if ended.suspended:
            ended.suspended = False
            _suspend(screen, keyboard)
        if happened.measured or happened.problems or pressed:
            screen.show(state.on(session.watched(time.monotonic())))
        elif ended.resized:
            screen.refresh()
        ended.resized = False
    return ""


def _suspend(screen: LiveScreen, keyboard: Keyboard) -> None:
    """Stop, as Ctrl-Z asks, with the terminal as the shell knows it."""
    keyboard.restore()
    screen.restore()
    with _handled(signal.SIGTSTP, signal.SIG_DFL):
        os.kill(os.getpid(), signal.SIGTSTP)
    screen.engage()
    keyboard.engage()


def _pressed(keyboard: Keyboard) -> list[str]:
    if not select.select([keyboard], [], [], 0)[0]:
        return []
    return keyboard.read()


def _press(session: Session, state: ScreenState, *, key: str) -> None:
    """Do what a key says."""
    now = time.monotonic()
    state.keep(session.report, written=session.written)
    session.message = ""
    if session.proposes:
        if key == "w":
            session.write(now)
        session.leave()
        return
    match key:
        case "w":
            session.propose(state.chosen)
        case "u":
            session.undo(now)
        case " " | "enter":
            state.choose()
        case "y":
            state.reason_shown = not state.reason_shown
        case "p":
            session.pause(now)
        case "up" | "k":
            state.up()
        case "down" | "j":
            state.down()
        case _:
            pass
