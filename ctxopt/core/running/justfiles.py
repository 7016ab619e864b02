"""The recipes of a justfile, of those that it imports, and of its modules.

Rule: just.systems, "Working Directory", "Modules", "Imports", "Attributes", "Shebang
Recipes". Of what stands in `{{...}}` only a variable that is a text is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ctxopt.core.running.tasks import ReadAt, Task, TaskRun, joined, recipe_line
from ctxopt.core.running.whereabouts import placed
from ctxopt.core.tuples import NamedTuple

JUSTFILES = ("justfile", "Justfile", ".justfile", "JUSTFILE", ".Justfile")
_OF_MODULES = (".just", "/mod.just", "/justfile", "/.justfile", "/Justfile")
_MOST_FILES = 30
_HEAD = re.compile(r"@?([\w-]+)((?:\s+[^:]*)?)\s*:(?!=)\s*(.*)$")
_SETTING = re.compile(r"(?:export\s+)?([\w-]+)\s*:=\s*(.*)$")
_TEXT = r"""(?P<quote>["'])(?P<text>[^"'{}`]*)(?P=quote)"""
_FILE = re.compile(rf"import(\??)\s+{_TEXT}")
_MODULE = re.compile(rf"mod(\??)\s+([\w-]+)(?:\s+{_TEXT})?")
_FOLDER = re.compile(rf"working-directory(?:\s*:=\s*|\s*:\s*|\(\s*){_TEXT}")
_SHELL = re.compile(rf"set\s+shell\s*:=\s*\[\s*{_TEXT}")
_SYSTEMS = frozenset({"linux", "macos", "unix", "windows", "openbsd", "netbsd"})
_OURS = frozenset({"linux", "unix"})


class _Recipe(NamedTuple):
    """A recipe, with all that says where and whether it is run."""

    folder: str
    path: str
    prefix: str  # of its module: `web::`
    takes: int  # parameters; -1: as many as there are
    needs: tuple[str, ...]
    lines: tuple[Task, ...]


class _Source(NamedTuple):
    """A file to read: its places, how names begin, and where its recipes run."""

    places: tuple[str, ...]
    prefix: str
    folder: str  # "": the one that it lies in
    optional: bool = False


class Justfile:
    """The recipes of a justfile, and of all that belong to it.

    `unread` says that some are in a file that is not found. `here` is the place where
    just is called.
    """

    def __init__(
        self, place: str, folder: str, read: ReadAt, *, here: str = ""
    ) -> None:
        self.unread = False
        self.here = here or folder
        self.home = folder
        self.shells: list[TaskRun] = []  # that set variables
        self.recipes: dict[str, list[_Recipe]] = {}
        self._modules: dict[str, list[str]] = {"": []}  # their recipes, by prefix
        self._aliases: dict[str, str] = {}
        self._read = read
        waiting = [_Source((place,), "", folder)]
        for number, one in enumerate(waiting):
            waiting += self._take(one) if number < _MOST_FILES else ()
            self.unread |= number >= _MOST_FILES

    def wanted(self, words: Sequence[str]) -> Iterator[str]:
        """The names of the recipes that words mean: `web deps` is `web::deps`."""
        rest = [*words]
        while rest:
            name = rest.pop(0)
            while rest and f"{name}::" in self._modules:
                name = f"{name}::{rest.pop(0)}"
            yield name
            takes = [one.takes for one in self.named(name)] or [0]
            rest = [] if min(takes) < 0 else rest[max(takes) :]

    def named(self, name: str) -> list[_Recipe]:
        """The recipes of a name, one for each system; of a module, its first one."""
        for one in (name, self._aliases.get(name, "")):
            if one in self.recipes:
                return self.recipes[one]
        first = self._modules.get(f"{name}::" if name else "", [])
        return self.recipes[first[0]] if first else []

    def _take(self, source: _Source) -> Iterator[_Source]:
        places = zip(source.places, map(self._read, source.places), strict=True)
        place, found = next((one for one in places if one[1]), ("", None))
        if found is None:
            self.unread |= not source.optional
            return
        path, text = found
        above = placed(place, "..")
        self._modules.setdefault(source.prefix, [])
        reader = _Reader(self, source._replace(folder=source.folder or above), path)
        reader.read(text)
        home = reader.source.folder
        for said, optional in reader.imports:
            yield _Source((placed(above, said),), source.prefix, home, optional)
        for name, said, optional in reader.modules:
            base = placed(above, said or name)
            names = (base, *(f"{base}{one}" for one in _OF_MODULES))
            yield _Source(names, f"{source.prefix}{name}::", "", optional)

    def add(self, name: str, recipe: _Recipe) -> None:
        """Take note of a recipe."""
        full = f"{recipe.prefix}{name}"
        self.recipes.setdefault(full, []).append(recipe)
        self._modules[recipe.prefix].append(full)

    def alias(self, prefix: str, name: str, other: str) -> None:
        """Take note of another name of a recipe."""
        self._aliases[f"{prefix}{name}"] = f"{prefix}{other}"


class _Reader:
    """Reads one file, line by line."""

    def __init__(self, file: Justfile, source: _Source, path: str) -> None:
        self.file = file
        self.source = source
        self.path = path
        self.imports: list[tuple[str, bool]] = []  # and whether they may be missing
        self.modules: list[tuple[str, str, bool]] = []
        self.known: dict[str, str] = {}
        self.folder = source.folder
        self.doubtful = False
        self.head: tuple[str, int, tuple[str, ...], str] | None = None
        self.body: list[tuple[int, str]] = []
        self.attributes = ""

    def read(self, text: str) -> None:
        """Take all that the text says."""
        self._settings(text)
        for number, line in joined(text):
            if line[:1].isspace() or not line.strip():
                self.body.append((number, line))
            elif not line.startswith("#"):
                self._end()
                self._line(number, line)
        self._end()

    def _settings(self, text: str) -> None:
        if said := re.search(rf"(?m)^set\s+{_FOLDER.pattern}", text):
            self.folder = placed(self.source.folder, said["text"])
        elif re.search(r"(?m)^set\s+no-cd\b", text):
            self.folder = self.file.here
        shell = _SHELL.search(text)
        self.doubtful = shell is not None and not shell["text"].endswith("sh")
        for line in text.split("\n"):
            said = _SETTING.match(line)
            value = re.fullmatch(_TEXT, said[2].strip()) if said else None
            if said and value:
                self.known[said[1]] = value["text"]

    def _line(self, number: int, line: str) -> None:
        if line.startswith("["):
            self.attributes += line
        elif said := _FILE.match(line):
            self.imports.append((said["text"], bool(said[1])))
        elif said := _MODULE.match(line):
            self.modules.append((said[2], said["text"] or "", bool(said[1])))
        elif said := re.match(r"alias\s+([\w-]+)\s*:=\s*([\w:-]+)", line):
            self.file.alias(self.source.prefix, said[1], said[2])
        elif said := _SETTING.match(line):
            for shell in re.findall(r"`([^`]*)`", said[2]):
                task = Task(number, shell)
                run = TaskRun(self.source.folder, self.path, task)
                self.file.shells.append(run)
        elif said := _HEAD.match(line):
            needs = re.findall(r"[\w-]+(?:::[\w-]+)*", re.sub(_TEXT, "", said[3]))
            self.head = said[1], _count(said[2]), tuple(needs), self.attributes
            self.attributes = ""

    def _end(self) -> None:
        """Take note of the recipe that ends here."""
        if self.head is not None:
            name, takes, needs, attributes = self.head
            folder = self.folder
            if said := _FOLDER.search(attributes):
                folder = placed(self.source.folder, said["text"])
            elif re.search(r"\bno-cd\b", attributes):
                folder = self.file.here
            systems = _SYSTEMS & {*re.findall(r"\w+", attributes)}
            doubtful = self.doubtful or (systems and not systems & _OURS)
            lines = tuple(self._lines(doubtful=bool(doubtful)))
            self.file.add(
                name,
                _Recipe(folder, self.path, self.source.prefix, takes, needs, lines),
            )
        self.head, self.body = None, []

    def _lines(self, *, doubtful: bool) -> Iterator[Task]:
        body = [
            (number, self._filled(line)) for number, line in self.body if line.strip()
        ]
        if body and body[0][1].lstrip().startswith("#!"):
            text = "\n".join(line.strip() for _, line in body)
            yield Task(body[0][0], text, doubtful)
            return
        for number, line in body:
            task = recipe_line(number, line)
            yield task._replace(doubtful=task.doubtful or doubtful)

    def _filled(self, line: str) -> str:
        def value(found: re.Match[str]) -> str:
            said = found[1].strip()
            if said in self.known:
                return self.known[said]
            shells = re.findall(r"`[^`]*`", said)
            return " ".join(shells) or "$JUST_" + re.sub(r"\W+", "_", said)

        return re.sub(r"\{\{(?!\{)(.*?)\}\}", value, line) if "{{" in line else line


def _count(parameters: str) -> int:
    """How many words a recipe takes; -1: all that there are."""
    several = re.sub(_TEXT, "", parameters).split()
    return -1 if any(one[0] in "*+" for one in several) else len(several)
