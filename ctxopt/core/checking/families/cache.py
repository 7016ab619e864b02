"""CTX5xx: what makes layers anew, or sends again, without need."""

from __future__ import annotations

from ctxopt.core.checking.records import CheckRule
from ctxopt.core.findings import codes
from ctxopt.core.findings.codes import Finding
from ctxopt.core.model import Severity

LAYER_UNSETTLED = Finding(
    "layer-unsettled",
    (Severity.WARNING, Severity.NOTE),
    "a source takes what changes by itself, so that the cache seldom holds its layer",
    "keep it out with the ignore file: ctxopt write",
)
INSTALL_LATE = Finding(
    "install-late",
    (Severity.NOTE,),
    "dependencies are installed after the whole project was copied",
    "copy the manifests and install first, then copy the rest",
)
BUILD_FILES_COPIED = Finding(
    "build-files-copied",
    (Severity.NOTE,),
    "a source takes the Dockerfile, or another file that is about the build only",
    "keep it out with the ignore file: ctxopt write",
)
COPIED_IN_VAIN = Finding(
    "copied-in-vain",
    (Severity.NOTE,),
    "a RUN deletes what was copied just before it",
    "keep it out with the ignore file, or leave it out with --exclude",
)

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
    CheckRule(
        "CTX503",
        LAYER_UNSETTLED,
        why="A layer is found in the cache only while all that it takes is the same. A"
        " commit writes .git, a test run its caches, a program its logs: COPY and all"
        " that stands behind it run again though no line of code has changed.",
        example="COPY . .    (.git and logs/ travel)",
        better=".dockerignore   .git\n                logs",
    ),
    CheckRule(
        "CTX504",
        INSTALL_LATE,
        why="What stands behind COPY . . runs again after each change of any file. The"
        " manifests change seldom: copied first, they leave the install in the cache.",
        example="COPY . .\nRUN npm ci",
        better="COPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .",
    ),
    CheckRule(
        "CTX505",
        BUILD_FILES_COPIED,
        why="Whoever works on a build edits its Dockerfile and builds again: where that"
        " is in the layer of COPY . ., everything behind it is made anew.",
        example="COPY . .    (Dockerfile travels)",
        better=".dockerignore   Dockerfile",
    ),
    CheckRule(
        "CTX506",
        COPIED_IN_VAIN,
        why="What is deleted in a later layer was sent all the same, is still stored in"
        " the layer below, and breaks the cache when it changes.",
        example="COPY . .\nRUN rm -rf tests",
        better=".dockerignore   tests",
    ),
)
