"""`ctxopt scan`: the main job; measures, explains and suggests."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ctxopt.cli.builds import which_builds
from ctxopt.cli.configuring import in_force, typed_options
from ctxopt.cli.options import plain_options, which_form, which_seconds
from ctxopt.cli.plain import SCAN_FORM, SCAN_FORMS, SCAN_OPTIONS
from ctxopt.cli.program import REFUSED, BuildCommand, examples
from ctxopt.cli.saying import is_quiet
from ctxopt.cli.scanning import Shown, scan_one

if TYPE_CHECKING:
    from ctxopt.core.builds.records import FoundBuilds
    from ctxopt.core.model import Request
    from ctxopt.pipeline.advice import Estimate


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
        "ctxopt scan --format markdown >> $GITHUB_STEP_SUMMARY",
        "ctxopt scan --format ncdu | ncdu -f-",
    ),
)
@which_form(SCAN_FORM, SCAN_FORMS)
@plain_options(SCAN_OPTIONS)
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
    shown = Shown(form, top, depth, verbose=verbose)
    if form == "ncdu":
        _check_export(found, top=top, depth=depth, excluded=excluded)
    if found is not None:
        if excluded:
            raise click.UsageError("--excluded is for one build: name it")
        _scan_all(request, found, estimate, shown)
        return
    scan_one(
        request,
        shown,
        configured=in_force(),
        estimate=estimate,
        excluded=excluded,
        quiet=is_quiet(),
        typed=typed_options(),
    )


def _check_export(
    found: FoundBuilds | None, *, top: int | None, depth: int, excluded: bool
) -> None:
    """Raise UsageError where more is asked for than an export can say."""
    if found is not None:
        raise click.UsageError("--format ncdu is for one build: name it")
    for option, given in (
        ("--top", top is not None),
        ("--depth", depth != 1),
        ("--excluded", excluded),
    ):
        if given:
            raise click.UsageError(
                f"--format ncdu has all that is sent, and no more: leave {option} out"
            )


def _scan_all(
    request: Request, found: FoundBuilds, estimate: Estimate, shown: Shown
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
            depth=shown.levels,
            estimate=estimate,
            policy=in_force().policy,
            progress=progress,
        )
    report = report._replace(typed=request.context)
    if shown.form == "json":
        from ctxopt.view.builds import json

        json.show(report, sys.stdout)
    elif shown.form == "markdown":
        from ctxopt.view.builds import markdown

        markdown.show(report, sys.stdout, most=shown.top, verbose=shown.verbose)
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
