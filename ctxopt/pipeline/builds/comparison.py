"""Our reading of compose and bake files beside that of the docker installed here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ctxopt.core.builds.answers import (
    BuildDifference,
    bake_answers,
    compose_answers,
    differences,
)
from ctxopt.core.builds.records import BuildKind, FoundBuild, FoundBuilds
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import DockerError
from ctxopt.host.docker.projects import Printed, bake_print, compose_config


class BuildsVerified(NamedTuple):
    """How many builds were held against docker's reading, and where the two part."""

    asked: tuple[str, ...]  # the commands
    builds: int
    differences: tuple[BuildDifference, ...]


def verify_builds(found: FoundBuilds, *, client: str | None = None) -> BuildsVerified:
    """Hold the builds of the files that were chosen against docker's own reading.

    `client` is the docker to ask; None takes one from PATH. Raises DockerError where
    there is none that reads such files, or it refuses them.
    """
    parts = []
    of_compose = _of_kind(found, BuildKind.COMPOSE)
    if found.choice.compose_files:
        said = compose_config(found.choice.compose_files, client)
        parts.append(_held(of_compose, said, found))
    of_bake = _of_kind(found, BuildKind.BAKE)
    if found.choice.bake_files:
        names = [name for one in of_bake for name in (one.name, *one.aliases)]
        said = bake_print(found.choice.bake_files, names, client)
        parts.append(_held(of_bake, said, found))
    return BuildsVerified(
        tuple(one.asked[0] for one in parts),
        sum(one.builds for one in parts),
        tuple(row for one in parts for row in one.differences),
    )


def _of_kind(found: FoundBuilds, kind: BuildKind) -> list[FoundBuild]:
    return [one for one in found.builds if one.kind is kind]


def _held(
    builds: Sequence[FoundBuild], said: Printed, found: FoundBuilds
) -> BuildsVerified:
    folder = str(Path.cwd())
    is_compose = said.asked.startswith("docker compose")
    read = compose_answers if is_compose else bake_answers
    try:
        theirs = read(said.text, folder)
    except ValueError as error:
        raise DockerError(f"cannot read what {said.asked} printed: {error}") from None
    if found.choice.names:
        asked_for = {name for one in builds for name in (one.name, *one.aliases)}
        theirs = tuple(one for one in theirs if one.name in asked_for)
    return BuildsVerified(
        (said.asked,), len(builds), differences(builds, theirs, folder)
    )
