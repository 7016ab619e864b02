"""Proposals that leave each sweeping source something to take.

`COPY * ./` pins nothing that it hits while other things are left for it: of `.git` and
`app.js` the first can go. Where all that it hits would go, what comes last stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ctxopt.core.model import HeldBack, Source
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import compile_patterns
from ctxopt.core.sources import sweeps
from ctxopt.core.sources.wanted import CopySource
from ctxopt.core.suggest.proposals import BuildFacts, Proposal


def leave_hits(
    made: Sequence[Proposal], facts: BuildFacts
) -> tuple[tuple[Proposal, ...], tuple[HeldBack, ...]]:
    """The proposals that can all be written, and what is held back of the others."""
    now = facts.matcher
    sources = [
        one
        for one in facts.wanted
        if sweeps.sweeps(one) and sweeps.takes_any(one, facts.tree, now)
    ]
    if not sources or _starved(sources, facts, made) is None:
        return tuple(made), ()
    kept: list[Proposal] = []
    held = []
    for proposal in made:
        starved = _starved(sources, facts, (*kept, proposal))
        if starved is None:
            kept.append(proposal)
            continue
        place = f"line {starved.location.line}"
        why = f"{starved.instruction} would find nothing else ({place})"
        held.append(HeldBack(proposal.rule, proposal.clutter[0].path, why))
    return tuple(kept), tuple(held)


def _starved(
    sources: Iterable[CopySource], facts: BuildFacts, proposals: Sequence[Proposal]
) -> Source | None:
    """The first source that would find nothing with the lines of proposals."""
    if not proposals:
        return None
    lines = [line for one in proposals for line in one.lines]
    then = Matcher((*facts.matcher.patterns, *compile_patterns(lines)))
    tree = facts.tree
    starved = (one for one in sources if not sweeps.takes_any(one, tree, then))
    return next((one.source for one in starved), None)
