"""Following symbolic links inside a context, for requests and for copies.

Two rules that differ: a *request* is widened by the client before anything is sent
(tonistiigi/fsutil, followlinks.go); a *copy* resolves its source afterwards, in what
has arrived (containerd/continuity, fs.RootPath).
"""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.core.golang import filepath_match
from ctxopt.core.golang import paths as gopath
from ctxopt.core.paths import join
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.tuples import NamedTuple

MAX_LINKS = 255  # containerd/continuity, fs/path.go: beyond it "too many links"


def follow_request(tree: Tree, paths: Sequence[str]) -> tuple[str, ...] | None:
    """The include patterns for the requested paths; None: no filter, all is sent.

    Rule: tonistiigi/fsutil, followlinks.go, FollowLinks, and filter.go, NewFilterFS.
    """
    resolved: set[str] = set()
    for path in paths:
        _append(tree, path, resolved)
    return _without_covered(sorted(resolved, key=_bytes))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _append(tree: Tree, path: str, resolved: set[str]) -> None:
    pending = [path]
    while pending:
        pending.extend(reversed(_append_one(tree, pending.pop(), resolved)))


def _append_one(tree: Tree, path: str, resolved: set[str]) -> list[str]:
    """Walk one path down to its first link; returns where to go on."""
    rest = gopath.clean("./" + path)
    current = ""
    while True:
        component, _, rest = rest.partition("/")
        current = join(current, component)
        targets = _link_targets(tree, current)
        if (targets or not rest) and current in resolved:
            return []
        if targets or not rest:
            resolved.add(current)
            return [gopath.join(target, rest) for target in targets]


def _link_targets(tree: Tree, path: str) -> list[str]:
    """Where the link at `path` leads, or all links that its last component matches."""
    if path == ".":
        return []
    folder, _, name = path.rpartition("/")
    if not filepath_match.has_wildcard(name):
        return _target(tree, path)
    found: list[str] = []
    for candidate in tree.names(folder):
        if glob_matches(name, candidate):
            found += _target(tree, join(folder, candidate))
    return found


def glob_matches(pattern: str, name: str) -> bool:
    """Whether a pattern of filepath.Match matches; a malformed one matches nothing."""
    try:
        return filepath_match.match(pattern, name)
    except filepath_match.MalformedPatternError:
        return False


def _target(tree: Tree, path: str) -> list[str]:
    if tree.kind(path) is not Found.LINK:
        return []
    return [link_destination(path, tree.target(path))]


def link_destination(path: str, target: str) -> str:
    """The path, from the context root, that the link at `path` points to."""
    if target.startswith("/"):
        return gopath.clean(target)
    return gopath.join("/", gopath.join(gopath.directory(path), target))


def _without_covered(paths: Sequence[str]) -> tuple[str, ...] | None:
    """Drop what lies below the path kept before it; None when the root is asked for.

    Rule: tonistiigi/fsutil, followlinks.go, dedupePaths.
    """
    kept: list[str] = []
    last = ""
    for path in paths:
        if path == ".":
            return None
        if not path.startswith(last + "/"):
            kept.append(path)
            last = path
    return tuple(kept)


class Resolved(NamedTuple):
    """Where a path leads once all links on the way are followed.

    `path` is None when there is nothing, or the links go in circles (`loop`); then
    `missing` is the path that is not there. `links` are the links passed on the way,
    in order; each must have been sent.
    """

    path: str | None
    links: tuple[str, ...] = ()
    missing: str = ""
    loop: bool = False
    last_link: str = ""  # where the last component, its folders resolved, is a link
    blocked_by: str = ""  # a file on the way, where a folder would have to be


def resolve(
    tree: Tree, path: str, *, follow_last: bool = True, by_text: bool = True
) -> Resolved:
    """Follow every link on `path` inside the root; `..` cannot leave it.

    Of the target `a/../f` only `f` counts, whatever `a` is; not so with `by_text` off.

    Rule: containerd/continuity, fs/path.go, RootPath; without `by_text` moby/sys,
    symlink/fs.go, evalSymlinksInScope.
    """
    pending = [part for part in path.split("/") if part not in ("", ".")]
    pending.reverse()
    done: list[str] = []
    links: list[str] = []
    last_link = ""
    while pending:
        part = pending.pop()
        if part == "..":
            del done[-1:]
            continue
        here = "/".join((*done, part))
        kind = tree.kind(here)
        if kind is Found.LINK and (pending or follow_last):
            links.append(here)
            last_link = last_link or ("" if pending else here)
            if len(links) > MAX_LINKS:
                passed = tuple(dict.fromkeys(links))
                return Resolved(None, passed, here, loop=True, last_link=last_link)
            target = tree.target(here)
            target = gopath.clean(target) if by_text else target
            if target.startswith("/"):
                done = []
            parts = [part for part in target.split("/") if part not in ("", ".")]
            pending.extend(reversed(parts))
        elif kind is None or (pending and kind is not Found.DIRECTORY):
            missing = "/".join((here, *reversed(pending)))
            blocked_by = "" if kind is None else here
            return Resolved(
                None,
                tuple(links),
                missing,
                last_link=last_link,
                blocked_by=blocked_by,
            )
        else:
            done.append(part)
    return Resolved("/".join(done), tuple(links), last_link=last_link)


def leads_out(path: str, target: str) -> bool:
    """Whether the text of the link at `path` leads out of the root, if it is relative.

    An absolute one is read from the root of the image, and so out of no context.
    """
    depth = path.count("/")
    if target.startswith("/"):
        return False
    for part in target.split("/"):
        depth += {"": 0, ".": 0, "..": -1}.get(part, 1)
        if depth < 0:
            return True
    return False


def is_above(path: str) -> bool:
    """Whether a source's text leads above the folder it starts in."""
    return leads_out("", path.lstrip("/"))
