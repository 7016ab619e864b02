"""When a rule holds for a path: what stands beside it, inside it and in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Protocol

from ctxopt.core.paths import join
from ctxopt.core.suggest.rules import MOST_NAMES, Rule


class Probe(Protocol):  # pragma: no cover
    """What stands in the context; paths are relative to its root, "" is the root."""

    def exists(self, path: str) -> bool:
        """Whether anything stands at a path."""
        ...

    def names(self, path: str) -> Sequence[str]:
        """The names in a folder; none where it is none."""
        ...

    def kind(self, path: str) -> str | None:
        """What stands there: "directory", "file", "link"; None where nothing does."""
        ...

    def head(self, path: str) -> bytes:
        """The first 4 KiB of a regular file; b"" where it cannot be read."""
        ...

    def target(self, path: str) -> str:
        """The text of a symbolic link."""
        ...


def applies(rule: Rule, path: str, *, kind: str, file_bytes: int, look: Probe) -> bool:
    """Whether all conditions of a rule hold for a path that one of its patterns hits.

    `kind` is what stands at the path, `file_bytes` what its files add up to.
    """
    if (rule.kind and rule.kind != kind) or file_bytes < rule.min_bytes:
        return False
    folder = path.rpartition("/")[0]
    return (
        (not rule.beside or _any_in(folder, rule.beside, look))
        and (
            not rule.markers
            or _any_in(folder, rule.markers, look)
            or _any_in("", rule.markers, look)
        )
        and (not rule.inside or _any_in(path, rule.inside, look))
        and (not rule.link_target or _points_to(rule.link_target, path, kind, look))
        and (not rule.content or _contains(rule.content, path, kind, look))
        and (not rule.only or (kind == "directory" and _holds(rule.only, path, look)))
    )


def _any_in(folder: str, wanted: Sequence[str], look: Probe) -> bool:
    """Whether one of these paths exists in a folder."""
    for text in wanted:
        path = join(folder, text)
        if "*" not in text:
            if look.exists(path):
                return True
            continue
        above, _, name = path.rpartition("/")
        expression = _name(name)
        if any(expression.fullmatch(one) for one in look.names(above)):
            return True
    return False


def _points_to(expression: str, path: str, kind: str, look: Probe) -> bool:
    return kind == "link" and re.match(expression, look.target(path)) is not None


def _contains(expression: str, path: str, kind: str, look: Probe) -> bool:
    if kind != "file":
        return False
    return re.search(expression.encode(), look.head(path)) is not None


def _holds(names: Sequence[str], folder: str, look: Probe) -> bool:
    """Whether a folder holds files of these names, some at least, and no others."""
    expressions = [_name(name) for name in names]
    folders = [folder]
    seen = files = 0
    while folders:
        above = folders.pop()
        for name in look.names(above):
            seen += 1
            if seen > MOST_NAMES:
                return False
            path = f"{above}/{name}"
            if look.kind(path) == "directory":
                folders.append(path)
            elif any(expression.fullmatch(name) for expression in expressions):
                files += 1
            else:
                return False
    return files > 0


@cache
def _name(text: str) -> re.Pattern[str]:
    """The expression of a name that may hold `*`, for any characters."""
    parts = (re.escape(part) for part in text.split("*"))
    return re.compile(".*".join(parts), re.DOTALL)
