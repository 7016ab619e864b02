"""Which instructions only BuildKit understands."""

from __future__ import annotations

from collections.abc import Iterator

from ctxopt.core.dockerfile.records import Instruction
from ctxopt.core.dockerfile.values.giturl import parse_git
from ctxopt.core.golang.errors import RuleError
from ctxopt.core.model import Location

_COPY_FLAGS = frozenset(
    ["chmod", "link", "parents", "exclude", "checksum", "keep-git-dir", "unpack"]
)


def buildkit_features(
    instruction: Instruction, paths: tuple[str, ...] = ()
) -> Iterator[tuple[Location, str]]:
    """Give what the classic builder refuses or overlooks, once per instruction.

    `paths` are the expanded sources of an ADD.
    Rule: moby/moby, daemon/builder/dockerfile/dispatchers.go.
    """
    for feature in dict.fromkeys(_features(instruction, paths)):
        yield instruction.location, feature


def _features(instruction: Instruction, paths: tuple[str, ...]) -> Iterator[str]:
    if instruction.heredocs:
        yield "heredoc"
    for flag in instruction.flags:
        if instruction.name == "RUN":
            yield f"RUN --{flag.name}"
        elif instruction.name in ("ADD", "COPY") and flag.name in _COPY_FLAGS:
            yield f"--{flag.name}"
    if instruction.name == "ADD" and any(map(_is_git, paths)):
        yield "ADD from git"


def _is_git(path: str) -> bool:
    try:
        return parse_git(path) is not None
    except RuleError:
        return True
