"""The Dockerfiles of a context, by a look that is bounded: names, and no walk."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

DEPTH = 3  # folders below the root
FOLDERS = 400  # looked into, at the most
NAMES = 20_000
FILES = 64

# Where nobody keeps the Dockerfiles of a project, and much else is.
_SKIPPED = frozenset(
    {
        *(".git", ".hg", ".svn", ".cache", ".venv", "venv", ".tox", ".terraform"),
        *("node_modules", "vendor", "site-packages", "__pycache__"),
    }
)
_NAME = re.compile(r"(?:.*\.)?(?:docker|container)file(?:[._-].*)?", re.DOTALL)
_OTHER_KINDS = (".dockerignore", ".md", ".rst", ".txt", ".lock", ".orig", ".bak", "~")


def is_dockerfile_name(name: str) -> bool:
    """Whether a name is that of a Dockerfile: `Dockerfile.prod`, `web.Dockerfile`."""
    lower = name.lower()
    if lower.endswith(_OTHER_KINDS):
        return False
    return _NAME.fullmatch(lower) is not None


def dockerfiles(root: str) -> tuple[str, ...]:
    """Paths of what is called like a Dockerfile, the nearest to the root first."""
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
                if depth < DEPTH and entry.name not in _SKIPPED:
                    folders.append((path, depth + 1))
            elif is_dockerfile_name(entry.name):
                found.append(path)
    return tuple(found[:FILES])


def _entries(root: str, folder: str) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(os.path.join(root, folder)) as found:
            yield from sorted(found, key=lambda entry: os.fsencode(entry.name))
    except OSError:
        return
