"""CTX3xx: a context that is larger than it should be."""

from __future__ import annotations

from ctxopt.core.checking.records import CheckRule
from ctxopt.core.findings import codes

RULES = (
    CheckRule(
        "CTX301",
        codes.VAST_CONTEXT,
        why="The whole disk or a home folder is read, with all keys and caches in it;"
        " mostly a command was run in the wrong folder.",
        example="docker build ~",
        better="docker build ~/project",
    ),
    CheckRule(
        "CTX302",
        codes.RANDOM_SIZE,
        why="The legacy client writes a Dockerfile from outside the context under a"
        " name of random length, which may need one more block.",
        example="DOCKER_BUILDKIT=0 docker build -f ../Dockerfile .",
        better="nothing to do",
    ),
)
