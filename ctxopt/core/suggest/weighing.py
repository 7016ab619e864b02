"""Proposals weighed one beside the other: what is shown of them, by rank."""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.core.bitmask import bits
from ctxopt.core.measure.clutter_match import ClutterMatch
from ctxopt.core.model import BuildCost, Confidence, Suggestion, Tally
from ctxopt.core.suggest.savings import Savings
from ctxopt.core.suggest.unsettling import unsettles_layers
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from ctxopt.core.suggest.proposals import Proposal

MOST_PATHS = 5  # of what a suggestion hits, told as examples


class Weighed(NamedTuple):
    """A proposal, and the suggestion that is shown of it once its savings are known."""

    proposal: Proposal
    shown: Suggestion


def weigh(made: Sequence[Proposal], savings: Savings) -> list[Weighed]:
    """The proposals by rank, each with what it saves beside those before it.

    So the savings of all that is sure add up to what all of it saves. What others
    take the most of goes behind what saves more beside them.
    """
    now = savings.now()
    alone = [
        Weighed(one, suggestion(one, now, savings.after(one.clutter))) for one in made
    ]
    first = _beside(sorted(alone, key=rank_of), savings)
    again = sorted(first, key=rank_of)
    return first if again == first else _beside(again, savings)


def _beside(ranked: Sequence[Weighed], savings: Savings) -> list[Weighed]:
    """The same proposals, each with what it saves beside those before it."""
    weighed = []
    gone: list[ClutterMatch] = []
    now = savings.now()
    for one in ranked:
        gone += one.proposal.clutter
        then = savings.after(gone)
        weighed.append(Weighed(one.proposal, suggestion(one.proposal, now, then)))
        now = then
    return weighed


def suggestion(proposal: Proposal, now: BuildCost, after: BuildCost) -> Suggestion:
    """A proposal, and what a build costs without and with its lines."""
    saved = _difference(now.transfer, after.transfer)
    heaviest = sorted(proposal.clutter, key=lambda find: -find.context.file_bytes)
    paths = [path for find in heaviest for path in find.paths]
    return Suggestion(
        rule=proposal.rule,
        patterns=proposal.lines,
        label=proposal.label,
        reason=proposal.reason,
        confidence=proposal.confidence,
        question=proposal.question,
        notes=proposal.notes,
        files=saved.files,
        file_bytes=saved.file_bytes,
        wire_bytes=saved.wire_bytes,
        repeat_wire_bytes=now.repeat_wire_bytes - after.repeat_wire_bytes,
        context=_difference(now.context, after.context),
        seconds=now.first_build_seconds - after.first_build_seconds,
        repeat_seconds=now.repeat_build_seconds - after.repeat_build_seconds,
        sources=bits(proposal.mask),
        risk=proposal.risk,
        id=proposal.id,
        unsettles=bool(proposal.mask) and unsettles_layers(proposal.rule),
        paths=tuple(paths[:MOST_PATHS]),
        path_count=len(paths),
        preventive=proposal.preventive,
    )


def _difference(before: Tally, after: Tally) -> Tally:
    return Tally(
        before.entries - after.entries,
        before.files - after.files,
        before.directories - after.directories,
        before.file_bytes - after.file_bytes,
        before.wire_bytes - after.wire_bytes,
    )


_SURENESS = {Confidence.CERTAIN: 0, Confidence.LIKELY: 1, Confidence.ASK: 2}


def rank_of(weighed: Weighed) -> tuple[bool, bool, int, int, int, str]:
    """What is sure comes first, then what saves most; what is never sent last."""
    one = weighed.shown
    return (
        not one.sent,
        one.confidence is Confidence.ASK,
        -one.wire_bytes,
        -one.context.wire_bytes,
        _SURENESS[one.confidence],
        one.rule,
    )
