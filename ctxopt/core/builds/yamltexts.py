"""What stands at a key of a YAML file, as text where it is plain."""

from __future__ import annotations

from collections.abc import Iterator

from ctxopt.core.compose.nodes import Fields, Items, Node, Scalar, fields_of


def text_of(node: Node | None) -> str | None:
    """A value as text, a number, too; None for nothing, a list or a mapping."""
    if not isinstance(node, Scalar) or node.value is None:
        return None
    return node.value if isinstance(node.value, str) else node.text


def rows_of(node: Node | None) -> tuple[Node, ...]:
    """The entries of a list; none of anything else."""
    return node.entries if isinstance(node, Items) else ()


def mappings_in(node: Node | None) -> Iterator[Fields]:
    """The mappings of a list."""
    yield from (one for one in rows_of(node) if isinstance(one, Fields))


def below(node: Node | None, *keys: str) -> Node | None:
    """What stands below keys; None where there is no such."""
    for key in keys:
        node = fields_of(node).get(key)
    return node
