"""What the blocks of targets and groups say by themselves, before they inherit.

Source: buildx, bake/bake.go, GetEvalContexts, GetName and Merge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final, TypeAlias

from ctxopt.core.bake.evaluation import values
from ctxopt.core.bake.evaluation.evaluating import Scope
from ctxopt.core.bake.evaluation.values import Value
from ctxopt.core.bake.problems import ProblemList
from ctxopt.core.bake.records import BakeRefusedError, Place, UnknownValueError
from ctxopt.core.bake.scopes import GlobalNames
from ctxopt.core.bake.syntax import nodes

_NAME = re.compile(r"[a-zA-Z0-9_-]+")
_TEXTS = ("context", "dockerfile", "dockerfile-inline", "target")
_TABLES = ("args", "contexts")
_LISTS = ("platforms", "inherits")
_MOST_OF_MATRIX = 2000


class Unknown:
    """Stands for a value that is set, and not known."""


UNKNOWN: Final = Unknown()
Said: TypeAlias = "dict[str, str | tuple[str, ...] | Unknown]"


@dataclass(frozen=True, slots=True)
class NamedBlock:
    """A block of a target under one of its names, with the names of its matrix."""

    name: str
    block: nodes.Block
    scope: Scope


def named_blocks(
    body: nodes.Body, names: GlobalNames, problems: ProblemList
) -> list[NamedBlock]:
    """The targets of all blocks in order, one for each member of a matrix."""
    found: list[NamedBlock] = []
    for block in body.blocks:
        if block.type != "target" or not _has_label(block, problems):
            continue
        with problems.caught(block.place):
            found += list(_of_block(block, names))
    return found


def _has_label(block: nodes.Block, problems: ProblemList) -> bool:
    if len(block.labels) == 1 and _NAME.fullmatch(block.labels[0]):
        return True
    shown = " ".join(block.labels)
    problems.add(f'"{shown}" is no name of a {block.type}', block.place)
    return False


def _of_block(block: nodes.Block, names: GlobalNames) -> Iterator[NamedBlock]:
    named = block.body.setting("name")
    if named and not block.body.setting("matrix"):
        raise BakeRefusedError("name needs a matrix", named.place)
    seen: set[str] = set()
    for scope in _scopes(block, names):
        name = block.labels[0]
        if named:
            name = values.to_text(names.evaluator.value(named.value, scope))
        if not _NAME.fullmatch(name):
            raise BakeRefusedError(f'"{name}" is no name of a target', block.place)
        if name in seen:
            raise BakeRefusedError(f'two members are named "{name}"', block.place)
        seen.add(name)
        yield NamedBlock(name, block, scope)


def _scopes(block: nodes.Block, names: GlobalNames) -> Iterator[Scope]:
    matrix = block.body.setting("matrix")
    if matrix is None:
        yield {}
        return
    table = values.to_table(names.evaluator.value(matrix.value, {}))
    axes = [_axis(one, matrix.place) for one in table.values()]
    count = 1
    for axis in axes:
        count *= len(axis)
    if count > _MOST_OF_MATRIX:
        message = f"a matrix of {count} targets is more than is read"
        raise UnknownValueError(message, matrix.place)
    for row in product(*axes):
        yield dict(zip(table, row, strict=True))


def _axis(value: Value, place: Place) -> tuple[Value, ...]:
    if not isinstance(value, tuple):
        raise BakeRefusedError("each value of a matrix is a list", place)
    return value


def said(one: NamedBlock, names: GlobalNames, problems: ProblemList) -> Said:
    """What a block says: `args.X` and `contexts.X` stand for themselves."""
    found: Said = {}
    for setting in one.block.body.settings:
        if setting.name in _TEXTS:
            _say(
                found,
                setting.name,
                setting.value,
                scope=one.scope,
                names=names,
                problems=problems,
            )
        elif setting.name in _TABLES:
            _say_table(found, setting, one.scope, names, problems)
        elif setting.name in _LISTS:
            found[setting.name] = UNKNOWN
            with problems.caught(setting.place):
                value = names.evaluator.value(setting.value, one.scope)
                found[setting.name] = as_texts(value)
    return found


def as_texts(value: Value) -> tuple[str, ...]:
    """The members of a list as texts; null is none."""
    members = () if value is None else values.to_sequence(value)
    return tuple([values.to_text(member) for member in members])


def _say_table(
    found: Said,
    setting: nodes.Setting,
    scope: Scope,
    names: GlobalNames,
    problems: ProblemList,
) -> None:
    """Row by row where they are written out: what is unknown in one is not in all."""
    if isinstance(setting.value, nodes.Table):
        for key, value in setting.value.rows:
            with problems.caught(key.place):
                row = values.to_text(names.evaluator.value(key, scope))
                _say(
                    found,
                    f"{setting.name}.{row}",
                    value,
                    scope=scope,
                    names=names,
                    problems=problems,
                )
        return
    found[setting.name] = UNKNOWN
    with problems.caught(setting.place):
        table = names.evaluator.value(setting.value, scope)
        rows = {} if table is None else dict(values.to_table(table))
        texts = {k: values.to_text(v) for k, v in rows.items() if v is not None}
        del found[setting.name]
        found.update({f"{setting.name}.{key}": text for key, text in texts.items()})


def _say(
    found: Said,
    name: str,
    node: nodes.Node,
    *,
    scope: Scope,
    names: GlobalNames,
    problems: ProblemList,
) -> None:
    """Null says nothing; what cannot be worked out is said, and unknown."""
    found.pop(name, None)
    with problems.caught(node.place):
        found[name] = UNKNOWN
        value = names.evaluator.value(node, scope)
        if value is None:
            del found[name]
        else:
            found[name] = values.to_text(value)
