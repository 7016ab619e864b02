"""Which folder or address a context is, and the path that a folder comes to.

Source: compose-go, paths/context.go, absContextPath; transform/build.go.
"""

from __future__ import annotations

from dataclasses import replace

from ctxopt.core.compose.merging import pairs_of
from ctxopt.core.compose.nodes import (
    Fields,
    Items,
    Node,
    Scalar,
    Unknown,
    fields_of,
    string_of,
)
from ctxopt.core.compose.records import ComposeContext, ContextKind
from ctxopt.core.compose.surroundings import Surroundings

SERVICE = "service:"
_ADDRESSES = ("https://", "http://", "git://", "ssh://", "github.com/", "git@")


def is_address(text: str) -> bool:
    """Whether a context, or a file to include, is elsewhere than on the disk."""
    return "://" in text or text.startswith(_ADDRESSES)


def located(services: Fields, around: Surroundings) -> Fields:
    """The services, whose builds have their folders before their paths."""
    entries = {
        name: _located_service(node, around) for name, node in services.entries.items()
    }
    return replace(services, entries=entries)


def as_mappings(services: Fields) -> Fields:
    """The services, whose lists of named contexts are mappings from here on.

    Rule: compose-go, transform/mapping.go, transformKeyValue, after each file.
    """
    entries = dict(services.entries)
    for name, service in services.entries.items():
        build = fields_of(service).get("build")
        named = fields_of(build).get("additional_contexts")
        if isinstance(named, Items | Fields) and isinstance(build, Fields):
            contexts = replace(pairs_of(named), was_list=False)
            full = {**build.entries, "additional_contexts": contexts}
            entries[name] = _with_build(service, replace(build, entries=full))
    return replace(services, entries=entries)


def with_default_context(services: Fields) -> Fields:
    """The services, whose builds are of the folder itself where they name none."""
    entries = dict(services.entries)
    for name, service in services.entries.items():
        build = fields_of(service).get("build")
        if isinstance(build, Fields) and "context" not in build.entries:
            here = Scalar(build.place, ".", ".")
            full = replace(build, entries={**build.entries, "context": here})
            entries[name] = _with_build(service, full)
    return replace(services, entries=entries)


def context_of(node: Node, around: Surroundings) -> ComposeContext:
    """The record of a context that has been located; an empty one is the project's.

    Rule: docker compose hands bake no context then, which takes the folder it runs in.
    """
    if not isinstance(node, Scalar):
        text = node.text if isinstance(node, Unknown) else ""
        return ComposeContext(ContextKind.UNKNOWN, text)
    value = str(node.value)
    if not value:
        return ComposeContext(ContextKind.FOLDER, node.text, around.path("."))
    if value.startswith(SERVICE) and not node.is_resolved:
        name = value.removeprefix(SERVICE)
        return ComposeContext(ContextKind.SERVICE, node.text, name)
    kind = ContextKind.FOLDER if node.is_resolved else ContextKind.REMOTE
    return ComposeContext(kind, node.text, value)


def _located_service(service: Node, around: Surroundings) -> Node:
    build = fields_of(service).get("build")
    if isinstance(build, Unknown) or string_of(build) is not None:
        assert build is not None
        build = Fields(build.place, {"context": build}, build.tag)
    if not isinstance(build, Fields):
        return service
    entries = dict(build.entries)
    if "context" in entries:
        entries["context"] = _located(entries["context"], around)
    named = entries.get("additional_contexts")
    if isinstance(named, Fields):
        found = {key: _located(node, around) for key, node in named.entries.items()}
        entries["additional_contexts"] = replace(named, entries=found)
    return _with_build(service, replace(build, entries=entries))


def _with_build(service: Node, build: Fields) -> Node:
    assert isinstance(service, Fields)
    return replace(service, entries={**service.entries, "build": build})


def _located(node: Node, around: Surroundings) -> Node:
    text = string_of(node)
    if not text or not isinstance(node, Scalar) or node.is_resolved:
        return node
    if is_address(text) or text.startswith(SERVICE):
        return node
    return replace(node, value=around.path(text), text=text, is_resolved=True)
