"""Programs that start others, and scripts that are found in other ways."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.followed import NODE, copied, decides, git
from tests.pipeline.test_commands import GOES, STAYS, Row

MAKE = {"Makefile": "v:\n\tgit describe\n", "v.sh": "git describe\n", "flake.nix": ""}
PARTS = {"d/10-v": "#!/bin/sh\ngit describe\n", "d/20.sh": "git log\n"}
TOX = {"tox.ini": "[testenv]\ncommands = git log\n"}
DENO = "new Deno.Command('git', {args: ['describe']})\n"
RUST = 'fn main() { std::process::Command::new("git").arg("describe"); }\n'
ALIASES = "[alias]\nxtask = 'run --package xtask --'\nx = ['r', '-p=y']\n"
XTASK = {
    "Cargo.toml": "[workspace]\n",
    ".cargo/config.toml": ALIASES,
    "xtask/src/main.rs": RUST,
    "crates/y/src/main.rs": "mod git;\n",
    "crates/y/src/git.rs": RUST,
    "src/bin/z.rs": RUST,
    "src/main.rs": "fn main() {}\n",
}
MADE = {
    "Makefile.toml": "[tasks.v]\ncommand = 'git'\nargs = ['describe', 1]\n"
    "[tasks.w]\ndependencies = ['v']\n[tasks.s]\nscript = ['cd x', 'git log']\n"
    "[tasks.default]\ncommand = 'echo'\n"
}
STARTED = (
    ("cargo xtask dist", XTASK),
    ("cargo x", XTASK),
    ("cargo +nightly run -p xtask -- dist", XTASK),
    ("cargo run --release --bin z", XTASK),
    ("cargo make v", MADE),
    ("cargo make --no-workspace w", MADE),
    ("cargo make s", MADE),
    ("nix develop -c make v", MAKE),
    ("nix develop .#x --command make v", MAKE),
    ("nix-shell --run 'make v'", MAKE),
    ("direnv exec . make v", MAKE),
    ("xvfb-run -a make v", MAKE),
    ("scl enable gcc -- make v", MAKE),
    ("fakeroot make v", MAKE),
    ("flock -w 5 /x make v", MAKE),
    ("op run --env-file=x -- make v", MAKE),
    ("bash -euo pipefail v.sh", MAKE),
    ("bash --rcfile x v.sh", MAKE),
    ("cat v.sh | sh", MAKE),
    ("run-parts --verbose d", PARTS),
    ("for one in d/*.sh; do sh $one; done", PARTS),
    ("uvx tox", TOX),
    ("pipx run tox -e py", TOX),
    ("uv tool run tox", TOX),
    ("python -m tox", TOX),
    ("bun run v.ts", {"package.json": "{}", "v.ts": "await $`git describe`\n"}),
    ("npx zx v.mjs", {"v.mjs": "await $`git describe`\n"}),
    ("deno run -A v.ts", {"v.ts": DENO}),
    ("pwsh -File v.ps1", {"v.ps1": "$v = git describe --tags\n"}),
    ("Rscript v.R", {"v.R": "system('git describe')\n"}),
    ("lua v.lua", {"v.lua": "os.execute('git describe')\n"}),
    ("groovy v.groovy", {"v.groovy": "'git describe'.execute()\n"}),
    ("sbt compile", {"build.sbt": 'version := "git describe".!!\n'}),
)
ASKING_NOTHING = (
    ("node v.js", {"v.js": "console.log('see git log')\n"}),
    ("python v.py", {"v.py": "import subprocess\n# git log\nprint('git status')\n"}),
    ("cargo run", XTASK),
    ("cargo build -p xtask", XTASK),
    ("cargo make", MADE),
    ("pwsh v.ps1", {"v.ps1": "# git describe --tags\n"}),
    ("bash -o pipefail", MAKE),
    ("cat v.sh | grep x", MAKE),
)


@pytest.mark.parametrize(("run", "files"), STARTED)
def test_git_is_asked_by_what_is_started(
    run: str, files: dict[str, str], tmp_path: Path
) -> None:
    decides(git("", STAYS, files, "a", f"RUN {run}"), tmp_path)


@pytest.mark.parametrize(("run", "files"), ASKING_NOTHING)
def test_git_is_not_asked(run: str, files: dict[str, str], tmp_path: Path) -> None:
    decides(git("", GOES, files, "a", f"RUN {run}"), tmp_path)


@pytest.mark.parametrize(
    "run",
    [
        "xvfb-run -a npm ci",
        "flock /x npm ci",
        "nix develop -c npm ci",
        "cat i.sh | sh -e",
        "bash -eo pipefail i.sh",
    ],
)
def test_packages_are_installed_by_what_is_started(run: str, tmp_path: Path) -> None:
    dockerfile = copied("node", f"RUN {run}", "CMD node server.js")
    files = {**NODE, "i.sh": "npm ci\n"}
    decides(Row("", GOES, "node_modules", files, dockerfile), tmp_path)


def test_the_lines_of_a_script_are_of_one_shell(tmp_path: Path) -> None:
    text = "[tasks.d]\nscript = ['cd web', 'npm ci']\n"
    files = {**NODE, "web/x": "", "Makefile.toml": text}
    dockerfile = copied("node", "RUN cargo make d", "CMD node server.js")
    decides(Row("", STAYS, "node_modules", files, dockerfile), tmp_path)
