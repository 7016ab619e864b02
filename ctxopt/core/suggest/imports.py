"""Sources that git ignores and tracked sources import: made before the build.

`make version` writes `shop/version.py`, git ignores it, and `shop/app.py` begins with
`from shop.version import VERSION`: without that file the image does not start. An
import that is indented is behind a condition or a `try`, and says nothing.
Source: Python's language reference, "The import system"; Node's documentation,
"Modules: CommonJS modules", File modules; Rust's reference, "Modules";
TypeScript's handbook, "Modules - Theory": `./a.js` is looked for as `a.ts`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from ctxopt.core.measure.clutter_match import ClutterMatch
from ctxopt.core.paths import join
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from ctxopt.core.git.tracked import Tracked

MOST_SOURCES = 400  # files whose first 4 KiB are read, in one scan
MOST_OF_FOLDER = 60
MOST_FOLDERS = 20  # beside and below a find

_SCRIPTS = (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".vue", ".svelte")
_COMPILED = (".js", ".jsx", ".mjs", ".cjs")  # may mean a source of TypeScript
_QUOTED = (*_SCRIPTS, ".rb", ".php", ".c", ".cc", ".cpp", ".h", ".hpp", ".scss", ".css")
_SOURCES = (*_QUOTED, ".py", ".rs")
# What may be imported without a word for its ending.
_ENDINGS = (*_SOURCES, ".json")

_PYTHON = re.compile(
    rb"(?m)^(?:from[ \t]+(?P<module>[\w.]+)[ \t]+import[ \t]+"
    rb"(?P<names>\([^)]*|[^\n#]*)"
    rb"|import[ \t]+(?P<modules>[\w., \t]+))"
)
_RUST = re.compile(rb"(?m)^(?:pub(?:\([^)\n]*\))?[ \t]+)?mod[ \t]+(?P<module>\w+);")
_PATH = re.compile(
    rb"(?m)^(?:#[ \t]*include|import|export|@import|@use|require|include"
    rb"|[\w${}, ]+=|\}[ \t]*from)"
    rb"[^\"'\n]*[\"'](?P<path>[^\"'\n]+)[\"']"
)


class Imports:
    """Asks the tracked sources around a find whether one imports it, within bounds."""

    def __init__(self, tree: Tree, tracked: Tracked | None) -> None:
        self._tree = tree
        self._tracked = tracked
        self._left = MOST_SOURCES
        self._known: dict[str, dict[str, str]] = {}

    def of(self, find: ClutterMatch) -> tuple[str, str] | None:
        """The file of a find that a source imports, and which one does."""
        if self._tracked is None or find.kind != "file" or not find.line:
            return None
        for path in find.paths:
            bare, ending = posixpath.splitext(path)
            if ending not in _ENDINGS:
                continue
            for folder in self._around(find.folder):
                said = self._said(folder)
                place = said.get(path) or said.get(bare)
                if place is not None:
                    return path, f"{place} imports it"
        return None

    def _around(self, folder: str) -> Iterator[str]:
        """The folder of a find, that around it, and those in it."""
        yield folder
        if folder:
            yield folder.rpartition("/")[0]
        for name in self._tree.names(folder)[:MOST_FOLDERS]:
            path = join(folder, name)
            if self._tree.kind(path) is Found.DIRECTORY and self._tracks(path):
                yield path

    def _said(self, folder: str) -> dict[str, str]:
        """What the sources of a folder import, and in which line of which file."""
        if folder not in self._known:
            self._known[folder] = {}
            for name in self._sources(folder):
                self._read(join(folder, name), self._known[folder])
        return self._known[folder]

    def _sources(self, folder: str) -> list[str]:
        names = [one for one in self._tree.names(folder) if one.endswith(_SOURCES)]
        tracked = (one for one in names if self._tracks(join(folder, one)))
        found = [one for one, _ in zip(tracked, range(MOST_OF_FOLDER), strict=False)]
        found = found[: self._left]
        self._left -= len(found)
        return found

    def _read(self, source: str, said: dict[str, str]) -> None:
        head = self._tree.head(source)
        for position, path in _imported(source, head):
            line = head.count(b"\n", 0, position) + 1
            said.setdefault(path, f"{source}:{line}")

    def _tracks(self, path: str) -> bool:
        return self._tracked is not None and self._tracked.below(path) > 0


def _imported(source: str, head: bytes) -> Iterator[tuple[int, str]]:
    """The paths that a source imports, without their endings where it says none."""
    folder = source.rpartition("/")[0]
    if source.endswith(".py"):
        yield from _of_python(folder, head)
        return
    if source.endswith(".rs"):
        for found in _RUST.finditer(head):
            module = found["module"].decode()
            yield found.start(), join(folder, module)
            yield found.start(), join(posixpath.splitext(source)[0], module)
        return
    for found in _PATH.finditer(head):
        said = found["path"].decode("utf-8", "replace").lstrip("/")
        is_near = said.startswith(".") or not source.endswith(_SCRIPTS)
        if is_near:
            path = posixpath.normpath(join(folder, said))
            yield found.start(), path
            bare, ending = posixpath.splitext(path)
            if ending in _COMPILED:
                yield found.start(), bare


def _of_python(folder: str, head: bytes) -> Iterator[tuple[int, str]]:
    """Modules as paths: `from .a import b` may mean `a` and `a/b`."""
    for found in _PYTHON.finditer(head):
        for module in _modules(found):
            for path in _places(folder, module):
                yield found.start(), path


def _modules(found: re.Match[bytes]) -> list[str]:
    """What one import may mean, with the dots of relative ones."""
    if found["module"] is None:
        return re.findall(r"[\w.]+", found["modules"].decode())
    module = found["module"].decode()
    names = re.findall(r"\w+", found["names"].decode("ascii", "replace"))
    dot = "" if module.endswith(".") else "."
    return [module, *(f"{module}{dot}{one}" for one in names)]


def _places(folder: str, module: str) -> Iterator[str]:
    """Where a module may be, as seen from a source in a folder.

    Where the project's modules begin is not said: at its root, or in a folder above.
    """
    bare = module.lstrip(".")
    levels = len(module) - len(bare)
    path = bare.replace(".", "/")
    if not path:
        return
    if levels:
        above = "../" * (levels - 1)
        yield posixpath.normpath(join(folder, f"{above}{path}"))
        return
    yield path
    at = folder
    while at:
        yield join(at, path)
        at = at.rpartition("/")[0]
