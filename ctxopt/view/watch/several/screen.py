"""The screen of `ctxopt watch` for several builds: a table, and the last changes.

As the screen of one build it never wraps and never scrolls; what is least important
gives way first.
"""

from __future__ import annotations

from ctxopt.core.watching.several import SeveralMoment
from ctxopt.view.terminal.layout import (
    QUIET,
    STRONG,
    WIDEST,
    Line,
    Page,
    Span,
    cells,
    shorten_end,
)
from ctxopt.view.watch.block import Block, Part, whole
from ctxopt.view.watch.screen import Drawing, Group, fill
from ctxopt.view.watch.several.changes import SharedChanges
from ctxopt.view.watch.several.table import Table, title


def render(watched: SeveralMoment, page: Page, height: int) -> list[Line]:
    """At most `height` lines, none wider than `page`; the keys stand at the bottom."""
    inner = Page(min(page.width, WIDEST), page.encoding)
    table, changes = Table(watched, inner), SharedChanges(watched, inner, height)
    above: list[Group] = [
        [whole(Part.HEADER, title(watched, inner))],
        [Block(Part.SUGGESTIONS, table.most, table.lines)],
        [Block(Part.CHANGES, len(changes.shown), changes.lines)],
    ]
    below = [
        whole(Part.MESSAGE, _message(watched, inner)),
        whole(Part.KEYS, _keys(watched, inner)),
    ]
    return fill(Drawing(above, below), page, height)


def _message(watched: SeveralMoment, page: Page) -> list[Line]:
    if not watched.message:
        return []
    return [((shorten_end(page.safe(watched.message), page.width, page), STRONG),)]


def _keys(watched: SeveralMoment, page: Page) -> list[Line]:
    spans: list[Span] = []
    for key, what in (("p", "resume" if watched.paused else "pause"), ("q", "quit")):
        spans += [(f"{'  ' if spans else ''}{key}", STRONG), (f" {what}", QUIET)]
    fits = sum(cells(text) for text, _ in spans) <= page.width
    return [tuple(spans)] if fits else []


def only_for_one(key: str, watched: SeveralMoment) -> str:
    """What to say of a key that is for a single build, with how to watch one."""
    first = Table(watched, Page(WIDEST)).rows[:1]
    if not first or not first[0].dockerfile:
        return f"{key} is for a single build"
    row = first[0]
    how = f"ctxopt watch -f {row.dockerfile} {row.context}"
    return f"{key} is for a single build, such as: {how}"
