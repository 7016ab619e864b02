"""What commands run of files of tasks: of make, just and task.

Which tasks those are `makefiles`, `justruns` and `taskruns` tell from their texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from ctxopt.core.paths import join
from ctxopt.core.running import tasks
from ctxopt.core.running.commands import Command
from ctxopt.core.running.places import UNKNOWN
from ctxopt.core.running.programs import Programs
from ctxopt.core.running.reading import MOST_SCRIPTS
from ctxopt.core.running.shell import Simple, commands_in
from ctxopt.core.running.whereabouts import placed
from ctxopt.core.running.words import folder_of, manifest_of, option_folder

# The first line of a script of a shell.
OF_SHELL = r"#![^\n]*\b(?:ba|da|a|z|k)?sh\b"
_MOST_ABOVE = 20  # folders that a file of tasks is looked for in


class TaskCalls(Programs):
    """Reads files of tasks, and takes the commands of those that are run."""

    def _make(self, command: Command, depth: int) -> None:
        """What make runs, of the file that is named or of the usual one."""
        from ctxopt.core.running.makefiles import make_call, make_tasks  # start-up

        call = make_call(command.words)
        folder = folder_of(command.program, command.words)
        moved = command._replace(folder=placed(command.folder, folder or "."))
        read = self._reading(moved)
        name, found = next(
            ((one, file) for one in call.files if (file := read(one))), ("", None)
        )
        if found is None:
            self._unread(command)
            return

        def lies(place: str) -> bool:
            return bool(self._lying(moved, place))

        path, text = found
        text = self._with_included(path, text)
        # Behind it: no goal of make is taken from what is read beside it.
        for said in (*call.more, *self._makefiles_told(command)):
            for other in self._files(moved, said):
                beside = self._with_included(other, self._read(other) or "")
                text = f"{text}\n{beside}"
        home = placed(moved.folder, f"{name}/..")
        for one in make_tasks(text, call.targets, home=home, call=call, lies=lies):
            self._shell(moved, depth, path, one)

    def _makefiles_told(self, command: Command) -> list[str]:
        """The files that the variable MAKEFILES has make read, too."""
        first = re.match(r"(?:\w+=\S*\s+)*?MAKEFILES=(\S+)", command.text)
        variables = self.variables[command.stage]
        return (first[1] if first else variables.get("MAKEFILES", "")).split()

    def _taskfile(self, command: Command, depth: int) -> None:
        """What task runs, of the file that is named or of the nearest one."""
        from ctxopt.core.running.taskfiles import (  # start-up: few have one
            TASKFILES,
            Taskfile,
        )
        from ctxopt.core.running.taskruns import runs, task_call

        def lies(place: str) -> bool:
            return bool(self._lying(command, place))

        found = self._nearest(command, TASKFILES)
        if found is None:
            self._unread(command)
            return
        file = Taskfile(*found, self._reading(command))
        several = [*runs(file, task_call(command.words), lies)]
        self._follow(command, depth, several, unread=file.unread)

    def _justfile(self, command: Command, depth: int) -> None:
        """What just runs, of the file that is named or of the nearest one."""
        from ctxopt.core.running.justfiles import JUSTFILES, Justfile  # start-up, too
        from ctxopt.core.running.justruns import folder_told, just_runs

        folder = folder_told(command.words) or "."
        here = command._replace(folder=placed(command.folder, folder))
        found = self._nearest(here, JUSTFILES)
        if found is None:
            self._unread(command)
            return
        file = Justfile(*found, self._reading(command), here=here.folder)
        several = [*just_runs(file, command.words)]
        self._follow(command, depth, several, unread=file.unread)

    def _follow(
        self,
        command: Command,
        depth: int,
        several: Sequence[tasks.TaskRun | None],
        *,
        unread: bool,
    ) -> None:
        """Take what is run, each where it is; None stands for what is not found."""
        for one in filter(None, several):
            moved = command._replace(folder=one.folder)
            self._shell(moved, depth, one.path, one.task)
        if unread or None in several:
            self._unread(command)

    def _reading(self, command: Command) -> tasks.ReadAt:
        """What gives a file at a place, as a command sees it: its path and its text."""

        def read(place: str) -> tuple[str, str] | None:
            path = next(self._files(command, place), None)
            text = None if path is None else self._read(path)
            return None if path is None or text is None else (path, text)

        return read

    def _nearest(
        self, command: Command, names: Sequence[str]
    ) -> tuple[str, str] | None:
        """The places of the file of tasks that a command reads, and of its folder.

        It is the one that an option names, or the nearest one above.
        """
        option = manifest_of(command.program, command.words)
        folder = option_folder(command.program, command.words)
        at = placed(command.folder, folder or ".")
        if option is not None:
            place = placed(command.folder, option)
            if not self._lying(command, place):
                return None
            is_file = next(self._files(command, place), None) is not None
            home = placed(place, "..") if is_file else place
            return place, at if folder else home
        for _ in range(_MOST_ABOVE):
            for name in names:
                if next(self._files(command, f"{at}/{name}"), None) is not None:
                    return f"{at}/{name}", at
            if at in ("/", ".", UNKNOWN):
                break
            at = placed(at, "..")
        return None

    def _unread(self, command: Command) -> None:
        """Take note of a command that runs what cannot be read."""
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

    def _shell(self, command: Command, depth: int, path: str, task: tasks.Task) -> None:
        variables = self.variables[command.stage]
        if task.doubtful:
            command = self._doubted(command)
        if task.folder:
            folder = placed(command.folder, task.folder)
            command = command._replace(folder=folder)
        if task.bars:
            bars = (self._bar(command, one) for one in task.bars)
            command = command._replace(bars=(*command.bars, *bars))
        if task.text.startswith("#!") and not re.match(OF_SHELL, task.text):
            self._foreign(command, path, task.text, task.line)
            return
        for one in commands_in(
            task.text, command.folder, variables, numbers=self._numbers
        ):
            self._take(in_script(command, one, path, task.line), depth)

    def _bar(self, command: Command, names: tuple[str, ...]) -> tuple[str, ...]:
        """The paths of the context at some places in the folder of a command."""
        return tuple(path for one in names for path in self._lying(command, one))

    def _lying(self, command: Command, name: str) -> list[str]:
        """The paths of the context that lie at a place in the folder of a command."""
        place = placed(command.folder, name)
        return [
            path
            for path in self.places.in_context(command.stage, place, command.moment)
            if path and self.tree.kind(path) is not None
        ]


def in_script(command: Command, one: Simple, path: str, line: int = 0) -> Command:
    """A command of a script, at the line of the Dockerfile that calls it."""
    return command._replace(
        text=one.text,
        words=one.words,
        folder=one.folder,
        script=path,
        script_line=line,
        ways=(*command.ways, *one.ways),
    )
