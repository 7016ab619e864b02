"""Scripts of members of a workspace are followed, in those that a command selects."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.test_commands import ASKED, GOES, STAYS, Row, outcome, scanned
from tests.pipeline.test_history import ALL, GIT

WORKSPACE = {
    "package.json": '{"name": "r", "workspaces": ["apps/*"], '
    '"scripts": {"build": "turbo run build"}}',
    "package-lock.json": "{}",
    "apps/web/package.json": '{"name": "@x/web", "scripts": {"build": '
    '"node gen.mjs && V=$(git rev-parse '
    'HEAD) vite build", "docs": "cat '
    '../../README.md"}}',
    "apps/web/gen.mjs": "1",
    "apps/job/package.json": '{"name": "job", "scripts": {"build": "tsc"}}',
}

BUILT = {
    "package.json": '{"name": "r", "workspaces": ["apps/*"]}',
    "pnpm-workspace.yaml": "packages:\n  - 'apps/*'\n",
    "turbo.json": '{"tasks": {"build": {}}}',
    "apps/web/package.json": '{"name": "web", "scripts": {"build": "vite build"}}',
    "apps/web/dist/index.html": "1",
    "apps/web/src/a.ts": "1",
}

ASKING = {
    **BUILT,
    "apps/web/package.json": '{"name": "@x/web", "scripts": {"build": "git describe"}}',
}

ROWS = (
    Row(
        "turbo run build",
        STAYS,
        ".git",
        {**GIT, **WORKSPACE, "turbo.json": "{}"},
        f"FROM node\n{ALL}RUN npm ci && npx turbo run build\n",
    ),
    Row(
        "turbo build in script",
        STAYS,
        ".git",
        {
            **GIT,
            **WORKSPACE,
            "package.json": '{"name": "r", "workspaces": ["apps/*"], '
            '"scripts": {"build": "turbo build '
            '--filter=@x/web"}}',
            "turbo.json": "{}",
        },
        f"FROM node\n{ALL}RUN npm ci && npm run build\n",
    ),
    Row(
        "turbo filter other",
        GOES,
        ".git",
        {**GIT, **WORKSPACE, "turbo.json": "{}"},
        f"FROM node\n{ALL}RUN npx turbo run build --filter=job\n",
    ),
    Row(
        "turbo run a b",
        STAYS,
        ".git",
        {**GIT, **WORKSPACE, "turbo.json": "{}"},
        f"FROM node\n{ALL}RUN npx turbo run lint build --filter=@x/web...\n",
    ),
    Row(
        "nx run-many -t build",
        STAYS,
        ".git",
        {**GIT, **WORKSPACE, "nx.json": "{}"},
        f"FROM node\n{ALL}RUN npx nx run-many -t build\n",
    ),
    Row(
        "nx run-many --target=build --all",
        STAYS,
        ".git",
        {**GIT, **WORKSPACE, "nx.json": "{}"},
        f"FROM node\n{ALL}RUN npx nx run-many --target=build --all\n",
    ),
    Row(
        "nx build web",
        STAYS,
        ".git",
        {**GIT, **WORKSPACE, "nx.json": "{}"},
        f"FROM node\n{ALL}RUN npx nx build @x/web\n",
    ),
    Row(
        "nx run web:build",
        STAYS,
        ".git",
        {**GIT, **WORKSPACE, "nx.json": "{}"},
        f"FROM node\n{ALL}RUN npx nx run @x/web:build:production\n",
    ),
    Row(
        "nx build job",
        GOES,
        ".git",
        {**GIT, **WORKSPACE, "nx.json": "{}"},
        f"FROM node\n{ALL}RUN npx nx build job\n",
    ),
    Row(
        "nx project.json command",
        STAYS,
        ".git",
        {
            **GIT,
            "package.json": "{}",
            "nx.json": "{}",
            "apps/api/project.json": '{"name": "api", "targets": {"build": '
            '{"executor": "nx:run-commands", '
            '"options": {"command": "git rev-parse '
            'HEAD > v"}}}}',
        },
        f"FROM node\n{ALL}RUN npx nx build api\n",
    ),
    Row(
        "pnpm -r run build",
        STAYS,
        ".git",
        {**GIT, **WORKSPACE, "pnpm-workspace.yaml": "packages:\n  - apps/*\n"},
        f"FROM node\n{ALL}RUN pnpm -r run build\n",
    ),
    Row(
        "pnpm --filter",
        STAYS,
        ".git",
        {**GIT, **WORKSPACE, "pnpm-workspace.yaml": "packages:\n  - apps/*\n"},
        f"FROM node\n{ALL}RUN pnpm --filter @x/web build\n",
    ),
    Row(
        "pnpm --filter glob",
        STAYS,
        ".git",
        {**GIT, **WORKSPACE, "pnpm-workspace.yaml": "packages:\n  - apps/*\n"},
        f"FROM node\n{ALL}RUN pnpm --filter './apps/**' run build\n",
    ),
    Row(
        "pnpm --filter exclude",
        GOES,
        ".git",
        {**GIT, **WORKSPACE, "pnpm-workspace.yaml": "packages:\n  - apps/*\n"},
        f"FROM node\n{ALL}RUN pnpm --filter '!@x/web' run build\n",
    ),
    Row(
        "pnpm --filter bare scoped",
        STAYS,
        ".git",
        {**GIT, **WORKSPACE, "pnpm-workspace.yaml": "packages:\n  - apps/*\n"},
        f"FROM node\n{ALL}RUN pnpm --filter web build\n",
    ),
    Row(
        "pnpm recursive run",
        STAYS,
        ".git",
        {**GIT, **WORKSPACE, "pnpm-workspace.yaml": "packages:\n  - apps/*\n"},
        f"FROM node\n{ALL}RUN pnpm recursive run build\n",
    ),
    Row(
        "pnpm m run",
        STAYS,
        ".git",
        {**GIT, **WORKSPACE, "pnpm-workspace.yaml": "packages:\n  - apps/*\n"},
        f"FROM node\n{ALL}RUN pnpm m run build\n",
    ),
    Row(
        "yarn foreach",
        STAYS,
        ".git",
        {**GIT, **WORKSPACE},
        f"FROM node\n{ALL}RUN yarn workspaces foreach -A run build\n",
    ),
    Row(
        "yarn foreach -pt value",
        STAYS,
        ".git",
        {**GIT, **WORKSPACE},
        f"FROM node\n{ALL}"
        "RUN yarn workspaces foreach -A --include @x/web -j 4 run "
        "build\n",
    ),
    Row(
        "yarn foreach excluded",
        GOES,
        ".git",
        {**GIT, **WORKSPACE},
        f"FROM node\n{ALL}RUN yarn workspaces foreach -A --exclude @x/web run build\n",
    ),
    Row(
        "yarn workspaces run",
        STAYS,
        ".git",
        {**GIT, **WORKSPACE},
        f"FROM node\n{ALL}RUN yarn workspaces run build\n",
    ),
    Row(
        "npm -w",
        STAYS,
        ".git",
        {**GIT, **WORKSPACE},
        f"FROM node\n{ALL}RUN npm run build -w apps/web\n",
    ),
    Row(
        "npm --workspaces",
        STAYS,
        ".git",
        {**GIT, **WORKSPACE},
        f"FROM node\n{ALL}RUN npm run build --workspaces --if-present\n",
    ),
    Row(
        "npm -ws",
        STAYS,
        ".git",
        {**GIT, **WORKSPACE},
        f"FROM node\n{ALL}RUN npm run build -ws\n",
    ),
    Row(
        "npm -w other",
        GOES,
        ".git",
        {**GIT, **WORKSPACE},
        f"FROM node\n{ALL}RUN npm run build -w job\n",
    ),
    Row(
        "lerna run",
        STAYS,
        ".git",
        {**GIT, **WORKSPACE, "lerna.json": '{"packages":["apps/*"]}'},
        f"FROM node\n{ALL}RUN npx lerna run build\n",
    ),
    Row(
        "lerna run no workspaces",
        STAYS,
        ".git",
        {
            **GIT,
            **WORKSPACE,
            "package.json": "{}",
            "lerna.json": '{"packages":["apps/*"]}',
        },
        f"FROM node\n{ALL}RUN npx lerna run build\n",
    ),
    Row(
        "lerna default packages",
        STAYS,
        ".git",
        {
            **GIT,
            "package.json": "{}",
            "lerna.json": "{}",
            "packages/a/package.json": '{"name": "a", "scripts": {"build": "git '
            'describe"}}',
        },
        f"FROM node\n{ALL}RUN npx lerna run build\n",
    ),
    Row(
        "lerna exec",
        STAYS,
        ".git",
        {**GIT, **WORKSPACE, "lerna.json": '{"packages":["apps/*"]}'},
        f"FROM node\n{ALL}RUN npx lerna exec -- git rev-parse HEAD\n",
    ),
    Row(
        "pnpm -r exec",
        STAYS,
        ".git",
        {**GIT, **WORKSPACE, "pnpm-workspace.yaml": "packages:\n  - apps/*\n"},
        f"FROM node\n{ALL}RUN pnpm -r exec git rev-parse HEAD\n",
    ),
    Row(
        "turbo pre script dep",
        STAYS,
        ".git",
        {
            **GIT,
            **WORKSPACE,
            "package.json": '{"name": "r", "workspaces": ["apps/*"], "scripts": {}}',
            "apps/web/package.json": '{"name": "@x/web", "scripts": {"gen": '
            '"git describe > v", "build": "tsc"}}',
            "turbo.json": '{"tasks": {"build": {"dependsOn": ["gen"]}}}',
        },
        f"FROM node\n{ALL}RUN npx turbo run build\n",
    ),
    Row(
        "turbo ^gen",
        STAYS,
        ".git",
        {
            **GIT,
            **WORKSPACE,
            "package.json": '{"name": "r", "workspaces": ["apps/*"], "scripts": {}}',
            "apps/web/package.json": '{"name": "@x/web", "scripts": {"gen": '
            '"git describe > v", "build": "tsc"}}',
            "apps/job/package.json": '{"name": "job", "dependencies": '
            '{"@x/web": "*"}, "scripts": {"build": '
            '"tsc"}}',
            "turbo.json": '{"tasks": {"build": {"dependsOn": ["^gen"]}}}',
        },
        f"FROM node\n{ALL}RUN npx turbo run build --filter=job\n",
    ),
    Row(
        "member reads README",
        STAYS,
        "README.md",
        {
            **WORKSPACE,
            "turbo.json": "{}",
            "README.md": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        },
        f"FROM node\n{ALL}RUN npx turbo run docs\n",
    ),
    Row(
        "member reads env",
        STAYS,
        "apps/web/.env",
        {
            **WORKSPACE,
            "apps/web/package.json": '{"name": "w", "scripts": {"gen": ". '
            './.env && echo $X"}}',
            "pnpm-workspace.yaml": "packages:\n  - apps/*\n",
            "apps/web/.env": "SECRET=abc\n",
        },
        f"FROM node\n{ALL}RUN pnpm -r run gen\n",
    ),
    Row(
        "member reads tests",
        STAYS,
        "apps/web/tests",
        {
            **WORKSPACE,
            "apps/web/package.json": '{"name": "w", "scripts": {"gen": "cp '
            'tests/data.json src/"}}',
            "apps/web/tests/data.json": "111111111111111111111111111111",
            "apps/web/src/a.js": "1",
        },
        f"FROM node\n{ALL}RUN npm run gen -ws\n",
    ),
    Row(
        "member node file reads",
        STAYS,
        "README.md",
        {
            **WORKSPACE,
            "apps/web/package.json": '{"name": "w", "scripts": {"build": '
            '"node gen.mjs"}}',
            "apps/web/gen.mjs": "import fs from 'fs'\n"
            "fs.readFileSync('../../README.md')\n",
            "turbo.json": "{}",
            "README.md": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        },
        f"FROM node\n{ALL}RUN npx turbo run build\n",
    ),
    Row(
        "turbo makes dist",
        GOES,
        "apps/web/dist",
        {
            **WORKSPACE,
            "apps/web/package.json": '{"name": "w", "scripts": {"build": '
            '"vite build"}}',
            "turbo.json": "{}",
            "apps/web/dist/a.js": "111111111111111111111111111111",
            "apps/web/src/a.ts": "1",
        },
        f"FROM node\n{ALL}RUN npm ci && npx turbo run build\n",
    ),
    Row(
        "made anew: pnpm --filter '...[main]' build",
        ASKED,
        "apps/web/dist",
        BUILT,
        f"FROM node\n{ALL}RUN pnpm --filter '...[main]' build\n",
    ),
    Row(
        "made anew: yarn workspaces foreach --since=main -R run build",
        ASKED,
        "apps/web/dist",
        BUILT,
        f"FROM node\n{ALL}RUN yarn workspaces foreach --since=main -R run build\n",
    ),
    Row(
        "made anew: turbo build --dry-run",
        ASKED,
        "apps/web/dist",
        BUILT,
        f"FROM node\n{ALL}RUN turbo build --dry-run\n",
    ),
    Row(
        "whoever is meant: npm run build -w apps",
        STAYS,
        ".git",
        {**GIT, **ASKING},
        f"FROM node\n{ALL}RUN npm run build -w apps\n",
    ),
    Row(
        "whoever is meant: pnpm --filter ./apps build",
        STAYS,
        ".git",
        {**GIT, **ASKING},
        f"FROM node\n{ALL}RUN pnpm --filter ./apps build\n",
    ),
    Row(
        "whoever is meant: lerna run build --scope tag:web",
        STAYS,
        ".git",
        {**GIT, **ASKING},
        f"FROM node\n{ALL}RUN lerna run build --scope tag:web\n",
    ),
    Row(
        "whoever is meant: pnpm --filter '@x/{web,api}' build",
        STAYS,
        ".git",
        {**GIT, **ASKING},
        f"FROM node\n{ALL}RUN pnpm --filter '@x/{{web,api}}' build\n",
    ),
    Row(
        "whoever is meant: turbo run build --filter=$APP",
        STAYS,
        ".git",
        {**GIT, **ASKING},
        f"FROM node\nARG APP\n{ALL}RUN turbo run build --filter=$APP\n",
    ),
)


@pytest.mark.parametrize("row", [pytest.param(one, id=one.id) for one in ROWS])
def test_what_is_followed_decides(row: Row, tmp_path: Path) -> None:
    report = scanned(tmp_path, row.files, row.dockerfile)
    assert outcome(report, row.path) == row.expected, report.held_back
