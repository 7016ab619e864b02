"""What a command that writes asks and says, for one ignore file and for several."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ctxopt.cli.program import Refused
from ctxopt.cli.saying import complain
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import WriteError

if TYPE_CHECKING:
    from ctxopt.pipeline.writing.consents import Consents
    from ctxopt.pipeline.writing.plan import WritePlan


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


def can_ask() -> bool:
    """Whether there is a person at a terminal."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()


def prompt(words: str) -> str:
    """What a person answers to some words in front of the cursor."""
    answer: str = click.prompt(words, default="", show_default=False, prompt_suffix="")
    return answer


def wanted_all_the_same(consents: Consents) -> set[str]:
    """The ids of what no build sends, if the user wants the lines."""
    from ctxopt.view.write import dialogue

    if not consents.unsent:
        return set()
    dialogue.show_unsent(consents.unsent, sys.stdout)
    wanted = click.confirm("Add these lines, too?", default=False)
    click.echo()
    return {one.id for one in consents.unsent} if wanted else set()


def check_edited(plan: WritePlan, manner: Manner) -> None:
    """Raise WriteError where nobody is asked, and the lines of a person would go."""
    if plan.edited and manner.yes and manner.writes:
        raise WriteError(
            "this block was edited by hand, and the lines of a person would be lost",
            file=plan.edited.file,
            line=plan.edited.line,
            hint="run it on a terminal, or move your lines out of the block first",
        )


def confirmed(plans: Sequence[WritePlan]) -> bool:
    """Whether a person agrees to what was shown."""
    from ctxopt.view.terminal.keys import forget_typed

    if not can_ask():
        raise Refused(
            "nothing was written: there is no terminal to ask on; "
            "say --yes to write it, or --dry-run to see it"
        )
    click.echo()
    edited = [one.edited for one in plans if one.edited is not None]
    for one in edited:
        say(
            f"{one.file}:{one.line}: this block was edited by hand since ctxopt "
            "wrote it."
        )
    default = not edited and not any(one.grows for one in plans)
    # Whoever types ahead has not seen what this is about.
    sys.stdout.flush()
    forget_typed(sys.stdin)
    return click.confirm(_last_question(plans), default=default)


def _last_question(plans: Sequence[WritePlan]) -> str:
    """What is about to happen, as a question."""
    from ctxopt.view.terminal.formatting import count, printable

    first, *others = plans
    shown = printable(first.target.shown)
    if others:
        files = f"these {count(len(plans), 'file')}"
        removing = f"Take the lines of ctxopt out of {files}?"
        return removing if first.removes else f"Write {files}?"
    if first.edited:
        return "Take it out, those lines too?"
    if first.removes and first.after is None:
        return f"Remove {shown}, which holds only the lines of ctxopt?"
    if first.removes:
        return f"Take the lines of ctxopt out of {shown}?"
    return f"Write {shown} all the same?" if first.grows else f"Write {shown}?"


def show_notes(plan: WritePlan) -> None:
    """Say what could not be tried, and what is left out."""
    for note in plan.notes:
        complain(f"note: {note}")


def nothing_to_do(plan: WritePlan) -> str:
    """Why a plan changes nothing."""
    shown = plan.target.shown
    if plan.removes:
        return f"Nothing to remove: no lines of ctxopt in {shown}."
    if plan.snapshot.content is None:
        return "Nothing to write."
    return f"Nothing to write: {shown} is as it should be."


def done(plan: WritePlan, *, builds: Sequence[str] = ()) -> str:
    """What was done to a file; `builds` are the words that mean those it was for."""
    shown = plan.target.shown
    if plan.after is None:
        return f"{shown}: removed, nothing but the lines of ctxopt was in it."
    if plan.removes:
        return f"{shown}: the lines of ctxopt are out."
    command = shlex.join(["ctxopt", "write", *builds, "--remove"])
    return f"{shown}: written. Take it back with: {command}"


def say(words: str) -> None:
    """Write a line to standard output, whatever names are in it."""
    from ctxopt.view.terminal.formatting import printable

    click.echo(printable(words, sys.stdout.encoding or "utf-8"))
