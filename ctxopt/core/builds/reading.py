"""The files that name builds, each read as its own tool reads it in its folder.

    compose_reading(files, world).builds        # what `docker compose build` builds

A file that cannot be used is told among the problems, and says nothing.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from ctxopt.core.bake.records import BakeProblem, BakeReading
from ctxopt.core.builds.kinds import kind_of_name
from ctxopt.core.builds.records import BuildKind
from ctxopt.core.builds.said import SaidBuild
from ctxopt.core.compose.records import ComposeProblem, ComposeWeight
from ctxopt.core.findings import codes
from ctxopt.core.findings.problems import of_error
from ctxopt.core.model import Problem, Severity
from ctxopt.core.paths import join
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import ComposeFileError, CtxoptError

Reader = Callable[[str], bytes | None]
# Those that bake asks for where it asks for all.
_ALL = ("*",)


class World(NamedTuple):
    """What files are read with: the disk by paths, and the variables of the process."""

    read: Reader
    environment: Mapping[str, str]
    top: str = ""  # the folder that builds are looked for in

    def folder(self, path: str) -> str:
        """The folder of a file."""
        return posixpath.dirname(path)


class FileReading(NamedTuple):
    """What files say that are read together; the first stands for all."""

    files: tuple[str, ...]
    builds: tuple[SaidBuild, ...] = ()
    problems: tuple[Problem, ...] = ()


def reading_of(path: str, world: World) -> Iterator[FileReading]:
    """What one file says that stands for itself: no compose file, and none of bake."""
    kind = kind_of_name(path)
    if kind is BuildKind.SKAFFOLD:
        yield _skaffold(path, world)
    elif kind is BuildKind.WORKFLOW:
        yield _workflow(path, world)
    elif kind is BuildKind.DEVCONTAINER:
        yield from _devcontainer(path, world)


# --- compose ---------------------------------------------------------------------


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
    return FileReading((*files,), builds, _told_lightly(problems, is_usual=is_usual))


def _told_lightly(
    problems: tuple[Problem, ...], *, is_usual: bool
) -> tuple[Problem, ...]:
    """Problems of files that no tool takes by itself are notes: they may be parts."""
    if is_usual:
        return problems
    return tuple(one._replace(severity=Severity.NOTE) for one in problems)


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
    problem = of_error(codes.BUILD_FILE, error, _quoted(one.message, one.text or ""))
    is_refused = one.weight is ComposeWeight.REFUSED
    return problem if is_refused else problem._replace(severity=Severity.NOTE)


def _quoted(message: str, text: str) -> str:
    words = text.split("\n", 1)[0].strip()
    return f'{message} in "{words}"' if words and words not in message else message


# --- bake ------------------------------------------------------------------------


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
        world.read, files=files, names=_ALL, environment=env, overrides=overrides
    )
    builds = _from_where(found, files[0], world, names)
    if not is_usual:
        builds = tuple(one._replace(is_usual=False) for one in builds)
    problems = tuple(_of_bake(one) for one in found.problems if not _is_empty(one))
    return FileReading((*files,), builds, _told_lightly(problems, is_usual=is_usual))


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
    found = read_bake(world.read, files=files, names=_ALL, environment=env)
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


def _is_empty(one: BakeProblem) -> bool:
    """Whether there is no target at all to ask for."""
    return one.message.startswith("no target fits")


def _of_bake(one: BakeProblem) -> Problem:
    error = CtxoptError(one.message, file=one.file, line=one.line)
    problem = of_error(codes.BUILD_FILE, error, _quoted(one.message, one.text))
    return problem if one.is_refused else problem._replace(severity=Severity.NOTE)


# --- workflows, skaffold, dev containers -----------------------------------------


def _workflow(path: str, world: World) -> FileReading:
    from ctxopt.core.builds.workflows import ACTION, said_by_workflow
    from ctxopt.core.compose.loading import load_documents

    content = world.read(path) or b""
    if ACTION.encode() not in content:  # most have other work
        return FileReading(())
    try:
        documents = load_documents(content, path)
    except ComposeFileError as error:
        return FileReading((path,), problems=(_unread(error),))
    project = posixpath.dirname(posixpath.dirname(world.folder(path)))
    builds = (*said_by_workflow(documents, path, project),)
    return FileReading((path,), builds)


def _skaffold(path: str, world: World) -> FileReading:
    from ctxopt.core.builds.skaffold import said_by_skaffold
    from ctxopt.core.compose.loading import load_documents

    try:
        documents = load_documents(world.read(path) or b"", path)
    except ComposeFileError as error:
        return FileReading((path,), problems=(_unread(error),))
    folder = world.folder(path)
    said = said_by_skaffold(documents, path, folder, environment=world.environment)
    return FileReading((path,), (*said,))


def _devcontainer(path: str, world: World) -> Iterator[FileReading]:
    """Its own build, or those of the compose files that it names."""
    from ctxopt.core.builds.devcontainer import said_by_devcontainer

    content = world.read(path)
    if content is None:
        return
    try:
        said = said_by_devcontainer(
            content, path, world.folder(path), environment=world.environment
        )
    except CtxoptError as error:
        yield FileReading((path,), problems=(_unread(error),))
        return
    builds = (said.build,) if said.build is not None else ()
    yield FileReading((path,), builds)
    if said.compose_files:
        yield compose_reading(said.compose_files, world, is_usual=False)


def _unread(error: CtxoptError) -> Problem:
    return of_error(codes.BUILD_FILE, error, _quoted(error.message, error.text or ""))
