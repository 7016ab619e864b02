"""`include`: other projects' files, each with its own folder and variables.

Source: compose-go, loader/include.go, ApplyInclude; compose-spec, 14-include.md.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from ctxopt.core.compose.contexts import is_address
from ctxopt.core.compose.merging import merge_service
from ctxopt.core.compose.nodes import (
    Fields,
    Items,
    Node,
    YamlPlace,
    fields_of,
    is_null,
    string_of,
)
from ctxopt.core.compose.records import ComposeWeight, problem_of
from ctxopt.core.compose.surroundings import Surroundings
from ctxopt.errors import ComposeFileError

# Reads files as one model: the files, what is around them, what included them.
Load: TypeAlias = Callable[[list[str], Surroundings, tuple[str, ...]], Fields]


def with_included(
    document: Fields,
    services: Fields,
    around: Surroundings,
    *,
    chain: tuple[str, ...],
    load: Load,
) -> Fields:
    """The services of a document over those of the files that it includes.

    What cannot be had is told; the others go on. `chain` are the files that led here.
    """
    entries = dict(services.entries)
    for entry in _entries(document.entries.get("include"), around):
        try:
            found = _included(entry, around, chain=chain, load=load)
            for name, service in found.entries.items():
                own = entries.get(name)
                entries[name] = service if own is None else merge_service(service, own)
        except ComposeFileError as error:
            around.refuse(error)
    return replace(services, entries=entries)


def _entries(include: Node | None, around: Surroundings) -> tuple[Node, ...]:
    if include is None or is_null(include):
        return ()
    if isinstance(include, Items):
        return include.entries
    around.refuse(_error(include.place, "include has to be a list", "include"))
    return ()


def _included(
    entry: Node, around: Surroundings, *, chain: tuple[str, ...], load: Load
) -> Fields:
    """The services of one entry, read in the folder that it is given or has."""
    said = fields_of(entry)
    texts = _texts(said.get("path") if said else entry)
    if not texts:
        raise _error(entry.place, "include names no file", "include")
    if remote := [text for text in texts if is_address(text)]:
        error = _error(entry.place, "a file that is elsewhere is not read", remote[0])
        around.problems.append(problem_of(error, weight=ComposeWeight.UNREAD))
        return Fields(entry.place)
    files = [around.path(text) for text in texts]
    _check(files, entry.place, around, chain)
    folder = string_of(said.get("project_directory"))
    inner = around.in_folder(
        around.path(folder) if folder else posixpath.dirname(files[0])
    )
    dotenvs = _dotenvs(entry.place, said.get("env_file"), around, inner)
    return load(files, inner.with_dotenv(dotenvs), chain)


def _check(
    files: list[str], place: YamlPlace, around: Surroundings, chain: tuple[str, ...]
) -> None:
    """Raises ComposeFileError for a file that is not there, or includes itself."""
    for file in files:
        if around.read(file) is None:
            raise _error(place, f"no such file: {file}", file)
    if files[0] in chain:
        raise _error(place, f"{files[0]} includes itself", files[0])


def _dotenvs(
    place: YamlPlace, said: Node | None, around: Surroundings, inner: Surroundings
) -> list[str]:
    """The files of variables: those named, else `.env` of the folder if it is there."""
    named = _texts(said)
    if not named:
        own = inner.path(".env")
        return [own] if around.read(own) is not None else []
    files = [around.path(text) for text in named if text != "/dev/null"]
    for file in files:
        if around.read(file) is None:
            raise _error(place, f"no such file: {file}", file)
    return files


def _texts(node: Node | None) -> list[str]:
    nodes = node.entries if isinstance(node, Items) else (node,)
    return [text for text in map(string_of, nodes) if text]


def _error(place: YamlPlace, message: str, text: str) -> ComposeFileError:
    return ComposeFileError(message, file=place.file, line=place.line, text=text)
