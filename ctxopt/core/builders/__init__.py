"""The builders, by the name that the command line gives them.

    base           what a builder is: the value that holds all in which builders differ
    buildkit       only what the sources name travels
    buildkit_wire  what an entry weighs there: protobuf packets
    legacy         the client sends the whole context
    legacy_wire    what an entry weighs there: a tar
    podman         nothing is sent: each source is read where it lies
    difference     what one of them lets through and the other does not

Nothing outside names a builder.
"""

from __future__ import annotations

from ctxopt.core.builders.base import Builder, FileNames, OutsideDockerfile
from ctxopt.core.model import BuilderName

__all__ = [
    "DOCKER_BUILDERS",
    "SELECTIVE",
    "Builder",
    "FileNames",
    "OutsideDockerfile",
    "builders_beside",
    "find_builder",
    "other_name",
]

# The one that takes only what the sources name, and tells in its log what it took.
SELECTIVE = BuilderName.BUILDKIT


# Those of `docker build`, which read the same files by the same rules.
DOCKER_BUILDERS = (BuilderName.BUILDKIT, BuilderName.LEGACY)


def builders_beside(name: BuilderName) -> tuple[BuilderName, ...]:
    """The builders that a change has to suit: docker's own, and the one in use."""
    return tuple(dict.fromkeys((*DOCKER_BUILDERS, name)))


def other_name(name: BuilderName) -> BuilderName:
    """The builder that a result is compared with."""
    return next(one for one in DOCKER_BUILDERS if one is not name)


def find_builder(name: BuilderName) -> Builder:
    """The builder of that name."""
    # A run needs one of them, and start-up is felt at every call.
    if name is BuilderName.LEGACY:
        from ctxopt.core.builders.legacy import Legacy

        return Legacy()
    if name is BuilderName.PODMAN:
        from ctxopt.core.builders.podman import Podman

        return Podman()
    from ctxopt.core.builders.buildkit import BuildKit

    return BuildKit()
