"""The package as syntax trees, parsed once in a process for all who look through it."""

from __future__ import annotations

import ast
import gc
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
def _texts() -> Mapping[Path, bytes]:
    """Every module of the package, unparsed."""
    return {path: path.read_bytes() for path in sorted(PACKAGE.rglob("*.py"))}


@cache
def module(path: Path) -> ast.Module:
    """One module of the package; nobody changes it."""
    with _kept():
        return ast.parse(_texts()[path], str(path))


@cache
def modules() -> Mapping[Path, ast.Module]:
    """Every module of the package by its file."""
    return {path: module(path) for path in _texts()}


@cache
def _by_kind(path: Path) -> Mapping[type[ast.AST], Sequence[ast.AST]]:
    """The nodes of a module by their kind: one walk for all who ask."""
    found: dict[type[ast.AST], list[ast.AST]] = {}
    with _kept():
        for node in ast.walk(module(path)):
            found.setdefault(type(node), []).append(node)
    return found


def nodes_of(kind: type[Node], *, saying: Iterable[str]) -> Iterator[tuple[Path, Node]]:
    """Every node of a kind with the file that it stands in.

    Only of files that say one of these words: to parse all of them takes seconds.
    """
    words = re.compile(b"|".join(re.escape(word.encode()) for word in saying))
    for path, text in _texts().items():
        if not words.search(text):
            continue
        for node in _by_kind(path).get(kind, ()):
            assert isinstance(node, kind)
            yield path, node
