"""The builds as a table, as a block of the screen: largest transfer first.

Build    Transfer  Files  Dockerfile
worker    5.03 MB     30  worker/Dockerfile   OVER the budget of 1.00 MB by 4.03 MB
gone                      cannot be measured: no such folder: "gone"
"""

from __future__ import annotations

from ctxopt.core.model import Severity
from ctxopt.core.watching.several import BuildRow, SeveralMoment
from ctxopt.view.terminal import formatting
from ctxopt.view.terminal.layout import (
    QUIET,
    STRONG,
    TITLE,
    Line,
    Page,
    Span,
    cells,
    left,
    right,
    shorten_end,
    shorten_middle,
)
from ctxopt.view.watch.marks import AGAIN, LOUD
from ctxopt.view.watch.several import words

_LEAST_NAME = 8
_SIZE, _FILES = len("Transfer"), len("Files")


class Table:
    """A row a build; those that do not fit are counted."""

    def __init__(self, watched: SeveralMoment, page: Page) -> None:
        self.page = page
        self.folder = watched.folder
        self.rows = sorted(watched.rows, key=_weight, reverse=True)
        names = [page.safe(one.name) for one in self.rows]
        longest = max(map(cells, names), default=0)
        self.name = max(min(longest, page.width // 4), _LEAST_NAME)
        sizes = [_size(one) for one in self.rows]
        self.size = max([_SIZE, *map(cells, sizes)])
        self.start = self.name + 2 + self.size + 2 + _FILES + 2

    @property
    def most(self) -> int:
        """How many rows there are."""
        return max(len(self.rows), 1)

    def lines(self, count: int) -> list[Line]:
        """The head, `count` rows, and what all of them send."""
        if not self.rows:
            return [(("No builds are found", STRONG),)]
        shown = self.rows[:count]
        return [self._head(), *map(self._row, shown), self._sum(len(shown))]

    def _head(self) -> Line:
        name, size = left("Build", self.name), right("Transfer", self.size)
        head = f"{name}  {size}  {right('Files', _FILES)}  Dockerfile"
        return ((shorten_end(head, self.page.width, self.page), TITLE),)

    def _row(self, row: BuildRow) -> Line:
        page = self.page
        name = left(shorten_middle(page.safe(row.name), self.name, page), self.name + 2)
        style = QUIET if row.failed else STRONG
        files = "" if row.report is None else f"{row.report.transfer.tally.files:,}"
        start: Line = (
            (name, ""),
            (right(_size(row), self.size), style),
            (f"  {right(files, _FILES)}  ", QUIET if row.failed else ""),
        )
        return (*start, *self._said(row))

    def _said(self, row: BuildRow) -> Line:
        """The Dockerfile, and behind it what is wrong; that first where room ends."""
        page, room = self.page, max(self.page.width - self.start, 0)
        wrong = page.safe(_wrong(row))
        where = words.below(row.dockerfile, self.folder) or f"(for {row.context})"
        where = page.safe(where)
        if not wrong:
            return ((shorten_middle(where, room, page), QUIET),)
        both = cells(where) + 3 + cells(wrong)
        if both > room or row.failed:
            return ((shorten_end(wrong, room, page), LOUD),)
        return ((f"{where}   ", QUIET), (wrong, LOUD))

    def _sum(self, shown: int) -> Line:
        more = len(self.rows) - shown
        name = f"{more:,} more" if more else "Together"
        whole = formatting.size(sum(one.wire_bytes or 0 for one in self.rows))
        said = "" if not more else f"  together {whole}"
        if more:
            return ((shorten_end(name + said, self.page.width, self.page), QUIET),)
        return ((left(name, self.name), QUIET), (f"  {right(whole, self.size)}", ""))


def _weight(row: BuildRow) -> int:
    return -1 if row.wire_bytes is None else row.wire_bytes


def _size(row: BuildRow) -> str:
    return "" if row.wire_bytes is None else formatting.size(row.wire_bytes)


def _wrong(row: BuildRow) -> str:
    """What is wrong with a build, the worst first; "" for nothing."""
    if row.failed:
        return f"cannot be measured: {row.failed}"
    beyond = words.over(row)
    assert row.report is not None  # or why not is said
    found = [one for one in row.report.problems if one.severity is Severity.ERROR]
    if not found:
        return beyond
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return f"would fail: {found[0].message}{more}"


def title(watched: SeveralMoment, page: Page) -> list[Line]:
    """How many builds of which folder, and how they are watched."""
    count = formatting.count(len(watched.rows), "build")
    head = f"{count} in {page.safe(watched.folder)}"
    state, tone = _state(watched)
    room = page.width - cells(state) - 2
    is_needed = watched.paused and room > 0
    if cells(head) > room and not is_needed:
        return [((shorten_middle(head, page.width, page), STRONG),)]
    shown = shorten_middle(head, room, page)
    gap: Span = (" " * (room - cells(shown) + 2), "")
    return [((shown, STRONG), gap, (state, tone))]


def _state(watched: SeveralMoment) -> Span:
    if watched.paused:
        return "PAUSED", AGAIN
    said = f"watching {formatting.count(watched.watches, 'folder')}"
    return (f"{said}, polling {watched.polled:,}" if watched.polled else said), QUIET
