"""ONBUILD: what fires in the stage that is built on another.

Rule: moby/buildkit, dockerfile2llb/convert.go, initOnBuildTriggers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ctxopt.core.dockerfile.records import Instruction
from ctxopt.core.dockerfile.refusal import RefusalError, refuse
from ctxopt.core.dockerfile.syntax.instructions import read_instruction
from ctxopt.core.dockerfile.syntax.lines import read_lines
from ctxopt.core.golang.errors import RuleError

# A thousand triggers in a base and a thousand stages on it are a million instructions,
# from a file of 64 kB. This bound is ctxopt's own.
_MAX_FIRED = 10_000


class Triggers:
    """The triggers of one build; each is read once, however often it fires."""

    def __init__(self) -> None:
        self._fired = 0
        self._read: dict[Instruction, Instruction] = {}

    def fire(self, triggers: Iterable[Instruction]) -> Iterator[Instruction]:
        """Give what fires in a stage, one after another.

        Raises RefusalError.
        """
        for trigger in triggers:
            self._fired += 1
            if self._fired > _MAX_FIRED:
                message = (
                    f"ONBUILD fires more than {_MAX_FIRED} times, and ctxopt stops at "
                    "that (the limit is its own, docker has none)"
                )
                hint = "build fewer stages on that base, or give it fewer triggers"
                raise refuse(message, hint, trigger)
            if trigger not in self._read:
                self._read[trigger] = fired(trigger)
            yield self._read[trigger]


def fired(onbuild: Instruction) -> Instruction:
    """Read a trigger now that it fires; it keeps the place of its ONBUILD.

    The text is read as a file of its own, so `# escape=` does not reach it.
    Raises RefusalError.
    """
    try:
        instruction = _only_instruction(onbuild)
    except RefusalError as error:
        raise refuse(error.message, error.hint or "", onbuild) from None
    except RuleError as error:
        raise refuse(error.message, error.hint, onbuild) from None
    return instruction._replace(location=onbuild.location, text=onbuild.text)


def _only_instruction(onbuild: Instruction) -> Instruction:
    lines = read_lines(onbuild.arguments[0], onbuild.location.file)
    if len(lines.statements) != 1:
        message = "onbuild trigger should be a single expression"
        raise RuleError(message, "write one instruction after ONBUILD")
    instruction = read_instruction(lines.statements[0])
    if instruction.name == "FROM":
        message = "*instructions.Stage is not a command type"
        raise RuleError(message, "use another instruction")
    return instruction
