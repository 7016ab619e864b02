"""A manifest that says nothing sensible ends no scan: it says nothing then."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.followed import copied
from tests.pipeline.test_commands import scanned

FILES = {
    "package.json": '{"workspaces": ["apps/*"], "scripts": {"build": "nx build web"}}',
    "pnpm-workspace.yaml": "packages:\n  - libs/*\n",
    "lerna.json": "{}",
    "turbo.json": "{}",
    "nx.json": "{}",
    "apps/web/package.json": '{"name": "web", "scripts": {"build": "tsc"}}',
    "apps/web/project.json": '{"name": "web"}',
    "apps/web/dist/a.js": "1",
    "deno.json": "{}",
    "composer.json": "{}",
}
COMMANDS = (
    *("turbo build", "nx build web", "lerna run build", "npm run build -ws"),
    *("deno task build", "composer install", "node --run build", "npm run build"),
)
DEEP = '{"a":' * 3_000  # more than json reads of a text, and than an interpreter calls


def _with(key: str, value: str) -> str:
    """A manifest with a value where another kind of it is meant."""
    named = ['"tasks"', '"targets"', '"targetDefaults"', '"scripts"']
    tasks = ", ".join(f'{one}: {{"build": {{"{key}": {value}}}}}' for one in named)
    return f'{{"{key}": {value}, "name": "web", {tasks}}}'


def _scans(root: Path, text: str) -> None:
    """Scan a project once for each of its manifests, which is odd then."""
    lines = [f"RUN {one}" for one in COMMANDS]
    for file in (one for one in FILES if one.endswith(".json")):
        report = scanned(root, {**FILES, file: text}, copied("node", *lines))
        assert report.projection is not None, file


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(DEEP, id="it is too deep to be read"),
        pytest.param("[1, 2]", id="it is a list"),
        pytest.param(_with("dependsOn", "5"), id="a task depends on a number"),
        pytest.param(_with("packages", "null"), id="its packages are nothing"),
    ],
)
def test_an_odd_manifest_ends_no_scan(text: str, tmp_path: Path) -> None:
    _scans(tmp_path, text)


@pytest.mark.deep
@pytest.mark.parametrize("value", ["null", "5", '[[], {}, 5, "a"]', '{"commands": 5}'])
def test_no_value_of_another_kind_ends_a_scan(value: str, tmp_path: Path) -> None:
    for key in ("packages", "workspaces", "dependsOn", "options", "dependencies"):
        _scans(tmp_path, _with(key, value))
    for key in ("tasks", "targets", "targetDefaults", "scripts", "nx", "name"):
        _scans(tmp_path, f'{{"{key}": {value}}}')
        _scans(tmp_path, f'{{"{key}": {{"build": [{value}]}}}}')
