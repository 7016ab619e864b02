"""What two builders let through of one root, asked side by side in one walk."""

from __future__ import annotations

from ctxopt.core.judging.judge import JudgingState, StandingState
from ctxopt.core.judging.rows import Batch, FolderRef
from ctxopt.core.judging.special import Compared
from ctxopt.core.measure import beside
from ctxopt.core.measure.beside import KeptTally
from ctxopt.core.tuples import NamedTuple
from ctxopt.host.walk.disk import RootOnDisk
from ctxopt.host.walk.walk import UnreadPaths, Walk
from ctxopt.pipeline.survey.job import MeasureJob


class Comparison(NamedTuple):
    """Two jobs of one root whose contexts are compared, whatever is asked for."""

    first: MeasureJob
    second: MeasureJob

    @property
    def root(self) -> str:
        """The root of both, an absolute path."""
        return self.first.root

    @property
    def most(self) -> int | None:
        """With more files than this that just one of them keeps, it may end.

        None where one of them may fail on the way, which only a whole walk tells.
        """
        patterns = (*self.first.exclude.patterns, *self.second.exclude.patterns)
        return None if any(one.fails for one in patterns) else beside.MOST_COUNTED


class KeptFold:
    """Batches of a comparison added up; what is lost on the way is told by others."""

    __slots__ = ("lost", "tally")

    def __init__(self, tally: KeptTally | None = None) -> None:
        self.tally = KeptTally() if tally is None else tally
        self.lost = UnreadPaths()

    def add(self, batch: Batch) -> int:
        """Add the batch that comes next; the files in it that just one of two keeps."""
        return self.tally.add(batch)

    def join(
        self,
        folder: FolderRef,  # noqa: ARG002  # as other folds have it
        other: KeptTally,
        *,
        last: bool = False,  # noqa: ARG002
    ) -> None:
        """Add what was counted of batches that come next."""
        self.tally.join(other)

    def part(self) -> KeptTally:
        """What was added, to be joined to another one."""
        return self.tally

    def copy(self) -> KeptFold:
        """The same, to go on with in another way."""
        return KeptFold(self.tally.copy())


def kept_below(
    root: str,
    first: StandingState | None,
    second: StandingState | None,
    most: int | None,
) -> KeptTally:
    """The files that two let through, at least until just one does more than `most`.

    Raises as `Walk.batches` does.
    """
    tally = KeptTally()
    differing = 0
    for batch in compared_walk(root, Compared.start(first, second)).batches():
        differing += tally.add(batch)
        if most is not None and differing > most:
            break
    return tally


def compared_walk(
    root: str, state: JudgingState, disk: RootOnDisk | None = None
) -> Walk:
    """A walk for `KeptFold`; `disk` is where others look as well."""
    return Walk(root, state, _reads_none, disk=disk)


def _reads_none(_attribute: str) -> bool:
    return False
