"""What became of a fleet, for a terminal: what got worse before what got better."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TextIO

from ctxopt.core.fleet.comparing import FleetComparison, SecretChange, SizeChange
from ctxopt.core.fleet.records import FleetLine
from ctxopt.view.fleet.columns import Row, more, table
from ctxopt.view.fleet.comparison import words
from ctxopt.view.fleet.words import title_of
from ctxopt.view.terminal import formatting
from ctxopt.view.terminal.layout import (
    STRONG,
    TITLE,
    Line,
    Page,
    hanging,
    paragraph,
    shorten_end,
)
from ctxopt.view.terminal.output import page_of, write_lines

ROWS = 5  # of each part
_SIZES = ("before", "now", "change")


def show(found: FleetComparison, out: TextIO) -> None:
    """Write the comparison to `out`: styled on a terminal, else as plain text."""
    write_lines(render(found, page_of(out)), out)


def render(found: FleetComparison, page: Page) -> Iterator[Line]:
    """Sums, then the repositories, findings and secrets that changed."""
    page = page.bounded()
    parts = (
        _sums(found, page),
        _secrets("Secrets that came", found.secrets_came, page),
        _sizes("Worse", found.worse, page),
        _sizes("Better", found.better, page),
        _codes(found, page),
        _names("Failed now", found.failed_now, page),
        _names("New", found.new, page),
        _names("Gone", found.gone, page),
    )
    for at, lines in enumerate(filter(None, map(list, parts))):
        if at:
            yield ()
        yield from lines


def _sums(found: FleetComparison, page: Page) -> Iterator[Line]:
    yield from paragraph(words.both(found), page, STRONG)
    for label, said in words.changes(found, page.glyphs.arrow):
        yield from hanging(label.ljust(9), said, page)


def _secrets(title: str, changes: Sequence[SecretChange], page: Page) -> Iterator[Line]:
    if not changes:
        return
    yield ((title, TITLE),)
    for one in changes[:ROWS]:
        said = page.safe(f"{one.label}: {one.path}")
        yield (("  " + shorten_end(said, page.width - 2, page), ""),)
    yield from more(len(changes) - ROWS, page)


def _sizes(title: str, changes: Sequence[SizeChange], page: Page) -> Iterator[Line]:
    if not changes:
        return
    rows = [
        Row(
            one.label,
            (
                formatting.size(one.before_wire_bytes),
                formatting.size(one.wire_bytes),
                words.signed(one.more),
            ),
        )
        for one in changes[:ROWS]
    ]
    yield from table(title, _SIZES, rows, page, ("before",))
    yield from more(len(changes) - ROWS, page)


def _codes(found: FleetComparison, page: Page) -> Iterator[Line]:
    if not found.codes:
        return
    rows = [
        Row(
            one.code,
            (*map(formatting.number_or_blank, (one.came, one.went)), f"{one.after:,}"),
            title_of(one.code),
        )
        for one in islice(found.codes, ROWS)
    ]
    yield from table("Findings", ("came", "went", "now"), rows, page)
    yield from more(len(found.codes) - ROWS, page)


def _names(title: str, lines: Sequence[FleetLine], page: Page) -> Iterator[Line]:
    """Repositories of one report, each with its size, or why it has none."""
    if not lines:
        return
    rows = [
        Row(one.called, (words.sends_or_none(one),), words.reason(one))
        for one in lines[:ROWS]
    ]
    yield from table(title, ("sends",), rows, page)
    yield from more(len(lines) - ROWS, page)
