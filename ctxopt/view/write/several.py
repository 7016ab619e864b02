"""What `write` shows for the ignore files of many builds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TextIO

from ctxopt.core.builds.records import BlockedSuggestion
from ctxopt.core.model import BuildCost
from ctxopt.view.builds.names import every, some
from ctxopt.view.terminal import formatting
from ctxopt.view.terminal.layout import (
    QUIET,
    STRONG,
    TITLE,
    Line,
    Page,
    cells,
    hanging,
    left,
    right,
    shorten_middle,
)
from ctxopt.view.terminal.output import page_of, write_lines

MOST_ROWS = 8  # builds below a diff
INDENT = 2
LEAST_NAME = 12  # cells for the name of a build, or the change is not shown

Cost = tuple[str, BuildCost, BuildCost]  # a build: now, and then


def show_file(shown: str, builds: Sequence[str], out: TextIO, *, first: bool) -> None:
    """Write which ignore file it is about, and which builds read it."""
    page = page_of(out)
    path = page.safe(shown)
    lines: list[Line] = [] if first else [()]
    said = f"for {some(builds, page, most=6)}"
    if cells(path) + 2 + cells(said) <= page.width:
        lines.append(((path, TITLE), (f"  {said}", QUIET)))
    else:
        lines += [((path, TITLE),), *hanging("  ", said, page, QUIET)]
    write_lines(lines, out)


def show_blocked(blocked: Sequence[BlockedSuggestion], out: TextIO) -> None:
    """Write what is held back, which build needs it, and which would do without."""
    page = page_of(out)
    lines: list[Line] = []
    for one in blocked:
        lines += hanging("Held back  ", _held(one, page), page, QUIET)
    write_lines([*lines, ()] if lines else [], out)


def _held(one: BlockedSuggestion, page: Page) -> str:
    path, why = page.safe(one.held.path), page.safe(one.held.why)
    said = f"{path}: {why}"
    if one.needed_by:
        verb = "needs" if len(one.needed_by) == 1 else "need"
        said = f"{path}: {some(one.needed_by, page)} {verb} it ({why})"
    if one.wanted_by:
        saved = formatting.size(sum(each.wire_bytes for each in one.wanted_by))
        wanting = some([each.build for each in one.wanted_by], page)
        said += f", and {wanting} would save {saved}"
    return said


def show_costs(costs: Sequence[Cost], out: TextIO) -> None:
    """Write what each build sends before and after, what changes most first."""
    page = page_of(out)
    write_lines(_costs(costs, page), out)


def _costs(costs: Sequence[Cost], page: Page) -> Iterator[Line]:
    changed = [one for one in costs if _change(one)]
    changed.sort(key=lambda one: -abs(_change(one)))
    rows = [_row(one, page) for one in changed[:MOST_ROWS]]
    if not rows:
        if costs:
            yield ((" " * INDENT + "no build sends less", QUIET),)
        return
    sizes, change = (max(cells(row[at]) for row in rows) for at in (1, 2))
    roomy = page.width - INDENT - 2 - sizes - 2 - change >= LEAST_NAME
    room = page.width - INDENT - 2 - sizes - (2 + change) * roomy
    names = [shorten_middle(row[0], max(room, 4), page) for row in rows]
    longest = max(map(cells, names))
    for name, row in zip(names, rows, strict=True):
        yield (
            (" " * INDENT + left(name, longest), ""),
            ("  " + (left(row[1], sizes) if roomy else row[1]), STRONG),
            ("  " + row[2] if roomy else "", ""),
        )
    yield from _rest(costs, changed, page)


def _row(one: Cost, page: Page) -> tuple[str, str, str]:
    name, now, then = one
    before, after = now.transfer_wire_bytes, then.transfer_wire_bytes
    arrow = f" {page.glyphs.arrow} "
    sizes = f"{right(formatting.size(before), 8)}{arrow}{formatting.size(after)}"
    return page.safe(name), sizes, f"({formatting.change(before, after)})"


def _rest(costs: Sequence[Cost], changed: Sequence[Cost], page: Page) -> Iterator[Line]:
    """The builds that have no row."""
    more = changed[MOST_ROWS:]
    if more:
        saved = sum(map(_change, more))
        less = "less" if saved >= 0 else "more"
        said = f"{len(more)} more builds send {formatting.size(abs(saved))} {less}"
        yield from hanging(" " * INDENT, said, page, QUIET)
    same = [name for name, now, then in costs if not _change((name, now, then))]
    if same:
        what = "sends" if len(same) == 1 else "send"
        said = f"{some(same, page)} {what} what they did"
        said = said if len(same) > 1 else f"{every(same, page)} sends what it did"
        yield from hanging(" " * INDENT, said, page, QUIET)


def _change(one: Cost) -> int:
    _, now, then = one
    return now.transfer_wire_bytes - then.transfer_wire_bytes


def apart(file: str, builds: Sequence[str], saved_bytes: int) -> str:
    """That builds would do better with an ignore file of their Dockerfile's own."""
    what = "sends" if len(builds) == 1 else "send"
    return (
        f"{', '.join(builds)} {what} {formatting.size(saved_bytes)} that other builds "
        f"of the same ignore file need: --per-dockerfile writes {file} for that"
    )
