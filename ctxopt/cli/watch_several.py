"""`ctxopt watch` of several builds: a table that is drawn, or lines."""

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
from ctxopt.cli.builds import found_again
from ctxopt.cli.configuring import in_force_of
from ctxopt.pipeline.watch.session import Settings
from ctxopt.pipeline.watch.several import SeveralSession

if TYPE_CHECKING:
    from ctxopt.core.builds.records import FoundBuilds
    from ctxopt.pipeline.advice import Estimate
    from ctxopt.view.terminal.keys import Keyboard
    from ctxopt.view.watch.live import LiveScreen
    from ctxopt.view.watch.several.lines import SeveralPlain
    from ctxopt.view.watch.several.objects import SeveralJson

_OF_ONE = {"w": "w", "u": "u", "y": "y", " ": "space", "enter": "space"}


def watch_several(
    folder: str, found: FoundBuilds, estimate: Estimate, *, form: str
) -> str:
    """Watch the builds of a folder until somebody ends it; why, if not the user."""

    def settings_of(name: str) -> Settings:
        configured = in_force_of(name)
        return Settings(
            estimate, configured.max_transfer_size, policy=configured.policy
        )

    draws = may_draw(form)
    with (
        quitting() if draws else contextlib.nullcontext(),
        SeveralSession(folder, found, found_again, settings_of) as session,
        signals(session.watches.waker, draws=draws) as ended,
    ):
        return _on_screen(session, ended) if draws else _in_lines(session, form, ended)


# --- lines -----------------------------------------------------------------------


def _in_lines(session: SeveralSession, form: str, ended: Ended) -> str:
    """Say what happens until somebody ends it; why, if it was not the user."""
    lines = _lines(form)
    began = session.start(time.monotonic())
    say(lines.begin(began, session.watched(time.monotonic()), time.time()))
    while not ended.why:
        session.hear(session.watches.wait(pause(session)), time.monotonic())
        happened = session.act(time.monotonic())
        if happened.over:
            say(lines.end(happened.over, time.time()))
            return happened.over
        if happened:
            moment = session.watched(time.monotonic())
            say(lines.tell(happened, moment, time.time()))
    say(lines.end(f"stopped by {ended.why}", time.time()))
    return ""


def _lines(form: str) -> SeveralJson | SeveralPlain:
    if form == "json":
        from ctxopt.view.watch.several.objects import SeveralJson

        return SeveralJson()
    from ctxopt.view.watch.several.lines import SeveralPlain

    return SeveralPlain(sys.stdout.encoding or "utf-8")


# --- the screen ------------------------------------------------------------------


def _on_screen(session: SeveralSession, ended: Ended) -> str:
    """Draw what happens until somebody ends it; why, if it was not the user."""
    from ctxopt.view.terminal.keys import Keyboard
    from ctxopt.view.watch.live import LiveScreen
    from ctxopt.view.watch.several.screen import render

    click.echo("reading the contexts ...", err=True, nl=False)
    try:
        session.start(time.monotonic())
    finally:
        click.echo("\r\x1b[K", err=True, nl=False)
    with (
        LiveScreen(sys.stdout, render) as screen,
        Keyboard(sys.stdin.fileno()) as keyboard,
    ):
        if keyboard.live:
            session.watches.attend(keyboard.fileno())
        try:
            return _drawn(session, screen=screen, keyboard=keyboard, ended=ended)
        except OSError as error:
            if sys.stdout.isatty():
                raise
            raise KeyboardInterrupt from error  # the terminal is gone


def _drawn(
    session: SeveralSession, *, screen: LiveScreen, keyboard: Keyboard, ended: Ended
) -> str:
    """Draw until somebody ends it; why, if it was not the user."""
    screen.show(session.watched(time.monotonic()))
    while not ended.why:
        notices = session.watches.wait(pause(session))
        session.hear(notices, time.monotonic())
        happened = session.act(time.monotonic())
        if happened.over:
            return happened.over
        pressed = pressed_keys(keyboard)
        if not keyboard.live or {"q", "ctrl-d"} & {*pressed}:
            return ""
        for key in pressed:
            _press(session, key)
        if ended.suspended:
            ended.suspended = False
            suspend(screen, keyboard)
        if happened or pressed:
            screen.show(session.watched(time.monotonic()))
        elif ended.resized:
            screen.refresh()
        ended.resized = False
    return ""


def _press(session: SeveralSession, key: str) -> None:
    """Do what a key says; of one that is for a single build, say so."""
    from ctxopt.view.watch.several.screen import only_for_one

    now = time.monotonic()
    session.message = ""
    if key == "p":
        session.pause(now)
    elif key in _OF_ONE:
        session.message = only_for_one(_OF_ONE[key], session.watched(now))
