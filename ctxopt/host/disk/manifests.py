"""What the build and its manifests say of files that no COPY names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ctxopt.core.dockerfile.records import Trace
from ctxopt.core.paths import join
from ctxopt.core.running.commands import Command, Running, running
from ctxopt.core.running.mentions import uses
from ctxopt.core.sources.tree import Found
from ctxopt.core.suggest.hints import DECLARING, BuildHints, OtherHints, declared_files
from ctxopt.core.suggest.making import Makers
from ctxopt.core.suggest.signs import HISTORY, BuildHint
from ctxopt.host.disk.tree import DiskTree

# How far is looked for manifests that ask git: `crates/*/build.rs`, `src/*/*.csproj`.
MOST_DEPTH = 3
MOST_FOLDERS = 250
MOST_MANIFESTS = 120
# Folders in which nothing is a manifest of this project.
_FOREIGN = frozenset(
    (
        *("node_modules", "vendor", "target", "venv", "env", "site-packages", "dist"),
        *("build", "out", "obj", "bin", "__pycache__", "bower_components", "deps"),
        *("_build", "coverage", "third_party", "testdata", "fixtures", "Pods"),
    )
)


def build_hints(
    tree: DiskTree, trace: Trace | None, elsewhere: Iterable[Command] = ()
) -> BuildHints:
    """What commands and the manifests at the root say of files that no COPY names.

    `elsewhere` are commands of other builds of this context: of them only counts who
    reads `.git`.
    """
    found = Running() if trace is None else running(trace, tree, tree.text)
    used = None if trace is None else uses(found, trace)
    declaring = [
        name
        for name in tree.names("")
        if name in DECLARING or name.endswith(".gemspec")
    ]
    return BuildHints(
        commands=found.commands,
        git=_git_readers(tree, found, elsewhere),
        declared=declared_files({path: tree.text(path) for path in declaring}),
        uses=used,
        makers=None if used is None else Makers(found, used, tree, tree.text),
    )


def _git_readers(
    tree: DiskTree, found: Running, elsewhere: Iterable[Command]
) -> tuple[BuildHint, ...]:
    if tree.kind(HISTORY) is None:
        return ()
    from ctxopt.core.suggest.history import History  # start-up: if there is one

    files = {path: tree.text(path) for path in _manifests(tree)}
    history = History(found, tree, tree.text, files)
    return tuple(history.readers(elsewhere))


def _manifests(tree: DiskTree) -> Iterator[str]:
    """Files that may ask git, those nearest to the root first."""
    from ctxopt.core.suggest.history import is_manifest  # start-up, as above

    level, folders, count = [""], 0, 0
    for _ in range(MOST_DEPTH + 1):
        below: list[str] = []
        for folder in level:
            folders += 1
            if folders > MOST_FOLDERS:
                return
            for name in filter(is_manifest, tree.names(folder)):
                path = join(folder, name)
                if tree.kind(path) is Found.FILE:
                    count += 1
                    if count <= MOST_MANIFESTS:
                        yield path
            below += [
                join(folder, one) for one in tree.folders(folder) if _is_open(one)
            ]
        level = below


def _is_open(name: str) -> bool:
    """Whether a folder of that name may hold manifests of the project."""
    hidden = name.startswith(".") and name not in (".vitepress", ".mvn")
    return not hidden and name not in _FOREIGN


def other_hints(tree: DiskTree, shown: str, trace: Trace) -> OtherHints:
    """What the commands of another Dockerfile of the context show."""
    found = running(trace, tree, tree.text)
    used = uses(found, trace)
    return OtherHints(shown, used, Makers(found, used, tree, tree.text))
