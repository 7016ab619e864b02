"""One find: a folder or files that may not belong in the context."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from struct import Struct

from ctxopt.core.measure.stream import NO_SUMS, Sums
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Self, TypeAlias

# Of a span: start, end, and its `Sums` one by one.
SpanNumbers: TypeAlias = tuple[int, int, int, int, int, int]

# From here on a file is a find whatever its name, and a folder that nobody takes.
HEAVY_BYTES = 4_000_000


UNUSED_BYTES = 1_000_000


_NUMBERS = Struct("6q")
_pack, _unpack = _NUMBERS.pack, _NUMBERS.unpack


class Span(bytes):
    """Consecutive entries of a stream, from position `start` up to `end`.

    Six numbers in a row: a tree has as many finds as packages, and each number of its
    own, with what holds them, would take five times as much.
    """

    __slots__ = ()

    def __new__(cls, start: int, end: int, sums: Iterable[int]) -> Self:
        """The span of these positions, which weighs that."""
        return bytes.__new__(cls, _pack(start, end, *sums))

    @property
    def numbers(self) -> SpanNumbers:
        """All six at once, for who needs several of them."""
        return _unpack(self)

    @property
    def start(self) -> int:
        """The position of the first entry."""
        start: int = _unpack(self)[0]
        return start

    @property
    def end(self) -> int:
        """The position behind the last entry."""
        end: int = _unpack(self)[1]
        return end

    @property
    def file_bytes(self) -> int:
        """The file bytes of what they weigh."""
        file_bytes: int = _unpack(self)[3]
        return file_bytes

    @property
    def sums(self) -> Sums:
        """What they weigh."""
        return Sums(*_unpack(self)[2:])

    def moved(self, offset: int) -> Span:
        """The same at a later position; nothing has none."""
        start, end, *sums = _unpack(self)
        return Span(start + offset, end + offset, sums) if start < end else NOTHING

    def __reduce__(self) -> tuple[Callable[[bytes], Span], tuple[bytes]]:
        """What pickle makes it of."""
        return _span_of, (bytes(self),)

    def __repr__(self) -> str:
        """What one would write to have it."""
        return f"Span({self.start}, {self.end}, {self.sums})"


def _span_of(numbers: bytes) -> Span:
    return bytes.__new__(Span, numbers)


NOTHING = Span(0, 0, NO_SUMS)


class KeepReason(Enum):
    """Why a find must stay where it is."""

    NAMED = "named"  # a source says its path, or a wildcard that hits it
    REINCLUDED = "spared"  # a negated line of the ignore file brings it back
    NEVER = "never"  # lockfiles, manifests: what builds are made of


class HitMasks(NamedTuple):
    """What the bits of a decision's `hits` mean."""

    rules: int = 0  # patterns of clutter
    nevers: int = 0  # patterns of what must not be ignored
    tags: int = 0  # files that tell what the folder around them is
    single: int = 0  # patterns of `rules` whose files have to be looked at one by one
    pinned: int = 0  # paths whose place is asked for
    secrets: int = 0  # patterns of `rules` whose files may be secrets
    wide: int = 0  # those of them that hit many files that are none
    spared: int = 0  # patterns of what the project never wants suggested


class ClutterMatch(NamedTuple):
    """A folder, or files of one folder that the same patterns match.

    `path` is that of the folder, or of the first file; `names` has the names of all
    files, and is empty for a folder. `named`, `reincluded`, `spared` are paths inside a
    folder that are held for that reason, empty where there is none.
    """

    path: str
    names: tuple[str, ...]
    kind: str  # "directory", "file" or "link"
    hits: int
    line: int  # number of the .gitignore line that matches, 0 for none
    tags: int
    hold: KeepReason | None
    named: str
    reincluded: str
    files: int  # of the context
    mask: int  # the sources that take any of it
    context: Span
    transfer: Span
    spared: str = ""  # what the project never wants suggested

    @property
    def folder(self) -> str:
        """Where it lies, "" for the root."""
        return self.path.rpartition("/")[0]

    @property
    def paths(self) -> tuple[str, ...]:
        """The path of the folder, or of every file."""
        if len(self.names) < 2:
            return (self.path,)
        prefix = self.path.rpartition("/")[0]
        if not prefix:
            return self.names
        return tuple([f"{prefix}/{name}" for name in self.names])

    def masked(self, change: Callable[[int], int]) -> ClutterMatch:
        """The same, who takes any of it told by other masks."""
        mask = change(self.mask)
        return self if mask == self.mask else self._replace(mask=mask)

    def renumbered(self, lines: Mapping[int, int]) -> ClutterMatch:
        """The same with another number for the line of git."""
        line = lines.get(self.line, self.line)
        return self if line == self.line else self._replace(line=line)

    def moved(self, context: int, transfer: int) -> ClutterMatch:
        """The same at later positions."""
        if not (context or transfer):
            return self
        inside = sent = self.context.moved(context)
        # One and the same where they are, in half the memory.
        if self.transfer is not self.context or transfer != context:
            sent = self.transfer.moved(transfer)
        # Not `_replace`: joining parts does little else.
        before, behind = self[:_CONTEXT], self[_CONTEXT + 2 :]
        return ClutterMatch._make((*before, inside, sent, *behind))


_CONTEXT = ClutterMatch._fields.index("context")  # and `transfer` behind it


class PartialClutter(NamedTuple):
    """The finds below a folder, and what they tell of the folder itself."""

    found: Sequence[ClutterMatch] = ()
    tags: int = 0
    named: str = ""
    reincluded: str = ""
    spared: str = ""
