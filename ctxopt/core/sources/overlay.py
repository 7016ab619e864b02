"""What COPY makes of a stage's files, as far as it has to be known where two meet.

`COPY bin lib /d/` fails where `bin/tool` is a file and `lib/tool` a folder: both go to
`/d/tool`. A folder that is copied is one `CopiedFiles` until another one goes to
the same place; only then are the names of both looked at, and what lies below only
where both have a folder of one name. What an image, another stage or a RUN has put
there is not known, and never said to be in the way.

Rule: tonistiigi/fsutil, copy/copy.go, Copy, prepareTargetDir, copyDirectoryOnly,
ensureEmptyFileTarget, MkdirAll.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple, TypeAlias

from ctxopt.core.paths import join
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.sources.tree import Found, Tree


class Clash(Enum):
    """How a copy fails, in the words of BuildKit."""

    FOLDER_ON_FILE = "cannot copy to non-directory: {place}"
    FILE_ON_FOLDER = "cannot replace to directory {place} with file"
    BELOW_FILE = "mkdir {place}: not a directory"


class Collision(NamedTuple):
    """Two paths of a context that go to one place, and only one is a folder."""

    clash: Clash
    place: str  # absolute, in the stage
    earlier: str  # what stands there
    later: str  # what was to go there


class CollisionError(Exception):
    """A copy that fails; `collision` says where."""

    def __init__(self, collision: Collision) -> None:
        super().__init__(collision.place)
        self.collision = collision


class CopiedFiles(NamedTuple):
    """A folder of the context as one source takes it."""

    path: str
    below: str = ""  # its path from where the source starts
    exclude: Matcher | None = None  # `--exclude`

    def inside(self, name: str) -> CopiedFiles:
        """The folder `name` in it."""
        return self._replace(path=join(self.path, name), below=join(self.below, name))


class _File(NamedTuple):
    origin: str
    link: bool = False  # one that leads on, so that nothing is known of what is below


class _Unseen(NamedTuple):
    """A name of a layer that nobody has asked about yet."""

    layer: CopiedFiles
    name: str


class _Folder:
    """A folder of the stage; `open` if there may be more in it than is known."""

    __slots__ = ("layer", "names", "open", "origin")

    def __init__(self, origin: str = "", *, is_open: bool) -> None:
        self.origin = origin
        self.open = is_open
        self.layer: CopiedFiles | None = None  # all of it is in here, if not in `names`
        self.names: dict[str, _Node] = {}

    def copy(self) -> _Folder:
        """Another one, to be changed for itself."""
        made = _Folder(self.origin, is_open=self.open)
        made.layer = self.layer
        made.names = {
            name: node.copy() if isinstance(node, _Folder) else node
            for name, node in self.names.items()
        }
        return made


_Node: TypeAlias = _File | _Folder | _Unseen


class Destination(NamedTuple):
    """Where a copy goes: an absolute path, and whether it is to be a folder."""

    path: str
    as_folder: bool

    @property
    def parts(self) -> list[str]:
        """Its components."""
        return [part for part in self.path.split("/") if part]


class Overlay:
    """The files of a stage that copies of one context made.

    `sent` says of a path of the context whether it is in the transfer.
    """

    def __init__(
        self, tree: Tree, sent: Callable[[str], bool], *, is_open: bool
    ) -> None:
        self._tree = tree
        self._sent = sent
        self._root = _Folder(is_open=is_open)

    def copy(self) -> Overlay:
        """Another one for a stage that begins with this one."""
        made = Overlay(self._tree, self._sent, is_open=True)
        made._root = self._root.copy()
        return made

    def make_folder(self, target: Destination) -> None:
        """Make a folder, as WORKDIR does.

        Raises CollisionError where BuildKit fails.
        """
        self._reach(target.parts, "")

    def put(self, name: str, layer: CopiedFiles, target: Destination) -> None:
        """Copy what a source hits, `name` being how the source calls it.

        Raises CollisionError where BuildKit does.
        """
        kind = self._tree.kind(layer.path) if layer.path else Found.DIRECTORY
        if kind is Found.DIRECTORY:
            self._put_folder(layer, target)
        elif kind is not None:
            self.put_file(name, layer.path, target)

    def _put_folder(self, layer: CopiedFiles, target: Destination) -> None:
        parts = target.parts
        if target.as_folder or not parts:
            folder = self._reach(parts, layer.path)
        else:
            above = self._reach(parts[:-1], layer.path)
            folder = above and self._enter(above, parts[-1], target.path, layer.path)
        if folder is not None:
            self._merge(folder, layer, "/" + "/".join(parts))

    def put_file(self, name: str, origin: str, target: Destination) -> None:
        """Copy a file; `origin` is how messages call it.

        Raises CollisionError where BuildKit does.
        """
        parts = target.parts
        if not target.as_folder and parts:
            above = self._reach(parts[:-1], origin)
            there = above and self._look(above, parts[-1])
            if above is None or (there is None and above.open):
                return  # it may be a folder there, and it may be none
            if isinstance(there, _File) and there.link:
                return
            if not isinstance(there, _Folder):
                above.names[parts[-1]] = _File(origin)
                return
        folder = self._reach(parts, origin)
        if folder is not None:
            place = "/".join(("", *parts, name))
            self._drop(folder, name, _File(origin), place)

    def _reach(self, parts: list[str], origin: str) -> _Folder | None:
        """The folder at a path, made where it is not there; None where a link leads on.

        Raises CollisionError for a file on the way.
        """
        folder = self._root
        for end, part in enumerate(parts, start=1):
            there = self._look(folder, part)
            if isinstance(there, _File):
                if there.link:
                    return None
                place = "/" + "/".join(parts[:end])
                raise CollisionError(
                    Collision(Clash.BELOW_FILE, place, there.origin, origin)
                )
            if there is None:
                there = folder.names[part] = _Folder(is_open=folder.open)
            folder = there
        return folder

    def _enter(
        self, above: _Folder, name: str, place: str, origin: str
    ) -> _Folder | None:
        """The folder to which another one is copied under its own name."""
        there = self._look(above, name)
        if isinstance(there, _File):
            if there.link:
                return None
            raise CollisionError(
                Collision(Clash.FOLDER_ON_FILE, place, there.origin, origin)
            )
        if there is None:
            there = above.names[name] = _Folder(origin, is_open=above.open)
        return there

    def _merge(self, folder: _Folder, layer: CopiedFiles, place: str) -> None:
        """Copy what is in a folder; nothing is read of one that comes alone."""
        if folder.layer == layer:
            return
        if folder.layer is None and not folder.names:
            folder.layer = layer
            return
        self._spread(folder)
        for name in self._tree.names(layer.path):
            if name not in folder.names:
                folder.names[name] = _Unseen(layer, name)
                continue
            node = self._seen(_Unseen(layer, name), is_open=False)
            if node is not None:
                self._drop(folder, name, node, place.rstrip("/") + "/" + name)

    def _spread(self, folder: _Folder) -> None:
        """Name all that the layer of a folder holds."""
        layer, folder.layer = folder.layer, None
        if layer is not None:
            for name in self._tree.names(layer.path):
                folder.names.setdefault(name, _Unseen(layer, name))

    def _drop(
        self, folder: _Folder, name: str, node: _File | _Folder, place: str
    ) -> None:
        """Put something under a name, where something else may stand."""
        there = self._look(folder, name)
        if isinstance(node, _File):
            if isinstance(there, _Folder):
                raise CollisionError(
                    Collision(Clash.FILE_ON_FOLDER, place, there.origin, node.origin)
                )
            folder.names[name] = node
        elif isinstance(there, _File):
            raise CollisionError(
                Collision(Clash.FOLDER_ON_FILE, place, there.origin, node.origin)
            )
        elif there is None:
            folder.names[name] = node
        elif node.layer is not None:
            self._merge(there, node.layer, place)

    def _look(self, folder: _Folder, name: str) -> _File | _Folder | None:
        """What stands under a name; None where nothing is known to."""
        node = folder.names.get(name)
        if node is None and folder.layer is not None:
            node = _Unseen(folder.layer, name)
        if isinstance(node, _Unseen):
            seen = self._seen(node, is_open=folder.open)
            if seen is None:
                folder.names.pop(name, None)
            else:
                folder.names[name] = seen
            return seen
        return node

    def _seen(self, unseen: _Unseen, *, is_open: bool) -> _File | _Folder | None:
        """What a name of a layer is; None where it does not arrive."""
        inside = unseen.layer.inside(unseen.name)
        kind = self._tree.kind(inside.path)
        if kind is None or not self._sent(inside.path):
            return None
        exclude = inside.exclude
        if exclude is not None and exclude.verdict(inside.below).excluded:
            return None
        if kind is not Found.DIRECTORY:
            return _File(inside.path, link=kind is Found.LINK)
        folder = _Folder(inside.path, is_open=is_open)
        folder.layer = inside
        return folder
