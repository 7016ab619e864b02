"""Who judges the names of a folder: strands put together, and parted.

    minds_of(frame, names)      # the first of the names, and a strand for each mind

Where views come to differ, a strand is parted for the names at which they do; for the
rest, and in the folders inside, strands are put together again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from ctxopt.core.judging.joint import JointDecision, JointState
from ctxopt.core.judging.judge import Decision
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.core.tuples import NamedTuple
from ctxopt.host.walk.views import Event, Frame, Joined, Parted, Stand, Strand

FEW = 16  # names that all agree on, for whose sake nobody is put together


class Minds(NamedTuple):
    """Consecutive names of a folder, and who judges them in which way."""

    names: list[str]
    stands: list[tuple[Stand, list[Decision]]]  # each of one mind
    before: list[Event]  # strands parted
    joined: list[Joined]  # strands that speak for others, up to the last of the names


class _Company(NamedTuple):
    """Strands that can be counted together, and what their views decide."""

    stands: list[Stand]
    state: JointState
    decisions: list[Decision]  # on names in order; none where they fail at one

    def at_odds(self) -> Iterator[int]:
        """The places of names on which they do not agree."""
        if any(cast("JointDecision", one).sides for one in set(self.decisions)):
            for place, one in enumerate(self.decisions):
                if cast("JointDecision", one).sides:
                    yield place

    @property
    def is_one(self) -> bool:
        """Whether there is nothing to put together."""
        return len(self.stands) == 1 and not self.stands[0].strand.parted


def minds_of(frame: Frame, names: list[str]) -> Minds:
    """Who judges the first of some names: as many of them as are best taken at once.

    One strand speaks for all that decide alike on these, also for one that has parted
    before, deep inside of a folder or at other names: it is several by now, and its
    views may be of one mind again.
    """
    companies = [_company(stands, names) for stands in _companies(frame)]
    odd = {place for company in companies for place in company.at_odds()}
    piece = names[: _end(sorted(odd), names)] if odd else names
    minds = Minds(piece, [], [], [])
    for company in companies:
        _judge(company, minds)
    frame.stands = [stand for stand, _ in minds.stands]
    return minds


def _companies(frame: Frame) -> Iterable[list[Stand]]:
    company: dict[object, list[Stand]] = {}
    for stand in frame.stands:
        company.setdefault(stand.company, []).append(stand)
    return company.values()


def _company(stands: list[Stand], names: Sequence[str]) -> _Company:
    state = stands[0].state
    if len(stands) > 1:
        state = state.together(one.state for one in stands[1:])
    return _Company(stands, state, _decisions(state, names))


def _decisions(state: JointState, names: Sequence[str]) -> list[Decision]:
    """What becomes of names; nothing where all views fail at one of them."""
    known, decide = state.known.get, state.decide
    try:
        return [known(name) or decide(name) for name in names]
    except PatternError:
        return []


def _end(odd: Sequence[int], names: Sequence[str]) -> int:
    """How many names to take at once; not all agree on those at the places `odd`.

    Of `a b c` with many behind, of which only `a` tells two views apart, they part for
    `a` alone.
    """
    if odd[0] > FEW:
        return odd[0]
    last = odd[0]
    for place in odd:
        if place - last > FEW:
            break
        last = place
    return last + 1 if len(names) - last > FEW else len(names)


def _judge(company: _Company, minds: Minds) -> None:
    """Add the strands of a company, each of one mind, to those of some names."""
    names, apart = minds.names, company.stands
    decisions = company.decisions[: len(names)]
    if company.is_one:
        _add(apart[0], decisions, minds)
        return
    for members in _sides(company.state, decisions, names):
        agreeing = [one for one in apart if not one.strand.members & ~members]
        if len(agreeing) > 1 or any(one.strand.parted for one in agreeing):
            one = _speaker(agreeing, company.state)
            apart = [at for at in apart if at not in agreeing]
            minds.joined.append(Joined(one.strand, agreeing, last=False))
            _add(one, _decisions(one.state, names), minds)
    for one in apart:
        _add(one, _decisions(one.state, names), minds)


def _add(stand: Stand, decisions: list[Decision], minds: Minds) -> None:
    """Add a strand, or several in its place, where its views are not of one mind."""
    strand, names = stand.strand, minds.names
    sides = _sides(stand.state, decisions, names)
    if len(sides) == 1:
        minds.stands.append((stand, decisions))
        return
    strand.parted = True
    if not sides:
        strand.circle.failed |= strand.members
        return
    strands = [Strand(strand.circle, members) for members in sides]
    minds.before.append(Parted(strand, strands))
    for one in strands:
        side = stand.side(one)
        theirs = _decisions(side.state, names)
        if len(theirs) == len(names):
            minds.stands.append((side, theirs))
        else:
            strand.circle.failed |= one.members


def _speaker(stands: Sequence[Stand], state: JointState) -> Stand:
    """A new strand that speaks for several in the same folder, in their state."""
    first = stands[0]
    strand = Strand(first.strand.circle, sum(one.strand.members for one in stands))
    return Stand(strand, first.folder, state.only(strand.members), first.around)


def _sides(
    state: JointState, decisions: Sequence[Decision], names: Sequence[str]
) -> list[int]:
    """The views of a state, those together who decide alike on all of some names.

    None where all fail at one of them.
    """
    if len(decisions) < len(names):
        return []
    sides = [state.members]
    for decision in cast("set[JointDecision]", set(decisions)):
        if decision.sides:
            pairs = [one & other for one in sides for other in decision.sides]
            sides = [pair for pair in pairs if pair]
    return sides
