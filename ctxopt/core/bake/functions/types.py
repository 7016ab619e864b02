"""Types as a variable or `convert` names them, and values made to fit one.

Source: hcl, ext/typeexpr, and go-cty, cty/convert.
"""

from __future__ import annotations

from dataclasses import dataclass

from ctxopt.core.bake.evaluation import values
from ctxopt.core.bake.evaluation.values import Value
from ctxopt.core.bake.functions.lists import distinct
from ctxopt.core.bake.records import BakeRefusedError
from ctxopt.core.bake.syntax import nodes

SIMPLE = frozenset({"string", "number", "bool"})
_OF_ONE = frozenset({"list", "set", "map"})


@dataclass(frozen=True, slots=True)
class Kind:
    """A type: its word, the types of its members, and their names in an object."""

    word: str
    members: tuple[Kind, ...] = ()
    names: tuple[str, ...] = ()


def kind(node: nodes.Node) -> Kind:
    """The type that an expression names."""
    if isinstance(node, nodes.Name) and node.name in SIMPLE | {"any"}:
        return Kind(node.name)
    if isinstance(node, nodes.Call) and len(node.arguments) == 1:
        inner = node.arguments[0]
        if node.name in _OF_ONE:
            return Kind(node.name, (kind(inner),))
        if node.name == "tuple" and isinstance(inner, nodes.Sequence):
            return Kind("tuple", tuple([kind(one) for one in inner.members]))
        if node.name == "object" and isinstance(inner, nodes.Table):
            return _object(inner)
    raise BakeRefusedError("this is no type of HCL", node.place)


def _object(table: nodes.Table) -> Kind:
    names = tuple(
        str(key.value) if isinstance(key, nodes.Literal) else ""
        for key, _ in table.rows
    )
    return Kind("object", tuple([kind(one) for _, one in table.rows]), names)


def convert(value: Value, wanted: nodes.Node) -> Value:
    """The value as the type that the second expression names."""
    return fitted(value, kind(wanted))


def fitted(value: Value, wanted: Kind) -> Value:
    """The value as that type; null fits all of them."""
    if value is None or wanted.word == "any":
        return value
    if wanted.word in SIMPLE:
        return _simple(value, wanted.word)
    if wanted.word in {"list", "set"}:
        members = values.to_sequence(value)
        found = tuple([fitted(one, wanted.members[0]) for one in members])
        return _as_set(found) if wanted.word == "set" else found
    if wanted.word == "tuple":
        return _tuple(values.to_sequence(value), wanted)
    rows = values.to_table(value)
    if wanted.word == "map":
        return {name: fitted(one, wanted.members[0]) for name, one in rows.items()}
    missing = [name for name in wanted.names if name not in rows]
    if missing:
        raise BakeRefusedError(f'this object has no "{missing[0]}"')
    pairs = zip(wanted.names, wanted.members, strict=True)
    return {name: fitted(rows[name], member) for name, member in pairs}


def _simple(value: Value, word: str) -> Value:
    if word == "number":
        return values.to_number(value)
    return values.to_text(value) if word == "string" else values.to_bool(value)


def _as_set(members: tuple[Value, ...]) -> Value:
    found = values.to_sequence(distinct(members))
    is_text = all(isinstance(one, str) for one in found)
    return tuple(sorted(found, key=str)) if is_text else found


def _tuple(members: tuple[Value, ...], wanted: Kind) -> Value:
    if len(members) != len(wanted.members):
        raise BakeRefusedError(f"this tuple has {len(wanted.members)} members")
    return tuple(map(fitted, members, wanted.members))
