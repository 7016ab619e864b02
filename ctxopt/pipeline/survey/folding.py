"""A walk of one root folded as it goes: judging state, walk, fold and git's lines.

A scan drives one from the root to the end. A worker drives one through its part of the
tree and hands back `part()`, which another one joins where it belongs, in the builder's
order: `a` folded here, `b` by a worker, `c` here again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ctxopt.core.git.line import GitLine
from ctxopt.core.judging.rows import Batch, FolderRef
from ctxopt.core.measure.fold import Fold
from ctxopt.core.measure.parts import PartialMeasurement
from ctxopt.core.tuples import NamedTuple
from ctxopt.host.git.lines import GitLines
from ctxopt.host.walk.walk import UnreadPaths, Walk
from ctxopt.pipeline.survey.job import MeasureJob, MeasureResult


class MeasuredPart(NamedTuple):
    """Consecutive batches of a walk measured on their own.

    Without `lines`, the numbers in the part are those of the fold that joins it.
    """

    part: PartialMeasurement
    lost: UnreadPaths
    lines: tuple[GitLine, ...] = ()  # by the numbers in the part, from 1

    def among(self, change: Callable[[int], int]) -> MeasuredPart:
        """The same for some of those that it speaks for, as joining it needs it."""
        return self._replace(part=self.part.among(change))

    def masked(self, change: Callable[[int], int]) -> MeasuredPart:
        """The same, who takes what told by other masks."""
        masks = self.part.masks
        if change(masks) == masks:
            return self
        return self._replace(part=self.part.masked(change))


class Folded:
    """Batches added up in the builder's order, and what was lost on the way.

    `lines` numbers the lines by which git ignores some of it, and goes on where a
    walk is folded in several pieces.
    """

    __slots__ = ("fold", "lines", "lost")

    def __init__(self, fold: Fold, lines: GitLines) -> None:
        self.fold = fold
        self.lines = lines
        self.lost = UnreadPaths()

    def add(self, batch: Batch) -> int:
        """Add the batch that comes next; nothing in it is ever enough."""
        self.fold.add(batch, self.lines.of(batch))
        return 0

    def join(
        self, folder: FolderRef, other: MeasuredPart, *, last: bool = False
    ) -> None:
        """Add batches of a folder, and what is below them, that come next.

        `last` says that the folder ends with them.
        """
        self.lost.extend(other.lost)
        theirs = enumerate(other.lines, start=1)
        numbers = {number: self.lines.number(line) for number, line in theirs}
        self.fold.join(folder, other.part, numbers, last=last)

    def part(self) -> MeasuredPart:
        """What was added, to be joined to another one."""
        return MeasuredPart(self.fold.part(), self.lost, tuple(self.lines.numbers))

    def result(self) -> MeasureResult:
        """What was added, as the measurement of the root."""
        lines = tuple(self.lines.numbers)
        return MeasureResult(self.fold.finish(), self.lost, git_lines=lines)

    def copy(self) -> Folded:
        """The same, to go on with in another way."""
        other = Folded(self.fold.copy(), self.lines.copy())
        other.lost = self.lost.copy()
        return other


class FoldedWalk(Folded):
    """A walk, and the fold that its batches are added to."""

    __slots__ = ("walk",)

    def __init__(
        self, job: MeasureJob, walk: Walk, lines: GitLines | None = None
    ) -> None:
        super().__init__(job.fold(), job.git_lines() if lines is None else lines)
        self.walk = walk

    def batches(self) -> Iterator[Batch]:
        """The batches of the whole walk, each added before it is handed on.

        Raises ContextError when the root cannot be read, PatternError when the builder
        would fail on a pattern here.
        """
        for batch in self.walk.batches():
            self.add(batch)
            yield batch

    def part(self) -> MeasuredPart:
        """What was added, to be joined to another one."""
        self.lost = self.walk.take_lost()
        return super().part()

    def result(self) -> MeasureResult:
        """What was added, as the measurement of the root."""
        self.lost.extend(self.walk.take_lost())
        return super().result()


def folded_walk(job: MeasureJob, *, transfer_only: bool) -> FoldedWalk:
    """A walk of a job's root from its top, nothing of it read yet."""
    return FoldedWalk(job, job.walk(job.state(transfer_only=transfer_only)))
