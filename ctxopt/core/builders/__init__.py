"""The builders, by the name that the command line gives them.

    base           what a builder is: the value that holds all in which builders differ
    buildkit       only what the sources name travels
    buildkit_wire  what an entry weighs there: protobuf packets
    legacy         the client sends the whole context
    legacy_wire    what an entry weighs there: a tar
    difference     what one of them lets through and the other does not

Nothing outside names a builder.
"""

from __future__ import annotations

from ctxopt.core.builders.base import Builder, OutsideDockerfile
from ctxopt.core.model import BuilderName

__all__ = ["SELECTIVE", "Builder", "OutsideDockerfile", "find_builder"]

# The one that takes only what the sources name, and tells in its log what it took.
SELECTIVE = BuilderName.BUILDKIT


def find_builder(name: BuilderName) -> Builder:
    """The builder of that name."""
    # A run needs one of them, and start-up is felt at every call.
    if name is BuilderName.LEGACY:
        from ctxopt.core.builders.legacy import Legacy

        return Legacy()
    from ctxopt.core.builders.buildkit import BuildKit

    return BuildKit()
