"""What becomes of a place as things stand, as far as its sources tell.

A source that takes the whole context names nothing in it: `COPY . .` and `COPY * ./`
sweep in what is there. Of a place that stands for many it may be known that they are
not alike, and not how much is what: that is a state of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.core.picture.records import SpotState
from ctxopt.core.sources.sweeps import sweeps
from ctxopt.core.sources.wanted import CopySource


class Takers:
    """The sources of a build, by whether they sweep in or name what they take."""

    def __init__(self, wanted: Sequence[CopySource]) -> None:
        self._broad = frozenset(
            number for number, want in enumerate(wanted) if _is_broad(want)
        )
        # Where a source takes all there is, and nothing outside of it.
        self._paths = {
            number: want.path
            for number, want in enumerate(wanted)
            if want.glob is None and want.below is None
        }

    def of_file(self, takers: Sequence[int]) -> SpotState:
        """The state of a single file that is sent."""
        if not takers:
            return SpotState.UNUSED
        return SpotState.SWEPT if self._broad.issuperset(takers) else SpotState.NAMED

    def of_many(
        self,
        folder: str,
        takers: Sequence[int],
        *,
        used: bool,
        apart: Sequence[str] = (),
    ) -> SpotState:
        """The state of what is sent of a folder, but for some paths `apart`.

        `used` says that sources take all of it.
        """
        if not takers:
            return SpotState.UNUSED
        named = [one for one in takers if one not in self._broad]
        here = [one for one in named if not self._is_inside(one, apart)]
        if any(self._takes(one, folder) for one in here):
            return SpotState.NAMED
        swept = len(named) < len(takers)
        if not used or (here and swept):
            return SpotState.MIXED
        return SpotState.SWEPT if swept else SpotState.NAMED

    def _takes(self, number: int, folder: str) -> bool:
        """Whether a source takes a folder with all that is in it."""
        path = self._paths.get(number)
        return path is not None and f"{folder}/".startswith(f"{path}/")

    def _is_inside(self, number: int, apart: Sequence[str]) -> bool:
        """Whether a source takes nothing but what is in some paths."""
        path = self._paths.get(number)
        return path is not None and any(
            f"{path}/".startswith(f"{one}/") for one in apart
        )


def _is_broad(want: CopySource) -> bool:
    """Whether a source takes all of the context, whatever that is."""
    if want.outside or want.path:
        return False
    return (want.glob is None and want.below is None) or sweeps(want)
