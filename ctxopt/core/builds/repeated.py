"""What the builds of one call send several times.

`docker buildx bake` and `docker compose build` start many builds of one folder at once.
Each has a session of its own, and asks for what its Dockerfile copies. The builder
takes two transfers for one if session, ignore patterns and paths are the same.

Source: moby/buildkit, source/local/source.go, CacheKey. Since buildx 0.17 targets with
the same folder have one session for it (docker/buildx#2615, build/build.go,
detectSharedMounts; not on Kubernetes with replicas taken at random), which the
Dockerfile frontend takes up since 1.10, that of BuildKit 0.16
(frontend/dockerui/config.go, MainContext). So what is alike is sent once there, and
once a build before (docker/buildx#92 and #1377); what is asked for in other words is
sent once for each by all of them. Compose starts bake since 2.37 (docker/compose,
pkg/compose/build_bake.go).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ctxopt.core.builds.records import SentTwice
from ctxopt.core.tuples import NamedTuple

_CONTEXT_NAMES = ("src", "source", "files", "context-files")


class Sending(NamedTuple):
    """What one build of a call sends of its context."""

    build: str  # its name
    call: str  # the file that names the builds which are started with it
    path: str  # of the context, absolute
    shown: str
    ignore_file: str  # its path; "" for none
    paths: tuple[str, ...]  # that it asks for, absolute below the context
    wire_bytes: int
    is_linkable: bool = False  # another target of the call can be one of its contexts
    has_own_ignore_file: bool = False  # one that only its Dockerfile has


def sent_twice(sendings: Iterable[Sending]) -> tuple[SentTwice, ...]:
    """Folders that a call sends more than once, what weighs most first."""
    calls: dict[tuple[str, str, str], list[Sending]] = {}
    names = set()
    for one in sendings:
        names.add(one.build)
        if one.wire_bytes:
            key = one.call, one.path, one.ignore_file
            calls.setdefault(key, []).append(one)
    free = next((name for name in _CONTEXT_NAMES if name not in names), "")
    found = [each for together in calls.values() for each in _repeated(together, free)]
    return tuple(sorted(found, key=lambda one: -one.again_wire_bytes))


def _repeated(together: Sequence[Sending], name: str) -> Iterator[SentTwice]:
    """The builds that ask for the same paths; those that ask for parts of others'."""
    alike: dict[tuple[str, ...], list[Sending]] = {}
    for one in together:
        alike.setdefault(one.paths, []).append(one)
    for builds in alike.values():
        if len(builds) > 1:
            again = sum(one.wire_bytes for one in builds[1:])
            yield _sent(builds, again, name, alike=True)
    yield from _parts([*alike.values()], name)


def _parts(groups: Sequence[Sequence[Sending]], name: str) -> Iterator[SentTwice]:
    """Builds that ask for a part of what another asks for, below the largest such."""
    left = sorted(groups, key=lambda group: -group[0].wire_bytes)
    while left:
        whole, *others = left
        parts = [one for one in others if _is_within(one[0].paths, whole[0].paths)]
        left = [one for one in others if one not in parts]
        if parts:
            builds = [one for group in (whole, *parts) for one in group]
            again = sum(group[0].wire_bytes for group in parts)
            yield _sent(builds, again, name, alike=False)


def _is_within(paths: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether all that is asked for is asked for by the other, too.

    A wildcard takes in itself only, as far as is told here.
    """
    folders = tuple(f"{one.rstrip('/')}/" for one in whole)
    return all(one in whole or one.startswith(folders) for one in paths)


def _sent(
    builds: Sequence[Sending], again: int, name: str, *, alike: bool
) -> SentTwice:
    first = builds[0]
    is_shareable = all(
        one.is_linkable and not one.has_own_ignore_file for one in builds
    )
    return SentTwice(
        path=first.path,
        shown=first.shown,
        builds=tuple(one.build for one in builds),
        wire_bytes=first.wire_bytes,
        context_name=name if is_shareable else "",
        again_wire_bytes=again,
        alike=alike,
    )
