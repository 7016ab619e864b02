"""The package as syntax trees, parsed once in a process for all who look through it."""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TypeVar

PACKAGE = Path(__file__).resolve().parent.parent / "ctxopt"
Node = TypeVar("Node", bound=ast.AST)


@contextmanager
def _kept() -> Iterator[None]:
    """What is made here stays: garbage is not looked for in it, now or later.

    To look takes twice as long as to parse, then a second of any test it falls into.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()


@cache
def modules() -> Mapping[Path, ast.Module]:
    """Every module of the package by its file; nobody changes one."""
    with _kept():
        return {
            path: ast.parse(path.read_bytes(), str(path))
            for path in sorted(PACKAGE.rglob("*.py"))
        }


@cache
def _by_kind() -> Mapping[Path, Mapping[type[ast.AST], Sequence[ast.AST]]]:
    """The nodes of each module by their kind: one walk for all who ask."""
    trees = modules()
    with _kept():
        return {path: _sorted_out(tree) for path, tree in trees.items()}


def _sorted_out(tree: ast.Module) -> Mapping[type[ast.AST], Sequence[ast.AST]]:
    found: dict[type[ast.AST], list[ast.AST]] = {}
    for node in ast.walk(tree):
        found.setdefault(type(node), []).append(node)
    return found


def nodes_of(kind: type[Node]) -> Iterator[tuple[Path, Node]]:
    """Every node of a kind with the file that it stands in."""
    for path, found in _by_kind().items():
        for node in found.get(kind, ()):
            assert isinstance(node, kind)
            yield path, node
