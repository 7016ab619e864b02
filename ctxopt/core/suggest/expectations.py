"""Folders that the program expects to be there, though what lies in them may go.

`logging.basicConfig(filename="logs/app.log")` makes the file and not the folder: an
image without `logs` does not start. These are signs, not proofs; where there is one,
what lies in the folder is kept out, and the folder stays.
Source: python/cpython, Lib/logging/__init__.py, FileHandler._open; rails/rails,
railties, Rails::Server and puma, which write tmp/pids/server.pid.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from operator import ne

from ctxopt.core.paths import join
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.suggest.rules import EXPECTED, Rule

MOST_FOLDERS = 200  # looked into for programs
MOST_NAMES = 4_000  # in all of them
MOST_FILES = 300  # read
MOST_BYTES = 4 << 20  # of all files that are read
FILE_BYTES = 64 << 10  # of each
DEPTH = 5

KEEP_FILES = (".gitkeep", ".keep", ".placeholder", ".empty", ".gitignore")
_PROGRAMS = (
    r"(?i).*\.(?:py|rb|php|[cm]?[jt]sx?|go|rs|java|kts?|groovy|scala|cs|exs?|erl|pl|lua|"
    r"ya?ml|json|toml|ini|conf|cfg|config|xml|properties|sh|service|ru|hocon)|"
    r"(?:Procfile|Makefile|artisan|manage|supervisord\.conf)"
)
# Made by programs; and those of compose, which makes the folders that it mounts.
_GENERATED = (
    r"(?i).*(?:lock|\.min|lock\.)\.?\w+|.*\.d\.ts|tsconfig.*|"
    r"(?:docker-)?compose.*"
)
# How packages of Go and pages are called: `github.com/go-macaron/cache/redis`.
_PACKAGE = r"[\w-]\.(?:com|org|io|dev|net|in|sh)/[^\s\"'`]*$"
_FOREIGN = frozenset(
    {
        *("node_modules", "vendor", "site-packages", ".venv", "venv", "dist", "target"),
        *("__pycache__", "third_party", "bower_components"),
    }
)
_BETWEEN = r"[\s=:,;\"'`()\[\]{}|&<>]+"  # words of a command, and parts of these
_RAILS = "config/application.rb"
_OF_RAILS = frozenset({"log", "tmp", "pids", "sockets", "storage"})


class Expectations:
    """Answers who expects a folder; programs are read when it is first asked.

    `programs` are those of the context, `names` those of the folders that are spoken
    of, and `spoken` are the commands and volumes of the build, each with its place.
    """

    def __init__(
        self,
        programs: Programs,
        *,
        names: Collection[str],
        spoken: Collection[tuple[str, str]] = (),
    ) -> None:
        self._programs = programs
        self._tree = programs.tree
        self._names = frozenset(names)
        self._spoken = spoken
        self._known: dict[str, str | None] = {}

    def of(self, path: str) -> str | None:
        """Who expects a folder, in words; None where nobody does."""
        name = path.rpartition("/")[2]
        if name not in self._names:
            return None
        if path not in self._known:
            self._known[path] = self._sign(path, name)
        return self._known[path]

    def _sign(self, path: str, name: str) -> str | None:
        for file in KEEP_FILES:
            if self._tree.kind(join(path, file)) is Found.FILE:
                return f"{file} in it keeps the folder"
        if name in _OF_RAILS and self._tree.kind(_RAILS) is Found.FILE:
            return "Rails expects the folder"
        for place, text in self._spoken:
            if any(_may_mean(word, path) for word in re.split(_BETWEEN, text)):
                return f"{place} speaks of the folder"
        return self._programs.opening(_own_name(path))


class Programs:
    """The programs of a context, each read once for all builds that ask.

    `read` gives a file's text.
    """

    def __init__(self, tree: Tree, read: Callable[[str], str]) -> None:
        self.tree = tree
        self._read = read
        self._known: dict[str, str | None] = {}  # by the name of a folder

    def opening(self, name: str) -> str | None:
        """The line that names something in a folder of this name, in words."""
        if name not in self._known:
            self._known[name] = self._opening(name)
        return self._known[name]

    @cached_property
    def _texts(self) -> Sequence[tuple[str, str]]:
        return (*self._read_all(),)

    def _opening(self, name: str) -> str | None:
        expression = re.compile(_opening(name), re.MULTILINE)
        for path, text in self._texts:
            found = _first(expression, text) if name in text else None
            if found is not None:
                line = text.count("\n", 0, found.end()) + 1
                return f"{path}:{line} speaks of the folder"
        return None

    def _read_all(self) -> Iterator[tuple[str, str]]:
        files = left = 0
        for path in self._files():
            text = self._read(path)[:FILE_BYTES]
            files, left = files + 1, left + len(text)
            yield path, text
            if files >= MOST_FILES or left >= MOST_BYTES:
                return

    def _files(self) -> Iterator[str]:
        """Programs and their settings, the nearest to the root first."""
        waiting = deque([("", 0)])
        folders = names = 0
        while waiting and folders < MOST_FOLDERS and names < MOST_NAMES:
            folder, depth = waiting.popleft()
            below = frozenset(self.tree.folders(folder) if depth < DEPTH else ())
            folders += 1
            for name in self.tree.names(folder):
                names += 1
                if _is_program(name):
                    yield join(folder, name)
                elif name in below and name not in _FOREIGN and name[0] != ".":
                    waiting.append((join(folder, name), depth + 1))


def _is_program(name: str) -> bool:
    """Whether a name is that of a program, or of its settings, that people write."""
    return bool(re.fullmatch(_PROGRAMS, name) and not re.fullmatch(_GENERATED, name))


def _own_name(path: str) -> str:
    """What programs call a folder: `.moon/cache` of a tool is no `cache` of theirs."""
    above, _, name = path.rpartition("/")
    parent = above.rpartition("/")[2]
    return f"{parent}/{name}" if parent.startswith(".") else name


def _first(expression: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first place that opens a folder; the path of a package opens none."""
    for found in expression.finditer(text):
        line = text[text.rfind("\n", 0, found.start()) + 1 : found.end()]
        if not re.search(_PACKAGE, line):
            return found
    return None


def _may_mean(word: str, path: str) -> bool:
    """Whether a word of a command may speak of a folder, or of what lies in it.

    Where `/srv/logs` is in the context is not known here; `web/logs` is not `api/logs`.
    """
    parts = [part for part in word.split("/") if part not in ("", ".")]
    if "/" in (own := _own_name(path)):
        return own in "/".join(parts)
    *above, name = path.split("/")
    known = not word.startswith(("/", "$", "~", ".."))
    return any(
        part == name
        and not (known and any(map(ne, reversed(parts[:at]), reversed(above))))
        for at, part in enumerate(parts)
    )


def expected_names(rules: Iterable[Rule]) -> frozenset[str]:
    """The names of the folders that rules take the contents of."""
    return frozenset(
        pattern.split("/")[-2]
        for rule in rules
        if rule.folder == EXPECTED
        for pattern in rule.patterns
    )


def _opening(name: str) -> str:
    """What says that something in a folder is opened, or the folder itself."""
    it = re.escape(name)
    return (
        rf"(?:^|[^\w-]){it}[/\\]+[\w.%{{$*<\"'`]"  # logs/app.log
        rf"|(?i:join|path|resolve|dir\w{{0,20}}|folder|root)\b\W[^\n]{{0,80}}[\"'/]{it}[\"']"
        rf"|[=:>]\s*[\"']?[\w./${{}}-]*(?<![\w-]){it}/?[\"']?\s*(?:$|<)"
    )
