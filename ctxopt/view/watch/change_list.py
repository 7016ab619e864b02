"""The last changes, as a block of the screen of `ctxopt watch`."""

from __future__ import annotations

from ctxopt.core.watching.moment import Change, WatchMoment
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
from ctxopt.view.watch import changes as said
from ctxopt.view.watch.marks import AGAIN, LESS, if_fits

ROOMY = 100  # columns from which a change has one line
NO_CHANGE = "nothing has changed yet"


class Changes:
    """The last changes: one line each where there is room, else two."""

    def __init__(self, watched: WatchMoment, page: Page, height: int) -> None:
        self.page = page
        self.whole = formatting.sends_whole(watched.report)
        self.staged = said.has_stages(watched.report)
        self.shown = watched.changes[: max(height // 3, 1)]
        self.names = [page.safe(said.name(one)) for one in self.shown]
        self.sizes = [said.difference(one) for one in self.shown]
        self.roomy = page.width >= ROOMY
        self.size = max(map(cells, self.sizes), default=0)
        longest = max(map(cells, self.names), default=0)
        most = page.width // 3 if self.roomy else page.width - 4 - self.size
        self.name = min(longest, max(most, 8))
        start = 2 + self.name + 2 + self.size + 2
        self.room = page.width - (start if self.roomy else 4)
        self.fates = [self.fate(one) for one in self.shown]

    def lines(self, count: int) -> list[Line]:
        """The newest `count`; what holds for several in a row is said below them."""
        title: Span = ("Last changes", TITLE)
        if not self.shown:
            return [(title, *if_fits(title[0], "  " + NO_CHANGE, self.page))]
        if not count:
            return []
        lines: list[Line] = [(title,)]
        for index in range(count):
            lines.append(self.row(index))
            fate = self.fates[index]
            last = index == count - 1 or self.fates[index + 1] != fate
            if last and not self.roomy:
                lines.append((("    ", ""), *fate))
        return lines

    def row(self, index: int) -> Line:
        """Path and bytes; behind them, where there is room, what it means."""
        name = shorten_middle(self.names[index], self.name, self.page)
        size = self.sizes[index]
        tone = LESS if size.startswith("-") or size == "gone" else STRONG
        start: Line = (
            ("  " + left(name, self.name) + "  ", ""),
            (right(size, self.size), tone),
        )
        return (*start, ("  ", ""), *self.fates[index]) if self.roomy else start

    def fate(self, change: Change) -> Line:
        """In or out and by which line, and what runs again, in the room there is."""
        page = self.page
        fate, short = (
            said.fate(change, whole=self.whole, placed=placed, encoding=page.encoding)
            for placed in (True, False)
        )
        if not change.invalidates:
            tone = "" if change.inside else QUIET
            return ((shorten_end(fate, self.room, page), tone),)
        joint = said.joint(change)
        brief = said.joint(change, short=True)
        for start in (fate + joint, short + joint, short + brief):
            impact = self.impact(change, self.room - cells(start))
            if impact:
                return ((start, ""), (impact, AGAIN))
        return ((shorten_end(short, self.room, page), ""),)

    def impact(self, change: Change, room: int) -> str:
        """What runs again in at most `room` cells; the longest way to say it."""
        first, *others = change.invalidates
        page, encoding = self.page, self.page.encoding
        full = said.impact(change.invalidates, staged=self.staged, encoding=encoding)
        if cells(full) <= room:
            return full
        place = said.place(first, staged=self.staged, encoding=encoding)
        text = said.instruction(first, encoding)
        more = f" ({formatting.count(len(others), 'more source')})" if others else ""
        line = f"line {first.source.location.line}"
        stage = page.safe(first.stage)
        named = f"{line}, {stage}" if not stage.isdecimal() else line
        behind = said.following(first)
        again = f"and {behind:,} more run again" if behind else "runs again"
        for rest in (
            f" ({place}) {said.rerun(first, encoding)}{more}",
            f" ({named}) {again}{more}",
        ):
            if room - cells(rest) >= min(cells(text), 12):
                return shorten_end(text, room - cells(rest), page) + rest
        for told in (f"{named} {again}{more}", f"{named} {again}", f"{line} {again}"):
            if cells(told) <= room:
                return told
        return ""
