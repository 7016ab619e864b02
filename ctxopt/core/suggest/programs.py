"""Which finds are compiled programs, and which of them Go has left in the project."""

from __future__ import annotations

import re

from ctxopt.core.measure.clutter_match import ClutterMatch
from ctxopt.core.paths import join
from ctxopt.core.sources.tree import Found, Tree

MOST_IN_FOLDER = 20  # names that are looked at

# How compiled programs and libraries begin: ELF, Mach-O of either order, PE.
_PROGRAMS = {
    b"\x7fELF": "ELF",
    b"\xcf\xfa\xed\xfe": "Mach-O",
    b"\xce\xfa\xed\xfe": "Mach-O",
    b"\xfe\xed\xfa\xcf": "Mach-O",
    b"\xfe\xed\xfa\xce": "Mach-O",
    b"\xca\xfe\xba\xbe\x00\x00\x00\x02": "Mach-O",
    b"MZ": "PE",
}


def files_of(tree: Tree, find: ClutterMatch) -> list[str]:
    """The files of a find; none of a folder that holds folders, or a lot."""
    if find.kind != "directory":
        return [*find.paths]
    names = [*tree.names(find.path)]
    found = [join(find.path, name) for name in names[: MOST_IN_FOLDER + 1]]
    if len(found) > MOST_IN_FOLDER:
        return []
    return found if all(tree.kind(one) is Found.FILE for one in found) else []


def kind_of_all(tree: Tree, paths: list[str]) -> str:
    """What kind of programs all of these files are; "" where they are no such thing."""
    kinds = {_kind_of(tree, path) for path in paths}
    return kinds.pop() if len(kinds) == 1 else ""


def _kind_of(tree: Tree, path: str) -> str:
    head = tree.head(path)
    return next((kind for sign, kind in _PROGRAMS.items() if head.startswith(sign)), "")


def is_left_by_go(tree: Tree, path: str) -> bool:
    """Whether `go build` gives a program of the project this path.

    `go build ./cmd/shop` writes `shop`, `go build` the last word of the module.
    Source: golang/go, src/cmd/go/internal/load/pkg.go, DefaultExecName.
    """
    folder, _, name = path.rpartition("/")
    name = name.removesuffix(".exe")
    if tree.kind(join(folder, "go.mod")) is Found.FILE:
        is_command = tree.kind(join(folder, f"cmd/{name}")) is Found.DIRECTORY
        return is_command or name == _module(tree, folder)
    has_sources = any(one.endswith(".go") for one in tree.names(folder))
    return bool(folder) and has_sources and name == folder.rpartition("/")[2]


def _module(tree: Tree, folder: str) -> str:
    """The last word of the path of a module, a version left out."""
    text = tree.head(join(folder, "go.mod")).decode("utf-8", "replace")
    found = re.search(r'(?m)^module\s+"?([^\s"]+)', text)
    path = re.sub(r"/v[0-9]+$", "", found[1]) if found else ""
    return path.rpartition("/")[2]
