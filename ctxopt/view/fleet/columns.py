"""Rows of a name and numbers, aligned; what has no room gives way column by column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ctxopt.core.tuples import NamedTuple
from ctxopt.view.terminal.layout import (
    QUIET,
    STRONG,
    TITLE,
    Line,
    Page,
    Span,
    cells,
    left,
    paragraph,
    right,
    shorten_end,
    shorten_middle,
)

_GAP = "  "  # also what rows stand behind their title
_LEAST_NAME, _LEAST_WORDS = 20, 12


class Row(NamedTuple):
    """A name, numbers for each column, and words that take what room is left."""

    name: str
    numbers: Sequence[str]
    words: str = ""


def table(
    title: str,
    heads: Sequence[str],
    rows: Sequence[Row],
    page: Page,
    giving_way: Sequence[str] = (),
) -> Iterator[Line]:
    """The title with the heads of the columns, and a line for each row.

    A column goes where no row has anything in it, and where the page is too narrow, in
    the order of `giving_way`.
    """
    columns = zip(*(one.numbers for one in rows), strict=True)
    widths = {
        head: max(map(cells, (head, *column)))
        for head, column in zip(heads, columns, strict=True)
        if any(column)
    }
    for head in giving_way:
        if _taken(widths) + len(_GAP) + _LEAST_NAME > page.width:
            widths.pop(head, None)
    room = page.width - len(_GAP) - _taken(widths)
    names = [page.safe(one.name) for one in rows]
    widest = max(map(cells, (title[len(_GAP) :], *names)))
    width = min(widest, max(room, 4))
    start = left(shorten_end(title, width + len(_GAP), page), width + len(_GAP))
    yield ((start, TITLE), *(_number(head, of, QUIET) for head, of in widths.items()))
    for one, name in zip(rows, names, strict=True):
        numbers = dict(zip(heads, one.numbers, strict=True))
        yield (
            (_GAP + left(shorten_middle(name, width, page), width), STRONG),
            *(_number(numbers[head], of) for head, of in widths.items()),
            *_words(page.safe(one.words), room - width - len(_GAP), page),
        )


def more(count: int, page: Page) -> Iterator[Line]:
    """How many rows are left out, if any are."""
    if count > 0:
        yield from paragraph(f"{count:,} more", page, QUIET, indent=len(_GAP))


def _taken(widths: dict[str, int]) -> int:
    """Cells of the numbers, with the gap before each."""
    return sum(len(_GAP) + width for width in widths.values())


def _number(text: str, width: int, style: str = "") -> Span:
    return (_GAP + right(text, width), style)


def _words(text: str, room: int, page: Page) -> tuple[Span, ...]:
    if not text or room < _LEAST_WORDS:
        return ()
    return ((_GAP + shorten_end(text, room, page), QUIET),)
