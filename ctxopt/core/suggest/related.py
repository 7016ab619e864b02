"""The projects that a project builds with itself: those that its manifests refer to.

`cargo build` in `app` also compiles `shared`, which `app/Cargo.toml` names with `path =
"../shared"`; `dotnet publish` does so with a ProjectReference, gradle with what
`settings.gradle` includes, uv with the members and sources of a workspace.
Rule: a word that leads to something in the context counts; more are followed than are
built, so that nothing is missed.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase

from ctxopt.core.paths import join
from ctxopt.core.sources.tree import Found, Tree

MOST_FILES = 100  # manifests that are read, for one question
_SAID = r"""["']([^"'\n]{1,200})["']|>([^<>\n]{1,200})<|=>\s*([./]\S+)"""
# Of what stands above a project: what is defined there for all.
_ABOVE = (
    ("Cargo.toml", r"path\s*=\s*\"([^\"\n]+)\""),
    ("settings.gradle*", _SAID),
    ("pyproject.toml", _SAID),
    ("Directory.*.props", _SAID),
    ("Directory.*.targets", _SAID),
)
_OTHERS = frozenset({"Gemfile", "go.mod"})


class Related:
    """Follows what manifests refer to."""

    def __init__(
        self, tree: Tree, text: Callable[[str], str], is_manifest: Callable[[str], bool]
    ) -> None:
        self._tree = tree
        self._text = text
        self._is_manifest = is_manifest

    def of(self, folders: Iterable[str]) -> set[str]:
        """The folders of the projects that those in some folders need.

        A given folder is one of them where another one refers to it.
        """
        found: set[str] = set()
        seen: set[str] = set()
        waiting = [*self._manifests(folders)]
        while waiting and len(seen) < MOST_FILES:
            path, said = waiting.pop()
            if path in seen:
                continue
            seen.add(path)
            for other in self._referred(path, said):
                is_file = self._tree.kind(other) is Found.FILE
                near = posixpath.dirname(other) if is_file else other
                if is_file:
                    waiting.append((other, _SAID))
                if near not in found:
                    found.add(near)
                    waiting += self._manifests((near,))
        return found

    def _manifests(self, folders: Iterable[str]) -> Iterator[tuple[str, str]]:
        """The manifests of some folders and above, and what is looked for there."""
        for folder in folders:
            for name in self._tree.names(folder):
                if self._is_manifest(name) or name in _OTHERS:
                    yield join(folder, name), _SAID
            above = folder
            while above:
                above = posixpath.dirname(above)
                for name in self._tree.names(above):
                    for like, said in _ABOVE:
                        if fnmatchcase(name, like):
                            yield join(above, name), said

    def _referred(self, path: str, said: str) -> Iterator[str]:
        """What of the context a manifest refers to."""
        folder = posixpath.dirname(path)
        text = self._text(path)
        for found in re.finditer(said, text):
            word = next(filter(None, found.groups()), "").strip()
            for place in _places(word):
                yield from self._there(posixpath.normpath(join(folder, place)), place)
        if path.endswith("mix.exs") and "in_umbrella" in text:
            yield from self._there(join(posixpath.dirname(folder), "*"), "*")

    def _there(self, path: str, said: str) -> Iterator[str]:
        if path.startswith(("..", "/")):
            return
        path = "" if path == "." else path
        above, _, name = path.rpartition("/")
        if "*" in name:
            for one in self._tree.names(above):
                inside = join(above, one)
                if fnmatchcase(one, name) and self._is_folder(inside):
                    yield inside
        elif self._tree.kind(path) is not None:
            yield path
        elif said.startswith("../") and self._is_folder(above):
            yield above  # `../config/base` may leave out how a name ends

    def _is_folder(self, path: str) -> bool:
        return self._tree.kind(path) is Found.DIRECTORY


def _places(word: str) -> Iterator[str]:
    """What a word may mean as a path, seen from its manifest."""
    word = word.replace("\\", "/")
    address = re.search(r"(?:^|@\s*)file:(?://)?(\S+)", word)
    if address is not None:
        parts = address[1].strip("/").split("/")
        yield address[1]
        # Where the context lies in the image, the manifest does not know.
        yield from ("/".join(parts[at:]) for at in range(len(parts)))
        return
    # `$(MSBuildThisFileDirectory)`, and others that mean a folder around it.
    word = re.sub(r"^\$\([^)]*\)/?", "", word)
    if not word or re.search(r"\s|://|\$|\*\*", word):
        return
    yield word.rstrip("/") or "/"
    if ":" in word:
        yield word.strip(":").replace(":", "/")  # `include ':libs:shared'` of gradle
