"""The command that writes: the dialogue, and nothing of what it is about."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from ctxopt.cli.builds import which_builds
from ctxopt.cli.configuring import in_force
from ctxopt.cli.options import complete_suggestion, which_seconds
from ctxopt.cli.program import (
    FINDING,
    BuildCommand,
    Refused,
    announce,
    complain,
    examples,
    is_quiet,
)
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import WriteError

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
    from ctxopt import pipeline
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
    if found is not None:
        manner = Manner(yes=yes, dry_run=dry_run, check=check)
        _write_all(
            found, choice, estimate, manner, remove=remove, allow_list=allow_list
        )
        return
    quiet = yes or dry_run or check
    if not (dry_run or check):
        pipeline.remove_leftovers(request, choice)  # before they are measured
    if remove:
        plan = pipeline.plan_removal(request, choice)
    elif allow_list:
        plan = pipeline.plan_allow_list(request, choice, in_force().policy)
    else:
        made = _planned(request, choice, estimate, asks=not quiet)
        if made is None:
            return
        plan = made
    _carry_out(plan, estimate.profile, yes=yes, dry_run=dry_run, check=check)


class Manner(NamedTuple):
    """How it is to go: what is asked, and whether anything is written."""

    yes: bool
    dry_run: bool
    check: bool

    @property
    def writes(self) -> bool:
        """Whether anything may be written."""
        return not (self.dry_run or self.check)

    @property
    def asks(self) -> bool:
        """Whether a person is asked."""
        return self.writes and not self.yes


def _write_all(
    found: FoundBuilds,
    choice: Choice,
    estimate: Estimate,
    manner: Manner,
    *,
    remove: bool,
    allow_list: bool,
) -> None:
    """The same for many builds."""
    from ctxopt.cli import write_all  # start-up: most write for one

    if allow_list:
        raise click.UsageError(
            "--allow-list is for one build, as it lets through what that one names: "
            "name the build, or leave it out"
        )
    if remove:
        write_all.remove_all(found, choice, manner)
    else:
        write_all.write_all(found, choice, estimate, manner)


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
        given = dialogue.ask(draft.questions, prompt, sys.stdout)
        if given is None:
            say("Nothing was written.")
            return None
        answers = given.also(_wanted_all_the_same(draft))
    plan = draft.plan(answers.accepted, answers.declined)
    dialogue.show_held(draft.held, sys.stdout)
    if draft.spares_others:
        complain(
            "note: some is held back for other Dockerfiles of this folder; "
            "--per-dockerfile writes a file for this one alone"
        )
    for said in draft.absent:
        complain(f"note: {said}")
    for said in draft.overruled:
        complain(f"warning: {said}")
    if not asks:
        _say_what_is_left(draft)
    return plan


def _wanted_all_the_same(draft: Drafting) -> set[str]:
    """The ids of what this build does not send, if the user wants the lines."""
    from ctxopt.view.write import dialogue

    if not draft.unsent:
        return set()
    dialogue.show_unsent(draft.unsent, sys.stdout)
    wanted = click.confirm("Add these lines, too?", default=False)
    click.echo()
    return {one.id for one in draft.unsent} if wanted else set()


def _say_what_is_left(draft: Drafting) -> None:
    """Say what is not written because nobody was asked, and how to write it."""
    from ctxopt.view.terminal.formatting import count

    asked = sum(one.sent for one in draft.questions)
    if asked:
        complain(
            f"note: {count(asked, 'question')} left that only you can answer: "
            "run ctxopt write on a terminal, or say --only ID"
        )
    unsent = len(draft.unsent) + len(draft.questions) - asked
    if unsent:
        # It sends everything; but not every build can be asked of it.
        cached = any(one.for_cache for one in (*draft.unsent, *draft.questions))
        alike = ", or --builder legacy for all that is sure"
        alike = "" if draft.is_own or cached else alike
        other = " or for the cache" if cached else ""
        complain(
            f"note: {count(unsent, 'suggestion')} left out, for what this build does "
            f"not send{other}: run ctxopt write on a terminal, or say --only ID to "
            f"write one{alike}"
        )


def can_ask() -> bool:
    """Whether there is a person at a terminal."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()


