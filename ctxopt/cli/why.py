"""`ctxopt why`: which line keeps a path out or in, and who takes it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ctxopt.cli.options import complete_file, which_context, which_form
from ctxopt.cli.program import FINDING, BuildCommand, examples

if TYPE_CHECKING:
    from ctxopt.core.model import Request


@click.command(
    cls=BuildCommand,
    epilog=examples(
        "ctxopt why logs/app.log",
        "ctxopt why -C services/api --target prod config.yml",
        "ctxopt why '**/*.pem'",
        "ctxopt why              # after a failed build: each source in turn",
    ),
)
@click.argument("paths", metavar="[PATH]...", nargs=-1, shell_complete=complete_file)
@which_form("Answers for people or for programs.")
@which_context
def why(request: Request, *, paths: tuple[str, ...], form: str) -> None:
    """Say which line keeps a path out or in, and who copies it.

    PATH is a file, a folder or a pattern, from the current folder or from the
    context. Without one, each source of the Dockerfile is looked up, those that
    fail first. Nothing is walked. Exit status 0 if all is in the context (without
    a PATH: if all is found), 1 if not.
    """
    from ctxopt.pipeline.why.asking import explain

    told = explain(request, paths)
    if form == "json":
        from ctxopt.view.why.json import show
    else:
        from ctxopt.view.why.text import show
    show(told, sys.stdout)
    if not told.all_in_context:
        click.get_current_context().exit(FINDING)
