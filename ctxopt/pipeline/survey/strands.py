"""The folds of a joint walk: one for each strand, joined where strands are.

A strand is some views of a tree that are counted together; see host/walk/several.py.
When it parts, its fold is copied; when it ends, its sums are joined to the strands that
it spoke for, each with the sources of its own views.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Protocol

from ctxopt.core.judging.rows import Batch, FolderRef
from ctxopt.core.tuples import NamedTuple
from ctxopt.host.walk.several import JointWalk
from ctxopt.host.walk.views import (
    Added,
    Circle,
    Entered,
    Event,
    Joined,
    Missed,
    Parted,
    Strand,
)
from ctxopt.host.walk.walk import UnreadPaths


class Part(Protocol):  # pragma: no cover
    """What a fold has counted: plain values, to be joined to one of its kind."""

    def among(self, change: Callable[[int], int]) -> Any:  # a Part
        """The same for some views, to be joined: `change` leaves out other bits."""

    def masked(self, change: Callable[[int], int]) -> Any:  # a Part
        """The same for one view: `change` makes its own masks of joint ones."""


class StrandFold(Protocol):  # pragma: no cover
    """What batches of a strand are added to; see `folding.Folded`."""

    lost: UnreadPaths

    def add(self, batch: Batch) -> int:
        """Add the batch that comes next; how much of what its views look for is in it.

        0 where they look for nothing that there may be enough of.
        """

    def join(self, folder: FolderRef, other: Any, *, last: bool = False) -> None:
        """Add batches of a folder, and what is below them, that come next.

        They are a part of its own kind.
        """

    def part(self) -> Part:
        """What was added, to be joined to another one."""

    def copy(self) -> StrandFold:
        """The same, to go on with in another way."""


class StrandPart(NamedTuple):
    """What some views of a strand have counted."""

    members: int
    part: Part


def _within(bits: int, mask: int) -> int:
    return mask & bits


class _Node:
    """The fold of a strand, or those that it has parted into."""

    __slots__ = ("folded", "members", "sides")

    def __init__(
        self,
        members: int,
        folded: StrandFold | None = None,
        sides: Sequence[_Node] = (),
    ) -> None:
        self.members = members
        self.folded = folded
        self.sides = sides

    def leaves(self) -> Iterator[_Node]:
        """The nodes that have a fold."""
        if self.folded is not None:
            yield self
        for side in self.sides:
            yield from side.leaves()

    def part(self, groups: Iterable[int]) -> None:
        """Go on for each of these groups of views on its own."""
        folded = self.folded
        assert folded is not None
        mine = [group & self.members for group in groups]
        first, *others = [group for group in mine if group]
        if not others:
            return
        self.folded = None
        copies = [_Node(group, folded.copy()) for group in others]
        self.sides = (_Node(first, folded), *copies)


class Strands:
    """Folds what comes of a joint walk."""

    def __init__(self, fold: Callable[[Circle], StrandFold]) -> None:
        self._fold = fold
        self._nodes: dict[Strand, _Node] = {}

    def again(self) -> Strands:
        """The same with nothing counted yet."""
        return Strands(self._fold)

    def go(self, walk: JointWalk, events: Iterator[Event]) -> Iterator[None]:
        """Fold events, and all that is in the folders entered; stops after each."""
        stack = [events]
        while stack:
            for event in stack[-1]:
                if isinstance(event, Entered):
                    stack.append(walk.events(event.frame))
                    break
                self.note(event)
            else:
                stack.pop()
                yield

    def note(self, event: Event) -> None:
        """Count one event."""
        if isinstance(event, Added):
            for node in self._leaves(event.strand):
                found = node.folded.add(event.batch)  # type: ignore[union-attr]  # a leaf
                if found:
                    event.strand.circle.found(node.members, found)
        elif isinstance(event, Missed):
            for node in self._leaves(event.strand):
                node.folded.lost.extend(event.lost)  # type: ignore[union-attr]
        elif isinstance(event, Parted):
            self._part(event)
        elif isinstance(event, Joined):
            parts = self.parts(event.strand)
            for stand in event.outer:
                self.receive(stand.strand, stand.folder, parts, last=event.last)

    def finished(self, circle: Circle) -> list[StrandPart]:
        """What a circle has counted in all of its root; nothing if it never began."""
        return self.parts(circle.strand) if circle.strand in self._nodes else []

    def parts(self, strand: Strand) -> list[StrandPart]:
        """What a strand has counted, which ends with that."""
        leaves = self._leaves(strand)
        self._nodes.pop(strand, None)
        return [
            StrandPart(node.members, node.folded.part())  # type: ignore[union-attr]
            for node in leaves
        ]

    def receive(
        self,
        strand: Strand,
        folder: FolderRef,
        parts: Sequence[StrandPart],
        *,
        last: bool,
    ) -> None:
        """Join what was counted of a folder, or of some batches of it, to a strand."""
        rows = strand.circle.state.rows
        for node in self._leaves(strand):
            theirs = [one.members for one in parts if one.members & node.members]
            if len(theirs) > 1:
                node.part(theirs)
        for node in self._leaves(strand):
            for one in parts:
                if one.members & node.members:
                    part = one.part
                    if one.members & ~node.members:
                        part = part.among(partial(_within, rows.of(node.members)))
                    node.folded.join(folder, part, last=last)  # type: ignore[union-attr]

    def _leaves(self, strand: Strand) -> list[_Node]:
        """The folds of a strand that are still good for somebody."""
        node = self._nodes.get(strand)
        circle = strand.circle
        if node is None:
            node = _Node(strand.members, self._fold(circle))
            self._nodes[strand] = node
        return [one for one in node.leaves() if one.members & ~circle.failed]

    def _part(self, event: Parted) -> None:
        """Part the folds of a strand, and let its sides have them."""
        groups = [side.members for side in event.sides]
        for node in self._leaves(event.strand):
            node.part(groups)
        leaves = self._leaves(event.strand)
        for side in event.sides:
            mine = [node for node in leaves if node.members & side.members]
            self._nodes[side] = _Node(side.members, sides=mine)
