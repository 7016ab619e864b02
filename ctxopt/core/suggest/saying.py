"""What sources say by name: paths, or wildcards that hit them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from ctxopt.core.golang import filepath_match, paths
from ctxopt.core.model import Source
from ctxopt.core.sources.links import glob_matches
from ctxopt.core.sources.sweeps import is_sweep
from ctxopt.core.sources.wildcards import split
from ctxopt.core.tuples import NamedTuple

_WILD = frozenset("*?[\\")


class SaidPaths:
    """Answers who says a path, of sources that may be many."""

    def __init__(self, sources: Iterable[Source]) -> None:
        # By the first part of what they say; by "" where that has wildcards.
        self._by_head: dict[str, list[_Said]] = {}
        self._of_all: list[_Said] = []  # `COPY . .` names nothing, and takes it all
        # What is said without wildcards, and what of that lies in a folder, is looked
        # up; each with its number among those of the same first part.
        self._plain: dict[str, tuple[int, Source]] = {}
        self._within: dict[str, tuple[int, Source]] = {}
        self._wild: dict[str, list[tuple[int, _Said]]] = {}
        # Of those that say the same, the first one answers for all.
        first: dict[tuple[Sequence[str], bool], Source] = {}
        for source in sources:
            first.setdefault((_said(source), source.mount), source)
        for (parts, _), source in first.items():
            self._add(_Said(source, parts))

    def _add(self, one: _Said) -> None:
        parts, source = one.parts, one.source
        if not parts:
            self._of_all.append(one)
            return
        is_open = not source.mount and filepath_match.has_wildcard(parts[0])
        head = "" if is_open else parts[0]
        of_head = self._by_head.setdefault(head, [])
        number = len(of_head)
        of_head.append(one)
        if not source.mount and any(map(_is_wild, parts)):
            self._wild.setdefault(head, []).append((number, one))
            return
        path = parts[0]
        self._within.setdefault(path, (number, source))
        for part in parts[1:]:
            path = f"{path}/{part}"
            self._within.setdefault(path, (number, source))
        self._plain.setdefault(path, (number, source))

    def naming(self, path: str, *, inside: bool = False) -> Source | None:
        """The first source that says a path; with `inside`, or what may lie in it."""
        found = (self._within if inside else self._plain).get(path)
        parts = path.split("/")
        for number, one in self._wild.get(parts[0], ()):
            if found is not None and found[0] < number:
                break
            if one.says(parts, inside=inside):
                found = number, one.source
                break
        if found is not None:
            return found[1]
        for _, one in self._wild.get("", ()):
            if one.says(parts, inside=inside):
                source: Source = one.source
                return source
        return None

    def taking(self, path: str) -> Source | None:
        """The first source that takes a path, by its name or with all around it."""
        parts = path.split("/")
        found = (*self._by_head.get(parts[0], ()), *self._by_head.get("", ()))
        for one in (*self._of_all, *found):
            if one.covers(parts):
                source: Source = one.source
                return source
        return None


class _Said(NamedTuple):
    """A source, and the parts of the path that it says."""

    source: Source
    parts: Sequence[str]

    def covers(self, parts: Sequence[str]) -> bool:
        """Whether the source says a path, a folder above it, or what lies in it."""
        pairs = zip(self.parts, parts, strict=False)
        return all(one == part or _fits(one, part) for one, part in pairs)

    def says(self, parts: Sequence[str], *, inside: bool) -> bool:
        said = self.parts
        if len(said) < len(parts) or (len(said) > len(parts) and not inside):
            return False
        for one, part in zip(said, parts, strict=False):
            if one != part and (self.source.mount or not _fits(one, part)):
                return False
        return True


def _is_wild(part: str) -> bool:
    return not _WILD.isdisjoint(part)


def _fits(pattern: str, part: str) -> bool:
    # Most are plain, and are compared a hundred thousand times.
    return _is_wild(pattern) and glob_matches(pattern, part)


def names(source: Source, path: str, *, inside: bool) -> bool:
    """Whether a source says a path; with `inside`, or what may lie in it."""
    return _Said(source, _said(source)).says(path.split("/"), inside=inside)


def _said(source: Source) -> Sequence[str]:
    """The parts of a source up to where it only sweeps in; none for the root."""
    return _parts(source.expanded, is_mount=source.mount)


# Of many builds of a folder each says what the others do.
@lru_cache(maxsize=1 << 13)
def _parts(expanded: str, *, is_mount: bool) -> tuple[str, ...]:
    pattern = paths.join("/", expanded)[1:]
    if not is_mount and is_sweep(pattern):
        pattern = split(pattern)[0]
    parts = [part for part in pattern.split("/") if part]
    return (*(parts[: parts.index("**")] if "**" in parts else parts),)
