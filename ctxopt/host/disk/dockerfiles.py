"""What is called like a Dockerfile, by a look that is bounded: names, and no walk."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator

DEPTH = 3  # folders below the root
FOLDERS = 400  # looked into, at the most
NAMES = 20_000
FILES = 64

# Where nobody keeps the Dockerfiles of a project, and much else is.
_SKIPPED = frozenset(
    {
        *(".git", ".hg", ".svn", ".cache", ".venv", "venv", ".tox", ".terraform"),
        *("node_modules", "vendor", "site-packages", "__pycache__"),
        "third_party",
    }
)
_NAME = r"(?s)(?:.*[.-])?(?:docker|container)file(?:[._-].*)?"
_OTHER_KINDS = (".dockerignore", ".md", ".rst", ".txt", ".lock", ".orig", ".bak", "~")


def is_dockerfile_name(name: str) -> bool:
    """Whether a name is that of a Dockerfile: `Dockerfile.prod`, `web.Dockerfile`."""
    lower = name.lower()
    if lower.endswith(_OTHER_KINDS):
        return False
    return re.fullmatch(_NAME, lower) is not None


def dockerfiles(root: str, skipped: Collection[str] = ()) -> tuple[str, ...]:
    """Their paths, the nearest to the root first; none in folders called `skipped`."""
    found: list[str] = []
    folders = [("", 0)]
    names = looked = 0
    while folders and looked < FOLDERS and names < NAMES and len(found) < FILES:
        folder, depth = folders.pop(0)
        looked += 1
        for entry in _entries(root, folder):
            names += 1
            path = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_dir(follow_symlinks=False):
                is_open = entry.name not in _SKIPPED and entry.name not in skipped
                if depth < DEPTH and is_open:
                    folders.append((path, depth + 1))
            elif is_dockerfile_name(entry.name):
                found.append(path)
    return tuple(found[:FILES])


def tracked_ones(paths: Iterable[str]) -> list[str]:
    """Those of some paths that are called so, but for what somebody else wrote."""
    # The quick look first: there may be a hundred thousand.
    likely = [path for path in paths if "ockerfile" in path or "ontainerfile" in path]
    return [
        path
        for path in likely
        if is_dockerfile_name(path.rpartition("/")[2])
        and _SKIPPED.isdisjoint(path.split("/")[:-1])
    ]


def _entries(root: str, folder: str) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(os.path.join(root, folder)) as found:
            yield from sorted(found, key=lambda entry: os.fsencode(entry.name))
    except OSError:
        return
