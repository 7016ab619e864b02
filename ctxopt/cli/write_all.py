"""Writing for many builds: each ignore file in its turn, and then all at once."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
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
from ctxopt.cli.configuring import in_force
from ctxopt.cli.program import FINDING
from ctxopt.cli.saying import complain, is_quiet
from ctxopt.core.tuples import NamedTuple

if TYPE_CHECKING:
    from ctxopt.core.builds.records import FoundBuilds
    from ctxopt.pipeline.advice import Estimate
    from ctxopt.pipeline.writing.plan import Choice, WritePlan
    from ctxopt.pipeline.writing.several import Drafts, FileDraft, FilePlan
    from ctxopt.view.write.dialogue import Answers


class Several(NamedTuple):
    """Builds that were found, and the words of a command line that mean them."""

    found: FoundBuilds
    words: tuple[str, ...]


def write_all(
    several: Several, choice: Choice, estimate: Estimate, manner: Manner
) -> None:
    """Put the suggestions for many builds into their ignore files."""
    from ctxopt.pipeline.writing import several as writing

    if manner.writes:
        writing.remove_all_leftovers(several.found.builds, choice)
    drafts = _drafted(several.found, choice, estimate)
    answers = _answered(drafts, asks=manner.asks and can_ask())
    if answers is None:
        say("Nothing was written.")
        return
    plans = []
    for at, draft in enumerate(drafts.files):
        plan = draft.plan(answers[at].accepted, answers[at].declined)
        _show(draft, plan, first=at == 0, check=manner.check)
        plans.append(plan)
    _say_more(drafts, choice)
    if not (manner.asks and can_ask()):
        _say_what_is_left(drafts)
    _carry_out([one.plan for one in plans], manner, several.words)


def remove_all(several: Several, choice: Choice, manner: Manner) -> None:
    """Take the lines of ctxopt out of all ignore files of many builds."""
    from ctxopt.pipeline.writing import several as writing
    from ctxopt.view.write import dialogue

    plans = writing.plan_removals(several.found.builds, choice)
    for plan in plans:
        check_edited(plan, manner)
    for plan in plans:
        if not plan.changes:
            say(nothing_to_do(plan))
            continue
        dialogue.show_diff(
            plan.before, plan.after or b"", plan.target.shown, sys.stdout
        )
        show_notes(plan)
    _carry_out(plans, manner, several.words)


def _drafted(found: FoundBuilds, choice: Choice, estimate: Estimate) -> Drafts:
    from ctxopt.pipeline.writing import several
    from ctxopt.view.terminal.progress import Progress

    with Progress(sys.stderr, silent=is_quiet()) as progress:
        return several.draft_all(
            found.builds,
            choice,
            estimate=estimate,
            policy=in_force().policy,
            progress=progress,
        )


def _answered(drafts: Drafts, *, asks: bool) -> list[Answers] | None:
    """The answers of a person, file by file; None when the user left."""
    from ctxopt.view.write import dialogue, several

    answers = []
    for at, draft in enumerate(drafts.files):
        given: Answers | None = dialogue.NO_ANSWERS
        if asks and (draft.consents.questions or draft.consents.unsent):
            several.show_file(draft.shown, draft.builds, sys.stdout, first=at == 0)
            given = dialogue.ask(draft.consents.questions, prompt, sys.stdout)
        if given is None:
            return None
        answers.append(given.also(wanted_all_the_same(draft.consents) if asks else ()))
    return answers


def _show(draft: FileDraft, planned: FilePlan, *, first: bool, check: bool) -> None:
    """Show what is written into a file, and what that is for each build."""
    from ctxopt.view.write import dialogue, several

    plan = planned.plan
    # A finding stands, whether somebody reads it or not.
    with contextlib.suppress(BrokenPipeError) if check else contextlib.nullcontext():
        several.show_file(draft.shown, draft.builds, sys.stdout, first=first)
        several.show_blocked(draft.blocked, sys.stdout)
        if plan.changes:
            before, after = plan.before, plan.after or b""
            dialogue.show_diff(before, after, plan.target.shown, sys.stdout)
            several.show_costs(planned.costs, sys.stdout)
        else:
            say(nothing_to_do(plan))
        sys.stdout.flush()  # nothing is written that could not be shown first
    for note in plan.notes:
        where = "" if draft.shown in note else f"{draft.shown}: "
        complain(f"note: {where}{note}")
    if plan.changes and plan.other_names:
        complain(f"note: {dialogue.parted(draft.shown, plan.other_names)}")
    if plan.grows and plan.now is not None and plan.then is not None:
        complain(f"note: {draft.shown}: {dialogue.growth(plan.now, plan.then)}")
    for said in draft.consents.overruled:
        complain(f"warning: {draft.shown}: {said}")


def _say_more(drafts: Drafts, choice: Choice) -> None:
    """Say which builds were left out, and which Dockerfiles do better alone."""
    from ctxopt.view.write import several

    for said in drafts.absent:
        complain(f"note: {said}")
    for name, error in drafts.left_out:
        complain(f"note: {name} is left out: {error}")
    for draft in drafts.files:
        for one in draft.apart:
            names = one.own.group.names
            complain(f"note: {several.apart(one.file, names, one.saved_bytes)}")
    is_apart = any(one.advice.group.specific for one in drafts.files)
    if choice.per_dockerfile and not is_apart:
        complain(
            "note: no Dockerfile does better with an ignore file of its own, "
            "so they share one"
        )


def _say_what_is_left(drafts: Drafts) -> None:
    """Say what is not written because nobody was asked, and how to write it."""
    from ctxopt.view.terminal.formatting import count

    asked = sum(len(one.consents.questions) for one in drafts.files)
    if asked:
        complain(
            f"note: {count(asked, 'question')} left that only you can answer: "
            "run it on a terminal, or say --only ID"
        )
    idle = sum(len(one.consents.unsent) for one in drafts.files)
    if idle:
        complain(
            f"note: {count(idle, 'suggestion')} left out that only the cache gains "
            "from: run it on a terminal, or say --only ID to write one"
        )


def _carry_out(
    plans: Sequence[WritePlan], manner: Manner, builds: Sequence[str]
) -> None:
    """Write all files of which that is wanted, once they were shown."""
    from ctxopt.pipeline.writing.several import apply_all

    changing = [one for one in plans if one.changes]
    if not manner.asks and not manner.dry_run:
        for one in changing:
            if not one.goes_unasked:
                complain(
                    f"note: {one.target.shown} is left out for that; say --only ID to "
                    "write it"
                )
        changing = [one for one in changing if one.goes_unasked]
    if manner.check:
        if changing:
            click.get_current_context().exit(FINDING)
        return
    if manner.dry_run or not changing:
        return
    if manner.asks and not confirmed(changing):
        say("Nothing was written.")
        return
    apply_all(changing)
    for one in changing:
        say(done(one, builds=builds))
