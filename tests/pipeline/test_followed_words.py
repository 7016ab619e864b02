"""Commands in eval, trap and variables are followed, as far as they can be known."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.test_commands import GOES, STAYS, Row, outcome, scanned
from tests.pipeline.test_history import ALL, GIT

ROWS = (
    Row(
        "eval subst",
        STAYS,
        ".git",
        {**GIT},
        f'FROM node\n{ALL}RUN eval "$(git describe)"\n',
    ),
    Row(
        "eval str",
        STAYS,
        ".git",
        {**GIT},
        f"FROM node\n{ALL}RUN eval 'git describe > v'\n",
    ),
    Row(
        "eval two words",
        STAYS,
        ".git",
        {**GIT},
        f'FROM node\n{ALL}RUN eval "cd /a && git describe > v"\n',
    ),
    Row(
        "eval var",
        STAYS,
        ".git",
        {**GIT},
        f'FROM node\n{ALL}RUN C="git describe --tags"; eval "$C"\n',
    ),
    Row(
        "trap",
        STAYS,
        ".git",
        {**GIT},
        f"FROM node\n{ALL}RUN trap 'git describe > v' EXIT; make\n",
    ),
    Row(
        "trap call",
        STAYS,
        ".git",
        {**GIT, "x.sh": "#!/bin/sh\ngit describe > v\n"},
        f'FROM node\n{ALL}RUN trap "sh ./x.sh" EXIT; true\n',
    ),
    Row(
        "CMD var",
        STAYS,
        ".git",
        {**GIT},
        f'FROM node\n{ALL}RUN CMD="git describe"; $CMD\n',
    ),
    Row(
        "CMD env",
        STAYS,
        ".git",
        {**GIT},
        f'FROM node\n{ALL}ENV CMD="git describe"\nRUN $CMD\n',
    ),
    Row(
        "CMD arg",
        STAYS,
        ".git",
        {**GIT},
        f'FROM node\n{ALL}ARG CMD="git describe"\nRUN $CMD\n',
    ),
    Row(
        "arg script",
        STAYS,
        ".git",
        {**GIT, "x.sh": "#!/bin/sh\ngit describe > v\n"},
        f"FROM node\n{ALL}ARG S=./x.sh\nRUN $S\n",
    ),
    Row(
        "sh -c var",
        STAYS,
        ".git",
        {**GIT},
        f'FROM node\n{ALL}ARG SCRIPT="git describe > v"\nRUN sh -c "$SCRIPT"\n',
    ),
    Row(
        "sh -c inline var",
        STAYS,
        ".git",
        {**GIT},
        f'FROM node\n{ALL}RUN SCRIPT="git describe > v"; sh -c "$SCRIPT"\n',
    ),
    Row(
        "bash -lc",
        STAYS,
        ".git",
        {**GIT},
        f"FROM node\n{ALL}RUN bash -lc 'git describe'\n",
    ),
    Row(
        "GIT=git",
        STAYS,
        ".git",
        {**GIT},
        f"FROM node\n{ALL}RUN GIT=git; $GIT describe\n",
    ),
    Row(
        "unknown var first",
        STAYS,
        ".git",
        {**GIT, "Cargo.toml": "[package]\n", "build.rs": 'Command::new("git")'},
        f"FROM node\n{ALL}ARG BUILD_CMD\nRUN $BUILD_CMD\n",
    ),
    Row(
        "sh -c unknown",
        STAYS,
        ".git",
        {**GIT, "Cargo.toml": "[package]\n", "build.rs": 'Command::new("git")'},
        f'FROM node\n{ALL}ARG BUILD_CMD\nRUN sh -c "$BUILD_CMD"\n',
    ),
    Row(
        "eval unknown",
        STAYS,
        ".git",
        {**GIT, "Cargo.toml": "[package]\n", "build.rs": 'Command::new("git")'},
        f'FROM node\n{ALL}ARG BUILD_CMD\nRUN eval "$BUILD_CMD"\n',
    ),
    Row(
        "eval ssh-agent",
        GOES,
        ".git",
        {**GIT},
        f'FROM node\n{ALL}RUN eval "$(ssh-agent -s)" && echo\n',
    ),
    Row(
        "array cmd",
        STAYS,
        ".git",
        {**GIT},
        f'FROM node\n{ALL}RUN cmd=(git describe); "${{cmd[@]}}"\n',
    ),
    Row(
        "func",
        STAYS,
        ".git",
        {**GIT},
        f"FROM node\n{ALL}RUN f() {{ git describe; }}; f\n",
    ),
    Row(
        "xargs git",
        STAYS,
        ".git",
        {**GIT},
        f"FROM node\n{ALL}RUN echo HEAD | xargs git rev-parse\n",
    ),
    Row(
        "find -exec git",
        STAYS,
        ".git",
        {**GIT},
        f"FROM node\n{ALL}RUN find . -name x -exec git log {{}} \\;\n",
    ),
    Row(
        "time/nice/strace",
        STAYS,
        ".git",
        {**GIT},
        f"FROM node\n{ALL}RUN stdbuf -oL git describe\n",
    ),
    Row(
        "SHELL",
        STAYS,
        ".git",
        {**GIT},
        f'FROM node\n{ALL}SHELL ["/bin/bash", "-c"]\nRUN git describe\n',
    ),
    Row(
        "source process subst",
        STAYS,
        ".git",
        {**GIT},
        f"FROM node\n{ALL}RUN source <(git describe)\n",
    ),
    Row(
        "var path",
        STAYS,
        "README.md",
        {"README.md": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
        f"FROM node\n{ALL}RUN F=README.md; cat $F > x\n",
    ),
    Row(
        "trap cp README",
        STAYS,
        "README.md",
        {"README.md": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
        f"FROM node\n{ALL}RUN trap 'cp README.md /x' EXIT; true\n",
    ),
)


@pytest.mark.parametrize("row", [pytest.param(one, id=one.id) for one in ROWS])
def test_what_is_followed_decides(row: Row, tmp_path: Path) -> None:
    report = scanned(tmp_path, row.files, row.dockerfile)
    assert outcome(report, row.path) == row.expected, report.held_back
