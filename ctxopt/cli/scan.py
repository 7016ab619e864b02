"""`ctxopt scan`: the main job; measures, explains and suggests."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ctxopt.cli.builds import which_builds
from ctxopt.cli.configuring import in_force, typed_options
from ctxopt.cli.options import (
    complete_file,
    plain_options,
    which_form,
    which_seconds,
)
from ctxopt.cli.outputs import own_file
from ctxopt.cli.plain import SCAN_FORM, SCAN_FORMS, SCAN_OPTIONS
from ctxopt.cli.program import REFUSED, BuildCommand, examples
from ctxopt.cli.saying import is_quiet
from ctxopt.cli.scanning import PageTarget, Shown, scan_one

if TYPE_CHECKING:
    from ctxopt.core.builds.records import FoundBuilds
    from ctxopt.core.model import Request
    from ctxopt.pipeline.advice import Estimate


class ScanCommand(BuildCommand):
    """A scan: `-o` is docker's, but where a page is asked for."""

    def own_options(self, ctx: click.Context, args: list[str]) -> dict[str, bool]:
        """The options of this command in a line, and whether they take a value."""
        own = super().own_options(ctx, args)
        if not {"html", "--format=html", "--open"}.intersection(args):
            del own["-o"], own["--output"]
        return own


@click.command(
    cls=ScanCommand,
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
        "ctxopt scan --open          # a page to look at",
        "ctxopt scan --format html -o context.html",
    ),
)
@which_form(SCAN_FORM, SCAN_FORMS)
@plain_options(SCAN_OPTIONS)
@click.option(
    "-o",
    "--output",
    callback=own_file,
    metavar="FILE",
    shell_complete=complete_file,
    help="Write the page of --format html to a file.",
)
@click.option(
    "--open", "opens", is_flag=True, help="Make a page, and show it in the browser."
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
    output: str | None,
    opens: bool,
) -> None:
    """Measure the build context, show where the bytes are and what to ignore.

    CONTEXT is the folder given to docker build, the current one by default. Where it
    has no Dockerfile, and with --all, all builds are measured that the folder and its
    files name; a NAME behind it is one of them.
    """
    form = "html" if opens else form
    if output is not None and form != "html":
        raise click.UsageError("-o is for a page: say --format html, too")
    page = PageTarget(output, opens)
    shown = Shown(form, top, depth, verbose=verbose, page=page)
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
    """Measure all builds that were found, and show them in one table or page."""
    if shown.form == "html":
        from ctxopt.cli.page import page_of_all

        is_measured = page_of_all(
            found,
            shown.page,
            configured=in_force(),
            estimate=estimate,
            quiet=is_quiet(),
        )
        if not is_measured:
            click.get_current_context().exit(REFUSED)
        return
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
