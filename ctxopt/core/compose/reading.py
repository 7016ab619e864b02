"""A compose project, read as docker compose reads it, without running it.

    read_project(["compose.yaml"], environment={}, read=read).builds[0].context.path

Source: compose-go, loader/loader.go, loadYamlModel and projectName; cli/options.go.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ctxopt.core.compose.contexts import as_mappings, located, with_default_context
from ctxopt.core.compose.documents import check_keys, opened, services_in
from ctxopt.core.compose.extending import extended
from ctxopt.core.compose.including import with_included
from ctxopt.core.compose.interpolation import InterpolationError, interpolate
from ctxopt.core.compose.merging import merge_services
from ctxopt.core.compose.nodes import Fields, YamlPlace, fields_of, string_of
from ctxopt.core.compose.records import ComposeProject
from ctxopt.core.compose.services import builds_of
from ctxopt.core.compose.surroundings import Read, Surroundings
from ctxopt.errors import ComposeFileError

# As docker compose looks for its own, the first of each that is there.
FILES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
OVERRIDES = (
    *("compose.override.yml", "compose.override.yaml"),
    *("docker-compose.override.yml", "docker-compose.override.yaml"),
)
_TRUE = frozenset({"1", "t", "T", "true", "TRUE", "True"})


def project_files(
    folder: str, *, environment: Mapping[str, str], read: Read
) -> tuple[str, ...]:
    """The files that docker compose takes in a folder when none is named.

    Those of COMPOSE_FILE, which may stand in `.env`; else the first of its names that
    is there, and the first override. Empty where there is none.

    Source: compose-go, cli/options.go, WithConfigFileEnv and WithDefaultConfigPath.
    """
    around = _with_dotenv(Surroundings(folder, environment, read))
    named = around.environment.get("COMPOSE_FILE")
    if named is not None:
        separator = around.environment.get("COMPOSE_PATH_SEPARATOR") or ":"
        return tuple(around.path(text) for text in named.split(separator))
    found = [_first(names, around) for names in (FILES, OVERRIDES)]
    return tuple(one for one in found if one) if found[0] else ()


def read_project(
    files: Sequence[str],
    *,
    environment: Mapping[str, str],
    read: Read,
    folder: str | None = None,
) -> ComposeProject:
    """The builds of a project, and what is wrong with its files.

    The later file goes over the earlier. `folder` is the project's, that of the first
    file unless given; paths come out below it. `read` gives the content of a file, or
    None. Nothing is raised: a file that cannot be used is a problem.
    """
    if folder is None:
        folder = posixpath.dirname(files[0])
    around = _with_dotenv(Surroundings(folder, environment, read))
    name = _name(files, around)
    known = {**around.environment, "COMPOSE_PROJECT_NAME": name}
    around = replace(around, environment=known)
    services = _load(list(files), around, ())
    if not any(around.opened.values()) and not around.problems:
        around.refuse(ComposeFileError("this file is empty", file=files[0]))
    builds = builds_of(services, around)
    return ComposeProject(name, tuple(files), builds, tuple(around.problems))


def _with_dotenv(around: Surroundings) -> Surroundings:
    if around.environment.get("COMPOSE_DISABLE_ENV_FILE") in _TRUE:
        return around
    own = around.path(".env")
    return around if around.read(own) is None else around.with_dotenv([own])


def _first(names: Sequence[str], around: Surroundings) -> str | None:
    paths = (around.path(name) for name in names)
    return next((path for path in paths if around.read(path) is not None), None)


def _load(files: list[str], around: Surroundings, chain: tuple[str, ...]) -> Fields:
    """The services of files, merged, each build with its folder."""
    merged = Fields(YamlPlace(files[0], 1))
    for file in files:
        try:
            for document in opened(file, around):
                found = _services(document, file, around, (*chain, file))
                both = merge_services(merged, found, around.refuse)
                merged = as_mappings(both)
        except ComposeFileError as error:
            around.refuse(error)
    return located(with_default_context(merged), around)


def _services(
    document: Fields, file: str, around: Surroundings, chain: tuple[str, ...]
) -> Fields:
    """The services of one document, with those it includes and what they extend."""
    check_keys(document)
    own = services_in(document)
    services = with_included(document, own, around, chain=chain, load=_load)
    return extended(services, file, around)


def _name(files: Sequence[str], around: Surroundings) -> str:
    """The name of the project: of the environment, a file, or its folder.

    Source: compose-go, cli/options.go, withNamePrecedenceLoad; loader.go, projectName.
    """
    if given := around.environment.get("COMPOSE_PROJECT_NAME"):
        return given
    named = [_named(file, around) for file in files]
    name = next((one for one in reversed(named) if one), None)
    return _normal(name or posixpath.basename(posixpath.normpath(around.folder)))


def _named(file: str, around: Surroundings) -> str | None:
    """What a file says of its name; what is wrong with it is told when it is read."""
    try:
        said = [fields_of(one).get("name") for one in around.documents(file) or []]
        names = [name for name in map(string_of, said) if name]
        return interpolate(names[-1], around.environment.get) if names else None
    except (ComposeFileError, InterpolationError):
        return None


def _normal(name: str) -> str:
    return "".join(re.findall("[a-z0-9_-]", name.lower())).lstrip("_-")
