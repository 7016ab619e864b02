"""The sizes now, the budget, and the last minutes.

    Transfer    3.81 MB  8 files  docker prints "transferring context: 3.81MB"
    Budget      2.00 MB  ██████████████████████████████████  OVER by 1.81 MB

The line of the transfer always stays; `MOST` others go one by one.
"""

from __future__ import annotations

from ctxopt.core.watching.moment import WatchMoment
from ctxopt.view.report.header import size_rows
from ctxopt.view.terminal import formatting
from ctxopt.view.terminal.layout import (
    QUIET,
    STRONG,
    Line,
    Page,
    bar,
    cells,
    left,
    right,
    shorten_end,
)
from ctxopt.view.watch.events import over_bytes
from ctxopt.view.watch.marks import LOUD, symbols
from ctxopt.view.watch.sparkline import drawn, extent, sampled

LABELS = 10  # cells of "Transfer" and the gap behind it
HISTORY_SECONDS = 300
STALE = "as it was before the error"

# The others, the most important first: with that many of them, this one is there, too.
BUDGET, CONTEXT, HISTORY, NOTES = 1, 2, 3, 4
MOST = NOTES


class Sizes:
    """Context, transfer, budget, and a sparkline of the transfer."""

    def __init__(self, watched: WatchMoment, page: Page) -> None:
        self.watched = watched
        self.page = page

    def lines(self, count: int) -> list[Line]:
        """The transfer, and the `count` others that matter most."""
        report, failed = self.watched.report, self.watched.failed
        labels = ("Context", formatting.sent_label(report))
        rows = [row for row in size_rows(report) if row.label in labels]
        strong = QUIET if failed else STRONG
        if failed:
            rows = [row._replace(said=STALE, style=QUIET) for row in rows]
        if count < CONTEXT:
            rows = rows[-1:]
        widths = max(9, *(cells(row.size) for row in rows))
        files = max(cells(row.files) for row in rows)
        lines: list[Line] = []
        for row in rows:
            start: Line = (
                (left(row.label, LABELS), ""),
                (right(row.size, widths), strong),
                ("  " + right(row.files, files), ""),
            )
            taken = LABELS + widths + 2 + files + 2
            if taken + cells(row.said) <= self.page.width:
                lines.append((*start, ("  " + row.said, row.style)))
                continue
            lines.append(start)
            # What docker prints is worth a line; how we call things is not.
            if count >= NOTES and row is rows[-1]:
                text = shorten_end(row.said, max(self.page.width - 2, 1), self.page)
                lines.append((("  " + text, row.style),))
        if count >= BUDGET:
            lines += self.budget(widths)
        if count >= HISTORY:
            lines += self.history(widths)
        return lines

    def budget(self, widths: int) -> list[Line]:
        """How much of the budget is taken, or by how much it is exceeded."""
        budget = self.watched.budget
        if budget is None:
            return []
        sent = self.watched.report.transfer.tally.wire_bytes
        beyond = over_bytes(self.watched)
        start: Line = (
            (left("Budget", LABELS), ""),
            (right(formatting.size(budget), widths) + "  ", STRONG),
        )
        if beyond:
            told = f"OVER by {formatting.size(beyond)}"
        else:
            told = f"{formatting.share(sent, budget)} taken"
        room = self.page.width - LABELS - widths - 4 - cells(told)
        tone = LOUD if beyond else ""
        if room < 0:  # too narrow for all three: what matters is how it stands
            return [(start[0], (told, tone))]
        if room < 8:
            return [(*start, (told, tone))]
        part = sent / budget if budget else 1.0
        length = min(room, 40)
        full, rest = bar(part, max(1 - part, 0), length, self.page)
        blank = " " * (length - cells(full) - cells(rest))
        return [
            (*start, (full, tone or "cyan"), (rest, QUIET), (f"{blank}  {told}", tone))
        ]

    def history(self, widths: int) -> list[Line]:
        """The transfer over the last minutes; now is at the right."""
        past = self.watched.history
        if not past:
            return []
        start = LABELS + widths + 2
        room = self.page.width - start
        if room < 8:
            return []
        span = f"  last {formatting.seconds(HISTORY_SECONDS)}"
        low, high = extent(past, self.watched.at - HISTORY_SECONDS)
        told = f"{span}, no change"
        if low != high:
            told = f"{span}, {formatting.size(low)} to {formatting.size(high)}"
        if room - cells(told) < 12:
            told = ""
        width = min(room - cells(told), 40)
        values = sampled(past, self.watched.at, width, HISTORY_SECONDS)
        line = drawn(values, low, high, symbols(self.page).sparks)
        label = (left("Lately", start), "")
        return [(label, (line, "cyan"), (told, QUIET))]
