"""A rule of Go or of the builder is broken; who knows the place says where."""

from __future__ import annotations


class RuleError(Exception):
    """A rule is broken; whoever knows the place turns this into a DockerfileError."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class GoRegexpError(ValueError):
    """Go's regexp.Compile would refuse the text; the message says why."""


class TooManyStepsError(GoRegexpError):
    """The counts in the expression come to more than is followed here."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(
            f"its counts come to {size:,} steps, and ctxopt follows {limit:,} "
            "(the limit is its own)"
        )
