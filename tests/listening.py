"""Somebody who waits, and writes down what is told."""

from __future__ import annotations

from ctxopt.core.steps import Step


class Heard:
    """Hears of a walk and of the steps after it."""

    def __init__(self) -> None:
        self.steps: list[tuple[Step, int, int]] = []

    def __call__(self, entries: int, file_bytes: int) -> None:
        """A walk: its counts are another test's affair."""

    def advising(self, step: Step, done: int = 0, of: int = 0) -> None:
        """Write down a step."""
        self.steps.append((step, done, of))

    def counts(self, step: Step) -> list[tuple[int, int]]:
        """What was counted of a step, each once."""
        return [*dict.fromkeys(one[1:] for one in self.steps if one[0] is step)]
