"""`ctxopt scan`: the main job; measures, explains and suggests."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ctxopt.cli.configuring import in_force, typed_options
from ctxopt.cli.options import (
    Count,
    which_build,
    which_form,
    which_seconds,
)
from ctxopt.cli.program import BuildCommand, announce, examples, is_quiet

if TYPE_CHECKING:
    from ctxopt.core.model import Request
    from ctxopt.pipeline.advice import Estimate

PLACES = 10  # of each folder, where nothing else is asked for
DEEPEST = 100  # levels of folders in a report; nobody reads more


@click.command(
    cls=BuildCommand,
    epilog=examples(
        "ctxopt scan",
        "ctxopt scan --depth 3 --top 5 services/api",
        "ctxopt scan --builder legacy --build-arg MODE=prod .",
        "ctxopt scan -t app:dev --push .    # any docker build line",
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
    "--all", "everything", is_flag=True, help="All there is to tell, beyond a screen."
)
@click.option(
    "-v",
    "--verbose",
    is_flag=True,
    help="Every single problem, also the base images that are not read.",
)
@which_build
@which_seconds
def scan(
    request: Request,
    *,
    estimate: Estimate,
    form: str,
    top: int | None,
    depth: int,
    excluded: bool,
    everything: bool,
    verbose: bool,
) -> None:
    """Measure the build context, show where the bytes are and what to ignore.

    CONTEXT is the folder given to docker build, the current one by default.
    """
    from ctxopt import pipeline
    from ctxopt.view.terminal.progress import Progress

    with Progress(sys.stderr, silent=is_quiet()) as progress:
        report = pipeline.analyze(
            request,
            top=PLACES if top is None else top,
            depth=min(depth, DEEPEST),
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

    bounded = not everything and not verbose and top is None and depth == 1
    text.show(
        report,
        sys.stdout,
        room=screen.SCREEN if bounded else None,
        most=None if everything else top,
        verbose=verbose or everything,
        build=typed_options(),
    )
