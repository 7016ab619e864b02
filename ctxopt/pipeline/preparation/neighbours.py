"""What else the ignore file of a build serves: stages, and other Dockerfiles.

`Dockerfile` with `COPY . .` and `Dockerfile.prod` with `COPY dist /x` have one ignore
file: who writes `dist` into it for the first breaks the second.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ctxopt.core.dockerfile import BuildOptions, Scoping, Trace, link, parse, trace
from ctxopt.core.golang import filepath_match, paths
from ctxopt.core.model import Location, Source, SourceKind
from ctxopt.core.sources.tree import Found
from ctxopt.errors import DockerfileError
from ctxopt.host.disk.dockerfiles import dockerfiles
from ctxopt.host.disk.inputs import IGNORE_FILE
from ctxopt.host.disk.tree import DiskTree
from ctxopt.pipeline.preparation.build import Build


class Neighbours(NamedTuple):
    """What is read by builds and stages that this build does not execute."""

    sources: tuple[Source, ...] = ()  # of the context
    # RUN and the like of those that have the repository, or may have.
    commands: tuple[tuple[Location, str], ...] = ()


def neighbours(build: Build, *, alone: bool = False) -> Neighbours:
    """What shares the ignore file of a build with it.

    `alone` says that the ignore file is for this Dockerfile and no other.
    """
    read = build.main.ignore_file
    traces = [*stage_traces(build.dockerfile.content, build.dockerfile.shown, build)]
    if not alone and (read is None or not read.specific):
        traces += _other_dockerfiles(build)
    known = {*build.main.sources}
    sources: dict[Source, None] = {}
    commands: dict[tuple[Location, str], None] = {}
    for one in traces:
        taking = _taking(one)
        sources.update((source, None) for source in taking if source not in known)
        if any(_may_hold_git(source) for source in taking):
            commands.update((command, None) for command in one.commands)
    return Neighbours((*sources,), (*commands,))


def stage_traces(
    content: bytes, shown: str, build: Build | None = None
) -> Iterator[Trace]:
    """What each stage of a Dockerfile reads when it is built, the last one first.

    A stage that a later one stands on or copies from is told of there. What the
    builder would refuse is left out.
    """
    options = BuildOptions() if build is None else build.options
    options = options._replace(scoping=Scoping.BUILDKIT, target=None)
    try:
        parsed = parse(content, shown)
    except DockerfileError:
        return
    executed: set[str] = set()
    for stage in reversed(parsed.stages):
        label = stage.name or str(stage.index)
        if label in executed:
            continue
        # Not every stage has a name to ask for; the last one is built without.
        up_to_here = parsed._replace(stages=parsed.stages[: stage.index + 1])
        try:
            one = trace(link(up_to_here, options))
        except DockerfileError:
            continue
        executed |= {run.label for run in one.runs}
        yield one


def _taking(one: Trace) -> list[Source]:
    return [
        source
        for source in one.sources
        if source.kind is SourceKind.CONTEXT and source.claims
    ]


def _may_hold_git(source: Source) -> bool:
    """Whether a source takes the root, or something of `.git`."""
    first = _path(source).split("/", 1)[0]
    return first in ("", ".git") or filepath_match.has_wildcard(first)


def _path(source: Source) -> str:
    return paths.join("/", source.expanded)[1:]


# --- other Dockerfiles -----------------------------------------------------------


def _other_dockerfiles(build: Build) -> Iterator[Trace]:
    tree = DiskTree(build.main.path)
    own = os.path.realpath(build.dockerfile.path) if build.dockerfile.path else ""
    for path in dockerfiles(build.main.path):
        absolute = os.path.join(build.main.path, path)
        if os.path.realpath(absolute) == own or _has_own_ignore_file(tree, path):
            continue
        traces = [*stage_traces(tree.text(path).encode(), path)]
        sources = [source for one in traces for source in _taking(one)]
        if _is_of_root(tree, path.rpartition("/")[0], sources):
            yield from traces


def _has_own_ignore_file(tree: DiskTree, path: str) -> bool:
    return tree.kind(path + IGNORE_FILE) is Found.FILE


def _is_of_root(tree: DiskTree, folder: str, sources: Sequence[Source]) -> bool:
    """Whether a Dockerfile in a folder is built with the root, as far as can be told.

    Its sources are there, more of them than beside it.
    """
    if not folder:
        return True
    named = [path for path in map(_path, sources) if _is_literal(path)]
    above = sum(tree.kind(path) is not None for path in named)
    beside = sum(tree.kind(f"{folder}/{path}") is not None for path in named)
    if beside and tree.kind(f"{folder}/{IGNORE_FILE}") is Found.FILE:
        return above > beside
    return above >= beside


def _is_literal(path: str) -> bool:
    return bool(path) and not filepath_match.has_wildcard(path)
