"""The parts of a bake file: expressions, attributes and blocks, each with its place."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from ctxopt.core.bake.records import Place


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that is written out."""

    place: Place
    value: str | Decimal | bool | None


@dataclass(frozen=True, slots=True)
class Template:
    """Text with values in it; a single value in quotes keeps its type."""

    place: Place
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, or a name of the scope."""

    place: Place
    name: str


@dataclass(frozen=True, slots=True)
class Attribute:
    """`of.name`."""

    place: Place
    of: Node
    name: str


@dataclass(frozen=True, slots=True)
class Index:
    """`of[key]`."""

    place: Place
    of: Node
    key: Node


@dataclass(frozen=True, slots=True)
class SplatItem:
    """Stands for each of a splat's members, in what is asked of it."""

    place: Place


@dataclass(frozen=True, slots=True)
class Splat:
    """`of[*].x` or `of.*.x`: what `each` says of every member."""

    place: Place
    of: Node
    each: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its values; the last one spread with `...`."""

    place: Place
    name: str
    arguments: tuple[Node, ...]
    is_expanded: bool


@dataclass(frozen=True, slots=True)
class Sequence:
    """`[a, b]`."""

    place: Place
    members: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`{ key = value }`, in the order written."""

    place: Place
    rows: tuple[tuple[Node, Node], ...]


@dataclass(frozen=True, slots=True)
class For:
    """`[for k, v in over: value if condition]`; with `key` it makes a table."""

    place: Place
    names: tuple[str, ...]
    over: Node
    value: Node
    key: Node | None = None
    condition: Node | None = None
    is_grouped: bool = False


@dataclass(frozen=True, slots=True)
class Joined:
    """The members of a sequence as one text: `%{ for }` of a template."""

    place: Place
    members: Node


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator with one operand or two."""

    place: Place
    sign: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Conditional:
    """`condition ? then : otherwise`."""

    place: Place
    condition: Node
    then: Node
    otherwise: Node


Node: TypeAlias = (
    Literal
    | Template
    | Name
    | Attribute
    | Index
    | SplatItem
    | Splat
    | Call
    | Sequence
    | Table
    | For
    | Joined
    | Operation
    | Conditional
)


@dataclass(frozen=True, slots=True)
class Setting:
    """`name = value` of a body."""

    place: Place
    name: str
    value: Node


@dataclass(frozen=True, slots=True)
class Block:
    """`type "label" { ... }` with its settings in order, and its blocks."""

    place: Place
    type: str
    labels: tuple[str, ...]
    body: Body


@dataclass(frozen=True, slots=True)
class Body:
    """What stands in a file or between the braces of a block."""

    settings: tuple[Setting, ...] = ()
    blocks: tuple[Block, ...] = ()

    def setting(self, name: str) -> Setting | None:
        """The setting of that name, if it is there."""
        return next((one for one in self.settings if one.name == name), None)
