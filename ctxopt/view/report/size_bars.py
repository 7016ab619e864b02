"""Where the bytes are: a bar for every folder, heaviest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ctxopt.core.model import Place, Report
from ctxopt.view.report.screen import Section
from ctxopt.view.terminal import formatting
from ctxopt.view.terminal.layout import (
    QUIET,
    STRONG,
    TITLE,
    Line,
    Page,
    Span,
    bar,
    cells,
    left,
    paragraph,
    right,
    shorten_end,
    shorten_middle,
)

USED, IDLE, AWAY = "cyan", "magenta", "dim"
IDLE_WORDS = {IDLE: "sent for nothing", AWAY: "not sent"}


def where(report: Report, page: Page) -> Section:
    """The section "Where the bytes are", empty if there is nothing to show."""
    places = [*_nested(report.root, 0)]
    if not places:
        return Section()
    frame = _BarLayout(report, places, page)
    rows = [(frame.row(place, depth),) for place, depth in places]
    hint = _hint(report.root)

    def rest(left_out: Sequence[int]) -> list[Line]:
        if not left_out:
            return paragraph(hint, page, QUIET, indent=2) if hint else []
        hidden = [places[at][0] for at in left_out]
        count = sum(1 if isinstance(one, Place) else one[0] for one in hidden)
        words = "more" if len(left_out) < len(places) else "places with the bytes"
        said = f"{count:,} {words} (-v, --depth {_height(report.root) + 1})"
        return paragraph(said, page, QUIET, indent=2)

    return Section(frame.title(), rows, rest, giving=(4, 1, 0))


Rest = tuple[int, int]  # how many more, and what they weigh


def _nested(place: Place, depth: int) -> Iterator[tuple[Place | Rest, int]]:
    for child in place.children:
        yield child, depth
        yield from _nested(child, depth + 1)
    if place.more_count and place.children:
        yield (place.more_count, place.more_weight), depth


def _hint(root: Place) -> str:
    """How to see more, if there is more to see."""
    hints = []
    if root.more_count:
        shown = len(root.children)
        hints.append(f"--top {min(2 * shown, shown + root.more_count)} shows more")
    if _is_closed(root):
        hints.append(f"--depth {_height(root) + 1} looks inside")
    return f"({', '.join(hints)})" if hints else ""


def _is_closed(place: Place) -> bool:
    """Whether it, or a place shown in it, is a folder whose files are not shown."""
    if not place.children:
        return place.kind == "directory" and place.files > 0
    return any(map(_is_closed, place.children))


def _height(place: Place) -> int:
    return 1 + max((_height(child) for child in place.children), default=-1)


class _BarLayout:
    """The columns of the bars: name, size, bar, share of the transfer, who takes it."""

    def __init__(
        self, report: Report, places: Sequence[tuple[Place | Rest, int]], page: Page
    ) -> None:
        self.report = report
        self.page = page
        self.shown = [place for place, _ in places if isinstance(place, Place)]
        self.sent = report.transfer.tally.wire_bytes
        # The longest bar is the most that is sent: a heap that stays at home must not
        # press all others flat.
        self.scale = max((place.wire_bytes for place in self.shown), default=0) or max(
            (place.weight for place in self.shown), default=0
        )
        longest = max(2 * depth + cells(self.name(place)) for place, depth in places)
        width = page.width
        self.names = min(longest, max(width // 4, 14))
        self.bars = 8 if width < 60 else width // 5
        self.notes = width - 2 - self.names - 2 - 8 - 2 - self.bars - 1 - 5 - 2
        if self.notes < 16:  # too narrow for words: the room goes to the names
            self.names = min(longest, self.names + self.notes + 2)
            self.notes = 0

    def title(self) -> list[Line]:
        """The heading, with the meaning of the tones that occur."""
        glyphs = self.page.glyphs
        title: Span = ("Where the bytes are", TITLE)
        key: list[Span] = []
        if any(_parts(place)[0] for place in self.shown):
            key += [(glyphs.full, USED), (" used  ", QUIET)]
        tones = {_idle_tone(place) for place in self.shown if _parts(place)[1]}
        for style in sorted(tones, reverse=True):
            key += [(glyphs.rest, style), (f" {IDLE_WORDS[style]}  ", QUIET)]
        if self.sent and self.page.width >= 60:
            what = (
                "what is read"
                if formatting.reads_in_place(self.report)
                else "the transfer"
            )
            key.append((f"% of {what}", QUIET))
        taken = sum(cells(text) for text, _ in (title, *key)) + 4
        if taken <= self.page.width:
            return [(title, ("    ", ""), *key)]
        return [(title,), (("  ", ""), *key)]

    def row(self, place: Place | Rest, depth: int) -> Line:
        """One place, or what was left out of its folder."""
        name = self.name(place)
        # Deep down the names need the room more than the steps do.
        step = min(2 * depth, max(self.names - cells(name), self.names - 12, 0))
        indent = " " * (2 + step)
        room = self.names - step
        name = left(shorten_middle(name, room, self.page), room)
        if not isinstance(place, Place):
            _, size = place
            return (
                (indent + name, QUIET),
                ("  " + right(formatting.size(size), 8), QUIET),
            )
        full, rest = _parts(place)
        idle = _idle_tone(place)
        scale = place.weight / self.scale if self.scale else 0
        first, second = bar(full * scale, rest * scale, self.bars, self.page)
        blank = " " * (self.bars - cells(first) - cells(second))
        percent = (
            formatting.share(place.wire_bytes, self.sent) if place.wire_bytes else ""
        )
        return (
            (indent + name, "" if place.used else idle),
            (
                "  " + right(formatting.size(place.weight), 8),
                STRONG if place.used else "",
            ),
            ("  ", ""),
            (first, USED),
            (second, idle),
            (blank + " " + right(percent, 5), ""),
            *self.note(place),
        )

    def name(self, place: Place | Rest) -> str:
        if not isinstance(place, Place):
            return f"{place[0]:,} more"
        last = place.path.rsplit("/", 1)[-1]
        return self.page.safe(f"{last}/" if place.kind == "directory" else last)

    def note(self, place: Place) -> Line:
        """Who takes it."""
        if not self.notes:
            return ()
        if not place.used:
            idle = _idle_tone(place)
            return (("  " + IDLE_WORDS[idle], idle),)
        uses = [self.report.sources[index] for index in place.sources]
        lines = sorted({use.source.location.line for use in uses})
        if len(lines) > 1:
            said = "lines " + ", ".join(map(str, lines))
            return (("  " + shorten_end(said, self.notes, self.page), QUIET),)
        said = f"line {lines[0]}"
        room = self.notes - len(said) - 3
        if room >= 8:
            text = self.page.safe(formatting.one_line(uses[0].source.line_text))
            said = f"{shorten_end(text, room, self.page)} ({said})"
        return (("  " + said, QUIET),)


def _idle_tone(place: Place) -> str:
    """The tone of what no source takes of a place."""
    return IDLE if place.wire_bytes and not place.unsent_bytes else AWAY


def _parts(place: Place) -> tuple[float, float]:
    """The used and the unused part of a place, together 1."""
    part, whole = place.used_bytes, place.file_bytes
    if place.unsent_bytes:
        part, whole = place.wire_bytes, place.weight
    if not (whole and place.used):
        return (1.0, 0.0) if place.used else (0.0, 1.0)
    full = min(part / whole, 1.0)
    return full, 1.0 - full
