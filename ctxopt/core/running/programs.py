"""What programs of the project do that are no scripts of a shell: start others, read.

Nothing is run: lines that start a program are read as commands without words, and
literals that are paths of the context as what is read.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import lru_cache

from ctxopt.core.paths import join
from ctxopt.core.running.commands import Command, Started
from ctxopt.core.running.reading import Reader
from ctxopt.core.running.syntax.tokens import KNOWN_TEXTS
from ctxopt.core.running.whereabouts import placed
from ctxopt.core.sources.tree import Found

MOST_SOURCES = 12  # of a program of Go
_STARTS_OTHERS = (
    r"subprocess|os\.(system|popen)|child_process|exec(?:File)?(?:Sync)?\(|spawn|"
    r"\bsystem\b|%x|shelljs|execa|\bsh\s|`|\bqx\b|Deno\.Command|\.execute\(|"
    r"\bgit\.Repo\b|pygit2|dulwich|simple-git|isomorphic-git|nodegit|Rugged|Git\.open"
)
# In a script of PowerShell commands stand as they do in a shell.
_POWERSHELL = ".ps1"
# Programs make these themselves where they are missing.
_MADE_AT_RUN = (
    r"\.(db|sqlite3?|log|pid|sock|tmp|env|lock)$|"
    r"(^|/)(logs?|tmp|temp|uploads?|media|data|cache|\.cache|\.env[\w.]*)$"
)
_LITERAL = r"""["'`]([\w.@/-]{2,200})["'`]"""
# What reads files, and what leads to them. Other literals of what is taken in are names
# of routes, of settings, of folders to write to.
_READS = (
    r"\bopen\(|read_?(?:text|bytes|file|json|lines)|[rR]ead(?:File|Json)|ReadStream|"
    r"copy(?:File|Sync|tree|2)?\(|cpSync|file_get_contents|(?:File|IO)\.(?:read|open)"
)
# Of what else is started there, much is never called.
_ASKS_GIT = r"\b(?:git|pygit2|dulwich|nodegit|Rugged)\b|\.git/"
# Lines of comments; `#key = run()` is a member of a class, and `/* a */ run()` runs.
_COMMENT = r"\s*(?:#(?![A-Za-z_]\w*\s*[=(])|//|/?\*(?!.*\*/\s*\S|/\s*\S))"
_LEADS = rf"{_READS}|\bresolve\(|\bjoin\(|\bPath\(|\bURL\(|\bfile\("


@lru_cache(maxsize=KNOWN_TEXTS)
def lines_in(
    text: str, *, all_names: bool, bare: bool = False
) -> tuple[tuple[int, str, tuple[str, ...]], ...]:
    """The lines of a program that say something: what is started, and literals.

    With `all_names` all that is started and named; else what may ask git, and the
    literals of lines that lead to a file. With `bare` commands stand without quotes.
    """
    lines = text.split("\n")
    starts = _lines_with(_STARTS_OTHERS if all_names else _ASKS_GIT, text)
    starts |= _lines_with(_ASKS_GIT, text) if bare else set()
    starts = {one for one in starts if not re.match(_COMMENT, lines[one])}
    names = _lines_with(_LITERAL, text) if all_names else set[int]()
    if not all_names and re.search(_READS, text) is not None:
        names = _lines_with(_LEADS, text)
    return tuple(
        (
            number + 1,
            _plain(lines[number]) if number in starts else "",
            tuple(re.findall(_LITERAL, lines[number])) if number in names else (),
        )
        for number in sorted(starts | names)
    )


def _lines_with(expression: str, text: str) -> set[int]:
    """The lines in which an expression is found, from 0."""
    ends = [found.start() for found in re.finditer("\n", text)]
    return {bisect(ends, one.start()) for one in re.finditer(expression, text)}


def _plain(line: str) -> str:
    return " ".join(re.sub(r"""["'`,\[\](){}]+""", " ", line).split())


class Programs(Reader):
    """Reads what programs start and name."""

    def _foreign(self, command: Command, path: str, text: str, before: int = 0) -> None:
        """What a script in another language starts, and the paths that it names."""
        self._lines_of(command, path, text, before=before, all_names=True)
        self._taken_in(command, path, text)

    def _taken_in(self, command: Command, path: str, text: str) -> None:
        """What the files do that a program takes in."""
        from ctxopt.core.running.modules import followed  # start-up: few start one

        for other, said in followed(path, text, self._module, self._is_file):
            self._lines_of(command, other, said, all_names=False)

    def _is_file(self, path: str) -> bool:
        return self.tree.kind(path) is Found.FILE

    def _lines_of(
        self,
        command: Command,
        path: str,
        text: str,
        *,
        before: int = 0,
        all_names: bool,
    ) -> None:
        called = command.stage, command.step, f"{command.folder}:{path}", command.ways
        if not all_names and called in self._called:
            return
        self._called.add(called)
        bare = path.endswith(_POWERSHELL)
        for number, said, names in lines_in(text, all_names=all_names, bare=bare):
            here = command._replace(script=path, script_line=before + number)
            if said:
                self.commands.append(here._replace(text=said, words=()))
            for found in names:
                self._named(here, path, found)

    def _named(self, command: Command, path: str, found: str) -> None:
        beside = self._beside(command, path)
        for place in {placed(command.folder, found), placed(beside, found)}:
            self._name(command, place)

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

    def _modules(self, command: Command, word: str) -> Iterator[str]:
        yield from self._files(command, word)
        module = word.partition(":")[0].replace(".", "/")
        for folder in self._python_path(command):
            for tail in (".py", "/__main__.py", "/__init__.py"):
                yield from self._files(command, f"{folder}{module}{tail}")
        for tail in (".js", "/index.js"):
            yield from self._files(command, word + tail)

    def _python_path(self, command: Command) -> Iterator[str]:
        """The folders in which Python looks for a module, each with a slash behind."""
        yield ""
        said = self.variables[command.stage].get("PYTHONPATH", "")
        here = re.match(r"(?:\w+=\S*\s+)*?PYTHONPATH=(\S+)", command.text)
        for one in (*said.split(":"), *(here[1] if here else "").split(":"), "src"):
            if one:
                yield f"{one.rstrip('/')}/"

    def _configured(self, command: Command) -> None:
        """The configurations that a program evaluates: they are programs, too."""
        from ctxopt.core.running.configurations import configurations  # start-up

        for folder, name in configurations(command.program, command.words):
            for path in self._named_so(command, folder, name):
                called = command.stage, command.step, path, ()
                text = None if called in self._called else self._module(path)
                self._called.add(called)
                if text is None:
                    continue
                if not path.endswith(".toml"):
                    self._lines_of(command, path, text, all_names=False)
                self._taken_in(command, path, text)

    def _named_so(self, command: Command, folder: str, name: str) -> Iterator[str]:
        place = placed(command.folder, folder)
        for path in self.places.in_context(command.stage, place, command.moment):
            for one in self.tree.names(path) if "*" in name else (name,):
                if fnmatchcase(one, name) and self._is_file(join(path, one)):
                    yield join(path, one)

    def _go_program(self, command: Command) -> None:
        """What `go run ./tool` or `go run tool.go` starts."""
        word = next((one for one in command.words[2:] if one[:1] != "-"), "")
        found = [*self._files(command, word)]
        place = placed(command.folder, word)
        folders = self.places.in_context(command.stage, place, command.moment)
        for folder in folders if word[:1] == "." and not found else ():
            names = [one for one in self.tree.names(folder) if one.endswith(".go")]
            found += [join(folder, one) for one in names[:MOST_SOURCES]]
        for path in found:
            text = self._module(path)
            if text is not None:
                self._lines_of(command, path, text, all_names=False)

    def _cargo(self, command: Command, _: int) -> None:
        """The program of a workspace that cargo starts, by an alias, too."""
        if command.words[1:2] in (("build",), ("b",), ("fetch",), ("install",)):
            return
        from ctxopt.core.running.cargoruns import CONFIGURATIONS, cargo_run  # start-up

        files = (one for name in CONFIGURATIONS for one in self._files(command, name))
        path = next(files, None)
        call = cargo_run(command.words, (path and self._module(path)) or "")
        for name in call.sources() if call else ():
            for source in self._files(command, name):
                text = self._module(source)
                if text is not None:
                    self._lines_of(command, source, text, all_names=False)
                    self._taken_in(command, source, text)
