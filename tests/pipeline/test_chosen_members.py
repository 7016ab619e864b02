"""Only what a command selects of a workspace is made anew; the rest has to stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.test_commands import ASKED, GOES, STAYS, outcome, scanned

FILES = {
    "package.json": '{"name": "r", "workspaces": ["apps/*"], "scripts": '
    '{"web": "turbo build --filter=web", "all": "turbo build", '
    '"build": "turbo build"}}',
    "package-lock.json": "{}",
    "pnpm-workspace.yaml": "packages:\n  - apps/*\n",
    "lerna.json": '{"packages": ["apps/*"]}',
    "turbo.json": '{"tasks": {"build": {}}}',
    "nx.json": "{}",
    "apps/web/package.json": '{"name": "web", "scripts": {"build": "vite build"}}',
    "apps/web/src/a.ts": "1",
    "apps/web/dist/web.js": "1",
    "apps/api/package.json": '{"name": "api", "scripts": {"build": "tsc"}}',
    "apps/api/src/a.ts": "1",
    "apps/api/dist/api.js": "1",
}
NEEDING = {
    **FILES,
    "turbo.json": '{"tasks": {"build": {"dependsOn": ["^build"]}}}',
    "nx.json": '{"targetDefaults": {"build": {"dependsOn": ["^build"]}}}',
    "apps/web/package.json": '{"name": "web", "dependencies": {"api": "*"}, '
    '"scripts": {"build": "vite build"}}',
}
ALONE = {
    **NEEDING,
    "apps/web/package.json": FILES["apps/web/package.json"],
    "apps/api/package.json": '{"name": "api", "scripts": {"build": "tsc"}}',
}
NO_SCRIPT = {**FILES, "apps/api/package.json": '{"name": "api"}'}

# Commands after which the `dist` of web is new, and that of api is as it was.
OF_WEB = (
    "turbo build --filter=web",
    "npx turbo run build --filter web",
    "turbo run web#build",
    "turbo build --filter=!api",
    "turbo build --filter=./apps/web",
    "pnpm turbo build --filter=web",
    "yarn turbo run build --filter=web",
    "lerna run build --scope=web",
    "yarn lerna run build --ignore=api",
    "nx run-many -p web -t build",
    "nx run-many --targets=build --projects=web",
    "nx build web",
    "pnpm nx run web:build",
    "npm -w web run build",
    "npm run build -w web",
    "npm run build --workspace=apps/web",
    "pnpm --filter web build",
    "pnpm --filter=web build",
    "pnpm --filter=web exec vite build",
    "yarn workspace web build",
    "npm run web",
    "npm run build -- --filter=web",
    "cd apps/web && turbo build",
)
OF_ALL = (
    "turbo build",
    "turbo build --filter=*",
    "lerna run build",
    "nx run-many -t build",
    "npm run build -ws",
    "pnpm -r build",
    "pnpm --filter=./apps/* build",
    "yarn workspaces foreach -A run build",
    "npm run all",
    "turbo build --filter=web && turbo build --filter=api",
)
OF_NOBODY_KNOWS_WHICH = (
    "turbo build --filter=$APP",
    "turbo build --filter=[HEAD^1]",
    "turbo build --affected",
    "nx affected -t build",
    "lerna run build --since=main",
)


def _of(
    root: Path, command: str, path: str, files: dict[str, str], *, end: str = ""
) -> str:
    """What is to become of a path where an image of all is made by one command."""
    dockerfile = f"FROM node\nARG APP\nWORKDIR /a\nCOPY . .\nRUN {command}\n{end}"
    return outcome(scanned(root, files, dockerfile), path)


@pytest.mark.parametrize("command", OF_WEB)
def test_members_that_are_not_selected_keep_what_the_image_starts(
    command: str, tmp_path: Path
) -> None:
    end = 'CMD ["node", "apps/api/dist/api.js"]\n'
    assert _of(tmp_path, command, "apps/api/dist", FILES, end=end) == STAYS


@pytest.mark.parametrize("command", [*OF_WEB, *OF_ALL])
def test_what_a_selected_member_makes_anew_goes(command: str, tmp_path: Path) -> None:
    end = 'CMD ["node", "apps/web/dist/web.js"]\n'
    assert _of(tmp_path, command, "apps/web/dist", FILES, end=end) == GOES


@pytest.mark.parametrize("command", OF_ALL)
def test_without_a_selection_all_of_it_goes(command: str, tmp_path: Path) -> None:
    end = 'CMD ["node", "apps/api/dist/api.js"]\n'
    assert _of(tmp_path, command, "apps/api/dist", FILES, end=end) == GOES


@pytest.mark.parametrize("command", OF_NOBODY_KNOWS_WHICH)
def test_nobody_knows_what_is_selected(command: str, tmp_path: Path) -> None:
    assert _of(tmp_path, command, "apps/api/dist", FILES) == ASKED


@pytest.mark.parametrize(
    ("command", "files", "expected"),
    [
        pytest.param(
            "turbo build --filter=web",
            NEEDING,
            GOES,
            id="turbo builds what web needs first",
        ),
        pytest.param(
            "nx build web", NEEDING, GOES, id="so does nx where a manifest says so"
        ),
        pytest.param(
            "turbo build --filter=web",
            ALONE,
            STAYS,
            id="turbo builds nothing that web does not need",
        ),
        pytest.param(
            "nx build web", ALONE, STAYS, id="nx sees imports that nobody reads here"
        ),
        pytest.param(
            "npm run build -w web",
            NEEDING,
            STAYS,
            id="npm builds nothing first, whatever nx.json says",
        ),
        pytest.param(
            "lerna run build --scope=web",
            {**NEEDING, "nx.json": "{}"},
            STAYS,
            id="lerna builds the scope alone",
        ),
        pytest.param(
            "lerna run build --scope=web --include-dependencies",
            {**NEEDING, "nx.json": "{}"},
            GOES,
            id="lerna builds what the scope needs where it is told to",
        ),
        pytest.param(
            "yarn workspaces foreach -Rpt --from web run build",
            NEEDING,
            GOES,
            id="so does yarn",
        ),
        pytest.param(
            "turbo build", NO_SCRIPT, STAYS, id="a member without the script makes none"
        ),
    ],
)
def test_what_tasks_need_first_is_made_with_them(
    command: str, files: dict[str, str], expected: str, tmp_path: Path
) -> None:
    end = 'CMD ["node", "apps/api/dist/api.js"]\n'
    assert _of(tmp_path, command, "apps/api/dist", files, end=end) == expected


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        pytest.param("turbo build", ASKED, id="turbo runs nothing of the root"),
        pytest.param("npm run build -w web", ASKED, id="npm neither, with a workspace"),
        pytest.param("nx build web", GOES, id="nx writes to a dist of the root"),
    ],
)
def test_the_root_is_no_member(command: str, expected: str, tmp_path: Path) -> None:
    files = {**FILES, "dist/apps/web/i.js": "1", "src/a.ts": "1"}
    assert _of(tmp_path, command, "dist", files) == expected


def test_a_script_that_goes_to_a_member_promises_nothing_of_others(
    tmp_path: Path,
) -> None:
    script = "cd apps/web && npm run build"
    manifest = f'{{"workspaces": ["apps/*"], "scripts": {{"build": "{script}"}}}}'
    files = {**FILES, "package.json": manifest}
    assert _of(tmp_path, "npm run build", "apps/web/dist", files) == GOES
    assert _of(tmp_path, "npm run build", "apps/api/dist", files) == ASKED


def test_a_package_alone_is_its_own_workspace(tmp_path: Path) -> None:
    files = {"package.json": "{}", "nx.json": "{}", "dist/a.js": "1", "src/a.ts": "1"}
    for command in ("turbo build", "nx build web"):
        assert _of(tmp_path, command, "dist", files) == GOES
