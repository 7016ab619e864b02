"""What stands in the place of a Dockerfile, or elsewhere, as a way to go on."""

from __future__ import annotations

import os
import re
import shlex

from ctxopt.core import buildfiles
from ctxopt.host.disk.bounded import read_at_once
from ctxopt.host.disk.dockerfiles import dockerfiles
from ctxopt.host.disk.tree import DiskTree

# The first source of COPY and ADD, where it is a path as it stands.
_COPIED = r"(?mi)^\s*(?:COPY|ADD)\s+(?:--(?!from)\S+\s+)*([\w./-]*\w[\w./-]*)\s+\S"
_MOST_SHOWN, _MOST_COPIED = 4, 50


def other_file(shown: str, content: bytes) -> tuple[str, str] | None:
    """What a file is that was given for a Dockerfile, and how to go on.

    None for one that may be a Dockerfile.
    """
    kind = buildfiles.kind_of(content)
    if not kind:
        return None
    # Paths of a compose file are relative to it, those of bake to the current folder.
    folder = os.path.dirname(shown) if kind == buildfiles.COMPOSE else ""
    builds = buildfiles.named_builds(content)
    told = [f"{one.name}: {_command(one, folder)}" for one in builds]
    if not told:
        return kind, "give the folder of one of its builds, and its Dockerfile with -f"
    return kind, f"measure one of its builds: {_some(told)}"


def _command(build: buildfiles.NamedBuild, folder: str) -> str:
    """The command that measures a build."""
    context = os.path.normpath(os.path.join(folder, build.context))
    words = ["ctxopt", "scan"]
    if build.dockerfile:
        words += ["-f", os.path.normpath(os.path.join(context, build.dockerfile))]
    if build.target:
        words += ["--target", build.target]
    return shlex.join([*words, context])


def builds_of_compose(root: str, start: str) -> str:
    """The builds that the root's compose file names, with their commands; "" for none.

    `start` is the root as somebody would type it.
    """
    for name in buildfiles.COMPOSE_NAMES:
        try:
            content = read_at_once(os.path.join(root, name))
        except OSError:
            continue
        shown = os.path.normpath(os.path.join(start, name))
        other = other_file(shown, content)
        if other is not None and buildfiles.named_builds(content):
            return f"there is {name}: {other[1]}"
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
    """The command for a Dockerfile; its folder is the context if what it copies is."""
    folder, name = os.path.split(path)
    copied = _copied(os.path.join(root, path))
    there, here = (
        sum(os.path.lexists(os.path.join(root, place, one)) for one in copied)
        for place in (folder, "")
    )
    context = os.path.normpath(os.path.join(start, "" if here > there else folder))
    if name == "Dockerfile" and here <= there:
        return shlex.join(["ctxopt", "scan", context])
    file = os.path.normpath(os.path.join(start, path))
    return shlex.join(["ctxopt", "scan", "-f", file, context])


def _copied(dockerfile: str) -> list[str]:
    """The plain words that a Dockerfile copies from its context."""
    try:
        text = read_at_once(dockerfile).decode("utf-8", "replace")
    except OSError:
        return []
    return [one.strip("/") for one in re.findall(_COPIED, text)[:_MOST_COPIED]]


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
