"""What the walk spotted: files and folders that may not belong in the context.

A find knows its place in the order of the context and of the transfer, and what it
weighs there as far as that can be said before everything is settled; see `remains.py`
for the rest of the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from ctxopt.core.stream import NO_SUMS, Stream, Sums

if TYPE_CHECKING:
    from ctxopt.core.batch import Folder
    from ctxopt.core.judge import Decision


# From here on a file is a find whatever its name, and a folder that nobody takes.
HEAVY_BYTES = 4_000_000
UNUSED_BYTES = 1_000_000


class Span(NamedTuple):
    """Consecutive entries of a stream, from position `start` up to `end`."""

    start: int
    end: int
    sums: Sums

    def moved(self, offset: int) -> Span:
        """The same at a later position."""
        return Span(self.start + offset, self.end + offset, self.sums)


class Hold(Enum):
    """Why a find must stay where it is."""

    NAMED = "named"  # a source says its path, or a wildcard that hits it
    SPARED = "spared"  # a negated line of the ignore file brings it back
    NEVER = "never"  # lockfiles, manifests: what builds are made of


class Marks(NamedTuple):
    """What the bits of a decision's `hits` mean."""

    rules: int = 0  # patterns of clutter
    nevers: int = 0  # patterns of what must not be ignored
    tags: int = 0  # files that tell what the folder around them is
    single: int = 0  # patterns of `rules` whose files have to be looked at one by one
    pinned: int = 0  # paths whose place is asked for


class Find(NamedTuple):
    """A folder, or files of one folder that the same patterns match.

    `path` is that of the folder, or of the first file; `names` has the names of all
    files, and is empty for a folder. `named` and `spared` are paths inside a folder
    that are held for that reason, empty where there is none.
    """

    path: str
    names: tuple[str, ...]
    kind: str  # "directory", "file" or "link"
    hits: int
    line: int  # number of the .gitignore line that matches, 0 for none
    tags: int
    hold: Hold | None
    named: str
    spared: str
    files: int  # of the context
    mask: int  # the sources that take any of it
    context: Span
    transfer: Span

    @property
    def folder(self) -> str:
        """Where it lies, "" for the root."""
        return self.path.rpartition("/")[0]

    @property
    def paths(self) -> tuple[str, ...]:
        """The path of the folder, or of every file."""
        prefix = self.path.rpartition("/")[0]
        if not self.names:
            return (self.path,)
        return tuple(f"{prefix}/{name}" if prefix else name for name in self.names)

    def moved(self, context: int, transfer: int) -> Find:
        """The same at later positions."""
        return self._replace(
            context=self.context.moved(context), transfer=self.transfer.moved(transfer)
        )


@dataclass(slots=True)
class OpenFind:
    """A folder that the fold is in, and what would make a find of it."""

    hits: int  # of patterns that have not hit a folder above
    seen: int  # hits up to here
    line: int
    hold: Hold | None
    held: bool  # it, or a folder above, is held and hit
    before: tuple[Sums, ...]  # context and transfer before the first entry in it
    own: tuple[Sums, ...]  # its own entry, as far as it was counted before that
    tags: int = 0
    named: str = ""
    spared: str = ""


