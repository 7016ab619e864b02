"""Compose files, read as docker compose reads them in their folder.

    compose_reading(files, world).builds        # what `docker compose build` builds

A file that cannot be used is told among the problems, and says nothing.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Sequence

from ctxopt.core.builds.world import FileReading, World, told_lightly, with_line
from ctxopt.core.compose.records import ComposeProblem, ComposeWeight
from ctxopt.core.findings import codes
from ctxopt.core.findings.problems import of_error
from ctxopt.core.model import Problem, Severity
from ctxopt.core.paths import join
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import ComposeFileError, CtxoptError


class ComposeFiles(NamedTuple):
    """Compose files that are merged; `is_own`: docker compose takes them by itself."""

    paths: tuple[str, ...]
    is_own: bool = False


def compose_files(
    folder: str, names: Sequence[str], world: World
) -> tuple[ComposeFiles, ...]:
    """The compose files of a folder, those together that are merged.

    First those that docker compose takes itself; each of the others is alone, or over
    those where it cannot stand alone.
    """
    from ctxopt.core.compose.reading import FILES, OVERRIDES, project_files

    environment = world.environment
    if folder != world.top:  # it is of the folder that somebody is in
        environment = {k: v for k, v in environment.items() if k != "COMPOSE_FILE"}
    own = project_files(folder, environment=environment, read=world.read)
    found = [ComposeFiles(own, is_own=True)] if own else []
    for name in names:
        path = join(folder, name)
        if path in own or name in OVERRIDES:
            continue
        is_over = own and name not in FILES and _goes_over(path, world)
        found.append(ComposeFiles((*own, path) if is_over else (path,)))
    return (*found,)


def _goes_over(path: str, world: World) -> bool:
    from ctxopt.core.builds.composing import is_overlay
    from ctxopt.core.compose.loading import load_documents

    try:
        return is_overlay(load_documents(world.read(path) or b"", path))
    except ComposeFileError:
        return False  # it is told where it is read


def compose_with(path: str, world: World) -> FileReading:
    """What a compose file says, with those that go with it."""
    folder, name = posixpath.split(path)
    return compose_reading(compose_files(folder, [name], world)[-1].paths, world)


def compose_reading(
    files: Sequence[str],
    world: World,
    *,
    profiles: Collection[str] = (),
    is_usual: bool = True,
) -> FileReading:
    """The builds of a compose project; usual are those without a profile, or of one.

    `is_usual` is false of a project that docker compose does not take by itself.
    """
    from ctxopt.core.builds.composing import said_by_compose
    from ctxopt.core.compose.reading import read_project

    project = read_project(files, environment=world.environment, read=world.read)
    active = {*profiles, *_active_profiles(files[0], world)}
    builds = (*said_by_compose(project, active),)
    if not is_usual:
        builds = tuple(one._replace(is_usual=False) for one in builds)
    problems = tuple(
        _of_compose(one) for one in project.problems if _is_of_builds(one, world)
    )
    return FileReading((*files,), builds, told_lightly(problems, is_usual=is_usual))


def _active_profiles(file: str, world: World) -> list[str]:
    """Those of COMPOSE_PROFILES, which may stand in `.env`."""
    from ctxopt.core.compose.surroundings import Surroundings

    around = Surroundings(world.folder(file), world.environment, world.read)
    own = around.path(".env")
    if world.read(own) is not None:
        around = around.with_dotenv([own])
    named = around.environment.get("COMPOSE_PROFILES", "").split(",")
    return [one.strip() for one in named if one.strip()]


def _is_of_builds(one: ComposeProblem, world: World) -> bool:
    """Whether it matters here: an unset variable of a port does not."""
    if one.weight is not ComposeWeight.WARNED or one.line is None:
        return True
    from ctxopt.core.builds.composing import build_lines
    from ctxopt.core.compose.loading import load_documents

    try:
        documents = load_documents(world.read(one.file) or b"", one.file)
    except ComposeFileError:
        return True
    return one.line in build_lines(documents)


def _of_compose(one: ComposeProblem) -> Problem:
    """What docker compose would stop at is a warning: other builds may go on here."""
    error = CtxoptError(one.message, hint=one.hint, file=one.file, line=one.line)
    problem = of_error(codes.BUILD_FILE, error, with_line(one.message, one.text or ""))
    is_refused = one.weight is ComposeWeight.REFUSED
    return problem if is_refused else problem._replace(severity=Severity.NOTE)
