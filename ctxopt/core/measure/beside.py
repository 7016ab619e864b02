"""Two ways to judge a tree side by side: how many files each lets through.

Batches come from a walk whose masks say who keeps an entry; see `special.Compared`.
"""

from __future__ import annotations

from collections.abc import Callable

from ctxopt.core.judging.entry import DIRECTORY, FORMAT
from ctxopt.core.judging.rows import Batch
from ctxopt.core.tuples import NamedTuple

FIRST, SECOND, BOTH = 1, 2, 3

# Of files that just one of two keeps; of more it is said that there are more.
MOST_COUNTED = 1000


class KeptFiles(NamedTuple):
    """Files that the first or the second of two lets through.

    Where `more_than` says that just one of them does so with more files than that, they
    are not counted, and no other number is known.
    """

    first: int = 0
    second: int = 0
    only: int = 0  # the first, and not the second
    other_only: int = 0
    example: str = ""  # the path of the first file that just one of them does
    more_than: int | None = None


class KeptTally:
    """Files counted by the mask of those who keep them, in the order of the walk.

    Nothing but plain values, so that it can go from one process to another.
    """

    __slots__ = ("example", "files")

    def __init__(self) -> None:
        self.files: dict[int, int] = {}
        self.example = ""  # the path of the first file that just one of two keeps

    def add(self, batch: Batch) -> int:
        """Count the files of a batch; how many of them just one of two keeps."""
        files = self.files
        differing = 0
        for name, status, decision, _ in batch.rows:
            if decision.kept and status.st_mode & FORMAT != DIRECTORY:
                files[decision.mask] = files.get(decision.mask, 0) + 1
                if decision.taken:
                    differing += 1
                    if not self.example:
                        self.example = batch.folder.prefix + name
        return differing

    def join(self, other: KeptTally) -> None:
        """Count what was counted of a part that comes next."""
        for mask, count in other.files.items():
            self.files[mask] = self.files.get(mask, 0) + count
        self.example = self.example or other.example

    def among(self, change: Callable[[int], int]) -> KeptTally:  # noqa: ARG002
        """The same for some of those that the masks tell of, who agree on all files."""
        return self

    def masked(self, change: Callable[[int], int]) -> KeptTally:
        """The same by other masks; what comes under one is added up."""
        other = KeptTally()
        other.example = self.example
        for mask, count in self.files.items():
            changed = change(mask)
            other.files[changed] = other.files.get(changed, 0) + count
        return other

    def copy(self) -> KeptTally:
        """The same counts, to go on with."""
        other = KeptTally()
        other.join(self)
        return other

    def result(self, most: int | None = None) -> KeptFiles:
        """What was counted, where the masks are those of two alone.

        The numbers are exact, unless just one of two keeps more than `most`: then the
        walk may have ended before all of these were met.
        """
        only, other_only, both = (
            self.files.get(mask, 0) for mask in (FIRST, SECOND, BOTH)
        )
        if most is not None and only + other_only > most:
            return KeptFiles(example=self.example, more_than=most)
        return KeptFiles(both + only, both + other_only, only, other_only, self.example)
