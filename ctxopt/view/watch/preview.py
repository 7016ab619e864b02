"""What is about to be written, before it is: as much of the diff as there is room for.

To be written to .dockerignore  2 chosen, then 306.4 kB are sent
@@ -0,0 +1,8 @@
+logs
… 12 more lines
"""

from __future__ import annotations

from ctxopt.core.watching.moment import Preview
from ctxopt.view.terminal import formatting
from ctxopt.view.terminal.layout import QUIET, TITLE, Line, Page, shorten_end
from ctxopt.view.watch.marks import if_fits
from ctxopt.view.write.dialogue import tone as diff_tone


class ShownDiff:
    """The diff of one preview, below the name of its file."""

    def __init__(self, what: Preview, chosen: int, page: Page, height: int) -> None:
        self.what = what
        self.chosen = chosen
        self.page = page
        self.diff = self._diff()
        self.most = min(len(self.diff), height)

    def lines(self, count: int) -> list[Line]:
        """The first `count` lines of the diff; the last says how many are left out."""
        if not count:
            return []
        title = f"To be written to {self.page.safe(self.what.path)}"
        which = "certain or likely"
        if self.chosen:
            which = f"{self.chosen} chosen"
        if self.what.sent_bytes is not None:
            which += f", then {formatting.size(self.what.sent_bytes)} are sent"
        head = (shorten_end(title, self.page.width, self.page), TITLE)
        lines: list[Line] = [(head, *if_fits(title, f"  {which}", self.page))]
        left_out = len(self.diff) - count
        if left_out <= 0:
            return [*lines, *self.diff]
        more = f"  {self.page.glyphs.ellipsis} {left_out + 1:,} more lines"
        return [*lines, *self.diff[: count - 1], ((more, QUIET),)]

    def _diff(self) -> list[Line]:
        # The names of the file stand above.
        lines = [line.removesuffix("\r") for line in self.what.diff[2:]]
        return [
            (
                (
                    "  " + shorten_end(self.page.safe(line), room, self.page),
                    diff_tone(line),
                ),
            )
            for line in lines
            if (room := self.page.width - 2) > 0
        ]
