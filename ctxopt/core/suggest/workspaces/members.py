"""The members of a context, found from the manifests in the folders above a path.

Nothing is walked: of a path that is to go, the folders above it are looked into, and
those that manifests there lead to.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from ctxopt.core.golang import paths
from ctxopt.core.model import Source
from ctxopt.core.paths import join
from ctxopt.core.patterns.matcher import NO_PATTERNS, Matcher
from ctxopt.core.running.commands import Command
from ctxopt.core.sources.links import glob_matches
from ctxopt.core.sources.sweeps import is_out
from ctxopt.core.suggest.workspaces.declared import STORE
from ctxopt.core.suggest.workspaces.kinds import OPAQUE
from ctxopt.core.suggest.workspaces.listing import FOREIGN, Listings, Member
from ctxopt.core.tuples import NamedTuple

MOST_FOLDERS = 300  # looked into for manifests
NEAR_DEPTH, MOST_NEAR = 2, 100  # folders near the root, whose manifests lead out
MOST_MEMBERS = 5_000

_PACKED = (".whl", ".zip", ".tgz", ".tar.gz", ".nupkg", ".tar.bz2")  # in a store


class Reading(NamedTuple):
    """What one build takes, and what its commands say."""

    sources: Sequence[Source]
    commands: Sequence[Command]


class Members:
    """Answers who lists a path, or something in it; read as far as it is asked."""

    def __init__(
        self,
        listings: Listings,
        *,
        readings: Sequence[Reading] = (),
        matcher: Matcher = NO_PATTERNS,
    ) -> None:
        self._listings = listings
        self._readings = readings
        self._matcher = matcher
        self._needed: dict[str, bool] = {}  # by manifest
        self._seen: set[str] = set()
        self._at: dict[str, list[Member]] = {}  # by the path and all folders above
        self._count = 0
        # What was said of a path, and of how many members that was.
        self._said: dict[str, tuple[int, Member | None]] = {}

    def needed(self, path: str) -> Member | None:
        """A member at a path or below it that a build fails without, or may.

        Or a store of packages, of which it is one: `wheels/flask-3.0.whl`.
        """
        said = self._said.get(path)
        if said is None or said[0] != self._count:
            missed = self._first_needed(path)
            said = self._said[path] = self._count, missed
        return said[1]

    def _first_needed(self, path: str) -> Member | None:
        found = (one for one in self.of(path) if _is_missed(one, path))
        stores = self._stores_around(path) if path.endswith(_PACKED) else ()
        return next(filter(self._is_needed, itertools.chain(found, stores)), None)

    def _stores_around(self, path: str) -> Iterator[Member]:
        above = path.rpartition("/")[0]
        while above:
            for one in self._at.get(above, ()):
                if one.role == STORE and one.path == above:
                    yield one
            above = above.rpartition("/")[0]

    @property
    def count(self) -> int:
        """How many are known by now: what is said may change with them."""
        return self._count

    def any_of(self, path: str) -> Member | None:
        """A member at a path or below it, needed or not."""
        return next(iter(self.of(path)), None)

    def _is_needed(self, member: Member) -> bool:
        if not member.firm:
            return False
        known = self._needed.get(member.manifest)
        if known is None:
            known = is_read(member, self._readings, self._matcher)
            self._needed[member.manifest] = known
        return known

    def of(self, path: str) -> Sequence[Member]:
        """The members at a path or below it, in the order of their manifests."""
        folder = ""
        self._look_near()
        for part in path.split("/")[:-1]:
            if part in FOREIGN:
                return ()
            folder = join(folder, part)
            self._look(folder)
        return self._at.get(path, ())

    def _look_near(self) -> None:
        """Look near the root: `src/Shop.sln` lists `../tests/Tests.csproj`."""
        if self._seen:
            return
        level = [""]
        left = MOST_NEAR
        for depth in range(NEAR_DEPTH + 1):
            for folder in level[:left]:
                self._look(folder)
            left -= len(level)
            if left <= 0 or depth == NEAR_DEPTH:
                return
            level = [
                path for folder in level for path in self._listings.folders(folder)
            ]

    def _look(self, folder: str) -> None:
        """Read the manifests of a folder, and of the members that they list."""
        waiting = [folder]
        while waiting:
            one = waiting.pop()
            if one in self._seen or len(self._seen) >= MOST_FOLDERS:
                continue
            self._seen.add(one)
            for member in self._listings.of(one):
                self._add(member)
                waiting.append(member.path)

    def _add(self, member: Member) -> None:
        if self._count >= MOST_MEMBERS:
            return
        self._count += 1
        path = member.path
        while path:
            self._at.setdefault(path, []).append(member)
            path = path.rpartition("/")[0]


def _is_missed(member: Member, path: str) -> bool:
    """Whether its tool misses it, where all at a path goes."""
    return member.among is None or f"{member.among}/".startswith(f"{path}/")


def is_read(member: Member, readings: Sequence[Reading], matcher: Matcher) -> bool:
    """Whether a build gets the manifest that lists a member, and may run its tool."""
    if is_out(matcher, member.manifest):
        return False
    return any(
        any(_takes(source, member.manifest) for source in one.sources)
        and any(
            re.search(member.kind.commands, command.text)
            or re.search(OPAQUE, command.text)
            for command in one.commands
        )
        for one in readings
    )


def _takes(source: Source, path: str) -> bool:
    """Whether a source takes a path, by its name or a folder's above it."""
    said = [part for part in paths.join("/", source.expanded)[1:].split("/") if part]
    parts = path.split("/")
    if "**" in said:
        said = said[: said.index("**")]
    return len(said) <= len(parts) and all(
        glob_matches(one, part) for one, part in zip(said, parts, strict=False)
    )
