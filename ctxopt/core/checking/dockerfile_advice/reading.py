"""The stages of a build, with the commands of each RUN told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from ctxopt.core.dockerfile.records import Instruction, StageRun, Trace
from ctxopt.core.dockerfile.refusal import RefusalError
from ctxopt.core.dockerfile.tracing.triggers import fired
from ctxopt.core.findings.codes import Finding
from ctxopt.core.golang.errors import RuleError
from ctxopt.core.model import Problem
from ctxopt.core.running.commands import simple_commands, take_variables
from ctxopt.core.running.places import Places
from ctxopt.core.running.shell import Simple, expanded
from ctxopt.core.tuples import NamedTuple

if TYPE_CHECKING:
    from ctxopt.core.dockerfile.syntax.mounts import Mount

_SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "ksh"})

_LONGEST = 60  # characters of an instruction that a message quotes


class ReadStep(NamedTuple):
    """An instruction, and what it runs: nothing where that is no POSIX shell.

    Of `RUN apt-get update && make` the commands are those of apt-get and of make.
    """

    instruction: Instruction  # of an ONBUILD what it will fire
    number: int  # of its step in the stage
    commands: tuple[Simple, ...] = ()
    mounts: tuple[Mount, ...] = ()
    is_trigger: bool = False  # it stands behind ONBUILD

    def lends(self, *folders: str) -> bool:
        """Whether a cache, or a disk in memory, is mounted at or above a folder."""
        return any(
            mount.type in ("cache", "tmpfs")
            and f"{folder}/".startswith(f"{mount.target.rstrip('/')}/")
            for mount in self.mounts
            for folder in folders
        )


class ReadStage(NamedTuple):
    """A stage that a build executes."""

    base: int | None  # index of the stage that it stands on
    image: str  # what it begins with, if that is no stage
    steps: tuple[ReadStep, ...]
    is_kept: bool  # the target is this stage, or stands on it


def read_stages(trace: Trace, laid: Places) -> tuple[ReadStage, ...]:
    """The stages that the target of a build needs; the last one is the target."""
    kept = {*_lineage(trace.runs)}
    reader = _Reader()
    return tuple(
        ReadStage(
            run.base,
            run.image,
            reader.steps(run, laid.stages[number].folders),
            number in kept,
        )
        for number, run in enumerate(trace.runs)
    )


def _lineage(runs: Sequence[StageRun]) -> Iterator[int]:
    """The target, and the stages that it stands on."""
    number = len(runs) - 1 if runs else None
    while number is not None:
        yield number
        number = runs[number].base


def kept_steps(stages: Sequence[ReadStage]) -> tuple[ReadStep, ...]:
    """All steps whose layers are in the image that is built, in their order."""
    return tuple(step for stage in stages if stage.is_kept for step in stage.steps)


def said_of(
    finding: Finding, step: ReadStep, message: str, *, subject: str, cure: str = ""
) -> Problem:
    """A problem of an instruction, at the word that it is about."""
    instruction = step.instruction
    problem = finding.problem(message, place=instruction.location, subject=subject)
    at = instruction.first_line.find(subject)
    column = at + 1 if subject and at >= 0 else None
    return problem._replace(column=column, hint=cure or problem.hint)


def in_one_line(instruction: Instruction) -> str:
    """An instruction as messages quote it: one line, of a long one the beginning."""
    words = (line.rstrip().removesuffix("\\") for line in instruction.text.split("\n"))
    said = " ".join(" ".join(words).split())
    return said if len(said) <= _LONGEST else said[: _LONGEST - 1].rstrip() + "…"


def listed(words: Sequence[str], most: int | None = None) -> str:
    """Some words as messages name them: `a`, `a and b`, `a, b and c`.

    Of more than `most` the first ones, and how many more there are: two or more.
    """
    if most is not None and len(words) > most + 1:
        return f"{', '.join(words[:most])} and {len(words) - most:,} more"
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


class _State(NamedTuple):
    """What a stage leaves to those that stand on it."""

    variables: Mapping[str, str]
    is_shell: bool


class _Reader:
    """Goes through the stages in their order."""

    def __init__(self) -> None:
        self._ends: list[_State] = []

    def steps(self, run: StageRun, folders: Sequence[str]) -> tuple[ReadStep, ...]:
        """The steps of a stage; those of the stage below it have been read."""
        start = _State({}, is_shell=True)
        state = start if run.base is None else self._ends[run.base]
        steps: list[ReadStep] = []
        for number, step in enumerate(run.steps):
            state = _after(state, step.instruction)
            read = _read(step.instruction, number, state, folder=folders[number])
            steps += () if read is None else (read,)
        self._ends.append(state)
        return tuple(steps)


def _after(state: _State, instruction: Instruction) -> _State:
    if instruction.name == "SHELL":
        program = instruction.arguments[0].replace("\\", "/").rpartition("/")[2]
        return state._replace(is_shell=program in _SHELLS)
    if instruction.name in ("ENV", "ARG"):
        variables = dict(state.variables)
        take_variables(variables, instruction)
        return state._replace(variables=variables)
    return state


def _read(
    instruction: Instruction, number: int, state: _State, *, folder: str
) -> ReadStep | None:
    is_trigger = instruction.text.lstrip()[:7].upper() == "ONBUILD"
    if instruction.name == "ONBUILD":
        try:
            instruction = fired(instruction)
        except RefusalError:
            return None  # whoever builds on this image is told
    if instruction.name != "RUN":
        return ReadStep(instruction, number, is_trigger=is_trigger)
    expand = partial(expanded, variables=state.variables)
    commands: tuple[Simple, ...] = ()
    if (state.is_shell or instruction.json) and not _is_foreign(instruction):
        variables = dict(state.variables)
        commands = tuple(simple_commands(instruction, folder, variables))
    return ReadStep(
        instruction=instruction,
        number=number,
        commands=commands,
        mounts=tuple(_mounts(instruction, expand)),
        is_trigger=is_trigger,
    )


def _is_foreign(instruction: Instruction) -> bool:
    """Whether a heredoc begins with the name of an interpreter that is no shell."""
    firsts = (one.content.split("\n", 1)[0] for one in instruction.heredocs)
    return any(
        first.startswith("#!")
        and not _SHELLS & {word.rpartition("/")[2] for word in first[2:].split()}
        for first in firsts
    )


def _mounts(instruction: Instruction, expand: Callable[[str], str]) -> Iterator[Mount]:
    values = instruction.flag_values("mount")
    if not values:
        return
    # Start-up: few commands have mounts.
    from ctxopt.core.dockerfile.syntax.mounts import parse_mount

    for value in values:
        try:
            yield parse_mount(value, expand)
        except RuleError:
            continue  # a variable that only its builder knows
