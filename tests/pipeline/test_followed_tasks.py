"""Tasks that runners start are followed, and what other tools evaluate."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.test_commands import ASKED, GOES, STAYS, Row, outcome, scanned
from tests.pipeline.test_history import ALL, GIT

ROWS = (
    Row(
        "just dep",
        STAYS,
        ".git",
        {**GIT, "justfile": "build: v\n  go build\n\nv:\n  git describe\n"},
        f"FROM node\n{ALL}RUN just build\n",
    ),
    Row(
        "just var",
        STAYS,
        ".git",
        {**GIT, "justfile": "v := `git describe`\nbuild:\n  echo {{v}}\n"},
        f"FROM node\n{ALL}RUN just build\n",
    ),
    Row(
        "just params",
        STAYS,
        ".git",
        {**GIT, "justfile": "build arg='y': (v 'a')\n  echo\n\nv a:\n  git describe\n"},
        f"FROM node\n{ALL}RUN just build x\n",
    ),
    Row(
        "just alias",
        STAYS,
        ".git",
        {
            **GIT,
            "justfile": "alias b := build\nbuild:\n  git describe\n"
            "\ndefault:\n  echo\n",
        },
        f"FROM node\n{ALL}RUN just b\n",
    ),
    Row(
        "just other recipe",
        GOES,
        ".git",
        {**GIT, "justfile": "build:\n  go build\n\nv:\n  git describe\n"},
        f"FROM node\n{ALL}RUN just build\n",
    ),
    Row(
        "task short form",
        STAYS,
        ".git",
        {**GIT, "Taskfile.yml": "version: 3\ntasks:\n  build: git describe\n"},
        f"FROM node\n{ALL}RUN task build\n",
    ),
    Row(
        "task short list",
        STAYS,
        ".git",
        {**GIT, "Taskfile.yml": "version: 3\ntasks:\n  build:\n    - git describe\n"},
        f"FROM node\n{ALL}RUN task build\n",
    ),
    Row(
        "task deps list",
        STAYS,
        ".git",
        {
            **GIT,
            "Taskfile.yml": "version: 3\ntasks:\n  build:\n    deps:\n"
            "      - v\n    cmds:\n      - echo\n  v:\n"
            "    cmds:\n      - git describe\n",
        },
        f"FROM node\n{ALL}RUN task build\n",
    ),
    Row(
        "task vars sh",
        STAYS,
        ".git",
        {
            **GIT,
            "Taskfile.yml": "version: 3\nvars:\n  V:\n"
            "    sh: git describe\ntasks:\n  build:\n"
            "    cmds:\n      - echo\n",
        },
        f"FROM node\n{ALL}RUN task build\n",
    ),
    Row(
        "task dist file",
        STAYS,
        ".git",
        {
            **GIT,
            "Taskfile.dist.yml": "version: 3\ntasks:\n  build:\n    cmds:\n"
            "      - git describe\n",
        },
        f"FROM node\n{ALL}RUN task build\n",
    ),
    Row(
        "mise run",
        STAYS,
        ".git",
        {**GIT, "mise.toml": "[tasks.build]\nrun = 'git describe > v'\n"},
        f"FROM node\n{ALL}RUN mise run build\n",
    ),
    Row(
        "mise dep",
        STAYS,
        ".git",
        {
            **GIT,
            ".mise.toml": "[tasks]\nv = 'git describe > v'\n"
            "[tasks.build]\ndepends=['v']\n"
            "run=['echo']\n",
        },
        f"FROM node\n{ALL}RUN mise build\n",
    ),
    Row(
        "mise other",
        GOES,
        ".git",
        {
            **GIT,
            "mise.toml": "[tasks.build]\nrun = 'go build'\n"
            "[tasks.v]\nrun='git describe'\n",
        },
        f"FROM node\n{ALL}RUN mise run build\n",
    ),
    Row(
        "poe",
        STAYS,
        ".git",
        {**GIT, "pyproject.toml": "[tool.poe.tasks]\nbuild = 'git describe'\n"},
        f"FROM python\n{ALL}RUN poetry run poe build\n",
    ),
    Row(
        "poetry run script",
        STAYS,
        ".git",
        {
            **GIT,
            "v.py": "import subprocess\nsubprocess.run(['git','describe'])\n",
            "pyproject.toml": "",
        },
        f"FROM python\n{ALL}RUN poetry run python v.py\n",
    ),
    Row(
        "uv run",
        STAYS,
        ".git",
        {**GIT, "v.py": "import subprocess\nsubprocess.run(['git','describe'])\n"},
        f"FROM python\n{ALL}RUN uv run v.py\n",
    ),
    Row(
        "uv run python",
        STAYS,
        ".git",
        {**GIT, "v.py": "import subprocess\nsubprocess.run(['git','describe'])\n"},
        f"FROM python\n{ALL}RUN uv run --no-dev python v.py\n",
    ),
    Row(
        "pipenv run",
        STAYS,
        ".git",
        {**GIT, "v.py": "import subprocess\nsubprocess.run(['git','describe'])\n"},
        f"FROM python\n{ALL}RUN pipenv run python v.py\n",
    ),
    Row(
        "hatch run",
        STAYS,
        ".git",
        {
            **GIT,
            "pyproject.toml": "[tool.hatch.envs.default.scripts]\n"
            "build = 'git describe > v'\n",
        },
        f"FROM python\n{ALL}RUN hatch run build\n",
    ),
    Row(
        "pdm run",
        STAYS,
        ".git",
        {**GIT, "pyproject.toml": "[tool.pdm.scripts]\nbuild = 'git describe > v'\n"},
        f"FROM python\n{ALL}RUN pdm run build\n",
    ),
    Row(
        "pixi run",
        STAYS,
        ".git",
        {**GIT, "pixi.toml": "[tasks]\nbuild = 'git describe > v'\n"},
        f"FROM python\n{ALL}RUN pixi run build\n",
    ),
    Row(
        "invoke",
        STAYS,
        ".git",
        {
            **GIT,
            "tasks.py": "from invoke import task\n@task\n"
            "def build(c):\n"
            "    c.run('git describe')\n",
        },
        f"FROM python\n{ALL}RUN invoke build\n",
    ),
    Row(
        "composer script",
        STAYS,
        ".git",
        {**GIT, "composer.json": '{"scripts": {"build": "git describe > v"}}'},
        f"FROM php\n{ALL}RUN composer run build\n",
    ),
    Row(
        "composer install script",
        STAYS,
        ".git",
        {
            **GIT,
            "composer.json": '{"scripts": {"post-install-cmd": ["git describe > v"]}}',
        },
        f"FROM php\n{ALL}RUN composer install\n",
    ),
    Row(
        "composer no-scripts",
        GOES,
        ".git",
        {
            **GIT,
            "composer.json": '{"scripts": {"post-install-cmd": ["git describe > v"]}}',
        },
        f"FROM php\n{ALL}RUN composer install --no-scripts\n",
    ),
    Row(
        "deno task",
        STAYS,
        ".git",
        {**GIT, "deno.json": '{"tasks": {"build": "git describe > v"}}'},
        f"FROM node\n{ALL}RUN deno task build\n",
    ),
    Row(
        "bun run",
        STAYS,
        ".git",
        {**GIT, "package.json": '{"scripts": {"build": "git describe > v"}}'},
        f"FROM node\n{ALL}RUN bun run build\n",
    ),
    Row(
        "node --run",
        STAYS,
        ".git",
        {**GIT, "package.json": '{"scripts": {"build": "git describe > v"}}'},
        f"FROM node\n{ALL}RUN node --run build\n",
    ),
    Row(
        "gradle",
        STAYS,
        ".git",
        {
            **GIT,
            "build.gradle": "apply from: 'gradle/version.gradle'\n",
            "gradle/version.gradle": "def v = 'git describe'.execute().text\n",
            "gradlew": "#!/bin/sh\n",
        },
        f"FROM gradle\n{ALL}RUN ./gradlew build\n",
    ),
    Row(
        "cargo build.rs",
        STAYS,
        ".git",
        {
            **GIT,
            "Cargo.toml": "[package]\n",
            "build.rs": 'Command::new("git").args(["describe"])',
        },
        f"FROM rust\n{ALL}RUN cargo build --release\n",
    ),
    Row(
        "cargo build = path",
        STAYS,
        ".git",
        {
            **GIT,
            "Cargo.toml": '[package]\nbuild = "build/main.rs"\n',
            "build/main.rs": 'Command::new("git").args(["describe"])',
        },
        f"FROM rust\n{ALL}RUN cargo build --release\n",
    ),
    Row(
        "cargo build.rs mod",
        STAYS,
        ".git",
        {
            **GIT,
            "Cargo.toml": "[package]\n",
            "build.rs": "mod version;\n",
            "version.rs": 'Command::new("git").args(["describe"])',
        },
        f"FROM rust\n{ALL}RUN cargo build --release\n",
    ),
    Row(
        "go generate",
        STAYS,
        ".git",
        {
            **GIT,
            "go.mod": "module x\n",
            "v/v.go": 'package v\n//go:generate sh -c "git describe > v.txt"\n',
        },
        f"FROM golang\n{ALL}RUN go generate ./...\n",
    ),
    Row(
        "go generate go run",
        STAYS,
        ".git",
        {
            **GIT,
            "go.mod": "module x\n",
            "main.go": "package v\n//go:generate go run gen/main.go\n",
            "gen/main.go": 'package main\nvar _ = exec.Command("git", "describe")\n',
        },
        f"FROM golang\n{ALL}RUN go generate ./...\n",
    ),
    Row(
        "go run tool",
        STAYS,
        ".git",
        {
            **GIT,
            "go.mod": "module x\n",
            "tools/version/main.go": "package main\n"
            'var _ = exec.Command("git", "describe")\n',
        },
        f"FROM golang\n{ALL}RUN go run ./tools/version\n",
    ),
    Row(
        "go run mage",
        STAYS,
        ".git",
        {
            **GIT,
            "go.mod": "module x\n",
            "build.go": 'package main\nvar _ = exec.Command("git", "describe")\n',
        },
        f"FROM golang\n{ALL}RUN go run build.go\n",
    ),
    Row(
        "go build only",
        GOES,
        ".git",
        {
            **GIT,
            "go.mod": "module x\n",
            "tools/version/main.go": "package main\n"
            'var _ = exec.Command("git", "describe")\n',
        },
        f"FROM golang\n{ALL}RUN go build ./...\n",
    ),
    Row(
        "gulp",
        STAYS,
        ".git",
        {
            **GIT,
            "gulpfile.js": "require('./tasks/v')\n",
            "tasks/v.js": "require('child_process').execSync('git describe')\n",
        },
        f"FROM node\n{ALL}RUN npx gulp build\n",
    ),
    Row(
        "rake lib/tasks",
        STAYS,
        ".git",
        {
            **GIT,
            "Rakefile": "load 'lib/tasks/v.rake'\n",
            "lib/tasks/v.rake": "sh 'git describe'\n",
        },
        f"FROM ruby\n{ALL}RUN rake build\n",
    ),
    Row(
        "bazel workspace status",
        STAYS,
        ".git",
        {
            **GIT,
            ".bazelrc": "build --workspace_status_command=tools/s.sh\n",
            "tools/s.sh": "#!/bin/sh\ngit describe > v\n",
        },
        f"FROM node\n{ALL}RUN bazel build --stamp //...\n",
    ),
    Row(
        "mise leaves out what is new enough",
        ASKED,
        "node_modules",
        {
            "package.json": "{}",
            "package-lock.json": "{}",
            "node_modules/a/index.js": "1",
            "mise.toml": (
                "[tasks.b]\nrun = 'npm ci'\nsources = ['package.json']\n"
                "outputs = ['node_modules']\n"
            ),
        },
        f"FROM node\n{ALL}RUN mise run b\n",
    ),
    Row(
        "composer only tells",
        ASKED,
        "node_modules",
        {
            "package.json": "{}",
            "package-lock.json": "{}",
            "node_modules/a/index.js": "1",
            "composer.json": '{"scripts": {"post-install-cmd": ["npm ci"]}}',
        },
        f"FROM node\n{ALL}RUN composer install --dry-run\n",
    ),
    Row(
        "poe lets it fail",
        ASKED,
        "node_modules",
        {
            "package.json": "{}",
            "package-lock.json": "{}",
            "node_modules/a/index.js": "1",
            "pyproject.toml": (
                "[tool.poe.tasks.a]\nsequence = [{cmd = 'npm ci'}]\n"
                "ignore_fail = true\n"
            ),
        },
        f"FROM node\n{ALL}RUN poe a\n",
    ),
)


@pytest.mark.parametrize("row", [pytest.param(one, id=one.id) for one in ROWS])
def test_what_is_followed_decides(row: Row, tmp_path: Path) -> None:
    report = scanned(tmp_path, row.files, row.dockerfile)
    assert outcome(report, row.path) == row.expected, report.held_back
