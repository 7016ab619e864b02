"""A tree that answers only so many questions, for what must not take long."""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.core.sources.tree import Found, Tree

# A name that a listing tells costs far less than one that the disk is asked about.
_NAMES_A_LOOK = 20


class UntoldError(Exception):
    """It cannot be told, or not in time; nothing may be said of what depends on it."""


class LimitedTree:
    """A tree that can be asked `most` times in all; each method raises UntoldError."""

    def __init__(self, tree: Tree, most: int) -> None:
        self._tree = tree
        self._left = most * _NAMES_A_LOOK  # in names

    def kind(self, path: str) -> Found | None:
        """What stands at `path`; None when nothing does or it cannot be told."""
        self._look()
        return self._tree.kind(path)

    def target(self, path: str) -> str:
        """The text of the symbolic link at `path`; "" when it cannot be read."""
        self._look()
        return self._tree.target(path)

    def names(self, path: str) -> Sequence[str]:
        """The names in a folder, sorted by their bytes; none when it fails."""
        self._look()
        found = self._tree.names(path)
        self.pass_by(len(found))
        return found

    def folders(self, path: str) -> Sequence[str]:
        """The folders among them, links aside."""
        self.names(path)
        return self._tree.folders(path)

    def head(self, path: str) -> bytes:
        """The first 4 KiB of a regular file; nothing when it cannot be read."""
        self._look()
        return self._tree.head(path)

    def pass_by(self, names: int) -> None:
        """Count names that are gone through without a look at what they name."""
        self._left -= names
        if self._left < 0:
            raise UntoldError

    def _look(self) -> None:
        self.pass_by(_NAMES_A_LOOK)
