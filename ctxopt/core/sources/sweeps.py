"""Sources that name nothing: their wildcards take in whatever is there.

`COPY * ./` takes what `COPY . ./` does, and means none of it by name; `COPY *.jar ./`
does name its jars. Below a folder it is the same: `COPY src/* ./` names `src`, and
nothing that is in it. Rules: BuildKit builds on where such a wildcard hits nothing
(moby/buildkit, dockerfile2llb/convert_copy.go, AllowEmptyWildcard); the legacy builder
fails where an instruction hits nothing at all (moby/moby, daemon/builder/dockerfile/
copy.go, getCopyInfosForSourcePaths).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ctxopt.core.golang import filepath_match, paths
from ctxopt.core.model import Source
from ctxopt.core.paths import join
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.sources.wanted import CopySource
from ctxopt.core.sources.wildcards import hits_of, matches, split

_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]")


def is_sweep(pattern: str) -> bool:
    """Whether a pattern is of wildcards alone, behind the folder it starts from."""
    _, wild = split(paths.clean(pattern))
    return bool(wild) and all(_means_all(part) for part in wild.split("/"))


def _means_all(part: str) -> bool:
    """Whether a part of a pattern has a star and no text; `.*` means hidden ones."""
    without_classes = _CLASS.sub("?", part)
    return (
        "*" in without_classes
        and not part.startswith(".")
        and not without_classes.strip("*?.")
    )


def sweeps(want: CopySource) -> bool:
    """Whether a source, as its builder reads it, takes in what it does not name."""
    if want.below is None:
        return want.glob is not None and is_sweep(want.glob)
    start = want.path
    names = filepath_match.has_wildcard(start) and not is_sweep(start)
    return is_sweep(want.below) and not names


def source_sweeps(source: Source) -> bool:
    """The same of a source as it stands in the Dockerfile."""
    return not source.mount and is_sweep(_pattern(source))


def start_of(source: Source) -> str:
    """The folder that the wildcards of a source start from; "" for the root."""
    folder, wild = split(_pattern(source))
    return folder if wild else ""


def hits(
    want: CopySource, tree: Tree, matcher: Matcher, *, folders: bool = False
) -> Iterator[str]:
    """What the wildcards of a source hit and the ignore file lets through, lazily.

    With `folders` only the folders among it.
    """
    for path in _hits(want, tree):
        is_wanted = not folders or tree.kind(path) is Found.DIRECTORY
        if is_wanted and not _is_out(matcher, path):
            yield path


def _hits(want: CopySource, tree: Tree) -> Iterator[str]:
    if want.below is None:
        yield from hits_of(want, tree)
        return
    # `**` matches no folder, too; what it matches deeper lies in what is hit so.
    names = [part for part in want.below.split("/") if part != "**"] or ["*"]
    for start in hits_of(want, tree):
        yield from matches(tree, start, "/".join(names))


def takes_any(want: CopySource, tree: Tree, matcher: Matcher) -> bool:
    """Whether the wildcards of a source find anything.

    That may be a folder which is ignored itself, for what a negated line lets through
    in it; whoever looks for that last looks into few folders.
    """
    if next(hits(want, tree, matcher), None) is not None:
        return True
    if not any(pattern.negated for pattern in matcher.patterns):
        return False
    return any(_holds_any(tree, path, matcher) for path in _hits(want, tree))


def _holds_any(tree: Tree, path: str, matcher: Matcher) -> bool:
    if tree.kind(path) is not Found.DIRECTORY:
        return False
    inside = [join(path, name) for name in tree.names(path)]
    return any(not _is_out(matcher, one) for one in inside) or any(
        _holds_any(tree, one, matcher) for one in inside
    )


def _pattern(source: Source) -> str:
    text = source.expanded.replace("/./", "/") if source.parents else source.expanded
    return paths.join("/", text)[1:]


def _is_out(matcher: Matcher, path: str) -> bool:
    try:
        return matcher.verdict(path).excluded
    except PatternError:
        return False
