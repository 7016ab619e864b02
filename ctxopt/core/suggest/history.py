"""Who of a build reads `.git`: its commands, and manifests that its commands build.

A Makefile with `git describe` reads nothing as long as no RUN calls make; a `build.rs`
asks for the commit only where cargo builds it, in a stage that gets it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cached_property

from ctxopt.core.running import tasks
from ctxopt.core.running.commands import Command, Running
from ctxopt.core.running.modules import followed
from ctxopt.core.running.places import UNKNOWN, Places, is_known, within
from ctxopt.core.running.shell import commands_in
from ctxopt.core.running.whereabouts import placed
from ctxopt.core.running.words import folder_of, names_from
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.suggest.askers import (
    ASKS,
    KINDS,
    Kind,
    first_asking,
    is_manifest,
    kinds_of,
)
from ctxopt.core.suggest.signs import HISTORY, BuildHint
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from ctxopt.core.suggest.related import Related
    from ctxopt.core.suggest.repositories import Repositories


# What of Python is told not to install; what it depends on is installed all the same.
_PROJECT = "root|self|install-project"
_REQUIREMENTS = re.compile(r"(?:-r|--requirement=?)(.*)")
_MOST_REQUIREMENTS = 4  # files that name others, so deep

# Programs that are there to ask git.
_TOOLS = (
    r"(^|\s|/)(gitversion|dotnet-gitversion|nbgv|goreleaser|semantic-release|svu|"
    r"git-cliff|git-version|standard-version|git-chglog|setuptools[-_]scm|minver|"
    r"gitinfo|hub|gitchangelog|pre-commit|lefthook|lint-staged|gitleaks|dvc|git-secret|"
    r"git-crypt|changeset)(@|\s|$)|\bnx\s+affected\b|"
    r"\blerna\s+(?:changed|version|publish|diff)\b|(?:^|\s)-buildvcs(?:=true)?(?:\s|$)"
)
_MAKES = frozenset({"make", "just", "task"})
# Of the commands of git those that need no repository.
_NEED_NONE = frozenset(
    (
        *("clone", "init", "help", "version", "ls-remote", "apply", "credential"),
        *("credential-store", "credential-cache", "hash-object", "interpret-trailers"),
    )
)
_LIBRARIES = (
    r"\bgit\.Repo\b|\bpygit2\b|\bdulwich\b|simple-git|isomorphic-git|nodegit|"
    r"\bRugged\b|\bGit\.open\b"
)
_IN_TEXT = (
    rf"{ASKS}|\bgit\W+(?:submodule|checkout|archive)\b|(?:Deno\.Command|Command::new)\W+git\b|"
    rf"{_LIBRARIES}"
)
_IN_IMPORTED = rf"{ASKS}|{_LIBRARIES}|Command::new\(\"git\"\)"
_FILES = r"(?:^|[\s/=<\"'])\.git/(?:HEAD|refs|index|logs|packed-refs|config|objects)\b"
# They need nothing of a file that they name.
_CARELESS = frozenset(
    {
        "rm",
        "mkdir",
        "chown",
        "chmod",
        "find",
        "echo",
        "printf",
        "touch",
        "ls",
        "test",
        "[",
    }
)
_INTERPRETERS = frozenset({"python", "python3", "node", "ruby", "perl", "php", "deno"})


def git_program(words: Sequence[str]) -> bool:
    """Whether a call of git needs the repository that it runs in."""
    at = 1
    while at < len(words) and words[at].startswith("-"):
        if words[at] in ("--version", "--help", "--exec-path"):
            return False
        at += 2 if words[at] in ("-C", "-c", "--git-dir", "--work-tree") else 1
    if at >= len(words):
        return False
    rest = words[at + 1 :]
    if words[at] == "config":
        return not {"--global", "--system", "-f", "--file"} & {*rest}
    if words[at] in ("lfs", "flow"):
        return "install" not in rest
    return words[at] not in _NEED_NONE and "--no-index" not in rest


class History:
    """Looks for what of a build reads `.git`."""

    def __init__(
        self,
        found: Running,
        tree: Tree,
        text: Callable[[str], str],
        files: Mapping[str, str],
    ) -> None:
        self.found = found
        self.places: Places = found.places
        self.tree = tree
        self.text = text
        self.files = files  # manifests with their texts, by path
        self._needed: dict[tuple[bool, Command], set[str]] = {}
        self.roots: dict[int, list[str]] = {}  # where the root of the context lies
        for stage, place in self.places.of(HISTORY, folder=True):
            self.roots.setdefault(stage, []).append(placed(place, ".."))

    def readers(self, elsewhere: Iterable[Command] = ()) -> Iterator[BuildHint]:
        """The lines by which `.git` is read; of other builds by their text."""
        for one in self.found.commands:
            if one.stage in self.roots and self._reads(one):
                yield _said(one)
        yield from self._by_manifests()
        yield from self._elsewhere([*elsewhere])

    # --- commands

    def _reads(self, command: Command) -> bool:
        if _is_tool(command.text):
            return True
        if re.search(_FILES, command.text) and command.program not in _CARELESS:
            return True
        if command.program in _INTERPRETERS:
            return re.search(_IN_TEXT, command.text) is not None
        if not command.words:
            return bool(command.script) and bool(re.search(_IN_TEXT, command.text))
        if command.program != "git" or not git_program(command.words):
            return False
        return self._is_ours(command, self._place(command))

    def _is_ours(self, command: Command, at: str) -> bool:
        """Whether a folder lies in the repository of the context, in no other one."""
        for root in self.roots[command.stage]:
            is_near = within(at, root) is not None or (
                is_known(at) != is_known(root) or "$" in at or "`" in at
            )
            if is_near and not self._others.hold(command, at, root):
                return True
        return False

    @cached_property
    def _others(self) -> Repositories:
        from ctxopt.core.suggest.repositories import Repositories  # start-up: few ask

        return Repositories(self.found, self.tree)

    # --- manifests

    def _by_manifests(self) -> Iterator[BuildHint]:
        for path, text in self.files.items():
            for kind in kinds_of(path):
                hint = self._asking(kind, path, text)
                if hint is not None and self._is_built(kind, path):
                    yield hint
                    break

    def _asking(self, kind: Kind, path: str, text: str) -> BuildHint | None:
        """Where a manifest asks git, or a file of the project that it takes in."""
        asking = first_asking(kind.asks, text)
        if asking is not None:
            line, said = asking
            return BuildHint(path, line, said or path.rpartition("/")[2])
        for other, more in followed(path, text, self.text, self._is_file):
            asking = first_asking(_IN_IMPORTED, more)
            if asking is not None:
                return BuildHint(other, *asking)
        return self._in_build_logic(kind, path, text)

    def _in_build_logic(self, kind: Kind, path: str, text: str) -> BuildHint | None:
        """Where sources ask git that Gradle compiles before it builds anything."""
        if not path.endswith((".gradle", ".gradle.kts")):
            return None
        from ctxopt.core.suggest.buildlogic import sources  # start-up: few ask git

        for other in sources(self.tree, path, text):
            asking = first_asking(kind.asks, self.text(other))
            if asking is not None:
                return BuildHint(other, *asking)
        return None

    def _is_file(self, path: str) -> bool:
        return self.tree.kind(path) is Found.FILE

    def _is_built(self, kind: Kind, path: str) -> bool:
        """Whether a command builds a manifest where `.git` is, too."""
        expression = re.compile(kind.commands)
        for stage, place in self.places.of(path, folder=False):
            if stage not in self.roots:
                continue
            lineage = {*self.places.lineage(stage)}
            home = placed(place, "..")
            built = [
                one
                for one in self.found.commands
                if one.stage in lineage and expression.search(one.text)
            ]
            if any(self._reaches(kind, one, home) for one in built):
                return True
            folder = path.rpartition("/")[0]
            if any(self._is_needed(kind, one, folder) for one in built):
                return True
            # What cannot be read may build it.
            if any(one.stage in lineage for one in self.found.unread):
                return True
        return False

    def _is_needed(self, kind: Kind, command: Command, folder: str) -> bool:
        """Whether the project that a command builds needs that of a folder."""
        folders = self._needed_by(kind, command)
        return folder in folders or any(
            within(one, folder) is not None for one in folders if folder
        )

    def _needed_by(self, kind: Kind, command: Command) -> set[str]:
        """The folders of the projects that a command builds with what it is told to."""
        key = kind.targets, command
        if key not in self._needed:
            places = [self._place(command)]
            if kind.targets:
                places = [*self._python_targets(command, places[0], alone=False)]
            found = [
                path
                for one in places
                for path in self.places.in_context(command.stage, one, command.moment)
            ]
            self._needed[key] = self._related.of(dict.fromkeys(found))
        return self._needed[key]

    @cached_property
    def _related(self) -> Related:
        from ctxopt.core.suggest.related import Related  # start-up: few ask git

        return Related(self.tree, self.text, is_manifest)

    def _reaches(self, kind: Kind, command: Command, home: str) -> bool:
        at = self._place(command)
        if not kind.targets:
            return is_known(at) != is_known(home) or (
                within(home, at) is not None or within(at, home) is not None
            )
        targets = [*self._python_targets(command, at)]
        return any(
            is_known(one) != is_known(home) or fnmatchcase(home, one) for one in targets
        ) or (at != home and UNKNOWN in targets)

    def _place(self, command: Command) -> str:
        """Where a command works."""
        folder = folder_of(command.program, command.words)
        return command.folder if folder is None else placed(command.folder, folder)

    def _python_targets(
        self, command: Command, at: str, *, alone: bool = True
    ) -> Iterator[str]:
        """The folders of the projects that a command of Python builds.

        With `alone`, none where that is told to leave out the project itself.
        """
        text = command.text
        left_out = re.search(rf"--no-({_PROJECT}|install-workspace)\b", text)
        if left_out and (alone or not re.fullmatch(_PROJECT, left_out[1])):
            return
        installs = re.search(r"\bpip\S*\s+(install|wheel)\b|\btool\s+install\b", text)
        if not installs:
            yield at
            for word in command.words[1:]:
                if not word.startswith("-"):
                    yield placed(at, word)
            return
        yield from self._installed(command, at)

    def _installed(self, command: Command, at: str) -> Iterator[str]:
        """The folders of what pip is to install."""
        requirements = False
        before = ""
        for word in command.words[1:]:
            file = _REQUIREMENTS.fullmatch(word)
            if before in ("-r", "--requirement") or (file and file[1]):
                requirements = True
                name = file[1] if file and file[1] else word
                yield from self._required(command, placed(at, name), at, 0)
            elif _is_path(word):
                yield placed(at, _plain_path(word))
            before = word
        if not requirements and any(one == "-e" for one in command.words):
            yield at

    def _required(
        self, command: Command, place: str, at: str, depth: int
    ) -> Iterator[str]:
        """The projects that a file of requirements names by their paths."""
        if depth > _MOST_REQUIREMENTS:
            return
        for path in self.places.in_context(command.stage, place, command.moment):
            for line in self.text(path).split("\n"):
                said = re.sub(r"^(-e|--editable)[ =]", "", line.strip())
                more = re.match(r"(?:-r|--requirement)[ =]?\s*(\S+)", said)
                if more is not None:
                    other = placed(placed(place, ".."), more[1])
                    yield from self._required(command, other, at, depth + 1)
                elif _is_path(said):
                    yield placed(at, _plain_path(said.split()[0]))
                elif address := re.search(r"@\s*(file:\S+)", said):
                    yield placed(at, _plain_path(address[1]))

    # --- other builds

    def _elsewhere(self, commands: list[Command]) -> Iterator[BuildHint]:
        clones = {
            (one.file, one.line)
            for one in commands
            if one.program == "git" and "clone" in one.words
        }
        for one in commands:
            if _is_tool(one.text):
                yield _said(one)
            elif one.program == "git" and git_program(one.words):
                away = one.folder != UNKNOWN or folder_of("git", one.words)
                if not away or (one.file, one.line) not in clones:
                    yield _said(one)
            elif one.program in _MAKES:
                yield from self._made_elsewhere(one)
        for path, text in self.files.items():
            if "/" in path:
                continue
            for kind in KINDS:
                asking = self._asked_elsewhere(kind, path, text, commands)
                if asking is not None:
                    yield BuildHint(path, *asking)

    def _made_elsewhere(self, command: Command) -> Iterator[BuildHint]:
        """What tasks of the root ask that another build starts."""
        names, read = _tasks_of(command.program)
        wanted = [one for one in command.words[1:] if not one.startswith("-")]
        for name in names:
            if self.tree.kind(name) is not Found.FILE:
                continue
            for task in read(self.text(name), wanted):
                for one in commands_in(task.text, UNKNOWN):
                    if one.program == "git" and git_program(one.words):
                        yield BuildHint(name, task.line, " ".join(one.words[:3]))

    def _asked_elsewhere(
        self, kind: Kind, path: str, text: str, commands: list[Command]
    ) -> tuple[int, str] | None:
        """The line of a manifest at the root that a command of another build reads."""
        if not any(fnmatchcase(path, one) for one in kind.names):
            return None
        expression = re.compile(kind.commands)
        built = any(
            expression.search(one.text)
            and (not kind.targets or [*self._python_targets(one, one.folder)])
            for one in commands
        )
        return first_asking(kind.asks, text) if built else None


def _tasks_of(
    program: str,
) -> tuple[tuple[str, ...], Callable[[str, list[str]], Iterator[tasks.Task]]]:
    """Which files have the tasks of a program, and who reads them."""
    if program == "just":
        from ctxopt.core.running.justfiles import JUSTFILES  # start-up, as below
        from ctxopt.core.running.justruns import just_tasks

        return JUSTFILES, just_tasks
    if program == "task":
        from ctxopt.core.running.taskfiles import TASKFILES  # start-up, as below
        from ctxopt.core.running.taskruns import task_tasks

        return TASKFILES, task_tasks
    from ctxopt.core.running.makefiles import MAKEFILES, make_tasks  # start-up

    return MAKEFILES, make_tasks


def _is_tool(text: str) -> bool:
    """Whether a command runs a program that asks git; `pip install dvc` does not."""
    found = re.search(_TOOLS, text)
    return found is not None and found.end() <= names_from(text)


def _is_path(word: str) -> bool:
    return word.startswith((".", "/", "file:")) or (
        "/" in word and "://" not in word and "@" not in word and word[:1] != "-"
    )


def _plain_path(word: str) -> str:
    """A path without what pip is told of it: `./core[dev]`, `file:///a/core`."""
    return re.sub(r"^file:(?://)?|[#\[].*$", "", word)


def _said(command: Command) -> BuildHint:
    """A command as a hint, at the place where it stands."""
    text = command.text
    if command.words and command.program == "git":
        text = " ".join(command.words[:3])
    file, line = command.file, command.line
    if command.script:
        file, line = command.script, command.script_line or 1
    return BuildHint(file, line, text[:60])
