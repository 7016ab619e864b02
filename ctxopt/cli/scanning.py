"""What `ctxopt scan` does with one build, once its options are read."""

from __future__ import annotations

import sys

from ctxopt.cli.saying import announce
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ctxopt.core.configuration.layers import Configuration
    from ctxopt.core.model import Report, Request
    from ctxopt.pipeline.advice import Estimate

PLACES = 10  # of each folder, where nothing else is asked for
DEEPEST = 100  # levels of folders in a report; nobody reads more


class PageTarget(NamedTuple):
    """Where a page goes: to a file, to a browser; to neither: standard output."""

    path: str | None = None
    opens: bool = False


class Shown(NamedTuple):
    """How much is shown, and in which form."""

    form: str
    top: int | None
    depth: int
    verbose: bool
    page: PageTarget = PageTarget()

    @property
    def places(self) -> int:
        """How many places of each folder are remembered."""
        return PLACES if self.top is None else self.top

    @property
    def levels(self) -> int:
        """How many levels of folders are remembered."""
        return min(self.depth, DEEPEST)

    @property
    def bounded(self) -> bool:
        """Whether a person asked for one screen, and no more."""
        return not self.verbose and self.top is None and self.depth == 1


def scan_one(
    request: Request,
    shown: Shown,
    *,
    configured: Configuration,
    estimate: Estimate,
    excluded: bool,
    quiet: bool,
    typed: Sequence[str],
) -> None:
    """Measure a build and show what came of it.

    `typed` are the options that name the build, for commands that are offered.
    """
    if shown.form == "ncdu":
        from ctxopt.cli.exporting import export

        export(request)
        return
    if shown.form == "html":
        from ctxopt.cli.page import page_of_one  # start-up: few draw one

        page_of_one(
            request,
            shown.page,
            configured=configured,
            estimate=estimate,
            excluded=excluded,
            quiet=quiet,
            typed=typed,
        )
        return
    from ctxopt import pipeline
    from ctxopt.view.terminal.progress import Progress

    with Progress(sys.stderr, silent=quiet) as progress:
        report = pipeline.analyze(
            request,
            top=shown.places,
            depth=shown.levels,
            excluded=excluded,
            estimate=estimate,
            policy=configured.policy,
            progress=progress,
            announce=announce,
        )
    _show(report, shown, typed)


def _show(report: Report, shown: Shown, typed: Sequence[str]) -> None:
    if shown.form == "json":
        from ctxopt.view.report import json

        json.show(report, sys.stdout)
        return
    if shown.form == "markdown":
        from ctxopt.view.report import markdown

        markdown.show(
            report, sys.stdout, most=shown.top, verbose=shown.verbose, build=typed
        )
        return
    from ctxopt.view.report import screen, text

    text.show(
        report,
        sys.stdout,
        room=screen.SCREEN if shown.bounded else None,
        most=shown.top,
        verbose=shown.verbose,
        build=typed,
    )
