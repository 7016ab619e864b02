"""CTX6xx: what arrives in the image is not what was meant."""

from __future__ import annotations

from ctxopt.core.checking.records import CheckRule
from ctxopt.core.findings import codes

RULES = (
    CheckRule(
        "CTX601",
        codes.IDLE_EXCLUDE,
        why="A pattern of --exclude begins at the source, not at the context: one that"
        " matches nothing there keeps nothing out.",
        example="COPY --exclude=src/tests src /app",
        better="COPY --exclude=tests src /app",
    ),
    CheckRule(
        "CTX602",
        codes.SHALLOW_EXCLUDE,
        why="A pattern without **/ reaches the first level only.",
        example="COPY --exclude=*.test.js src /app    (src/a/b.test.js goes)",
        better="COPY --exclude=**/*.test.js src /app",
    ),
    CheckRule(
        "CTX603",
        codes.DANGLING_LINK,
        why="COPY takes a link as a link: where its target is not copied, too, it leads"
        " nowhere in the image.",
        example="COPY config /app/config    (config/app.yml -> ../shared/app.yml)",
        better="COPY config /app/config\nCOPY shared /app/shared",
    ),
    CheckRule(
        "CTX604",
        codes.FOLDERS_FLATTENED,
        why="COPY takes what is in a folder and not the folder: with a wildcard the"
        " names of all that it hits are lost.",
        example="COPY * /app/    (src/a.py becomes /app/a.py)",
        better="COPY . /app/",
    ),
    CheckRule(
        "CTX605",
        codes.CUT_AT_ROOT,
        why="BuildKit cuts ../ off where it leads above the context, and takes what has"
        " that name inside, without a word.",
        example="COPY ../shared /shared    (takes ./shared)",
        better="COPY shared /shared",
    ),
    CheckRule(
        "CTX606",
        codes.ARRIVES_EMPTY,
        why="With lines with ! in this order BuildKit sends the file and not what it"
        " holds.",
        example="!a/b\na",
        better="a\n!a/b",
    ),
    CheckRule(
        "CTX607",
        codes.NOT_SENT,
        why="A tar holds no socket, so the legacy client passes it by.",
        example="COPY . .    (run/app.sock)",
        better=".dockerignore   **/*.sock",
    ),
)
