"""Which folders are polled, what was seen in them, and when to look again.

A thousand folders that take two seconds to be listed are listed in turns of a tenth of
a second, with nine tenths of rest after each.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from ctxopt.host.watches.polling import FolderListing

# Polling takes a tenth of the time at most, however many folders there are, and keeps
# nobody waiting for longer than a slow folder takes.
REST = 9
SLICE_SECONDS = 0.1


class PolledFolders:
    """The folders that are polled, in turns."""

    __slots__ = ("_listings", "_round", "_seconds", "_silent", "due")

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds  # between two rounds, if they are short
        self._listings: dict[str, FolderListing] = {}
        self._silent: dict[str, str] = {}
        self._round: list[str] = []  # folders to look at before the next one begins
        self.due = 0.0  # when to look again

    def __len__(self) -> int:
        """How many there are."""
        return len(self._listings)

    def __contains__(self, folder: str) -> bool:
        """Whether a folder is polled."""
        return folder in self._listings

    @property
    def folders(self) -> AbstractSet[str]:
        """All of them."""
        return self._listings.keys()

    @property
    def silent(self) -> Mapping[str, str]:
        """Those whose file system keeps silent, and what it is."""
        return self._silent

    def listing(self, folder: str) -> FolderListing | None:
        """What was seen in a folder last; None where it is not polled."""
        return self._listings.get(folder)

    def add(self, folder: str, listing: FolderListing, *, silent: str) -> None:
        """Poll a folder from now on; `silent` is its file system, if that is."""
        if not self._listings:
            self.due = time.monotonic() + self._seconds
        self.keep(folder, listing, silent=silent)

    def keep(self, folder: str, listing: FolderListing, *, silent: str) -> None:
        """Go on polling a folder, no later than it was to be looked at."""
        if silent:
            self._silent[folder] = silent
        self._listings[folder] = listing

    def see(self, folder: str, listing: FolderListing) -> None:
        """That is what stands in a polled folder now."""
        self._listings[folder] = listing

    def remove(self, folder: str) -> None:
        """Do not poll it any more, if it is polled."""
        self._listings.pop(folder, None)
        self._silent.pop(folder, None)

    def turn(self) -> Iterator[str]:
        """The folders to look at now; all of them in the end."""
        start = time.monotonic()
        if not self._round:
            self._round = [*reversed(self._listings)]
        while self._round and time.monotonic() - start < SLICE_SECONDS:
            folder = self._round.pop()
            if folder in self._listings:
                yield folder
        now = time.monotonic()
        rest = REST * (now - start)
        self.due = now + (rest if self._round else max(self._seconds, rest))

    def clear(self) -> None:
        """Poll none of them."""
        self._listings.clear()
