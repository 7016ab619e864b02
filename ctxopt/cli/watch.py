"""The command that goes on: notices and keys in, a screen or lines out."""

from __future__ import annotations

import contextlib
import sys
import time
from typing import TYPE_CHECKING

import click

from ctxopt.cli.attending import (
    Ended,
    may_draw,
    pause,
    pressed_keys,
    quitting,
    say,
    signals,
    suspend,
)
from ctxopt.cli.builds import check_budgets, which_builds
from ctxopt.cli.configuring import in_force
from ctxopt.cli.options import size_in_bytes, which_form, which_seconds
from ctxopt.cli.program import BuildCommand, Refused, examples

if TYPE_CHECKING:
    from ctxopt.core.builds.records import FoundBuilds
    from ctxopt.core.model import Request
    from ctxopt.pipeline.advice import Estimate
    from ctxopt.pipeline.watch.session import Session, Settings, WatchResult
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
        "ctxopt watch --all         # each image of a repository",
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
@which_builds
@which_seconds
def watch(
    request: Request,
    *,
    found: FoundBuilds | None,
    estimate: Estimate,
    form: str,
    budget: int | None,  # noqa: ARG001  # as `profile`: read with all that applies
    writes: bool,
    include: str | None,
) -> None:
    """Watch the build context and show what each change means.

    On a terminal a screen: w shows what would be written, and w again writes it; space
    chooses single suggestions, without a choice w means all that are certain or likely.
    u takes back, y says why, p pauses, q quits. Elsewhere a line a change. With --all,
    all builds of the folder are watched, and a change names those that it unsettles.
    """
    if include and not writes:
        raise click.UsageError("--include needs --write")
    if found is None:
        over = _watch_one(request, _settings(estimate, writes, include), form=form)
    else:
        if writes:
            raise click.UsageError(
                "--write is for one build: name it, or run ctxopt write for all"
            )
        from ctxopt.cli.watch_several import watch_several

        check_budgets(request.context, found)
        over = watch_several(request.context, found, estimate, form=form)
    if over:
        raise Refused(f'{over}: "{request.context}" was deleted or moved')


def _settings(
    estimate: Estimate,
    writes: bool,  # noqa: FBT001  # of two
    include: str | None,
) -> Settings:
    """What is wanted of the one build."""
    from ctxopt.core.model import Confidence
    from ctxopt.pipeline.watch.session import Settings

    configured = in_force()
    wanted = [Confidence.CERTAIN] if writes else []
    wanted += [Confidence.LIKELY] if include else []
    return Settings(
        estimate, configured.max_transfer_size, (*wanted,), configured.policy
    )


def _watch_one(request: Request, settings: Settings, *, form: str) -> str:
    """Watch a build until somebody ends it; why, if it was not the user."""
    from ctxopt.pipeline.watch.session import Session

    draws = may_draw(form)
    with (
        quitting() if draws else contextlib.nullcontext(),
        Session(request, settings) as session,
        signals(session.watches.waker, draws=draws) as ended,
    ):
        return _on_screen(session, ended) if draws else _in_lines(session, form, ended)


# --- lines -----------------------------------------------------------------------


def _in_lines(session: Session, form: str, ended: Ended) -> str:
    """Say what happens until somebody ends it; why, if it was not the user."""
    from ctxopt.view.watch.events import JsonLines, Plain

    lines: JsonLines | Plain = Plain(sys.stdout.encoding or "utf-8")
    if form == "json":
        lines = JsonLines()
    session.start(time.monotonic())
    say(lines.ready(session.watched(time.monotonic()), time.time()))
    _tell(session, session.begin(time.monotonic()), lines)
    while not ended.why:
        session.hear(session.watches.wait(pause(session)), time.monotonic())
        happened = session.act(time.monotonic())
        _tell(session, happened, lines)
        if happened.over:
            say(lines.end(happened.over, time.time()))
            return happened.over
    say(lines.end(f"stopped by {ended.why}", time.time()))
    return ""


def _tell(session: Session, happened: WatchResult, lines: JsonLines | Plain) -> None:
    watched = session.watched(time.monotonic())
    now = time.time()
    for problem in happened.problems:
        say(lines.problem(problem, now, stale=bool(watched.failed)))
    new, gone = happened.appeared, happened.vanished
    is_told = happened.measured and not happened.written
    if happened.changes or new or gone or is_told:
        say(lines.change(happened.changes, watched, now, new=new, gone=gone))
    if happened.written is not None:
        say(lines.written(happened.written, watched, now))


# --- the screen ------------------------------------------------------------------


def _on_screen(session: Session, ended: Ended) -> str:
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
    ended: Ended,
) -> str:
    """Draw until somebody ends it; why, if it was not the user."""
    screen.show(state.on(session.watched(time.monotonic())))
    while not ended.why:
        notices = session.watches.wait(pause(session))
        now = time.monotonic()
        session.hear(notices, now)
        happened = session.act(now)
        if happened.over:
            return happened.over
        pressed = pressed_keys(keyboard)
        if not keyboard.live:
            return ""  # the terminal is gone
        for key in pressed:
            if key in ("q", "ctrl-d"):
                return ""
            _press(session, state, key=key)
        if ended.suspended:
            ended.suspended = False
            suspend(screen, keyboard)
        if happened.measured or happened.problems or pressed:
            screen.show(state.on(session.watched(time.monotonic())))
        elif ended.resized:
            screen.refresh()
        ended.resized = False
    return ""


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
