"""What a watched build depends on where no notice of the system comes from."""

from __future__ import annotations

import os
from collections.abc import Sequence

from ctxopt.host.disk.paths import is_folder
from ctxopt.pipeline.build.build import Build


def build_files(build: Build) -> tuple[frozenset[str], Sequence[str]]:
    """Where the files are that say what the build is, and what git thinks of it.

    Folders of the context, by relative path, whether the build sees them or not; and
    paths of files elsewhere, or behind a link.
    """
    paths = [build.dockerfile.path]
    if build.main.ignore_file is not None:
        paths.append(build.main.ignore_file.path)
    if build.dockerfile.folder is not None:
        specific = f"{build.dockerfile.name}.dockerignore"
        paths.append(os.path.join(build.dockerfile.folder, specific))
    root = os.path.realpath(build.main.path)
    folders = {folder for folder in GIT_FOLDERS if is_folder(f"{root}/{folder}")}
    elsewhere = []
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
GIT_FOLDERS = (".git", ".git/info")
