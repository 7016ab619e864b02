"""Scripts of members of a workspace are followed, in those that a command selects."""

from __future__ import annotations

from pathlib import Path

from tests.followed import TEXT, copied, decides, each, git
from tests.pipeline.test_commands import ASKED, GOES, STAYS, Row
from tests.pipeline.test_history import GIT

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
    git(
        "turbo runs a script in all members",
        STAYS,
        {**WORKSPACE, "turbo.json": "{}"},
        "node",
        "RUN npm ci && npx turbo run build",
    ),
    git(
        "a script of the root runs turbo",
        STAYS,
        {
            **WORKSPACE,
            "package.json": (
                '{"name": "r", "workspaces": ["apps/*"], "scripts": '
                '{"build": "turbo build --filter=@x/web"}}'
            ),
            "turbo.json": "{}",
        },
        "node",
        "RUN npm ci && npm run build",
    ),
    git(
        "turbo runs nothing in a member that is not selected",
        GOES,
        {**WORKSPACE, "turbo.json": "{}"},
        "node",
        "RUN npx turbo run build --filter=job",
    ),
    git(
        "turbo runs two scripts in a member and what it needs",
        STAYS,
        {**WORKSPACE, "turbo.json": "{}"},
        "node",
        "RUN npx turbo run lint build --filter=@x/web...",
    ),
    git(
        "nx runs a target in all members",
        STAYS,
        {**WORKSPACE, "nx.json": "{}"},
        "node",
        "RUN npx nx run-many -t build",
    ),
    git(
        "nx runs a target that an option with a sign names",
        STAYS,
        {**WORKSPACE, "nx.json": "{}"},
        "node",
        "RUN npx nx run-many --target=build --all",
    ),
    git(
        "nx runs a target in a project",
        STAYS,
        {**WORKSPACE, "nx.json": "{}"},
        "node",
        "RUN npx nx build @x/web",
    ),
    git(
        "nx runs a target with its configuration",
        STAYS,
        {**WORKSPACE, "nx.json": "{}"},
        "node",
        "RUN npx nx run @x/web:build:production",
    ),
    git(
        "nx runs nothing in another project",
        GOES,
        {**WORKSPACE, "nx.json": "{}"},
        "node",
        "RUN npx nx build job",
    ),
    git(
        "nx runs a command of project.json",
        STAYS,
        {
            "package.json": "{}",
            "nx.json": "{}",
            "apps/api/project.json": (
                '{"name": "api", "targets": {"build": '
                '{"executor": "nx:run-commands", "options": '
                '{"command": "git rev-parse HEAD > v"}}}}'
            ),
        },
        "node",
        "RUN npx nx build api",
    ),
    git(
        "pnpm runs a script in all members",
        STAYS,
        {**WORKSPACE, "pnpm-workspace.yaml": "packages:\n  - apps/*\n"},
        "node",
        "RUN pnpm -r run build",
    ),
    git(
        "pnpm runs a script in a member by its name",
        STAYS,
        {**WORKSPACE, "pnpm-workspace.yaml": "packages:\n  - apps/*\n"},
        "node",
        "RUN pnpm --filter @x/web build",
    ),
    git(
        "pnpm runs a script in members of a folder",
        STAYS,
        {**WORKSPACE, "pnpm-workspace.yaml": "packages:\n  - apps/*\n"},
        "node",
        "RUN pnpm --filter './apps/**' run build",
    ),
    git(
        "pnpm runs nothing in a member that is left out",
        GOES,
        {**WORKSPACE, "pnpm-workspace.yaml": "packages:\n  - apps/*\n"},
        "node",
        "RUN pnpm --filter '!@x/web' run build",
    ),
    git(
        "pnpm runs a script in a member by its name without the scope",
        STAYS,
        {**WORKSPACE, "pnpm-workspace.yaml": "packages:\n  - apps/*\n"},
        "node",
        "RUN pnpm --filter web build",
    ),
    git(
        "pnpm runs a script in all members by an old word",
        STAYS,
        {**WORKSPACE, "pnpm-workspace.yaml": "packages:\n  - apps/*\n"},
        "node",
        "RUN pnpm recursive run build",
    ),
    git(
        "pnpm runs a script in all members by a letter",
        STAYS,
        {**WORKSPACE, "pnpm-workspace.yaml": "packages:\n  - apps/*\n"},
        "node",
        "RUN pnpm m run build",
    ),
    git(
        "yarn runs a script in each member",
        STAYS,
        WORKSPACE,
        "node",
        "RUN yarn workspaces foreach -A run build",
    ),
    git(
        "yarn runs a script in a member that it includes",
        STAYS,
        WORKSPACE,
        "node",
        "RUN yarn workspaces foreach -A --include @x/web -j 4 run build",
    ),
    git(
        "yarn runs nothing in a member that it excludes",
        GOES,
        WORKSPACE,
        "node",
        "RUN yarn workspaces foreach -A --exclude @x/web run build",
    ),
    git(
        "yarn of old runs a script in all members",
        STAYS,
        WORKSPACE,
        "node",
        "RUN yarn workspaces run build",
    ),
    git(
        "npm runs a script in a member by its folder",
        STAYS,
        WORKSPACE,
        "node",
        "RUN npm run build -w apps/web",
    ),
    git(
        "npm runs a script in all members that have it",
        STAYS,
        WORKSPACE,
        "node",
        "RUN npm run build --workspaces --if-present",
    ),
    git(
        "npm runs a script in all members by a short option",
        STAYS,
        WORKSPACE,
        "node",
        "RUN npm run build -ws",
    ),
    git(
        "npm runs nothing in another member",
        GOES,
        WORKSPACE,
        "node",
        "RUN npm run build -w job",
    ),
    git(
        "lerna runs a script in all members",
        STAYS,
        {**WORKSPACE, "lerna.json": '{"packages":["apps/*"]}'},
        "node",
        "RUN npx lerna run build",
    ),
    git(
        "lerna finds members without workspaces of npm",
        STAYS,
        {**WORKSPACE, "package.json": "{}", "lerna.json": '{"packages":["apps/*"]}'},
        "node",
        "RUN npx lerna run build",
    ),
    git(
        "lerna finds members where nothing is said",
        STAYS,
        {
            "package.json": "{}",
            "lerna.json": "{}",
            "packages/a/package.json": (
                '{"name": "a", "scripts": {"build": "git describe"}}'
            ),
        },
        "node",
        "RUN npx lerna run build",
    ),
    git(
        "lerna executes a command in all members",
        STAYS,
        {**WORKSPACE, "lerna.json": '{"packages":["apps/*"]}'},
        "node",
        "RUN npx lerna exec -- git rev-parse HEAD",
    ),
    git(
        "pnpm executes a command in all members",
        STAYS,
        {**WORKSPACE, "pnpm-workspace.yaml": "packages:\n  - apps/*\n"},
        "node",
        "RUN pnpm -r exec git rev-parse HEAD",
    ),
    git(
        "turbo runs a task that another one needs first",
        STAYS,
        {
            **WORKSPACE,
            "package.json": '{"name": "r", "workspaces": ["apps/*"], "scripts": {}}',
            "apps/web/package.json": (
                '{"name": "@x/web", "scripts": {"gen": "git '
                'describe > v", "build": "tsc"}}'
            ),
            "turbo.json": '{"tasks": {"build": {"dependsOn": ["gen"]}}}',
        },
        "node",
        "RUN npx turbo run build",
    ),
    git(
        "turbo runs a task in a member that another one needs",
        STAYS,
        {
            **WORKSPACE,
            "package.json": '{"name": "r", "workspaces": ["apps/*"], "scripts": {}}',
            "apps/web/package.json": (
                '{"name": "@x/web", "scripts": {"gen": "git '
                'describe > v", "build": "tsc"}}'
            ),
            "apps/job/package.json": (
                '{"name": "job", "dependencies": {"@x/web": '
                '"*"}, "scripts": {"build": "tsc"}}'
            ),
            "turbo.json": '{"tasks": {"build": {"dependsOn": ["^gen"]}}}',
        },
        "node",
        "RUN npx turbo run build --filter=job",
    ),
    Row(
        "a script of a member reads a file of the root",
        STAYS,
        "README.md",
        {**WORKSPACE, "turbo.json": "{}", "README.md": TEXT},
        copied("node", "RUN npx turbo run docs"),
    ),
    Row(
        "a script of a member reads its settings",
        STAYS,
        "apps/web/.env",
        {
            **WORKSPACE,
            "apps/web/package.json": (
                '{"name": "w", "scripts": {"gen": ". ./.env && echo $X"}}'
            ),
            "pnpm-workspace.yaml": "packages:\n  - apps/*\n",
            "apps/web/.env": "SECRET=abc\n",
        },
        copied("node", "RUN pnpm -r run gen"),
    ),
    Row(
        "a script of a member copies its tests",
        STAYS,
        "apps/web/tests",
        {
            **WORKSPACE,
            "apps/web/package.json": (
                '{"name": "w", "scripts": {"gen": "cp tests/data.json src/"}}'
            ),
            "apps/web/tests/data.json": "111111111111111111111111111111",
            "apps/web/src/a.js": "1",
        },
        copied("node", "RUN npm run gen -ws"),
    ),
    Row(
        "a program of a member reads a file of the root",
        STAYS,
        "README.md",
        {
            **WORKSPACE,
            "apps/web/package.json": (
                '{"name": "w", "scripts": {"build": "node gen.mjs"}}'
            ),
            "apps/web/gen.mjs": (
                "import fs from 'fs'\nfs.readFileSync('../../README.md')\n"
            ),
            "turbo.json": "{}",
            "README.md": TEXT,
        },
        copied("node", "RUN npx turbo run build"),
    ),
    Row(
        "turbo makes the dist of a member anew",
        GOES,
        "apps/web/dist",
        {
            **WORKSPACE,
            "apps/web/package.json": (
                '{"name": "w", "scripts": {"build": "vite build"}}'
            ),
            "turbo.json": "{}",
            "apps/web/dist/a.js": "111111111111111111111111111111",
            "apps/web/src/a.ts": "1",
        },
        copied("node", "RUN npm ci && npx turbo run build"),
    ),
    Row(
        "nobody knows what has changed since a branch",
        ASKED,
        "apps/web/dist",
        BUILT,
        copied("node", "RUN pnpm --filter '...[main]' build"),
    ),
    Row(
        "nobody knows in which members yarn sees a change",
        ASKED,
        "apps/web/dist",
        BUILT,
        copied("node", "RUN yarn workspaces foreach --since=main -R run build"),
    ),
    Row(
        "nothing is made where turbo only tells",
        ASKED,
        "apps/web/dist",
        BUILT,
        copied("node", "RUN turbo build --dry-run"),
    ),
    git(
        "npm selects members by a folder above them",
        STAYS,
        ASKING,
        "node",
        "RUN npm run build -w apps",
    ),
    git(
        "pnpm selects members by a folder above them",
        STAYS,
        ASKING,
        "node",
        "RUN pnpm --filter ./apps build",
    ),
    git(
        "a tag may mean any member of lerna",
        STAYS,
        ASKING,
        "node",
        "RUN lerna run build --scope tag:web",
    ),
    git(
        "braces may mean any member of pnpm",
        STAYS,
        ASKING,
        "node",
        "RUN pnpm --filter '@x/{web,api}' build",
    ),
    Row(
        "a variable may mean any member of turbo",
        STAYS,
        ".git",
        {**GIT, **ASKING},
        (
            "FROM node\nARG APP\nWORKDIR /a\nCOPY . .\n"
            "RUN turbo run build --filter=$APP\n"
        ),
    ),
)


@each(ROWS)
def test_what_is_followed_decides(row: Row, tmp_path: Path) -> None:
    decides(row, tmp_path)
