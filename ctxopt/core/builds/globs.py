"""Globs of Dockerfiles, as a shell has them with `**`.

glob_test(["**/Dockerfile.*"])("api/Dockerfile.dev")     # True
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

_PARTS = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
_PIECE = r"\*\*/|\*\*|\*|\?|\[[^\[\]/]+\]|(?s:.)"


def glob_test(globs: Iterable[str]) -> Callable[[str], bool]:
    """Whether a path fits one of them; `./` at the start of a glob says nothing."""
    whole = "|".join(f"(?:{_expression(one.removeprefix('./'))})" for one in globs)
    matcher = re.compile(whole)
    return lambda path: matcher.fullmatch(path) is not None


def _expression(glob: str) -> str:
    return "".join(map(_part, re.findall(_PIECE, glob)))


def _part(token: str) -> str:
    if len(token) > 1 and token.startswith("["):
        inner = token[1:-1].replace("\\", "\\\\")
        return f"[^/{inner[1:]}]" if inner.startswith("!") else f"[{inner}]"
    return _PARTS.get(token) or re.escape(token)
