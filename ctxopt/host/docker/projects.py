"""What the docker installed here makes of compose and bake files.

Unlike a build it is asked with all variables of the user, which such files are full of.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ctxopt.errors import DockerError
from ctxopt.host.docker.client import find_clients, reason, run

_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Printed:
    """What a plugin of docker printed, and how it was asked."""

    text: str
    asked: str  # the command, without files


def compose_config(files: Sequence[str], client: str | None = None) -> Printed:
    """A project as `docker compose` reads it, all profiles on, as JSON.

    Raises DockerError where there is no such docker, or it refuses the files.
    """
    flags = ["--profile", "*", *_flags(files), "config", "--format", "json"]
    printed = _asked(["compose", *flags], "docker compose config", client)
    # Rule: docker/compose, cmd/compose/config.go, runConfig: it could be read again.
    return replace(printed, text=printed.text.replace("$$", "$"))


def bake_print(
    files: Sequence[str], names: Sequence[str], client: str | None = None
) -> Printed:
    """The targets of these names as `docker buildx bake` reads them, as JSON.

    Raises DockerError as `compose_config` does.
    """
    flags = [*_flags(files), "--print", *names]
    return _asked(["buildx", "bake", *flags], "docker buildx bake --print", client)


def _flags(files: Sequence[str]) -> list[str]:
    return [word for file in files for word in ("-f", file)]


def _asked(arguments: Sequence[str], asked: str, client: str | None) -> Printed:
    path, env = find_clients(client)[0].path, {**os.environ, "LC_ALL": "C"}
    plugin = arguments[0]
    if run([path, plugin, "version"], env=env).status:
        raise DockerError(
            f"{path} has no {plugin}",
            hint=f"install docker's {plugin} plugin, or name another docker with "
            "--client",
        )
    done = run([path, *arguments], env=env, timeout_seconds=_SECONDS)
    if done.status:
        why = reason(done.stderr, done.status)
        raise DockerError(
            f"{asked} does not answer: {why}",
            hint="mend what it says, or compare the other files alone",
        )
    return Printed(done.stdout, asked)
