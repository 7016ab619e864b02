"""What rush, wsrun and their like run in projects, and what Gradle compiles first."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.followed import NODE, copied, decides, each, git
from tests.pipeline.test_commands import ASKED, GOES, STAYS, Row, scanned

MEMBER = {
    "package.json": '{"workspaces": ["apps/*"]}',
    "apps/w/package.json": '{"name": "w", "scripts": {"build": "git describe"}}',
}
RUSH = {
    **MEMBER,
    "rush.json": '{\n  // ours\n  "projects": [\n    /* one */\n'
    '    {"packageName": "w", "projectFolder": "apps/w",},\n  ],\n}\n',
}
SCRIPT = {**RUSH, "common/scripts/install-run-rush.js": ""}
SHELL = {
    **RUSH,
    "apps/w/package.json": "{}",
    "common/config/rush/command-line.json": '{"commands": [\n// x\n'
    '{"commandKind": "global", "name": "v", "shellCommand": "git describe"},\n'
    '{"commandKind": "phased", "name": "p", "phases": ["_phase:build"]},\n]}\n',
}
PHASED = {
    **SHELL,
    "apps/w/package.json": '{"scripts": {"_phase:build": "git describe"}}',
}
WIRED = {
    "package.json": '{"scripts": {"build": "wireit", "v": "wireit"}, "wireit": '
    '{"build": {"dependencies": [{"script": "v"}]}, "v": {"command": "git describe"}}}'
}
KOTLIN = 'val v = ProcessBuilder("git", "describe").start()\n'
ROWS = (
    git("rush builds its projects", STAYS, RUSH, "node", "RUN rush build"),
    git("rush builds them anew", STAYS, RUSH, "node", "RUN rush rebuild --verbose"),
    git("rush is called in a folder", STAYS, RUSH, "node", "RUN cd apps && rush build"),
    git(
        "rush installs itself",
        STAYS,
        SCRIPT,
        "node",
        "RUN node common/scripts/install-run-rush.js build",
    ),
    git("rush only installs", GOES, RUSH, "node", "RUN rush install"),
    git("a command that rush has of a project", STAYS, SHELL, "node", "RUN rush v"),
    git("a phase", STAYS, PHASED, "node", "RUN rush p"),
    git("no other phase", GOES, PHASED, "node", "RUN rush build"),
    git("rushx runs a script", STAYS, RUSH, "node", "RUN cd apps/w && rushx build"),
    git("wsrun runs a script", STAYS, MEMBER, "node", "RUN npx wsrun -c build"),
    git("lage runs a script", STAYS, MEMBER, "node", "RUN yarn lage build"),
    git("ultra runs a script", STAYS, MEMBER, "node", "RUN npx ultra -r build"),
    git("wireit runs what a script needs", STAYS, WIRED, "node", "RUN npm run build"),
    git(
        "Gradle compiles buildSrc",
        STAYS,
        {"build.gradle": "", "buildSrc/src/main/kotlin/a/V.kt": KOTLIN},
        "gradle",
        "RUN gradle build",
    ),
    git(
        "Gradle compiles a build that is included",
        STAYS,
        {
            "settings.gradle.kts": 'includeBuild("logic")\n',
            "logic/src/main/kotlin/V.kt": KOTLIN,
        },
        "gradle",
        "RUN gradle build",
    ),
    git(
        "Gradle compiles no other build",
        GOES,
        {"build.gradle": "", "logic/src/main/kotlin/V.kt": KOTLIN},
        "gradle",
        "RUN gradle build",
    ),
    Row(
        "wireit may skip what a script makes",
        ASKED,
        "node_modules",
        {
            **NODE,
            "package.json": '{"scripts": {"d": "wireit"}, "wireit": '
            '{"d": {"command": "npm ci"}}}',
        },
        copied("node", "RUN npm run d", "CMD node server.js"),
    ),
    Row(
        "rush may skip what a project makes",
        ASKED,
        "apps/w/node_modules",
        {
            **RUSH,
            "apps/w/package.json": '{"scripts": {"d": "npm ci"}}',
            "apps/w/node_modules/.package-lock.json": "{}",
        },
        copied("node", "RUN rush d", "CMD node apps/w/server.js"),
    ),
)


@each(ROWS)
def test_what_is_run_in_projects_decides(row: Row, tmp_path: Path) -> None:
    decides(row, tmp_path)


@pytest.mark.parametrize(
    "text",
    ["[", '{"projects": 1}', '{"projects": [{"projectFolder": ".."}]}', "{/*"],
)
def test_an_odd_file_of_rush_ends_no_scan(text: str, tmp_path: Path) -> None:
    files = {"rush.json": text, "common/config/rush/command-line.json": text}
    scanned(tmp_path, files, copied("node", "RUN rush build", "RUN npx wsrun x"))


@pytest.mark.parametrize(
    "said", ["1", '{"a": 1}', '{"a": {"dependencies": ["a", 1, {}], "command": 2}}']
)
def test_an_odd_manifest_of_wireit_ends_no_scan(said: str, tmp_path: Path) -> None:
    text = f'{{"scripts": {{"a": "wireit"}}, "wireit": {said}}}'
    scanned(tmp_path, {"package.json": text}, copied("node", "RUN npm run a"))
