"""CTX5xx: what makes layers anew, or sends again, without need."""

from __future__ import annotations

from ctxopt.core.checking.records import CheckRule
from ctxopt.core.findings import codes

RULES = (
    CheckRule(
        "CTX501",
        codes.NEVER_CACHED,
        why="The legacy client writes .dockerignore anew into each context it sends, so"
        " an instruction that takes it is never found in the cache.",
        example="COPY . .    (a Dockerfile from outside the context)",
        better=".dockerignore   .dockerignore",
    ),
    CheckRule(
        "CTX502",
        codes.MOUNT_SENDS_ALL,
        why="A mount without source= asks for the context's root, and BuildKit sends"
        " all of it.",
        example="RUN --mount=type=bind,target=/src make -C /src",
        better="RUN --mount=type=bind,source=src,target=/src make -C /src",
    ),
)
