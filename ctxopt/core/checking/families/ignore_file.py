"""CTX2xx: lines and files that do not keep out what they seem to."""

from __future__ import annotations

from ctxopt.core.checking.records import CheckRule
from ctxopt.core.findings import codes

RULES = (
    CheckRule(
        "CTX201",
        codes.IDLE_LINE,
        why="A line that reads well and matches something else, or nothing.",
        example="node_modules/   # installed",
        better="# installed\nnode_modules",
    ),
    CheckRule(
        "CTX202",
        codes.IGNORE_FILE_IDLE,
        why="Docker reads one ignore file: NAME.dockerignore beside the Dockerfile,"
        " else .dockerignore in the context's root. Others are files like any.",
        example="docker/.dockerignore    (docker build -f docker/Dockerfile .)",
        better="docker/Dockerfile.dockerignore",
    ),
    CheckRule(
        "CTX203",
        codes.IGNORE_FILE_UNREAD,
        why="A link that leads out of the folder that is read, or nowhere, counts as no"
        " ignore file at all.",
        example=".dockerignore -> ../.dockerignore",
        better=".dockerignore, a file with these lines",
    ),
    CheckRule(
        "CTX204",
        codes.BUILDERS_DIFFER,
        why="BuildKit opens an ignored folder for a line with ! and a wildcard, the"
        " legacy builder does not.",
        example="docs\n!**/README.md",
        better="docs\n!docs/README.md",
    ),
    CheckRule(
        "CTX205",
        codes.IGNORED_WALKED,
        why="For a line with ! that begins with a wildcard the client opens every"
        " ignored folder, in each build.",
        example="node_modules\n!**/*.md",
        better="node_modules\n!docs/*.md",
    ),
    CheckRule(
        "CTX206",
        codes.BAD_PATTERN,
        why="The builder tries a pattern only where it meets a name; this build never"
        " comes there, and the next may.",
        example=".dockerignore:2   vendor/[a-",
        better=".dockerignore:2   vendor/[a-z]*",
    ),
)
