"""What to do about it: the suggestions, the questions, and what was held back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from ctxopt.core.model import Confidence, Report, Suggestion
from ctxopt.view.report.screen import Section
from ctxopt.view.terminal import formatting
from ctxopt.view.terminal.layout import (
    QUIET,
    STRONG,
    TITLE,
    Line,
    Page,
    Span,
    cells,
    hanging,
    left,
    paragraph,
    right,
    shorten_end,
    shorten_middle,
)

SURENESS = {
    Confidence.CERTAIN: "green",
    Confidence.LIKELY: "cyan",
    Confidence.ASK: "magenta",
}
SHOWN_PATHS = 3  # of what a question hits
# Where columns would be narrower than that, each suggestion has a second line.
LEAST_PATTERN, LEAST_LABEL = 20, 14
USUAL_ID = 18  # characters
# A wait that nobody notices has no column; the sentence below still tells it.
NOTICED_SECONDS = 0.2
# What saves less than both, and no cache, is told with the others of its kind.
TINY_BYTES = 100_000
TINY_SHARE = 0.005
ALWAYS = "secret-"  # how the ids of rules begin that always have a row


def suggestions(report: Report, page: Page) -> Section:
    """The section "Suggestions": what is sure, and what it saves beside those above."""
    sure = [one for one in report.suggestions if one.confidence is not Confidence.ASK]
    if not sure:
        return Section()
    order = sorted(range(len(sure)), key=lambda at: _is_tiny(sure[at], report))
    table = Table(sure, page, ids=True)
    rows = [tuple(table.rows(one)) for one in sure]

    def rest(left_out: Sequence[int]) -> list[Line]:
        return _more("more", [sure[at] for at in left_out], page)

    giving: tuple[int, ...] = (5, 1)
    if any(one.sent for one in sure):
        giving = (5, 3, 2) if table.lower else (5, 5, 3)
    return Section([table.title()], rows, rest, order, giving)


def questions(report: Report, page: Page) -> Section:
    """The section "Questions": what `ctxopt write` asks about."""
    asked = [one for one in report.suggestions if one.confidence is Confidence.ASK]
    if not asked:
        return Section()
    order = sorted(range(len(asked)), key=lambda at: _is_tiny(asked[at], report))
    table = Table(asked, page, ids=True, title="Questions")
    rows = [(*table.rows(one), *_hits(one, page)) for one in asked]

    def rest(left_out: Sequence[int]) -> list[Line]:
        return _more("more question", [asked[at] for at in left_out], page)

    return Section([table.title()], rows, rest, order, (2, 1))


def held_back(report: Report, page: Page) -> Section:
    """What looks like clutter and has to stay, and why."""
    rows = [
        hanging("  ", f"{page.safe(path)}: {page.safe(why)}", page, QUIET)
        # Several rules may hit one path.
        for path, why in dict.fromkeys((one.path, one.why) for one in report.held_back)
    ]

    def rest(left_out: Sequence[int]) -> list[Line]:
        said = f"{len(left_out)} more held back (-v)"
        return paragraph(said, page, QUIET, indent=2) if left_out else []

    head = [(("Held back", TITLE),)] if rows else []
    return Section(head, [tuple(row) for row in rows], rest, giving=(1, 0))


def _more(word: str, hidden: Sequence[Suggestion], page: Page) -> list[Line]:
    """How many suggestions are not shown, and what they save."""
    if not hidden:
        return []
    sent = sum(one.wire_bytes for one in hidden)
    count = (
        formatting.count(len(hidden), word) if " " in word else f"{len(hidden)} more"
    )
    saves = f", {formatting.size(sent)}" if sent else ""
    return paragraph(f"{count}{saves} (-v)", page, QUIET, indent=2)


def _hits(one: Suggestion, page: Page) -> list[Line]:
    said = hits(one, page)
    if len(one.patterns) > 1:
        said.append(f"writes {'  '.join(map(page.safe, one.patterns))}")
    if not said:
        return []
    text = shorten_end("; ".join(said), page.width - 4, page)
    return [(("    " + text, QUIET),)]


def hits(one: Suggestion, page: Page) -> list[str]:
    """What a yes takes, where its lines do not say it; and what git says of it."""
    said = []
    more = one.path_count - len(one.paths[:SHOWN_PATHS])
    if one.paths and {*one.paths} != {*one.patterns}:
        shown = ", ".join(map(page.safe, one.paths[:SHOWN_PATHS]))
        said.append(f"hits {shown}" + (f" and {more:,} more" if more else ""))
    return said + [page.safe(note) for note in one.notes]


def _is_tiny(one: Suggestion, report: Report) -> bool:
    """Whether it saves next to nothing: no bytes to speak of, and no layer's cache."""
    if not one.sent or one.unsettles or one.id.startswith(ALWAYS):
        return False
    total = report.transfer.tally.wire_bytes
    return one.wire_bytes < TINY_BYTES and one.wire_bytes < TINY_SHARE * total


