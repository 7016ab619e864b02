"""The largest folders and files, chosen while their exact sizes are still open.

A file with several names counts where its first name stands, which is known only at
the end. Until then a candidate has a least and a most size, and it is dropped only
when even its most cannot win.
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
    least_bytes: int  # file bytes for certain
    most_bytes: int  # with all entries that have other names
    wire_bytes: int  # without what is settled late
    used_bytes: int  # without entries that have other names
    mask: int
    span: tuple[int, int]
    sent: tuple[int, int]
    children: Shortlist | None = None

    def rank(self) -> tuple[int, int, int]:
        """Largest first; of equals what comes first, a folder before what is in it."""
        return -self.most_bytes, self.span[0], -self.span[1]

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
        found = [(settle(one, context, transfer), one) for one in self._candidates]
        found.sort(key=lambda pair: (-pair[0].file_bytes, *pair[1].rank()[1:]))
        return tuple(place for place, _ in found[: self.limit])


def settle(one: Candidate, context: Settled, transfer: Settled) -> Place:
    """A candidate as a place, its sizes exact."""
    file_bytes = one.least_bytes + context.late_file_bytes(*one.span)
    children: tuple[Place, ...] = ()
    more = Usage()
    more_count = 0
    if one.children is not None:
        children = one.children.places(context, transfer)
        more = Usage(
            one.files - sum(child.files for child in children),
            file_bytes - sum(child.file_bytes for child in children),
        )
        more_count = one.children.count - len(children)
    return Place(
        one.path,
        one.kind,
        one.files,
        file_bytes,
        one.wire_bytes + transfer.late_wire_bytes(*one.sent),
        one.used_bytes + context.late_used_bytes(*one.span),
        bits(one.mask),
        children,
        more,
        more_count,
    )
