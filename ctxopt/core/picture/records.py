"""The values of a picture; whoever draws it computes nothing but sums of them.

A *choice* is what a person wants of the suggestions. Each entry belongs to a set of
suggestions that take it, mostly none: it goes as soon as one of them is chosen. So
`sets` has the sets that there are, as indexes of suggestions, and the empty one first.
"""

from __future__ import annotations

from enum import StrEnum

from ctxopt.core.model import BuildCost, Suggestion
from ctxopt.core.timing.models import Model
from ctxopt.core.tuples import NamedTuple

LARGE = 255  # of the packets of an entry: the number stands aside


class SpotState(StrEnum):
    """What becomes of a place as things stand."""

    NAMED = "named"  # a source says its path, or that of a folder around it
    SWEPT = "swept"  # a source takes all that there is
    MIXED = "mixed"  # summed up: some of it is in another state than the rest
    UNUSED = "unused"  # sent, and no source takes it
    UNSENT = "unsent"  # of the context, and not sent by this build


class SpotKind(StrEnum):
    """What is drawn."""

    FOLDER = "folder"
    FILE = "file"
    REST = "rest"  # what is left of a folder, summed up


class Spot(NamedTuple):
    """A place of the picture: a folder with spots in it, or what is drawn as one.

    Sizes of a folder are those of the spots in it; only what is drawn has its own.
    """

    name: str  # "" for the root, and for a rest
    parent: int  # index of the folder around it, before its own; -1 for the root
    kind: SpotKind
    entries: int = 0
    weight: int = 0  # bytes on the wire, or of files where they are not sent
    state: SpotState = SpotState.UNSENT
    takers: tuple[int, ...] = ()  # indexes into Report.sources
    chosen_by: int = 0  # index of the set of suggestions that take it


class Bulk(NamedTuple):
    """What entries add up to; ids in packets are left out."""

    entries: int = 0
    directories: int = 0
    file_bytes: int = 0
    stat_bytes: int = 0
    data_bytes: int = 0

    def without(self, other: Bulk) -> Bulk:
        """The rest."""
        return Bulk(*(one - two for one, two in zip(self, other, strict=True)))

    def plus(self, other: Bulk) -> Bulk:
        """Both."""
        return Bulk(*(one + two for one, two in zip(self, other, strict=True)))


class Stretch(NamedTuple):
    """Neighbours in a stream that the same suggestions take."""

    entries: int
    chosen_by: int


class LateFolder(NamedTuple):
    """A folder sent for the sake of what is in it: gone when that is.

    Its own entry is the stretch `at`, what is in it are those up to `end`.
    """

    at: int
    end: int
    stat_bytes: int


class Course(NamedTuple):
    """A stream, to be added up for any choice.

    What goes is the sum of the groups that the choice takes, and the late folders that
    it empties. Ids depend on positions: `steps` says from where on a packet grows, and
    `packets` has the number of each entry, LARGE for those that are told in `aside`.
    """

    total: Bulk
    groups: tuple[tuple[int, Bulk], ...]  # by index of the set, without late folders
    stretches: tuple[Stretch, ...]
    late: tuple[LateFolder, ...]
    steps: tuple[tuple[int, int], ...]
    packets: bytes
    aside: tuple[int, ...]
    is_coarse: bool = False  # a stretch for each set: the order is lost


class OwnEntry(NamedTuple):
    """The ignore file as an entry of a stream, which changes with the choice.

    `position` is where it stands; `is_new`: it comes before all others. `weights` has
    stat bytes, data bytes and packets for each size from `least` on.
    """

    position: int
    chosen_by: int
    is_new: bool
    size: int  # now
    least: int
    weights: tuple[tuple[int, int, int], ...]
    weight: tuple[int, int, int]  # now


class WireForm(NamedTuple):
    """How a builder makes bytes of sums: so much for each of them, and for all."""

    per_stat: int
    per_data: int
    constant: int
    again: tuple[int, int, int] | None  # the same of a build again; None: all anew


class Piece(NamedTuple):
    """A suggestion as the ignore file has it; `suggestion` -1 comes with any other."""

    suggestion: int
    topic: str
    header: str
    patterns: tuple[str, ...]
    # For each pattern the suggestions with which it says nothing any more.
    covered_by: tuple[tuple[int, ...], ...]


class IgnoreText(NamedTuple):
    """The ignore file with any choice: what is around the block, and its pieces.

    `is_exact` False: what is there cannot be grown this way; `ctxopt write` does.
    """

    shown: str  # as messages name the file
    exists: bool
    now: str
    before: str  # up to the mark that begins the block, with it
    after: str  # from the end of the mark that ends it
    newline: str
    pieces: tuple[Piece, ...]
    is_exact: bool


class Picture(NamedTuple):
    """All that is drawn of one build."""

    spots: tuple[Spot, ...]
    sets: tuple[tuple[int, ...], ...]
    suggestions: tuple[Suggestion, ...]  # each with what it saves beside those before
    now: BuildCost
    # What some choices come to, as ctxopt has it: each suggestion alone, those that
    # are written unasked, and all.
    known: tuple[tuple[tuple[int, ...], BuildCost], ...]
    unasked: tuple[int, ...]  # what `write --yes` writes of them
    context: Course
    transfer: Course | None  # None: the same as the context
    own: tuple[OwnEntry | None, OwnEntry | None]  # in context and transfer
    form: WireForm
    sends: bool  # False: this build takes nothing at all
    text: IgnoreText
    first: Model
    repeat: Model
    about: tuple[str, ...]  # why sums of a choice are not exact; empty: they are
