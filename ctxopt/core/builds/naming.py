"""Names for builds: short, what a person would type, and each its own.

A service is called as in its file, a Dockerfile by its folder or by its path. Where two
would be called alike, the folder or the kind of file stands before the name.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Sequence

from ctxopt.core.builds.kinds import kind_of_name
from ctxopt.core.builds.records import BuildKind
from ctxopt.core.builds.said import DEFAULT_DOCKERFILE, SaidBuild

_FOLDERS_OF_TOOLS = frozenset({".devcontainer", ".github", "workflows"})


def named_builds(builds: Sequence[SaidBuild], top: str) -> tuple[str, ...]:
    """A name for each build, in their order; `top` is where they were looked for."""
    choices = [_choices(one, top) for one in builds]
    names = [one[0] for one in choices]
    for step in range(1, max(map(len, choices), default=0)):
        counts = Counter(names)
        for number, name in enumerate(names):
            if counts[name] > 1:
                names[number] = choices[number][min(step, len(choices[number]) - 1)]
    return _numbered(names)


def _choices(build: SaidBuild, top: str) -> list[str]:
    """What it may be called, the shortest first."""
    by_file = dockerfile_name(build, top)
    target = f"{by_file}:{build.target}" if build.target else by_file
    if build.kind is BuildKind.DOCKERFILE:
        return [by_file, _relative(build.dockerfile_path, top)]
    if build.kind is BuildKind.WORKFLOW:
        short = by_file if build.refusal is None or build.dockerfile else build.name
        job = f"{build.name}:{by_file}" if build.name != short else short
        return [short, target, job, f"{build.kind}:{job}"]
    folder = _folder_of(build, top)
    file = _relative(build.place.file, top)
    return [
        build.name,
        posixpath.join(folder, build.name),
        f"{build.kind}:{build.name}",
        f"{build.kind}:{posixpath.join(folder, build.name)}",
        f"{file}:{build.name}",
    ]


def dockerfile_name(build: SaidBuild, top: str) -> str:
    """The folder of a usual Dockerfile, or the path of another."""
    path = _relative(build.dockerfile_path, top)
    folder, name = posixpath.split(path)
    return folder if folder and name == DEFAULT_DOCKERFILE else path


def _folder_of(build: SaidBuild, top: str) -> str:
    """The folder of the project that names it: that of a tool is none."""
    folder = posixpath.dirname(_relative(build.place.file, top))
    parts = [one for one in folder.split("/") if one not in _FOLDERS_OF_TOOLS]
    return "/".join(parts)


def _relative(path: str, top: str) -> str:
    """A path below `top` as seen from there."""
    if top in {"", "."}:
        return path
    inside = path.removeprefix(f"{top.rstrip('/')}/")
    return inside if inside != path else posixpath.relpath(path, top)


def _numbered(names: Sequence[str]) -> tuple[str, ...]:
    """What still is not its own gets a number: web, web#2."""
    taken: set[str] = set()
    found = []
    for name in names:
        unique, number = name, 1
        while unique in taken:
            number += 1
            unique = f"{name}#{number}"
        taken.add(unique)
        found.append(unique)
    return tuple(found)


def in_order(path: str, top: str) -> tuple[object, ...]:
    """The place of a file among all: those of a folder before those below it.

    Folders of tools, which begin with a dot, come last.
    """
    folder, name = posixpath.split(_relative(path, top))
    parts = [(one.startswith("."), one) for one in folder.split("/") if one]
    kind = kind_of_name(path)
    rank = [*BuildKind].index(kind) if kind else len(BuildKind)
    return (parts, rank, name)
