"""`ctxopt why`: which line keeps a path out or in, and who takes it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ctxopt.cli.options import complete_file, which_context, which_form
from ctxopt.cli.program import FINDING, BuildCommand, Refused, examples

if TYPE_CHECKING:
    from ctxopt.core.model import Request


@click.command(
    cls=BuildCommand,
    epilog=examples(
        "ctxopt why logs/app.log",
        "ctxopt why -C services/api --target prod config.yml",
        "ctxopt why '**/*.pem'",
        "ctxopt why              # after a failed build: each source in turn",
        "ctxopt why --build-log build.log",
    ),
)
@click.argument("paths", metavar="[PATH]...", nargs=-1, shell_complete=complete_file)
@click.option(
    "--build-log",
    "log",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    metavar="LOG",
    shell_complete=complete_file,
    help='Explain the errors of a build from what docker printed; "-" reads standard'
    " input.",
)
@which_form("Answers for people or for programs.")
@which_context
def why(
    request: Request, *, paths: tuple[str, ...], form: str, log: str | None
) -> None:
    """Say which line keeps a path out or in, and who copies it.

    PATH is a file, a folder or a pattern, from the current folder or from the
    context. Without one, each source of the Dockerfile is looked up, those that
    fail first. Nothing is walked. Exit status 0 if all is in the context (without
    a PATH: if all is found), 1 if not.

    With --build-log, each error in docker's output is explained as its source is.
    Exit status 1 if one is about the context.
    """
    if log is not None:
        _explain_log(request, paths, form, log=log)
        return
    from ctxopt.pipeline.why.asking import explain

    told = explain(request, paths)
    if form == "json":
        from ctxopt.view.why.json import show
    else:
        from ctxopt.view.why.text import show
    show(told, sys.stdout)
    if not told.all_in_context:
        click.get_current_context().exit(FINDING)


def _explain_log(
    request: Request, paths: tuple[str, ...], form: str, *, log: str
) -> None:
    from ctxopt.core.buildlog.lines import decoded
    from ctxopt.pipeline.why.logs import explain_log

    if paths:
        raise Refused(
            "--build-log and a PATH do not go together",
            hint="the log says which paths; leave one of the two out",
        )
    if log == request.dockerfile == "-":
        raise Refused(
            "standard input cannot be both, the Dockerfile and the log",
            hint="give one of them by its name",
        )
    with click.open_file(log, "rb") as opened:
        text = decoded(opened.read())
    told = explain_log(request, text, "standard input" if log == "-" else log)
    if form == "json":
        from ctxopt.view.why.log_json import show
    else:
        from ctxopt.view.why.logs import show
    show(told, sys.stdout)
    if told.is_of_context:
        click.get_current_context().exit(FINDING)
