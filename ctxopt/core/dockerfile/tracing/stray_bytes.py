"""Commands with bytes that are not UTF-8, which BuildKit cannot hand to its engine.

All other words pass through the expansion of variables or through JSON, and both put
another character in the place of such a byte; a script of its own is a file.
Rule: moby/buildkit, dockerfile2llb/convert.go, dispatchRun; solver/pb, where the words
of a command are strings of protobuf.
"""

from __future__ import annotations

import re

from ctxopt.core.dockerfile.records import Instruction
from ctxopt.core.dockerfile.refusal import RefusalError, refuse
from ctxopt.core.dockerfile.syntax.instructions import opened_heredoc
from ctxopt.core.dockerfile.syntax.lines import LEADING_TABS

_STRAY = re.compile("[\udc80-\udcff]")


def has_stray_bytes(instruction: Instruction) -> bool:
    """Whether a RUN keeps bytes that are not UTF-8 in what its shell is to do."""
    if instruction.name != "RUN" or instruction.json or _is_script(instruction):
        return False
    bodies = (heredoc.content for heredoc in instruction.heredocs)
    return any(map(_STRAY.search, (*instruction.arguments, *bodies)))


def refused(instruction: Instruction) -> RefusalError:
    """The refusal of such a command, in BuildKit's words."""
    message = "failed to marshal LLB definition: string field contains invalid UTF-8"
    return refuse(message, "save the Dockerfile as UTF-8", instruction)


def _is_script(instruction: Instruction) -> bool:
    """Whether it runs one heredoc and nothing else, which says by what."""
    if not instruction.heredocs or opened_heredoc(instruction.arguments[0]) is None:
        return False
    heredoc = instruction.heredocs[0]
    content = heredoc.content
    return (LEADING_TABS.sub("", content) if heredoc.chomp else content)[:2] == "#!"
