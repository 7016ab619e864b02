"""What is done about builds once they are measured, for who waits for it."""

from __future__ import annotations

from enum import Enum

from ctxopt.core.typed import Protocol


class Step(Enum):
    """A part of the work that may take seconds."""

    READING = "reading"  # the Dockerfiles that lie in the context
    ADVISING = "advising"  # what can go of one build
    EACH = "each"  # the same of each of several builds
    TOGETHER = "together"  # what can go of those with one ignore file
    ALONE = "alone"  # what could, had each Dockerfile a file of its own


class Listener(Protocol):  # pragma: no cover
    """Who waits: hears of each step, again and again."""

    def advising(self, step: Step, done: int = 0, of: int = 0) -> None:
        """Take note of a step; of what is counted, `done` is the one in work."""


class Waiting(Listener, Protocol):  # pragma: no cover
    """Who waits for a walk, too: called with entries and file bytes so far."""

    def __call__(self, entries: int, file_bytes: int) -> None:
        """Take note of how far a walk is."""


class _Nobody:
    def advising(self, step: Step, done: int = 0, of: int = 0) -> None:
        """Nobody waits."""


NOBODY: Listener = _Nobody()


class OneOfMany:
    """Tells somebody who waits for many builds which one it is.

    What is told of one alone is told as where the whole is.
    """

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._now = Step.ADVISING, 0, 0

    def begin(self, step: Step, done: int, of: int) -> None:
        """Take note of the build that comes next."""
        self._now = step, done, of
        self._listener.advising(*self._now)

    def advising(self, step: Step, done: int = 0, of: int = 0) -> None:
        """Pass on a step of one build."""
        if step is Step.ADVISING:
            self._listener.advising(*self._now)
        else:
            self._listener.advising(step, done, of)
