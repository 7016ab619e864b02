"""The members that the manifests of single folders list, as they are there."""

from __future__ import annotations

import itertools
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from ctxopt.core.paths import join
from ctxopt.core.patterns.escaping import is_sound
from ctxopt.core.patterns.matcher import NO_PATTERNS, Matcher
from ctxopt.core.patterns.pattern import compile_patterns
from ctxopt.core.sources.links import glob_matches
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.suggest.workspaces.declared import Declared
from ctxopt.core.suggest.workspaces.kinds import Kind, kind_of
from ctxopt.core.tuples import NamedTuple

MOST_KEPT = 2_000  # folders whose members are kept
MOST_HITS = 500  # of one wildcard
MOST_NAMES = 2_000  # a folder with more of them is no project's
DEPTH = 4  # folders that `**` goes down
MOST_PARTS = 20  # of a path with wildcards

# Packages that somebody else wrote, and what is built: no manifest there is this
# project's.
FOREIGN = frozenset(
    {
        *("node_modules", "site-packages", ".venv", "venv", ".git", "__pycache__"),
        *("target", ".gradle", ".cargo", ".tox", "bower_components", ".terraform"),
    }
)

_WILD = frozenset("*?")


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


class Listings:
    """Answers what the manifests of a folder list; each is read once for all who ask.

    `of` gives the members of a folder, in the order of its manifests.
    """

    def __init__(self, tree: Tree, read: Callable[[str], str]) -> None:
        self._tree = tree
        self._read = read
        self.of = lru_cache(MOST_KEPT)(self._read_folder)

    def _read_folder(self, folder: str) -> tuple[Member, ...]:
        return (*self._listed(folder),)

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
        for path in self.folders(folder):
            if first == "**":
                yield from self._hits(path, parts, depth=depth - 1)
            elif glob_matches(first, path.rpartition("/")[2]):
                yield from self._hits(path, rest, depth=depth)

    def folders(self, folder: str) -> Iterator[str]:
        """Its folders that may be of this project."""
        below = frozenset(self._tree.folders(folder))
        for name in self._tree.names(folder)[:MOST_NAMES]:
            if name in below and name not in FOREIGN and not name.startswith("."):
                yield join(folder, name)


def _below(folder: str, listed: str) -> str | None:
    """A listed path, relative to the context; None for one outside, or the folder."""
    if not listed or listed[0] in "!/~$" or "\0" in listed:
        return None
    path = posixpath.normpath(join(folder, listed))
    if path == ".." or path.startswith("../") or path in (".", folder):
        return None
    return path


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
