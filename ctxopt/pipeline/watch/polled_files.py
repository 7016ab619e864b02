"""What a watched build depends on where no notice of the system comes from.

`-f ../Dockerfile` stands outside the context, and so is looked at every second.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence

from ctxopt.host.disk.paths import file_signature, is_folder
from ctxopt.pipeline.preparation.build import Build

LOOK_SECONDS = 1.0  # between two looks


class PolledFiles:
    """Files that are looked at now and then, by path."""

    def __init__(self) -> None:
        self._signatures: dict[str, object] = {}
        self._next_look = 0.0

    @property
    def due(self) -> float | None:
        """When to look again; None: there is nothing to look at."""
        return self._next_look if self._signatures else None

    def changed(self, now: float) -> Sequence[str]:
        """The files that are others than at the last look, once it is due."""
        if not self._signatures or now < self._next_look:
            return ()
        self._next_look = now + LOOK_SECONDS
        found = self.signatures()
        changed = [path for path in found if found[path] != self._signatures[path]]
        self._signatures = found
        return changed

    def signatures(self) -> dict[str, object]:
        """What tells each file from another one at its path, as of now."""
        return {path: file_signature(path) for path in self._signatures}

    def follow(self, paths: Iterable[str], known: Mapping[str, object]) -> None:
        """Look at these files from now on, at others no more.

        `known` has signatures from before they were read.
        """
        self._signatures = {
            path: known[path] if path in known else file_signature(path)
            for path in paths
        }


def build_files(build: Build) -> tuple[frozenset[str], Sequence[str]]:
    """Where the files are that say what the build is, and what git thinks of it.

    Folders of the context, by relative path, whether the build sees them or not; and
    paths of files elsewhere, or behind a link.
    """
    paths = [build.dockerfile.path]
    if build.main.ignore_file is not None:
        paths.append(build.main.ignore_file.path)
    if build.dockerfile.folder is not None:
        beside = os.path.join(build.dockerfile.folder, build.dockerfile.name)
        paths += (f"{beside}{ending}" for ending in build.builder.files.specific)
    root = os.path.realpath(build.main.path)
    folders, elsewhere = _git_files(root)
    for path in dict.fromkeys(paths):
        if not os.path.isabs(path):
            continue  # standard input
        folder = os.path.relpath(os.path.realpath(os.path.dirname(path)), root)
        if os.path.islink(path) or folder == ".." or folder.startswith("../"):
            elsewhere.append(path)
        else:
            folders.add("" if folder == "." else folder)
    return frozenset(folders), elsewhere


# Of a repository whose top is the context: the index, and the list in `info`.
GIT_EXCLUDE = ".git/info/exclude"
GIT_FILES = (".git/index", GIT_EXCLUDE)


def _git_files(root: str) -> tuple[set[str], list[str]]:
    """Folders of a repository at `root`, and paths of its files that lie elsewhere.

    `.git` may be a link to a folder, and `.git/info` is one in a work tree that
    git-new-workdir made. Links are not followed by a watch.
    """
    folders, elsewhere = set(), []
    for file in GIT_FILES:
        folder = os.path.dirname(f"{root}/{file}")
        if is_folder(folder):
            if os.path.realpath(folder) == folder:
                folders.add(os.path.dirname(file))
            else:
                elsewhere.append(f"{root}/{file}")
    return folders, elsewhere
