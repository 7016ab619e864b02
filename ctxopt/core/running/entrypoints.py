"""The programs that a project of Python installs, and the modules that they run.

Rule: packaging.python.org, "Entry points specification" (console scripts) and
"pyproject.toml specification"; setuptools and Poetry, "scripts".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ctxopt.core.paths import join
from ctxopt.core.sources.tree import Found, Tree

MANIFESTS = ("pyproject.toml", "setup.cfg", "setup.py")
# Commands with which such programs are installed, or started.
INSTALLERS = frozenset(
    (
        *("pip", "pip3", "pipx", "uv", "poetry", "pdm", "hatch", "rye", "pipenv"),
        *("python", "python3", "tox", "flit"),
    )
)
MOST_FOLDERS = 60  # that may have a manifest
_MOST_NAMES = 200  # of programs
_DEPTH = 2
_FOREIGN = frozenset({"node_modules", "tests", "docs", "venv", "site-packages"})
_SCRIPT = re.compile(
    r"[\"']?(?<![\w.-])([\w.-]+)[\"']?[ \t]*=[ \t]*[\"']?([A-Za-z_][\w.]*):[A-Za-z_]"
)
_BASES = ("", "src", "lib", "python", "backend")


def entry_points(
    tree: Tree, read: Callable[[str], str | None], roots: list[str]
) -> dict[str, list[str]]:
    """The programs of the projects in some folders, each with files of its module."""
    found: dict[str, list[str]] = {}
    for folder in _folders(tree, roots):
        for name in MANIFESTS:
            path = join(folder, name)
            text = read(path) if tree.kind(path) is Found.FILE else None
            for script, module in _SCRIPT.findall(text or "")[:_MOST_NAMES]:
                found.setdefault(script, []).extend(module_files(tree, folder, module))
    return found


def module_files(tree: Tree, folder: str, module: str) -> Iterator[str]:
    """The files that are a module of the project in a folder."""
    inside = module.replace(".", "/")
    for base in _BASES:
        for tail in (".py", "/__main__.py", "/__init__.py"):
            path = join(join(folder, base) if base else folder, f"{inside}{tail}")
            if tree.kind(path) is Found.FILE:
                yield path


def _folders(tree: Tree, roots: list[str]) -> list[str]:
    """Folders that may have a manifest, the nearest to the roots first."""
    waiting = [(one, 0) for one in dict.fromkeys(roots)]
    for folder, depth in waiting:
        below = tree.folders(folder) if depth < _DEPTH else ()
        waiting += [
            (join(folder, name), depth + 1)
            for name in sorted(below)
            if name not in _FOREIGN and name[0] != "."
        ]
        if len(waiting) > MOST_FOLDERS:
            break
    return [*dict.fromkeys(folder for folder, _ in waiting)][:MOST_FOLDERS]
