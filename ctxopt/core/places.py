"""The largest folders and files, chosen while their exact sizes are still open.

A place weighs what it sends, and the file bytes of what is not sent: what is shown of
it, and what ranks it. A file with several names counts where its first name stands,
which is known only at the end. Until then a candidate has a least and a most weight,
and it is dropped only when even its most cannot win. Ids of packets, whose width
depends on the position, do not choose among the candidates, but the chosen are in
the order of all that they weigh.
"""

from __future__ import annotations

import heapq
from typing import NamedTuple

from ctxopt.core.masks import bits
from ctxopt.core.model import Place, Usage
from ctxopt.core.stream import Settled


class Candidate(NamedTuple):
    """A folder or file that may be among the largest.

    `span` and `sent` are its positions in the context and in the transfer.
    """

    path: str
    kind: str  # "directory" or "file"
    files: int
    least_bytes: int  # its weight for certain, without ids
    most_bytes: int  # with all that entries with other names may weigh
    # Without what is settled late:
    file_bytes: int
    wire_bytes: int
    own_bytes: int  # the part of `wire_bytes` that is a folder's own entry
    used_bytes: int
    mask: int
    span: tuple[int, int]
    sent: tuple[int, int]
    children: Shortlist | None = None

    def rank(self) -> tuple[int, int, int]:
        """Largest first; of equals what comes first, a folder before what is in it."""
        return -self.most_bytes, self.span[0], -self.span[1]

    def weight(self, context: Settled, transfer: Settled) -> int:
        """Its weight without ids, exactly."""
        return (
            self.least_bytes
            + transfer.linked_wire_bytes(*self.sent)
            + context.late_unsent_bytes(*self.span)
        )

    def moved(self, span: int, sent: int) -> Candidate:
        """The same, and all in it, at later positions."""
        children = self.children
        if children is not None:
            moved = Shortlist(children.limit)
            moved.merge(children, span, sent)
            children = moved
        return self._replace(
            span=(self.span[0] + span, self.span[1] + span),
            sent=(self.sent[0] + sent, self.sent[1] + sent),
            children=children,
        )


class Shortlist:
    """Candidates for the `limit` largest places."""

    __slots__ = ("_candidates", "_least", "count", "floor", "limit")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.count = 0  # all that were ever considered, offered or not
        # What is smaller wins no place; nor do equals that come later.
        self.floor = -1
        self._candidates: list[Candidate] = []
        self._least: list[int] = []  # heap of the largest certain sizes

    def offer(self, candidate: Candidate) -> None:
        """Consider a candidate."""
        if candidate.most_bytes < self.floor or not self.limit:
            return
        self._candidates.append(candidate)
        if len(self._least) < self.limit:
            heapq.heappush(self._least, candidate.least_bytes)
        else:
            heapq.heappushpop(self._least, candidate.least_bytes)
        if len(self._least) == self.limit:
            self.floor = self._least[0]
        if len(self._candidates) > 8 * self.limit + 64:
            self._candidates = self._best()

    def _best(self) -> list[Candidate]:
        """The candidates that can still win."""
        ranked = sorted(self._candidates, key=Candidate.rank)
        kept = []
        certain = 0
        for one in ranked:
            if one.most_bytes < self.floor or certain >= self.limit:
                break
            kept.append(one)
            certain += one.least_bytes == one.most_bytes
        return kept

    def merge(self, other: Shortlist, span: int, sent: int) -> None:
        """Consider all candidates of another list, moved to later positions."""
        self.count += other.count
        for candidate in other._candidates:
            if candidate.most_bytes >= self.floor:
                self.offer(candidate.moved(span, sent))

    def places(self, context: Settled, transfer: Settled) -> tuple[Place, ...]:
        """The largest places, in the order of Candidate.rank."""
        weights = [(one.weight(context, transfer), one) for one in self._candidates]
        weights.sort(key=lambda pair: (-pair[0], *pair[1].rank()[1:]))
        chosen = [one for _, one in weights[: self.limit]]
        found = [(settle(one, context, transfer), one) for one in chosen]
        found.sort(key=lambda pair: (-pair[0].weight, *pair[1].rank()[1:]))
        return tuple(place for place, _ in found)


def settle(one: Candidate, context: Settled, transfer: Settled) -> Place:
    """A candidate as a place, its sizes exact."""
    file_bytes = one.file_bytes + context.late_file_bytes(*one.span)
    wire_bytes = one.wire_bytes + transfer.late_wire_bytes(*one.sent)
    unsent_bytes = one.least_bytes - one.wire_bytes
    unsent_bytes += context.late_unsent_bytes(*one.span)
    children: tuple[Place, ...] = ()
    more = Usage()
    more_count = more_weight = 0
    if one.children is not None:
        children = one.children.places(context, transfer)
        more = Usage(
            one.files - sum(child.files for child in children),
            file_bytes - sum(child.file_bytes for child in children),
        )
        more_count = one.children.count - len(children)
        more_weight = wire_bytes - one.own_bytes + unsent_bytes
        more_weight -= sum(child.weight for child in children)
    return Place(
        one.path,
        one.kind,
        one.files,
        file_bytes,
        wire_bytes,
        one.used_bytes + context.late_used_bytes(*one.span),
        bits(one.mask),
        children,
        more,
        more_count,
        unsent_bytes,
        more_weight,
    )
