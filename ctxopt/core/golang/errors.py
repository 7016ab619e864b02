"""A rule of Go or of the builder is broken; who knows the place says where."""

from __future__ import annotations


class RuleError(Exception):
    """A rule is broken; whoever knows the place turns this into a DockerfileError."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
