"""Questions about single paths of a context, apart from its walk.

Before it, where COPY's sources and the links on their way lead; after it, what stands
beside what was found, inside it and in it. For example, the tree of a context with
`app -> src` says of "app" that it is a link, and that its target is "src".
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from ctxopt.core.typed import Protocol


class Found(Enum):
    """What stands at a path; links are not followed."""

    DIRECTORY = "directory"
    LINK = "link"
    FILE = "file"
    OTHER = "other"  # a pipe, a socket, a device


class Tree(Protocol):
    """A folder of the disk; paths are relative to it, "" is the folder itself."""

    def kind(self, path: str) -> Found | None:
        """What stands at `path`; None when nothing does or it cannot be told."""

    def target(self, path: str) -> str:
        """The text of the symbolic link at `path`; "" when it cannot be read."""

    def names(self, path: str) -> Sequence[str]:
        """The names in a folder, sorted by their bytes; none when it fails."""

    def folders(self, path: str) -> Sequence[str]:
        """The folders among them, links aside: no look at each is needed for that."""

    def head(self, path: str) -> bytes:
        """The first 4 KiB of a regular file; nothing when it cannot be read."""
