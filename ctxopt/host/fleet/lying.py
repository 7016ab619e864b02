"""The repositories that a folder holds: itself, or the checkouts in it."""

from __future__ import annotations

import os

from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import ContextError

DEEPEST = 4  # levels, as in host/group/subgroup/name
_GIT = ".git"


class FoundFolders(NamedTuple):
    """Absolute paths of repositories, and how many folders beside them are none."""

    paths: tuple[str, ...]
    others: int = 0


def repositories_in(folder: str) -> FoundFolders:
    """The checkouts below a folder, in the order of their names; or the folder itself.

    What has a `.git` is a checkout, and nobody looks into it for others. A folder
    without any is a repository that git does not know.
    Raises ContextError for a folder that cannot be read.
    """
    top = os.path.abspath(folder)
    try:
        names = sorted(os.listdir(top))
    except OSError as error:
        raise ContextError(
            f"cannot read the folder: {error.strerror}", file=folder
        ) from None
    if _GIT in names:
        return FoundFolders((top,))
    found: list[str] = []
    others = 0
    for name in names:
        below = _checkouts(os.path.join(top, name), DEEPEST - 1)
        found += below
        others += not below and _is_folder(os.path.join(top, name))
    return FoundFolders(tuple(found), others) if found else FoundFolders((top,))


def _checkouts(path: str, levels: int) -> list[str]:
    if os.path.basename(path).startswith(".") or not _is_folder(path):
        return []
    if os.path.lexists(os.path.join(path, _GIT)):
        return [path]
    if not levels:
        return []
    try:
        names = sorted(os.listdir(path))
    except OSError:
        return []
    return [
        one
        for name in names
        if not os.path.islink(os.path.join(path, name))
        for one in _checkouts(os.path.join(path, name), levels - 1)
    ]


def _is_folder(path: str) -> bool:
    return os.path.isdir(path)
