"""What Cargo.toml and pyproject.toml list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ctxopt.core.running.manifests import strings
from ctxopt.core.suggest.workspaces.declared import (
    PART,
    REFERENCE,
    TARGET,
    TEXT,
    Declared,
    listed,
)
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

_NOTHING: Mapping[str, Any] = {}
# Where Cargo looks for the targets that have a name and no path.
_TARGET_FOLDERS = {
    "bin": "src/bin",
    "example": "examples",
    "test": "tests",
    "bench": "benches",
}
_DEPENDENCIES = ("dependencies", "dev-dependencies", "build-dependencies")


def cargo(text: str) -> Iterator[Declared]:
    """Members of a Cargo workspace, crates by their path, and targets by their name.

    `cargo build` fails where the manifest of a listed member or of a path dependency
    is missing ("failed to load manifest for workspace member"), and where a target
    with a section of its own has no file ("can't find `b` bench at `benches/b.rs`").
    A wildcard may find less, with `--locked`, too, but not nothing.
    Source: cargo 1.95, tried; rust-lang/cargo, src/cargo/core/workspace.rs,
    find_path_deps, and util/toml/targets.rs, target_path.
    """
    tables = _tables(text)
    workspace = _table(tables, "workspace")
    yield from listed(text, strings(workspace.get("members")))
    excluded = strings(workspace.get("exclude"))
    yield from listed(text, [f"!{one}" for one in excluded])
    yield from listed(text, _crates(tables, workspace), REFERENCE)
    for kind, folder in _TARGET_FOLDERS.items():
        yield from _targets(text, _rows(tables.get(kind)), folder)


def _crates(tables: Mapping[str, Any], workspace: Mapping[str, Any]) -> Iterator[str]:
    """The paths of dependencies, wherever they may stand."""
    platforms = [one for one in _table(tables, "target").values() if _is_table(one)]
    holders = [tables, workspace, *platforms]
    groups = [_table(one, name) for one in holders for name in _DEPENDENCIES]
    groups += [one for one in _table(tables, "patch").values() if _is_table(one)]
    for group in groups:
        yield from _paths(group)


def _targets(
    text: str, rows: Sequence[Mapping[str, Any]], folder: str
) -> Iterator[Declared]:
    for row in rows:
        path, name = row.get("path"), row.get("name")
        if isinstance(path, str):
            yield from listed(text, [path], TARGET)
        elif isinstance(name, str):
            line = next(listed(text, [name])).line
            for file in (f"{name}.rs", f"{name}/main.rs"):
                yield Declared(f"{folder}/{file}", line, TARGET)


def pyproject(text: str) -> Iterator[Declared]:
    """Members of workspaces of uv, rye and hatch, and projects by their path.

    uv resolves every member's pyproject.toml, and fails for a path source that is not
    there ("Distribution not found at"); poetry-core fails for a listed package without
    files ("does not contain any element"), setuptools for one without folder
    ("package directory does not exist").
    Source: astral-sh/uv, crates/uv-workspace/src/workspace.rs; python-poetry/
    poetry-core, masonry/utils/package_include.py; pypa/setuptools, build_py.py.
    """
    tables = _tables(text)
    tool = _table(tables, "tool")
    for name in ("uv", "rye", "hatch"):
        workspace = _table(_table(tool, name), "workspace")
        yield from listed(text, strings(workspace.get("members")))
        excluded = strings(workspace.get("exclude"))
        yield from listed(text, [f"!{one}" for one in excluded])
    yield from listed(text, _paths(_table(_table(tool, "uv"), "sources")), REFERENCE)
    poetry = _table(tool, "poetry")
    groups = [poetry, *_table(poetry, "group").values()]
    for group in filter(_is_table, groups):
        for name in _DEPENDENCIES[:2]:
            yield from listed(text, _paths(_table(group, name)), REFERENCE)
    for row in _rows(poetry.get("packages")):
        yield from _included(text, row)
    packages = strings(_table(tool, "setuptools").get("packages"))
    for one in packages:
        line = next(listed(text, [one])).line
        yield Declared(one.replace(".", "/"), line, PART)
    yield from listed(text, _texts(tables), TEXT)


def _texts(tables: Mapping[str, Any]) -> Iterator[str]:
    """The readme, the licence, and what a description is put together from.

    For example, `readme = "docs/intro.md"`: hatchling ("Readme file does not exist")
    and poetry-core fail without it, setuptools warns. Source: pypa/hatch, backend/src/
    hatchling/metadata/core.py, readme; pypa/setuptools, setuptools/config/expand.py.
    """
    project, tool = _table(tables, "project"), _table(tables, "tool")
    hooks = _table(_table(_table(tool, "hatch"), "metadata"), "hooks")
    fancy = _table(hooks, "fancy-pypi-readme")
    said = [project.get("readme"), _table(tool, "poetry").get("readme")]
    said.append(_table(project, "license").get("file"))
    said += [one.get("path") for one in _rows(fancy.get("fragments"))]
    for one in said:
        yield from _files(one)


def _files(said: object) -> list[str]:
    """The paths of a readme: a text, a list of texts, or a table with such a `file`."""
    if isinstance(said, dict):
        said = said.get("file")
    return [said] if isinstance(said, str) else strings(said)


def _included(text: str, row: Mapping[str, Any]) -> Iterator[Declared]:
    """A package of poetry; those of the source archive alone are not asked for."""
    include, start = row.get("include"), row.get("from")
    if isinstance(include, str) and row.get("format") != "sdist":
        line = next(listed(text, [include])).line
        path = f"{start}/{include}" if isinstance(start, str) else include
        yield Declared(path, line, PART)


def _tables(text: str) -> Mapping[str, Any]:
    import tomllib  # start-up: few builds have such a manifest

    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return _NOTHING


def _table(tables: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = tables.get(name)
    return table if isinstance(table, dict) else _NOTHING


def _is_table(value: object) -> bool:
    return isinstance(value, dict)


def _rows(value: object) -> list[Mapping[str, Any]]:
    if not isinstance(value, list):
        return []
    return [one for one in value if isinstance(one, dict)]


def _paths(group: Mapping[str, Any]) -> Iterator[str]:
    """The `path` of each entry; an entry may be a list of such."""
    for entry in group.values():
        for one in _rows(entry if isinstance(entry, list) else [entry]):
            if isinstance(one.get("path"), str):
                yield one["path"]
