"""What only the screen knows: which suggestion is selected, and which are chosen.

    state.down()
    state.choose()      # the one that `▸` now stands before gets a `+`
    screen.show(state.on(moment))

Suggestions come, go and change their order; the choice stays with them.
"""

from __future__ import annotations

from ctxopt.core.model import Report
from ctxopt.core.watching.moment import WatchMoment, Written


class ScreenState:
    """Where the user is: `keep` comes before each step, and `on` brings it."""

    def __init__(self) -> None:
        self._ids: tuple[str, ...] = ()  # of the suggestions there are
        self._selected = 0
        self._chosen: set[str] = set()  # ids
        self._written: Written | None = None
        self.reason_shown = False

    @property
    def chosen(self) -> frozenset[str]:
        """The ids of the suggestions that are chosen."""
        return frozenset(self._chosen)

    def keep(self, report: Report, *, written: Written | None) -> None:
        """Stay with the same suggestions, wherever they stand now.

        `written` is what was written last: who has written begins a new choice.
        """
        selected = self._ids[self._selected] if self._ids else None
        self._ids = tuple(one.id for one in report.suggestions)
        if written is not None and written is not self._written:
            self._chosen.clear()
        self._written = written
        self._chosen &= set(self._ids)
        if selected in self._ids:
            self._selected = self._ids.index(selected)
        self.select(self._selected)

    def select(self, number: int) -> None:
        """Select the suggestion of that number, or the nearest there is."""
        self._selected = max(min(number, len(self._ids) - 1), 0)

    def up(self) -> None:
        """Select the suggestion above."""
        self.select(self._selected - 1)

    def down(self) -> None:
        """Select the suggestion below."""
        self.select(self._selected + 1)

    def choose(self) -> None:
        """Choose the selected suggestion, or leave it out again."""
        if self._ids:
            self._chosen ^= {self._ids[self._selected]}

    def on(self, watched: WatchMoment) -> WatchMoment:
        """That moment, with what is selected and chosen in it."""
        self.keep(watched.report, written=watched.written)
        return watched._replace(
            selected=self._selected,
            reason_shown=self.reason_shown,
            chosen=frozenset(
                number for number, id_ in enumerate(self._ids) if id_ in self._chosen
            ),
        )
