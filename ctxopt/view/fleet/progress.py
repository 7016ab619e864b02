"""One line while a fleet is gone through: how many, how fast, how long still."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

from ctxopt.view.terminal import formatting
from ctxopt.view.terminal.layout import Page
from ctxopt.view.terminal.progress import LiveLine

_SETTLED_SECONDS = 3  # sooner, a rate says little
_MINUTE, _HOUR = 60, 3600
_UNITS = ((1, "a second"), (_MINUTE, "a minute"), (_HOUR, "an hour"))


class FleetProgress(LiveLine):
    """Called with how many of `total` are done, how many of these failed or were known.

    What was known before this run tells nothing of its rate, nor does the time until
    something else is done.
    """

    def __init__(
        self,
        out: TextIO,
        total: int,
        *,
        silent: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(out, silent=silent, clock=clock)
        self._total = total
        self._start = self._due = clock()  # processes were waited for already
        self._between = _between(Page(80, out.encoding or "utf-8"))

    def __call__(self, done: int, failed: int = 0, known: int = 0) -> None:
        """Show the counts if it is time to."""
        fresh = done - known
        if not fresh:
            self._start = self._clock()
        self.tell(lambda: self._between.join(self._words(done, failed, fresh)))

    def _words(self, done: int, failed: int, fresh: int) -> list[str]:
        said = [f"{done:,} of {self._total:,}"]
        passed = self._clock() - self._start
        if fresh > 0 and passed >= _SETTLED_SECONDS:
            said.append(rate(fresh / passed))
            if done < self._total:
                said.append(left((self._total - done) * passed / fresh))
        if failed:
            said.append(f"{failed:,} failed")
        return said


def rate(each_second: float) -> str:
    """`8.1 a second`, or of what takes long, `14 a minute`, `3 an hour`."""
    times, unit = next(
        (one for one in _UNITS if each_second * one[0] >= 0.95), _UNITS[-1]
    )
    number = each_second * times
    return f"{number:,.0f} {unit}" if number >= 9.95 else f"{number:.1f} {unit}"


def left(seconds: float) -> str:
    """`about 8 minutes left`: no finer than an estimate deserves."""
    if seconds < 10:
        return "a few seconds left"
    if seconds < 1.5 * _MINUTE:
        return f"about {round(seconds, -1):.0f} seconds left"
    if seconds < 1.5 * _HOUR:
        return f"about {formatting.count(round(seconds / _MINUTE), 'minute')} left"
    return f"about {formatting.count(round(seconds / _HOUR), 'hour')} left"


def _between(page: Page) -> str:
    """What parts the words: a middle dot where it can be written."""
    return " · " if page.safe("·") == "·" else ", "
