"""CTX3xx: a context that is larger than it should be."""

from __future__ import annotations

from ctxopt.core.checking.records import CheckRule
from ctxopt.core.findings import codes
from ctxopt.core.findings.codes import Finding
from ctxopt.core.model import Severity

OVER_BUDGET = Finding(
    "over-budget",
    (Severity.ERROR,),
    "context or transfer is larger than its budget",
    "keep out what the image never uses (ctxopt scan shows it), or raise the budget",
)
GROWN = Finding(
    "grown",
    (Severity.ERROR, Severity.NOTE),
    "context or transfer has grown since the baseline was written",
    "keep out what came in, or accept it with --update-baseline",
)
CLUTTERED = Finding(
    "cluttered",
    (Severity.WARNING,),
    "much of what is sent is clutter that no image needs",
    "ctxopt write --yes keeps it out",
)
MOSTLY_UNTRACKED = Finding(
    "mostly-untracked",
    (Severity.NOTE,),
    "the context is several times as large as what git tracks of it",
    "look where the bytes are: ctxopt scan; write what the image needs into the"
    " ignore file: ctxopt write --allow-list",
)

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
    CheckRule(
        "CTX303",
        OVER_BUDGET,
        why="The budget is yours: --max-size, --max-files, --max-transfer-size and"
        " --max-transfer-files, or the configuration. Context is what the ignore file"
        " lets through, transfer what this build sends of it.",
        example="ctxopt check --max-size 50MB    (the context has 61.20MB)",
        better="ctxopt write",
    ),
    CheckRule(
        "CTX304",
        GROWN,
        why="The file of --baseline has the sizes as they were accepted; beyond"
        " --max-growth a check fails, so that nobody grows a context by accident.",
        example="ctxopt check --baseline ctxopt.baseline.json    (12.10MB, was 9.00MB)",
        better="ctxopt check --baseline ctxopt.baseline.json --update-baseline",
    ),
    CheckRule(
        "CTX305",
        CLUTTERED,
        why="What `ctxopt write --yes` would keep out is sent with each build, or each"
        " change of it: that costs time, and breaks the cache of what copies it.",
        example="COPY . .    (logs/, .venv/ and .git/ travel, 17.39MB of 20.65MB)",
        better="ctxopt write --yes",
    ),
    CheckRule(
        "CTX306",
        MOSTLY_UNTRACKED,
        why="What git does not track is mostly made or downloaded on this machine; in a"
        " fresh clone, as in CI, the same build has a much smaller context.",
        example="COPY . .    (the context has 1.20GB, tracked are 14.00MB of it)",
        better=".dockerignore   data\n.dockerignore   checkpoints",
    ),
)
