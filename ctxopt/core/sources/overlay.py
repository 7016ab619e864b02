"""What COPY makes of a stage's files, as far as it has to be known where two meet.

`COPY bin lib /d/` fails where `bin/tool` is a file and `lib/tool` a folder: both go to
`/d/tool`. A folder that is copied is one `CopiedFiles` until another one goes to
the same place; only then are the names of both looked at, and what lies below only
where both have a folder of one name. The same folder copied once more has the same
things under the same names, so that only what else stands there is looked at. What an
image, another stage or a RUN has put there is not known, and never said to be in the
way.

Rule: tonistiigi/fsutil, copy/copy.go, Copy, prepareTargetDir, copyDirectoryOnly,
ensureEmptyFileTarget, MkdirAll.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from ctxopt.core.paths import join
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.sources.limited import LimitedTree, UntoldError
from ctxopt.core.sources.tree import Found
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TypeAlias

_DEEPEST = 200  # folders in each other; what is below is not known


class Clash(Enum):
    """How a copy fails, in the words of BuildKit."""

    FOLDER_ON_FILE = "cannot copy to non-directory: {place}"
    FILE_ON_FOLDER = "cannot replace to directory {place} with file"
    BELOW_FILE = "mkdir {place}: not a directory"
    DEEP_BELOW_FILE = "lstat {place}/{below}: not a directory"


class Collision(NamedTuple):
    """Two paths of a context that go to one place, and only one is a folder."""

    clash: Clash
    place: str  # absolute, in the stage
    earlier: str  # what stands there
    later: str  # what was to go there
    below: str = ""  # of a folder deeper than `place`, the name that is looked up there


def _below_file(parts: list[str], end: int, earlier: str, later: str) -> Collision:
    """The clash with a file that stands where some parts of a folder's path lead.

    Links on that path are followed first, step by step, and then it is made.
    Rule: containerd/continuity, fs/path.go, RootPath.
    """
    place = "/" + "/".join(parts[:end])
    if end == len(parts):
        return Collision(Clash.BELOW_FILE, place, earlier, later)
    return Collision(Clash.DEEP_BELOW_FILE, place, earlier, later, parts[end])


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

    @property
    def left_out(self) -> bool:
        """Whether `--exclude` keeps it back."""
        return self.exclude is not None and self.exclude.verdict(self.below).excluded

    @property
    def has_exceptions(self) -> bool:
        """Whether some of what is left out may come nevertheless."""
        return self.exclude is not None and any(
            pattern.negated for pattern in self.exclude.patterns
        )


# What copies of one folder brought, one after the other: all that any of them has.
_Layers: TypeAlias = tuple[CopiedFiles, ...]


def _with(layers: _Layers, more: CopiedFiles) -> _Layers:
    """One more copy of the same folder; one that leaves nothing out has all."""
    if more in layers or any(layer.exclude is None for layer in layers):
        return layers
    return (more,) if more.exclude is None else (*layers, more)


class _File(NamedTuple):
    origin: str
    link: bool = False  # one that leads on, so that nothing is known of what is below


class _Unseen(NamedTuple):
    """A name in a copied folder that nobody has asked about yet."""

    layers: _Layers
    name: str


class _Folder:
    """A folder of the stage; `open` if there may be more in it than is known."""

    __slots__ = ("layers", "names", "open", "origin")

    def __init__(self, origin: str = "", *, is_open: bool) -> None:
        self.origin = origin
        self.open = is_open
        self.layers: _Layers = ()  # all of them is in here, if not in `names`
        self.names: dict[str, _Node] = {}

    def copy(self, tree: LimitedTree) -> _Folder:
        """Another one, to be changed for itself; its names count as passed by."""
        tree.pass_by(len(self.names))
        made = _Folder(self.origin, is_open=self.open)
        made.layers = self.layers
        made.names = {
            name: node.copy(tree) if isinstance(node, _Folder) else node
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

    `sent` says of a path of the context whether it is in the transfer. Whatever looks
    at the tree raises UntoldError where it, or `sent`, does; then no more is known.
    """

    def __init__(
        self, tree: LimitedTree, sent: Callable[[str], bool], *, is_open: bool
    ) -> None:
        self._tree = tree
        self._sent = sent
        self._root = _Folder(is_open=is_open)

    def copy(self) -> Overlay:
        """Another one for a stage that begins with this one."""
        made = Overlay(self._tree, self._sent, is_open=True)
        made._root = self._root.copy(self._tree)
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
        if len(parts) > _DEEPEST:
            raise UntoldError
        folder = self._root
        for end, part in enumerate(parts, start=1):
            there = self._look(folder, part)
            if isinstance(there, _File):
                if there.link:
                    return None
                raise CollisionError(_below_file(parts, end, there.origin, origin))
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
        if place.count("/") > _DEEPEST:
            raise UntoldError
        if folder.layers and folder.layers[0].path != layer.path:
            self._spread(folder)
        for name in self._tree.names(layer.path) if folder.names else ():
            if name in folder.names:
                self._add(folder, name, layer, place.rstrip("/") + "/" + name)
        folder.layers = _with(folder.layers, layer)

    def _add(self, folder: _Folder, name: str, layer: CopiedFiles, place: str) -> None:
        """Copy what a layer has under a name that is there already."""
        there = folder.names[name]
        if isinstance(there, _Unseen) and there.layers[0].path == layer.path:
            folder.names[name] = there._replace(layers=_with(there.layers, layer))
            return
        node = self._seen(_Unseen((layer,), name), is_open=folder.open)
        if node is not None:
            self._drop(folder, name, node, place)

    def _spread(self, folder: _Folder) -> None:
        """Name all that the layers of a folder hold."""
        layers, folder.layers = folder.layers, ()
        for name in self._tree.names(layers[0].path):
            folder.names.setdefault(name, _Unseen(layers, name))

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
        else:
            for layer in node.layers:
                self._merge(there, layer, place)

    def _look(self, folder: _Folder, name: str) -> _File | _Folder | None:
        """What stands under a name; None where nothing is known to."""
        node = folder.names.get(name)
        if node is None and folder.layers:
            node = _Unseen(folder.layers, name)
        if isinstance(node, _Unseen):
            seen = self._seen(node, is_open=folder.open)
            if seen is None:
                folder.names.pop(name, None)
            else:
                folder.names[name] = seen
            return seen
        return node

    def _seen(self, unseen: _Unseen, *, is_open: bool) -> _File | _Folder | None:
        """What a name of a copied folder is; None where it does not arrive.

        A folder that is left out is made after all for what comes of it by an
        exception: then it is not known. Source: tonistiigi/fsutil, copy/copy.go,
        copier.copy and copyDirectory.
        """
        layers = tuple(layer.inside(unseen.name) for layer in unseen.layers)
        path = layers[0].path
        self._tree.pass_by(len(layers))
        kind = self._tree.kind(path)
        if kind is None or not self._sent(path):
            return None
        taken = any(not layer.left_out for layer in layers)
        if kind is not Found.DIRECTORY:
            return _File(path, link=kind is Found.LINK) if taken else None
        if not taken and any(layer.has_exceptions for layer in layers):
            raise UntoldError
        folder = _Folder(path, is_open=is_open)
        for layer in layers:
            if not layer.left_out or layer.has_exceptions:
                folder.layers = _with(folder.layers, layer)
        return folder if taken else None
