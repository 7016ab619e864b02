"""What the build and its manifests say of files that no COPY names."""

from __future__ import annotations

from collections.abc import Iterable

from ctxopt.core.dockerfile.records import Trace
from ctxopt.core.running.commands import Command, Running, running
from ctxopt.core.running.mentions import uses
from ctxopt.core.sources.tree import Found
from ctxopt.core.suggest.hints import (
    DECLARING,
    MANIFESTS,
    BuildHints,
    declared_files,
    git_readers,
    scripts,
)
from ctxopt.core.suggest.making import Makers
from ctxopt.host.disk.tree import DiskTree


def build_hints(
    tree: DiskTree, trace: Trace | None, elsewhere: Iterable[Command] = ()
) -> BuildHints:
    """What commands and the manifests at the root say of files that no COPY names.

    `elsewhere` are commands of other builds of this context: of them only counts who
    reads `.git`.
    """
    found = Running() if trace is None else running(trace, tree, tree.text)
    used = None if trace is None else uses(found, trace)
    all_ran = (*found.commands, *elsewhere)
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
    return BuildHints(
        commands=found.commands,
        git=tuple(git_readers(all_ran, files)),
        declared=declared_files(files),
        uses=used,
        makers=None if used is None else Makers(found, used, tree, tree.text),
    )
