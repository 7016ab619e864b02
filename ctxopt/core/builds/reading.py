"""The files of other tools that name builds: workflows, skaffold, dev containers.

    [build for one in reading_of(path, world) for build in one.builds]

Compose files and those of bake are read in their own rooms: several of them may be one.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from ctxopt.core.builds.composefiles import compose_reading
from ctxopt.core.builds.kinds import kind_of_name
from ctxopt.core.builds.records import BuildKind
from ctxopt.core.builds.world import FileReading, World, unread
from ctxopt.errors import ComposeFileError, CtxoptError


def reading_of(path: str, world: World) -> Iterator[FileReading]:
    """What one file says that stands for itself: no compose file, and none of bake."""
    kind = kind_of_name(path)
    if kind is BuildKind.SKAFFOLD:
        yield _skaffold(path, world)
    elif kind is BuildKind.WORKFLOW:
        yield _workflow(path, world)
    elif kind is BuildKind.DEVCONTAINER:
        yield from _devcontainer(path, world)


def _workflow(path: str, world: World) -> FileReading:
    from ctxopt.core.builds.workflows import ACTION, said_by_workflow
    from ctxopt.core.compose.loading import load_documents

    content = world.read(path) or b""
    if ACTION.encode() not in content:  # most have other work
        return FileReading(())
    try:
        documents = load_documents(content, path)
    except ComposeFileError as error:
        return FileReading((path,), problems=(unread(error),))
    project = posixpath.dirname(posixpath.dirname(world.folder(path)))
    builds = (*said_by_workflow(documents, path, project),)
    return FileReading((path,), builds)


def _skaffold(path: str, world: World) -> FileReading:
    from ctxopt.core.builds.skaffold import said_by_skaffold
    from ctxopt.core.compose.loading import load_documents

    try:
        documents = load_documents(world.read(path) or b"", path)
    except ComposeFileError as error:
        return FileReading((path,), problems=(unread(error),))
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
        yield FileReading((path,), problems=(unread(error),))
        return
    builds = (said.build,) if said.build is not None else ()
    yield FileReading((path,), builds)
    if said.compose_files:
        yield compose_reading(said.compose_files, world, is_usual=False)
