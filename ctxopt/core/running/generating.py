"""What `go generate` runs: the lines for it in the sources of some packages.

Rule: cmd/go, "Generate Go files by processing source": `//go:generate command words`
at the beginning of a line, run in the folder of its file; no shell is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ctxopt.core.paths import join
from ctxopt.core.running.tasks import Task
from ctxopt.core.sources.tree import Found, Tree

MOST_SOURCES = 300  # files whose beginnings are read
_DEPTH = 6
_FOREIGN = frozenset({"vendor", "testdata", "node_modules"})
_SAID = rb"(?m)^//go:generate[ \t]+([^\n]+)"


def generated(tree: Tree, folder: str, *, deep: bool) -> Iterator[tuple[str, Task]]:
    """The sources of a package with what they run; with `deep` those below it, too."""
    sources = _sources(tree, folder, _DEPTH if deep else 0)
    for path, _ in zip(sources, range(MOST_SOURCES), strict=False):
        head = tree.head(path)
        for found in re.finditer(_SAID, head):
            line = head.count(b"\n", 0, found.start()) + 1
            yield path, Task(line, found[1].decode("utf-8", "replace").strip())


def _sources(tree: Tree, folder: str, depth: int) -> Iterator[str]:
    for name in tree.names(folder):
        path = join(folder, name)
        if name.endswith(".go"):
            yield path
        elif depth and _is_open(name) and tree.kind(path) is Found.DIRECTORY:
            yield from _sources(tree, path, depth - 1)


def _is_open(name: str) -> bool:
    return name not in _FOREIGN and name[0] not in "._"
