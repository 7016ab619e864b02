"""The same picture with fewer spots: what is light is summed up, and nothing is lost.

For each state, what takes it and the set of suggestions, bytes and entries add up as
before: a choice comes to the same, however many spots there are.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence

from ctxopt.core.picture.records import Spot, SpotKind


def coarser(spots: Sequence[Spot], most: int) -> tuple[Spot, ...]:
    """The spots with about so many at the `most`, the heaviest folders opened."""
    if len(spots) <= most:
        return tuple(spots)
    return tuple(_Summing(spots, most).spots)


class _Summing:
    """Spots as they are put down anew, a folder before what is in it."""

    def __init__(self, spots: Sequence[Spot], most: int) -> None:
        self.spots: list[Spot] = []
        self._old = spots
        self._inside: list[list[int]] = [[] for _ in spots]
        for at, one in enumerate(spots):
            if one.parent >= 0:
                self._inside[one.parent].append(at)
        opened = self._opened(most)
        # Each with where the folder around it stands now.
        waiting = [(0, -1)]
        while waiting:
            at, parent = waiting.pop()
            here = len(self.spots)
            if not self._inside[at]:
                self.spots.append(spots[at]._replace(parent=parent))
            elif at in opened:
                self.spots.append(spots[at]._replace(parent=parent))
                waiting += [(one, here) for one in reversed(self._inside[at])]
            else:
                self._sum_up(at, parent)

    def _opened(self, most: int) -> frozenset[int]:
        """The folders that stay open: always the heaviest of those that are not."""
        weights = [one.weight for one in self._old]
        for at in range(len(weights) - 1, 0, -1):
            weights[self._old[at].parent] += weights[at]
        opened: set[int] = set()
        count, waiting = 1, [(-weights[0], 0)]
        while waiting and count < most:
            _, at = heapq.heappop(waiting)
            opened.add(at)
            count += len(self._inside[at])
            for one in self._inside[at]:
                if self._inside[one]:
                    heapq.heappush(waiting, (-weights[one], one))
        return frozenset(opened)

    def _sum_up(self, at: int, parent: int) -> None:
        """Put down a folder as one, or as one for each kind of what is in it."""
        folder = self._old[at]
        parts: dict[object, Spot] = {}
        waiting = [at]
        while waiting:
            inside = self._inside[waiting.pop()]
            waiting += inside
            for one in (self._old[other] for other in inside):
                if one.weight or one.entries:
                    key = one.state, one.takers, one.chosen_by
                    known = parts.get(key, one._replace(entries=0, weight=0))
                    parts[key] = known._replace(
                        entries=known.entries + one.entries,
                        weight=known.weight + one.weight,
                    )
        if len(parts) == 1:
            (alike,) = parts.values()
            self.spots.append(
                alike._replace(name=folder.name, parent=parent, kind=SpotKind.FOLDER)
            )
            return
        here = len(self.spots)
        self.spots.append(folder._replace(parent=parent))
        rest = SpotKind.REST
        self.spots += [
            one._replace(name="", parent=here, kind=rest) for one in parts.values()
        ]
