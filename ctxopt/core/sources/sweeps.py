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
from collections import deque
from collections.abc import Iterator

from ctxopt.core.golang import filepath_match, paths
from ctxopt.core.model import Source
from ctxopt.core.paths import join
from ctxopt.core.patterns.matcher import Matcher, State
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.sources.wanted import CopySource
from ctxopt.core.sources.wildcards import hits_of, matches, split

_CLASS = r"\[\^?\]?(?:\\.|[^\]\\])*\]"


def is_sweep(pattern: str) -> bool:
    """Whether a pattern is of wildcards alone, behind the folder it starts from."""
    _, wild = split(paths.clean(pattern))
    return bool(wild) and all(_means_all(part) for part in wild.split("/"))


def _means_all(part: str) -> bool:
    """Whether a part of a pattern has a star and no text; `.*` means hidden ones."""
    without_classes = re.sub(_CLASS, "?", part)
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
        if is_wanted and not is_out(matcher, path):
            yield path


def _hits(want: CopySource, tree: Tree) -> Iterator[str]:
    if want.below is None:
        yield from hits_of(want, tree)
        return
    # `**` matches no folder, too; what it matches deeper lies in what is hit so.
    names = [part for part in want.below.split("/") if part != "**"] or ["*"]
    for start in hits_of(want, tree):
        yield from matches(tree, start, "/".join(names))


def example(
    want: CopySource, tree: Tree, matcher: Matcher, looks: Iterator[int]
) -> str | None:
    """An entry that the wildcards of a source find; None for none.

    That may be one in a folder which is ignored itself, where a negated line lets it
    through. Each entry that is looked at takes one of the `looks`; when they are
    spent, nothing is found.
    """
    for path in _hits(want, tree):
        if next(looks, None) is None:
            return None
        if not is_out(matcher, path):
            return path
    if not any(pattern.negated for pattern in matcher.patterns):
        return None
    inside = (_example_in(tree, path, matcher, looks) for path in _hits(want, tree))
    try:
        return next((path for path in inside if path is not None), None)
    except PatternError:
        return None  # the build fails there


def _example_in(
    tree: Tree, folder: str, matcher: Matcher, looks: Iterator[int]
) -> str | None:
    """The first entry in a folder, level by level, that the ignore file lets through.

    Raises PatternError where a pattern that cannot be used is looked at.
    """
    waiting = deque([(folder, _inside(matcher, folder))])
    while waiting:
        folder, state = waiting.popleft()
        # No line brings back anything where all is ignored alike.
        all_out = state.constant is not None and state.constant.hit
        if all_out or tree.kind(folder) is not Found.DIRECTORY:
            continue
        for name in tree.names(folder):
            judged, path = state.judge(name), join(folder, name)
            if next(looks, None) is None:
                return None
            if not judged.hit:
                return path
            waiting.append((path, judged.child))
    return None


def _inside(matcher: Matcher, folder: str) -> State:
    state = matcher.root
    for name in folder.split("/"):
        state = state.judge(name).child
    return state


def _pattern(source: Source) -> str:
    return paths.join("/", source.expanded)[1:]


def is_out(matcher: Matcher, path: str) -> bool:
    """Whether a path is ignored, as far as it can be told."""
    try:
        return matcher.verdict(path).excluded
    except PatternError:
        return False
