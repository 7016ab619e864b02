"""What package managers run: scripts of a package, here and in members of a workspace.

Which scripts those are `tasks` and `membercalls` tell from the words of a command.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from posixpath import relpath

from ctxopt.core.running import tasks
from ctxopt.core.running.commands import Command
from ctxopt.core.running.manifestcalls import ManifestCalls
from ctxopt.core.running.membercalls import LOOSE, MONOREPO, MemberCall, member_call
from ctxopt.core.running.whereabouts import placed
from ctxopt.core.running.words import folder_of


class PackageCalls(ManifestCalls):
    """Reads manifests of packages, and takes the commands of scripts that are run."""

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
        is_own = command.program not in MONOREPO | LOOSE
        manager = command.words[0] if is_own else "npm"
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

    def _rush(self, command: Command, depth: int) -> None:
        """What rush runs in its projects, if they have changed."""
        from ctxopt.core.running import rush  # start-up: few have it

        found = self._nearest(command, (rush.MANIFEST,))
        path = next(self._files(command, found[0]), None) if found else None
        if found is None or path is None:
            return
        home = command._replace(folder=found[1])
        file = next(self._files(home, rush.COMMANDS), None)
        call = rush.rush_call(command.words, self._read(file) if file else None)
        if call.shell:
            task = tasks.Task(0, call.shell, doubtful=True)
            self._shell(home, depth, file or path, task)
            return
        doubted = self._doubted(home)
        for folder in rush.projects(self._read(path) or "") if call.scripts else ():
            for script in call.scripts:
                words = "npm", "run", script
                here = placed(found[1], folder)
                one = doubted._replace(text=" ".join(words), words=words, folder=here)
                self._take(one._replace(script=path, script_line=0), depth)


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
            is_named = name in command.words  # no `prebuild`, which gets none
            more = _arguments(command) if is_named else ""
            line = _line_of(manifest, name)
            if scripts[name].strip() == tasks.WIREIT:
                yield from tasks.wired(manifest, name, line)
            yield tasks.Task(line, scripts[name] + more)


def _arguments(command: Command) -> str:
    """What npm hands a script: all behind `--`; pnpm and yarn hand that over, too.

    Rule: docs.npmjs.com, "npm run-script"; pnpm.io, "pnpm run".
    """
    words = command.words
    if command.program != "npm" or "--" not in words:
        return ""
    from shlex import quote  # start-up: few say so

    return "".join(f" {quote(one)}" for one in words[words.index("--") + 1 :])


def _line_of(text: str, name: str) -> int:
    at = text.find(f'"{name}"')
    return text.count("\n", 0, max(at, 0)) + 1
