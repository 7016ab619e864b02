"""What git ignores and no rule speaks of: one question for all of it.

A working copy has seven such lines on the average. Whoever names one of them is told of
each by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.core.model import Confidence
from ctxopt.core.suggest import ids
from ctxopt.core.suggest.proposals import Proposal

GIT_LINE = "git-ignored"  # how `Proposal.rule` begins of what a line of git speaks of
REST = f"{ids.GIT}-rest"  # the id of all of them together
MOST_NOTED = 3  # lines of git that a note names


def gathered(made: Sequence[Proposal]) -> tuple[Proposal, ...]:
    """The proposals, the questions about lines of git as one in place of the first."""
    git = [one for one in made if _is_asked_of_git(one)]
    if len(git) < 2:
        return tuple(made)
    whole = _whole(git)
    kept = [one for one in made if one is git[0] or one not in git]
    return tuple(whole if one is git[0] else one for one in kept)


def _is_asked_of_git(one: Proposal) -> bool:
    is_git = one.rule.startswith(f"{GIT_LINE}:")
    return is_git and one.confidence is Confidence.ASK


def _whole(git: Sequence[Proposal]) -> Proposal:
    lines = dict.fromkeys(line for one in git for line in one.lines)
    clutter = {id(find): find for one in git for find in one.clutter}
    places = [one.rule.removeprefix(f"{GIT_LINE}:") for one in git]
    more = len(places) - MOST_NOTED
    noted = ", ".join(places[:MOST_NOTED]) + (f" and {more} more" if more > 0 else "")
    return git[0]._replace(
        rule=GIT_LINE,
        name=ids.Name(REST),
        label="what else git ignores",
        reason="git ignores it, and no rule knows what it is.",
        question="Does the image do without all of it?",
        lines=tuple(lines),
        clutter=tuple(clutter.values()),
        notes=(f"git ignores it ({noted})",),
        comment="what else git ignores",
    )
