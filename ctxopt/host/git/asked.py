"""The line by which git would ignore a path, whether anything is there or not."""

from __future__ import annotations

import os

from ctxopt.core.git.line import GitLine
from ctxopt.core.paths import join
from ctxopt.host.git.ignored import FolderRules, GitIgnored
from ctxopt.host.git.lines import git_ignored
from ctxopt.host.git.repository import IGNORE_FILE


class GitAsked:
    """What git ignores below a folder, asked about single paths in any order."""

    def __init__(self, context: str, ignored: GitIgnored) -> None:
        self._context = context
        self._ignored = ignored
        self._folders: dict[str, FolderRules] = {}

    @classmethod
    def below(cls, context: str) -> GitAsked | None:
        """For the folder `context`; None where git has nothing to say."""
        ignored = git_ignored(context)
        return cls(context, ignored) if ignored is not None else None

    def line(self, path: str, *, is_folder: bool) -> GitLine | None:
        """The line that ignores a path, or a folder above it; None without one."""
        *above, name = path.split("/")
        folder = ""
        for one in above:
            line = self._rules(folder).line(one, is_directory=True)
            if line is not None:
                return line
            folder = join(folder, one)
        return self._rules(folder).line(name, is_directory=is_folder)

    def _rules(self, folder: str) -> FolderRules:
        known = self._folders.get(folder)
        if known is not None:
            return known
        # Folders are entered on the way from the root: each adds what it says.
        way = folder.split("/") if folder else []
        for depth in range(len(way) + 1):
            at = "/".join(way[:depth])
            has_lines = os.path.lexists(os.path.join(self._context, at, IGNORE_FILE))
            rules = self._folders[at] = self._ignored.folder(at, has_lines)
        return rules
