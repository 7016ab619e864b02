"""Paths that change again and again, counted until they come to rest.

A log that is written to every second is named by every take of the debouncer, and from
the third on listed. Two minutes of silence halve its count, and when nothing is left of
that it is forgotten.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable

from ctxopt.core.tuples import NamedTuple

RESTLESS_TIMES = 3
RESTLESS_SECONDS = 120.0
RESTLESS_PATHS = 1_000
DAY = 86_400.0


class RestlessPath(NamedTuple):
    """A path that changes again and again."""

    path: str
    times: int  # takes that named it; halved for each while in which none did


class _Frequency:
    """How often a path was touched."""

    __slots__ = ("last", "recent", "restless", "times")

    def __init__(self, length: int) -> None:
        self.recent: deque[float] = deque(maxlen=length)
        self.last = 0.0
        self.times = 0
        self.restless = False

    def now(self, at: float, seconds: float) -> int:
        """`times`, halved for each while that has gone by in silence."""
        return self.times >> int((at - self.last) / seconds)


class FrequentChanges:
    """Counts of the paths that were touched, for as long as they go on.

    A path is restless from its third take within two minutes on. It is forgotten
    when so much silence has halved its count to nothing. Where there are more paths
    than can be remembered, those that are not restless, were touched least and
    longest ago make room.
    """

    __slots__ = ("_clock", "_counts", "_paths", "_seconds", "_seen", "_times")

    def __init__(
        self,
        *,
        times: int = RESTLESS_TIMES,
        seconds: float = RESTLESS_SECONDS,
        paths: int = RESTLESS_PATHS,
    ) -> None:
        self._times = times
        self._seconds = seconds
        self._paths = paths
        self._counts: dict[str, _Frequency] = {}
        self._clock = 0.0  # ours never goes back
        self._seen: float | None = None

    def __len__(self) -> int:
        """How many paths are remembered."""
        return len(self._counts)

    def count(self, paths: Iterable[str], now: float) -> None:
        """Count the paths of one take, such as `PendingChanges.paths`, once each."""
        at = self._tell(now)
        # Of a flood of paths hardly one will ever come again, so that those beyond
        # the bound may be left out; those that are known must be counted.
        room = self._paths
        for path in dict.fromkeys(paths):
            count = self._counts.get(path)
            if count is None:
                if not room:
                    continue
                room -= 1
                count = self._counts[path] = _Frequency(self._times)
            self._add(count, at)
        if len(self._counts) > self._paths:
            self._make_room(at)

    def listed(self, now: float) -> tuple[RestlessPath, ...]:
        """The restless paths, those that change most first."""
        at = self._tell(now)
        found = [
            RestlessPath(path, times)
            for path, count in self._counts.items()
            if count.restless and (times := count.now(at, self._seconds))
        ]
        return tuple(sorted(found, key=lambda one: (-one.times, one.path)))

    def _tell(self, now: float) -> float:
        """Our own clock: a jump back is no time at all, one ahead is a day at most."""
        if self._seen is not None:
            self._clock += min(max(0.0, now - self._seen), DAY)
        self._seen = now
        return self._clock

    def _add(self, count: _Frequency, at: float) -> None:
        count.times = count.now(at, self._seconds)
        count.restless = count.restless and count.times > 0
        count.times += 1
        count.last = at
        count.recent.append(at)
        if len(count.recent) == self._times:
            within = at - count.recent[0] <= self._seconds
            count.restless = count.restless or within

    def _make_room(self, at: float) -> None:
        def rank(path: str) -> tuple[bool, int, float]:
            count = self._counts[path]
            times = count.now(at, self._seconds)
            return (count.restless and times > 0, times, count.last)

        kept = heapq.nlargest(self._paths, self._counts, key=rank)
        self._counts = {path: self._counts[path] for path in kept}
