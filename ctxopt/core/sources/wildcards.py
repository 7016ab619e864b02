"""What a pattern of COPY matches on the disk.

It starts from the folder that is named before its first wildcard, links to that one
followed; no link that a wildcard hits on the way is entered. With `lnk -> real`,
`lnk/*` matches `real/a`, and `*/a` does not come through `lnk`.

Rules: tonistiigi/fsutil, copy/copy.go, ResolveWildcards and resolveWildcards
(BuildKit); moby/moby, daemon/builder/dockerfile/copy.go, copyWithWildcards (legacy).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ctxopt.core.golang import filepath_match
from ctxopt.core.paths import join
from ctxopt.core.sources.links import glob_matches, resolve
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.sources.wanted import CopySource


def split(pattern: str) -> tuple[str, str]:
    """The folder that a pattern starts from, and the pattern from there.

    Without wildcards the second is "", and the first the whole pattern.
    """
    parts = pattern.split("/")
    wild = (at for at, one in enumerate(parts) if filepath_match.has_wildcard(one))
    first = next(wild, len(parts))
    return "/".join(parts[:first]), "/".join(parts[first:])


def hits_of(want: CopySource, tree: Tree) -> Iterator[str]:
    """The entries that a source hits; what is below them is copied with them."""
    base, glob = want.path, want.glob
    if glob is None:
        base, glob = split(base)
    start = resolve(tree, base).path if want.follow_base else base
    if start is None:
        return iter(())
    return matches(tree, start, glob) if glob else iter((start,))


def matches(tree: Tree, base: str, glob: str) -> Iterator[str]:
    """What a pattern matches below a folder, sorted; found as it is asked for."""
    try:
        from ctxopt.core.patterns import globs  # start-up: few have wildcards

        steps = globs.plan(glob).steps
    except filepath_match.MalformedPatternError:
        return iter(())
    if len(steps) != glob.count("/") + 1 or "\\/" in glob:
        return _matches_anywhere(tree, base, glob)
    return _matches_stepwise(tree, base, glob.split("/"))


def matches_below(prefix: str, glob: str, path: str) -> bool:
    """Whether a path is matched by a pattern behind a prefix."""
    return path.startswith(prefix) and glob_matches(glob, path[len(prefix) :])


def _matches_stepwise(
    tree: Tree, folder: str, components: Sequence[str]
) -> Iterator[str]:
    first, *others = components
    for name in tree.names(folder):
        if not glob_matches(first, name):
            continue
        path = join(folder, name)
        if not others:
            yield path
        elif tree.kind(path) is Found.DIRECTORY:
            yield from _matches_stepwise(tree, path, others)


def _matches_anywhere(tree: Tree, base: str, glob: str) -> Iterator[str]:
    """The same for a pattern with a slash inside a class: all paths are tried."""
    prefix = base + "/" if base else ""
    waiting = [base]
    while waiting:
        folder = waiting.pop()
        for path in (join(folder, name) for name in tree.names(folder)):
            if tree.kind(path) is Found.DIRECTORY:
                waiting.append(path)
            if matches_below(prefix, glob, path):
                yield path
