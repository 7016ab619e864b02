"""The screen of `ctxopt watch`: always whole, whatever the size of the terminal.

Nothing wraps and nothing scrolls. Blocks stand below one another, each as long as it
would like; where they are higher than the terminal, one after the other gives way, the
least important first (`GIVING_WAY`), so that the size of the transfer is the last to
go. rich only paints; what stands where is decided here, as in the report.
"""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.core.watching.moment import WatchMoment
from ctxopt.view.terminal.layout import WIDEST, Line, Page, Span, cells
from ctxopt.view.watch import footer
from ctxopt.view.watch import sizes as of_sizes
from ctxopt.view.watch.block import Block, Part, whole
from ctxopt.view.watch.change_list import Changes
from ctxopt.view.watch.frequent_list import FrequentList
from ctxopt.view.watch.header import header, verdict
from ctxopt.view.watch.preview import ShownDiff
from ctxopt.view.watch.suggestion_list import SuggestionList

# What gives way first, and down to how many, before the next one has to. Of the sizes
# the one that is named is the last that stays.
GIVING_WAY = (
    (Part.FREQUENT, 1),
    (Part.CHANGES, 4),
    (Part.SUGGESTIONS, 4),
    (Part.FREQUENT, 0),
    (Part.CHANGES, 2),
    (Part.SUGGESTIONS, 2),
    (Part.GAPS, 0),
    (Part.SIZES, of_sizes.HISTORY),
    (Part.PREVIEW, 4),
    (Part.CHANGES, 1),
    (Part.SUGGESTIONS, 1),
    (Part.REASON, 2),
    (Part.SIZES, of_sizes.CONTEXT),
    (Part.WRITTEN, 0),
    (Part.REASON, 0),
    (Part.CHANGES, 0),
    (Part.SUGGESTIONS, 0),
    (Part.PREVIEW, 1),
    (Part.SIZES, of_sizes.BUDGET),
    (Part.PREVIEW, 0),
    (Part.KEYS, 0),
    (Part.HEADER, 0),
    (Part.MESSAGE, 0),
    (Part.SIZES, 0),
    (Part.VERDICT, 0),
)

Group = Sequence[Block]  # with no gap between them


def render(watched: WatchMoment, page: Page, height: int) -> list[Line]:
    """At most `height` lines, none wider than `page`; the keys stand at the bottom."""
    inner = Page(min(page.width, WIDEST), page.encoding)
    drawing = Drawing(top(watched, inner, height), bottom(watched, inner))
    return fill(drawing, page, height)


def fill(drawing: Drawing, page: Page, height: int) -> list[Line]:
    """What is drawn in at most `height` lines, its last block at the bottom."""
    drawing.shorten(height)
    above, below = drawing.lines()
    filling: list[Line] = [()] * (height - len(above) - len(below))
    return [_crop(line, page.width) for line in [*above, *filling, *below][:height]]


def top(watched: WatchMoment, page: Page, height: int) -> list[Group]:
    """What stands at the top, the most important first."""
    sizes = of_sizes.Sizes(watched, page)
    return [
        [whole(Part.HEADER, header(watched, page))],
        [
            Block(Part.SIZES, of_sizes.MOST, sizes.lines),
            whole(Part.VERDICT, verdict(watched, page)),
        ],
        *_middle(watched, page, height),
    ]


def _middle(watched: WatchMoment, page: Page, height: int) -> list[Group]:
    """What happened and what to do; or what is about to be written."""
    if watched.preview is not None:
        diff = ShownDiff(watched.preview, len(watched.chosen), page, height)
        return [[Block(Part.PREVIEW, diff.most, diff.lines)]]
    changes = Changes(watched, page, height)
    frequent = FrequentList(watched, page, height)
    made = SuggestionList(watched, page, height)
    return [
        [Block(Part.CHANGES, len(changes.shown), changes.lines)],
        [Block(Part.FREQUENT, frequent.most, frequent.lines)],
        [
            Block(Part.SUGGESTIONS, made.most, made.until_selected),
            Block(Part.REASON, len(made.reason), made.reasons),
            Block(Part.SUGGESTIONS, made.most, made.after_selected),
            whole(Part.GAPS, made.nothing()),
        ],
    ]


def bottom(watched: WatchMoment, page: Page) -> Group:
    """What stands on the last lines."""
    return [
        whole(Part.WRITTEN, footer.written(watched, page)),
        whole(Part.MESSAGE, footer.message(watched, page)),
        whole(Part.KEYS, footer.keys(watched, page)),
    ]


class Drawing:
    """Blocks, each with as many lines as it is given."""

    def __init__(self, above: Sequence[Group], below: Group) -> None:
        self._groups = [*above, below]
        blocks = [block for group in self._groups for block in group]
        self._given = dict.fromkeys(Part, 0) | {one.part: one.most for one in blocks}
        self._given[Part.GAPS] = 1
        self._drawn = [[self._draw(block) for block in group] for group in self._groups]

    @property
    def given(self) -> dict[Part, int]:
        """How much of each part there is."""
        return dict(self._given)

    def _draw(self, block: Block) -> Sequence[Line]:
        return block.lines(self._given[block.part])

    def shorten(self, height: int) -> None:
        """Let the blocks give way until they are no higher than that."""
        for part, least in GIVING_WAY:
            while self._given[part] > least:
                if self.height <= height:
                    return
                self._give(part, self._given[part] - 1)

    def _give(self, part: Part, count: int) -> None:
        self._given[part] = count
        for group, drawn in zip(self._groups, self._drawn, strict=True):
            for index, block in enumerate(group):
                if block.part is part:
                    drawn[index] = self._draw(block)

    @property
    def height(self) -> int:
        """How many lines all of them have."""
        return sum(map(len, self.lines()))

    def lines(self) -> tuple[list[Line], list[Line]]:
        """What stands at the top, and what at the bottom."""
        *above, below = (
            [line for one in group for line in one] for group in self._drawn
        )
        gap: list[Line] = [()] * self._given[Part.GAPS]
        lines: list[Line] = []
        for group in filter(None, above):
            lines += [*gap, *group] if lines else group
        return lines, [*gap, *below] if below else below


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
