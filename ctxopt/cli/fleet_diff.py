"""`ctxopt fleet diff`: what got better or worse between two reports of a fleet."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from ctxopt.cli.options import complete_folder, which_form
from ctxopt.cli.program import FINDING, WithExamples, examples, options_of_all


@click.command(
    "diff",
    cls=WithExamples,
    epilog=examples(
        "ctxopt fleet diff report.monday report.friday",
        "ctxopt fleet diff report.old report --check    # in CI",
    ),
)
@click.argument("old", metavar="OLD", shell_complete=complete_folder)
@click.argument("new", metavar="NEW", shell_complete=complete_folder)
@which_form("For people, or for programs.", ("text", "json", "markdown"))
@click.option(
    "--check", "gate", is_flag=True, help="Exit status 1 where something got worse."
)
@options_of_all
def diff(*, old: str, new: str, form: str, gate: bool) -> None:
    """Say what got better or worse between two reports of `ctxopt fleet`.

    OLD and NEW are folders that it wrote with -o.
    """
    from ctxopt.core.fleet.comparing import compare
    from ctxopt.pipeline.fleet.joining import reread

    found = compare(reread(old).lines, reread(new).lines)
    import_module(f"ctxopt.view.fleet.comparison.{form}").show(found, sys.stdout)
    if gate and found.is_worse:
        click.get_current_context().exit(FINDING)
