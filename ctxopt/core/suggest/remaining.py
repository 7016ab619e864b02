"""Proposals that leave each sweeping source something to take.

`COPY * ./` pins nothing that it hits while other things are left for it: of `.git` and
`app.js` the first can go. Where all that it hits would go, what comes last stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import length_hint

from ctxopt.core.model import HeldBack, Source
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import compile_patterns
from ctxopt.core.sources import sweeps
from ctxopt.core.sources.wanted import CopySource
from ctxopt.core.suggest.proposals import BuildFacts, Proposal

# How many entries are looked at; what is not found by then counts as not there.
MOST_LOOKS = 20_000


def leave_hits(
    made: Sequence[Proposal], facts: BuildFacts
) -> tuple[tuple[Proposal, ...], tuple[HeldBack, ...]]:
    """The proposals that can all be written, and what is held back of the others."""
    if not made:
        return (), ()
    sources = _SweepingSources(facts)
    if sources.starved(made) is None:
        return tuple(made), ()
    kept: list[Proposal] = []
    held = []
    for proposal in made:
        starved = sources.starved((*kept, proposal))
        if starved is None:
            kept.append(proposal)
            continue
        place = f"line {starved.location.line}"
        would = "might" if sources.is_cut_off else "would"
        why = f"{starved.instruction} {would} find nothing else ({place})"
        held.append(HeldBack(proposal.rule, proposal.clutter[0].path, why))
    return tuple(kept), tuple(held)


class _SweepingSources:
    """The sweeping sources that find something, and of each an entry that it takes.

    Only where that one would go is another looked for.
    """

    def __init__(self, facts: BuildFacts) -> None:
        self._tree = facts.tree
        self._now = facts.matcher
        self._looks = iter(range(MOST_LOOKS))
        self._examples: dict[CopySource, str] = {}
        for want in filter(sweeps.sweeps, facts.wanted):
            self._finds(want, self._now)

    def starved(self, proposals: Sequence[Proposal]) -> Source | None:
        """The first source that would find nothing with the lines of proposals."""
        if not self._examples:
            return None
        lines = [line for one in proposals for line in one.lines]
        then = Matcher((*self._now.patterns, *compile_patterns(lines)))
        for want, known in self._examples.items():
            if sweeps.is_out(then, known) and not self._finds(want, then):
                return want.source
        return None

    @property
    def is_cut_off(self) -> bool:
        """Whether there was more to look at."""
        return not length_hint(self._looks)

    def _finds(self, want: CopySource, matcher: Matcher) -> bool:
        found = sweeps.example(want, self._tree, matcher, self._looks)
        if found is not None:
            self._examples[want] = found
        return found is not None
