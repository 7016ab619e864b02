"""`ctxopt check`: everything that is wrong with a build, as a gate."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from io import StringIO
from typing import TYPE_CHECKING, NamedTuple, TextIO

import click

from ctxopt import __version__
from ctxopt.cli.configuring import in_force, which_config
from ctxopt.cli.options import (
    Count,
    complete_file,
    size_in_bytes,
    which_build,
    which_form,
)
from ctxopt.cli.program import FINDING, BuildCommand, Refused, examples, is_quiet

if TYPE_CHECKING:
    from ctxopt.core.checking.records import CheckReport
    from ctxopt.core.checking.settings import CheckSettings
    from ctxopt.core.model import Request

FORMS = ("text", "json", "sarif", "github", "markdown", "gitlab", "checkstyle", "junit")
LIMITS = ("error", "warning", "note", "never")


class _Output(NamedTuple):
    """A form, and the file that it goes to."""

    form: str
    path: str | None = None  # None: standard output


def _reports(
    _ctx: click.Context, _param: click.Parameter, given: tuple[str, ...]
) -> tuple[_Output, ...]:
    """Read `FORM=FILE`."""
    made = []
    for word in given:
        form, _, path = word.partition("=")
        if form not in FORMS or not path:
            raise click.BadParameter(
                f'"{word}" names no form and file; write FORM=FILE, such as'
                f" sarif=check.sarif; the forms are {', '.join(FORMS)}"
            )
        made.append(_Output(form, path))
    return tuple(made)


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
    "--max-size",
    callback=size_in_bytes,
    metavar="SIZE",
    help="The most that the context may have, such as 50MB.",
)
@click.option(
    "--max-files",
    type=Count(),
    metavar="N",
    help="The most files that it may have.",
)
@click.option(
    "--max-transfer-size",
    callback=size_in_bytes,
    metavar="SIZE",
    help="The most that this build may send of it.",
)
@click.option(
    "--max-transfer-files",
    type=Count(),
    metavar="N",
    help="The most files that it may send.",
)
@click.option(
    "--baseline",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Sizes as they were; what has grown since then is an error.",
)
@click.option(
    "--max-growth",
    type=click.FloatRange(min=0),
    default=5,
    show_default=True,
    metavar="PERCENT",
    help="How much it may grow from there.",
)
@click.option(
    "--update-baseline", is_flag=True, help="Write the sizes of today into --baseline."
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    shell_complete=complete_file,
    help="Write it to a file.",
)
@click.option(
    "--report",
    "reports",
    multiple=True,
    callback=_reports,
    metavar="FORM=FILE",
    help="Also write another form to a file; may be repeated.",
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
@which_config
def check(
    request: Request,
    *,
    form: str,
    output: str | None,
    reports: tuple[_Output, ...],
    statistics: bool,
    max_growth: float,
    update_baseline: bool,
    **_configured: object,
) -> None:
    """Check the build: what breaks it, what is useless, large, secret or slow.

    Exit status 1 if something is found that is as bad as --fail-on says.
    """
    from ctxopt.core.checking.settings import configured_settings

    configured = in_force()
    if update_baseline and configured.baseline is None:
        raise click.UsageError("--update-baseline needs --baseline FILE")
    settings = configured_settings(configured, max_growth=max_growth)
    report = _checked(request, settings, renew_baseline=update_baseline)
    first = _Output("statistics" if statistics else form, output)
    for one in (*reports, first):
        _show(report, one)
    if _fails(report, configured.fail_on):
        click.get_current_context().exit(FINDING)


def _checked(
    request: Request, settings: CheckSettings, *, renew_baseline: bool
) -> CheckReport:
    from ctxopt.pipeline.check.checking import check as checked
    from ctxopt.view.terminal.progress import Progress

    with Progress(sys.stderr, silent=is_quiet()) as progress:
        report = checked(
            request, settings, renew_baseline=renew_baseline, progress=progress
        )
    return report._replace(made_by=__version__)


def _show(report: CheckReport, output: _Output) -> None:
    """Write a form to its file, which is whole or as it was unless the disk fails."""
    show = _view(output.form)
    if output.path is None:
        show(report, sys.stdout)
        return
    from pathlib import Path  # start-up: most checks write no file

    text = StringIO()
    show(report, text)
    try:
        Path(output.path).write_text(text.getvalue(), encoding="utf-8")
    except OSError as error:
        raise Refused(f'cannot write "{output.path}": {error.strerror}') from None


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
