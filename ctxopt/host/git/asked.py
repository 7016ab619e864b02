"""The line by which git would ignore a path, whether anything is there or not."""

from __future__ import annotations

import os

from ctxopt.core.git.line import GitLine
from ctxopt.host.git.ignored import FolderRules, GitIgnored
from ctxopt.host.git.lines import git_ignored
from ctxopt.host.git.repository import IGNORE_FILE


class GitAsked:
    """What git ignores below a folder, asked about single paths in any order."""

    def __init__(self, context: str, ignored: GitIgnored) -> None:
        self._context = context
        self._ignored = ignored
        self._folders: dict[str, FolderRules] = {}
        self._known: dict[str, GitLine | None] = {}  # of folders
        self._open: list[str] = []  # those that were entered last, from the root

    @classmethod
    def below(cls, context: str) -> GitAsked | None:
        """For the folder `context`; None where git has nothing to say."""
        ignored = git_ignored(context)
        return cls(context, ignored) if ignored is not None else None

    def line(self, path: str, *, is_folder: bool) -> GitLine | None:
        """The line that ignores a path, or a folder above it; None without one."""
        folder, _, name = path.rpartition("/")
        line = self._above(folder) if folder else None
        return line or self._rules(folder).line(name, is_directory=is_folder)

    def _above(self, folder: str) -> GitLine | None:
        """The line that ignores a folder, or one above it."""
        if folder not in self._known:
            self._known[folder] = self.line(folder, is_folder=True)
        return self._known[folder]

    def _rules(self, folder: str) -> FolderRules:
        known = self._folders.get(folder)
        if known is not None:
            return known
        # Folders are entered on the way from the root: each adds what it says. One that
        # was left has to be entered again, before those in it.
        way = folder.split("/") if folder else []
        while (
            self._open
            and self._open[-1]
            and not f"{folder}/".startswith(f"{self._open[-1]}/")
        ):
            self._open.pop()
        for depth in range(len(way) + 1):
            at = "/".join(way[:depth])
            if at in self._open:
                continue
            has_lines = os.path.lexists(os.path.join(self._context, at, IGNORE_FILE))
            self._folders[at] = self._ignored.folder(at, has_lines)
            self._open.append(at)
        return self._folders[folder]
