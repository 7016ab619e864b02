"""Files that a RUN gives another owner or mode, and so stores once more.

A layer holds whole files: one of which only the owner has changed is in it again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ctxopt.core.checking.dockerfile_advice.reading import (
    ReadStage,
    ReadStep,
    in_one_line,
    listed,
    said_of,
)
from ctxopt.core.checking.families import dockerfile
from ctxopt.core.dockerfile.records import Instruction, Trace
from ctxopt.core.model import Problem
from ctxopt.core.running.places import Places, within
from ctxopt.core.running.shell import Simple
from ctxopt.core.running.whereabouts import placed
from ctxopt.core.tuples import NamedTuple

_FLAGS = {"chown": "chown", "chgrp": "chown", "chmod": "chmod"}


class _Copied(NamedTuple):
    """A COPY or ADD, and where it has laid something."""

    instruction: Instruction
    place: str


def stored_again(
    trace: Trace, laid: Places, stages: Sequence[ReadStage]
) -> Iterator[Problem]:
    """A RUN of the image that changes whole folders of what was copied into it.

    Source: Dockerfile reference, COPY --chown --chmod; overlayfs copies a file up when
    its metadata change (Linux, Documentation/filesystems/overlayfs.rst).
    """
    copied: list[_Copied] = []
    for number, stage in enumerate(stages):
        if not stage.is_kept:
            continue
        for step in stage.steps:
            copied += _copied(trace, laid, number, step)
            changes = [(one, _changed(one, copied)) for one in step.commands]
            found = dict.fromkeys(copy for _, some in changes for copy in some)
            if found:
                commands = [one for one, some in changes if some]
                yield _problem(step, [*found], commands)


def _copied(
    trace: Trace, laid: Places, stage: int, step: ReadStep
) -> Iterator[_Copied]:
    """Where an instruction lays what it copies, if that can be told."""
    own = trace.runs[stage].steps[step.number].sources
    if step.instruction.name not in ("COPY", "ADD") or not own:
        return
    source = trace.sources[own[0]]
    if not source.destination_assumed and "$" not in source.destination:
        folder = laid.stages[stage].folders[step.number]
        yield _Copied(step.instruction, placed(folder, source.destination))


def _changed(command: Simple, copied: Sequence[_Copied]) -> Sequence[Instruction]:
    """What a command that goes through whole folders changes of what was copied."""
    flag = _FLAGS.get(command.program, "")
    if not flag or not any(map(_is_recursive, command.words[1:])):
        return ()
    plain = [one for one in command.words[1:] if not one.startswith("-")]
    places = [placed(command.folder, one.removesuffix("/*")) for one in plain[1:]]
    return [
        one.instruction
        for one in copied
        if any(within(one.place, place) is not None for place in places)
        and not one.instruction.flag(flag)
    ]


def _is_recursive(word: str) -> bool:
    letters = word[1:] if word.startswith("-") and word[1:2] != "-" else ""
    return "R" in letters or word == "--recursive"


def _problem(
    step: ReadStep, copies: Sequence[Instruction], commands: Sequence[Simple]
) -> Problem:
    lines = listed([str(one.location.line) for one in copies])
    what = f'"{in_one_line(copies[0])}" (line {lines})'
    if len(copies) > 1:
        what = f"the copies of lines {lines}"
    flags = dict.fromkeys(f"--{_FLAGS[one.program]}" for one in commands)
    return said_of(
        dockerfile.STORED_AGAIN,
        step,
        f"this {commands[0].program} stores once more what it changes of {what}: "
        "a layer holds whole files",
        subject=commands[0].program,
        cure=f"say {listed([*flags])} in line{'s' * (len(copies) > 1)} {lines} instead",
    )
