"""The package as syntax trees, parsed once in a process for all who look through it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "ctxopt"


@cache
def modules() -> Mapping[Path, ast.Module]:
    """Every module of the package by its file; nobody changes one."""
    return {
        path: ast.parse(path.read_bytes(), str(path))
        for path in sorted(PACKAGE.rglob("*.py"))
    }
