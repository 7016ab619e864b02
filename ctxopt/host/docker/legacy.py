"""Ask the docker client what the legacy builder would be sent; no engine needed."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Final

from ctxopt.core.verify import Observation
from ctxopt.errors import DockerError
from ctxopt.host.docker import client as clients
from ctxopt.host.docker.engine import Posted, loopback_engine

BUILD_SECONDS: Final = 900.0
_SENDING: Final = re.compile(r"Sending build context to Docker daemon +(\S+)")
_INVENTED: Final = re.compile(r"\.dockerfile\.[0-9a-f]{20}")


def observe_legacy(
    context_path: str,
    dockerfile_path: str | None,
    *,
    stdin_dockerfile: bytes | None = None,
    target: str | None = None,
    build_args: Mapping[str, str] | None = None,
    client: str | None = None,
    timeout_seconds: float = BUILD_SECONDS,
) -> Observation:
    """Return what the client posts for a build of `context_path`.

    `dockerfile_path` None leaves the choice to the client, as without `-f`;
    `stdin_dockerfile` is what `-f -` would read and wins over it. The random name
    the client invents for an outside Dockerfile reads `.dockerfile.RANDOM`. A
    client that refuses the context is an observation with an `error`.

    Raises DockerError where no client is here, or it fails in a way that says
    nothing about the context.
    """
    chosen = clients.find_clients(client)[0]
    with clients.private_folder() as folder, loopback_engine(folder) as engine:
        done = clients.run(
            [
                *(chosen.path, "--host", engine.host, "build"),
                *_options(dockerfile_path, stdin_dockerfile, target, build_args or {}),
                *("--", os.path.abspath(context_path)),
            ],
            env=clients.environment(folder / "config", DOCKER_BUILDKIT="0"),
            stdin=stdin_dockerfile,
            timeout_seconds=timeout_seconds,
        )
    if done.status != 0:
        return Observation(
            client=chosen.version,
            engine=None,
            wire_bytes=0,
            printed=None,
            members=None,
            error=clients.reason(done.stderr, done.status),
        )
    return _observation(chosen, engine.posts, done.stdout)


def _options(
    dockerfile_path: str | None,
    stdin_dockerfile: bytes | None,
    target: str | None,
    build_args: Mapping[str, str],
) -> list[str]:
    options: list[str] = []
    if stdin_dockerfile is not None:
        options += ["--file", "-"]
    elif dockerfile_path is not None:
        options += ["--file", os.path.abspath(dockerfile_path)]
    if target is not None:
        options += ["--target", target]
    for name, value in build_args.items():
        options += ["--build-arg", f"{name}={value}"]
    return options


def _observation(
    chosen: clients.Client, posts: list[Posted], stdout: str
) -> Observation:
    if len(posts) != 1:
        message = f"docker {chosen.version} posted {len(posts)} contexts instead of one"
        raise DockerError(
            message,
            hint=f"name another docker client in {clients.CLIENT_VARIABLE}",
        )
    sizes = _SENDING.findall(stdout)
    members = posts[0].members
    return Observation(
        client=chosen.version,
        engine=None,
        wire_bytes=posts[0].wire_bytes,
        printed=sizes[-1] if sizes else None,
        members=None if members is None else tuple(map(_without_chance, members)),
    )


def _without_chance(name: str) -> str:
    return ".dockerfile.RANDOM" if _INVENTED.fullmatch(name) else name