class Table:
    """The columns: lines, what they are, what they save, how sure that is; ids.

    Ids are there to be copied, so they are never cut: one that is longer than most is
    on a second line, with the label behind it; where there is no room for a column of
    them, each is. Before that, the column of seconds gives way.
    """

    def __init__(
        self,
        shown: Sequence[Suggestion],
        page: Page,
        *,
        ids: bool = False,
        title: str = "Suggestions",
    ) -> None:
        self.page = page
        self.head = title
        slowest = max(one.seconds for one in shown)
        slow = page.width >= 76 and slowest >= NOTICED_SECONDS
        patterns = max(cells(self.pattern(one)) for one in shown)
        labels = max(cells(page.safe(one.label)) for one in shown)
        widths = _id_widths(shown) if ids else (0,)
        self.lower = ids  # a second line for each, where nothing else does
        for self.ids, self.timed in product(widths, (slow, False)):
            self._share(patterns, labels)
            if not ids or self._is_roomy(patterns, labels):
                self.lower = False
                break
        if self.lower:
            self.ids, self.timed, self.labels = 0, slow, 0
            self.patterns = self._room()

    def _room(self) -> int:
        """Cells for lines and labels."""
        fixed = 2 + 2 + 9 + 2 + 8 + (10 if self.timed else 0)
        return self.page.width - fixed - (2 + self.ids if self.ids else 0)

    def _is_roomy(self, patterns: int, labels: int) -> bool:
        enough = self.labels >= min(labels, LEAST_LABEL)
        return enough and self.patterns >= min(patterns, LEAST_PATTERN)

    def _share(self, patterns: int, labels: int) -> None:
        """Give the columns of lines and labels their part of the room."""
        room = self._room()
        # Both in full if that fits; else the labels have the larger part.
        least = min(LEAST_PATTERN, room - 2 - LEAST_LABEL)
        some = max(room - 2 - labels, room * 2 // 5, least, 14)
        self.patterns = min(patterns, some)
        self.labels = room - self.patterns - 2
        if self.labels < 12:
            self.patterns, self.labels = room, 0

    def title(self) -> Line:
        """The line above the suggestions."""
        head = 2 + self.patterns + 2 + (self.labels + 2 if self.labels else 0)
        columns = right("saves", 9)
        if self.timed:
            columns += right("at first", 10)
        if self.ids:
            columns += left("", 12) + "id"
        return ((left(self.head, head), TITLE), (columns, QUIET))

    def rows(self, one: Suggestion) -> list[Line]:
        """One suggestion with its id."""
        if self.ids and len(one.id) <= self.ids:
            row = self.row(one)
            sureness, style = row[-1]
            return [(*row[:-1], (left(sureness, 10), style), (f"  {one.id}", QUIET))]
        head = f"    {one.id}: "
        room = self.page.width - cells(head)
        row = self.row(one, labelled=False)
        return [row, ((head + self._label(one, room), QUIET),)]

    def row(self, one: Suggestion, *, labelled: bool = True) -> Line:
        """One suggestion; without its label, its lines have all the room."""
        idle = not one.sent
        labels = self.labels if labelled else 0
        room = self.patterns + (2 + self.labels if self.labels > labels else 0)
        pattern = shorten_middle(self.pattern(one), room, self.page)
        size = one.context.wire_bytes if idle else one.wire_bytes
        spans: list[Span] = [
            ("  " + left(pattern, room) + "  ", QUIET if idle else STRONG)
        ]
        if labels:
            label = self._label(one, labels)
            spans.append((left(label, labels) + "  ", ""))
        spans.append((right(formatting.size(size), 9), QUIET if idle else ""))
        if self.timed:
            time = "" if idle else formatting.seconds(one.seconds)
            spans.append((right(time, 10), QUIET))
        if idle:
            word = "cache" if one.for_cache else "not sent"
            return (*spans, (f"  {word}", QUIET))
        return (*spans, (f"  {one.confidence}", SURENESS[one.confidence]))

    def pattern(self, one: Suggestion) -> str:
        """The first line, and how many more there are."""
        first = self.page.safe(one.patterns[0])
        more = len(one.patterns) - 1
        return f"{first} +{more}" if more else first

    def _label(self, one: Suggestion, room: int) -> str:
        """What it is; and what else is known of it, where that fits as a whole."""
        label = self.page.safe(one.label)
        tells = bool(one.notes) and one.confidence is not Confidence.ASK
        noted = f"{label}, {self.page.safe(one.notes[0])}" if tells else label
        if cells(noted) <= room:
            return noted
        return shorten_end(label, room, self.page)


def _id_widths(shown: Sequence[Suggestion]) -> tuple[int, int]:
    """The width of a column of all ids, and of one without unusually long ones."""
    lengths = [len(one.id) for one in shown]
    usual = [one for one in lengths if one <= USUAL_ID]
    return max(2, *lengths), max(2, *(usual or lengths))
