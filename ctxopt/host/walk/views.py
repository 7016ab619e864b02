"""Who goes along in a walk of several views, and what comes of it.

A view is what one job makes of a tree: its builder, its ignore file, its request. Views
that count in the same way are a `Circle`, and in a folder in which all of a circle
decide alike one `Strand` speaks for them: its batches are folded once. In a folder it
is a `Stand`, and all of these are a `Frame`.

What comes of the walk are events, in the builder's order. Who folds them does not know
what a strand stands for:

    Added    a batch of a strand's folder
    Entered  a folder in it, whose events come next
    Parted   from here on, several strands in the place of one
    Joined   a strand that began in this folder ends with it, and is part of others
    Missed   what a strand could not look at
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, cast

from ctxopt.core.bitmask import bits
from ctxopt.core.judging.joint import JointState
from ctxopt.core.judging.rows import Batch, FolderRef, Row
from ctxopt.core.measure.clutter import Surroundings
from ctxopt.core.measure.clutter_match import HitMasks
from ctxopt.core.paths import join
from ctxopt.core.tuples import NamedTuple
from ctxopt.host.walk.disk import RootOnDisk
from ctxopt.host.walk.walk import UnreadPaths, Walk


class Circle:
    """Views that share a root and count alike: their folds may be one.

    `failed` has those whose builder fails on the way: nothing is known of them. `full`
    has those that have found more than `most` of what they look for: they go no further
    along, and what they have found stands. Each process has its own, which knows no
    more than what it has found itself.
    """

    __slots__ = (
        *("_found", "_look", "failed", "full", "marks", "most", "place", "state"),
        *("strand", "walk"),
    )

    def __init__(
        self,
        place: str,
        state: JointState,
        look: Callable[[RootOnDisk], Walk],
        marks: HitMasks | None,
        most: int | None = None,
    ) -> None:
        self.place = place  # of its root, below that of the walk
        self.state = state
        self.marks = marks
        self.most = most  # None: they go along to the end
        self.failed = 0
        self.full = 0
        self._found: dict[int, int] = {}  # by member
        self.strand = Strand(self, state.members)  # in its root
        self._look = look

    def at(self, disk: RootOnDisk) -> None:
        """Begin to look through another one's eyes."""
        self.walk = self._look(disk)

    def found(self, members: int, count: int) -> None:
        """Some of them have found more of what they look for."""
        if self.most is None:
            return
        for member in bits(members):
            found = self._found[member] = self._found.get(member, 0) + count
            if found > self.most:
                self.full |= 1 << member


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
    def has_left(self) -> bool:
        """Whether none of them goes along any more."""
        return not self.members & ~(self.circle.failed | self.circle.full)


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


class Way:
    """Which folders lead to the roots of circles."""

    __slots__ = ("below", "circles")

    def __init__(self) -> None:
        self.below: dict[str, Way] = {}
        self.circles: list[Circle] = []

    def lead_to(self, circle: Circle) -> None:
        """Let the folders on the way to a circle's root be entered."""
        way = self
        for name in circle.place.split("/") if circle.place else ():
            way = way.below.setdefault(name, Way())
        way.circles.append(circle)


NO_WAY = Way()


class Frame:
    """A folder of the tree, with all strands that are in it."""

    __slots__ = ("_way", "path", "stands")

    def __init__(self, path: str, stands: list[Stand], way: Way = NO_WAY) -> None:
        self.path = path
        self.stands = [one for one in stands if not one.strand.has_left]
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
        way = self._way.below.get(name, NO_WAY)
        return Frame(join(self.path, name), stands, way)

    @property
    def leads_to(self) -> Mapping[str, Way]:
        """The names of folders that are entered whatever the strands say."""
        return self._way.below

    def note_gitignore(self, names: Sequence[str]) -> None:
        """Tell all who come here whether git has an ignore file in the folder."""
        holds = ".gitignore" in names
        for stand in self.stands:
            stand.folder.holds_gitignore = holds
