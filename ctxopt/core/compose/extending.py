"""`extends`: a service that begins as another, of the same file or of one elsewhere.

Source: compose-go, loader/extends.go, applyServiceExtends; compose-spec,
05-services.md, extends.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace

from ctxopt.core.compose.contexts import as_mappings, is_address, located
from ctxopt.core.compose.documents import opened, services_in
from ctxopt.core.compose.merging import (
    merge_service,
    merge_services,
    without_extends,
    without_tags,
)
from ctxopt.core.compose.nodes import (
    Fields,
    Node,
    Unknown,
    YamlPlace,
    fields_of,
    is_null,
    string_of,
)
from ctxopt.core.compose.surroundings import Surroundings
from ctxopt.errors import ComposeFileError


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where services stand that a name may mean: their file, and its folder."""

    file: str
    around: Surroundings
    services: Fields


def extended(services: Fields, file: str, around: Surroundings) -> Fields:
    """The services with what they extend; one that cannot be had is told, `Unknown`."""
    origin = _Origin(file, around, services)
    entries: dict[str, Node] = {}
    for name, service in services.entries.items():
        try:
            entries[name] = _with_base(name, origin, ())
        except ComposeFileError as error:
            around.refuse(error, name)
            entries[name] = Unknown(service.place, name)
    return replace(services, entries=entries)


def _with_base(name: str, origin: _Origin, trail: tuple[tuple[str, str], ...]) -> Node:
    """A service over what it extends, and that over what that extends."""
    service = origin.services.entries[name]
    asked = fields_of(service).get("extends")
    if not isinstance(service, Fields) or asked is None or is_null(asked):
        return service
    if (origin.file, name) in trail:
        raise _error(asked.place, f'service "{name}" extends itself', name)
    wanted, base_origin = _meant(asked, origin)
    if wanted not in base_origin.services.entries:
        message = f'{base_origin.file} has no service "{wanted}" to extend'
        raise _error(asked.place, message, wanted)
    base = _with_base(wanted, base_origin, (*trail, (origin.file, name)))
    if not isinstance(base, Fields):
        return base if isinstance(base, Unknown) else without_extends(service)
    return merge_service(without_tags(base), without_extends(service))


def _meant(asked: Node, origin: _Origin) -> tuple[str, _Origin]:
    """The service that `extends` names, and where it stands."""
    place = asked.place
    name = string_of(asked) or string_of(fields_of(asked).get("service"))
    if name is None:
        raise _error(place, "extends names no service", "extends")
    file = fields_of(asked).get("file")
    if file is None or is_null(file):
        return name, origin
    text = string_of(file)
    if text is None:
        raise _error(place, "the file of extends cannot be told", "file")
    if is_address(text):
        raise _error(place, "a file that is elsewhere is not read", text)
    return name, _opened(origin.around.path(text), place, origin.around)


def _opened(file: str, place: YamlPlace, around: Surroundings) -> _Origin:
    """The services of another file, whose paths are below its own folder."""
    inner = around.in_folder(posixpath.dirname(file))
    services = Fields(place)
    for document in opened(file, inner, place):
        found = as_mappings(services_in(document))
        # The tags of a file alone are still to take from what its services extend.
        if services.entries:
            found = merge_services(services, found, inner.refuse)
        services = found
    return _Origin(file, inner, located(services, inner))


def _error(place: YamlPlace, message: str, text: str) -> ComposeFileError:
    return ComposeFileError(message, file=place.file, line=place.line, text=text)
