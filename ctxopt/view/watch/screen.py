"""The screen of `ctxopt watch`: always whole, whatever the size of the terminal.

Nothing wraps and nothing scrolls. What does not fit is left out in a fixed order, the
least important first (`GIVING_WAY`), so that the size of the transfer is the last to
go. rich only paints; what stands where is decided here, as in the report.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ctxopt.core.model import Severity
from ctxopt.core.watching.moment import FrequentChange, WatchMoment
from ctxopt.view.report.advice import NONE, Table
from ctxopt.view.report.text import (
    SEVERITY,
    WIDEST,
    dockerfile_name,
    size_rows,
    stage_name,
)
from ctxopt.view.terminal import formatting
from ctxopt.view.terminal.layout import (
    QUIET,
    STRONG,
    TITLE,
    UNICODE,
    Line,
    Page,
    Span,
    bar,
    cells,
    left,
    right,
    shorten_end,
    shorten_middle,
)
from ctxopt.view.watch import changes as said
from ctxopt.view.watch.change_list import AGAIN, LESS, Changes, if_fits
from ctxopt.view.watch.events import over_bytes
from ctxopt.view.watch.sparkline import drawn, extent, sampled
from ctxopt.view.write.dialogue import tone as diff_tone
from ctxopt.view.write.dialogue import why

LOUD = SEVERITY[Severity.ERROR]
LABELS = 10  # cells of "Transfer" and the gap behind it
HISTORY_SECONDS = 300
CHOSEN = "+"  # as in a diff
STALE = "as it was before the error"


class _Symbols(NamedTuple):
    """The characters of this screen beyond those of a report."""

    sparks: str  # lowest to highest
    selected: str
    arrows: str


_UNICODE = _Symbols("▁▂▃▄▅▆▇█", "▸", "↑↓")
_ASCII = _Symbols("_.:-=+*#", ">", "up/down")


def _marks(page: Page) -> _Symbols:
    if page.glyphs is not UNICODE:
        return _ASCII
    try:
        "".join(_UNICODE).encode(page.encoding)
    except UnicodeEncodeError:
        return _ASCII
    return _UNICODE


class _ScreenLayout(NamedTuple):
    """How many of each are shown; 0 or 1 where there is only one."""

    changes: int
    suggestions: int
    restless: int
    preview: int  # lines of a diff
    reason: int  # lines
    gaps: int
    history: int
    notes: int  # docker's words, where they need a line of their own
    written: int
    context: int
    budget: int
    message: int
    verdict: int
    header: int
    keys: int


# What gives way first, and down to how many, before the next one has to.
GIVING_WAY = (
    ("restless", 1),
    ("changes", 4),
    ("suggestions", 4),
    ("restless", 0),
    ("changes", 2),
    ("suggestions", 2),
    ("gaps", 0),
    ("notes", 0),
    ("preview", 4),
    ("changes", 1),
    ("suggestions", 1),
    ("reason", 2),
    ("history", 0),
    ("written", 0),
    ("reason", 0),
    ("changes", 0),
    ("suggestions", 0),
    ("preview", 1),
    ("context", 0),
    ("preview", 0),
    ("keys", 0),
    ("header", 0),
    ("message", 0),
    ("budget", 0),
    ("verdict", 0),
)


def render(watched: WatchMoment, page: Page, height: int) -> list[Line]:
    """At most `height` lines, none wider than `page`; the keys stand at the bottom."""
    drawing = _Drawing(watched, Page(min(page.width, WIDEST), page.encoding), height)
    for plan in _plans(drawing.plan()):
        top, bottom = drawing.lines(plan)
        if len(top) + len(bottom) <= height:
            break
    filling: list[Line] = [()] * (height - len(top) - len(bottom))
    return [_crop(line, page.width) for line in [*top, *filling, *bottom][:height]]


def _plans(plan: _ScreenLayout) -> Iterator[_ScreenLayout]:
    yield plan
    for what, least in GIVING_WAY:
        for count in range(getattr(plan, what) - 1, least - 1, -1):
            plan = plan._replace(**{what: count})
            yield plan


def _crop(line: Line, width: int) -> Line:
    """The line cut hard at `width`: the last resort of a very narrow terminal."""
    # Here, for only what draws this screen needs it: see tests/test_architecture.py.
    from rich.cells import set_cell_size

    spans: list[Span] = []
    room = width
    for text, style in line:
        taken = cells(text)
        if taken > room:
            return (*spans, (set_cell_size(text, room), style))
        spans.append((text, style))
        room -= taken
    return tuple(spans)


class _Drawing:
    """One moment on one page: every block in as many lines as it is given."""

    def __init__(self, watched: WatchMoment, page: Page, height: int) -> None:
        self.watched = watched
        self.report = watched.report
        self.page = page
        self.height = height
        self.marks = _marks(page)
        self.changed = Changes(watched, page, height)
        made = self.report.suggestions
        self.selected = min(max(watched.selected, 0), max(len(made) - 1, 0))
        self.why = self._reason()
        self.diff = self._diff()
        self.courses: dict[int, list[Line]] = {}

    def plan(self) -> _ScreenLayout:
        """All there is, as far as one block may push the others aside."""
        third = max(self.height // 3, 1)
        return _ScreenLayout(
            changes=len(self.changed.shown),
            suggestions=min(len(self.report.suggestions), third),
            restless=min(len(self.watched.restless), max(self.height // 8, 1)),
            preview=min(len(self.diff), self.height),
            reason=len(self.why),
            gaps=1,
            history=1,
            notes=1,
            written=1,
            context=1,
            budget=1,
            message=1,
            verdict=1,
            header=1,
            keys=1,
        )

    def lines(self, plan: _ScreenLayout) -> tuple[list[Line], list[Line]]:
        """What stands at the top, and what at the bottom."""
        blocks = (
            self.header(plan),
            [*self.sizes(plan), *self.verdict(plan)],
            *self.middle(plan),
        )
        top: list[Line] = []
        for block in filter(None, blocks):
            if top and plan.gaps:
                top.append(())
            top += block
        bottom = [*self.messages(plan), *self.keys(plan)]
        return top, [(), *bottom] if plan.gaps and bottom else bottom

    def middle(self, plan: _ScreenLayout) -> tuple[list[Line], ...]:
        """What happened and what to do; or what is about to be written."""
        if self.watched.preview is not None:
            return (self.preview(plan.preview),)
        return (
            self.changed.lines(plan.changes),
            self.restless(plan.restless),
            self.suggestions(plan),
        )

    # Which build it is, and whether it would fail.

    def header(self, plan: _ScreenLayout) -> list[Line]:
        """Dockerfile and context, builder and stage, how it is watched."""
        if not plan.header:
            return []
        page, request = self.page, self.report.request
        arrow = f" {page.glyphs.arrow} "
        stage = stage_name(self.report, page)
        builder = f"   {formatting.BUILDERS[request.builder]}, {stage}"
        dockerfile = page.safe(dockerfile_name(self.report))
        context = page.safe(request.context)
        build = f"{dockerfile}{arrow}{context}"
        for state, tone in self.states():
            room = page.width - cells(builder) - cells(state) - 2
            if room < min(cells(build), 24):
                continue
            shown = shorten_middle(build, room, page)
            gap = " " * (room - cells(shown) + 2) if state else ""
            return [((shown, STRONG), (builder, ""), (gap, ""), (state, tone))]
        return [((shorten_middle(build, page.width, page), STRONG),)]

    def states(self) -> Iterator[Span]:
        """How it is watched, in more and in fewer words."""
        watched = self.watched
        if watched.paused:
            yield "PAUSED", AGAIN
            return
        if watched.failed:
            yield "OLD NUMBERS", LOUD
            return
        said = f"watching {formatting.count(watched.watches, 'folder')}"
        if watched.polled:
            yield f"{said}, polling {watched.polled:,}", QUIET
        yield said, QUIET
        yield "", QUIET

    def verdict(self, plan: _ScreenLayout) -> list[Line]:
        """Whether the build would fail, or cannot be told, and why, in one line."""
        if not plan.verdict:
            return []
        if self.watched.failed:
            return [self.told("Cannot be measured", self.watched.failed)]
        errors = [p for p in self.report.problems if p.severity is Severity.ERROR]
        untold = self.report.context is None
        found = errors or (list(self.report.problems) if untold else [])
        if not found:
            return []
        head = "This build would fail" if errors else "The context cannot be told"
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        place = "" if found[0].line is None else f"line {found[0].line}, "
        return [self.told(head, place + found[0].message, more)]

    def told(self, head: str, message: str, more: str = "") -> Line:
        """What is wrong, and as much of the reason as there is room for."""
        room = self.page.width - cells(head) - 2 - cells(more)
        if room < 16:
            return ((head, LOUD), (more, ""))
        shown = shorten_end(self.page.safe(message), room, self.page)
        return ((head, LOUD), (f": {shown}{more}", ""))

    # The sizes now, the budget, and the last minutes.

    def sizes(self, plan: _ScreenLayout) -> list[Line]:
        """Context, transfer, budget, and a sparkline of the transfer."""
        rows = [r for r in size_rows(self.report) if r.label in ("Context", "Transfer")]
        strong = QUIET if self.watched.failed else STRONG
        if self.watched.failed:
            rows = [row._replace(said=STALE, style=QUIET) for row in rows]
        if not plan.context:
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
            if plan.notes and row is rows[-1]:
                text = shorten_end(row.said, max(self.page.width - 2, 1), self.page)
                lines.append((("  " + text, row.style),))
        if plan.budget:
            lines += self.budget(widths)
        if plan.history:
            if widths not in self.courses:  # plans are many, and a past is long
                self.courses[widths] = self.history(widths)
            lines += self.courses[widths]
        return lines

    def budget(self, widths: int) -> list[Line]:
        """How much of the budget is taken, or by how much it is exceeded."""
        budget = self.watched.budget
        if budget is None:
            return []
        sent = self.report.transfer.tally.wire_bytes
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
        line = drawn(values, low, high, self.marks.sparks)
        label = (left("Lately", start), "")
        return [(label, (line, "cyan"), (told, QUIET))]

    # What comes back again and again, and what to do.

    def restless(self, count: int) -> list[Line]:
        """Entries that change although no source names them, and what stops them."""
        if not count:
            return []
        shown = self.watched.restless[:count]
        page = self.page
        title = "Changes again and again"
        note = "  named by no source; one line each stops it"
        lines: list[Line] = [((title, TITLE), *if_fits(title, note, page))]
        times = [formatting.count(one.times, "time") for one in shown]
        widest = max(map(cells, times))
        # The path has what is left, but the line to write is never cut before it.
        stops = [self.stop(one) for one in shown]
        room = page.width - 2 - 2 - widest - 2 - max(map(cells, stops))
        longest = max(cells(page.safe(one.path)) for one in shown)
        names = min(longest, max(room, 12))
        for one, often, stop in zip(shown, times, stops, strict=True):
            path = shorten_middle(page.safe(one.path), names, page)
            lines.append(
                (
                    ("  " + left(path, names), ""),
                    ("  " + right(often, widest) + "  ", QUIET),
                    (stop, STRONG if one.pattern is not None else QUIET),
                )
            )
        return lines

    def stop(self, one: FrequentChange) -> str:
        if one.pattern is None:
            return "no line can stop it"
        return f"{self.page.glyphs.arrow} {self.page.safe(one.pattern)}"

    def suggestions(self, plan: _ScreenLayout) -> list[Line]:
        """Those around the selected one, which is marked."""
        made = self.report.suggestions
        if not made:
            none = shorten_end(NONE, self.page.width, self.page)
            return [((none, QUIET),)] if plan.gaps and self.report.context else []
        if not plan.suggestions:
            return []
        first = min(
            max(self.selected - plan.suggestions // 2, 0),
            len(made) - plan.suggestions,
        )
        shown = made[first : first + plan.suggestions]
        table = Table(shown, self.page)
        lines = [self.title(table.title(), first, len(shown))]
        for index, one in enumerate(shown, first):
            row = table.row(one)
            lines.append(self.marked(row, index))
            if index == self.selected:
                lines += self.why[: plan.reason]
        return lines

    def marked(self, row: Line, index: int) -> Line:
        """The row of a suggestion, with marks if it is selected, or chosen."""
        is_selected = index == self.selected
        is_chosen = index in self.watched.chosen
        (head, style), *others = row
        selected = self.marks.selected if is_selected else " "
        chosen = CHOSEN if is_chosen else " "
        if not is_selected and not is_chosen:
            return row
        text = (head[2:], style or STRONG)
        return ((selected, "bold cyan"), (chosen, LESS), text, *others)

    def title(self, line: Line, first: int, count: int) -> Line:
        """The heading of the table, and which part of it is shown."""
        made = len(self.report.suggestions)
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
        made = self.report.suggestions
        if not made or not self.watched.reason_shown:
            return []
        wide = Page(max(self.page.width, 20), self.page.encoding)
        return [*why(made[self.selected], wide)]

    def _diff(self) -> list[Line]:
        what = self.watched.preview
        if what is None:
            return []
        # The names of the file stand above.
        lines = [line.removesuffix("\r") for line in what.diff[2:]]
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

    def preview(self, count: int) -> list[Line]:
        """The diff of what is about to be written, as far as there is room."""
        what = self.watched.preview
        if what is None or not count:
            return []
        title = f"To be written to {self.page.safe(what.path)}"
        which = "certain or likely"
        if self.watched.chosen:
            which = f"{len(self.watched.chosen)} chosen"
        if what.sent_bytes is not None:
            which += f", then {formatting.size(what.sent_bytes)} are sent"
        head = (shorten_end(title, self.page.width, self.page), TITLE)
        lines: list[Line] = [(head, *if_fits(title, f"  {which}", self.page))]
        left_out = len(self.diff) - count
        if left_out <= 0:
            return [*lines, *self.diff]
        more = f"  {self.page.glyphs.ellipsis} {left_out + 1:,} more lines"
        return [*lines, *self.diff[: count - 1], ((more, QUIET),)]

    # What was done, and what can be done.

    def messages(self, plan: _ScreenLayout) -> list[Line]:
        """What was written, and what there is to say."""
        page, what = self.page, self.watched.written
        lines: list[Line] = []
        if what is not None and plan.written and self.watched.preview is None:
            told = said.written(what, page.encoding)
            hint = "   u takes it back"
            fits = cells(told + hint) <= page.width
            told = shorten_end(told, page.width, page)
            lines.append(((told, LESS), (hint if fits else "", QUIET)))
        if self.watched.message and plan.message:
            text = shorten_end(page.safe(self.watched.message), page.width, page)
            lines.append(((text, STRONG),))
        return lines

    def keys(self, plan: _ScreenLayout) -> list[Line]:
        """The keys, those first that matter most where not all fit; idle ones dim."""
        if not plan.keys:
            return []
        keys = self.possible()
        room = self.page.width + 2
        kept = set()
        for key, what, _, rank in sorted(keys, key=lambda one: one[3]):
            room -= cells(key) + 1 + cells(what) + 2
            if room < 0:
                break
            kept.add(rank)
        spans: list[Span] = []
        for key, what, works, rank in keys:
            if rank not in kept:
                continue
            gap = "  " if spans else ""
            spans += [(gap + key, STRONG if works else QUIET), (" " + what, QUIET)]
        return [tuple(spans)] if spans else []

    def possible(self) -> tuple[tuple[str, str, bool, int], ...]:
        """Each key, what it does, whether that is possible now, and its rank."""
        watched = self.watched
        if watched.preview is not None:
            return ("w", "writes it", True, 1), ("any other key", "does not", True, 2)
        made = bool(self.report.suggestions)
        chosen = len(watched.chosen)
        return (
            ("w", f"write {chosen}" if chosen else "write", made, 2),
            ("u", "undo", watched.written is not None, 5),
            ("space", "choose", made, 3),
            ("y", "why", made, 4),
            (self.marks.arrows, "select", len(self.report.suggestions) > 1, 7),
            ("p", "resume" if watched.paused else "pause", True, 6),
            ("q", "quit", True, 1),
        )
