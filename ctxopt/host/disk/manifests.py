"""What the build and its manifests say of files that no COPY names."""

from __future__ import annotations

from collections.abc import Iterable

from ctxopt.core.sources.tree import Found
from ctxopt.core.suggest.hints import (
    DECLARING,
    MANIFESTS,
    BuildHints,
    Command,
    declared_files,
    git_readers,
    scripts,
)
from ctxopt.host.disk.tree import DiskTree


def build_hints(
    tree: DiskTree, commands: Iterable[Command], elsewhere: Iterable[Command] = ()
) -> BuildHints:
    """What commands and the manifests at the root say of files that no COPY names.

    `elsewhere` are commands of other builds of this context: of them only counts who
    reads `.git`.
    """
    ran = tuple(commands)
    all_ran = (*ran, *elsewhere)
    wanted = {*MANIFESTS, *DECLARING, "versioneer.py"}
    paths = [
        name for name in tree.names("") if name in wanted or name.endswith(".gemspec")
    ]
    paths += [
        path
        for path in dict.fromkeys(scripts(all_ran))
        if tree.kind(path) is Found.FILE
    ]
    files = {path: tree.text(path) for path in paths}
    return BuildHints(ran, tuple(git_readers(all_ran, files)), declared_files(files))
