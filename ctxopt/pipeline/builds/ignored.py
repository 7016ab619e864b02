"""The folders that git ignores, and that a look for builds leaves alone."""

from __future__ import annotations

from collections.abc import Callable

from ctxopt.host.git.asked import GitAsked
from ctxopt.host.git.tracking import is_tracked


def ignored_folders(top: str) -> Callable[[str], bool] | None:
    """Whether git ignores a folder below `top`, by its path; None: nothing tells.

    One that holds files which git has all the same is none.
    """
    asked = GitAsked.below(top or ".")
    if asked is None:
        return None

    def is_ignored(path: str) -> bool:
        return asked.line(path, is_folder=True) is not None and not is_tracked(
            top or ".", path, is_folder=True
        )

    return is_ignored
