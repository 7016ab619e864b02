"""What the commands of a build call: scripts, tasks and programs of the context.

running(trace, tree, text).commands     # those of the build, and all that they call
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from itertools import count

from ctxopt.core.dockerfile.records import StageRun, Trace
from ctxopt.core.paths import join
from ctxopt.core.running import tasks
from ctxopt.core.running.commands import (
    SHELLS,
    STARTED,
    Command,
    Running,
    Started,
    simple_commands,
    take_variables,
)
from ctxopt.core.running.members import MemberCall, member_call, member_folders
from ctxopt.core.running.places import Places, places, within
from ctxopt.core.running.shell import Simple, commands_in
from ctxopt.core.running.syntax.ways import Way, Ways
from ctxopt.core.running.whereabouts import placed
from ctxopt.core.running.words import folder_of, is_tool, manifest_of, without_folder
from ctxopt.core.sources.tree import Found, Tree

MOST_SCRIPTS = 60  # files that are read for what commands call, at most
MOST_CALLS = 4  # scripts that call scripts, so deep
MOST_COMMANDS = 4_000

_RUNNERS = frozenset(
    (
        *("python", "python3", "node", "ruby", "php", "perl", "deno", "bun", "tsx"),
        *("ts-node", "pm2-runtime", "nodemon", "streamlit", "fastapi", "gunicorn"),
        *("uvicorn", "hypercorn", "flask", "waitress-serve"),
    )
)
_PACKAGERS = frozenset(
    {"npm", "yarn", "pnpm", "bun", "cnpm", "lerna", tasks.SIDE_BY_SIDE}
)
# Scripts that come with a tool: what they do is what the tool does.
_WRAPPERS = frozenset(
    (
        *("gradlew", "mvnw", "configure", "rails", "rake", "bundle", "console"),
        *("artisan", "rebar3", "spring", "thrust", "sbt", "activate"),
    )
)
_SYSTEM = r"/(bin|sbin|lib|etc|usr/(bin|sbin|lib|local/(bin|sbin|lib)))/|/(dev|proc)/"
_STARTS_OTHERS = (
    r"subprocess|os\.(system|popen)|child_process|exec(?:File)?(?:Sync)?\(|spawn|"
    r"\bsystem\b|%x|shelljs|execa|\bsh\s|`|\bqx\b|"
    r"\bgit\.Repo\b|pygit2|dulwich|simple-git|isomorphic-git|nodegit|Rugged|Git\.open"
)
_NO_TEXT = r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]"
# Programs make these themselves where they are missing.
_MADE_AT_RUN = (
    r"\.(db|sqlite3?|log|pid|sock|tmp|env|lock)$|"
    r"(^|/)(logs?|tmp|temp|uploads?|media|data|cache|\.cache|\.env[\w.]*)$"
)
_LITERAL = r"""["'`]([\w.@/-]{2,200})["'`]"""


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


class _Reader:
    """Goes through the stages, and into what their commands call."""

    def __init__(
        self, trace: Trace, laid: Places, tree: Tree, text: Callable[[str], str]
    ) -> None:
        self.trace = trace
        self.places = laid
        self.tree = tree
        self.text = text
        self.commands: list[Command] = []
        self.unread: list[Command] = []
        self.started: list[Started] = []
        self.variables: list[dict[str, str]] = []
        self.environments: list[dict[str, str]] = []  # what ENV sets of them
        self._texts: dict[str, str] = {}
        self._called: set[tuple[int, int, str, Ways]] = set()
        self._numbers = count()  # of branchings, in all texts

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
        if depth < MOST_CALLS and command.words:
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
        elif program in SHELLS:
            word = next((w for w in command.words[1:] if not w.startswith("-")), None)
            if word is not None:
                self._script(command, depth, word)
        elif program in _RUNNERS:
            self._program(command)
        elif program == "go" and command.words[1:2] == ("generate",):
            self._generate(command, depth)
        elif "/" in command.words[0] and program not in _WRAPPERS:
            self._script(command, depth, command.words[0])
        elif command.words[0].endswith(".sh"):
            # A script in a folder of PATH, copied there from the context.
            self._by_name(command, depth)

    # --- scripts

    def _files(self, command: Command, word: str) -> Iterator[str]:
        """The files of the context that a word of a command leads to."""
        place = placed(command.folder, word)
        for path in self.places.in_context(command.stage, place, command.moment):
            if path and self.tree.kind(path) is Found.FILE:
                yield path

    def _script(self, command: Command, depth: int, word: str) -> None:
        path = next(self._files(command, word), None)
        if path is None:
            place = placed(command.folder, word)
            known = is_tool(command.program) or command.program in _RUNNERS
            if (
                command.instruction == "RUN"
                and not known
                and not re.match(_SYSTEM, place)
            ):
                self.unread.append(command)
            return
        self._lines(command, depth, path, placed(command.folder, word))

    def _by_name(self, command: Command, depth: int) -> None:
        for one in self.places.landings(command.stage):
            if one.path.rpartition("/")[2] == command.words[0] or (
                one.place.rpartition("/")[2] == command.words[0]
            ):
                self._lines(command, depth, one.path, one.place)
                return

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

    def _foreign(self, command: Command, path: str, text: str, before: int = 0) -> None:
        """What a script in another language starts, and the paths that it names."""
        for number, line in enumerate(text.split("\n"), before + 1):
            if re.search(_STARTS_OTHERS, line):
                said = " ".join(re.sub(r"""["'`,\[\](){}]+""", " ", line).split())
                self.commands.append(
                    command._replace(
                        text=said, words=(), script=path, script_line=number
                    )
                )
            for found in re.findall(_LITERAL, line):
                for place in {
                    placed(command.folder, found),
                    placed(self._beside(command, path), found),
                }:
                    self._name(command._replace(script=path, script_line=number), place)

    def _beside(self, command: Command, path: str) -> str:
        """The place of the folder that a script lies in."""
        above = path.rpartition("/")[0]
        for stage, place in self.places.of(above, folder=True):
            if stage == command.stage:
                return place
        return command.folder

    def _name(self, command: Command, place: str) -> None:
        for path in self.places.in_context(command.stage, place, command.moment):
            if not path or re.search(_MADE_AT_RUN, path):
                continue
            if self.tree.kind(path) is not None:
                self.started.append(Started(command, path))

    def _program(self, command: Command) -> None:
        """A program of the project that an interpreter starts."""
        for word in command.words[1:]:
            if word.startswith("-"):
                continue
            for path in self._modules(command, word):
                text = self._read(path)
                if text is not None:
                    self._foreign(command, path, text)
                    return

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

    def _modules(self, command: Command, word: str) -> Iterator[str]:
        yield from self._files(command, word)
        module = word.partition(":")[0].replace(".", "/")
        for tail in (".py", "/__main__.py", "/__init__.py"):
            yield from self._files(command, module + tail)
        for tail in (".js", "/index.js"):
            yield from self._files(command, word + tail)

    def _read(self, path: str) -> str | None:
        """A file that a person wrote; None for what is no text, or one too many."""
        if path not in self._texts:
            if len(self._texts) >= MOST_SCRIPTS:
                return None
            self._texts[path] = self.text(path)
        text = self._texts[path]
        return None if not text or re.search(_NO_TEXT, text[:1_000]) else text

    # --- tasks

    def _make(self, command: Command, depth: int) -> None:
        from ctxopt.core.running.makefiles import make_call, make_tasks  # start-up

        call = make_call(command.words)

        def read(text: str, targets: list[str], home: str) -> Iterator[tasks.Task]:
            return make_tasks(text, targets, home=home, settings=call.settings)

        self._file_tasks(command, depth, call.files, read, [*call.targets])

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
    ) -> None:
        folder = folder_of(command.program, command.words)
        at = command.folder if folder is None else placed(command.folder, folder)
        moved = command._replace(folder=at)
        for name in names:
            path = next(self._files(moved, name), None)
            text = None if path is None else self._read(path)
            if path is not None and text is not None:
                text = self._with_included(path, text)
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
        found = [*_package_tasks(command, text or "", scripts)]
        if not found and "--if-present" in command.words:
            self.commands[-1] = command._replace(ways=(*command.ways, self._doubt()))
        for task in found:
            name = f"{path}#{task.text}"
            called = command.stage, command.step, name, command.ways
            if called not in self._called:
                self._called.add(called)
                self._shell(moved, depth, path, task)

    def _members(
        self, command: Command, depth: int, manifest: str, call: MemberCall
    ) -> None:
        """A script of members of the workspace whose manifest is given."""
        root = manifest.rpartition("/")[0]
        words = (command.words[0], "run", call.script)
        for folder, name in member_folders(self.tree, self._read, root):
            inside = within(folder, root) or folder
            own = self._read(join(folder, tasks.PACKAGE)) or ""
            has_it = call.script in (tasks.package_scripts(own) or ())
            if has_it and call.means(inside, name):
                member = command._replace(
                    text=" ".join(words),
                    words=words,
                    folder=placed(command.folder, inside),
                    script=manifest,
                    script_line=0,
                )
                self._take(member, depth)

    def _shell(self, command: Command, depth: int, path: str, task: tasks.Task) -> None:
        variables = self.variables[command.stage]
        if task.doubtful:
            command = command._replace(ways=(*command.ways, self._doubt()))
        for one in commands_in(
            task.text, command.folder, variables, numbers=self._numbers
        ):
            self._take(_inside(command, one, path, task.line), depth)

    def _doubt(self) -> Way:
        """A way that may be the wrong one."""
        return Way(next(self._numbers), 0, 2)


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
