"""Somebody who is told what to follow, and remembers it."""

from __future__ import annotations

from ctxopt.host.watches.watches import Asked


class Following:
    """Notes every folder that is to be followed, in order."""

    def __init__(self) -> None:
        self.folders: list[str] = []

    def follow(self, folder: str) -> None:
        """One more folder."""
        self.folders.append(folder)

    def ask(self, folder: str) -> Asked:
        """The same in a worker."""
        return Asked(1)

    def note(self, folder: str, asked: Asked) -> None:
        """One more folder, which a worker has read."""
        self.folders.append(folder)
