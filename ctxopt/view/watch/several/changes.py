"""The last changes of all builds, as a block of the screen."""

from __future__ import annotations

from ctxopt.core.watching.several import SeveralMoment, SharedChange
from ctxopt.view.terminal.layout import (
    QUIET,
    STRONG,
    TITLE,
    Line,
    Page,
    cells,
    left,
    right,
    shorten_end,
    shorten_middle,
)
from ctxopt.view.watch import changes as said
from ctxopt.view.watch.change_list import NO_CHANGE, ROOMY
from ctxopt.view.watch.marks import AGAIN, LESS, if_fits
from ctxopt.view.watch.several import words

_TITLE = "Last changes"


class SharedChanges:
    """The last changes: one line each where there is room, else two."""

    def __init__(self, watched: SeveralMoment, page: Page, height: int) -> None:
        self.page = page
        self.shown = watched.changes[: max(height // 3, 1)]
        self.roomy = page.width >= ROOMY
        self.names = [
            words.below(words.name(one, page.encoding), page.safe(watched.folder))
            for one in self.shown
        ]
        self.sizes = [said.difference(one.change) for one in self.shown]
        self.size = max(map(cells, self.sizes), default=0)
        most = page.width // 3 if self.roomy else page.width - 4 - self.size
        longest = max(map(cells, self.names), default=0)
        self.name = min(longest, max(most, 8))

    def lines(self, count: int) -> list[Line]:
        """The newest `count`; what holds for several in a row is said below them."""
        if not self.shown:
            note = if_fits(_TITLE, "  " + NO_CHANGE, self.page)
            return [((_TITLE, TITLE), *note)]
        if not count:
            return []
        lines: list[Line] = [((_TITLE, TITLE),)]
        meanings = [self._meaning(one) for one in self.shown[:count]]
        for index in range(count):
            start, meaning = self._start(index), meanings[index]
            if self.roomy:
                lines.append((*start, ("  ", ""), *meaning))
                continue
            lines.append(start)
            if index == count - 1 or meanings[index + 1] != meaning:
                lines.append((("    ", ""), *meaning))
        return lines

    def _start(self, index: int) -> Line:
        """Path and bytes."""
        name = shorten_middle(self.names[index], self.name, self.page)
        size = self.sizes[index]
        tone = LESS if size.startswith("-") or size == "gone" else STRONG
        return (
            ("  " + left(name, self.name) + "  ", ""),
            (right(size, self.size), tone),
        )

    def _meaning(self, change: SharedChange) -> Line:
        """What runs again in which builds, in the room there is."""
        start = 2 + self.name + 2 + self.size + 2 if self.roomy else 4
        room, encoding = self.page.width - start, self.page.encoding
        text = words.meaning(change, encoding)
        if cells(text) > room:
            text = words.meaning(change, encoding, settled=False)
        tone = AGAIN if change.unsettled else QUIET
        return ((shorten_end(text, room, self.page), tone),)
