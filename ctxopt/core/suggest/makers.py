"""The commands of a build that make something: `npm ci` makes `node_modules`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from functools import cached_property, lru_cache
from itertools import islice, takewhile

from ctxopt.core.measure.clutter_match import ClutterMatch
from ctxopt.core.running.commands import Command, Running
from ctxopt.core.running.mentions import Uses
from ctxopt.core.running.whereabouts import placed
from ctxopt.core.running.words import (
    PACKERS,
    folder_of,
    moved,
    names_from,
    runs_elsewhere,
    runs_nothing,
    without_folder,
)
from ctxopt.core.sources.tree import Tree
from ctxopt.core.suggest.rules import Rule
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from ctxopt.core.running.members import Chosen
    from ctxopt.core.running.packing import Packer
    from ctxopt.core.suggest.moving import Origin

# They install something, but not the packages of the project that they stand in.
_NOT_THE_PROJECT = (
    r"\s(-g|--global|--location[= ]global|--package-lock-only|--dry-run|--no-build|"
    r"--lockfile-only|--no-install-project|--version|--help)(\s|$)|"
    r"^yarn global\b|^composer global\b"
)
# Build tools that may be told to build nothing.
_BUILD_TOOLS = frozenset({"mvn", "mvnw", "mvnd", "gradle", "gradlew"})


class Answer(Enum):
    """What the commands of a build say of a path of its context."""

    MADE = "made"  # wherever it is used, a command makes it anew
    UNSURE = "unsure"
    NEEDED = "needed"  # it is used where no command makes it
    UNUSED = "unused"  # no command makes it, and nothing shows that it is used


class Verdict(NamedTuple):
    """An answer, and the line that it rests on."""

    answer: Answer
    line: int = 0
    script: str = ""
    why: str = ""  # for UNSURE

    @property
    def where(self) -> str:
        """The line, as notes name it."""
        inside = f" ({self.script})" if self.script else ""
        return f"line {self.line} of the Dockerfile{inside}"


class Makers:
    """The commands of a build, asked what they make and what they do."""

    def __init__(
        self, found: Running, used: Uses, tree: Tree, text: Callable[[str], str]
    ) -> None:
        self.found = found
        self.uses = used
        self.tree = tree
        self.text = lru_cache(maxsize=64)(text)
        self._makers: dict[str, tuple[Command, ...]] = {}
        self._positions: dict[int, int] = {}  # by identity
        # Whether the folder in which a step works speaks of members.
        self.workspaces: dict[tuple[int, int, str], bool] = {}
        # What calls run in members, by stage, step, folder and words.
        self.members: dict[tuple[int, int, str, Sequence[str]], Chosen] = {}

    def stages_of(self, clutter: Sequence[ClutterMatch]) -> set[int]:
        """The stages that get any of some finds, and those that they stand on."""
        places = self.found.places
        laid = [
            one
            for find in clutter
            for path in find.paths
            for one in places.of(path, folder=find.kind == "directory")
        ]
        stages = {stage for stage, _ in (*laid, *self.moved_on(laid))}
        return {below for stage in stages for below in places.lineage(stage)}

    def moved_on(self, laid: list[tuple[int, str]]) -> dict[tuple[int, str], Origin]:
        """Where commands and mounts put a path that stages have at some places."""
        if not self._puts:
            return {}
        from ctxopt.core.suggest.moving import moved_on  # start-up: few do

        return moved_on(self.found, laid)

    @cached_property
    def _puts(self) -> bool:
        """Whether a command or a mount may take anything of the context elsewhere."""
        return any(one.mounts for one in self.found.places.stages) or any(
            one.instruction == "RUN" and moved(one.program, one.words) is not None
            for one in self.found.commands
        )

    @cached_property
    def packers(self) -> Sequence[Packer]:
        """The commands that pack whole folders, if any."""
        if all(one.program not in PACKERS for one in self.found.commands):
            return ()
        from ctxopt.core.running.packing import packers  # start-up: few pack anything

        return packers(self.found.commands)

    def position(self, command: Command) -> int:
        """Which of all commands one of them is."""
        if not self._positions:
            self._positions = {id(one): n for n, one in enumerate(self.found.commands)}
        return self._positions[id(command)]

    def inner(self, command: Command) -> Iterator[Command]:
        """The commands of a script that a command runs: they stand behind it."""
        behind = islice(self.found.commands, self.position(command) + 1, None)
        return takewhile(lambda one: one.script and one.step == command.step, behind)

    @cached_property
    def moving(self) -> list[tuple[int, Command]]:
        """The commands that put something elsewhere, with their positions."""
        return [
            (number, one)
            for number, one in enumerate(self.found.commands)
            if moved(one.program, one.words) is not None
        ]

    @cached_property
    def removals(self) -> list[tuple[int, Command, list[str]]]:
        """The commands that delete something, with their positions and the places."""
        return [
            (number, one, [*_deleted(one)])
            for number, one in enumerate(self.found.commands)
            if one.program == "rm"
        ]

    def makers(self, rule: Rule) -> tuple[Command, ...]:
        """The commands that make what a rule speaks of, somewhere."""
        if rule.id not in self._makers:
            expression = re.compile(rule.made_by)
            self._makers[rule.id] = tuple(
                one
                for one in self.found.commands
                if one.instruction != "HEALTHCHECK"
                and not runs_elsewhere(one.program)
                and is_run(expression, one)
                and not re.search(_NOT_THE_PROJECT, one.text)
                and not _builds_nothing(one)
            )
        return self._makers[rule.id]


def working_in(command: Command) -> str:
    """The place in which a command works, its options considered."""
    folder = folder_of(command.program, command.words)
    return command.folder if folder is None else placed(command.folder, folder)


def is_run(expression: re.Pattern[str], command: Command) -> bool:
    """Whether a command is one of an expression, and does not only name one.

    For example, `npm --prefix web run build` is one of `npm run build`.
    """
    if runs_nothing(command.program) or command.program == "git":
        return False
    if not command.words:  # of another language, unless it only sets variables
        is_setting = re.match(r"\w+\+?=", command.text) is not None
        return not is_setting and _calls(expression, command.text)
    plain = " ".join(without_folder(command.program, command.words))
    text = " ".join(command.words)
    return _calls(expression, text) or _calls(expression, plain)


def _builds_nothing(command: Command) -> bool:
    """Whether a command is of a build tool, and is told to build nothing."""
    if command.program not in _BUILD_TOOLS:
        return False
    from ctxopt.core.suggest.nobuilds import builds_nothing  # start-up: few are asked

    return builds_nothing(command)


def _calls(expression: re.Pattern[str], text: str) -> bool:
    """Whether an expression fits a command in front of the names that it installs."""
    found = expression.search(text)
    if found is None:
        return False
    said = found[0].lstrip(" /-")  # what stands before a name may be in the match
    return found.end() - len(said) < names_from(text)


def _deleted(command: Command) -> Iterator[str]:
    """The places that `rm` is told of."""
    for word in command.words[1:]:
        if not word.startswith("-"):
            yield placed(command.folder, word.removesuffix("/*") or "/")
