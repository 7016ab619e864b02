"""Services become builds: each field checked, and what it is without being said.

Source: compose-go, schema/compose-spec.json; loader/normalize.go, Normalize;
loader/validate.go, checkConsistency.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from ctxopt.core.compose.contexts import context_of
from ctxopt.core.compose.merging import pairs_of
from ctxopt.core.compose.nodes import (
    Fields,
    Items,
    Node,
    Scalar,
    Unknown,
    fields_of,
    is_null,
    string_of,
)
from ctxopt.core.compose.records import ComposeBuild, ComposeContext, ContextKind
from ctxopt.core.compose.scalars import go_text
from ctxopt.core.compose.surroundings import Surroundings
from ctxopt.errors import ComposeFileError

_NAME = re.compile(r"[a-zA-Z0-9._-]+")
_STRINGS = ("context", "dockerfile", "dockerfile_inline", "target")
_KEYS = frozenset(
    {
        *_STRINGS,
        *("additional_contexts", "args", "cache_from", "cache_to", "entitlements"),
        *("extra_hosts", "isolation", "labels", "network", "no_cache"),
        *("no_cache_filter", "platforms", "privileged", "provenance", "pull", "sbom"),
        *("secrets", "shm_size", "ssh", "tags", "ulimits"),
    }
)


def builds_of(services: Fields, around: Surroundings) -> tuple[ComposeBuild, ...]:
    """The builds, in the order of the services; one that is wrong is told, and out."""
    builds = []
    for name, service in services.entries.items():
        try:
            build = _build_of(name, service, around)
        except ComposeFileError as error:
            around.refuse(error, name)
        else:
            builds += [build] if build else []
    _tell_missing(builds, services, around)
    return tuple(builds)


def _build_of(name: str, service: Node, around: Surroundings) -> ComposeBuild | None:
    if isinstance(service, Unknown):  # told where it was read
        return None
    if not isinstance(service, Fields):
        raise _error(service, "a service has to be a mapping", name)
    if _NAME.fullmatch(name) is None:
        raise _error(service, "this is no name of a service", name)
    build = service.entries.get("build")
    if build is None:
        return None
    if not isinstance(build, Fields):
        raise _error(build, "build has to be a path or a mapping", "build")
    _check_keys(build)
    return _record(name, build, service, around)


def _check_keys(build: Fields) -> None:
    for key, node in build.entries.items():
        if key not in _KEYS and not key.startswith("x-"):
            raise _error(node, f'build has no field "{key}"', key)
        is_text = string_of(node) is not None or isinstance(node, Unknown)
        if key in _STRINGS and not is_text:
            raise _error(node, f"{key} has to be text", key, "write it in quotes")


def _record(
    name: str, build: Fields, service: Fields, around: Surroundings
) -> ComposeBuild:
    said = build.entries
    args, contexts = _args(said.get("args"), around), _contexts(said, around)
    texts = {key: string_of(said.get(key)) for key in _STRINGS}
    return ComposeBuild(
        service=name,
        place=build.place,
        context=context_of(said["context"], around),
        dockerfile=_dockerfile(said),
        dockerfile_inline=texts["dockerfile_inline"] or None,
        target=texts["target"] or None,
        args=args,
        additional_contexts=contexts,
        profiles=_profiles(service.entries.get("profiles")),
        unknown=tuple(_unknown(said)),
    )


def _dockerfile(said: dict[str, Node]) -> str | None:
    """The Dockerfile's name, if it has any: one that is said, else `Dockerfile`."""
    named, inline = said.get("dockerfile"), said.get("dockerfile_inline")
    if isinstance(named, Unknown):
        return None
    if not string_of(inline) and not isinstance(inline, Unknown):
        return string_of(named) or "Dockerfile"
    if string_of(named) and inline is not None:
        message = "dockerfile and dockerfile_inline cannot both be given"
        raise _error(inline, message, "dockerfile_inline", "remove one of them")
    return None


def _args(node: Node | None, around: Surroundings) -> dict[str, str | None]:
    """The arguments; one without a value takes the environment's.

    Rule: compose-go, loader/normalize.go, resolve; types/mapping.go, mappingValue.
    """
    found: dict[str, str | None] = {}
    for key, value in _pairs(node, "args"):
        if key[-1:].isspace():
            raise _error(value, "the name of an argument ends in a space", key)
        if isinstance(value, Unknown):
            found[key] = None
        elif is_null(value):
            found[key] = around.environment.get(key)
        else:
            found[key] = _word(value, key)
    return found


def _word(value: Node, key: str) -> str:
    plain = value.value if isinstance(value, Scalar) else None
    is_endless = isinstance(plain, float) and not math.isfinite(plain)
    if plain is None or is_endless:
        raise _error(value, f"{key} has to be text, a number, true or false", key)
    return go_text(plain)


def _contexts(said: dict[str, Node], around: Surroundings) -> dict[str, ComposeContext]:
    found = {}
    for key, node in _pairs(said.get("additional_contexts"), "additional_contexts"):
        if not isinstance(node, Unknown) and string_of(node) is None:
            raise _error(node, "a named context is NAME=PATH", key)
        found[key] = context_of(node, around)
    return found


def _pairs(node: Node | None, name: str) -> Iterator[tuple[str, Node]]:
    """The entries of a mapping or of `K=V` lines; raises ComposeFileError."""
    if node is None:
        return
    if not isinstance(node, Items | Fields):
        raise _error(node, f"{name} has to be a mapping or a list", name)
    for entry in node.entries if isinstance(node, Items) else ():
        if string_of(entry) is None and not isinstance(entry, Unknown):
            raise _error(entry, f"an entry of {name} has to be text", name)
    yield from pairs_of(node).entries.items()


def _profiles(node: Node | None) -> tuple[str, ...]:
    if node is None:
        return ()
    texts = (
        [string_of(one) for one in node.entries] if isinstance(node, Items) else [None]
    )
    known = [text for text in texts if text is not None]
    if len(known) < len(texts):
        raise _error(node, "profiles have to be a list of names", "profiles")
    return tuple(dict.fromkeys(known))


def _unknown(said: dict[str, Node]) -> Iterator[str]:
    """The fields that cannot be told, as they are named in the file."""
    yield from (key for key in _STRINGS if isinstance(said.get(key), Unknown))
    for key in ("args", "additional_contexts"):
        pairs = fields_of(pairs_of(said[key])) if key in said else {}
        yield from (
            f"{key}.{n}" for n, one in pairs.items() if isinstance(one, Unknown)
        )


def _tell_missing(
    builds: list[ComposeBuild], services: Fields, around: Surroundings
) -> None:
    """Named contexts of a service that there is none of, or that builds nothing."""
    for build in builds:
        for name, context in build.additional_contexts.items():
            if context.kind is not ContextKind.SERVICE:
                continue
            service = services.entries.get(context.path)
            if service is None or "build" not in fields_of(service):
                what = "there is no" if service is None else "nothing is built by"
                around.refuse(
                    ComposeFileError(
                        f'{what} service "{context.path}", the context "{name}"',
                        file=build.place.file,
                        line=build.place.line,
                        text=context.text,
                    ),
                    build.service,
                )


def _error(
    node: Node, message: str, text: str, hint: str | None = None
) -> ComposeFileError:
    return ComposeFileError(
        message, hint=hint, file=node.place.file, line=node.place.line, text=text
    )
