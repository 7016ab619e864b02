"""The page of a scan: measured, put together, then written or opened.

Nothing is written before all is measured: a page that lands in the context is not part
of what it shows.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ctxopt import __version__
from ctxopt.cli.program import Refused
from ctxopt.cli.saying import announce, complain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ctxopt.cli.scanning import PageTarget
    from ctxopt.core.builds.records import FoundBuilds
    from ctxopt.core.configuration.layers import Configuration
    from ctxopt.core.model import Request
    from ctxopt.pipeline.advice import Estimate
    from ctxopt.pipeline.builds.pictures import DrawnBuild


def page_of_one(
    request: Request,
    target: PageTarget,
    *,
    configured: Configuration,
    estimate: Estimate,
    excluded: bool,
    quiet: bool,
    typed: Sequence[str],
) -> None:
    """Measure a build and write its page.

    Raises CtxoptError for input that the builder would refuse, and where the page
    cannot be written.
    """
    from ctxopt.pipeline.picture import analyze_with_picture
    from ctxopt.view.page.build import Drawn
    from ctxopt.view.page.html import page_of
    from ctxopt.view.terminal.progress import Progress

    _check(target)
    with Progress(sys.stderr, silent=quiet) as progress:
        report, picture = analyze_with_picture(
            request,
            excluded=excluded,
            estimate=estimate,
            policy=configured.policy,
            progress=progress,
            announce=announce,
        )
    page = page_of([Drawn("", report, picture, typed)], __version__)
    _deliver(page, target, [report.context_path])


def page_of_all(
    found: FoundBuilds,
    target: PageTarget,
    *,
    configured: Configuration,
    estimate: Estimate,
    quiet: bool,
) -> bool:
    """Measure all builds that were found and write one page; whether one was measured.

    Raises WriteError where the page cannot be written.
    """
    from ctxopt.pipeline.builds.pictures import draw_all
    from ctxopt.view.terminal.progress import Progress

    _check(target)
    with Progress(sys.stderr, silent=quiet) as progress:
        made = draw_all(
            found, estimate=estimate, policy=configured.policy, progress=progress
        )
    for result, _ in made:
        if result.error is not None:
            complain(f"error: {result.name}: {result.error.message}")
    reports = [one.result.report for one in made if one.result.report is not None]
    if reports:
        contexts = {one.context_path: None for one in reports}
        _deliver(page_of_drawn(made), target, contexts)
    return bool(reports)


def page_of_drawn(made: Sequence[DrawnBuild]) -> bytes:
    """The page of builds that were drawn, at least one."""
    from ctxopt.view.page.build import Drawn
    from ctxopt.view.page.html import page_of

    drawn = [
        Drawn(result.name, result.report, picture)
        for result, picture in made
        if result.report is not None and picture is not None
    ]
    failed = [
        (result.name, result.error) for result, _ in made if result.error is not None
    ]
    return page_of(drawn, __version__, failed)


def _check(target: PageTarget) -> None:
    """Refuse before a long walk what could not be delivered after it.

    Raises WriteError for a file that cannot be written.
    """
    from ctxopt.host.disk import pages

    if target.path is not None:
        pages.check_place(target.path)
    elif not target.opens and sys.stdout.isatty():
        raise Refused(
            "a page is no text for a terminal",
            hint="name a file, as in -o context.html, or say --open",
        )


def _deliver(page: bytes, target: PageTarget, contexts: Iterable[str]) -> None:
    """Write the page where it is wanted, and show it if that is wanted, too."""
    from ctxopt.host.disk import pages

    path = target.path
    if path is None and not target.opens:
        sys.stdout.buffer.write(page)
        return
    place = pages.place_of_page() if path is None else path
    pages.write_page(place, page)
    if path is not None and any(pages.lies_in(path, one) for one in contexts):
        complain(
            f'note: "{path}" lies in the context: unless the ignore file keeps it out,'
            " the next build may send it"
        )
    if target.opens:
        complain(f"note: the page is {place}")
        if not pages.open_page(place):
            complain("note: no browser was found here: open that file in one")
