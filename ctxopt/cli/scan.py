"""`ctxopt scan`: the main job; measures, explains and suggests."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ctxopt.cli.builds import which_builds
from ctxopt.cli.configuring import in_force, typed_options
from ctxopt.cli.options import (
    Count,
    which_form,
    which_seconds,
)
from ctxopt.cli.program import (
    REFUSED,
    BuildCommand,
    announce,
    examples,
    is_quiet,
)
from ctxopt.core.tuples import NamedTuple

if TYPE_CHECKING:
    from ctxopt.core.builds.records import FoundBuilds
    from ctxopt.core.model import Request
    from ctxopt.pipeline.advice import Estimate

PLACES = 10  # of each folder, where nothing else is asked for
DEEPEST = 100  # levels of folders in a report; nobody reads more


class _Shown(NamedTuple):
    """How much is shown, and in which form."""

    form: str
    top: int | None
    depth: int
    verbose: bool

    @property
    def places(self) -> int:
        """How many places of each folder are remembered."""
        return PLACES if self.top is None else self.top

    @property
    def bounded(self) -> bool:
        """Whether a person asked for one screen, and no more."""
        return not self.verbose and self.top is None and self.depth == 1


@click.command(
    cls=BuildCommand,
    epilog=examples(
        "ctxopt scan",
        "ctxopt scan --depth 3 --top 5 services/api",
        "ctxopt scan --builder legacy --build-arg MODE=prod .",
        "ctxopt scan -t app:dev --push .    # any docker build line",
        "ctxopt scan --all           # each image of a repository",
        "ctxopt scan . api           # one of them, by its name in that table",
        "ctxopt scan --compose compose.yaml web worker",
        "ctxopt scan --json | jq .transfer.wire_bytes",
    ),
)
@which_form("A report for people or for programs.")
@click.option(
    "--top",
    type=Count(),
    metavar="N",
    help="How many places of each folder, suggestions and sources to show.  "
    "[default: 10 places, and one screen of all]",
)
@click.option(
    "--depth",
    type=Count(),
    default=1,
    show_default=True,
    metavar="N",
    help="How many levels of folders to show.",
)
@click.option(
    "--excluded", is_flag=True, help="Also count what the ignore file keeps out."
)
@click.option(
    "-v",
    "--verbose",
    is_flag=True,
    help="All there is to tell, beyond a screen.",
)
@which_builds
@which_seconds
def scan(
    request: Request,
    *,
    found: FoundBuilds | None,
    estimate: Estimate,
    form: str,
    top: int | None,
    depth: int,
    excluded: bool,
    verbose: bool,
) -> None:
    """Measure the build context, show where the bytes are and what to ignore.

    CONTEXT is the folder given to docker build, the current one by default. Where it
    has no Dockerfile, and with --all, all builds are measured that the folder and its
    files name; a NAME behind it is one of them.
    """
    shown = _Shown(form=form, top=top, depth=min(depth, DEEPEST), verbose=verbose)
    if found is not None:
        if excluded:
            raise click.UsageError("--excluded is for one build: name it")
        _scan_all(request, found, estimate, shown)
        return
    from ctxopt import pipeline
    from ctxopt.view.terminal.progress import Progress

    with Progress(sys.stderr, silent=is_quiet()) as progress:
        report = pipeline.analyze(
            request,
            top=shown.places,
            depth=shown.depth,
            excluded=excluded,
            estimate=estimate,
            policy=in_force().policy,
            progress=progress,
            announce=announce,
        )
    if form == "json":
        from ctxopt.view.report import json

        json.show(report, sys.stdout)
        return
    from ctxopt.view.report import screen, text

    text.show(
        report,
        sys.stdout,
        room=screen.SCREEN if shown.bounded else None,
        most=top,
        verbose=verbose,
        build=typed_options(),
    )


def _scan_all(
    request: Request, found: FoundBuilds, estimate: Estimate, shown: _Shown
) -> None:
    """Measure all builds that were found, and show them in one table."""
    from ctxopt.host.disk.inputs import context_folder
    from ctxopt.pipeline.builds.report import analyze_all
    from ctxopt.view.terminal.progress import Progress

    with Progress(sys.stderr, silent=is_quiet()) as progress:
        report = analyze_all(
            context_folder(request.context),
            found,
            top=shown.places,
            depth=shown.depth,
            estimate=estimate,
            policy=in_force().policy,
            progress=progress,
        )
    report = report._replace(typed=request.context)
    if shown.form == "json":
        from ctxopt.view.builds import json

        json.show(report, sys.stdout)
    else:
        from ctxopt.view.builds import text
        from ctxopt.view.report import screen

        text.show(
            report,
            sys.stdout,
            room=screen.SCREEN if shown.bounded else None,
            most=shown.top,
            verbose=shown.verbose,
        )
    if not report.measured:
        click.get_current_context().exit(REFUSED)
