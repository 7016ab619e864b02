"""The matrix of a GitHub workflow, as what is known in each of its jobs.

For example, `matrix: {image: [web, api]}` is two rows, in the first of which
"matrix.image" is "web".
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice, product
from typing import TypeAlias

from ctxopt.core.builds.expressions import WHOLE_MATRIX
from ctxopt.core.builds.yamltexts import mappings_in, rows_of, text_of
from ctxopt.core.compose.nodes import Node, fields_of

MOST_ROWS = 256  # GitHub itself takes no more

_Row: TypeAlias = dict[str, str]


def rows(matrix: Node | None) -> list[_Row]:
    """What is known in each job of a matrix, by names as `matrix.image`.

    Rule: GitHub's workflow syntax, jobs.<id>.strategy.matrix: `include` adds to the
    rows whose values it does not change, else it is a row of its own.
    """
    said = fields_of(matrix)
    if not said:
        return [{}]
    axes = {
        key: [_known(f"matrix.{key}", one) for one in rows_of(node)]
        for key, node in said.items()
        if key not in ("include", "exclude") and rows_of(node)
    }
    excluded = [_of_mapping(one) for one in mappings_in(said.get("exclude"))]
    found = [
        _merged(one)
        for one in islice(product(*axes.values()), MOST_ROWS)
        if axes and not any(each.items() <= _merged(one).items() for each in excluded)
    ]
    # Names of a matrix that is known as a whole, and not there, are empty.
    is_whole = all(_is_plain(node) for node in said.values())
    all_rows = _included(found, said.get("include"))[:MOST_ROWS]
    mark = {WHOLE_MATRIX: ""} if is_whole else {}
    return [{**one, **mark} for one in all_rows] or [{}]


def _included(found: list[_Row], include: Node | None) -> list[_Row]:
    original = [{*one.items()} for one in found]
    keys = {key for one in found for key in one}
    new: list[_Row] = []
    for mapping in mappings_in(include):
        more = _of_mapping(mapping)
        own = {(key, value) for key, value in more.items() if key in keys}
        fitting = [n for n, one in enumerate(original) if own <= one]
        for number in fitting:
            found[number] |= more
        if not fitting:
            new.append(more)
    return found + new


def _is_plain(node: Node) -> bool:
    """Whether all that stands there is known: a list, a mapping, or a plain text."""
    inner = (*rows_of(node), *fields_of(node).values())
    return "${{" not in (text_of(node) or "") and all(map(_is_plain, inner))


def _of_mapping(node: Node) -> _Row:
    return _merged(
        _known(f"matrix.{key}", value) for key, value in fields_of(node).items()
    )


def _merged(parts: Iterable[_Row]) -> _Row:
    return {key: value for one in parts for key, value in one.items()}


def _known(name: str, node: Node) -> _Row:
    """What a value of an axis says: itself, or the values of its keys."""
    text = text_of(node)
    if text is not None:
        return {name: text} if "${{" not in text else {}
    return _merged(
        _known(f"{name}.{key}", value) for key, value in fields_of(node).items()
    )
