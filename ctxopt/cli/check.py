"""`ctxopt check`: everything that is wrong with a build, as a gate."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, TextIO

import click

from ctxopt.cli.options import complete_file, which_build, which_form
from ctxopt.cli.program import FINDING, BuildCommand, examples, is_quiet

if TYPE_CHECKING:
    from ctxopt.core.checking.records import CheckReport
    from ctxopt.core.checking.settings import CheckSettings
    from ctxopt.core.model import Request

FORMS = ("text", "json")
LIMITS = ("error", "warning", "note", "never")


class _Output(NamedTuple):
    """Where what was found goes, in which form."""

    form: str
    file: TextIO | None  # None: standard output
    statistics: bool


def _list_rules(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click calls it
    if not wanted or ctx.resilient_parsing:
        return
    from ctxopt.core.checking.catalogue import RULES
    from ctxopt.view.check import explaining

    explaining.show_list(RULES, sys.stdout)
    ctx.exit()


@click.command(
    cls=BuildCommand,
    epilog=examples(
        "ctxopt check",
        "ctxopt check --fail-on warning --ignore CTX7",
        "ctxopt check --format json | jq '.findings[].code'",
        "ctxopt explain CTX101",
    ),
)
@which_form("For people, or for the program that reads it.", FORMS)
@click.option(
    "--fail-on",
    type=click.Choice(LIMITS),
    default="error",
    show_default=True,
    help="The least severity for exit status 1.",
)
@click.option(
    "--select",
    multiple=True,
    metavar="RULE",
    help="Only these: a number, the start of one (CTX2), or a word; may be repeated.",
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="RULE",
    help="Not these, named in the same way; may be repeated.",
)
@click.option(
    "--output",
    type=click.File("w", encoding="utf-8", lazy=True, atomic=True),
    metavar="FILE",
    shell_complete=complete_file,
    help="Write it to a file.",
)
@click.option("--statistics", is_flag=True, help="How often each rule found something.")
@click.option(
    "--list",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_rules,
    help="List all rules and exit.",
)
@which_build
def check(
    request: Request,
    *,
    form: str,
    fail_on: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    output: TextIO | None,
    statistics: bool,
) -> None:
    """Check the build: what breaks it, what is useless, large, secret or slow.

    Exit status 1 if something is found that is as bad as --fail-on says.
    """
    from ctxopt.core.checking.settings import CheckSettings

    report = _checked(request, CheckSettings(select=select, ignore=ignore))
    _show(report, _Output(form, output, statistics))
    if _fails(report, fail_on):
        click.get_current_context().exit(FINDING)


def _checked(request: Request, settings: CheckSettings) -> CheckReport:
    from ctxopt.pipeline.check.checking import check as checked
    from ctxopt.view.terminal.progress import Progress

    with Progress(sys.stderr, silent=is_quiet()) as progress:
        return checked(request, settings, progress=progress)


def _show(report: CheckReport, output: _Output) -> None:
    show = _view("statistics" if output.statistics else output.form)
    show(report, output.file or sys.stdout)


def _view(form: str) -> Callable[[CheckReport, TextIO], None]:
    """What shows a form; its module is imported when it is asked for."""
    show: Callable[[CheckReport, TextIO], None]
    show = import_module(f"ctxopt.view.check.{form}").show
    return show


def _fails(report: CheckReport, limit: str) -> bool:
    from ctxopt.core.checking.selecting import is_as_bad
    from ctxopt.core.model import Severity

    if limit == "never":
        return False
    least = Severity(limit)
    return any(is_as_bad(one.severity, least) for one in report.diagnostics)
