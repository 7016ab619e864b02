"""What git tracks, for who asks of paths."""

from __future__ import annotations

from collections.abc import Iterator

from ctxopt.core.typed import Protocol


class Tracked(Protocol):  # pragma: no cover
    """The paths that git tracks."""

    def below(self, path: str) -> int:
        """How many tracked files are at a path or below it."""

    def containing(self, text: str) -> Iterator[str]:
        """The tracked paths that hold a text."""
