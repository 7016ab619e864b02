"""What git says of finds: what it tracks, and what it ignores with all that is in it.

A folder that git tracks in part is no clean find: what may go of it are the parts that
git ignores, each of which is a find of its own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter

from ctxopt.core.measure.clutter_match import ClutterMatch
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from ctxopt.core.git.tracked import Tracked

_PLACE = attrgetter("context.start")


class GitStanding:
    """Answers for the finds of one walk, in their order or not."""

    def __init__(
        self, clutter: Sequence[ClutterMatch], tracked: Tracked | None
    ) -> None:
        self._tracked = tracked
        # Git says nothing below what it ignores, but a folder comes after its parts.
        ignored = [find for find in clutter if find.line]
        self._ignored = sorted(ignored, key=_PLACE)
        self._folders = {one.path for one in ignored if one.kind == "directory"}
        self._known: dict[int, int] = {}

    def tracked(self, find: ClutterMatch) -> int:
        """How many files of a find git tracks."""
        if self._tracked is None:
            return 0
        known = self._known.get(id(find))
        if known is None:
            known = sum(map(self._tracked.below, find.paths))
            self._known[id(find)] = known
        return known

    def is_ignored(self, find: ClutterMatch) -> bool:
        """Whether git ignores all of it, by what it says of it, or around or in it."""
        if find.line or self._is_below_ignored(find.path):
            return not self.tracked(find)
        if find.kind != "directory" or not find.files or self.tracked(find):
            return False
        return sum(one.files for one in self._inside(find)) == find.files

    def parts(self, find: ClutterMatch) -> list[ClutterMatch]:
        """What git ignores of a folder, and tracks nothing of."""
        return [one for one in self._inside(find) if not self.tracked(one)]

    def _is_below_ignored(self, path: str) -> bool:
        while path := path.rpartition("/")[0]:
            if path in self._folders:
                return True
        return False

    def _inside(self, folder: ClutterMatch) -> list[ClutterMatch]:
        """The finds in a folder that git ignores, whole folders first."""
        if folder.kind != "directory":
            return []
        first = bisect_left(self._ignored, folder.context.start + 1, key=_PLACE)
        found = []
        for one in self._ignored[first:]:
            if one.context.start >= folder.context.end:
                break
            if one.context.end > one.context.start:
                found.append(one)
        return found
