"""`ctxopt check`: everything that is wrong with a build, as a gate."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TextIO

import click

from ctxopt import __version__
from ctxopt.cli.builds import check_budgets, which_builds
from ctxopt.cli.configuring import in_force, in_force_of, which_config
from ctxopt.cli.options import Count, complete_file, size_in_bytes, which_form
from ctxopt.cli.outputs import FORMS, Output, check_apart, other_forms, own_file
from ctxopt.cli.program import FINDING, BuildCommand, examples
from ctxopt.cli.saying import complain, is_quiet
from ctxopt.core.tuples import NamedTuple

if TYPE_CHECKING:
    from ctxopt.core.builds.records import FoundBuilds
    from ctxopt.core.checking.records import CheckReport
    from ctxopt.core.checking.settings import CheckSettings
    from ctxopt.core.model import Request
    from ctxopt.pipeline.check.mending import MendingPlan

LIMITS = ("error", "warning", "note", "never")


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
        "ctxopt check --diff        # what --fix would mend",
        "ctxopt check --all         # each image of a repository",
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
    callback=own_file,
    metavar="FILE",
    shell_complete=complete_file,
    help="Write it to a file.",
)
@click.option(
    "--report",
    "reports",
    multiple=True,
    callback=other_forms,
    metavar="FORM=FILE",
    help="Also write another form to a file; may be repeated.",
)
@click.option(
    "--fix",
    is_flag=True,
    help="Mend what is safe to mend, with both builders tried first; show the diff.",
)
@click.option(
    "--diff",
    "only_diff",
    is_flag=True,
    help="Show what --fix would do; exit status 1 if there is something.",
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
@which_builds
@which_config
def check(
    request: Request,
    *,
    found: FoundBuilds | None,
    form: str,
    output: str | None,
    reports: tuple[Output, ...],
    statistics: bool,
    fix: bool,
    only_diff: bool,
    max_growth: float,
    update_baseline: bool,
    **_configured: object,
) -> None:
    """Check the build: what breaks it, what is useless, large, secret or slow.

    Exit status 1 if something is found that is as bad as --fail-on says. With --all,
    all builds that the folder and its files name are checked, each with its budgets.
    """
    if fix and only_diff:
        raise click.UsageError("--fix and --diff exclude each other")
    if only_diff and (reports or output is not None):
        raise click.UsageError("--diff shows a diff, and makes no --report or --output")
    first = Output("statistics" if statistics else form, output)
    outputs = (*reports, first)
    check_apart(outputs)
    configured = in_force()
    if update_baseline and configured.baseline is None:
        raise click.UsageError("--update-baseline needs --baseline FILE")
    meant = _Meant(request, found, max_growth)
    if found is not None:
        check_budgets(request.context, found)
    report = meant.checked(renew_baseline=update_baseline)
    if only_diff:
        _show_mending(meant.plan(report))
        return
    if fix:
        shown = sys.stdout if form == "text" and output is None else sys.stderr
        report = _mended(meant, report, shown=shown)
    for one in outputs:
        one.show(report)
    if _fails(report, configured.fail_on):
        click.get_current_context().exit(FINDING)


class _Meant(NamedTuple):
    """What is checked: one build, or all that were found."""

    request: Request
    found: FoundBuilds | None
    max_growth: float

    def checked(self, *, renew_baseline: bool = False) -> CheckReport:
        """The check of it; with `renew_baseline`, sizes are written for later ones."""
        from ctxopt.view.terminal.progress import Progress

        settings = self._settings()
        with Progress(sys.stderr, silent=is_quiet()) as progress:
            if self.found is None:
                from ctxopt.pipeline.check.checking import check as check_one

                report = check_one(
                    self.request,
                    settings,
                    renew_baseline=renew_baseline,
                    progress=progress,
                )
            else:
                from ctxopt.pipeline.check.several import check_all

                report = check_all(
                    self.request.context,
                    self.found,
                    settings,
                    settings_of=self._settings,
                    renew_baseline=renew_baseline,
                    progress=progress,
                )
        return report._replace(made_by=__version__)

    def plan(self, report: CheckReport) -> MendingPlan:
        """What can be mended of what a check found."""
        from ctxopt.pipeline.check.mending import plan_mending, plan_mending_all

        if self.found is None:
            return plan_mending(self.request, report)
        local = (one for one in self.found.builds if one.refusal is None)
        return plan_mending_all({one.name: one.request for one in local}, report)

    def _settings(self, name: str | None = None) -> CheckSettings:
        """What is asked for: of a build of several by its name."""
        from ctxopt.core.checking.settings import configured_settings

        configured = in_force() if name is None else in_force_of(name)
        return configured_settings(configured, max_growth=self.max_growth)


def _show_mending(plan: MendingPlan) -> None:
    """Show what --fix would do; exit status 1 if it would do anything."""
    from ctxopt.view.check import mending

    mending.show([file.text for file in plan.files], sys.stdout)
    for said in map(mending.why_left, plan.left):
        complain(f"note: {said}")
    if plan.files:
        click.get_current_context().exit(FINDING)
    mending.show_nothing(sys.stdout)


def _mended(meant: _Meant, report: CheckReport, *, shown: TextIO) -> CheckReport:
    """Mend in rounds, as one fix may be in the way of another; the check after it."""
    from ctxopt.pipeline.check.mending import ROUNDS
    from ctxopt.view.check import mending

    plan = meant.plan(report)
    for _ in range(_rounds(plan, ROUNDS)):
        if not plan.files:
            break
        first = plan.files[0]
        mending.show([first.text], shown)
        first.apply()
        report = meant.checked()
        plan = meant.plan(report)
    for said in map(mending.why_left, plan.left):
        complain(f"note: {said}")
    return report


def _rounds(plan: MendingPlan, of_a_file: int) -> int:
    """How often to mend: each of many files may need as many rounds as one build."""
    return of_a_file * max(len(plan.files), 1)


def _fails(report: CheckReport, limit: str) -> bool:
    from ctxopt.core.checking.selecting import is_as_bad
    from ctxopt.core.model import Severity

    if limit == "never":
        return False
    least = Severity(limit)
    return any(is_as_bad(one.severity, least) for one in report.diagnostics)
