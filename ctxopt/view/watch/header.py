"""Which build is watched, and whether it would fail, in a line each.

Dockerfile → .   BuildKit, last stage                         watching 7 folders
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxopt.core.model import Severity
from ctxopt.core.watching.moment import WatchMoment
from ctxopt.view.report.header import dockerfile_name, stage_name
from ctxopt.view.terminal import formatting
from ctxopt.view.terminal.layout import (
    QUIET,
    STRONG,
    Line,
    Page,
    Span,
    cells,
    shorten_end,
    shorten_middle,
)
from ctxopt.view.watch.marks import AGAIN, LOUD


def header(watched: WatchMoment, page: Page) -> list[Line]:
    """Dockerfile and context, builder and stage, how it is watched."""
    request = watched.report.request
    arrow = f" {page.glyphs.arrow} "
    stage = stage_name(watched.report, page)
    builder = f"   {formatting.BUILDERS[request.builder]}, {stage}"
    dockerfile = page.safe(dockerfile_name(watched.report))
    context = page.safe(request.context)
    build = f"{dockerfile}{arrow}{context}"
    for state, tone in _states(watched):
        room = page.width - cells(builder) - cells(state) - 2
        if room < min(cells(build), 24):
            continue
        shown = shorten_middle(build, room, page)
        gap = " " * (room - cells(shown) + 2) if state else ""
        return [((shown, STRONG), (builder, ""), (gap, ""), (state, tone))]
    return [((shorten_middle(build, page.width, page), STRONG),)]


def _states(watched: WatchMoment) -> Iterator[Span]:
    """How it is watched, in more and in fewer words."""
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


def verdict(watched: WatchMoment, page: Page) -> list[Line]:
    """Whether the build would fail, or cannot be told, and why, in one line."""
    report = watched.report
    if watched.failed:
        return [_told("Cannot be measured", watched.failed, page)]
    errors = [p for p in report.problems if p.severity is Severity.ERROR]
    untold = report.context is None
    found = errors or (list(report.problems) if untold else [])
    if not found:
        return []
    head = "This build would fail" if errors else "The context cannot be told"
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    place = "" if found[0].line is None else f"line {found[0].line}, "
    return [_told(head, place + found[0].message, page, more=more)]


def _told(head: str, message: str, page: Page, *, more: str = "") -> Line:
    """What is wrong, and as much of the reason as there is room for."""
    room = page.width - cells(head) - 2 - cells(more)
    if room < 16:
        return ((head, LOUD), (more, ""))
    shown = shorten_end(page.safe(message), room, page)
    return ((head, LOUD), (f": {shown}{more}", ""))
