"""The few questions about single paths that must be asked before the walk."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Protocol


class Found(Enum):
    """What stands at a path; links are not followed."""

    DIRECTORY = "directory"
    LINK = "link"
    OTHER = "other"


class Tree(Protocol):
    """A folder of the disk; paths are relative to it, "" is the folder itself."""

    def kind(self, path: str) -> Found | None:
        """What stands at `path`; None when nothing does or it cannot be told."""

    def target(self, path: str) -> str:
        """The text of the symbolic link at `path`; "" when it cannot be read."""

    def names(self, path: str) -> Sequence[str]:
        """The names in a folder, sorted by their bytes; none when it fails."""
