"""What lines for several builds save each of them, and all of them together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ctxopt.core.builds.merging import Joint
from ctxopt.core.builds.records import BuildSaving, SharedSuggestion
from ctxopt.core.measure.clutter_match import ClutterMatch
from ctxopt.core.model import BuildCost, Tally
from ctxopt.core.suggest.savings import Savings
from ctxopt.core.suggest.unsettling import unsettles_layers
from ctxopt.core.suggest.weighing import Weighed, rank_of, suggestion
from ctxopt.core.tuples import NamedTuple


class Sharer(NamedTuple):
    """A build that has a share in what lines save."""

    name: str
    root: str
    savings: Savings
    finds: Mapping[str, ClutterMatch]  # by each of their paths

    def hit(self, joint: Joint) -> list[ClutterMatch]:
        """The finds of its own walk that a joint proposal keeps out."""
        paths = joint.hit.get(self.root, frozenset())
        found = (self.finds[path] for path in sorted(paths) if path in self.finds)
        return [*{id(find): find for find in found}.values()]


class SharedWeighed(NamedTuple):
    """A joint proposal, what all save by it, and what each of them does."""

    joint: Joint
    weighed: Weighed
    savings: tuple[BuildSaving, ...]

    @property
    def suggestion(self) -> SharedSuggestion:
        """What is shown of it."""
        return SharedSuggestion(self.weighed.shown, self.savings)


def weigh_shared(
    joints: Sequence[Joint], sharers: Sequence[Sharer]
) -> tuple[SharedWeighed, ...]:
    """Joint proposals by rank, each with what it saves beside those before it."""
    alone = [_beside([one], sharers)[0] for one in joints]
    first = _beside(_ranked(alone), sharers)
    ranked = _ranked(first)
    again = first if ranked == [one.joint for one in first] else None
    return tuple(again or _beside(ranked, sharers))


def total(costs: Iterable[BuildCost]) -> BuildCost:
    """What several builds cost together."""
    each = [*costs]
    return BuildCost(
        context=_sum(one.context for one in each),
        transfer=_sum(one.transfer for one in each),
        repeat_wire_bytes=sum(one.repeat_wire_bytes for one in each),
        first_build_seconds=sum(one.first_build_seconds for one in each),
        repeat_build_seconds=sum(one.repeat_build_seconds for one in each),
    )


def _sum(tallies: Iterable[Tally]) -> Tally:
    return Tally(*map(sum, zip(*tallies, strict=True)))


def _ranked(weighed: Sequence[SharedWeighed]) -> list[Joint]:
    return [one.joint for one in sorted(weighed, key=lambda one: rank_of(one.weighed))]


def _beside(joints: Sequence[Joint], sharers: Sequence[Sharer]) -> list[SharedWeighed]:
    """Each with what it saves every build beside those before it."""
    gone: list[list[ClutterMatch]] = [[] for _ in sharers]
    now = [one.savings.now() for one in sharers]
    found = []
    for joint in joints:
        hits = [one.hit(joint) for one in sharers]
        for all_of_one, more in zip(gone, hits, strict=True):
            all_of_one.extend(more)
        then = [
            before if not more else one.savings.after(all_of_one)
            for one, all_of_one, more, before in zip(
                sharers, gone, hits, now, strict=True
            )
        ]
        found.append(_weighed(joint, sharers, hits, now=now, then=then))
        now = then
    return found


def _weighed(
    joint: Joint,
    sharers: Sequence[Sharer],
    hits: Sequence[Sequence[ClutterMatch]],
    *,
    now: Sequence[BuildCost],
    then: Sequence[BuildCost],
) -> SharedWeighed:
    proposal = joint.proposal
    masks = [any(find.mask for find in one) for one in hits]
    changes = unsettles_layers(proposal.rule)
    savings = [
        BuildSaving(
            one.name,
            before.transfer.wire_bytes - after.transfer.wire_bytes,
            before.repeat_wire_bytes - after.repeat_wire_bytes,
            unsettles=is_taken and changes,
        )
        for one, before, after, is_taken in zip(sharers, now, then, masks, strict=True)
    ]
    shown = suggestion(proposal, total(now), total(then))._replace(
        sources=(), unsettles=any(masks) and changes
    )
    told = [one for one in savings if one.wire_bytes or one.unsettles]
    told.sort(key=lambda one: -one.wire_bytes)
    return SharedWeighed(joint, Weighed(proposal, shown), tuple(told))
