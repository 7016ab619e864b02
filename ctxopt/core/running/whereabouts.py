"""The folder that a shell is in, and those that it may be in instead.

Behind `[ -d web ] && cd web;` it is where it was, or in `web`. Rule: POSIX, cd; Bash
Reference Manual, 6.8 (the directory stack).
"""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from ctxopt.core.running.syntax.ways import Way, Ways
from ctxopt.core.running.words import HOME

_MOST = 6  # places that it may be in
_NOWHERE = (Way(-1, 0, 2),)  # leads to no command for certain
GOING = frozenset({"cd", "pushd", "popd"})


class Whereabouts:
    """Follows a shell from folder to folder."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.others: tuple[str, ...] = ()  # where it may be instead
        self._moves: list[tuple[Ways, str]] = [((), folder)]
        self._before = folder
        self._pushed: list[str] = []
        self._around: list[tuple[list[tuple[Ways, str]], str, str]] = []

    def look(self, ways: Ways) -> None:
        """Find out where a command is run that some branches lead to."""
        if len(self._moves) == 1:
            return
        sure = [n for n, one in enumerate(self._moves) if one[0] == ways[: len(one[0])]]
        last = sure[-1] if sure else 0
        self.folder = self._moves[last][1]
        rest = dict.fromkeys(folder for _, folder in self._moves[last + 1 :])
        self.others = tuple(one for one in rest if one != self.folder)

    def go(self, words: Sequence[str], ways: Ways) -> None:
        """Go where `cd`, `pushd` or `popd` leads."""
        told = [one for one in words[1:] if one == "-" or not one.startswith("-")]
        to = told[0] if told else HOME
        before = self.folder
        if words[0] == "popd":
            to = self._pushed.pop() if self._pushed else "."
        elif to == "-":
            to = self._before
        if words[0] == "pushd":
            self._pushed.append(before)
        moves = [] if not ways else self._moves
        moves = [*moves, (ways, placed(before, to))]
        moves += [(_NOWHERE, placed(one, to)) for one in self.others]
        self._moves = moves[-_MOST:]
        self.folder, self._before = placed(before, to), before

    def enter(self) -> None:
        """Begin a shell inside this one."""
        self._around.append((self._moves, self.folder, self._before))

    def leave(self) -> None:
        """Come back from it."""
        if self._around:
            self._moves, self.folder, self._before = self._around.pop()
            self.others = ()


def placed(folder: str, path: str) -> str:
    """A path as seen from a folder, without `.` and `..`."""
    return posixpath.normpath(posixpath.join(folder, path))
