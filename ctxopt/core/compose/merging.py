"""One compose file over another: what a later one says of a service counts.

Only what makes a build is merged by its own rules; of all else, which no build needs,
the later word stands.

Source: compose-spec, 13-merge.md; compose-go, override/merge.go and uncity.go,
loader/reset.go.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from ctxopt.core.compose.nodes import (
    Fields,
    Items,
    MergeTag,
    Node,
    Scalar,
    Unknown,
    is_null,
)
from ctxopt.errors import ComposeFileError

_PAIRS = ("args", "additional_contexts")
_Merger: TypeAlias = Callable[[Node, Node], Node]


def merge_services(
    base: Fields, over: Fields, refused: Callable[[ComposeFileError, str], None]
) -> Fields:
    """The services of both; one that does not go together is told, and `Unknown`."""
    merged = dict(base.entries)
    for name, service in over.entries.items():
        known = merged.get(name)
        try:
            merged[name] = service if known is None else merge_service(known, service)
        except ComposeFileError as error:
            refused(error, name)
            merged[name] = Unknown(service.place, name)
    return without_tags(replace(over, entries=merged))


def merge_service(base: Node, over: Node) -> Node:
    """One service over another, as files and `extends` do; tags of `over` stay."""
    if over.tag is not MergeTag.NONE or is_null(base) or isinstance(over, Unknown):
        return over
    if isinstance(base, Unknown):
        return base
    if is_null(over):
        return base
    if not isinstance(base, Fields) or not isinstance(over, Fields):
        raise _mismatch(base, over)
    return _each(base, over, {"build": _build, "profiles": _items})


def without_extends(service: Fields) -> Fields:
    """A service whose `extends` is done."""
    kept = {key: node for key, node in service.entries.items() if key != "extends"}
    return replace(service, entries=kept)


def without_tags(fields: Fields) -> Fields:
    """A mapping with nothing below it but for `!reset`, and `!override` done."""
    kept = {
        key: _settled(node)
        for key, node in fields.entries.items()
        if node.tag is not MergeTag.RESET
    }
    return replace(fields, entries=kept, tag=MergeTag.NONE)


def pairs_of(node: Node) -> Fields:
    """`K=V` lines or a mapping as a mapping; a line without `=` has no value."""
    if not isinstance(node, Items):
        return node if isinstance(node, Fields) else Fields(node.place)
    pairs: dict[str, Node] = {}
    for entry in node.entries:
        if entry.tag is not MergeTag.RESET:
            key, value = _pair(entry)
            pairs[key] = value
    return Fields(node.place, pairs, node.tag, was_list=True)


def _settled(node: Node) -> Node:
    if isinstance(node, Fields):
        return without_tags(node)
    if isinstance(node, Items):
        kept = [one for one in node.entries if one.tag is not MergeTag.RESET]
        entries = tuple(_settled(one) for one in kept)
        return replace(node, entries=entries, tag=MergeTag.NONE)
    return replace(node, tag=MergeTag.NONE)


def _each(base: Fields, over: Fields, mergers: dict[str, _Merger]) -> Fields:
    merged = dict(base.entries)
    for key, node in over.entries.items():
        known = merged.get(key)
        if known is None or node.tag is not MergeTag.NONE:
            merged[key] = node
        elif key in mergers:
            merged[key] = mergers[key](known, node)
        elif not is_null(node):
            merged[key] = node
    return replace(over, entries=merged)


def _build(base: Node, over: Node) -> Node:
    """A path alone is a context, so that the two forms go together."""
    return _each(_long(base), _long(over), dict.fromkeys(_PAIRS, _merged_pairs))


def _long(build: Node) -> Fields:
    if isinstance(build, Fields):
        return build
    is_path = isinstance(build, Unknown | Scalar) and not is_null(build)
    return Fields(build.place, {"context": build} if is_path else {})


def _merged_pairs(base: Node, over: Node) -> Node:
    """Both as lines, the later of a name counts; `!reset` finds no name in lines."""
    known, new = pairs_of(base), pairs_of(over)
    counting = {  # a reset goes for what is below `base`, too
        key: node
        for key, node in new.entries.items()
        if node.tag is not MergeTag.RESET or not known.was_list
    }
    merged = {**known.entries, **counting}
    return Fields(new.place, merged, was_list=True)


def _pair(entry: Node) -> tuple[str, Node]:
    text = str(entry.value) if isinstance(entry, Scalar) else _text(entry)
    key, equals, value = text.partition("=")
    if isinstance(entry, Unknown):
        return key, entry
    return key, Scalar(entry.place, value if equals else None, value, entry.tag)


def _text(node: Node) -> str:
    return node.text if isinstance(node, Unknown) else ""


def _items(base: Node, over: Node) -> Node:
    if is_null(over):
        return base
    if not isinstance(base, Items) or not isinstance(over, Items):
        raise _mismatch(base, over)
    return replace(over, entries=(*base.entries, *over.entries))


def _mismatch(base: Node, over: Node) -> ComposeFileError:
    return ComposeFileError(
        f"this cannot be merged with {base.place}",
        hint="both have to be mappings, or both lists",
        file=over.place.file,
        line=over.place.line,
    )
