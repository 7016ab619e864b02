"""Paths as people type them, found in a context.

`logs/app.log` may be meant from the current folder or from the context, `/tmp/x` from
the root of the disk; `*.log` stands for what it matches in the context.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice

from ctxopt.core.golang.filepath_match import MalformedPatternError, check, has_wildcard
from ctxopt.core.golang.paths import clean
from ctxopt.core.paths import join
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import PatternError, compile_patterns
from ctxopt.core.sources.links import resolve
from ctxopt.core.sources.tree import Found
from ctxopt.core.sources.wildcards import matches
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import CtxoptError, IgnoreFileError
from ctxopt.host.disk.tree import DiskTree

MOST_LOOKS = 100_000  # names looked at for a pattern with `**`


class Located(NamedTuple):
    """Where a path that was asked for lies."""

    asked: str
    path: str  # in the context, "" for its root; absolute where it lies outside
    inside: bool = True
    link: str = ""  # a link on the way there
    named: str = ""  # where that leads out: the path as the context has it


class GlobHits(NamedTuple):
    """What a pattern matches in a context."""

    paths: tuple[str, ...]
    all_seen: bool = True


def is_glob(asked: str, tree: DiskTree) -> bool:
    """Whether a path is meant as a pattern: nothing has just this name."""
    if not has_wildcard(asked) or os.path.lexists(asked):
        return False
    return tree.kind(clean(asked).lstrip("/")) is None


def locate(asked: str, tree: DiskTree) -> Located:
    """Where a path lies that may be meant from here or from the context.

    Raises CtxoptError for one that is empty, or that no path can be.
    """
    if not asked.strip() or "\0" in asked:
        raise CtxoptError(
            f'no path: "{asked}"', hint="give a path in the context, or none for all"
        )
    return _locate(_with_slashes(asked, tree), tree)._replace(asked=asked)


def _locate(asked: str, tree: DiskTree) -> Located:
    from_here = _relative(os.path.abspath(asked), tree.root)
    if os.path.isabs(asked):
        return _found(asked, from_here, tree)
    if from_here is not None and os.path.lexists(asked):
        return _found(asked, from_here, tree)
    from_context = _relative(os.path.join(tree.root, asked), tree.root)
    is_there = from_context is not None and tree.kind(from_context) is not None
    if is_there or not os.path.lexists(asked):
        return _found(asked, from_context, tree)
    return _found(asked, None, tree)


def _with_slashes(asked: str, tree: DiskTree) -> str:
    r"""A path as typed on Windows (`src\app.py`), where only its `/` form is there."""
    slashed = asked.replace("\\", "/")
    inside = _relative(os.path.join(tree.root, asked), tree.root)
    if slashed == asked or os.path.lexists(asked) or inside is None:
        return asked
    there = _relative(os.path.join(tree.root, slashed), tree.root)
    is_there = there is not None and tree.kind(there) is not None
    is_meant = tree.kind(inside) is None and (is_there or os.path.lexists(slashed))
    return slashed if is_meant else asked


def _relative(path: str, root: str) -> str | None:
    """A path as seen from the root of the context; None for one outside of it."""
    for folder, place in ((root, path), _real(root, path)):
        relative = os.path.relpath(place, folder)
        if relative == ".":
            return ""
        if relative != ".." and not relative.startswith("../"):
            return relative
    return None


def _real(root: str, path: str) -> tuple[str, str]:
    """The same without links on the way to either; the last name of a path stays."""
    folder, name = os.path.split(os.path.normpath(path))
    return os.path.realpath(root), os.path.join(os.path.realpath(folder), name)


def _found(asked: str, relative: str | None, tree: DiskTree) -> Located:
    if relative is None:
        return Located(asked, _outside(asked, tree), inside=False)
    found = resolve(tree, relative, follow_last=False)
    if not found.links:
        return Located(asked, relative)
    link = found.links[0]
    if found.path is not None:
        return Located(asked, found.path, link=link)
    real = os.path.realpath(os.path.join(tree.root, relative))
    if os.path.lexists(real):  # where the builder, which stays inside, finds nothing
        return Located(asked, real, inside=False, link=link, named=relative)
    return Located(asked, relative, link=link)


def _outside(asked: str, tree: DiskTree) -> str:
    if os.path.isabs(asked) or os.path.lexists(asked):
        return os.path.abspath(asked)
    return os.path.normpath(os.path.join(tree.root, asked))


# --- patterns --------------------------------------------------------------------


def glob_hits(asked: str, tree: DiskTree) -> GlobHits:
    """What a pattern matches in the context, `**` being any folders.

    Raises CtxoptError for one that cannot be read.
    """
    relative = _relative(os.path.join(tree.root, asked), tree.root)
    pattern = clean(asked).lstrip("/") if relative is None else relative
    if os.path.isabs(asked):
        pattern = _relative(asked, tree.root) or pattern
    try:
        check(pattern)
    except MalformedPatternError as error:
        raise CtxoptError(f'"{asked}": {error}', hint=error.hint) from error
    if "**" not in pattern:
        return GlobHits(tuple(matches(tree, "", pattern)))
    looked = [*islice(_below(tree, ""), MOST_LOOKS + 1)]
    try:
        matcher = Matcher(compile_patterns((pattern,)))
        hits = tuple(path for path in looked[:MOST_LOOKS] if _hit(matcher, path))
    except (IgnoreFileError, PatternError) as error:
        raise CtxoptError(f'"{asked}": {error}') from error
    return GlobHits(hits, all_seen=len(looked) <= MOST_LOOKS)


def _hit(matcher: Matcher, path: str) -> bool:
    """Whether the pattern matches the path itself, not just a folder above."""
    return any(step.prefix == path for step in matcher.trace(path))


def _below(tree: DiskTree, folder: str) -> Iterator[str]:
    for name in tree.names(folder):
        path = join(folder, name)
        yield path
        if tree.kind(path) is Found.DIRECTORY:
            yield from _below(tree, path)
