"""Bake files, read as `docker buildx bake` reads them, from the folder it runs in.

bake_reading(files, world).builds           # what `docker buildx bake` builds
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence

from ctxopt.core.bake.records import BakeProblem, BakeReading
from ctxopt.core.builds.said import SaidBuild
from ctxopt.core.builds.world import FileReading, World, told_lightly, with_line
from ctxopt.core.findings import codes
from ctxopt.core.findings.problems import of_error
from ctxopt.core.model import Problem, Severity
from ctxopt.errors import CtxoptError


def bake_reading(
    files: Sequence[str],
    world: World,
    *,
    names: Sequence[str] = (),
    overrides: Sequence[str] = (),
    is_usual: bool = True,
) -> FileReading:
    """The builds of bake files; `names` as for `said_by_bake`.

    Their paths are from the folder that bake runs in, which is that of the file or the
    one that builds are looked for in: the one that has their Dockerfiles.
    """
    from ctxopt.core.bake.reading import read_bake

    env = world.environment
    found = read_bake(
        world.read, files=files, names=None, environment=env, overrides=overrides
    )
    builds = _from_where(found, files[0], world, names)
    if not is_usual:
        builds = tuple(one._replace(is_usual=False) for one in builds)
    problems = tuple(map(_of_bake, found.problems))
    return FileReading((*files,), builds, told_lightly(problems, is_usual=is_usual))


def is_of_bake(path: str, world: World) -> bool:
    """Whether a file is bake's: by its usual name, or by a target in it.

    Other programs have their settings in files called `.hcl`, too.
    """
    if posixpath.basename(path).startswith("docker-bake"):
        return True
    return re.search(rb"(?m)^target\s", world.read(path) or b"") is not None


def bake_from(files: Sequence[str], base: str, world: World) -> tuple[SaidBuild, ...]:
    """The builds of bake files as they are where bake runs in the folder `base`."""
    from ctxopt.core.bake.reading import read_bake
    from ctxopt.core.builds.baking import said_by_bake

    env = world.environment
    found = read_bake(world.read, files=files, names=None, environment=env)
    return (*said_by_bake(found, base),)


def _from_where(
    found: BakeReading, file: str, world: World, names: Sequence[str]
) -> tuple[SaidBuild, ...]:
    from ctxopt.core.builds.baking import said_by_bake

    folders = [*dict.fromkeys((world.folder(file), world.top))]
    tried = [(*said_by_bake(found, one, names=names),) for one in folders]
    counts = [_there(builds, world) for builds in tried]
    best = counts.index(max(counts))
    if not best:
        return tried[0]
    reason = f"the paths of {file} are from {world.top or 'here'}, where bake runs"
    return tuple(one._replace(reason=reason) for one in tried[best])


def _there(builds: Sequence[SaidBuild], world: World) -> int:
    """How many have their Dockerfile."""
    return sum(
        one.refusal is None and world.read(one.dockerfile_path) is not None
        for one in builds
    )


def _of_bake(one: BakeProblem) -> Problem:
    error = CtxoptError(one.message, file=one.file, line=one.line)
    problem = of_error(codes.BUILD_FILE, error, with_line(one.message, one.text))
    return problem if one.is_refused else problem._replace(severity=Severity.NOTE)
