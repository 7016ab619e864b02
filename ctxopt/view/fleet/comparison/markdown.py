"""Two reports compared, as GitHub's Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TextIO

from ctxopt.core.fleet.comparing import FleetComparison, SecretChange, SizeChange
from ctxopt.core.fleet.records import FleetLine
from ctxopt.view.fleet.comparison import words
from ctxopt.view.fleet.words import title_of
from ctxopt.view.markdown import code, plain, table, write
from ctxopt.view.terminal import formatting

ROWS = 20  # of each table


def show(found: FleetComparison, out: TextIO) -> None:
    """Write the comparison to `out`."""
    write(render(found), out)


def render(found: FleetComparison) -> Iterator[str]:
    """The lines of the document."""
    yield f"# {words.both(found)}"
    yield ""
    for label, said in words.changes(found, "→"):
        yield f"* {label}: {said}"
    yield ""
    yield from _secrets(found.secrets_came)
    yield from _sizes("Worse", found.worse)
    yield from _sizes("Better", found.better)
    yield from _codes(found)
    yield from _lines("Failed now", found.failed_now)
    yield from _lines("New", found.new)
    yield from _lines("Gone", found.gone)


def _table(
    title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], count: int
) -> Iterator[str]:
    """A section of its own, if there is anything in it, and how much is left out."""
    if not rows:
        return
    yield f"## {title}"
    yield ""
    yield from table(heads, rows)
    if count > len(rows):
        yield f"{count - len(rows):,} more."
        yield ""


def _secrets(changes: Sequence[SecretChange]) -> Iterator[str]:
    rows = [(code(one.label), code(one.path)) for one in changes[:ROWS]]
    yield from _table("Secrets that came", ("repository", "file"), rows, len(changes))


def _sizes(title: str, changes: Sequence[SizeChange]) -> Iterator[str]:
    heads = ("repository", "before:", "now:", "change:")
    rows = [
        (
            code(one.label),
            formatting.size(one.before_wire_bytes),
            formatting.size(one.wire_bytes),
            words.signed(one.more),
        )
        for one in changes[:ROWS]
    ]
    yield from _table(title, heads, rows, len(changes))


def _codes(found: FleetComparison) -> Iterator[str]:
    heads = ("finding", "what it means", "came:", "went:", "now:")
    rows = [
        (
            *(code(one.code), plain(title_of(one.code))),
            *(f"{count:,}" for count in (one.came, one.went, one.after)),
        )
        for one in found.codes[:ROWS]
    ]
    yield from _table("Findings", heads, rows, len(found.codes))


def _lines(title: str, lines: Sequence[FleetLine]) -> Iterator[str]:
    rows = [
        (code(one.called), words.sends_or_none(one), plain(words.reason(one)))
        for one in lines[:ROWS]
    ]
    yield from _table(title, ("repository", "sends:", "why not"), rows, len(lines))
