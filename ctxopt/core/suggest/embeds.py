"""What sources take into their program when they are compiled: without it, none is.

`//go:embed dist` of `web/embed.go` means `web/dist` and all in it, and
`include_str!("../Dockerfile.tmpl")` of `src/lib.rs` that file.
`#[folder = "dist"]` of rust-embed and `$CARGO_MANIFEST_DIR` begin where the crate does.
Source: Go's package embed, "Directives"; Rust's std::include_str; rust-embed, README.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import islice

from ctxopt.core.measure.clutter_match import ClutterMatch
from ctxopt.core.paths import join
from ctxopt.core.sources.tree import Tree
from ctxopt.core.tuples import NamedTuple

MOST_SOURCES = 200  # files whose first 4 KiB are read, in one scan
MOST_OF_FOLDER = 40
SOURCES = (".go", ".rs")
LEVELS = 4  # folders above a find that are looked at

_SAID = (
    rb"(?m)^//go:embed[ \t]+(?P<go>[^\n]+)"
    rb"|include_(?:str|bytes|dir)!\(\s*\"(?P<rust>[^\"\n]+)\""
    rb"|#\[folder\s*=\s*\"(?P<crate>[^\"\n]+)\""
)
_CRATE = "$CARGO_MANIFEST_DIR/"
_WORD = r'"([^"]*)"|`([^`]*)`|(\S+)'


class Embed(NamedTuple):
    """A path or a pattern, and the line that takes what it leads to."""

    pattern: str
    place: str

    def takes(self, path: str) -> bool:
        """Whether a path is taken, lies in what is, or holds it."""
        inside = f"{path}/"
        if self.pattern.startswith(inside) or inside.startswith(f"{self.pattern}/"):
            return True
        return any(fnmatchcase(one, self.pattern) for one in _upwards(path))


class Embedding:
    """What single sources embed; each is read once for all who ask."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._known: dict[str, tuple[Embed, ...]] = {}
        self._sources: dict[str, tuple[str, ...]] = {}  # by folder

    def sources(self, folder: str) -> tuple[str, ...]:
        """The names of the sources in a folder, as many as are read."""
        if folder not in self._sources:
            names = (one for one in self.tree.names(folder) if one.endswith(SOURCES))
            self._sources[folder] = (*islice(names, MOST_OF_FOLDER),)
        return self._sources[folder]

    def of(self, source: str) -> tuple[Embed, ...]:
        """What a source takes into its program, in the order of its lines."""
        if source not in self._known:
            self._known[source] = (*self._read(source),)
        return self._known[source]

    def _read(self, source: str) -> Iterator[Embed]:
        folder = source.rpartition("/")[0]
        head = self.tree.head(source)
        for found in re.finditer(_SAID, head):
            line = head.count(b"\n", 0, found.start()) + 1
            for text in _words(found):
                of_crate = found["crate"] or text.startswith(_CRATE)
                base = _crate_of(folder) if of_crate else folder
                path = text.removeprefix(_CRATE)
                pattern = posixpath.normpath(join(base, path))
                yield Embed(pattern, f"{source}:{line}")


class Embeds:
    """Asks the sources around finds what they embed, within bounds."""

    def __init__(self, embedding: Embedding) -> None:
        self._embedding = embedding
        self._left = MOST_SOURCES
        self._known: dict[str, tuple[Embed, ...]] = {}

    def of(self, find: ClutterMatch) -> tuple[str, str] | None:
        """The path that a source takes, and which one does."""
        above = ["", *[*_upwards(find.folder)][:LEVELS]]
        # Rust's sources lie one folder down, and may lead up.
        folders = [*above, *(join(one, "src") for one in above)]
        for embed in (one for folder in folders for one in self._in(folder)):
            for path in find.paths:
                if embed.takes(path):
                    return path, f"{embed.place} takes it into the program"
        return None

    def _in(self, folder: str) -> tuple[Embed, ...]:
        if folder not in self._known:
            self._known[folder] = tuple(self._read(folder))
        return self._known[folder]

    def _read(self, folder: str) -> Iterator[Embed]:
        for name in self._embedding.sources(folder)[: self._left]:
            self._left -= 1
            yield from self._embedding.of(join(folder, name))


def _words(found: re.Match[bytes]) -> Iterator[str]:
    """The patterns of one directive."""
    if found["rust"] or found["crate"]:
        yield (found["rust"] or found["crate"]).decode("utf-8", "replace")
        return
    for word in re.finditer(_WORD, found["go"].decode("utf-8", "replace").strip()):
        text = (word[1] or word[2] or word[3]).removeprefix("all:")
        if text:
            yield text


def _crate_of(folder: str) -> str:
    """The folder of the crate that a source in some folder is of, as is usual."""
    above, _, _ = f"/{folder}/".rpartition("/src/")
    return above[1:] if f"/{folder}/".rpartition("/src/")[1] else folder


def _upwards(path: str) -> Iterator[str]:
    """A path and the folders above it, without the root."""
    while path:
        yield path
        path = path.rpartition("/")[0]
