"""Builds that compose and bake files, workflows and scripts of a project name.

A look that is bounded: usual names in the folder itself and in a few below it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ctxopt.core.tuples import NamedTuple
from ctxopt.host.disk.bounded import read_at_once

if TYPE_CHECKING:
    from ctxopt.core.buildfiles import NamedBuild

MOST_FILES = 60  # read
MOST_NAMES = 5_000  # of one folder
FILE_BYTES = 256 << 10  # a larger one was not written by a person
MOST_BUILDS = 200

# Where such files are kept, beside the root itself.
_FOLDERS = (
    *("", ".github/workflows", ".gitea/workflows", ".forgejo/workflows", "docker"),
    *(".docker", "deploy", "deployment", "compose", "infra", "ops", "build", "ci"),
    *("scripts", ".devcontainer", "bin", "hack", "dev", "containers"),
)
_COMPOSE = re.compile(r"(?i)(?:docker-)?compose[\w.-]*\.ya?ml")
_BAKE = re.compile(r"(?i)docker-bake[\w.-]*\.(?:hcl|json)")
_OTHERS = re.compile(
    r"(?i)(?:GNU)?makefile|[\w.-]+\.mk|justfile|taskfile\.ya?ml|package\.json|"
    r"[\w.-]*\.sh|\.gitlab-ci\.ya?ml|cloudbuild[\w.-]*\.ya?ml|skaffold\.ya?ml|"
    r"render\.ya?ml|azure-pipelines[\w.-]*\.ya?ml|Jenkinsfile|fly\.toml"
)
_WORKFLOW = r"(?i).*\.ya?ml"


class NamedElsewhere(NamedTuple):
    """A build that some file names; `context` and `dockerfile` are absolute."""

    context: str
    dockerfile: str
    target: str
    args: tuple[tuple[str, str], ...]
    place: str  # the file that names it, relative to where it was looked for


def named_below(top: str) -> tuple[NamedElsewhere, ...]:
    """The builds that the files of a project name, each once, in the order found."""
    found: dict[NamedElsewhere, None] = {}
    for path in _files(top):
        for one in _builds_of(top, path):
            found.setdefault(one)
            if len(found) >= MOST_BUILDS:
                return (*found,)
    return (*found,)


def _files(top: str) -> Iterator[str]:
    count = 0
    for folder in _FOLDERS:
        for name in _names(os.path.join(top, folder)):
            if _is_wanted(folder, name):
                count += 1
                yield os.path.join(folder, name)
                if count >= MOST_FILES:
                    return


def _is_wanted(folder: str, name: str) -> bool:
    if folder.endswith("workflows"):
        return re.fullmatch(_WORKFLOW, name) is not None
    return any(one.fullmatch(name) for one in (_COMPOSE, _BAKE, _OTHERS))


def _names(folder: str) -> list[str]:
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    return sorted(names, key=os.fsencode) if len(names) <= MOST_NAMES else []


def _builds_of(top: str, path: str) -> Iterator[NamedElsewhere]:
    content = _content(os.path.join(top, path))
    folder, name = os.path.split(path)
    base = os.path.join(top, folder)
    if _COMPOSE.fullmatch(name) or _BAKE.fullmatch(name):
        from ctxopt.core import buildfiles  # start-up: where there is one

        variables = buildfiles.environment(
            _content(os.path.join(base, ".env")).decode("utf-8", "replace")
        )
        builds = [*buildfiles.named_builds(content, variables)]
        # Those of bake, and those in a folder below, may be started from the top.
        yield from (_absolute(one, base, path) for one in builds)
        if folder and _BAKE.fullmatch(name):
            yield from (_absolute(one, top, path) for one in builds)
        return
    from ctxopt.core.buildcommands import command_builds, mapped_builds  # as above

    text = content.decode("utf-8", "replace")
    found = [*command_builds(text)]
    if name.endswith((".yml", ".yaml")):
        found += mapped_builds(text)
    # A script is mostly started from the top, a workflow always.
    yield from (_absolute(one, top, path) for one in found)


def _content(path: str) -> bytes:
    try:
        content = read_at_once(path)
    except OSError:
        return b""
    return content if len(content) <= FILE_BYTES else b""


def _absolute(build: NamedBuild, base: str, place: str) -> NamedElsewhere:
    context = os.path.normpath(os.path.join(base, build.context))
    file = os.path.join(context, build.dockerfile or "Dockerfile")
    return NamedElsewhere(
        context, os.path.normpath(file), build.target, build.args, place
    )
