"""The command that writes: the dialogue, and nothing of what it is about."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from ctxopt.cli.asking import (
    Manner,
    can_ask,
    check_edited,
    confirmed,
    done,
    nothing_to_do,
    prompt,
    say,
    show_notes,
    wanted_all_the_same,
)
from ctxopt.cli.builds import which_builds
from ctxopt.cli.configuring import in_force
from ctxopt.cli.options import complete_suggestion, which_seconds
from ctxopt.cli.program import FINDING, BuildCommand, examples
from ctxopt.cli.saying import announce, complain, is_quiet
from ctxopt.core.tuples import NamedTuple

if TYPE_CHECKING:
    from ctxopt.core.builds.records import FoundBuilds
    from ctxopt.core.model import Request
    from ctxopt.pipeline.advice import Estimate
    from ctxopt.pipeline.writing.drafting import Drafting
    from ctxopt.pipeline.writing.plan import Choice, WritePlan


@click.command(
    cls=BuildCommand,
    epilog=examples(
        "ctxopt write",
        "ctxopt write --yes --skip vcs-git",
        "ctxopt write --all --yes    # the ignore files of all builds",
        "ctxopt write --check        # in CI: exit status 1 if there is something",
        "ctxopt write --remove",
    ),
)
@click.option(
    "-y", "--yes", is_flag=True, help="Write what is certain and likely, ask nothing."
)
@click.option(
    "--only",
    multiple=True,
    metavar="ID",
    shell_complete=complete_suggestion,
    help="Just this suggestion, unasked: its id as scan shows it, or one of its "
    "patterns; may be repeated.",
)
@click.option(
    "--skip",
    multiple=True,
    metavar="ID",
    shell_complete=complete_suggestion,
    help="Not this one, for this run; an id or a pattern; may be repeated.",
)
@click.option(
    "--include-ask", is_flag=True, help="Also what depends on the project, unasked."
)
@click.option(
    "--preventive",
    is_flag=True,
    help="Also lines for what git ignores and is not there yet; without an ignore "
    "file they are written in any case.",
)
@click.option("-n", "--dry-run", is_flag=True, help="Show the diff and write nothing.")
@click.option(
    "--check",
    is_flag=True,
    help="Write nothing; exit status 1 if there is something certain or likely.",
)
@click.option(
    "--per-dockerfile",
    is_flag=True,
    help="Write NAME.dockerignore beside the Dockerfile, with the lines in effect.",
)
@click.option("--remove", is_flag=True, help="Take the lines of ctxopt out again.")
@click.option(
    "--allow-list",
    is_flag=True,
    help="Let through what the sources name and nothing else.",
)
@which_builds
@which_seconds
def write(
    request: Request,
    *,
    found: FoundBuilds | None,
    estimate: Estimate,
    yes: bool,
    only: tuple[str, ...],
    skip: tuple[str, ...],
    include_ask: bool,
    preventive: bool,
    dry_run: bool,
    check: bool,
    per_dockerfile: bool,
    remove: bool,
    allow_list: bool,
) -> None:
    """Put the suggestions into the ignore file, safely.

    Shows what changes and asks. The lines go into one marked block; yours are
    never touched. Nothing is written before both builders were simulated with it.
    With --all, and for several builds, each ignore file gets what all its builds can
    do without.
    """
    from ctxopt.pipeline.writing.plan import Choice

    _check_usage(
        whole={"--remove": remove, "--allow-list": allow_list},
        partial={
            "--only": only,
            "--skip": skip,
            "--include-ask": include_ask,
            "--preventive": preventive,
        },
    )
    choice = Choice(
        only=only,
        skip=skip,
        include_ask=include_ask,
        per_dockerfile=per_dockerfile,
        preventive=preventive,
    )
    manner = Manner(yes=yes, dry_run=dry_run, check=check)
    what = _What(choice, estimate, removes=remove, lists=allow_list)
    if found is not None:
        _write_several(found, request, what, manner)
        return
    plan = _plan(request, what, manner)
    if plan is not None:
        _carry_out(plan, estimate.profile, manner)


class _What(NamedTuple):
    """What to write: the suggestions of a choice, or something else instead."""

    choice: Choice
    estimate: Estimate
    removes: bool
    lists: bool


def _write_several(
    found: FoundBuilds, request: Request, what: _What, manner: Manner
) -> None:
    """Write the ignore files of several builds, or take the lines out of them."""
    if what.lists:
        raise click.UsageError(
            "--allow-list is for one build, as it lets through what that one "
            "names: name the build, or leave it out"
        )
    from ctxopt.cli import write_all  # start-up: most write for one

    several = write_all.Several(found, found.choice.all_words(request.context))
    if what.removes:
        write_all.remove_all(several, what.choice, manner)
    else:
        write_all.write_all(several, what.choice, what.estimate, manner)


def _plan(request: Request, what: _What, manner: Manner) -> WritePlan | None:
    """What to do with the ignore file of a build; None when the user left."""
    from ctxopt import pipeline

    if manner.writes:
        pipeline.remove_leftovers(request, what.choice)  # before they are measured
    if what.removes:
        return pipeline.plan_removal(request, what.choice)
    if what.lists:
        return pipeline.plan_allow_list(request, what.choice, in_force().policy)
    return _planned(request, what.choice, what.estimate, asks=manner.asks)


def _check_usage(*, whole: Mapping[str, object], partial: Mapping[str, object]) -> None:
    """Refuse options that say two things at once."""
    given = [name for name, value in whole.items() if value]
    given += [name for name, value in partial.items() if value and given]
    if len(given) > 1:
        raise click.UsageError(f"{given[0]} and {given[1]} exclude each other")


def _planned(
    request: Request, choice: Choice, estimate: Estimate, *, asks: bool
) -> WritePlan | None:
    """What to write, the questions answered; None when the user left."""
    from ctxopt import pipeline
    from ctxopt.view.terminal.progress import Progress
    from ctxopt.view.write import dialogue

    with Progress(sys.stderr, silent=is_quiet()) as progress:
        draft = pipeline.plan(
            request,
            choice,
            estimate=estimate,
            policy=in_force().policy,
            progress=progress,
            announce=announce,
        )
    answers = dialogue.NO_ANSWERS
    asks = asks and can_ask()
    if asks:
        given = dialogue.ask(draft.consents.questions, prompt, sys.stdout)
        if given is None:
            say("Nothing was written.")
            return None
        answers = given.also(wanted_all_the_same(draft.consents))
    plan = draft.plan(answers.accepted, answers.declined)
    dialogue.show_held(draft.held, sys.stdout)
    if draft.spares_others:
        complain(
            "note: some is held back for other Dockerfiles of this folder; "
            "--per-dockerfile writes a file for this one alone"
        )
    for said in draft.absent:
        complain(f"note: {said}")
    for said in draft.consents.overruled:
        complain(f"warning: {said}")
    if not asks:
        _say_what_is_left(draft)
    return plan


def _say_what_is_left(draft: Drafting) -> None:
    """Say what is not written because nobody was asked, and how to write it."""
    from ctxopt.view.terminal.formatting import count

    left = draft.consents
    asked = sum(one.sent for one in left.questions)
    if asked:
        complain(
            f"note: {count(asked, 'question')} left that only you can answer: "
            "run ctxopt write on a terminal, or say --only ID"
        )
    unsent = len(left.unsent) + len(left.questions) - asked
    if unsent:
        # It sends everything; but not every build can be asked of it.
        cached = any(one.for_cache for one in (*left.unsent, *left.questions))
        alike = ", or --builder legacy for all that is sure"
        alike = "" if draft.is_own or cached else alike
        other = " or for the cache" if cached else ""
        complain(
            f"note: {count(unsent, 'suggestion')} left out, for what this build does "
            f"not send{other}: run ctxopt write on a terminal, or say --only ID to "
            f"write one{alike}"
        )


def _carry_out(plan: WritePlan, profile: str, manner: Manner) -> None:
    """Show a plan and, where that is wanted, write it."""
    if not plan.changes:
        say(nothing_to_do(plan))
        show_notes(plan)
        return
    check_edited(plan, manner)
    # A finding stands, whether somebody reads it or not.
    unread = contextlib.suppress(BrokenPipeError)
    with unread if manner.check else contextlib.nullcontext():
        _show_plan(plan, profile)
    if (manner.yes or manner.check) and not plan.goes_unasked:
        complain("note: it is left out for that; say --only ID to write it")
        return
    if manner.check:
        click.get_current_context().exit(FINDING)
    if manner.dry_run:
        return
    if manner.asks and not confirmed([plan]):
        say("Nothing was written.")
        return
    plan.apply()
    say(done(plan))


def _show_plan(plan: WritePlan, profile: str) -> None:
    from ctxopt.view.write import dialogue

    dialogue.show_diff(plan.before, plan.after or b"", plan.target.shown, sys.stdout)
    if plan.now is not None and plan.then is not None:
        click.echo()
        dialect = plan.target.file.dialect
        dialogue.show_outcome(plan.now, plan.then, profile, sys.stdout, dialect=dialect)
        if plan.grows:
            complain(f"note: {dialogue.growth(plan.now, plan.then)}")
    show_notes(plan)
    if plan.other_names:
        complain(f"note: {dialogue.parted(plan.target.shown, plan.other_names)}")
    sys.stdout.flush()  # nothing is written that could not be shown first
