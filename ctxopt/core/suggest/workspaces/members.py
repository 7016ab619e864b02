"""The members of a context, found from the manifests in the folders above a path.

Nothing is walked: of a path that is to go, the folders above it are looked into, and
those that manifests there lead to.
"""

from __future__ import annotations

import itertools
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from ctxopt.core.golang import paths
from ctxopt.core.model import Source
from ctxopt.core.paths import join
from ctxopt.core.patterns.escaping import is_sound
from ctxopt.core.patterns.matcher import NO_PATTERNS, Matcher
from ctxopt.core.patterns.pattern import compile_patterns
from ctxopt.core.running.commands import Command
from ctxopt.core.sources.links import glob_matches
from ctxopt.core.sources.sweeps import is_out
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.suggest.workspaces.declared import STORE, Declared
from ctxopt.core.suggest.workspaces.kinds import OPAQUE, Kind, kind_of
from ctxopt.core.tuples import NamedTuple

MOST_FOLDERS = 300  # looked into for manifests
NEAR_DEPTH, MOST_NEAR = 2, 100  # folders near the root, whose manifests lead out
MOST_MEMBERS = 5_000
MOST_HITS = 500  # of one wildcard
MOST_NAMES = 2_000  # a folder with more of them is no project's
DEPTH = 4  # folders that `**` goes down
MOST_PARTS = 20  # of a path with wildcards

# Packages that somebody else wrote, and what is built: no manifest there is this
# project's.
_FOREIGN = frozenset(
    {
        *("node_modules", "site-packages", ".venv", "venv", ".git", "__pycache__"),
        *("target", ".gradle", ".cargo", ".tox", "bower_components", ".terraform"),
    }
)

_WILD = frozenset("*?")
_PACKED = (".whl", ".zip", ".tgz", ".tar.gz", ".nupkg", ".tar.bz2")  # in a store


class Member(NamedTuple):
    """A path that a manifest lists, and where."""

    path: str
    manifest: str
    line: int
    role: str
    firm: bool  # the tool fails where it is missing, or may
    kind: Kind
    # Of a wildcard that may find less: what is not all of what it finds may go.
    among: str | None = None  # the folder below which it finds others, too

    @property
    def words(self) -> str:
        """Who lists it, as messages say it."""
        return f"{self.manifest}:{self.line} lists it as {self.role}"


class Reading(NamedTuple):
    """What one build takes, and what its commands say."""

    sources: Sequence[Source]
    commands: Sequence[Command]


