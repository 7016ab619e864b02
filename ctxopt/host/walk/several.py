"""Several views of a tree in a single walk: each name is looked at once for all.

Of ten builds that each copy a folder of their own, nine say the same of each of these
folders, and all ten of the rest: one strand speaks for those that do (see `views`).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from heapq import heappop, heappush
from typing import TypeAlias

from ctxopt.core.judging.judge import Decision
from ctxopt.core.judging.rows import Batch, Row
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.core.tuples import NamedTuple
from ctxopt.host.walk import walk as single
from ctxopt.host.walk.disk import RememberingRoot, names_in
from ctxopt.host.walk.minds import Minds, minds_of
from ctxopt.host.walk.views import (
    Added,
    Circle,
    Entered,
    Event,
    Frame,
    Joined,
    Missed,
    Stand,
    Way,
)


class _Look:
    """The rows that a strand has of some names, and how far they are handed on."""

    __slots__ = ("begin", "rows", "stand")

    def __init__(self, stand: Stand, rows: list[Row]) -> None:
        self.stand = stand
        self.rows = rows
        self.begin = 0

    def upto(self, end: int | None, *, last: bool = False) -> Added:
        """The batch of the rows up to here."""
        rows = self.rows[self.begin : end]
        self.begin = end or len(self.rows)
        batch = Batch(self.stand.folder, rows, last=last, enters=end is not None)
        return Added(self.stand.strand, batch)


class _Seen(NamedTuple):
    """What came of some names of a folder."""

    before: list[Event]  # strands parted, paths lost
    looks: list[_Look]
    entered: dict[str, list[tuple[_Look, int]]]  # who enters, and after which row


class ReadFrame(NamedTuple):
    """A folder that was read while the tree was divided.

    One of many names has no events: nothing but the names is known.
    """

    events: list[Event]
    names: list[str]


ReadFrames: TypeAlias = Mapping[Frame, ReadFrame]
"""The top of a tree, the root first; frames entered that are no key were not read."""


class JointWalk:
    """A walk below a root for all circles that begin there or below."""

    def __init__(self, root: str, circles: Sequence[Circle]) -> None:
        self.circles = circles
        self.entries = 0  # looked at so far
        self.file_bytes = 0  # of these
        self._disk = RememberingRoot(root)
        self._way = Way()
        for circle in circles:
            circle.at(self._disk)
            self._way.lead_to(circle)

    @contextmanager
    def at_root(self) -> Iterator[Frame]:
        """The root; while it lasts, folders can be read.

        Raises ContextError when the root cannot be.
        """
        with self._disk.opened():
            yield Frame("", [], self._way)

    def be_worker(self) -> None:
        """Go on in a process of its own, whose current folder changes from now on."""
        self._disk.moves = True

    def divide(self, top: Frame) -> ReadFrames:
        """Read folders from the top down until enough of others are known.

        Those that hold the most folders come first, as far as their link counts tell.
        """
        waiting = [(0, 0, top)]
        found = 1
        division: dict[Frame, ReadFrame] = {}
        rows = held = 0
        while waiting and (
            rows < single.DIVISION_ROWS or len(waiting) < single.FEWEST_PARTS
        ):
            if rows > single.MOST_ROWS or held > single.MOST_NAMES:
                break
            frame = heappop(waiting)[2]
            names = self._names(frame)
            events: list[Event] = []
            if names is None or len(names) <= single.SLICE:
                events = list(self.events(frame, names))
            else:
                held += len(names)
            links = 0
            for event in events:
                if isinstance(event, Added):
                    rows += len(event.batch.rows)
                    if event.batch.enters:
                        links = event.batch.rows[-1][1].st_nlink
                elif isinstance(event, Entered):
                    heappush(waiting, (-links, found, event.frame))
                    found += 1
            division[frame] = ReadFrame(events, names or [])
        return division

    def _names(self, frame: Frame) -> list[str] | None:
        """The names in a folder; None where that has to be found out another time."""
        try:
            fd = self._disk.open(frame.path)
        except OSError:
            return None
        try:
            names = names_in(fd)
        except OSError:
            return None
        finally:
            os.close(fd)
        frame.note_gitignore(names)
        return names

    def events(
        self, frame: Frame, names: list[str] | None = None, *, whole: bool = True
    ) -> Iterator[Event]:
        """What comes of one folder, or of consecutive names of it (not `whole`)."""
        begun = frame.stands
        looks = [_Look(stand, []) for stand in begun]
        joined: list[Joined] = []
        start = 0
        while names is None or start < len(names):
            frame.stands = [one for one in begun if not one.strand.has_left]
            if not (frame.stands or frame.leads_to):
                break
            before: list[Event] = []
            try:
                fd = self._disk.open(frame.path)
                try:
                    if names is None:
                        names = names_in(fd)
                        frame.note_gitignore(names)
                    minds = minds_of(frame, names[start : start + single.SLICE])
                    joined, before = minds.joined, minds.before
                    seen = self._see(frame, fd, minds)
                finally:
                    os.close(fd)
            except OSError as error:
                yield from before
                yield from self._blame(frame, error)
                looks = [_Look(stand, []) for stand in frame.stands]
                break
            start += len(minds.names)
            yield from seen.before
            yield from self._handed_on(frame, minds.names, seen)
            looks = seen.looks
            if start < len(names) or not whole:
                yield from [look.upto(None) for look in looks]
                yield from joined
                joined = []
        if whole:
            yield from [look.upto(None, last=True) for look in looks]
        yield from [one._replace(last=whole) for one in joined]

    def _blame(self, frame: Frame, error: OSError) -> Iterator[Event]:
        """A folder that could not be read, or not to its end."""
        for stand in frame.stands:
            circle = stand.strand.circle
            if stand.folder.row is None:  # a root: let it be asked alone
                circle.failed |= stand.strand.members
            circle.walk.blame(stand.folder, error)
            yield Missed(stand.strand, circle.walk.take_lost())

    def _handed_on(
        self, frame: Frame, piece: list[str], seen: _Seen
    ) -> Iterator[Event]:
        """The batches up to each folder that is entered, and that folder."""
        names: Iterable[str] = seen.entered
        if len(seen.looks) > 1 or frame.leads_to:
            names = [name for name in piece if name in seen.entered]
        for name in names:
            inside = []
            for look, end in seen.entered[name]:
                yield look.upto(end)
                inside.append(look.stand.inside(look.rows[end - 1]))
            yield Entered(frame.inside(name, inside))

    def _see(self, frame: Frame, fd: int, minds: Minds) -> _Seen:
        """Look at some names, once, for all strands that have judged them."""
        piece, before = minds.names, minds.before
        judged: list[tuple[Stand, list[str], list[Decision]]] = []
        self._disk.forget()
        for stand, judgement in minds.stands:
            walk = stand.strand.circle.walk
            names, decisions = walk.looked_at(stand.folder, fd, piece, judgement)
            judged.append((stand, names, decisions))
            if walk.lost:
                before.append(Missed(stand.strand, walk.take_lost()))
        names = _wanted(piece, [names for _, names, _ in judged], frame.leads_to)
        statuses = self._disk.statuses(fd, names)
        prefix = f"{frame.path}/" if frame.path else ""
        attributes = list(self._disk.attribute_names(fd, prefix, names, statuses))
        sights = dict(zip(names, zip(statuses, attributes, strict=True), strict=True))
        self._count(statuses)
        seen = _Seen(before, [], {})
        for stand, theirs, decisions in judged:
            columns: Iterable[single.Column]
            if len(theirs) == len(names):
                columns = zip(names, statuses, decisions, attributes, strict=True)
            else:
                mine = [sights[name] for name in theirs]
                columns = (
                    (name, status, decision, found)
                    for name, decision, (status, found) in zip(
                        theirs, decisions, mine, strict=True
                    )
                )
            self._take(stand, fd, columns, seen)
        frame.stands = [look.stand for look in seen.looks]
        for name in frame.leads_to:
            status = sights[name][0] if name in sights else None
            if status is not None and stat.S_ISDIR(status.st_mode):
                seen.entered.setdefault(name, [])
        return seen

    def _take(
        self, stand: Stand, fd: int, columns: Iterable[single.Column], seen: _Seen
    ) -> None:
        """Add the rows of one strand to what was seen; a builder may fail here."""
        walk = stand.strand.circle.walk
        try:
            opens = stand.state.opens
            rows, entered = walk.rows(stand.folder, fd, columns, opens)
        except PatternError:
            stand.strand.circle.failed |= stand.strand.members
            walk.take_lost()
            return
        if walk.lost:
            seen.before.append(Missed(stand.strand, walk.take_lost()))
        look = _Look(stand, rows)
        seen.looks.append(look)
        for end in entered:
            seen.entered.setdefault(rows[end - 1][0], []).append((look, end))

    def _count(self, statuses: Sequence[os.stat_result | None]) -> None:
        self.entries += len(statuses)
        self.file_bytes += sum(
            status.st_size
            for status in statuses
            if status is not None and stat.S_ISREG(status.st_mode)
        )


def _wanted(
    piece: list[str], names: Sequence[list[str]], leads_to: Mapping[str, Way]
) -> list[str]:
    """The names that somebody wants to look at, in order."""
    if any(len(one) == len(piece) for one in names):
        return piece
    if len(names) == 1 and not leads_to:
        return names[0]
    wanted = set(leads_to).union(*names)
    return [name for name in piece if name in wanted]
