"""What to ignore: the suggestions around the selected one, and the reason for that.

    Suggestions 1 to 2 of 5                                        saves
      logs          folders of log files                         3.00 MB  likely
    ▸+.git          git history                                 500.3 kB  likely
         Every commit and fetch changes it, so COPY . . loses its cache.

The list stands in two blocks, and the reason, which goes before they do, in between.
"""

from __future__ import annotations

from ctxopt.core.watching.moment import WatchMoment
from ctxopt.view.report.advice import Table
from ctxopt.view.report.outcome import NONE
from ctxopt.view.terminal.layout import (
    QUIET,
    STRONG,
    Line,
    Page,
    cells,
    left,
    shorten_end,
)
from ctxopt.view.watch.marks import CHOSEN, LESS, symbols
from ctxopt.view.write.dialogue import why


class SuggestionList:
    """The suggestions, a line each: as many as may be shown of them."""

    def __init__(self, watched: WatchMoment, page: Page, height: int) -> None:
        self.page = page
        self.made = watched.report.suggestions
        self.chosen = watched.chosen
        self.most = min(len(self.made), max(height // 3, 1))
        self.selected = min(max(watched.selected, 0), max(len(self.made) - 1, 0))
        self.is_told = watched.report.context is not None
        self.reason = self._reason() if watched.reason_shown else []

    def until_selected(self, count: int) -> list[Line]:
        """The heading and, of `count` suggestions, those down to the selected one."""
        if not count:
            return []
        first = self._first(count)
        shown = self.made[first : first + count]
        title = self._title(Table(shown, self.page).title(), first, count)
        return [title, *self._rows(first, count)[: self.selected - first + 1]]

    def after_selected(self, count: int) -> list[Line]:
        """Those of `count` suggestions that stand below the selected one."""
        if not count:
            return []
        first = self._first(count)
        return self._rows(first, count)[self.selected - first + 1 :]

    def reasons(self, count: int) -> list[Line]:
        """The first `count` lines of why the selected one is suggested."""
        return self.reason[:count]

    def nothing(self) -> list[Line]:
        """That there is nothing to suggest."""
        if self.made or not self.is_told:
            return []
        return [((shorten_end(NONE, self.page.width, self.page), QUIET),)]

    def _first(self, count: int) -> int:
        """The first of the `count` suggestions around the selected one."""
        return min(max(self.selected - count // 2, 0), len(self.made) - count)

    def _rows(self, first: int, count: int) -> list[Line]:
        shown = self.made[first : first + count]
        table = Table(shown, self.page)
        return [
            self._marked(table.row(one), index)
            for index, one in enumerate(shown, first)
        ]

    def _marked(self, row: Line, index: int) -> Line:
        """The row of a suggestion, with marks if it is selected, or chosen."""
        is_selected = index == self.selected
        is_chosen = index in self.chosen
        (head, style), *others = row
        selected = symbols(self.page).selected if is_selected else " "
        chosen = CHOSEN if is_chosen else " "
        if not is_selected and not is_chosen:
            return row
        text = (head[2:], style or STRONG)
        return ((selected, "bold cyan"), (chosen, LESS), text, *others)

    def _title(self, line: Line, first: int, count: int) -> Line:
        """The heading of the table, and which part of it is shown."""
        made = len(self.made)
        if count == made:
            return line
        (head, style), *others = line
        told = f"Suggestions {first + 1} to {first + count} of {made}"
        if count == 1:
            told = f"Suggestion {first + 1} of {made}"
        if cells(told) > cells(head):
            return line
        return ((left(told, cells(head)), style), *others)

    def _reason(self) -> list[Line]:
        if not self.made:
            return []
        wide = Page(max(self.page.width, 20), self.page.encoding)
        return [*why(self.made[self.selected], wide)]
