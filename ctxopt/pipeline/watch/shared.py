"""One word of the system for many builds: a folder that several see is watched once.

The watches stand on one root above all contexts. Each build has a `Share`, which takes
and tells folders as they are called from its own context, and hears of no other.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Protocol

from ctxopt.core.paths import join
from ctxopt.host.watches.notice import FsEvent
from ctxopt.host.watches.watches import Asked, Watches
from ctxopt.pipeline.survey import shared_round


class Follower(shared_round.Follower, Protocol):
    """What is asked to watch the folders of one context."""

    @property
    def followed(self) -> frozenset[str]:
        """The folders that notices can come from."""

    def unfollow(self, folder: str) -> None:
        """Have no more notices about a folder."""

    def close(self) -> None:
        """Have no more notices at all."""


class SharedWatches:
    """The watches of many builds, below one root."""

    def __init__(self, root: str) -> None:
        self._root = os.path.realpath(root)
        self._followers: Counter[str] = Counter()  # by folder from the root
        self.watches = Watches(self._root)

    def share(self, context: str) -> Share | None:
        """The part of a build; None where its context lies outside of the root."""
        below = os.path.relpath(os.path.realpath(context), self._root)
        if below == ".." or below.startswith("../"):
            return None
        return Share(self, "" if below == "." else below)

    def count(self, folder: str) -> None:
        """Know that a folder is watched for one more build."""
        self._followers[folder] += 1

    def unfollow(self, folder: str) -> None:
        """Watch a folder for one build less."""
        self._followers[folder] -= 1
        if self._followers[folder] <= 0:
            del self._followers[folder]
            self.watches.unfollow(folder)

    def lose(self, folder: str) -> None:
        """Know that a folder of one build is not watched any more."""
        self._followers[folder] -= 1
        if self._followers[folder] <= 0:
            del self._followers[folder]


class Share:
    """The folders of one context among the watches of many."""

    def __init__(self, shared: SharedWatches, prefix: str) -> None:
        self.watches = shared.watches
        self._shared = shared
        self._prefix = prefix
        self._followed: set[str] = set()

    @property
    def followed(self) -> frozenset[str]:
        """The folders that this build is told of."""
        return frozenset(self._followed)

    def follow(self, folder: str) -> None:
        """Have notices about a folder, by its path from the context."""
        self.watches.follow(self._counted(folder))

    def ask(self, folder: str) -> Asked:
        """The same in a worker, whose parent must `note` what came of it."""
        return self.watches.ask(self._from_root(folder))

    def note(self, folder: str, asked: Asked) -> None:
        """Have notices about a folder by what came of asking."""
        self.watches.note(self._counted(folder), asked)

    def unfollow(self, folder: str) -> None:
        """Have no more notices about a folder; other builds go on."""
        if folder in self._followed:
            self._followed.remove(folder)
            self._shared.unfollow(self._from_root(folder))

    def close(self) -> None:
        """Have no more notices at all; other builds go on."""
        for folder in self.followed:
            self.unfollow(folder)

    def heard(self, notices: Iterable[FsEvent]) -> Iterator[FsEvent]:
        """Those notices that are about this build, from its context on."""
        for one in notices:
            if one.kind == "overflow":
                yield one
                continue
            folder = self._from_context(one.folder)
            if folder is None or folder not in self._followed:
                continue
            if one.kind == "gone":
                self._followed.remove(folder)
                self._shared.lose(one.folder)
            yield one._replace(folder=folder)

    def _counted(self, folder: str) -> str:
        """A folder of this build from the root; it is watched for the build, too."""
        path = self._from_root(folder)
        if folder not in self._followed:
            self._followed.add(folder)
            self._shared.count(path)
        return path

    def _from_root(self, folder: str) -> str:
        return join(self._prefix, folder) if folder else self._prefix

    def _from_context(self, folder: str) -> str | None:
        if not self._prefix:
            return folder
        if folder == self._prefix:
            return ""
        head = f"{self._prefix}/"
        return folder.removeprefix(head) if folder.startswith(head) else None
