"""What package.json, composer.json and other JSON files list."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ctxopt.core.running.manifests import json_object, strings
from ctxopt.core.suggest.workspaces.declared import (
    MEMBER,
    PART,
    REFERENCE,
    Declared,
    found,
    listed,
)

_LOCAL = ("file:", "link:", "portal:", "workspace:.")
_DEPENDENCIES = ("dependencies", "devDependencies", "optionalDependencies")


def package(text: str) -> Iterator[Declared]:
    """Workspaces of yarn, npm and bun, and packages by their path.

    A workspace that is gone changes yarn's lockfile, which `--immutable` refuses
    (YN0028); bun says "Workspace not found". `npm ci` goes on without it, and without a
    package by its path (npm 11, tried), so what is listed there is a question only. Of
    the second pnpm says "ENOENT: no such file or directory" (pnpm 9, tried).
    """
    tables = json_object(text)
    workspaces = tables.get("workspaces")
    if isinstance(workspaces, dict):
        workspaces = workspaces.get("packages")
    yield from listed(text, strings(workspaces))
    for name in _DEPENDENCIES:
        entries = tables.get(name)
        for said in entries.values() if isinstance(entries, dict) else ():
            if isinstance(said, str) and said.startswith(_LOCAL):
                line = next(listed(text, [said])).line
                yield Declared(said.partition(":")[2], line, REFERENCE)


def lerna(text: str) -> Iterator[Declared]:
    """The packages of lerna."""
    yield from listed(text, strings(json_object(text).get("packages")))


def deno(text: str) -> Iterator[Declared]:
    """The workspace of deno, which says "Could not find config file" for a member.

    Source: denoland/deno, libs/config/workspace, WorkspaceDiscoverError.
    """
    members = json_object(text).get("workspace")
    if isinstance(members, dict):
        members = members.get("members")
    yield from listed(text, strings(members))


def tsconfig(text: str) -> Iterator[Declared]:
    """The projects that `tsc --build` builds first; TS6053 where one is missing."""
    match = re.search(r'"references"\s*:\s*\[[^\[\]]*\]', text)
    if match is None:
        return
    above = text.count("\n", 0, match.start())
    for one in found(match[0], r'"path"\s*:\s*"([^"]+)"', REFERENCE):
        yield one._replace(line=one.line + above)


def composer(text: str) -> Iterator[Declared]:
    """Repositories of composer by their path, and what it loads by name.

    A folder of `classmap` that is not there ends `composer install` ("Could not scan
    for classes inside"), a file of `files` the program that loads it; for a repository
    it says "The `url` supplied for the path repository does not exist".
    Source: composer/composer, src/Composer/Repository/PathRepository.php and
    composer/class-map-generator, ClassMapGenerator.php, scanPaths.
    """
    tables = json_object(text)
    repositories = tables.get("repositories")
    if isinstance(repositories, dict):
        repositories = [*repositories.values()]
    for one in repositories if isinstance(repositories, list) else ():
        if isinstance(one, dict) and one.get("type") == "path":
            yield from listed(text, strings([one.get("url")]), MEMBER)
    autoload = tables.get("autoload")
    for name in ("files", "classmap"):
        paths = autoload.get(name) if isinstance(autoload, dict) else None
        yield from listed(text, strings(paths), PART)
