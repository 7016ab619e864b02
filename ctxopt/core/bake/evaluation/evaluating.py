"""An expression becomes its value, among the names that a scope has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar, Protocol

from ctxopt.core.bake.evaluation import operators, values
from ctxopt.core.bake.evaluation.values import Value
from ctxopt.core.bake.records import BakeRefusedError, UnknownValueError
from ctxopt.core.bake.syntax import nodes

Scope = Mapping[str, Value]

# A level costs four frames of Python at most, which has a thousand.
_MOST_LEVELS = 100
_MOST_STEPS = 200_000
_BLOCKS = frozenset({"target", "group"})


class Names(Protocol):
    """What an expression can refer to beside the names of its own scope."""

    def variable(self, name: str) -> Value:
        """The value of a variable or of a setting outside of all blocks."""

    def field(self, block: str, name: str, field: str) -> Value:
        """What a block of that name says, as `target.app.args`."""

    def function(self, name: str) -> Callable[..., Value]:
        """The function of that name."""


class Evaluator:
    """Values of nodes. Raises `BakeRefusedError` or `UnknownValueError`, placed."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._levels = 0
        self._steps = 0

    def value(self, node: nodes.Node, scope: Scope) -> Value:
        """The value of `node`; bounded in depth and in work."""
        self._levels += 1
        self._steps += 1
        try:
            self._check_work()
            return self._WAYS[type(node)](self, node, scope)
        except (BakeRefusedError, UnknownValueError) as error:
            if error.place is None:
                error.place = node.place
            raise
        finally:
            self._levels -= 1

    def _check_work(self) -> None:
        if self._levels > _MOST_LEVELS or self._steps > _MOST_STEPS:
            raise UnknownValueError("this takes too many steps to be worked out")

    def _literal(self, node: nodes.Literal, _scope: Scope) -> Value:
        return node.value

    def _template(self, node: nodes.Template, scope: Scope) -> Value:
        if len(node.parts) == 1:
            return self.value(node.parts[0], scope)
        texts = [values.to_text(self.value(part, scope)) for part in node.parts]
        return values.bounded("".join(texts))

    def _name(self, node: nodes.Name, scope: Scope) -> Value:
        return scope[node.name] if node.name in scope else self._variable(node.name)

    def _variable(self, name: str) -> Value:
        if name in _BLOCKS:
            raise BakeRefusedError(f"cannot access {name} as a variable")
        return self._names.variable(name)

    def _attribute(self, node: nodes.Attribute, scope: Scope) -> Value:
        block = node.of
        if isinstance(block, nodes.Attribute) and isinstance(block.of, nodes.Name):
            kind = block.of.name
            if kind in _BLOCKS and kind not in scope:
                return self._names.field(kind, block.name, node.name)
        return _member(self.value(node.of, scope), node.name)

    def _index(self, node: nodes.Index, scope: Scope) -> Value:
        return _member(self.value(node.of, scope), self.value(node.key, scope))

    def _splat_item(self, _node: nodes.SplatItem, scope: Scope) -> Value:
        return scope["*"]

    def _splat(self, node: nodes.Splat, scope: Scope) -> Value:
        over = self.value(node.of, scope)
        if over is None:
            return ()
        members = over if isinstance(over, tuple) else (over,)
        return tuple(self.value(node.each, {**scope, "*": one}) for one in members)

    def _call(self, node: nodes.Call, scope: Scope) -> Value:
        if node.name in {"try", "can"}:
            return self._attempt(node, scope)
        function = self._names.function(node.name)
        if node.name == "convert" and len(node.arguments) == 2:
            return function(self.value(node.arguments[0], scope), node.arguments[1])
        given = [self.value(one, scope) for one in node.arguments]
        if node.is_expanded:
            given[-1:] = values.to_sequence(given[-1])
        return function(*given)

    def _attempt(self, node: nodes.Call, scope: Scope) -> Value:
        for argument in node.arguments:
            try:
                value = self.value(argument, scope)
            except BakeRefusedError:
                continue
            return True if node.name == "can" else value
        if node.name == "can" and node.arguments:
            return False
        raise BakeRefusedError("no argument of try can be worked out")

    def _sequence(self, node: nodes.Sequence, scope: Scope) -> Value:
        return tuple([self.value(one, scope) for one in node.members])

    def _table(self, node: nodes.Table, scope: Scope) -> Value:
        found: dict[str, Value] = {}
        for key, value in node.rows:
            found[values.to_text(self.value(key, scope))] = self.value(value, scope)
        return found

    def _for(self, node: nodes.For, scope: Scope) -> Value:
        over = self.value(node.over, scope)
        inner = (self._inner(node, scope, row) for row in _rows(over))
        kept = [one for one in inner if self._is_wanted(node, one)]
        if node.key is None:
            return tuple([self.value(node.value, one) for one in kept])
        pairs = [
            (values.to_text(self.value(node.key, one)), self.value(node.value, one))
            for one in kept
        ]
        return _grouped(pairs) if node.is_grouped else _table_of(pairs)

    def _inner(self, node: nodes.For, scope: Scope, row: tuple[Value, Value]) -> Scope:
        shown = row if len(node.names) == 2 else row[1:]
        return {**scope, **dict(zip(node.names, shown, strict=True))}

    def _is_wanted(self, node: nodes.For, scope: Scope) -> bool:
        if node.condition is None:
            return True
        return values.to_bool(self.value(node.condition, scope))

    def _joined(self, node: nodes.Joined, scope: Scope) -> Value:
        members = values.to_sequence(self.value(node.members, scope))
        return values.bounded("".join(values.to_text(one) for one in members))

    def _operation(self, node: nodes.Operation, scope: Scope) -> Value:
        first = self.value(node.operands[0], scope)
        if len(node.operands) == 1:
            return operators.alone(node.sign, first)
        # The right side of `a && b` may be wrong where `a` decides.
        if operators.is_decided(node.sign, first):
            return values.to_bool(first)
        return operators.applied(node.sign, first, self.value(node.operands[1], scope))

    def _conditional(self, node: nodes.Conditional, scope: Scope) -> Value:
        condition = values.to_bool(self.value(node.condition, scope))
        taken = (node.otherwise, node.then)[condition]
        value = self.value(taken, scope)
        if not isinstance(value, bool | Decimal):
            return value
        # Both sides get one type, and that of 1 and "a" is text.
        other = self._or_none((node.then, node.otherwise)[condition], scope)
        return values.unified((value, other))[0]

    def _or_none(self, node: nodes.Node, scope: Scope) -> Value:
        try:
            return self.value(node, scope)
        except (BakeRefusedError, UnknownValueError):
            return None

    _WAYS: ClassVar[dict[type[nodes.Node], Callable[[Any, Any, Scope], Value]]] = {
        nodes.Literal: _literal,
        nodes.Template: _template,
        nodes.Name: _name,
        nodes.Attribute: _attribute,
        nodes.Index: _index,
        nodes.SplatItem: _splat_item,
        nodes.Splat: _splat,
        nodes.Call: _call,
        nodes.Sequence: _sequence,
        nodes.Table: _table,
        nodes.For: _for,
        nodes.Joined: _joined,
        nodes.Operation: _operation,
        nodes.Conditional: _conditional,
    }


def _member(of: Value, key: Value) -> Value:
    if isinstance(of, Mapping):
        name = values.to_text(key)
        if name not in of:
            raise BakeRefusedError(f'there is no "{name}" in this object')
        return of[name]
    if isinstance(of, tuple):
        at = values.to_whole(key)
        if not 0 <= at < len(of):
            raise BakeRefusedError(f"there is no member {at} in a list of {len(of)}")
        return of[at]
    raise BakeRefusedError(f"a {values.kind_of(of)} has no members")


def _rows(over: Value) -> Iterable[tuple[Value, Value]]:
    """Keys and values in the order HCL has them: objects by name."""
    if isinstance(over, Mapping):
        return sorted(over.items())
    return [(Decimal(at), one) for at, one in enumerate(values.to_sequence(over))]


def _table_of(pairs: list[tuple[str, Value]]) -> Value:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BakeRefusedError("two members have the same key")
    return found


def _grouped(pairs: list[tuple[str, Value]]) -> Value:
    found: dict[str, tuple[Value, ...]] = {}
    for key, value in pairs:
        found[key] = (*found.get(key, ()), value)
    return found
