"""Builds of one step that differ in arguments, and take the same all the same.

A workflow that builds one Dockerfile for five versions of Python sends the same five
times: for a table of contexts that is one build.
"""

from __future__ import annotations

from collections.abc import Iterable

from ctxopt.core.builds.records import BuildKind
from ctxopt.core.builds.said import SaidBuild
from ctxopt.core.dockerfile import BuildOptions, link, parse, trace
from ctxopt.core.model import Source
from ctxopt.errors import DockerfileError
from ctxopt.host.disk.texts import BuildFileReader


def without_likes(
    builds: Iterable[SaidBuild], read: BuildFileReader
) -> list[SaidBuild]:
    """The builds, of those of one row of a matrix that take the same the first."""
    found: dict[object, SaidBuild] = {}
    for number, one in enumerate(builds):
        found.setdefault(_key(one, number, read), one)
    return [*found.values()]


def _key(build: SaidBuild, number: int, read: BuildFileReader) -> object:
    if build.kind is not BuildKind.WORKFLOW or build.refusal is not None:
        return number
    return (build.place, build.place_of_files, _taken(build, read))


def _taken(build: SaidBuild, read: BuildFileReader) -> tuple[Source, ...]:
    """What it reads with its arguments; nothing where the builder would refuse it."""
    content = read(build.dockerfile_path) or b""
    options = BuildOptions(
        target=build.target,
        build_args=build.args,
        named_contexts=tuple(build.contexts),
    )
    try:
        traced = trace(link(parse(content, build.dockerfile_path), options))
    except DockerfileError:
        return ()
    return traced.sources
