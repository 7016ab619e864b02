"""Tasks that runners start are followed, and what other tools evaluate."""

from __future__ import annotations

from pathlib import Path

from tests.followed import SCRIPT, copied, decides, each, git
from tests.pipeline.test_commands import ASKED, GOES, STAYS, Row

ROWS = (
    git(
        "just runs what a recipe needs",
        STAYS,
        {"justfile": "build: v\n  go build\n\nv:\n  git describe\n"},
        "node",
        "RUN just build",
    ),
    git(
        "just sets a variable by a command",
        STAYS,
        {"justfile": "v := `git describe`\nbuild:\n  echo {{v}}\n"},
        "node",
        "RUN just build",
    ),
    git(
        "just runs what a recipe needs with a parameter",
        STAYS,
        {"justfile": "build arg='y': (v 'a')\n  echo\n\nv a:\n  git describe\n"},
        "node",
        "RUN just build x",
    ),
    git(
        "just runs a recipe by its alias",
        STAYS,
        {
            "justfile": (
                "alias b := build\nbuild:\n  git describe\n\ndefault:\n  echo\n"
            )
        },
        "node",
        "RUN just b",
    ),
    git(
        "just runs no other recipe",
        GOES,
        {"justfile": "build:\n  go build\n\nv:\n  git describe\n"},
        "node",
        "RUN just build",
    ),
    git(
        "task runs a task of one line",
        STAYS,
        {"Taskfile.yml": "version: 3\ntasks:\n  build: git describe\n"},
        "node",
        "RUN task build",
    ),
    git(
        "task runs a task that is a list",
        STAYS,
        {"Taskfile.yml": "version: 3\ntasks:\n  build:\n    - git describe\n"},
        "node",
        "RUN task build",
    ),
    git(
        "task runs what a task needs",
        STAYS,
        {
            "Taskfile.yml": (
                "version: 3\ntasks:\n  build:\n    deps:\n      - v\n"
                "    cmds:\n      - echo\n  v:\n    cmds:\n"
                "      - git describe\n"
            )
        },
        "node",
        "RUN task build",
    ),
    git(
        "task sets a variable by a command",
        STAYS,
        {
            "Taskfile.yml": (
                "version: 3\nvars:\n  V:\n    sh: git describe\ntasks:\n"
                "  build:\n    cmds:\n      - echo\n"
            )
        },
        "node",
        "RUN task build",
    ),
    git(
        "task reads the file for everybody",
        STAYS,
        {
            "Taskfile.dist.yml": (
                "version: 3\ntasks:\n  build:\n    cmds:\n      - git describe\n"
            )
        },
        "node",
        "RUN task build",
    ),
    git(
        "mise runs a task",
        STAYS,
        {"mise.toml": "[tasks.build]\nrun = 'git describe > v'\n"},
        "node",
        "RUN mise run build",
    ),
    git(
        "mise runs what a task needs",
        STAYS,
        {
            ".mise.toml": (
                "[tasks]\nv = 'git describe > v'\n[tasks.build]\n"
                "depends=['v']\nrun=['echo']\n"
            )
        },
        "node",
        "RUN mise build",
    ),
    git(
        "mise runs no other task",
        GOES,
        {
            "mise.toml": (
                "[tasks.build]\nrun = 'go build'\n[tasks.v]\nrun='git describe'\n"
            )
        },
        "node",
        "RUN mise run build",
    ),
    git(
        "poetry starts poe, which runs a task",
        STAYS,
        {"pyproject.toml": "[tool.poe.tasks]\nbuild = 'git describe'\n"},
        "python",
        "RUN poetry run poe build",
    ),
    git(
        "poetry starts a program of Python",
        STAYS,
        {
            "v.py": "import subprocess\nsubprocess.run(['git','describe'])\n",
            "pyproject.toml": "",
        },
        "python",
        "RUN poetry run python v.py",
    ),
    git(
        "uv starts a file as a program",
        STAYS,
        {"v.py": "import subprocess\nsubprocess.run(['git','describe'])\n"},
        "python",
        "RUN uv run v.py",
    ),
    git(
        "uv starts a program behind an option",
        STAYS,
        {"v.py": "import subprocess\nsubprocess.run(['git','describe'])\n"},
        "python",
        "RUN uv run --no-dev python v.py",
    ),
    git(
        "pipenv starts a program of Python",
        STAYS,
        {"v.py": "import subprocess\nsubprocess.run(['git','describe'])\n"},
        "python",
        "RUN pipenv run python v.py",
    ),
    git(
        "hatch runs a script of an environment",
        STAYS,
        {
            "pyproject.toml": (
                "[tool.hatch.envs.default.scripts]\nbuild = 'git describe > v'\n"
            )
        },
        "python",
        "RUN hatch run build",
    ),
    git(
        "pdm runs a script",
        STAYS,
        {"pyproject.toml": "[tool.pdm.scripts]\nbuild = 'git describe > v'\n"},
        "python",
        "RUN pdm run build",
    ),
    git(
        "pixi runs a task",
        STAYS,
        {"pixi.toml": "[tasks]\nbuild = 'git describe > v'\n"},
        "python",
        "RUN pixi run build",
    ),
    git(
        "invoke runs what tasks.py asks",
        STAYS,
        {
            "tasks.py": (
                "from invoke import task\n@task\ndef build(c):\n"
                "    c.run('git describe')\n"
            )
        },
        "python",
        "RUN invoke build",
    ),
    git(
        "composer runs a script by its name",
        STAYS,
        {"composer.json": '{"scripts": {"build": "git describe > v"}}'},
        "php",
        "RUN composer run build",
    ),
    git(
        "composer runs a script behind an installation",
        STAYS,
        {"composer.json": '{"scripts": {"post-install-cmd": ["git describe > v"]}}'},
        "php",
        "RUN composer install",
    ),
    git(
        "composer is told to run no scripts",
        GOES,
        {"composer.json": '{"scripts": {"post-install-cmd": ["git describe > v"]}}'},
        "php",
        "RUN composer install --no-scripts",
    ),
    git(
        "deno runs a task",
        STAYS,
        {"deno.json": '{"tasks": {"build": "git describe > v"}}'},
        "node",
        "RUN deno task build",
    ),
    git(
        "bun runs a script",
        STAYS,
        {"package.json": '{"scripts": {"build": "git describe > v"}}'},
        "node",
        "RUN bun run build",
    ),
    git(
        "node runs a script",
        STAYS,
        {"package.json": '{"scripts": {"build": "git describe > v"}}'},
        "node",
        "RUN node --run build",
    ),
    git(
        "gradle runs what a build script executes",
        STAYS,
        {
            "build.gradle": "apply from: 'gradle/version.gradle'\n",
            "gradle/version.gradle": "def v = 'git describe'.execute().text\n",
            "gradlew": "#!/bin/sh\n",
        },
        "gradle",
        "RUN ./gradlew build",
    ),
    git(
        "cargo runs a build script",
        STAYS,
        {
            "Cargo.toml": "[package]\n",
            "build.rs": 'Command::new("git").args(["describe"])',
        },
        "rust",
        "RUN cargo build --release",
    ),
    git(
        "cargo runs a build script that the manifest names",
        STAYS,
        {
            "Cargo.toml": '[package]\nbuild = "build/main.rs"\n',
            "build/main.rs": 'Command::new("git").args(["describe"])',
        },
        "rust",
        "RUN cargo build --release",
    ),
    git(
        "cargo runs a build script with a module",
        STAYS,
        {
            "Cargo.toml": "[package]\n",
            "build.rs": "mod version;\n",
            "version.rs": 'Command::new("git").args(["describe"])',
        },
        "rust",
        "RUN cargo build --release",
    ),
    git(
        "go generate runs what a comment names",
        STAYS,
        {
            "go.mod": "module x\n",
            "v/v.go": 'package v\n//go:generate sh -c "git describe > v.txt"\n',
        },
        "golang",
        "RUN go generate ./...",
    ),
    git(
        "go generate runs a program of the project",
        STAYS,
        {
            "go.mod": "module x\n",
            "main.go": "package v\n//go:generate go run gen/main.go\n",
            "gen/main.go": 'package main\nvar _ = exec.Command("git", "describe")\n',
        },
        "golang",
        "RUN go generate ./...",
    ),
    git(
        "go run compiles and runs a program of a folder",
        STAYS,
        {
            "go.mod": "module x\n",
            "tools/version/main.go": (
                'package main\nvar _ = exec.Command("git", "describe")\n'
            ),
        },
        "golang",
        "RUN go run ./tools/version",
    ),
    git(
        "go run compiles and runs a file",
        STAYS,
        {
            "go.mod": "module x\n",
            "build.go": 'package main\nvar _ = exec.Command("git", "describe")\n',
        },
        "golang",
        "RUN go run build.go",
    ),
    git(
        "go build runs no program",
        GOES,
        {
            "go.mod": "module x\n",
            "tools/version/main.go": (
                'package main\nvar _ = exec.Command("git", "describe")\n'
            ),
        },
        "golang",
        "RUN go build ./...",
    ),
    git(
        "gulp runs what a gulpfile executes",
        STAYS,
        {
            "gulpfile.js": "require('./tasks/v')\n",
            "tasks/v.js": "require('child_process').execSync('git describe')\n",
        },
        "node",
        "RUN npx gulp build",
    ),
    git(
        "rake runs what a file of tasks executes",
        STAYS,
        {
            "Rakefile": "load 'lib/tasks/v.rake'\n",
            "lib/tasks/v.rake": "sh 'git describe'\n",
        },
        "ruby",
        "RUN rake build",
    ),
    git(
        "bazel runs a command for the status",
        STAYS,
        {
            ".bazelrc": "build --workspace_status_command=tools/s.sh\n",
            "tools/s.sh": SCRIPT,
        },
        "node",
        "RUN bazel build --stamp //...",
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
        copied("node", "RUN mise run b"),
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
        copied("node", "RUN composer install --dry-run"),
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
                "[tool.poe.tasks.a]\n"
                "sequence = [{cmd = 'npm ci'}]\n"
                "ignore_fail = true\n"
            ),
        },
        copied("node", "RUN poe a"),
    ),
)


@each(ROWS)
def test_what_is_followed_decides(row: Row, tmp_path: Path) -> None:
    decides(row, tmp_path)
