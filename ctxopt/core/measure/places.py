"""The largest folders and files, chosen while their exact sizes are still open.

A place weighs what it sends, and the file bytes of what is not sent: what is shown of
it, and what ranks it. A file with several names counts where its first name stands,
which is known only at the end: a folder of 9 MB of which 8 are hard links weighs
between 1 and 9 MB. Until then a candidate has a least and a most weight, and it is
dropped only when even its most cannot win. Ids of packets, whose width depends on the
position, do not choose among the candidates, but the chosen are in the order of all
that they weigh.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from operator import is_

from ctxopt.core.bitmask import bits
from ctxopt.core.measure.stream import TransferTotals
from ctxopt.core.model import Place, Usage
from ctxopt.core.tuples import NamedTuple


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
    children: TopPlaces | None = None

    def rank(self) -> tuple[int, int, int, int]:
        """Largest first; of equals what comes first, a folder before what is in it."""
        # One that is not sent itself may span no more than what is in it.
        return -self.most_bytes, self.span[0], -self.span[1], len(self.path)

    def masked(self, change: Callable[[int], int]) -> Candidate:
        """The same, who takes it and all in it told by other masks."""
        children = self.children.masked(change) if self.children is not None else None
        mask = change(self.mask)
        if mask == self.mask and children is self.children:
            return self
        return self._replace(mask=mask, children=children)

    def moved(self, span: int, sent: int) -> Candidate:
        """The same, and all in it, at later positions."""
        if not (span or sent):
            return self
        children = self.children
        if children is not None:
            moved = TopPlaces(children.limit)
            moved.merge(children, span, sent)
            children = moved
        return self._replace(
            span=(self.span[0] + span, self.span[1] + span),
            sent=(self.sent[0] + sent, self.sent[1] + sent),
            children=children,
        )


_HEAVIER_THAN_ALL = 1 << 64  # no file has as many bytes


class TopPlaces:
    """Candidates for the `limit` largest places."""

    __slots__ = (
        *("_candidates", "_least", "_room", "count", "floor", "limit", "linked"),
    )

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.count = 0  # all that were ever considered, offered or not
        self.linked = 0  # those of them with other names, which compete in the end
        # What is smaller wins no place; nor do equals that come later. Where there are
        # no places, no file is to end a run of others for the sake of one.
        self.floor = -1 if limit else _HEAVIER_THAN_ALL
        self._candidates: list[Candidate] = []
        self._least: list[int] = []  # heap of the largest certain sizes
        self._room = 8 * limit + 64  # how many candidates may wait

    @property
    def candidates(self) -> Sequence[Candidate]:
        """Those that can still win, in no order, and perhaps some that cannot."""
        return self._candidates

    def copy(self) -> TopPlaces:
        """The same candidates, to go on with."""
        other: TopPlaces = copy(self)
        other._candidates = self._candidates[:]
        other._least = self._least[:]
        return other

    def trimmed(self) -> TopPlaces:
        """The same without those that cannot win any more, to be kept or sent."""
        self._candidates = self._best()
        return self

    def masked(self, change: Callable[[int], int]) -> TopPlaces:
        """The same candidates, who takes them told by other masks.

        These very ones where that changes nothing: they are to be merged, not offered.
        """
        changed = [one.masked(change) for one in self._candidates]
        if all(map(is_, changed, self._candidates)):
            return self
        other: TopPlaces = copy(self)
        other._candidates = changed
        other._least = self._least[:]
        return other

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
        if len(self._candidates) > self._room:
            self._candidates = self._best()
            # Where most of them can still win, sorting at every offer gains nothing.
            self._room = max(self._room, 2 * len(self._candidates))

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

    def merge(self, other: TopPlaces, span: int, sent: int) -> None:
        """Consider all candidates of another list, moved to later positions."""
        self.count += other.count
        self.linked += other.linked
        for candidate in other.candidates:
            if candidate.most_bytes >= self.floor:
                self.offer(candidate.moved(span, sent))

    def places(
        self, ending: Ending, folder: Candidate | None = None
    ) -> tuple[Place, ...]:
        """The largest places, in the order of their weights.

        All of the context, or what is right in a `folder`.
        """
        linked = ending.linked_candidates(self.limit, folder)
        weights = [(ending.weight(one), one) for one in (*self._candidates, *linked)]
        weights.sort(key=lambda pair: (-pair[0], *pair[1].rank()[1:]))
        chosen = [one for _, one in weights[: self.limit]]
        found = [(place_of(one, ending), one) for one in chosen]
        found.sort(key=lambda pair: (-pair[0].weight, *pair[1].rank()[1:]))
        return tuple(place for place, _ in found)


class Ending(NamedTuple):
    """Both streams settled: now every weight is known."""

    context: TransferTotals
    transfer: TransferTotals
    linked: Sequence[int]  # what each entry with other names weighs, without ids

    @classmethod
    def of(cls, context: TransferTotals, transfer: TransferTotals) -> Ending:
        """What is known of two whole streams.

        The entries with other names of the transfer are those taken of the context, in
        the same order.
        """
        weights = transfer.linked.weights
        if transfer is not context:
            sent = iter(weights)
            pairs = zip(context.linked.sizes, context.linked.linked.taken, strict=True)
            weights = [next(sent) if taken else size for size, taken in pairs]
        return cls(context, transfer, weights)

    def weight(self, one: Candidate) -> int:
        """What a candidate weighs, without ids."""
        return (
            one.least_bytes
            + self.transfer.linked_wire_bytes(*one.sent)
            + self.context.late_unsent_bytes(*one.span)
        )

    def linked_candidates(
        self, limit: int, folder: Candidate | None
    ) -> Iterator[Candidate]:
        """The heaviest files with other names: in the end it is known which count.

        All of the context, or those right in a `folder`.
        """
        if folder is not None and folder.children is not None:
            limit = min(limit, folder.children.linked)
        if not limit:
            return
        linked = self.context.linked
        span = folder.span if folder is not None else (0, self.context.entries)
        found = linked.in_folder(span, folder.path if folder is not None else None)
        for index in heapq.nlargest(limit, found, key=self.linked.__getitem__):
            yield self._candidate(index)

    def _candidate(self, index: int) -> Candidate:
        """A file with other names; all that it weighs is settled late."""
        linked = self.context.linked.linked
        position = linked.positions[index]
        sent = 0, 0
        if linked.taken[index]:
            place = index
            if self.transfer is not self.context:
                place = linked.taken.count(1, 0, index)
            start = self.transfer.linked.linked.positions[place]
            sent = start, start + 1
        return Candidate(
            path=linked.paths[index],
            kind="file",
            files=1,
            least_bytes=0,
            most_bytes=self.linked[index],
            file_bytes=0,
            wire_bytes=0,
            own_bytes=0,
            used_bytes=0,
            mask=linked.masks[index],
            span=(position, position + 1),
            sent=sent,
        )


def place_of(one: Candidate, ending: Ending) -> Place:
    """A candidate as a place, its sizes exact."""
    context, transfer = ending.context, ending.transfer
    file_bytes = one.file_bytes + context.late_file_bytes(*one.span)
    wire_bytes = one.wire_bytes + transfer.late_wire_bytes(*one.sent)
    unsent_bytes = one.least_bytes - one.wire_bytes
    unsent_bytes += context.late_unsent_bytes(*one.span)
    children: tuple[Place, ...] = ()
    more = Usage()
    more_count = more_weight = 0
    if one.children is not None:
        children = one.children.places(ending, one)
        more = Usage(
            one.files - sum(child.files for child in children),
            file_bytes - sum(child.file_bytes for child in children),
        )
        more_count = one.children.count - len(children)
        more_weight = wire_bytes - one.own_bytes + unsent_bytes
        more_weight -= sum(child.weight for child in children)
    return Place(
        path=one.path,
        kind=one.kind,
        files=one.files,
        file_bytes=file_bytes,
        wire_bytes=wire_bytes,
        used_bytes=one.used_bytes + context.late_used_bytes(*one.span),
        sources=bits(one.mask),
        children=children,
        more=more,
        more_count=more_count,
        unsent_bytes=unsent_bytes,
        more_weight=more_weight,
        span=_range(one.span),
        sent=_range(one.sent),
    )


def _range(span: tuple[int, int]) -> tuple[int, int]:
    """Positions as they are; one and the same range for all that are none."""
    return span if span[0] < span[1] else (0, 0)
