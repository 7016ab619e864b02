"""What a watched build depends on where no notice of the system comes from."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ctxopt.host.build import Build


class Seen(NamedTuple):
    """What stands at a path now."""

    size: int  # bytes; 0 for a folder
    is_folder: bool


def seen(root: str, path: str) -> Seen | None:
    """Look at a path of the context, links not followed; None: nothing is there."""
    try:
        status = os.lstat(os.path.join(root, path))
    except (OSError, ValueError):
        return None
    is_folder = stat.S_ISDIR(status.st_mode)
    return Seen(0 if is_folder else status.st_size, is_folder)


def is_folder(path: str) -> bool:
    """Whether there is a folder, or a link to one."""
    return os.path.isdir(path)


def still_leads(text: str, path: str) -> bool:
    """Whether a folder as it was typed still is the one at an absolute path."""
    try:
        return os.path.abspath(text) == path and os.path.isdir(path)
    except OSError:  # the current folder is gone, and it was typed relative to that
        return False


def folders_below(root: str) -> Iterator[str]:
    """All folders of a context, whoever may enter them; the root is ""."""
    for path, _, _ in os.walk(root):
        relative = os.path.relpath(path, root)
        yield "" if relative == "." else relative


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


def looks(path: str) -> object:
    """What tells a file from another one at the same path; None: there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
