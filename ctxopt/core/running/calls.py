"""What the commands of a build call: scripts, tasks and programs of the context.

running(trace, tree, text).commands     # those of the build, and all that they call
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from posixpath import relpath

from ctxopt.core.dockerfile.records import StageRun, Trace
from ctxopt.core.paths import join
from ctxopt.core.running import tasks
from ctxopt.core.running.commands import (
    SHELLS,
    STARTED,
    Command,
    Running,
    simple_commands,
    take_variables,
)
from ctxopt.core.running.membercalls import MONOREPO, MemberCall, member_call
from ctxopt.core.running.places import Places, places, within
from ctxopt.core.running.programs import Programs
from ctxopt.core.running.reading import MOST_SCRIPTS
from ctxopt.core.running.shell import Simple, commands_in
from ctxopt.core.running.whereabouts import placed
from ctxopt.core.running.words import folder_of, is_tool, manifest_of, without_folder
from ctxopt.core.sources.tree import Tree

MOST_CALLS = 6  # scripts that call scripts, so deep
MOST_COMMANDS = 4_000
MOST_VERSIONS = 4  # of one script, that are copied over each other

_RUNNERS = frozenset(
    (
        *("python", "python3", "node", "ruby", "php", "perl", "deno", "bun", "tsx"),
        *("ts-node", "pm2-runtime", "nodemon", "streamlit", "fastapi", "gunicorn"),
        *("uvicorn", "hypercorn", "flask", "waitress-serve"),
    )
)
# Their tasks stand in a manifest.
_DECLARING = frozenset(
    {"mise", "poe", "hatch", "pdm", "pixi", "composer", "deno", "node"}
)
_PACKAGERS = frozenset(
    {"npm", "yarn", "pnpm", "bun", "cnpm", *MONOREPO, tasks.SIDE_BY_SIDE}
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


def running(trace: Trace, tree: Tree, text: Callable[[str], str]) -> Running:
    """Read the commands of a build; `text` gives a file of the context."""
    laid = places(trace, tree)
    reader = _Reader(trace, laid, tree, text)
    for number, run in enumerate(trace.runs):
        reader.read(number, run)
    return Running(
        commands=tuple(_run_in_the_end(reader.commands, laid)),
        places=laid,
        unread=tuple(reader.unread),
        started=tuple(reader.started),
        variables=tuple(reader.variables),
    )


def _run_in_the_end(commands: list[Command], laid: Places) -> Iterator[Command]:
    """The commands but those that start no container: of other stages, overruled."""
    line_of_image = {*laid.lineage(laid.final)} if laid.stages else set()
    last: dict[str, tuple[int, int]] = {}
    for one in commands:
        if one.instruction in STARTED and one.stage in line_of_image:
            last[one.instruction] = max(
                last.get(one.instruction, (-1, -1)), (one.stage, one.step)
            )
    for one in commands:
        if one.instruction not in STARTED or (
            last.get(one.instruction) == (one.stage, one.step)
        ):
            yield one


class _Reader(Programs):
    """Goes through the stages, and into what their commands call."""

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
        program = command.program
        if program in ("make", "gmake"):
            self._make(command, depth)
        elif program == "just":
            self._targets(command, depth, tasks.JUSTFILES, tasks.just_tasks)
        elif program in ("task", "go-task"):
            self._targets(command, depth, tasks.TASKFILES, tasks.task_tasks)
        elif program in _PACKAGERS or program in tasks.RUN_ALL:
            self._package(command, depth)
        elif program in SHELLS or program in _RUNNERS or program == "go":
            self._interpreted(command, depth)
        elif "/" in command.words[0] and program not in _WRAPPERS:
            self._script(command, depth, command.words[0])
        elif command.words[0].startswith("$"):
            self._unknown(command)
        elif not is_tool(program):
            # It may be in a folder of PATH, copied there from the context.
            self._by_name(command, depth)

    def _interpreted(self, command: Command, depth: int) -> None:
        """What a shell, an interpreter or go is told to run."""
        if command.program in SHELLS:
            word = next((w for w in command.words[1:] if not w.startswith("-")), None)
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

    def _script(self, command: Command, depth: int, word: str) -> None:
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
        called = command.stage, command.step, path, command.ways
        if called in self._called:
            return
        self._called.add(called)
        first = text.split("\n", 1)[0]
        if first.startswith("#!") and not re.search(r"\b(ba|da|a|z|k)?sh\b", first):
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
            self._take(_inside(command, one, path), depth)

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

    # --- tasks

    def _make(self, command: Command, depth: int) -> None:
        from ctxopt.core.running.makefiles import make_call, make_tasks  # start-up

        call = make_call(command.words)

        def read(text: str, targets: list[str], home: str) -> Iterator[tasks.Task]:
            return make_tasks(text, targets, home=home, settings=call.settings)

        first = re.match(r"(?:\w+=\S*\s+)*?MAKEFILES=(\S+)", command.text)
        said = first[1] if first else self.variables[command.stage].get("MAKEFILES", "")
        more = (*call.more, *said.split())
        self._file_tasks(command, depth, call.files, read, [*call.targets], more=more)

    def _declared(self, command: Command, depth: int) -> None:
        """What tasks run that a manifest declares: `mise run build`."""
        if command.program not in _DECLARING:
            return
        from ctxopt.core.running import declared_tasks as told  # start-up: few do

        call = told.task_call(command.program, command.words)
        for name in call.files if call else ():
            path = next(self._files(command, name), None)
            text = None if path is None else self._read(path)
            if path is None or text is None or call is None:
                continue
            is_told = "--dry-run" in command.words  # and nothing is run, it may be
            for one in told.declared_tasks(command.program, path, text, call.names):
                called = command.stage, command.step, f"{path}#{one.text}", command.ways
                if called not in self._called:
                    self._called.add(called)
                    task = one._replace(doubtful=one.doubtful or is_told)
                    self._shell(command, depth, path, task)
            return

    def _targets(
        self,
        command: Command,
        depth: int,
        files: Iterable[str],
        read: Callable[[str, list[str]], Iterator[tasks.Task]],
    ) -> None:
        """What just or task runs, of the file that is named or of the usual one."""
        file = manifest_of(command.program, command.words)
        _, *told = without_folder(command.program, command.words)
        wanted = [one for one in told if not one.startswith("-")]
        names = files if file is None else (file.rpartition("/")[2],)

        def tasks_of(text: str, wanted: list[str], _: str) -> Iterator[tasks.Task]:
            return read(text, wanted)

        self._file_tasks(command, depth, names, tasks_of, wanted)

    def _file_tasks(
        self,
        command: Command,
        depth: int,
        names: Iterable[str],
        read: Callable[[str, list[str], str], Iterator[tasks.Task]],
        wanted: list[str],
        *,
        more: Iterable[str] = (),
    ) -> None:
        folder = folder_of(command.program, command.words)
        at = command.folder if folder is None else placed(command.folder, folder)
        moved = command._replace(folder=at)
        for name in names:
            path = next(self._files(moved, name), None)
            text = None if path is None else self._read(path)
            if path is not None and text is not None:
                text = self._with_included(path, text)
                # Behind it: no goal of make is taken from what is read beside it.
                others = (one for said in more for one in self._files(moved, said))
                for other in others:
                    beside = self._with_included(other, self._read(other) or "")
                    text = f"{text}\n{beside}"
                home = placed(at, f"{name}/..")
                for one in read(text, wanted, home):
                    self._shell(moved, depth, path, one)
                return
        if command.instruction == "RUN":
            self.unread.append(command)

    def _with_included(self, path: str, text: str, seen: set[str] | None = None) -> str:
        """A makefile with those that it includes, and they do; each once."""
        from ctxopt.core.running.makefiles import included  # start-up, as above

        seen = {path} if seen is None else seen
        folder = path.rpartition("/")[0]
        for name in included(text) if "include" in text else ():
            for one in self._included(folder, name):
                other = None if one in seen else self._read(one)
                if other and len(seen) < MOST_SCRIPTS:
                    seen.add(one)
                    text += f"\n{self._with_included(one, other, seen)}"
        return text

    def _included(self, folder: str, name: str) -> Iterator[str]:
        """The files that a word behind `include` means."""
        # `$(CURDIR)/x.mk`: what leads to a file is its folder, or one around it.
        path = placed(folder, re.sub(r"^(?:\$\(.*\)|\$\{[^}]*\})/?", "", name) or ".")
        above, _, last = path.rpartition("/")
        if "*" not in last:
            yield path
        for one in self.tree.names(above) if "*" in last else ():
            if fnmatchcase(one, last):
                yield join(above, one)

    def _package(self, command: Command, depth: int) -> None:
        folder = folder_of(command.program, command.words)
        at = command.folder if folder is None else placed(command.folder, folder)
        moved = command._replace(folder=at)
        path = next(self._files(moved, tasks.PACKAGE), None)
        text = None if path is None else self._read(path)
        scripts = None if text is None else tasks.package_scripts(text)
        if path is None or scripts is None:
            return
        call = member_call(command.program, command.words)
        if call is not None:
            self._members(moved, depth, path, call)
            return
        if command.program in MONOREPO:
            return
        found = [*_package_tasks(command, text or "", scripts)]
        if not found and "--if-present" in command.words:
            self.commands[-1] = self._doubted(command)
        if not found:
            self._binary(moved, depth)
        for task in found:
            name = f"{path}#{task.text}"
            called = command.stage, command.step, name, command.ways
            if called not in self._called:
                self._called.add(called)
                self._shell(moved, depth, path, task)

    def _binary(self, command: Command, depth: int) -> None:
        """A program of a package that a package manager starts: `pnpm turbo build`."""
        words = tasks.binary(command.program, command.words)
        if words:
            text = " ".join(words)
            self._take(command._replace(text=text, words=tuple(words)), depth)

    def _members(
        self, command: Command, depth: int, manifest: str, call: MemberCall
    ) -> None:
        """What is run in members of the workspace that a manifest is of."""
        from ctxopt.core.running import members  # start-up: few are in a workspace

        folder = manifest.rpartition("/")[0]
        asked = members.meant(self.tree, self._read, folder, command.program, call)
        manager = "npm" if command.program in MONOREPO else command.words[0]
        for one in members.runs(self._read, asked):
            words = call.command or (manager, "run", one.script)
            if call.command or one.script in one.member.scripts:
                there = command if one.sure else self._doubted(command)
                self._in_member(there, depth, manifest, one.member.folder, words)
        if command.program == "nx":
            there = command if asked.clear else self._doubted(command)
            self._projects(there, depth, asked.root, asked.call)

    def _in_member(
        self,
        command: Command,
        depth: int,
        manifest: str,
        folder: str,
        words: tuple[str, ...],
    ) -> None:
        here = manifest.rpartition("/")[0]
        member = command._replace(
            text=" ".join(words),
            words=words,
            folder=placed(command.folder, relpath(f"/{folder}", f"/{here}")),
            script=manifest,
            script_line=0,
        )
        self._take(member, depth)

    def _projects(
        self, command: Command, depth: int, root: str, call: MemberCall
    ) -> None:
        """The targets of nx that stand in a project.json, or in its like."""
        from ctxopt.core.running.projects import targets  # start-up: few have nx

        for path, task in targets(self.tree, self._read, root, call):
            at = placed(command.folder, relpath(f"/{task.folder}", f"/{root}"))
            moved = command._replace(folder=at)
            self._shell(moved, depth, path, tasks.Task(0, task.text))

    def _shell(self, command: Command, depth: int, path: str, task: tasks.Task) -> None:
        variables = self.variables[command.stage]
        if task.doubtful:
            command = self._doubted(command)
        for one in commands_in(
            task.text, command.folder, variables, numbers=self._numbers
        ):
            self._take(_inside(command, one, path, task.line), depth)


def _package_tasks(
    command: Command, manifest: str, scripts: Mapping[str, str]
) -> Iterator[tasks.Task]:
    """What a command runs of the scripts of a package."""
    if command.program == tasks.SIDE_BY_SIDE:
        for said in tasks.side_by_side(command.words, [*scripts]):
            yield tasks.Task(0, said)
        return
    for name in tasks.script_names(command.program, command.words, [*scripts]):
        if name in scripts:
            yield tasks.Task(_line_of(manifest, name), scripts[name])


def _line_of(text: str, name: str) -> int:
    at = text.find(f'"{name}"')
    return text.count("\n", 0, max(at, 0)) + 1


def _inside(command: Command, one: Simple, path: str, line: int = 0) -> Command:
    """A command of a script, at the line of the Dockerfile that calls it."""
    return command._replace(
        text=one.text,
        words=one.words,
        folder=one.folder,
        script=path,
        script_line=line,
        ways=(*command.ways, *one.ways),
    )
