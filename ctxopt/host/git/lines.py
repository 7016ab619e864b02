"""The lines of git's ignore files that speak of what a walk meets."""

from __future__ import annotations

import os
from collections.abc import Mapping

from ctxopt.core.git.line import GitLine
from ctxopt.core.judging.entry import DIRECTORY, FORMAT
from ctxopt.core.judging.rows import Batch, FolderRef
from ctxopt.core.measure.fold import NO_LINES
from ctxopt.core.typed import TYPE_CHECKING
from ctxopt.host.git.repository import IGNORE_FILE, find_repository, read_regular

if TYPE_CHECKING:
    from ctxopt.host.git.ignored import FolderRules, GitIgnored


def git_ignored(context: str) -> GitIgnored | None:
    """What git ignores below the folder `context`.

    None when there is nothing to ask: no repository and no `.gitignore` at the root, or
    git ignores the context as a whole and says nothing of its entries.
    """
    repository = find_repository(context)
    if not repository and not os.path.isfile(os.path.join(context, IGNORE_FILE)):
        return None
    # Start-up: a folder without a repository does without.
    from ctxopt.host.git.ignored import GitIgnored

    ignored = GitIgnored(context, repository)
    return ignored if ignored.comes_to_context() else None


def ignore_file(context: str, shown: str) -> bytes:
    """What an ignore file of git holds, by its path as seen from the context.

    Nothing where git would not read it, either.
    """
    # Start-up: only what is proposed is asked about.
    from ctxopt.host.git.ignored import LARGEST_BYTES

    path = os.path.join(os.path.realpath(context), shown)
    try:
        return read_regular(path, limit=LARGEST_BYTES)
    except OSError:
        return b""


class IgnoredOnce:
    """What git ignores, for several who follow one walk: each folder is asked once.

    What they begin with, wherever that is, are the folders that the walk is in.
    """

    __slots__ = ("_ignored", "_open")

    def __init__(self, ignored: GitIgnored) -> None:
        self._ignored = ignored
        self._open: dict[str, FolderRules] = {}  # from the root to where the walk is

    def folder(self, path: str, has_ignore_file: bool) -> FolderRules:  # noqa: FBT001
        """What is in effect inside a folder; as `GitIgnored.folder`."""
        found = self._open.get(path)
        if found is None:
            self._open = {
                above: rules
                for above, rules in self._open.items()
                if not above or path.startswith(f"{above}/")
            }
            found = self._ignored.folder(path, has_ignore_file)
            self._open[path] = found
        return found


class GitLines:
    """Numbers for the lines that ignore entries; nothing is asked below one of them.

    Folders come in the order of a walk, which may begin anywhere. Where git has nothing
    to say (`ignored` is None), no entry is ignored. `numbers` has the lines that were
    met before, from 1; new ones are added to it.
    """

    def __init__(
        self,
        ignored: GitIgnored | IgnoredOnce | None,
        numbers: dict[GitLine, int] | None = None,
    ) -> None:
        self.numbers: dict[GitLine, int] = {} if numbers is None else numbers
        self._ignored = ignored
        # The folders that the walk is in; None: one of them is ignored.
        self._open: list[tuple[FolderRef, FolderRules | None]] = []

    def of(self, batch: Batch) -> Mapping[str, int]:
        """The names of a batch that git ignores, with the number of the line."""
        rules = self._rules(batch.folder) if self._ignored is not None else None
        if rules is None or not batch.rows:
            return NO_LINES
        found = {}
        for name, status, _, _ in rules.names.spoken_of(batch.rows):
            line = rules.line(name, status.st_mode & FORMAT == DIRECTORY)
            if line is not None:
                found[name] = self.number(line)
        return found

    def copy(self) -> GitLines:
        """The same numbers, to go on with in another way."""
        other = GitLines(self._ignored, dict(self.numbers))
        other._open = self._open[:]
        return other

    def number(self, line: GitLine) -> int:
        """The number of a line, a new one for a new line."""
        return self.numbers.setdefault(line, len(self.numbers) + 1)

    def _rules(self, folder: FolderRef) -> FolderRules | None:
        """What is in effect in a folder."""
        stack = self._open
        while stack and stack[-1][0].depth > folder.depth:
            stack.pop()
        if stack and stack[-1][0] is folder:
            return stack[-1][1]
        way = [folder]
        while (above := way[-1].parent) is not None:
            while stack and stack[-1][0].depth > above.depth:
                stack.pop()
            if stack and stack[-1][0] is above:
                break
            way.append(above)
        if above is None:
            stack.clear()
        for one in reversed(way):
            stack.append((one, self._enter(one, stack[-1][1] if stack else None)))
        return stack[-1][1]

    def _enter(
        self, folder: FolderRef, above: FolderRules | None
    ) -> FolderRules | None:
        if folder.row is not None and (
            above is None or above.line(folder.row[0], is_directory=True) is not None
        ):
            return None
        if above is not None and above.settled and not folder.holds_gitignore:
            return above
        assert self._ignored is not None  # or nobody asks for rules
        return self._ignored.folder(folder.path, folder.holds_gitignore)
