"""What stands in the place of a Dockerfile, or elsewhere, as a way to go on."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence

from ctxopt.core.builds.bakefiles import bake_from
from ctxopt.core.builds.composefiles import compose_files, compose_reading
from ctxopt.core.builds.kinds import LABELS, kind_of
from ctxopt.core.builds.nearness import likely_context
from ctxopt.core.builds.records import BuildKind
from ctxopt.core.builds.said import SaidBuild
from ctxopt.core.builds.world import World
from ctxopt.host.disk.bounded import read_at_once
from ctxopt.host.disk.dockerfiles import dockerfiles, is_dockerfile_name
from ctxopt.host.disk.texts import BuildFileReader, process_environment
from ctxopt.host.disk.tree import DiskTree

_MOST_SHOWN = 4


def other_file(shown: str, content: bytes) -> tuple[str, str] | None:
    """What a file is that was given for a Dockerfile, and how to go on.

    None for one that may be a Dockerfile.
    """
    kind = kind_of(content)
    if kind is None:
        return None
    read = BuildFileReader()

    def reader(path: str) -> bytes | None:
        return content if path == shown else read(path)

    world = World(reader, process_environment())
    if kind is BuildKind.COMPOSE:
        builds = compose_reading([shown], world).builds
    else:  # its paths are from the current folder
        builds = bake_from([shown], "", world)
    told = _told(builds)
    if not told:
        hint = "give the folder of one of its builds, and its Dockerfile with -f"
        return LABELS[kind], hint
    return LABELS[kind], f"measure one of its builds: {_some(told)}"


def _told(builds: Sequence[SaidBuild]) -> list[str]:
    """The builds that can be measured, each with its command."""
    return [
        f"{one.name}: {_command(one)}"
        for one in builds
        if one.refusal is None and one.inline is None
    ]


def _command(build: SaidBuild) -> str:
    """The command that measures a build."""
    words = ["ctxopt", "scan"]
    if build.dockerfile:
        words += ["-f", build.dockerfile]
    if build.target:
        words += ["--target", build.target]
    return shlex.join([*words, build.context])


def builds_of_compose(start: str) -> str:
    """The builds that a folder's compose file names, with their commands; "" for none.

    `start` is the folder as somebody would type it.
    """
    folder = "" if start == "." else start
    world = World(BuildFileReader(), process_environment(), folder)
    for files in compose_files(folder, [], world):
        told = _told(compose_reading(files.paths, world).builds)
        if told:
            name = os.path.basename(files.paths[0])
            return f"there is {name}: measure one of its builds: {_some(told)}"
    return ""


def dockerfiles_below(root: str, start: str) -> str:
    """The Dockerfiles in the folders below, with a command for each; "" for none.

    `start` is the root as somebody would type it.
    """
    known = dockerfiles(DiskTree(root), _ignored_names(root))
    found = [one for one in known if "/" in one]
    told = [_command_for(root, one, start) for one in found]
    return f"there are some below: {_some(told)}" if told else ""


def _command_for(root: str, path: str, start: str) -> str:
    """The command for a Dockerfile, with the folder that it is likely built with."""
    tree = DiskTree(root)
    folder, name = os.path.split(path)
    content = tree.text(path).encode("utf-8", "replace")
    guess = likely_context(tree, path, content, is_dockerfile=is_dockerfile_name)
    context = os.path.normpath(os.path.join(start, guess.folder))
    if name == "Dockerfile" and guess.folder == folder:
        return shlex.join(["ctxopt", "scan", context])
    file = os.path.normpath(os.path.join(start, path))
    return shlex.join(["ctxopt", "scan", "-f", file, context])


def _some(told: list[str]) -> str:
    more = f"; and {len(told) - _MOST_SHOWN} more" if len(told) > _MOST_SHOWN else ""
    return "; ".join(told[:_MOST_SHOWN]) + more


def _ignored_names(root: str) -> frozenset[str]:
    """The plain names that the root's .gitignore has: what was built, most likely."""
    try:
        content = read_at_once(os.path.join(root, ".gitignore"))
    except OSError:
        return frozenset()
    lines = content.decode("utf-8", "replace").splitlines()
    names = (line.strip().strip("/") for line in lines)
    return frozenset(name for name in names if re.fullmatch(r"[\w.-]+", name))