class Members:
    """Answers who lists a path, or something in it; read as far as it is asked."""

    def __init__(
        self,
        tree: Tree,
        read: Callable[[str], str],
        *,
        readings: Sequence[Reading] = (),
        matcher: Matcher = NO_PATTERNS,
    ) -> None:
        self._tree = tree
        self._read = read
        self._readings = readings
        self._matcher = matcher
        self._needed: dict[str, bool] = {}  # by manifest
        self._seen: set[str] = set()
        self._at: dict[str, list[Member]] = {}  # by the path and all folders above
        self._count = 0

    def needed(self, path: str) -> Member | None:
        """A member at a path or below it that a build fails without, or may.

        Or a store of packages, of which it is one: `wheels/flask-3.0.whl`.
        """
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
            if part in _FOREIGN:
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
            level = [path for folder in level for path in self._folders(folder)]

    def _look(self, folder: str) -> None:
        """Read the manifests of a folder, and of the members that they list."""
        waiting = [folder]
        while waiting:
            one = waiting.pop()
            if one in self._seen or len(self._seen) >= MOST_FOLDERS:
                continue
            self._seen.add(one)
            for member in self._listed(one):
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

    def _listed(self, folder: str) -> Iterator[Member]:
        if self._tree.kind(folder) is not Found.DIRECTORY and folder:
            return
        names = self._tree.names(folder)
        if len(names) > MOST_NAMES:
            return
        for name in names:
            kind = kind_of(name)
            if kind is not None:
                yield from self._of_manifest(folder, name, kind, names)

    def _of_manifest(
        self, folder: str, name: str, kind: Kind, names: Sequence[str]
    ) -> Iterator[Member]:
        manifest = join(folder, name)
        listed = [*kind.read(self._read(manifest))]
        taken_back = _taken_back(one.path for one in listed)
        for one in listed:
            firm = one.firm and kind.is_strict(one.role, names)
            hits = [
                path
                for path in self._paths(folder, one, kind)
                if not _is_taken(taken_back, path.removeprefix(f"{folder}/"))
            ]
            among = None
            if kind.lenient and len(hits) > 1:
                among = _start(join(folder, one.path))
            for path in hits:
                yield Member(
                    path=path,
                    manifest=manifest,
                    line=one.line,
                    role=one.role,
                    firm=firm,
                    kind=kind,
                    among=among,
                )

    def _paths(self, folder: str, one: Declared, kind: Kind) -> Iterator[str]:
        """What is there of what is listed, relative to the context."""
        path = _below(folder, one.path)
        if path is None:
            return
        if _WILD.isdisjoint(path):
            if self._tree.kind(path) is not None:
                yield path
            return
        # Of `**/**` the second one says nothing.
        parts = re.sub(r"(?<![^/])\*\*(?:/\*\*)+(?![^/])", "**", path).split("/")
        if len(parts) > MOST_PARTS:
            return
        hits = self._hits("", parts, depth=DEPTH)
        for hit in itertools.islice(hits, MOST_HITS):
            if any(self._tree.kind(f"{hit}/{name}") for name in kind.inner):
                yield hit

    def _hits(self, folder: str, parts: Sequence[str], *, depth: int) -> Iterator[str]:
        """The folders that a path with wildcards hits."""
        if not parts:
            yield folder
            return
        first, *rest = parts
        if _WILD.isdisjoint(first):
            path = join(folder, first)
            if self._tree.kind(path) is Found.DIRECTORY:
                yield from self._hits(path, rest, depth=depth)
            return
        if first == "**":
            yield from self._hits(folder, rest or ["*"], depth=depth)
        if first == "**" and not depth:
            return
        for path in self._folders(folder):
            if first == "**":
                yield from self._hits(path, parts, depth=depth - 1)
            elif glob_matches(first, path.rpartition("/")[2]):
                yield from self._hits(path, rest, depth=depth)

    def _folders(self, folder: str) -> Iterator[str]:
        below = frozenset(self._tree.folders(folder))
        for name in self._tree.names(folder)[:MOST_NAMES]:
            if name in below and name not in _FOREIGN and not name.startswith("."):
                yield join(folder, name)


def _below(folder: str, listed: str) -> str | None:
    """A listed path, relative to the context; None for one outside, or the folder."""
    if not listed or listed[0] in "!/~$" or "\0" in listed:
        return None
    path = posixpath.normpath(join(folder, listed))
    if path == ".." or path.startswith("../") or path in (".", folder):
        return None
    return path


def _is_missed(member: Member, path: str) -> bool:
    """Whether its tool misses it, where all at a path goes."""
    return member.among is None or f"{member.among}/".startswith(f"{path}/")


def _start(pattern: str) -> str:
    """The folder of a path with wildcards that all it finds is in; "" for the root."""
    parts = posixpath.normpath(pattern).split("/")
    plain = itertools.takewhile(_WILD.isdisjoint, parts)
    return "/".join(plain)


def _taken_back(listed: Iterable[str]) -> Matcher:
    """What the lines with `!` take back, relative to their manifest."""
    texts = (posixpath.normpath(one[1:]) for one in listed if one[:1] == "!")
    sound = {text for text in texts if text[0] not in "!." and is_sound(text)}
    return Matcher(compile_patterns((*sorted(sound),))) if sound else NO_PATTERNS


def _is_taken(matcher: Matcher, path: str) -> bool:
    return bool(matcher.patterns) and matcher.matches_or_parent_matches(path)


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
