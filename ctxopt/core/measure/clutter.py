"""What the walk came by: files and folders that may not belong in the context.

An observer follows the fold: it is told of every folder entered and left, and of the
files whose names a pattern of clutter or git hits, just after they were counted. Of
`app/node_modules/a.js` and `app/a.log` the finds are the folder `app/node_modules`,
with all that is in it, and the file `app/a.log`. A find knows its place in the order
of the context and of the transfer, and what it weighs there without what is settled in
the end; `remainder` says what is sent without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy

from ctxopt.core.measure.clutter_match import (
    HEAVY_BYTES,
    NOTHING,
    UNUSED_BYTES,
    ClutterMatch,
    HitMasks,
    KeepReason,
    PartialClutter,
    Span,
)
from ctxopt.core.measure.stream import EntryStream, Sums
from ctxopt.core.secrets.places import LARGEST_BYTES, MOST_WIDE
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TypeAlias

    from ctxopt.core.judging.judge import Decision
    from ctxopt.core.judging.rows import FolderRef, Row


# Directories, file bytes, STAT and DATA bytes, as in Sums; made for every folder.
_Before: TypeAlias = tuple[int, int, int, int]


class OpenFolder:
    """A folder that the fold is in, and what would make a find of it."""

    __slots__ = (
        "context",
        "held",
        "hits",
        "hits_of_files",
        "line",
        "named",
        "own",
        "reincluded",
        "seen",
        "spared",
        "tags",
        "transfer",
    )

    def __init__(self, line: int, context: _Before, transfer: _Before) -> None:
        self.hits = 0  # of patterns that have not hit a folder above
        self.hits_of_files = 0  # of patterns that are about files, up to here
        self.seen = 0  # hits up to here, without those
        self.line = line
        self.own: Decision | None = None  # on it; None where the fold begins
        self.held = False  # it, or a folder above, is held and hit
        # What the streams held before it and all in it.
        self.context = context
        self.transfer = transfer
        self.tags = 0
        self.named = ""
        self.reincluded = ""
        self.spared = ""


class Surroundings(NamedTuple):
    """What the folders around say of a find, as far as their decisions go."""

    seen: int = 0  # as in OpenFolder
    hits_of_files: int = 0
    held: bool = False

    def inside(self, marks: HitMasks, decision: Decision) -> Surroundings:
        """The same inside of one more folder, by the decision on it."""
        hits = decision.hits
        of_files = hits & marks.secrets & ~marks.wide
        taken = bool(decision.named and decision.mask)
        return Surroundings(
            self.seen | hits & ~marks.secrets,
            self.hits_of_files | of_files,
            self.held or (taken and bool(hits & ~marks.secrets & marks.rules)),
        )


class ClutterObserver:
    """Is told of what a fold counts; this one finds nothing.

    The fold tells it of folders, and of entries whose decision is noted: never of each
    plain file, so an observer that finds nothing costs next to nothing.
    """

    single = 0  # patterns whose files are to be told one by one
    heavy_bytes = 1 << 63  # files of this size are told one by one, whatever the name

    @property
    def found(self) -> Sequence[ClutterMatch]:
        """What was found so far."""
        return ()

    def enter(self, folder: FolderRef, *, own_stat_bytes: int, line: int) -> None:
        """Enter a folder, whose own entry was counted last.

        A fold that begins here did not count that entry.
        """

    def begin_late(self, level: int, late: EntryStream) -> None:
        """Begin an open folder anew: its own entry comes only now, after others."""

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

    def add(
        self,
        prefix: str,
        rows: Sequence[Row],
        decision: Decision,
        *,
        kind: str,
        line: int,
        weight: Sums,
    ) -> None:
        """Note files of one folder that were counted last and share a decision."""

    def protect(self, path: str, decision: Decision) -> None:
        """Tell the folders around of an entry that is held for its own sake."""

    def copy(
        self,
        context: EntryStream,  # noqa: ARG002  # whoever finds something needs it
        transfer: EntryStream,  # noqa: ARG002
    ) -> ClutterObserver:
        """The same, to follow a copy of the fold, whose streams these are."""
        return self

    def part(self) -> PartialClutter:
        """The finds of one folder and all below it, for `join`."""
        return PartialClutter()

    def join(
        self,
        other: PartialClutter,
        lines: Mapping[int, int],
        *,
        context: int,
        transfer: int,
    ) -> None:
        """Append the finds of the folder entered last, or of some batches of it.

        `lines` has the numbers that stand here for those of the part.
        """


class ClutterCollector(ClutterObserver):
    """The finds of a fold, in order; follows it through its folders."""

    heavy_bytes = HEAVY_BYTES

    def __init__(
        self, marks: HitMasks, context: EntryStream, transfer: EntryStream
    ) -> None:
        self.marks = marks
        self.single = marks.single
        self._wide = 0  # finds that are there for their content alone
        self._found: list[ClutterMatch] = []
        self._more: list[str] = []  # names of the last find, beside those it has
        self._context = context
        self._transfer = transfer
        self._open: list[OpenFolder] = []
        self._closed: OpenFolder | None = None  # the topmost, once it is left

    def enter(self, folder: FolderRef, *, own_stat_bytes: int, line: int) -> None:
        """Enter a folder, whose own entry was counted last.

        A fold that begins here did not count that entry.
        """
        above = self._open[-1] if self._open else None
        own = own_stat_bytes if above is not None else 0
        mine = folder.row[2] if folder.row is not None else None
        context = self._context.sums_without(own if mine and mine.kept else None)
        transfer = context
        if self._transfer is not self._context or (mine and mine.kept != mine.taken):
            transfer = self._transfer.sums_without(own if mine and mine.taken else None)
        one = OpenFolder(line, context, transfer)
        decisions: Sequence[Decision] = (mine,) if mine is not None else ()
        if above is not None:
            one.seen = above.seen
            one.hits_of_files = above.hits_of_files
            one.held = above.held
        else:
            decisions = _decisions(folder)
        for decision in decisions:
            one.own = decision
            one.hits = self._hit(one, decision) if decision.hits else 0  # most: 0
        self._open.append(one)

    def _hit(self, one: OpenFolder, decision: Decision) -> int:
        """What hits a folder anew; it knows from then on what has hit it."""
        marks = self.marks
        hits = decision.hits & ~marks.secrets
        # A folder `.env` is no secret, but a line for such files takes it, too.
        of_files = decision.hits & marks.secrets & ~marks.wide
        found = hits & (marks.rules & ~one.seen | marks.nevers | marks.spared)
        found |= of_files & ~one.hits_of_files
        # A source that takes a folder which a rule hits means all that is in it; one
        # that only starts from there does not.
        taken = decision.named and decision.mask
        one.held = one.held or bool(taken and hits & marks.rules)
        one.seen |= hits
        one.hits_of_files |= of_files
        return found

    def begin_late(self, level: int, late: EntryStream) -> None:
        """Begin an open folder anew: its own entry comes only now, after others."""
        one = self._open[level]
        if late is self._context:
            one.context = late.sums()
        if late is self._transfer:
            one.transfer = late.sums()

    def _hold(self, decision: Decision) -> KeepReason | None:
        if decision.named:
            return KeepReason.NAMED
        if decision.reincluded or not decision.kept:
            return KeepReason.REINCLUDED
        return KeepReason.NEVER if decision.hits & self.marks.nevers else None

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
        unused = not mask and file_bytes >= UNUSED_BYTES
        if not (one.hits & self.marks.rules or one.line or one.tags or unused):
            return
        if not self._open or starts[0] == self._context.entries:
            return
        above = self._open[-1]
        hold = self._hold(one.own) if one.own is not None else None
        context = _since(self._context, starts[0], one.context)
        transfer = context
        if one.transfer is not one.context or starts[0] != starts[1]:
            transfer = _since(self._transfer, starts[1], one.transfer)
        self.found.append(
            ClutterMatch(
                path=path,
                names=(),
                kind="directory",
                hits=one.hits,
                line=one.line,
                tags=one.tags,
                hold=hold or (KeepReason.NAMED if above.held else None),
                named=one.named,
                reincluded=one.reincluded,
                files=files,
                mask=mask,
                context=context,
                transfer=transfer,
                spared=one.spared,
            )
        )

    def add(
        self,
        prefix: str,
        rows: Sequence[Row],
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
        self.protect(prefix + rows[0][0], decision)
        hits = decision.hits & (marks.rules & ~inside.seen | marks.pinned)
        if hits & marks.secrets:
            hits = self._worth_a_look(hits, decision.hits, kind, weight.file_bytes)
        heavy = len(rows) == 1 and weight.file_bytes >= HEAVY_BYTES
        if not (hits or line or heavy):
            return
        names = tuple(row[0] for row in rows)
        start = self._context.entries - len(names)
        sent = self._transfer.entries
        taken = len(names) if decision.taken else 0
        find = ClutterMatch(
            path=prefix + names[0],
            names=names,
            kind=kind,
            hits=hits | decision.hits & (marks.nevers | marks.spared),
            line=line,
            tags=0,
            hold=self._hold(decision) or (KeepReason.NAMED if inside.held else None),
            named="",
            reincluded="",
            files=len(names),
            mask=decision.mask if decision.taken else 0,
            context=Span(start, self._context.entries, weight),
            transfer=Span(sent - taken, sent, weight) if taken else NOTHING,
        )
        self._append(find)

    def _worth_a_look(self, hits: int, all_hits: int, kind: str, size: int) -> int:
        """The hits, without those of secrets where no content is to be looked into."""
        marks = self.marks
        if kind != "file":
            return hits & ~marks.secrets
        if not hits & marks.wide:
            return hits
        if (
            all_hits & marks.nevers
            or not 0 < size <= LARGEST_BYTES
            or self._wide >= MOST_WIDE
        ):
            return hits & ~marks.wide
        if not hits & marks.secrets & ~marks.wide:
            self._wide += 1
            if self._wide == MOST_WIDE:
                # They are counted in runs again, as whatever is no find.
                self.single = marks.single & ~marks.wide
        return hits

    @property
    def found(self) -> list[ClutterMatch]:
        """What was found so far."""
        if self._more:
            last = self._found[-1]
            self._found[-1] = last._replace(names=(*last.names, *self._more))
            self._more = []
        return self._found

    def _append(self, find: ClutterMatch) -> None:
        last = self._found[-1] if self._found else None
        if last is not None and self._continues(last, find):
            self._found[-1] = _joined(last, find)
            self._more += find.names
        else:
            self.found.append(find)

    def _continues(self, last: ClutterMatch, find: ClutterMatch) -> bool:
        """Whether two runs of files are one: nothing but the fold's own pace cut it."""
        return (
            last.kind == find.kind == "file"
            and not (_is_heavy(find) or (not self._more and _is_heavy(last)))
            and last.hits == find.hits
            and not last.hits & (self.marks.single | self.marks.pinned)
            and (last.line, last.hold, last.mask) == (find.line, find.hold, find.mask)
            and last.folder == find.folder
            and last.context.end == find.context.start
            and last.transfer.end == find.transfer.start
        )

    def protect(self, path: str, decision: Decision) -> None:
        """Tell the folders around of an entry that is held for its own sake."""
        named = path if decision.named else ""
        reincluded = path if decision.reincluded else ""
        spared = path if decision.hits & self.marks.spared else ""
        if named or reincluded or spared:
            self._protect(named, reincluded, spared)

    def _protect(self, named: str, reincluded: str, spared: str) -> None:
        """Tell the open folders of paths inside them; "" for none."""
        for one in reversed(self._open):
            if (
                (one.named or not named)
                and (one.reincluded or not reincluded)
                and (one.spared or not spared)
            ):
                break  # and so do the folders above
            one.named = one.named or named
            one.reincluded = one.reincluded or reincluded
            one.spared = one.spared or spared

    def copy(self, context: EntryStream, transfer: EntryStream) -> ClutterCollector:
        """The same finds and open folders, to follow a copy of the fold."""
        other = ClutterCollector(self.marks, context, transfer)
        other.single = self.single
        other._wide = self._wide
        other._found = self._found[:]
        other._more = self._more[:]
        other._open = [copy(one) for one in self._open]
        other._closed = self._closed
        return other

    def part(self) -> PartialClutter:
        """The finds of one folder and all below it, for `join`."""
        top = self._closed
        assert top is not None
        return PartialClutter(
            self.found, top.tags, top.named, top.reincluded, top.spared
        )

    def join(
        self,
        other: PartialClutter,
        lines: Mapping[int, int],
        *,
        context: int,
        transfer: int,
    ) -> None:
        """Append the finds of the folder entered last, or of some batches of it.

        `lines` has the numbers that stand here for those of the part.
        """
        for find in other.found:
            line = lines.get(find.line, find.line)
            hits = find.hits
            if hits & self.marks.wide and find.kind == "file":
                hits = self._worth_a_look(hits, hits, find.kind, find.files)
            if hits == find.hits or hits & self.marks.rules or line:
                moved = find.moved(context, transfer)
                if (line, hits) != (find.line, find.hits):
                    moved = moved._replace(line=line, hits=hits)
                self._append(moved)
        self._open[-1].tags |= other.tags
        for one in self._open:
            one.named = one.named or other.named
            one.reincluded = one.reincluded or other.reincluded
            one.spared = one.spared or other.spared


def _decisions(folder: FolderRef) -> list[Decision]:
    """The decision on a folder, after those on its parents."""
    found: list[Decision] = []
    one: FolderRef | None = folder
    while one is not None and one.row is not None:
        found.insert(0, one.row[2])
        one = one.parent
    return found


def _is_heavy(find: ClutterMatch) -> bool:
    """Whether it is a single file that is worth a word of its own."""
    return len(find.names) == 1 and find.context.file_bytes >= HEAVY_BYTES


def _since(stream: EntryStream, start: int, before: _Before) -> Span:
    """What a stream has taken up since a position."""
    if start == stream.entries:
        return NOTHING
    pairs = zip(stream.sums(), before, strict=True)
    return Span(start, stream.entries, Sums(*(now - then for now, then in pairs)))


def _joined(first: ClutterMatch, second: ClutterMatch) -> ClutterMatch:
    """Both as one; the names of the second are put to it in the end, all at once."""
    return first._replace(
        files=first.files + second.files,
        context=_together(first.context, second.context),
        transfer=_together(first.transfer, second.transfer),
    )


def _together(first: Span, second: Span) -> Span:
    sums = (one + other for one, other in zip(first.sums, second.sums, strict=True))
    return Span(first.start, second.end, Sums(*sums))
