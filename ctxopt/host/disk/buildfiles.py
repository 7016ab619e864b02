"""The files below a folder that name builds, and the Dockerfiles, by one bounded look.

Names only: what stands in a file is for `texts` to read.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator

from ctxopt.core.builds.kinds import kind_of_name
from ctxopt.core.builds.records import BuildKind
from ctxopt.core.paths import join
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import CtxoptError
from ctxopt.host.disk.dockerfiles import SKIPPED, is_dockerfile_name

DEPTH = 16  # folders below the one where the look begins
FOLDERS = 20_000  # looked into, at the most
NAMES = 500_000
FILES = 2_000

# What tools are tried with: broken on purpose, and built by nobody.
_TEST_FOLDER = (
    r"(?i)_*test[-_]?(?:data|files?|fixtures?)\b.*|_*fixtures?_*|__snapshots__"
)
_VENV = "pyvenv.cfg"
_TEMPLATES = (".j2", ".jinja", ".jinja2", ".tmpl", ".tpl", ".template", ".in", ".erb")

PathTest = Callable[[str], bool]


class FilesFound(NamedTuple):
    """Paths below the folder, those of a folder before those of the ones in it."""

    naming: tuple[tuple[BuildKind, str], ...]
    dockerfiles: tuple[str, ...]
    is_whole: bool = True  # False: there is more than is looked at
    unread: tuple[CtxoptError, ...] = ()  # folders that may not be looked into


def look(
    top: str,
    *,
    deep: bool = True,
    is_ignored: PathTest | None = None,
    is_dockerfile: PathTest | None = None,
    opened: Collection[str] = (),
) -> FilesFound:
    """What is called like a file that names builds, or like a Dockerfile.

    `deep`: also in the folders below. `is_ignored` is asked of the path of a
    folder, `is_dockerfile` of a file's, in place of the usual names. `opened` are names
    of folders that are looked into whatever they are.
    """
    naming: list[tuple[BuildKind, str]] = []
    dockerfiles: list[str] = []
    walk = _Walk(top, is_ignored, opened)
    for path in walk.files(deep=deep):
        kind = kind_of_name(path)
        if is_dockerfile(path) if is_dockerfile else _is_dockerfile(path):
            dockerfiles.append(path)
        elif kind is not None:
            naming.append((kind, path))
        if len(naming) + len(dockerfiles) >= FILES:
            walk.is_whole = False
            break
    return FilesFound((*naming,), (*dockerfiles,), walk.is_whole, (*walk.unread,))


def _is_dockerfile(path: str) -> bool:
    name = path.rpartition("/")[2]
    return is_dockerfile_name(name) and not name.lower().endswith(_TEMPLATES)


class _Walk:
    """Folders one behind the other, as deep as the bounds allow."""

    def __init__(
        self, top: str, is_ignored: PathTest | None, opened: Collection[str]
    ) -> None:
        self.is_whole = True
        self.unread: list[CtxoptError] = []
        self._top = top or "."
        self._is_ignored = is_ignored or _nothing_is
        self._opened = frozenset(opened)
        self._folders = self._names = 0

    def files(self, *, deep: bool, folder: str = "", depth: int = 0) -> Iterator[str]:
        """The paths of files, those of a folder before those of the ones in it."""
        entries = self._entries(folder)
        below = []
        for name, is_folder in entries:
            path = join(folder, name)
            if is_folder:
                below += [path] if name in self._opened or _is_ours(name) else []
            else:
                yield path
        if not deep or any(name == _VENV for name, _ in entries):
            return
        for path in below:
            if self._is_full(depth):
                self.is_whole = False
                return
            name = path.rpartition("/")[2]
            if name in self._opened or not self._is_ignored(path):
                yield from self.files(deep=True, folder=path, depth=depth + 1)

    def _is_full(self, depth: int) -> bool:
        return depth >= DEPTH or self._folders >= FOLDERS or self._names >= NAMES

    def _entries(self, folder: str) -> list[tuple[str, bool]]:
        self._folders += 1
        try:
            with os.scandir(os.path.join(self._top, folder)) as found:
                entries = [(one.name, _is_folder(one)) for one in found]
        except (OSError, ValueError) as error:
            if isinstance(error, PermissionError):
                self._tell(folder, error)
            return []
        self._names += len(entries)
        return sorted(entries, key=lambda one: os.fsencode(one[0]))

    def _tell(self, folder: str, error: OSError) -> None:
        message = f"cannot look into this folder: {error.strerror}"
        path = os.path.normpath(os.path.join(self._top, folder))
        hint = "check its permissions"
        self.unread.append(CtxoptError(message, hint=hint, file=path))


def _is_ours(name: str) -> bool:
    """Whether a folder may be the project's own, and for more than tests of a tool."""
    return name not in SKIPPED and re.fullmatch(_TEST_FOLDER, name) is None


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:  # gone meanwhile
        return False


def _nothing_is(_path: str) -> bool:
    return False
