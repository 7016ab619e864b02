"""What builds and the manifests of their context say of files that no COPY names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from ctxopt.core.dockerfile.records import Trace
from ctxopt.core.paths import join
from ctxopt.core.running.commands import Command, Running
from ctxopt.core.running.following import running
from ctxopt.core.running.mentions import Uses, uses
from ctxopt.core.sources.tree import Found
from ctxopt.core.suggest.hints import DECLARING, BuildHints, declared_files
from ctxopt.core.suggest.making import Making
from ctxopt.core.suggest.signs import HISTORY, BuildHint
from ctxopt.core.tuples import NamedTuple
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
# Where projects of .NET have their settings, and all else has what it makes.
_SETTINGS = "build"
_OF_MSBUILD = (".props", ".targets")


class Workings(NamedTuple):
    """What the commands of one build do with its context."""

    found: Running
    uses: Uses
    makers: Making


def workings(tree: DiskTree, trace: Trace) -> Workings:
    """The commands of a build, what of the context they use, and who makes what."""
    found = running(trace, tree, tree.text)
    used = uses(found, trace)
    return Workings(found, used, Making(found, used, tree, tree.text))


class Manifests:
    """The manifests of a context; each is read once for all builds that ask."""

    def __init__(self, tree: DiskTree) -> None:
        self._tree = tree

    def hints(
        self, works: Workings | None, elsewhere: Iterable[Command] = ()
    ) -> BuildHints:
        """What commands and the manifests at the root say of files that no COPY names.

        `works` are the commands of the build, None where they are not known;
        `elsewhere` those of other builds of this context: of them only counts who reads
        `.git`.
        """
        found = Running() if works is None else works.found
        return BuildHints(
            commands=found.commands,
            git=self._git_readers(found, elsewhere),
            declared=self._declared,
            uses=None if works is None else works.uses,
            makers=None if works is None else works.makers,
        )

    def _git_readers(
        self, found: Running, elsewhere: Iterable[Command]
    ) -> tuple[BuildHint, ...]:
        if self._tree.kind(HISTORY) is None:
            return ()
        from ctxopt.core.suggest.history import History  # start-up: if there is one

        history = History(found, self._tree, self._tree.text, self._of_history)
        return tuple(history.readers(elsewhere))

    @cached_property
    def _declared(self) -> Mapping[str, BuildHint]:
        """Names of documents that those at the root declare, and where."""
        declaring = [
            name
            for name in self._tree.names("")
            if name in DECLARING or name.endswith(".gemspec")
        ]
        return declared_files({path: self._tree.text(path) for path in declaring})

    @cached_property
    def _of_history(self) -> Mapping[str, str]:
        """The texts of those that may ask git."""
        return {path: self._tree.text(path) for path in _manifests(self._tree)}


def _manifests(tree: DiskTree) -> Iterator[str]:
    """Files that may ask git, those nearest to the root first."""
    from ctxopt.core.suggest.askers import is_manifest  # start-up, as above

    level, folders, count = [""], 0, 0
    for _ in range(MOST_DEPTH + 1):
        below: list[str] = []
        for folder in level:
            folders += 1
            if folders > MOST_FOLDERS:
                return
            for name in filter(is_manifest, tree.names(folder)):
                if folder.rpartition("/")[2] == _SETTINGS and not name.endswith(
                    _OF_MSBUILD
                ):
                    continue
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
    if name == _SETTINGS:
        return True
    hidden = name.startswith(".") and name not in (".vitepress", ".mvn")
    return not hidden and name not in _FOREIGN
