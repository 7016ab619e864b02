"""What the targets of nx run that stand in `project.json` or in a package's manifest.

Rule: nx.dev, "Project Configuration" and "nx:run-commands". Where projects lie nobody
lists: folders near the root are looked into, so many at the most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase

from ctxopt.core.paths import join
from ctxopt.core.running.manifests import json_object, strings
from ctxopt.core.running.membercalls import MemberCall
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

FILES = ("project.json", "package.json")
MOST_FOLDERS = 120
DEPTH = 3
_FOREIGN = frozenset({"node_modules", "dist", "build", "target", "tmp", "coverage"})


class TargetTask(NamedTuple):
    """A command of a target, and the folder in which it is run."""

    folder: str
    text: str


def targets(
    tree: Tree, read: Callable[[str], str | None], root: str, call: MemberCall
) -> Iterator[tuple[str, TargetTask]]:
    """The commands that a call runs, each with the file in which it stands."""
    for folder in _folders(tree, root):
        for path in (join(folder, name) for name in FILES):
            if tree.kind(path) is not Found.FILE:
                continue
            said = json_object(read(path))
            known = said if path.endswith(FILES[0]) else said.get("nx")
            listed = known.get("targets") if isinstance(known, dict) else None
            name = str(said.get("name", folder.rpartition("/")[2]))
            if isinstance(listed, dict) and _means(call, name, folder):
                for task in _tasks(listed, call.scripts, root):
                    yield path, task


def _means(call: MemberCall, name: str, folder: str) -> bool:
    return not call.wanted or any(
        fnmatchcase(given, one.strip("."))
        for one in call.wanted
        for given in (name, name.rpartition("/")[2], folder)
    )


def _tasks(
    listed: dict[str, Any], wanted: Sequence[str], root: str
) -> Iterator[TargetTask]:
    """The commands of some targets, and of those that they need in their project."""
    names = [*wanted]
    for name in names:
        target = listed.get(name)
        if not isinstance(target, dict):
            continue
        names += (one for one in strings(target.get("dependsOn")) if one not in names)
        options = target.get("options")
        options = options if isinstance(options, dict) else {}
        folder = join(root, str(options.get("cwd", ""))) or root
        for said in (target.get("command"), options.get("command")):
            if isinstance(said, str):
                yield TargetTask(folder, said)
        several = options.get("commands")
        for one in several if isinstance(several, list) else ():
            text = one.get("command") if isinstance(one, dict) else one
            if isinstance(text, str):
                yield TargetTask(folder, text)


def _folders(tree: Tree, root: str) -> Iterator[str]:
    level, left = [root], MOST_FOLDERS
    for _ in range(DEPTH + 1):
        below: list[str] = []
        for folder in level[:left]:
            yield folder
            names = (one for one in tree.folders(folder) if one not in _FOREIGN)
            below += [join(folder, one) for one in names if not one.startswith(".")]
        left -= len(level)
        if left <= 0:
            return
        level = below
