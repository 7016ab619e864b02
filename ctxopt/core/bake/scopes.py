"""The names of bake files: variables, settings, functions, and what blocks say.

Source: buildx, bake/hclparser/hclparser.go, resolveValue, resolveFunction and
resolveBlock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from ctxopt.core.bake import overriding
from ctxopt.core.bake.evaluation import values
from ctxopt.core.bake.evaluation.evaluating import Evaluator, Scope
from ctxopt.core.bake.evaluation.values import Value
from ctxopt.core.bake.functions.table import Function, builtin
from ctxopt.core.bake.functions.types import fitted, kind
from ctxopt.core.bake.records import BakeRefusedError, UnknownValueError
from ctxopt.core.bake.syntax import nodes

_LISTS = frozenset({"inherits", "tags", "platforms", "targets", "no-cache-filter"})
_FIELDS = frozenset({"context", "dockerfile", "dockerfile-inline", "target", "args"})
# A name of a name of a name: each costs a dozen frames of Python.
_MOST_PENDING = 20


class GlobalNames:
    """What all expressions of the files can refer to, worked out when first asked.

    `given` are bake's own (`BAKE_CMD_CONTEXT`); None is a value that is unknown.
    """

    def __init__(
        self,
        body: nodes.Body,
        environment: Mapping[str, str],
        given: Mapping[str, str | None],
    ) -> None:
        self.evaluator = Evaluator(self)
        self._environment = environment
        self._given = given
        self._variables = _labelled(body, "variable")
        self._functions = _labelled(body, "function")
        self._settings = {one.name: one for one in body.settings}
        self.blocks: dict[tuple[str, str], tuple[nodes.Block, Scope]] = {}
        self._known: dict[str, Value] = {}
        self._made: dict[str, Function] = {}
        self._pending: list[tuple[str, str]] = []

    @property
    def variables(self) -> Mapping[str, nodes.Block]:
        """The blocks of variables, by name."""
        return self._variables

    @property
    def settings(self) -> Mapping[str, nodes.Setting]:
        """The settings outside of all blocks, by name."""
        return self._settings

    @property
    def functions(self) -> Mapping[str, nodes.Block]:
        """The blocks of functions, by name."""
        return self._functions

    def variable(self, name: str) -> Value:
        """A variable's value: from the environment, else its default."""
        if name not in self._known:
            with self._once("variable", name):
                self._known[name] = self._resolved(name)
        return self._known[name]

    def _resolved(self, name: str) -> Value:
        if name in self._given:
            found = self._given[name]
            if found is None:
                raise UnknownValueError(f"{name} is known only when bake runs")
            return found
        if name in self._settings:
            return self.evaluator.value(self._settings[name].value, {})
        if name not in self._variables:
            raise BakeRefusedError(f'there is no variable "{name}"')
        return self._variable(name, self._variables[name].body)

    def _variable(self, name: str, body: nodes.Body) -> Value:
        named, default = body.setting("type"), body.setting("default")
        wanted = kind(named.value) if named and not _is_null(named.value) else None
        found: Value = None
        if default:
            found = self.evaluator.value(default.value, {})
            found = fitted(found, wanted) if wanted else found
        as_json = self._as_json(name, is_preferred=wanted is not None)
        if as_json is not None and wanted:
            return overriding.of_json(as_json, wanted)
        text = as_json if as_json is not None else self._environment.get(name)
        if text is None:
            return found if default or wanted else ""
        return overriding.of_text(text, wanted, found)

    def _as_json(self, name: str, *, is_preferred: bool) -> str | None:
        """NAME_JSON, unless that is a variable of its own, or NAME goes before."""
        other = f"{name}_JSON"
        if other in self._variables or other in self._given:
            return None
        is_asked = is_preferred or name not in self._environment
        return self._environment.get(other) if is_asked else None

    def field(self, block: str, name: str, field: str) -> Value:
        """What the last block of that name says itself, without what it inherits."""
        if (block, name) not in self.blocks:
            raise BakeRefusedError(f'there is no {block} "{name}"')
        found, scope = self.blocks[block, name]
        if field == "name":
            return name
        setting = found.body.setting(field)
        if setting is None:
            return None
        with self._once(f"{block}.{name}", field):
            return _as_field(field, self.evaluator.value(setting.value, scope))

    def function(self, name: str) -> Function:
        """Bake's own function of that name, else the one the files define."""
        own = builtin(name)
        if own:
            return own
        if name not in self._functions:
            raise BakeRefusedError(f'there is no function "{name}"')
        if name not in self._made:
            self._made[name] = self._defined(name, self._functions[name].body)
        return self._made[name]

    def _defined(self, name: str, body: nodes.Body) -> Function:
        names, rest, result = _signature(name, body)

        def call(*given: Value) -> Value:
            if len(given) < len(names) or (len(given) > len(names) and rest is None):
                message = f"{name}() takes {len(names)} values, not {len(given)}"
                raise BakeRefusedError(message)
            scope: dict[str, Value] = dict(zip(names, given, strict=False))
            if rest is not None:
                scope[rest] = given[len(names) :]
            with self._once("function", name):
                return self.evaluator.value(result, scope)

        return call

    @contextmanager
    def _once(self, kind: str, name: str) -> Iterator[None]:
        """Refuses what needs itself."""
        if (kind, name) in self._pending:
            raise BakeRefusedError(f"{kind} {name} needs itself")
        if len(self._pending) >= _MOST_PENDING:
            raise UnknownValueError(f"{kind} {name} hangs on too many others")
        self._pending.append((kind, name))
        try:
            yield
        finally:
            self._pending.pop()


def _labelled(body: nodes.Body, kind: str) -> dict[str, nodes.Block]:
    return {
        one.labels[0]: one for one in body.blocks if one.type == kind and one.labels
    }


def _is_null(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Literal) and node.value is None


def _signature(
    name: str, body: nodes.Body
) -> tuple[tuple[str, ...], str | None, nodes.Node]:
    """The names of a function's values, that of the rest, and its result."""
    params, result = body.setting("params"), body.setting("result")
    if params is None or result is None:
        raise BakeRefusedError(f'function "{name}" needs params and result')
    if not isinstance(params.value, nodes.Sequence):
        raise BakeRefusedError("params is a list of names", params.place)
    names = tuple([_word(one) for one in params.value.members])
    rest = body.setting("variadic_params")
    return names, _word(rest.value) if rest else None, result.value


def _word(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    raise BakeRefusedError("each of the params is a name", node.place)


def _as_field(field: str, value: Value) -> Value:
    """A field as the type that bake holds it in: text, or a map of text."""
    if value is None or field not in _FIELDS | _LISTS | {"contexts", "labels"}:
        return value
    if isinstance(value, Mapping):
        return {k: None if v is None else values.to_text(v) for k, v in value.items()}
    if isinstance(value, tuple):
        return tuple(None if v is None else values.to_text(v) for v in value)
    return values.to_text(value)
