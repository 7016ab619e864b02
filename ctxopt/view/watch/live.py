"""The alternate screen of a terminal, on which what is watched is drawn.

with LiveScreen(sys.stdout) as screen:
screen.show(watched)    # whenever something changed
screen.refresh()        # the terminal has another size
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TextIO

from ctxopt.core.watching.moment import WatchMoment
from ctxopt.core.watching.several import SeveralMoment
from ctxopt.view.terminal.layout import Line, Page
from ctxopt.view.terminal.mode import TerminalMode
from ctxopt.view.watch.screen import render

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.live import Live


Moment = WatchMoment | SeveralMoment
Draw = Callable[[Any, Page, int], list[Line]]  # of a moment, at most so many lines


class Screen:
    """A moment of watching as something rich can draw, in the size it is given."""

    __slots__ = ("_draw", "_watched")

    def __init__(self, watched: Moment, draw: Draw = render) -> None:
        self._watched = watched
        self._draw = draw

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> RenderResult:
        from rich.text import Text

        height = options.height or options.size.height
        page = Page(options.max_width, options.encoding)
        lines = self._draw(self._watched, page, height)
        text = Text("\n", no_wrap=True, end="").join(
            Text.assemble(*line, no_wrap=True, end="") for line in lines
        )
        yield text


def can_draw(out: TextIO) -> bool:
    """Whether `out` is a terminal that a screen can be drawn on."""
    return out.isatty() and os.environ.get("TERM") not in ("dumb", "unknown", "")


class LiveScreen(TerminalMode):
    """The alternate screen of a terminal, which leaves the terminal as it was.

    Draws only when told to: no thread, no timer. What is shown before the block is
    entered appears then. A terminal that is gone raises OSError from `show` and
    `refresh`, and nothing on the way out.
    """

    __slots__ = ("_console", "_draw", "_live", "_out", "_watched")

    def __init__(self, out: TextIO, draw: Draw = render) -> None:
        self._out = out
        self._draw = draw
        self._console: Console | None = None
        self._live: Live | None = None
        self._watched: Moment | None = None

    def show(self, watched: Moment) -> None:
        """Draw this from now on."""
        self._watched = watched
        self.refresh()

    def refresh(self) -> None:
        """Draw again what was shown last, in the size the terminal has now."""
        if self._live is None or self._console is None or self._watched is None:
            return
        if not self._out.isatty():
            # rich would draw nothing and keep silent.
            raise OSError(errno.EIO, "the terminal is gone")
        size = _terminal_size(self._out)
        if size is not None:
            # COLUMNS and LINES of the environment would hold rich to the first size.
            self._console.size = size
        self._live.update(Screen(self._watched, self._draw), refresh=True)

    def engage(self) -> None:
        """Take the terminal; again after `restore`, when the program goes on."""
        if self._live is not None:
            return
        # Here, for only this command draws live.
        from rich.console import Console
        from rich.live import Live

        self._console = Console(
            file=self._out, highlight=False, markup=False, emoji=False
        )
        self._live = Live(
            console=self._console,
            screen=True,
            auto_refresh=False,
            redirect_stdout=False,
            redirect_stderr=False,
            vertical_overflow="crop",
        )
        self._live.start()
        self.refresh()

    def restore(self) -> None:
        """Give the terminal back: its screen, its cursor. Silent if it is gone."""
        if self._live is None:
            return
        live, self._live = self._live, None
        with suppress(OSError, ValueError):  # ValueError: the stream is closed
            live.stop()


def _terminal_size(out: TextIO) -> tuple[int, int] | None:
    try:
        size = os.get_terminal_size(out.fileno())
    except (OSError, ValueError):
        return None
    return (size.columns, size.lines) if size.columns and size.lines else None
