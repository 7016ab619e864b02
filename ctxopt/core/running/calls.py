"""What the commands of a build call: scripts, tasks and programs of the context."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import cached_property

from ctxopt.core.dockerfile.records import StageRun
from ctxopt.core.running import tasks
from ctxopt.core.running.commands import (
    SHELLS,
    STARTED,
    Command,
    simple_commands,
    take_variables,
)
from ctxopt.core.running.membercalls import LOOSE, MONOREPO
from ctxopt.core.running.packagecalls import PackageCalls
from ctxopt.core.running.places import within
from ctxopt.core.running.shell import commands_in
from ctxopt.core.running.taskcalls import OF_SHELL, in_script
from ctxopt.core.running.whereabouts import placed
from ctxopt.core.running.words import is_tool
from ctxopt.core.sources.tree import Found

MOST_CALLS = 6  # scripts that call scripts, so deep
MOST_COMMANDS = 4_000
MOST_VERSIONS = 4  # of one script, that are copied over each other
MOST_MATCHES = 20  # scripts that one pattern fits

_RUNNERS = frozenset(
    (
        *("python", "python3", "node", "ruby", "php", "perl", "deno", "bun", "tsx"),
        *("ts-node", "pm2-runtime", "nodemon", "streamlit", "fastapi", "gunicorn"),
        *("uvicorn", "hypercorn", "flask", "waitress-serve"),
        *("zx", "Rscript", "lua", "luajit", "groovy", "pwsh", "elixir", "julia"),
    )
)
_PACKAGERS = frozenset(
    {
        *("npm", "yarn", "pnpm", "bun", "cnpm", "rushx", tasks.SIDE_BY_SIDE),
        *MONOREPO,
        *LOOSE,
    }
)
# Scripts that come with a tool: what they do is what the tool does.
_WRAPPERS = frozenset(
    (
        *("gradlew", "mvnw", "configure", "rails", "rake", "bundle", "console"),
        *("artisan", "rebar3", "spring", "thrust", "sbt", "activate"),
    )
)
# Where programs of packages lie, which somebody else wrote.
_OF_PACKAGES = r"node_modules|venv|/vendor/|/\."
_PATH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
_SYSTEM = r"/(bin|sbin|lib|etc|usr/(bin|sbin|lib|local/(bin|sbin|lib)))/|/(dev|proc)/"


class Calls(PackageCalls):
    """Goes through the stages, and into what their commands call."""

    @cached_property
    def _runners(self) -> dict[str, Callable[[Command, int], None]]:
        return {
            **dict.fromkeys(("make", "gmake"), self._make),
            **dict.fromkeys(("task", "go-task"), self._taskfile),
            "just": self._justfile,
            "cargo": self._cargo,
            "run-parts": self._parts,
            "rush": self._rush,
            "tox": self._tox,
        }

    def read(self, stage: int, run: StageRun) -> None:
        """Take the commands of a stage."""
        base = {} if run.base is None else self.variables[run.base]
        environment = {} if run.base is None else dict(self.environments[run.base])
        # A stage begins with the ENV of its base, whatever an ARG has hidden there.
        variables = base | environment
        self.variables.append(variables)
        self.environments.append(environment)
        for number, step in enumerate(run.steps):
            instruction = step.instruction
            folder = self.places.stages[stage].folders[number]
            if instruction.name in ("ENV", "ARG"):
                take_variables(variables, instruction)
                variables |= step.settings
                if instruction.name == "ENV":
                    environment |= step.settings
                continue
            if instruction.name != "RUN" and instruction.name not in STARTED:
                continue
            for one in simple_commands(instruction, folder, variables, self._numbers):
                place = instruction.location
                command = Command(
                    file=place.file,
                    line=place.line,
                    text=one.text,
                    words=one.words,
                    folder=one.folder,
                    stage=stage,
                    step=number,
                    instruction=instruction.name,
                    ways=one.ways,
                )
                self._take(command, 0)
                if command.program in _RUNNERS:
                    for body in instruction.heredocs:
                        self._foreign(command, place.file, body.content, place.line)

    def _take(self, command: Command, depth: int) -> None:
        if len(self.commands) >= MOST_COMMANDS:
            return
        self.commands.append(command)
        if command.instruction == "RUN":
            self._put(command)
        if depth < MOST_CALLS and command.words:
            self._configured(command)
            self._declared(command, depth + 1)
            self._call(command, depth + 1)

    def _call(self, command: Command, depth: int) -> None:
        command = _as_started(command)
        program = command.program
        if program in self._runners:
            self._runners[program](command, depth)
        elif program in _PACKAGERS or program in tasks.RUN_ALL:
            self._package(command, depth)
            if program == "bun":
                self._program(command)
        elif program in SHELLS or program in _RUNNERS or program == "go":
            self._interpreted(command, depth)
        elif "/" in command.words[0] and program not in _WRAPPERS:
            self._script(command, depth, command.words[0])
        elif command.words[0].startswith("$"):
            self._unknown(command)
        elif not is_tool(program) and not self._by_name(command, depth):
            # It is in no folder of PATH, copied there from the context.
            self._entry_point(command)

    def _interpreted(self, command: Command, depth: int) -> None:
        """What a shell, an interpreter or go is told to run."""
        if command.program in SHELLS:
            word = _script_of(command.words)
            if word is not None:
                self._script(command, depth, word)
        elif command.program in _RUNNERS:
            self._program(command)
        elif command.words[1:2] == ("run",):
            self._go_program(command)
        elif command.words[1:2] == ("generate",):
            self._generate(command, depth)

    # --- scripts

    def _unknown(self, command: Command) -> None:
        """A program that only the build knows: `$BUILD_CMD`, without a default."""
        of_shell = re.match(r"\$\{?[@*\d#?!]", command.words[0])
        if command.instruction == "RUN" and not of_shell:
            self.unread.append(command)

    def _parts(self, command: Command, depth: int) -> None:
        """What `run-parts` starts: all that lies in a folder."""
        folder = next((one for one in command.words[:0:-1] if one[:1] != "-"), "")
        if folder:
            self._matching(command, depth, f"{folder.rstrip('/')}/*")

    def _matching(self, command: Command, depth: int, pattern: str) -> None:
        """The scripts that a pattern fits, each of which may be started."""
        place = placed(command.folder, pattern)
        above, _, name = place.rpartition("/")
        for folder in self.places.in_context(command.stage, above, command.moment):
            names = [one for one in self.tree.names(folder) if fnmatchcase(one, name)]
            for one in names[:MOST_MATCHES]:
                self._script(self._doubted(command), depth, f"{above}/{one}")

    def _script(self, command: Command, depth: int, word: str) -> None:
        if re.search(r"[*?]", word):
            self._matching(command, depth, word)
            return
        found = [*dict.fromkeys(self._files(command, word))]
        if not found:
            place = placed(command.folder, word)
            known = is_tool(command.program) or command.program in _RUNNERS
            if (
                command.instruction == "RUN"
                and not known
                and not re.match(_SYSTEM, place)
            ):
                self.unread.append(command)
            return
        for path in found[:MOST_VERSIONS]:
            one = command
            if len(found) > 1:  # copied there one after the other, or one of them
                one = self._doubted(command)
            self._lines(one, depth, path, placed(command.folder, word))

    def _by_name(self, command: Command, depth: int) -> bool:
        """Whether a program of PATH is a script of the context; it is read then."""
        name = command.words[0]
        for folder in self._path_of(command):
            place = placed(folder, name)
            for path in self._files(command, place):
                self._lines(command, depth, path, place)
                return True
        for one in self.places.landings(command.stage) if "." in name else ():
            for said in (one.path, one.place):
                if said.rpartition("/")[2] == name and self._is_file(one.path):
                    self._lines(command, depth, one.path, one.place)
                    return True
        return False

    def _entry_point(self, command: Command) -> None:
        """A program that a project of Python installs, and that is run by its name."""
        from ctxopt.core.running.entrypoints import INSTALLERS, entry_points  # start-up

        stage = command.stage
        if stage not in self._entries:
            if all(one.program not in INSTALLERS for one in self.commands):
                return
            roots = [
                one.path
                for one in self.places.landings(stage)
                if not one.path or self.tree.kind(one.path) is Found.DIRECTORY
            ]
            self._entries[stage] = entry_points(self.tree, self._module, roots)
        for path in self._entries[stage].get(command.program, ()):
            text = self._read(path)
            if text is not None:
                self._foreign(command, path, text)

    def _path_of(self, command: Command) -> Iterator[str]:
        said = self.variables[command.stage].get("PATH", "").split(":")
        for one in dict.fromkeys((*said, *_PATH)):
            if one.startswith("/") and not re.search(_OF_PACKAGES, one):
                yield one

    def _lines(self, command: Command, depth: int, path: str, place: str) -> None:
        """The commands of a script of the context, which lies at a place."""
        text = self._read(path)
        if text is None:
            if command.instruction == "RUN":
                self.unread.append(command)
            return
        here = f"{command.folder}:{path}"
        called = command.stage, command.step, here, command.ways
        if called in self._called:
            return
        self._called.add(called)
        if text.startswith("#!") and not re.match(OF_SHELL, text):
            self._foreign(command, path, text)
            return
        variables = self.variables[command.stage]
        for one in commands_in(
            text,
            command.folder,
            variables,
            checked=False,  # who calls it may go on where it fails
            numbers=self._numbers,
            script=place,
        ):
            self._take(in_script(command, one, path), depth)

    def _generate(self, command: Command, depth: int) -> None:
        """What `go generate` runs, each in the folder of its source."""
        from ctxopt.core.running.generating import generated  # start-up: few generate

        told = [one for one in command.words[2:] if not one.startswith("-")] or ["."]
        for word in told:
            place = placed(command.folder, word.removesuffix("..."))
            deep = word.endswith("...")
            for folder in self.places.in_context(command.stage, place, command.moment):
                for path, task in generated(self.tree, folder, deep=deep):
                    inside = within(path.rpartition("/")[0], folder) or "."
                    moved = command._replace(folder=placed(place, inside))
                    self._shell(moved, depth, path, task)


def _as_started(command: Command) -> Command:
    """A command as what it starts: `python -m tox` is tox, and rush has a script."""
    words = command.words
    if command.program == "node" and "install-run-rush" in command.text:
        from ctxopt.core.running.rush import installed  # start-up: few have it

        words = installed(words) or words
    elif words[1:2] == ("-m",) and words[2:3] == ("tox",):
        words = words[2:]
    return command._replace(words=words)


def _script_of(words: Sequence[str]) -> str | None:
    """The script that a shell is told of: `bash -euo pipefail x.sh`."""
    after = ""
    for word in words[1:]:
        option, after = after, word
        is_value = re.fullmatch(r"[-+]\w*[oO]|--(?:rcfile|init-file)", option)
        if not word.startswith(("-", "+")) and not is_value:
            return word
    return None
