"""What was done, and what can be done: the last lines of the screen.

written to .dockerignore: logs  .git   u takes it back
w write  u undo  space choose  y why  ↑↓ select  p pause  q quit
"""

from __future__ import annotations

from ctxopt.core.watching.moment import WatchMoment
from ctxopt.view.terminal.layout import (
    QUIET,
    STRONG,
    Line,
    Page,
    Span,
    cells,
    shorten_end,
)
from ctxopt.view.watch import changes as said
from ctxopt.view.watch.marks import LESS, symbols


def written(watched: WatchMoment, page: Page) -> list[Line]:
    """What was written, and that it can be taken back."""
    what = watched.written
    if what is None or watched.preview is not None:
        return []
    told = said.written(what, page.encoding)
    hint = "   u takes it back"
    fits = cells(told + hint) <= page.width
    told = shorten_end(told, page.width, page)
    return [((told, LESS), (hint if fits else "", QUIET))]


def message(watched: WatchMoment, page: Page) -> list[Line]:
    """What there is to say."""
    if not watched.message:
        return []
    return [((shorten_end(page.safe(watched.message), page.width, page), STRONG),)]


def keys(watched: WatchMoment, page: Page) -> list[Line]:
    """The keys, those first that matter most where not all fit; idle ones dim."""
    possible = _possible(watched, page)
    room = page.width + 2
    kept = set()
    for key, what, _, rank in sorted(possible, key=lambda one: one[3]):
        room -= cells(key) + 1 + cells(what) + 2
        if room < 0:
            break
        kept.add(rank)
    spans: list[Span] = []
    for key, what, works, rank in possible:
        if rank not in kept:
            continue
        gap = "  " if spans else ""
        spans += [(gap + key, STRONG if works else QUIET), (" " + what, QUIET)]
    return [tuple(spans)] if spans else []


def _possible(
    watched: WatchMoment, page: Page
) -> tuple[tuple[str, str, bool, int], ...]:
    """Each key, what it does, whether that is possible now, and its rank."""
    if watched.preview is not None:
        return ("w", "writes it", True, 1), ("any other key", "does not", True, 2)
    made = len(watched.report.suggestions)
    chosen = len(watched.chosen)
    return (
        ("w", f"write {chosen}" if chosen else "write", made > 0, 2),
        ("u", "undo", watched.written is not None, 5),
        ("space", "choose", made > 0, 3),
        ("y", "why", made > 0, 4),
        (symbols(page).arrows, "select", made > 1, 7),
        ("p", "resume" if watched.paused else "pause", True, 6),
        ("q", "quit", True, 1),
    )
