"""`ctxopt verify`: our numbers beside those of the docker installed here."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import click

from ctxopt.cli.options import (
    complete_file,
    which_build,
)
from ctxopt.cli.program import FINDING, BuildCommand, examples

if TYPE_CHECKING:
    from ctxopt.core.model import Request


@click.command(
    cls=BuildCommand,
    epilog=examples(
        "ctxopt verify",
        "ctxopt verify --builder legacy .",
    ),
)
@click.option(
    "--client",
    metavar="PATH",
    shell_complete=complete_file,
    help="The docker to ask.  [default: docker]",
)
@which_build
def verify(request: Request, *, client: str | None) -> None:
    """Hold the numbers against the docker installed here.

    Exit status 1 when docker would send anything else.
    """
    from ctxopt import pipeline
    from ctxopt.view.verify import describe

    verification = pipeline.verify(request, client=client)
    with contextlib.suppress(BrokenPipeError):  # a difference stands, read or not
        for line in describe(verification):
            click.echo(line)
    if not verification.comparison.same:
        click.get_current_context().exit(FINDING)