class Finds:
    """The finds of a fold, in order; follows it through its folders."""

    def __init__(self, marks: Marks, context: Stream, transfer: Stream) -> None:
        self.marks = marks
        self.found: list[Find] = []
        self._streams = context, transfer
        self._open: list[OpenFind] = []
        self._closed: OpenFind | None = None  # the topmost, once it is left

    def enter(self, folder: Folder, *, own_stat_bytes: int, line: int) -> None:
        """Enter a folder, whose own entry was counted last.

        A fold that begins here did not count that entry.
        """
        above = self._open[-1] if self._open else None
        seen = above.seen if above is not None else 0
        held = above is not None and above.held
        hits = 0
        hold = None
        decisions = _decisions(folder, alone=above is not None)
        for decision in decisions:
            hits = decision.hits & (self.marks.rules & ~seen | self.marks.nevers)
            hold = self._hold(decision)
            # A source that takes a folder which a rule hits means all that is in it;
            # one that only starts from there does not.
            taken = decision.named and decision.mask
            held = held or bool(taken and decision.hits & self.marks.rules)
            seen |= decision.hits
        own = Sums(1, 0, own_stat_bytes, 0)
        counted = above is not None and bool(decisions)
        self._open.append(
            OpenFind(
                hits,
                seen,
                line,
                hold,
                held,
                before=tuple(stream.sums() for stream in self._streams),
                own=(
                    own if counted and decisions[-1].kept else NO_SUMS,
                    own if counted and decisions[-1].taken else NO_SUMS,
                ),
            )
        )

    def begin_late(self, level: int, late: Stream) -> None:
        """Begin an open folder anew: its own entry comes only now, after others."""
        one = self._open[level]
        pairs = zip(self._streams, one.before, one.own, strict=True)
        begun = [
            (late.sums(), NO_SUMS) if stream is late else (before, own)
            for stream, before, own in pairs
        ]
        one.before = tuple(before for before, _ in begun)
        one.own = tuple(own for _, own in begun)

    def _hold(self, decision: Decision) -> Hold | None:
        if decision.named:
            return Hold.NAMED
        if decision.spared or not decision.kept:
            return Hold.SPARED
        return Hold.NEVER if decision.hits & self.marks.nevers else None

    def leave(
        self,
        path: str,
        *,
        starts: tuple[int, int],
        files: int,
        file_bytes: int,
        mask: int,
    ) -> None:
        """Leave a folder that starts at these positions of context and transfer."""
        one = self._closed = self._open.pop()
        above = self._open[-1] if self._open else None
        unused = not mask and file_bytes >= UNUSED_BYTES
        is_find = one.hits & self.marks.rules or one.line or one.tags or unused
        context, transfer = (
            _closed(stream, start, before, own)
            for stream, start, before, own in zip(
                self._streams, starts, one.before, one.own, strict=True
            )
        )
        if above is None or not is_find or context.start == context.end:
            return
        self.found.append(
            Find(
                path,
                (),
                "directory",
                one.hits,
                one.line,
                one.tags,
                one.hold or (Hold.NAMED if above.held else None),
                one.named,
                one.spared,
                files,
                mask,
                context,
                transfer,
            )
        )

    def add(
        self,
        prefix: str,
        names: Sequence[str],
        decision: Decision,
        *,
        kind: str,
        line: int,
        weight: Sums,
    ) -> None:
        """Note files of one folder that were counted last and share a decision."""
        inside = self._open[-1]
        marks = self.marks
        inside.tags |= decision.hits & marks.tags
        self.protect(prefix + names[0], decision)
        hits = decision.hits & (marks.rules & ~inside.seen | marks.pinned)
        heavy = len(names) == 1 and weight.file_bytes >= HEAVY_BYTES
        if not (hits or line or heavy):
            return
        context, transfer = self._streams
        start, sent = context.entries - len(names), transfer.entries
        taken = len(names) if decision.taken else 0
        find = Find(
            prefix + names[0],
            tuple(names),
            kind,
            hits | decision.hits & marks.nevers,
            line,
            0,
            self._hold(decision) or (Hold.NAMED if inside.held else None),
            "",
            "",
            len(names),
            decision.mask if decision.taken else 0,
            Span(start, context.entries, weight),
            Span(sent - taken, sent, weight if taken else NO_SUMS),
        )
        last = self.found[-1] if self.found else None
        if last is not None and self._continues(last, find):
            self.found[-1] = _joined(last, find)
        else:
            self.found.append(find)

    def _continues(self, last: Find, find: Find) -> bool:
        """Whether two runs of files are one: nothing but the fold's own pace cut it."""
        return (
            last.kind == find.kind == "file"
            and not (_is_heavy(last) or _is_heavy(find))
            and last.hits == find.hits
            and not last.hits & (self.marks.single | self.marks.pinned)
            and (last.line, last.hold, last.mask) == (find.line, find.hold, find.mask)
            and last.folder == find.folder
            and last.context.end == find.context.start
            and last.transfer.end == find.transfer.start
        )

    def protect(self, path: str, decision: Decision) -> None:
        """Tell the folders around of an entry that is held for its own sake."""
        if not (decision.named or decision.spared):
            return
        for one in reversed(self._open):
            knows_named = one.named or not decision.named
            if knows_named and (one.spared or not decision.spared):
                break  # and so do the folders above
            if decision.named:
                one.named = one.named or path
            if decision.spared:
                one.spared = one.spared or path

    def join(self, other: Finds, *, context: int, transfer: int) -> None:
        """Append the finds of the folder just entered, measured on its own."""
        below = other._closed
        assert below is not None
        self.found.extend(find.moved(context, transfer) for find in other.found)
        self._open[-1].tags |= below.tags
        for one in self._open:
            one.named = one.named or below.named
            one.spared = one.spared or below.spared


def _decisions(folder: Folder, *, alone: bool) -> list[Decision]:
    """The decision on a folder, after those on its parents unless it stands `alone`."""
    found: list[Decision] = []
    one: Folder | None = folder
    while one is not None and one.row is not None:
        found.insert(0, one.row[2])
        one = None if alone else one.parent
    return found


def _is_heavy(find: Find) -> bool:
    """Whether it is a single file that is worth a word of its own."""
    return len(find.names) == 1 and find.context.sums.file_bytes >= HEAVY_BYTES


def is_noted(decision: Decision) -> bool:
    """Whether entries of this decision are a find, or keep a folder from being one."""
    return bool(decision.hits) or decision.named or decision.spared


def _closed(stream: Stream, start: int, before: Sums, own: Sums) -> Span:
    """What a stream has taken up since, with what was counted before."""
    triples = zip(stream.sums(), before, own, strict=True)
    sums = Sums(*(now - then + mine for now, then, mine in triples))
    return Span(start, stream.entries, sums)


def _joined(first: Find, second: Find) -> Find:
    return first._replace(
        names=(*first.names, *second.names),
        files=first.files + second.files,
        context=_together(first.context, second.context),
        transfer=_together(first.transfer, second.transfer),
    )


def _together(first: Span, second: Span) -> Span:
    sums = (one + other for one, other in zip(first.sums, second.sums, strict=True))
    return Span(first.start, second.end, Sums(*sums))
