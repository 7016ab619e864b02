"""Commands in eval, trap and variables are followed, as far as they can be known."""

from __future__ import annotations

from pathlib import Path

from tests.followed import SCRIPT, TEXT, copied, decides, each, git
from tests.pipeline.test_commands import GOES, STAYS, Row

ROWS = (
    git(
        "eval runs what a command prints",
        STAYS,
        {},
        "node",
        'RUN eval "$(git describe)"',
    ),
    git(
        "eval runs a text between quotes",
        STAYS,
        {},
        "node",
        "RUN eval 'git describe > v'",
    ),
    git(
        "eval runs the second command of a text",
        STAYS,
        {},
        "node",
        'RUN eval "cd /a && git describe > v"',
    ),
    git(
        "eval runs what a variable holds",
        STAYS,
        {},
        "node",
        'RUN C="git describe --tags"; eval "$C"',
    ),
    git(
        "trap runs a text at the end",
        STAYS,
        {},
        "node",
        "RUN trap 'git describe > v' EXIT; make",
    ),
    git(
        "trap runs a script at the end",
        STAYS,
        {"x.sh": SCRIPT},
        "node",
        'RUN trap "sh ./x.sh" EXIT; true',
    ),
    git(
        "a variable of the shell is a command",
        STAYS,
        {},
        "node",
        'RUN CMD="git describe"; $CMD',
    ),
    git(
        "a variable of ENV is a command",
        STAYS,
        {},
        "node",
        'ENV CMD="git describe"',
        "RUN $CMD",
    ),
    git(
        "the default of an ARG is a command",
        STAYS,
        {},
        "node",
        'ARG CMD="git describe"',
        "RUN $CMD",
    ),
    git(
        "the default of an ARG is a script",
        STAYS,
        {"x.sh": SCRIPT},
        "node",
        "ARG S=./x.sh",
        "RUN $S",
    ),
    git(
        "a shell is given a variable of the build",
        STAYS,
        {},
        "node",
        'ARG SCRIPT="git describe > v"',
        'RUN sh -c "$SCRIPT"',
    ),
    git(
        "a shell is given a variable of its own line",
        STAYS,
        {},
        "node",
        'RUN SCRIPT="git describe > v"; sh -c "$SCRIPT"',
    ),
    git(
        "a shell of a login is given a text",
        STAYS,
        {},
        "node",
        "RUN bash -lc 'git describe'",
    ),
    git("a variable is a program", STAYS, {}, "node", "RUN GIT=git; $GIT describe"),
    git(
        "a variable without a default may be any command",
        STAYS,
        {"Cargo.toml": "[package]\n", "build.rs": 'Command::new("git")'},
        "node",
        "ARG BUILD_CMD",
        "RUN $BUILD_CMD",
    ),
    git(
        "a shell may be given any command",
        STAYS,
        {"Cargo.toml": "[package]\n", "build.rs": 'Command::new("git")'},
        "node",
        "ARG BUILD_CMD",
        'RUN sh -c "$BUILD_CMD"',
    ),
    git(
        "eval may run any command",
        STAYS,
        {"Cargo.toml": "[package]\n", "build.rs": 'Command::new("git")'},
        "node",
        "ARG BUILD_CMD",
        'RUN eval "$BUILD_CMD"',
    ),
    git(
        "eval runs an agent of ssh, which asks nothing",
        GOES,
        {},
        "node",
        'RUN eval "$(ssh-agent -s)" && echo',
    ),
    git(
        "an array is a command",
        STAYS,
        {},
        "node",
        'RUN cmd=(git describe); "${cmd[@]}"',
    ),
    git("a function is called", STAYS, {}, "node", "RUN f() { git describe; }; f"),
    git("xargs starts git", STAYS, {}, "node", "RUN echo HEAD | xargs git rev-parse"),
    git(
        "find starts git", STAYS, {}, "node", "RUN find . -name x -exec git log {} \\;"
    ),
    git(
        "what sets buffers starts git", STAYS, {}, "node", "RUN stdbuf -oL git describe"
    ),
    git(
        "SHELL names another shell",
        STAYS,
        {},
        "node",
        'SHELL ["/bin/bash", "-c"]',
        "RUN git describe",
    ),
    git(
        "a shell reads what a command prints",
        STAYS,
        {},
        "node",
        "RUN source <(git describe)",
    ),
    Row(
        "a variable is the path of a file",
        STAYS,
        "README.md",
        {"README.md": TEXT},
        copied("node", "RUN F=README.md; cat $F > x"),
    ),
    Row(
        "trap copies a file at the end",
        STAYS,
        "README.md",
        {"README.md": TEXT},
        copied("node", "RUN trap 'cp README.md /x' EXIT; true"),
    ),
)


@each(ROWS)
def test_what_is_followed_decides(row: Row, tmp_path: Path) -> None:
    decides(row, tmp_path)
