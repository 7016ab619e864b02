"""What to do about it: the suggestions, what they save, and what was held back."""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.core.model import (
    Confidence,
    Report,
    Suggestion,
)
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
# One screen: what saves little is for `write` and for programs to tell.
SHOWN = 7
SHOWN_QUESTIONS = 4
SHOWN_IDLE = 2
SHOWN_HELD = 3
# Where columns would be narrower than that, each suggestion has a second line.
LEAST_PATTERN, LEAST_LABEL = 20, 16
# A wait that nobody notices has no column; the sentence below still tells it.
NOTICED_SECONDS = 0.2
# What saves less than both, and no cache, is told with the others of its kind.
TINY_BYTES = 100_000
TINY_SHARE = 0.005
ALWAYS = "secret-"  # how the ids of rules begin that always have a row


def suggestions(report: Report, page: Page) -> list[Line]:
    """The section "Suggestions", empty if there is nothing to say."""
    tiny = [one for one in report.suggestions if _is_tiny(one, report)]
    made = [one for one in report.suggestions if one not in tiny]
    sure = [one for one in made if one.confidence is not Confidence.ASK]
    asked = [one for one in made if one.confidence is Confidence.ASK]
    sent_now = [one for one in sure if one.sent]
    idle = [one for one in sure if not one.sent]
    shown = [
        *sent_now[:SHOWN],
        *[one for one in asked if one.sent][:SHOWN_QUESTIONS],
        *idle[:SHOWN_IDLE],
    ]
    below = [
        *_left_out(made, shown, page),
        *_too_small(tiny, page),
        *_held(report, page),
    ]
    if not shown:
        return [(("Suggestions", TITLE),), *below] if below else []
    table = Table(shown, page, ids=True)
    rows = [line for one in shown for line in table.rows(one)]
    return [table.title(), *rows, *below]


def _is_tiny(one: Suggestion, report: Report) -> bool:
    """Whether it saves next to nothing: no bytes to speak of, and no layer's cache."""
    if not one.sent or one.unsettles or one.id.startswith(ALWAYS):
        return False
    total = report.transfer.tally.wire_bytes
    return one.wire_bytes < TINY_BYTES and one.wire_bytes < TINY_SHARE * total


def _too_small(tiny: Sequence[Suggestion], page: Page) -> list[Line]:
    if not tiny:
        return []
    together = sum(one.wire_bytes for one in tiny)
    save = "saves" if len(tiny) == 1 else "save"
    said = (
        f"{len(tiny)} more {save} next to nothing, {formatting.size(together)} in all "
        "(--format json lists all)"
    )
    return paragraph(said, page, QUIET, indent=2)


class Table:
    """The columns: lines, what they are, what they save, how sure that is; ids.

    Ids are there to be copied, so they are never cut: where there is no room for a
    column of them, each is on a second line, with the label behind it.
    """

    def __init__(
        self, shown: Sequence[Suggestion], page: Page, *, ids: bool = False
    ) -> None:
        self.page = page
        slowest = max(one.seconds for one in shown)
        self.timed = page.width >= 76 and slowest >= NOTICED_SECONDS
        fixed = 2 + 2 + 9 + 2 + 8 + (10 if self.timed else 0)
        room = page.width - fixed
        patterns = max(cells(self.pattern(one)) for one in shown)
        labels = max(cells(page.safe(one.label)) for one in shown)
        self.ids = ids
        self.lower = False  # a second line for each
        self.patterns, self.labels = room, 0
        if ids:
            beside = room - 2 - max(len("id"), *(len(one.id) for one in shown))
            self._share(beside, patterns, labels)
            roomy = self.labels >= min(labels, LEAST_LABEL)
            self.lower = not (roomy and self.patterns >= min(patterns, LEAST_PATTERN))
        if self.lower:
            self.patterns, self.labels = room, 0
        elif not ids:
            self._share(room, patterns, labels)

    def _share(self, room: int, patterns: int, labels: int) -> None:
        """Give the columns of lines and labels their part of the room."""
        # Both in full if that fits; else the labels have the larger part.
        self.patterns = min(patterns, max(room - 2 - labels, room * 2 // 5, 14))
        self.labels = room - self.patterns - 2
        if self.labels < 12:
            self.patterns, self.labels = room, 0

    def title(self) -> Line:
        """The line above the suggestions."""
        head = 2 + self.patterns + 2 + (self.labels + 2 if self.labels else 0)
        columns = right("saves", 9)
        if self.timed:
            columns += right("at first", 10)
        if self.ids and not self.lower:
            columns += left("", 12) + "id"
        return ((left("Suggestions", head), TITLE), (columns, QUIET))

    def rows(self, one: Suggestion) -> list[Line]:
        """One suggestion with its id."""
        row = self.row(one)
        if not self.lower:
            sureness, style = row[-1]
            return [(*row[:-1], (left(sureness, 10), style), (f"  {one.id}", QUIET))]
        head = f"    {one.id}: "
        room = self.page.width - cells(head)
        return [row, ((head + self._label(one, room), QUIET),)]

    def row(self, one: Suggestion) -> Line:
        """One suggestion."""
        idle = not one.sent
        pattern = shorten_middle(self.pattern(one), self.patterns, self.page)
        size = one.context.wire_bytes if idle else one.wire_bytes
        spans: list[Span] = [
            ("  " + left(pattern, self.patterns) + "  ", QUIET if idle else STRONG)
        ]
        if self.labels:
            label = self._label(one, self.labels)
            spans.append((left(label, self.labels) + "  ", ""))
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
        noted = f"{label}, {self.page.safe(one.notes[0])}" if one.notes else label
        if cells(noted) <= room:
            return noted
        # A place in brackets at the end says more than the words before it.
        shorten = shorten_middle if label.endswith(")") else shorten_end
        return shorten(label, room, self.page)


def _left_out(
    made: Sequence[Suggestion], shown: Sequence[Suggestion], page: Page
) -> list[Line]:
    rest = [one for one in made if one not in shown]
    if not rest:
        return []
    asked = sum(one.confidence is Confidence.ASK for one in rest)
    parts = [f"{len(rest) - asked} more"] if len(rest) > asked else []
    if asked:
        parts.append(formatting.count(asked, "more question"))
    said = f"{' and '.join(parts)} (--format json lists all)"
    return paragraph(said, page, QUIET, indent=2)


def _held(report: Report, page: Page) -> list[Line]:
    lines: list[Line] = []
    for one in report.held_back[:SHOWN_HELD]:
        said = f"{page.safe(one.path)}: {page.safe(one.why)}"
        lines += hanging("  held back  ", said, page, QUIET)
    more = len(report.held_back) - SHOWN_HELD
    if more > 0:
        lines += paragraph(f"{more} more held back", page, QUIET, indent=2)
    return lines
