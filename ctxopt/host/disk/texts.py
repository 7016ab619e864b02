"""Texts that people wrote, read once each and within bounds."""

from __future__ import annotations

import os

from ctxopt.errors import CtxoptError
from ctxopt.host.disk.bounded import read_at_once

FILE_BYTES = 1 << 20  # a larger one was not written by a person
OUTSIDE = "it lies outside of the repository, and is not read"


class BuildFileReader:
    """Reads files by their paths; what cannot be read is told once, and is none."""

    def __init__(
        self, most_bytes: int = FILE_BYTES, *, within: str | None = None
    ) -> None:
        """With `within`, files are read that lie in that folder, and no others."""
        self._most_bytes = most_bytes
        self._within = within
        self._known: dict[str, bytes | None] = {}
        self.problems: list[CtxoptError] = []

    def __call__(self, path: str) -> bytes | None:
        """The content of a file; None where there is none, or it cannot be read."""
        if path not in self._known:
            self._known[path] = self._read(path)
        return self._known[path]

    def _read(self, path: str) -> bytes | None:
        if self._within is not None and not lies_in(self._within, path):
            self._tell(path, OUTSIDE, "copy it into the repository")
            return None
        try:
            content = read_at_once(path)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError, ValueError):
            return None
        except OSError as error:
            self._tell(path, f"cannot read it: {error.strerror}", "check the file")
            return None
        if len(content) <= self._most_bytes:
            return content
        words = f"it has more than {self._most_bytes >> 10} KiB, and is not read"
        self._tell(path, words, "name a smaller one")
        return None

    def _tell(self, path: str, message: str, hint: str) -> None:
        self.problems.append(CtxoptError(message, hint=hint, file=path))


def lies_in(folder: str, path: str) -> bool:
    """Whether a path leads into a folder, or to it, with all links followed."""
    top, real = os.path.realpath(folder), os.path.realpath(path)
    return real == top or real.startswith(f"{top.rstrip('/')}/")


def process_environment() -> dict[str, str]:
    """The variables of this process."""
    return dict(os.environ)
