"""`ctxopt verify`: our numbers beside those of the docker installed here."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import click

from ctxopt.cli.builds import which_builds
from ctxopt.cli.options import complete_file
from ctxopt.cli.program import FINDING, BuildCommand, examples

if TYPE_CHECKING:
    from ctxopt.core.builds.records import FoundBuilds
    from ctxopt.core.model import Request


@click.command(
    cls=BuildCommand,
    epilog=examples(
        "ctxopt verify",
        "ctxopt verify --builder legacy .",
        "ctxopt verify --compose compose.yaml",
    ),
)
@click.option(
    "--client",
    metavar="PATH",
    shell_complete=complete_file,
    help="The docker to ask.  [default: docker]",
)
@which_builds
def verify(request: Request, *, found: FoundBuilds | None, client: str | None) -> None:
    """Hold the numbers against the docker installed here.

    Of compose and bake files it is the reading that is held against docker's own:
    contexts, Dockerfiles, targets, arguments. Exit status 1 when docker would send, or
    reads, anything else.
    """
    if found is not None:
        _verify_reading(found, client)
        return
    from ctxopt import pipeline
    from ctxopt.view.verify import describe

    verification = pipeline.verify(request, client=client)
    with contextlib.suppress(BrokenPipeError):  # a difference stands, read or not
        for line in describe(verification):
            click.echo(line)
    if not verification.comparison.same:
        click.get_current_context().exit(FINDING)


def _verify_reading(found: FoundBuilds, client: str | None) -> None:
    """Hold what compose and bake files say against docker's own reading."""
    if not (found.choice.compose_files or found.choice.bake_files):
        raise click.UsageError(
            "one build at a time: name it; or compare the reading of files that name "
            "builds, with --compose or --bake"
        )
    from ctxopt.pipeline.builds.comparison import verify_builds
    from ctxopt.pipeline.builds.finding import find_builds
    from ctxopt.view.verify import describe_reading

    found = find_builds(".", found.choice._replace(everything=True))
    verified = verify_builds(found, client=client)
    with contextlib.suppress(BrokenPipeError):
        for line in describe_reading(verified.asked, verified.differences, found):
            click.echo(line)
    if verified.differences:
        click.get_current_context().exit(FINDING)
