"""In which members of a workspace a package manager runs a script."""

from __future__ import annotations

import pytest

from ctxopt.core.running.membercalls import MemberCall, member_call
from ctxopt.core.running.members import Member, member_folders, selected
from ctxopt.core.sources.tree import Found
from tests.texttree import MemoryTree, Planted


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        pytest.param("yarn workspace web build", ("build", "web"), id="yarn"),
        pytest.param("yarn workspace web run build", ("build", "web"), id="yarn, run"),
        pytest.param("yarn workspaces foreach -pt run build", ("build",), id="of all"),
        pytest.param("npm run build -w web", ("build", "web"), id="npm"),
        pytest.param("npm run build --workspace=web", ("build", "web"), id="npm, ="),
        pytest.param("npm run build --workspaces", ("build",), id="npm, all"),
        pytest.param(
            "pnpm --filter @a/web... build", ("build", "@a/web..."), id="pnpm"
        ),
        pytest.param("pnpm -F ./apps/web run build", ("build", "apps/web"), id="path"),
        pytest.param("pnpm -r build", ("build",), id="pnpm, all"),
        pytest.param("bun run --filter web build", ("build", "web"), id="bun"),
        pytest.param("lerna run build --scope web", ("build", "web"), id="lerna"),
        pytest.param("turbo build --filter=web", ("build", "web"), id="turbo"),
        pytest.param("turbo run web#build", ("build", "web"), id="turbo, #"),
        pytest.param("turbo run gen", ("gen",), id="turbo, a script with its own name"),
        pytest.param("nx run-many -t build --all", ("build",), id="nx"),
        pytest.param("nx build web", ("build", "web"), id="nx, a project"),
        pytest.param("nx run web:build:prod", ("build", "web"), id="nx, a target"),
        pytest.param("pnpm recursive run build", ("build",), id="pnpm by an old name"),
        pytest.param("turbo prune web", None, id="what turbo does itself"),
        pytest.param("nx reset", None, id="what nx does itself"),
        pytest.param(
            "pnpm turbo build --filter=web", None, id="words for what pnpm starts"
        ),
        pytest.param(
            "lerna run build --scope web --include-dependencies",
            ("build", "web..."),
            id="lerna, with what it needs",
        ),
        pytest.param("pnpm -w build", None, id="the root of pnpm"),
        pytest.param("npm run build -- -w web", None, id="words for the script"),
        pytest.param("yarn workspaces focus web", None, id="an installation"),
        pytest.param("npm ci --workspace web", None, id="another one"),
        pytest.param("yarn build", None, id="the package itself"),
    ],
)
def test_a_command_runs_a_script_in_members(
    command: str, expected: tuple[str, ...] | None
) -> None:
    program, *_ = words = command.split()
    call = None if expected is None else MemberCall(expected[:1], expected[1:])
    assert member_call(program, words) == call


FILES = {
    "package.json": '{"workspaces": {"packages": ["apps/*", "lib", "!apps/old"]}}',
    "pnpm-workspace.yaml": "packages:\n  - 'tools/**'\n",
    "apps/web/package.json": '{"name": "@x/web"}',
    "apps/docs/index.md": "",
    "lib/package.json": "{",
    "tools/a/b/package.json": '{"name": "b"}',
    "apps/web/node_modules/x/package.json": "{}",
}


def test_members_are_the_folders_with_a_manifest() -> None:
    tree = MemoryTree(
        [Planted(path, Found.FILE, content=b"") for path in FILES]
        + [
            Planted(path.rpartition("/")[0], Found.DIRECTORY)
            for path in FILES
            if "/" in path
        ]
    )
    found = {*member_folders(tree, FILES.get, "")}
    assert found == {("apps/web", "@x/web"), ("lib", ""), ("tools/a/b", "b")}


@pytest.mark.parametrize(
    ("wanted", "means"),
    [
        pytest.param((), True, id="all"),
        pytest.param(("@x/web",), True, id="by its name"),
        pytest.param(("apps/*",), True, id="by a pattern of folders"),
        pytest.param(("web",), True, id="by its name without the scope"),
        pytest.param(("we",), False, id="by a part of its name"),
        pytest.param(("job...",), True, id="as it is needed by another one"),
        pytest.param(("...lib",), True, id="as it needs another one"),
        pytest.param(("lib...",), False, id="as nothing leads to it"),
        pytest.param(("[HEAD^1]",), True, id="by what git says has changed"),
    ],
)
def test_a_call_is_for_members(wanted: tuple[str, ...], *, means: bool) -> None:
    none = frozenset[str]()
    web = Member("apps/web", "apps/web", "@x/web", frozenset({"lib"}), none)
    job = Member("apps/job", "apps/job", "job", frozenset({"@x/web"}), none)
    lib = Member("lib", "lib", "lib", none, none)
    call = MemberCall(("build",), wanted)
    assert (web in selected([web, job, lib], call)) is means
