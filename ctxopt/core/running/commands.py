"""The commands of a build, one by one, and where each runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ctxopt.core.dockerfile.records import Instruction
from ctxopt.core.running.places import UNKNOWN, Places, within
from ctxopt.core.running.shell import (
    Simple,
    commands_in,
    exec_command,
    expanded,
)
from ctxopt.core.running.syntax.ways import Ways
from ctxopt.core.tuples import NamedTuple

STARTED = frozenset({"CMD", "ENTRYPOINT", "HEALTHCHECK"})
SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "source", "."})


class Command(NamedTuple):
    """One command of a build, and where it runs."""

    file: str
    line: int
    text: str
    words: tuple[str, ...] = ()
    folder: str = UNKNOWN  # a place of its stage
    stage: int = -1  # index into Trace.runs; -1: of another build
    step: int = -1
    instruction: str = "RUN"
    script: str = ""  # the file of the context that it stands in
    script_line: int = 0
    ways: Ways = ()  # the branches that lead to it; (): it is run whatever happens
    # Paths of the context for which it is left out, those together that all have to be
    # there: make runs nothing for a target that it finds.
    bars: tuple[tuple[str, ...], ...] = ()

    def is_barred(self, without: str = "") -> bool:
        """Whether what lies there may have it left out, when one path goes."""
        return any(
            not (without and any(within(one, without) is not None for one in bar))
            for bar in self.bars
        )

    @property
    def program(self) -> str:
        """The name of its program, without a folder."""
        return self.words[0].rpartition("/")[2] if self.words else ""

    @property
    def moment(self) -> int:
        """The step whose files it sees; -1: those of the stage when it is done."""
        return self.step if self.instruction == "RUN" else -1

    @property
    def place(self) -> str:
        """Where it stands, as messages name it."""
        if self.script:
            return (
                f"{self.script}:{self.script_line}"
                if self.script_line
                else (self.script)
            )
        return f"{self.file}:{self.line}"


class Started(NamedTuple):
    """A path that a program names which a command starts."""

    command: Command
    path: str


class Running(NamedTuple):
    """What the commands of a build do, as far as they can be read."""

    commands: tuple[Command, ...] = ()
    places: Places = Places()
    unread: tuple[Command, ...] = ()  # that start what cannot be read
    started: tuple[Started, ...] = ()  # paths in the programs that are started
    variables: tuple[dict[str, str], ...] = ()  # of each stage, at its end


def elsewhere(found: Iterable[tuple[str, int, str]]) -> Iterator[Command]:
    """The commands of other builds, of which no more is known than their text."""
    for file, line, text in found:
        for one in commands_in(_without_flags(text), UNKNOWN):
            yield Command(file, line, one.text, one.words, one.folder)


def _without_flags(text: str) -> str:
    """An instruction without its name and its flags."""
    body = re.sub(r"^\s*\w+\s+", "", text)
    if not body.startswith("--"):
        return body
    return re.sub(r"^(?:--\w[\w-]*(?:=\S+)?(?:\s|\\\n)+)+", "", body)


def take_variables(variables: dict[str, str], instruction: Instruction) -> None:
    """Take note of what an ENV or an ARG sets, for the commands behind it."""
    if instruction.name == "ENV":
        pairs = instruction.pairs
    else:
        parted = (word.partition("=") for word in instruction.arguments)
        pairs = tuple((name, value) for name, mark, value in parted if mark)
    for name, value in pairs:
        variables[name] = expanded(value.strip("\"'"), variables)


def simple_commands(
    instruction: Instruction,
    folder: str,
    variables: dict[str, str],
    numbers: Iterator[int] | None = None,
) -> Iterator[Simple]:
    """The commands of one RUN, CMD, ENTRYPOINT or HEALTHCHECK."""
    arguments = instruction.arguments
    if instruction.name == "HEALTHCHECK":
        if not arguments or arguments[0].upper() != "CMD":
            return
        arguments = arguments[1:]
    if instruction.json:
        yield from exec_command(arguments, folder, variables, numbers)
        return
    text = " ".join(arguments)
    bodies = [one.content for one in instruction.heredocs]
    rest = re.sub(r"<<-?\s*(['\"]?)\w+\1", "", text).split() if bodies else []
    if not bodies or (rest and rest[0].rpartition("/")[2] not in SHELLS):
        bodies = [text]
    for body in bodies:
        yield from commands_in(body, folder, variables, numbers=numbers)
