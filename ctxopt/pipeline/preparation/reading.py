"""All that a build begins with, read in one step: bytes, and errors as values.

Nothing is judged here. A `.dockerignore` that cannot be read is an error in the place
of its bytes, for `prepare` to decide whether the builder comes that far.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping

from ctxopt.core.builders import Builder, FileNames, find_builder
from ctxopt.core.findings import problems
from ctxopt.core.model import Problem, Request
from ctxopt.core.paths import is_remote
from ctxopt.core.sources.links import follow_request, resolve
from ctxopt.errors import CtxoptError
from ctxopt.host.disk import inputs
from ctxopt.host.disk.tree import DiskTree
from ctxopt.pipeline.preparation.build import Build
from ctxopt.pipeline.preparation.prepare import (
    Arrival,
    BuildInputs,
    LinkEnd,
    NamedFolder,
    UnreadLink,
    prepare,
)


def read_build(
    request: Request, announce: Callable[[Problem], None] | None = None
) -> Build:
    """A build as its builder reads it: what `prepare` makes of what is on the disk.

    `announce` is told of problems that the user should hear of before a long walk.
    Raises CtxoptError for input that the builder would refuse before it sends anything.
    """
    builder = find_builder(request.builder)
    read = read_inputs(request, builder)
    if read.is_vast and announce is not None and isinstance(read.context, str):
        announce(problems.vast_context(read.context))
    return prepare(request, builder, read)


def read_inputs(request: Request, builder: Builder) -> BuildInputs:
    """What a build begins with; an error in the place of what cannot be read."""
    try:
        context = inputs.context_folder(request.context)
    except CtxoptError as error:
        return BuildInputs(context=error, dockerfile=error, ignore_file=error)
    is_vast = inputs.is_vast(context)
    named = _read_named(request.build_contexts, builder.files)
    try:
        dockerfile = inputs.read_dockerfile(
            context,
            request.dockerfile,
            request.dockerfile_bytes,
            inside_folder=not builder.follows_links_out,
            files=builder.files,
        )
    except CtxoptError as error:
        return BuildInputs(
            context=context,
            dockerfile=error,
            ignore_file=error,
            is_vast=is_vast,
            named=named,
        )
    ignore_file = _read_ignore_file(context, dockerfile, builder)
    return BuildInputs(
        context=context,
        dockerfile=dockerfile,
        ignore_file=ignore_file,
        is_vast=is_vast,
        named=named,
        arrival=_arrival(builder, dockerfile),
        unread=tuple(_unread_links(builder, context, dockerfile, ignore_file)),
    )


def _read_ignore_file(
    context: str, dockerfile: inputs.DockerfileText, builder: Builder
) -> inputs.IgnoreText | CtxoptError | None:
    try:
        return inputs.read_ignore_file(
            context,
            dockerfile,
            specific=builder.specific_ignore_file,
            follow=builder.follows_links_out,
            files=builder.files,
        )
    except CtxoptError as error:
        return error


def _arrival(builder: Builder, dockerfile: inputs.DockerfileText) -> Arrival | None:
    """What the Dockerfile's own transfer asks for, and where the Dockerfile is."""
    names = builder.dockerfile_request(dockerfile.name)
    if names is None or dockerfile.folder is None:
        return None
    tree = DiskTree(dockerfile.folder)
    return Arrival(follow_request(tree, names), resolve(tree, dockerfile.name).path)


# --- ignore files that are links -------------------------------------------------


def _unread_links(
    builder: Builder,
    context: str,
    dockerfile: inputs.DockerfileText,
    ignore_file: inputs.IgnoreText | CtxoptError | None,
) -> Iterator[UnreadLink]:
    """What people take for ignore files in effect, and this builder for none."""
    if isinstance(ignore_file, CtxoptError):
        return
    paths: list[str] = []
    if builder.specific_ignore_file and dockerfile.folder is not None:
        beside = os.path.join(dockerfile.folder, dockerfile.name)
        paths += (f"{beside}{ending}" for ending in builder.files.specific)
    paths += (os.path.join(context, name) for name in builder.files.ignore_files)
    for path in paths:
        if ignore_file is not None and ignore_file.path == path:
            return
        if os.path.islink(path):
            place = inputs.shown(path, context)
            yield UnreadLink(place, os.readlink(path), _link_end(path))


def _link_end(path: str) -> LinkEnd:
    real = os.path.realpath(path)
    if not os.path.exists(real):
        return LinkEnd.NOWHERE
    if not os.path.isfile(real):
        return LinkEnd.NO_FILE
    if not os.access(real, os.R_OK):
        return LinkEnd.FORBIDDEN
    return LinkEnd.ELSEWHERE


# --- named contexts --------------------------------------------------------------


def _read_named(
    contexts: Mapping[str, str], files: FileNames
) -> Mapping[str, NamedFolder | CtxoptError]:
    """The named contexts that are, or should be, local folders.

    Of each the ignore file is read: which of them the build takes from is known only
    once its Dockerfile is traced.
    """
    return {
        name: _named_folder(name, value, files)
        for name, value in contexts.items()
        if not is_remote(value) or os.path.isdir(value)
    }


def _named_folder(name: str, value: str, files: FileNames) -> NamedFolder | CtxoptError:
    why = f'no such folder: "{value}"'
    hint = "check the path given with --build-context"
    try:
        path = os.path.abspath(value)
        if os.path.isdir(path):
            return NamedFolder(path, _named_ignore_file(path, value, files))
    except OSError as error:
        why, hint = f"{why}: {inputs.no_current_folder(error)}", inputs.ELSEWHERE
    return CtxoptError(f"failed to get build context {name}: {why}", hint=hint)


def _named_ignore_file(
    path: str, typed: str, files: FileNames
) -> inputs.IgnoreText | CtxoptError | None:
    """The ignore file in a named context, called by the folder as it was typed."""
    try:
        text = inputs.read_ignore_file(
            path, None, specific=False, follow=False, files=files
        )
    except CtxoptError as error:
        return error
    if text is None:
        return None
    return text._replace(shown=os.path.join(typed, os.path.basename(text.path)))
