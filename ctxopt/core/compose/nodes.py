"""The nodes of a compose file: what stands there, and in which line."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

Plain: TypeAlias = str | bool | int | float | None


class MergeTag(Enum):
    """What a node does with the one that it is merged over."""

    NONE = ""
    RESET = "!reset"  # takes it away
    OVERRIDE = "!override"  # takes its place, unmerged


@dataclass(frozen=True, slots=True)
class YamlPlace:
    """A file and a line of it, from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value; `text` is how it stands in the file or, of no string, in Go's words.

    `is_resolved` says that a path has its folder already before it.
    """

    place: YamlPlace
    value: Plain
    text: str
    tag: MergeTag = MergeTag.NONE
    is_resolved: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that cannot be told: `text` as it stands in the file."""

    place: YamlPlace
    text: str
    tag: MergeTag = MergeTag.NONE


@dataclass(frozen=True, slots=True)
class Items:
    """A list, in its order."""

    place: YamlPlace
    entries: tuple[Node, ...] = ()
    tag: MergeTag = MergeTag.NONE


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping, in its order.

    `was_list` is true of `K=V` lines that were merged: `!reset` takes none of them.
    """

    place: YamlPlace
    entries: dict[str, Node] = field(default_factory=dict)
    tag: MergeTag = MergeTag.NONE
    was_list: bool = False


Node: TypeAlias = Scalar | Unknown | Items | Fields


def string_of(node: Node | None) -> str | None:
    """The string that a node is; None for anything else, a number, too."""
    value = node.value if isinstance(node, Scalar) else None
    return value if isinstance(value, str) else None


def is_null(node: Node | None) -> bool:
    """Whether a node is there and says nothing."""
    return isinstance(node, Scalar) and node.value is None


def fields_of(node: Node | None) -> dict[str, Node]:
    """The entries of a mapping; none of anything else."""
    return node.entries if isinstance(node, Fields) else {}