def prompt(words: str) -> str:
    """What a person answers to some words in front of the cursor."""
    answer: str = click.prompt(words, default="", show_default=False, prompt_suffix="")
    return answer


def _carry_out(
    plan: WritePlan, profile: str, *, yes: bool, dry_run: bool, check: bool
) -> None:
    """Show a plan and, where that is wanted, write it."""
    if not plan.changes:
        say(nothing_to_do(plan))
        show_notes(plan)
        return
    asks = not (yes or dry_run or check)
    if plan.edited and yes and not (dry_run or check):
        raise WriteError(
            "this block was edited by hand, and the lines of a person would be lost",
            file=plan.edited.file,
            line=plan.edited.line,
            hint="run it on a terminal, or move your lines out of the block first",
        )
    # A finding stands, whether somebody reads it or not.
    with contextlib.suppress(BrokenPipeError) if check else contextlib.nullcontext():
        _show_plan(plan, profile)
    if (yes or check) and not plan.goes_unasked:
        complain("note: it is left out for that; say --only ID to write it")
        return
    if check:
        click.get_current_context().exit(FINDING)
    if dry_run:
        return
    if asks and not _confirmed(plan):
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


def show_notes(plan: WritePlan) -> None:
    """Say what could not be tried, and what is left out."""
    for note in plan.notes:
        complain(f"note: {note}")


def _confirmed(plan: WritePlan) -> bool:
    from ctxopt.view.terminal.keys import forget_typed

    if not can_ask():
        raise Refused(
            "nothing was written: there is no terminal to ask on; "
            "say --yes to write it, or --dry-run to see it"
        )
    click.echo()
    if plan.edited:
        place = f"{plan.edited.file}:{plan.edited.line}"
        say(f"{place}: this block was edited by hand since ctxopt wrote it.")
    question, default = _last_question(plan)
    # Whoever types ahead has not seen what this is about.
    sys.stdout.flush()
    forget_typed(sys.stdin)
    return click.confirm(question, default=default)


def _last_question(plan: WritePlan) -> tuple[str, bool]:
    """What is about to happen, as a question, and what Enter says to it."""
    from ctxopt.view.terminal.formatting import printable

    shown = printable(plan.target.shown)
    if plan.edited:
        return "Take it out, those lines too?", False
    if plan.removes and plan.after is None:
        return f"Remove {shown}, which holds only the lines of ctxopt?", True
    if plan.removes:
        return f"Take the lines of ctxopt out of {shown}?", True
    if plan.grows:
        return f"Write {shown} all the same?", False
    return f"Write {shown}?", True


def nothing_to_do(plan: WritePlan) -> str:
    """Why a plan changes nothing."""
    shown = plan.target.shown
    if plan.removes:
        return f"Nothing to remove: no lines of ctxopt in {shown}."
    if plan.snapshot.content is None:
        return "Nothing to write."
    return f"Nothing to write: {shown} is as it should be."


def done(plan: WritePlan, *, together: bool = False) -> str:
    """What was done to a file; `together` with those of other builds."""
    shown = plan.target.shown
    if plan.after is None:
        return f"{shown}: removed, nothing but the lines of ctxopt was in it."
    if plan.removes:
        return f"{shown}: the lines of ctxopt are out."
    if together:
        return f"{shown}: written. Take it back with: ctxopt write --all --remove"
    return f"{shown}: written. Take it back with: ctxopt write --remove"


def say(words: str) -> None:
    """Write a line to standard output, whatever names are in it."""
    from ctxopt.view.terminal.formatting import printable

    click.echo(printable(words, sys.stdout.encoding or "utf-8"))
