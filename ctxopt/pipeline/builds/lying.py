"""Dockerfiles that no file names, each with the context that it is built with."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from ctxopt.core.builds.kinds import may_be_dockerfile
from ctxopt.core.builds.nearness import ContextGuess, likely_context
from ctxopt.core.builds.records import BuildKind
from ctxopt.core.builds.said import SaidBuild, dockerfile_in, joined, line_of
from ctxopt.host.disk.dockerfiles import is_dockerfile_name
from ctxopt.host.disk.inputs import DEFAULT_DOCKERFILE
from ctxopt.host.disk.named import NamedElsewhere, named_by_commands
from ctxopt.host.disk.texts import BuildFileReader
from ctxopt.host.disk.tree import DiskTree

_SURE_NAMES = frozenset({DEFAULT_DOCKERFILE, "Containerfile"})


def lying_builds(
    top: str, paths: Iterable[str], read: BuildFileReader, *, is_named: bool = False
) -> Iterator[SaidBuild]:
    """The builds of Dockerfiles at `paths`, which are below `top`.

    Of a name that others have as well the text has to be one; with `is_named`, whoever
    names them knows.
    """
    tree = DiskTree(top or ".")
    commands: tuple[NamedElsewhere, ...] | None = None
    for path in paths:
        content = read(joined(top, path))
        name = os.path.basename(path)
        if content is None:
            continue
        if is_named or name in _SURE_NAMES or may_be_dockerfile(content):
            if commands is None and "/" in path:
                commands = named_by_commands(top or ".")
            guess = _of_commands(top, path, commands or ()) or likely_context(
                tree, path, content, is_dockerfile=is_dockerfile_name
            )
            yield _said(top, path, guess)


def _said(top: str, path: str, guess: ContextGuess) -> SaidBuild:
    context = joined(top, guess.folder or ".")
    inside = os.path.relpath(joined(top, path), context)
    return SaidBuild(
        name=path,
        kind=BuildKind.DOCKERFILE,
        place=line_of(joined(top, path), 1),
        context=context,
        dockerfile=dockerfile_in(context, inside),
        reason=guess.reason,
    )


def _of_commands(
    top: str, path: str, commands: Iterable[NamedElsewhere]
) -> ContextGuess | None:
    """The context that a script or a Makefile gives it; that of the first."""
    here = os.path.realpath(top or ".")
    whole = os.path.join(here, path)
    for one in commands:
        folder = os.path.relpath(os.path.realpath(one.context), here)
        is_inside = not folder.startswith("..")
        if os.path.realpath(one.dockerfile) == whole and is_inside:
            plain = "" if folder == "." else folder
            return ContextGuess(plain, f"{one.place} builds it so")
    return None
