"""What changes again and again although no source names it, and what stops it.

Changes again and again  named by no source; one line each stops it
logs/app.log  214 times  → logs
"""

from __future__ import annotations

from ctxopt.core.watching.moment import FrequentChange, WatchMoment
from ctxopt.view.terminal import formatting
from ctxopt.view.terminal.layout import (
    QUIET,
    STRONG,
    TITLE,
    Line,
    Page,
    cells,
    left,
    right,
    shorten_middle,
)
from ctxopt.view.watch.marks import if_fits


class FrequentList:
    """Entries that change although no source names them, a line each."""

    def __init__(self, watched: WatchMoment, page: Page, height: int) -> None:
        self.restless = watched.restless
        self.page = page
        self.most = min(len(self.restless), max(height // 8, 1))

    def lines(self, count: int) -> list[Line]:
        """Those `count` that change most."""
        if not count:
            return []
        shown = self.restless[:count]
        page = self.page
        title = "Changes again and again"
        note = "  named by no source; one line each stops it"
        lines: list[Line] = [((title, TITLE), *if_fits(title, note, page))]
        times = [formatting.count(one.times, "time") for one in shown]
        widest = max(map(cells, times))
        # The path has what is left, but the line to write is never cut before it.
        stops = [self.stop(one) for one in shown]
        room = page.width - 2 - 2 - widest - 2 - max(map(cells, stops))
        longest = max(cells(page.safe(one.path)) for one in shown)
        names = min(longest, max(room, 12))
        for one, often, stop in zip(shown, times, stops, strict=True):
            path = shorten_middle(page.safe(one.path), names, page)
            lines.append(
                (
                    ("  " + left(path, names), ""),
                    ("  " + right(often, widest) + "  ", QUIET),
                    (stop, STRONG if one.pattern is not None else QUIET),
                )
            )
        return lines

    def stop(self, one: FrequentChange) -> str:
        """The line to write."""
        if one.pattern is None:
            return "no line can stop it"
        return f"{self.page.glyphs.arrow} {self.page.safe(one.pattern)}"
