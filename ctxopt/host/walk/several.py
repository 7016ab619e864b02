"""Several views of a tree in a single walk: each name is looked at once for all.

A view is what one job makes of a tree: its builder, its ignore file, its request. Views
that count in the same way are a `Circle`, and in a folder in which all of a circle
decide alike one `Strand` speaks for them: its batches are folded once. Where they come
to differ, a strand is split for the folder; in the folders inside, strands are put
together again. Of ten builds that each copy a folder of their own, nine say the same of
each of these folders, and all ten of the rest.

What comes of the walk are events, in the builder's order. Who folds them does not know
what a strand stands for:

    Added    a batch of a strand's folder
    Entered  a folder in it, whose events come next
    Parted   from here on, several strands in the place of one
    Joined   a strand that began in this folder ends with it, and is part of others
    Missed   what a strand could not look at
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from heapq import heappop, heappush
from typing import TypeAlias, cast

from ctxopt.core.judging.joint import JointDecision, JointState
from ctxopt.core.judging.judge import Decision
from ctxopt.core.judging.rows import Batch, FolderRef, Row
from ctxopt.core.measure.clutter import Surroundings
from ctxopt.core.measure.clutter_match import HitMasks
from ctxopt.core.paths import join
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.core.tuples import NamedTuple
from ctxopt.host.walk import walk as single
from ctxopt.host.walk.disk import RememberingRoot, RootOnDisk, names_in
from ctxopt.host.walk.walk import UnreadPaths, Walk


class Circle:
    """Views that share a root and count alike: their folds may be one.

    `failed` has those whose builder fails on the way: nothing is known of them.
    """

    __slots__ = ("_look", "failed", "marks", "place", "state", "strand", "walk")

    def __init__(
        self,
        place: str,
        state: JointState,
        look: Callable[[RootOnDisk], Walk],
        marks: HitMasks | None,
    ) -> None:
        self.place = place  # of its root, below that of the walk
        self.state = state
        self.marks = marks
        self.failed = 0
        self.strand = Strand(self, state.members)  # in its root
        self._look = look

    def at(self, disk: RootOnDisk) -> None:
        """Begin to look through another one's eyes."""
        self.walk = self._look(disk)

    @property
    def has_failed(self) -> bool:
        """Whether nothing is known of any of them."""
        return not self.strand.members & ~self.failed


class Strand:
    """Some views of a circle, counted together from one folder on.

    Once it has `parted` there are several folds of it.
    """

    __slots__ = ("circle", "members", "parted")

    def __init__(self, circle: Circle, members: int) -> None:
        self.circle = circle
        self.members = members  # a bit each
        self.parted = False

    @property
    def has_failed(self) -> bool:
        """Whether it speaks for nobody any more."""
        return not self.members & ~self.circle.failed


class Added(NamedTuple):
    """A batch of the folder that a strand is in."""

    strand: Strand
    batch: Batch


class Entered(NamedTuple):
    """A folder inside: its events come next."""

    frame: Frame


class Parted(NamedTuple):
    """A strand whose views differ from here on."""

    strand: Strand
    sides: Sequence[Strand]


class Joined(NamedTuple):
    """A strand that ends: what it counted belongs to the folder of each of these.

    `last`: and that ends with it.
    """

    strand: Strand
    outer: Sequence[Stand]
    last: bool


class Missed(NamedTuple):
    """What a strand could not look at."""

    strand: Strand
    lost: UnreadPaths


Event: TypeAlias = Added | Entered | Parted | Joined | Missed


class Stand:
    """A strand in a folder."""

    __slots__ = ("around", "folder", "state", "strand")

    def __init__(
        self,
        strand: Strand,
        folder: FolderRef,
        state: JointState,
        around: Surroundings,
    ) -> None:
        self.strand = strand
        self.folder = folder
        self.state = state
        self.around = around

    def inside(self, row: Row) -> Stand:
        """The same strand in a folder inside."""
        decision, around = row[2], self.around
        marks = self.strand.circle.marks
        if marks is not None and decision.noted:
            around = around.inside(marks, decision)
        state = cast("JointState", decision.child)
        return Stand(self.strand, FolderRef(self.folder, row), state, around)

    def side(self, strand: Strand) -> Stand:
        """Some of its views in the same folder."""
        state = self.state.only(strand.members)
        return Stand(strand, self.folder, state, self.around)

    @property
    def company(self) -> tuple[object, ...]:
        """Who can be counted with it, as far as the folders around have a say."""
        row = self.folder.row
        kept = row is None or row[2].kept
        return self.strand.circle, kept, self.around


