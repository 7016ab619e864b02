"""The expressions of a GitHub workflow, as far as they are plain, and its matrix.

For example, `matrix: {image: [web, api]}` is two rows, and "${{ matrix.image }}" is
"web" in the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import islice, product
from typing import TypeAlias

from ctxopt.core.builds.yamltexts import mappings_in, rows_of, text_of
from ctxopt.core.compose.nodes import Node, fields_of

MOST_ROWS = 256  # GitHub itself takes no more

_EXPRESSION = r"\$\{\{(.*?)\}\}"
_TERM = r"(?P<name>[\w.-]+)|'(?P<text>(?:[^']|'')*)'"

_Row: TypeAlias = dict[str, str]


def put_in(text: str, known: Mapping[str, str]) -> str | None:
    """A text with the values of its expressions; None where one is not known."""
    values = [_value(one, known) for one in re.findall(_EXPRESSION, text, re.DOTALL)]
    if None in values:
        return None
    found = iter(values)
    return re.sub(_EXPRESSION, lambda _: next(found) or "", text, flags=re.DOTALL)


def _value(expression: str, known: Mapping[str, str]) -> str | None:
    """The first term that says something, of `matrix.file || 'Dockerfile'`."""
    for term in expression.split("||"):
        match = re.fullmatch(_TERM, term.strip())
        if match is None:
            return None
        name, text = match["name"], match["text"]
        value = text.replace("''", "'") if text is not None else known.get(name)
        is_absent = value is None and name.startswith("matrix.") and "matrix" in known
        if value is None and not is_absent:
            return None
        if value:
            return value
    return ""


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
    is_whole = all(key == "exclude" or rows_of(node) for key, node in said.items())
    all_rows = _included(found, said.get("include"))[:MOST_ROWS]
    mark = {"matrix": ""} if is_whole else {}
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
