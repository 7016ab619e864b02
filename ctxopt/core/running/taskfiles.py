"""The tasks of a Taskfile by their names, with those of the files that it includes.

Rule: go-task/task, taskfile/ast (task.go, cmd.go, include.go, tasks.go), taskfile/
node_file.go and reader.go. An included file is found from the file that includes it;
its tasks run where those of the first do, unless the include is a mapping.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from ctxopt.core.compose.loading import load_documents
from ctxopt.core.compose.nodes import Items, Node, Scalar, fields_of
from ctxopt.core.running.tasks import ReadAt
from ctxopt.core.running.whereabouts import placed
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import ComposeFileError

TASKFILES = (
    *("Taskfile.yml", "taskfile.yml", "Taskfile.yaml", "taskfile.yaml"),
    *("Taskfile.dist.yml", "taskfile.dist.yml", "Taskfile.dist.yaml"),
    "taskfile.dist.yaml",
)
_MOST_FILES = 30  # that others include
_DEFAULT = "default"
_TEMPLATE = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}", re.DOTALL)


class Named(NamedTuple):
    """A task, and what is around it."""

    name: str  # with the names of its includes in front: `web:build`
    node: Node
    folder: str  # the place in which it runs
    method: str  # by which it is up to date, unless it says so itself
    known: Mapping[str, str]  # variables of all tasks that are set to a text


class Shell(NamedTuple):
    """A command, and where it stands."""

    path: str
    line: int
    text: str


class Source(NamedTuple):
    """A Taskfile to read: its place, how names begin, and where its tasks run."""

    place: str
    prefix: str
    folder: str
    aliases: tuple[str, ...] = ()
    optional: bool = False


class Taskfile:
    """What a Taskfile has, with all that it includes.

    `unread` says that a part is somewhere else, or no YAML.
    """

    def __init__(self, place: str, folder: str, read: ReadAt) -> None:
        self.home = folder
        self.unread = False
        self.tasks: dict[str, Named] = {}
        self.shells: list[Shell] = []  # that set variables
        self._read = read
        self._aliases: dict[str, str] = {}
        waiting = [Source(place, "", folder)]
        for number, one in enumerate(waiting):
            if number > _MOST_FILES:
                self.unread = True
                break
            waiting += self._take(one)

    def named(self, name: str) -> Named | None:
        """The task that a name means: by an alias or a pattern, or a `default`."""
        for one in (name, self._aliases.get(name, ""), f"{name}:{_DEFAULT}"):
            if one in self.tasks:
                return self.tasks[one]
        for one, task in self.tasks.items():
            pattern = one.replace("[", "[[]").replace("?", "[?]")
            if "*" in one and fnmatchcase(name, pattern):
                return task
        return None

    def _take(self, source: Source) -> Iterator[Source]:
        root = self._loaded(source.place)
        if root is None:
            self.unread |= not source.optional
            return
        above = placed(source.place, "..")
        special = {"ROOT_DIR": self.home, "TASKFILE_DIR": above}
        known = special | dict(texts_of(root.get("vars")))
        self.shells += shells_of(root.get("vars"), known)
        self.shells += shells_of(root.get("env"), known)
        method = text_of(root.get("method")) or "checksum"
        for name, node in fields_of(root.get("tasks")).items():
            self._name(source, name, node, method, known)
        for name, node in fields_of(root.get("includes")).items():
            yield from self._included(source, name, node, above, known)

    def _loaded(self, place: str) -> dict[str, Node] | None:
        places = (place, *(f"{place}/{name}" for name in TASKFILES))
        found = next(filter(None, map(self._read, places)), None)
        if found is None:
            return None
        path, text = found
        try:
            documents = load_documents(text.encode(errors="surrogatepass"), path)
        except ComposeFileError:
            return None
        return fields_of(documents[0]) if documents else None

    def _name(
        self,
        source: Source,
        name: str,
        node: Node,
        method: str,
        known: Mapping[str, str],
    ) -> None:
        said = fields_of(node)
        full = f"{source.prefix}{name}"
        folder = filled(text_of(said.get("dir")), known)
        at = placed(source.folder, folder or ".")
        self.tasks.setdefault(full, Named(full, node, at, method, known))
        entries = said.get("aliases")
        more = entries.entries if isinstance(entries, Items) else ()
        for alias in filter(None, map(text_of, more)):
            self._aliases[f"{source.prefix}{alias}"] = full
        for other in source.aliases:
            self._aliases[f"{other}:{name}"] = full
            if name == _DEFAULT:
                self._aliases[other] = full

    def _included(
        self,
        source: Source,
        name: str,
        node: Node,
        above: str,
        known: Mapping[str, str],
    ) -> Iterator[Source]:
        said = fields_of(node)
        file = filled(text_of(node) or text_of(said.get("taskfile")), known)
        folder = filled(text_of(said.get("dir")), known)
        if "://" in file or "$" in file:
            self.unread = True
            return
        at = placed(above, folder or ".") if said else source.folder
        is_flat = text_of(said.get("flatten")) == "true"
        prefix = source.prefix if is_flat else f"{source.prefix}{name}:"
        entries = said.get("aliases")
        more = entries.entries if isinstance(entries, Items) else ()
        aliases = tuple(f"{source.prefix}{text_of(one)}" for one in more)
        optional = text_of(said.get("optional")) == "true"
        yield Source(placed(above, file or folder), prefix, at, aliases, optional)


def text_of(node: Node | None) -> str:
    """What a value says as text; "" for none, and for a list or a mapping."""
    return node.text if isinstance(node, Scalar) and node.value is not None else ""


def texts_of(node: Node | None) -> Iterator[tuple[str, str]]:
    """The variables that are set to a text, with no template in it."""
    for name, one in fields_of(node).items():
        text = text_of(one)
        if text and "{{" not in text:
            yield name, text


def shells_of(node: Node | None, known: Mapping[str, str]) -> list[Shell]:
    """The commands that set variables."""
    return [
        Shell(shell.place.file, shell.place.line, filled(text_of(shell), known))
        for one in fields_of(node).values()
        if (shell := fields_of(one).get("sh")) is not None
    ]


def filled(text: str, known: Mapping[str, str], hidden: Sequence[str] = ()) -> str:
    """A text with the variables that are known; a template else is one of the shell's.

    `hidden` are names that a call or a task may set to something else.
    """

    def value(found: re.Match[str]) -> str:
        name = found[1].removeprefix(".")
        if name in known and name not in hidden:
            return known[name]
        return "$TASKFILE_" + re.sub(r"\W+", "_", name)

    return _TEMPLATE.sub(value, text) if "{{" in text else text