class _Way:
    """Which folders lead to the roots of circles."""

    __slots__ = ("below", "circles")

    def __init__(self) -> None:
        self.below: dict[str, _Way] = {}
        self.circles: list[Circle] = []

    def lead_to(self, circle: Circle) -> None:
        way = self
        for name in circle.place.split("/") if circle.place else ():
            way = way.below.setdefault(name, _Way())
        way.circles.append(circle)


_NO_WAY = _Way()


class Frame:
    """A folder of the tree, with all strands that are in it."""

    __slots__ = ("_way", "path", "stands")

    def __init__(self, path: str, stands: list[Stand], way: _Way = _NO_WAY) -> None:
        self.path = path
        self.stands = [one for one in stands if not one.strand.has_failed]
        self._way = way
        for circle in way.circles:
            begin = Stand(circle.strand, FolderRef(), circle.state, Surroundings())
            self.stands.append(begin)

    def again(self) -> Frame:
        """The same folder, to be walked by somebody else."""
        other = Frame(self.path, self.stands)
        other._way = self._way
        return other

    def inside(self, name: str, stands: list[Stand]) -> Frame:
        """A folder in it."""
        way = self._way.below.get(name, _NO_WAY)
        return Frame(join(self.path, name), stands, way)

    @property
    def leads_to(self) -> Mapping[str, _Way]:
        """The names of folders that are entered whatever the strands say."""
        return self._way.below

    def note_gitignore(self, names: Sequence[str]) -> None:
        """Tell all who come here whether git has an ignore file in the folder."""
        holds = ".gitignore" in names
        for stand in self.stands:
            stand.folder.holds_gitignore = holds


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


FEW = 16  # names that all agree on, for whose sake nobody is put together

ReadFrames: TypeAlias = Mapping[Frame, ReadFrame]
"""The top of a tree, the root first; frames entered that are no key were not read."""


class JointWalk:
    """A walk below a root for all circles that begin there or below."""

    def __init__(self, root: str, circles: Sequence[Circle]) -> None:
        self.circles = circles
        self.entries = 0  # looked at so far
        self.file_bytes = 0  # of these
        self._disk = RememberingRoot(root)
        self._way = _Way()
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
            frame.stands = [one for one in begun if not one.strand.has_failed]
            before: list[Event] = []
            try:
                fd = self._disk.open(frame.path)
                try:
                    if names is None:
                        names = names_in(fd)
                        frame.note_gitignore(names)
                    minds = _minds(frame, names[start : start + single.SLICE])
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

    def _see(self, frame: Frame, fd: int, minds: _Minds) -> _Seen:
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


class _Minds(NamedTuple):
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


def _minds(frame: Frame, names: list[str]) -> _Minds:
    """Who judges the first of some names: as many of them as are best taken at once.

    One strand speaks for all that decide alike on these, also for one that has parted
    before, deep inside of a folder or at other names: it is several by now, and its
    views may be of one mind again.
    """
    companies = [_company(stands, names) for stands in _companies(frame)]
    odd = {place for company in companies for place in company.at_odds()}
    piece = names[: _end(sorted(odd), names)] if odd else names
    minds = _Minds(piece, [], [], [])
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


def _judge(company: _Company, minds: _Minds) -> None:
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


def _add(stand: Stand, decisions: list[Decision], minds: _Minds) -> None:
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


def _wanted(
    piece: list[str], names: Sequence[list[str]], leads_to: Mapping[str, _Way]
) -> list[str]:
    """The names that somebody wants to look at, in order."""
    if any(len(one) == len(piece) for one in names):
        return piece
    if len(names) == 1 and not leads_to:
        return names[0]
    wanted = set(leads_to).union(*names)
    return [name for name in piece if name in wanted]
