"""What is called like a Dockerfile, by a look that is bounded: names, and no walk."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from ctxopt.core.paths import join
from ctxopt.host.disk.tree import DiskTree

DEPTH = 3  # folders below the root
FOLDERS = 400  # looked into, at the most
NAMES = 20_000
FILES = 64

# Where nobody keeps the Dockerfiles of a project, and much else is.
SKIPPED = frozenset(
    {
        *(".git", ".hg", ".svn", ".cache", ".venv", "venv", ".tox", ".terraform"),
        *("node_modules", "vendor", "site-packages", "__pycache__"),
        "third_party",
    }
)
_USUAL = frozenset({"dockerfile", "containerfile"})  # told without an expression
_NAME = r"(?s)(?:.*[.-])?(?:docker|container)file(?:[._-].*)?"
_OTHER_KINDS = (".dockerignore", ".md", ".rst", ".txt", ".lock", ".orig", ".bak", "~")


def is_dockerfile_name(name: str) -> bool:
    """Whether a name is that of a Dockerfile: `Dockerfile.prod`, `web.Dockerfile`."""
    lower = name.lower()
    if "file" not in lower or lower.endswith(_OTHER_KINDS):  # most names, and quickly
        return False
    return lower in _USUAL or re.fullmatch(_NAME, lower) is not None


def dockerfiles(tree: DiskTree, skipped: Collection[str] = ()) -> tuple[str, ...]:
    """Their paths, the nearest to the root first; none in folders called `skipped`."""
    found: list[str] = []
    closed = SKIPPED.union(skipped)
    waiting = [("", 0)]
    names = looked = 0
    while waiting and looked < FOLDERS and names < NAMES and len(found) < FILES:
        folder, depth = waiting.pop(0)
        looked += 1
        names += len(tree.names(folder))
        below = tree.folders(folder)
        called_so = filter(is_dockerfile_name, tree.names(folder))
        found += [join(folder, name) for name in called_so if name not in below]
        if depth < DEPTH:
            waiting += [
                (join(folder, one), depth + 1) for one in below if one not in closed
            ]
    return tuple(found[:FILES])


def tracked_ones(paths: Iterable[str]) -> list[str]:
    """Those of some paths that are called so, but for what somebody else wrote."""
    # The quick look first: there may be a hundred thousand.
    likely = [path for path in paths if "ockerfile" in path or "ontainerfile" in path]
    return [
        path
        for path in likely
        if is_dockerfile_name(path.rpartition("/")[2])
        and SKIPPED.isdisjoint(path.split("/")[:-1])
    ]
