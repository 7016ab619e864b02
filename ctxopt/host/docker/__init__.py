"""The door to a real docker: what its client posts and what its engine receives.

Only this room runs docker processes. Everything happens in private temporary
folders; the user's context, configuration and images are left as they were.

    client            finding docker, and running it apart
    legacy, engine    the legacy builder: a loopback socket that counts the tar
    buildkit          BuildKit: an engine builds a `reduced` Dockerfile
    relay, trace      what the engine answered on the way
    progress          the same from what the client prints
    projects          what compose and bake files mean to docker itself
    cache             to leave none of our records behind
    protobuf, server, tar    what these are made of
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from ctxopt.core.model import BuilderName, Request
from ctxopt.core.verify import Observation
from ctxopt.host.docker.buildkit import observe_buildkit
from ctxopt.host.docker.legacy import observe_legacy


@dataclass(frozen=True, slots=True)
class BuildToObserve:
    """A build to ask docker about.

    `dockerfile_path` is None for standard input; `follow` holds the paths that it
    requests, "" for the whole context.
    """

    request: Request
    context_path: str
    dockerfile_path: str | None
    dockerfile_content: bytes
    follow: tuple[str, ...]


class Observer(Protocol):
    """Asks docker about a build; `client` names the program, None: find one."""

    def __call__(self, wanted: BuildToObserve, client: str | None) -> Observation: ...


def _ask_legacy(wanted: BuildToObserve, client: str | None) -> Observation:
    stdin = wanted.dockerfile_content if wanted.dockerfile_path is None else None
    return observe_legacy(
        wanted.context_path,
        wanted.request.dockerfile,
        stdin_dockerfile=stdin,
        target=wanted.request.target,
        build_args=wanted.request.build_args,
        client=client,
    )


def _ask_buildkit(wanted: BuildToObserve, client: str | None) -> Observation:
    return observe_buildkit(
        wanted.context_path,
        wanted.dockerfile_path,
        dockerfile_content=wanted.dockerfile_content,
        follow=wanted.follow,
        client=client,
    )


OBSERVERS: Mapping[BuilderName, Observer] = MappingProxyType(
    {BuilderName.LEGACY: _ask_legacy, BuilderName.BUILDKIT: _ask_buildkit}
)

__all__ = ["OBSERVERS", "BuildToObserve", "observe_buildkit", "observe_legacy"]
