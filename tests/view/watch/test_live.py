"""The alternate screen, on a terminal of our own."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import struct
import termios
from collections.abc import Iterator
from typing import TextIO

import pytest

from ctxopt.view.watch.live import LiveScreen, can_draw
from tests.view.moments import busy, over, quiet

ENTER, LEAVE = "\x1b[?1049h", "\x1b[?1049l"
HIDE, SHOW = "\x1b[?25l", "\x1b[?25h"


class Window:
    """A terminal of our own: what is written to it can be read back."""

    def __init__(self) -> None:
        self.master, slave = pty.openpty()
        self.slave = slave
        self.out: TextIO = os.fdopen(slave, "w", encoding="utf-8", newline="")

    def resize(self, width: int, height: int) -> None:
        size = struct.pack("HHHH", height, width, 0, 0)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, size)

    def text(self) -> str:
        """All that was written and not read yet."""
        self.out.flush()
        os.set_blocking(self.master, False)
        parts = []
        while True:
            try:
                part = os.read(self.master, 1 << 16)
            except (BlockingIOError, OSError):
                break
            if not part:
                break
            parts.append(part)
        return b"".join(parts).decode()


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    """A terminal of 80 by 24; the environment claims another size."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "33")
    monkeypatch.setenv("LINES", "7")
    made = Window()
    made.resize(80, 24)
    yield made
    with_errors = (OSError, ValueError)
    for close in (made.out.close, lambda: os.close(made.master)):
        try:
            close()
        except with_errors:
            continue


def assert_left_clean(shown: str) -> None:
    assert shown.count(ENTER) == shown.count(LEAVE) == 1
    assert shown.rindex(SHOW) > shown.rindex(HIDE)
    assert shown.index(ENTER) < shown.index(LEAVE)


def test_the_terminal_is_left_as_it_was(window: Window) -> None:
    with LiveScreen(window.out) as screen:
        screen.show(busy())
        shown = window.text()
        assert "transferring context: 26.62MB" in shown
        assert "q" in shown
    assert_left_clean(shown + window.text())


def interrupted(window: Window, error: type[BaseException]) -> None:
    with LiveScreen(window.out) as screen:
        screen.show(busy())
        raise error


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_an_exception_leaves_it_clean_too(
    window: Window, error: type[BaseException]
) -> None:
    with pytest.raises(error):
        interrupted(window, error)
    assert_left_clean(window.text())


def test_a_moment_that_cannot_be_drawn_leaves_it_clean_too(window: Window) -> None:
    broken = busy()._replace(history=((0.0, "much"),))  # type: ignore[arg-type]
    with pytest.raises(TypeError), LiveScreen(window.out) as screen:
        screen.show(broken)
    assert_left_clean(window.text())


def test_another_size_is_drawn_whole(window: Window) -> None:
    with LiveScreen(window.out) as screen:
        screen.show(busy())
        window.text()
        for width, height in ((120, 40), (44, 16), (20, 5), (80, 24)):
            window.resize(width, height)
            screen.refresh()
            shown = window.text()
            assert shown.count("\n") == height - 1, (width, height)


def test_suspended_and_taken_up_again(window: Window) -> None:
    with LiveScreen(window.out) as screen:
        screen.show(busy())
        screen.restore()
        assert_left_clean(window.text())
        screen.show(quiet())
        assert window.text() == ""
        screen.engage()
        assert "nothing has changed yet" in window.text()


def test_nothing_is_drawn_unasked(window: Window) -> None:
    import threading

    with LiveScreen(window.out) as screen:
        screen.show(busy())
        window.text()
        assert threading.active_count() == 1
        assert window.text() == ""


def test_a_terminal_that_is_gone_is_left_in_silence(window: Window) -> None:
    with LiveScreen(window.out) as screen:
        screen.show(busy())
        window.text()
        os.close(window.master)
        with pytest.raises(OSError, match="terminal is gone"):
            screen.show(quiet())


def test_only_a_terminal_that_can_draw_is_drawn_on(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert can_draw(window.out)
    assert not can_draw(io.StringIO())
    monkeypatch.setenv("TERM", "dumb")
    assert not can_draw(window.out)


def test_no_colour_where_none_is_wanted(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    with LiveScreen(window.out) as screen:
        screen.show(over())
        shown = window.text()
    assert "\x1b[31m" not in shown
    assert "36m" not in shown
