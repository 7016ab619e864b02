"""Refusals: what the builder would say, and where."""

from __future__ import annotations

from ctxopt.core.dockerfile.records import Instruction
from ctxopt.core.golang.errors import RuleError
from ctxopt.core.golang.quoting import spell_out
from ctxopt.errors import DockerfileError


class LimitError(RuleError):
    """A bound of ctxopt's own is reached, where the builder might go on."""


class RefusalError(DockerfileError):
    """A DockerfileError that knows how docker itself introduces the message.

    Control characters and stray bytes are spelt out in what it shows.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str,
        file: str,
        line: int | None = None,
        text: str | None = None,
        end_line: int | None = None,
        prefixed: bool = False,
    ) -> None:
        super().__init__(
            spell_out(message),
            hint=hint,
            file=file,
            line=line,
            text=None if text is None else spell_out(text),
            end_line=end_line,
        )
        self.prefixed = prefixed


def as_docker_prints(error: DockerfileError) -> str:
    """Give the whole message as the builder prints it, after `failed to solve: `.

    Only what the instruction parser refuses is introduced with its line; what the
    line parser, the linking and the execution refuse stands alone.
    """
    if isinstance(error, RefusalError) and error.prefixed:
        return f"dockerfile parse error on line {error.line}: {error.message}"
    return error.message


def refuse(message: str, hint: str, instruction: Instruction) -> RefusalError:
    """Give the refusal of an instruction that parses."""
    return RefusalError(
        message,
        hint=hint,
        file=instruction.location.file,
        line=instruction.location.line,
        text=instruction.text,
        end_line=instruction.location.end_line,
    )
