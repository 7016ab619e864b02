"""What to give to docker build, so that a path outside of its context comes."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator

from ctxopt.core.dockerfile import parse
from ctxopt.core.sources.elsewhere import context_name, copy_words
from ctxopt.errors import DockerfileError
from ctxopt.host.disk.inputs import from_here, is_vast
from ctxopt.pipeline.preparation.build import Build


def ways_in(build: Build, path: str) -> Iterator[str]:
    """The ways to have a path outside of the context in the build, a sentence each.

    None takes in the whole disk or a home folder, which nobody means to send.
    """
    higher = _higher_context(build, path)
    if higher:
        yield higher
    whole = os.path.isdir(path)
    folder, name = (path, ".") if whole else os.path.split(path)
    if build.builder.takes_named_contexts and not (whole and is_vast(path)):
        called = context_name(folder, _names(build))
        given = f"--build-context {called}={_typed(folder)}"
        yield (
            f"Give {'it' if whole else 'its folder'} a name with docker build {given},"
            " and write"
            f" {copy_words(name, called)}"
        )


def _higher_context(build: Build, path: str) -> str:
    """The way by a context that has both; "" where that would be vast."""
    above = os.path.commonpath((build.main.path, path))
    dockerfile = build.dockerfile
    if is_vast(above) or dockerfile.folder is None:
        return ""
    file = _typed(os.path.join(dockerfile.folder, dockerfile.name))
    source = copy_words(os.path.relpath(path, above))
    return (
        f"Give a higher folder with docker build -f {file} {_typed(above)}, and write"
        f" all sources from there, this one as {source}"
    )


def _names(build: Build) -> frozenset[str]:
    """The names that mean something else in a build: contexts, stages and images."""
    names = {name for name, _ in build.named}
    try:
        stages = parse(build.dockerfile.content, build.dockerfile.shown).stages
    except DockerfileError:
        return frozenset(names)
    for stage in stages:
        names |= {stage.name, stage.base, stage.base.partition(":")[0]}
    return frozenset(name.lower() for name in names)


def _typed(path: str) -> str:
    """A path as somebody would type it: from here or from the root of the disk."""
    return shlex.quote(min(from_here(path), path, key=len))
