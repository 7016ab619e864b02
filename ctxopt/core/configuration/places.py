"""The line of a key in the text of a TOML file: its parser tells none.

It is looked for by text: headers of tables, and `name =` below them. Where a key cannot
be found, as inside a table in braces, it is the line of what holds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ctxopt.core.tuples import NamedTuple

_HEADER = re.compile(r"\s*(\[\[?)([^\[\]]+)\]\]?\s*(?:#.*)?$")
_ASSIGNED = re.compile(
    r"""\s*((?:"(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+))*)\s*="""
)
_NAME = re.compile(r""""((?:[^"\\]|\\.)*)"|'([^']*)'|([\w-]+)""")


class Step(NamedTuple):
    """A name on the way to a value, and which of several tables of that name."""

    name: str
    number: int = 0  # of tables with [[ ]], from 0


class _Said(NamedTuple):
    """A line that begins a table or a value, and the way to it."""

    line: int  # from 1
    path: tuple[Step, ...]


def line_of(text: str, path: Sequence[Step]) -> int | None:
    """The line where a key stands, from 1; None where nothing of its way is found.

    The last step may be an entry of a list, or of a table in braces: that is looked
    for in quotes, from the line of its key on.
    """
    best: _Said | None = None
    for said in _said(text):
        shared = min(len(said.path), len(path))
        if said.path[:shared] != tuple(path[:shared]) or not said.path:
            continue
        if best is None or len(best.path) < shared:
            best = said
    if best is None:
        return None
    is_inside = len(best.path) < len(path)
    return _with_word(text, best.line, path[-1].name) if is_inside else best.line


def _with_word(text: str, first: int, word: str) -> int:
    lines = text.splitlines()
    spellings = (f'"{word}"', f"'{word}'")
    for number in range(first, len(lines) + 1):
        if any(one in lines[number - 1] for one in spellings):
            return number
    return first


def _said(text: str) -> Iterator[_Said]:
    """The headers and the assignments of a file, line by line."""
    table: tuple[Step, ...] = ()
    counts: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        if header is not None:
            names = _names(header[2])
            if header[1] == "[[":
                counts[names] = counts.get(names, -1) + 1
            table = _steps(names, counts)
            yield _Said(number, table)
            continue
        assigned = _ASSIGNED.match(line)
        if assigned is not None:
            yield _Said(number, (*table, *map(Step, _names(assigned[1]))))


def _steps(
    names: tuple[str, ...], counts: dict[tuple[str, ...], int]
) -> tuple[Step, ...]:
    """The way to a table; below one of several, below the last of them."""
    return tuple(
        Step(name, counts.get(names[:end], 0)) for end, name in enumerate(names, 1)
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(
        next(one for one in found if one is not None)
        for found in (match.groups() for match in _NAME.finditer(text))
    )
