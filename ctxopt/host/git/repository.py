"""The repository around a folder: where its files are."""

from __future__ import annotations

import errno
import os
import stat

from ctxopt.core.tuples import NamedTuple

IGNORE_FILE = ".gitignore"
_YES = ("true", "yes", "on", "1")


class Repository(NamedTuple):
    """A repository with a work tree; all paths are absolute, `top` without links."""

    top: str  # the top folder of the work tree
    git_dir: str
    common_dir: str  # what the work trees of one repository share

    def setting(self, section: str, key: str) -> str:
        """A value of the repository's own settings, in small letters; "" for none."""
        try:
            content = read_regular(os.path.join(self.common_dir, "config"))
        except OSError:
            return ""
        return _setting(content.decode("latin-1"), section, key)

    def is_set(self, section: str, key: str) -> bool:
        """Whether a setting says yes."""
        return self.setting(section, key) in _YES


def find_repository(folder: str) -> Repository | None:
    """The repository that `folder` lies in, None where git would find none either.

    Rule: git/git, setup.c, setup_git_directory_gently_1: a `.git` file that leads
    nowhere ends the search, a `.git` folder that is no repository does not.
    """
    top = os.path.realpath(folder)
    while True:
        marker = os.path.join(top, ".git")
        repository = read_repository(top, marker)
        if repository is not None or os.path.isfile(marker):
            return repository
        parent = os.path.dirname(top)
        if parent == top:
            return None
        top = parent


def read_regular(path: str, *, limit: int | None = None, follow: bool = True) -> bytes:
    """The content of a regular file.

    Raises OSError when it cannot be read, is something else, is longer than `limit`
    bytes, or is a link and those are not followed.
    """
    # Without O_NONBLOCK, opening a pipe would wait for somebody to write into it.
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK
    fd = os.open(path, flags if follow else flags | os.O_NOFOLLOW)
    with open(fd, "rb") as file:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), path)
        if limit is not None and status.st_size > limit:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), path)
        return file.read()


def read_repository(top: str, marker: str) -> Repository | None:
    """The repository of a `.git`, if it is one."""
    try:
        git_dir = marker
        if not os.path.isdir(marker):
            git_dir = os.path.join(top, _path_in(marker, b"gitdir:"))
        common_dir = git_dir
        shared = os.path.join(git_dir, "commondir")
        if os.path.isfile(shared):
            common_dir = os.path.join(git_dir, _path_in(shared))
    except (OSError, ValueError):
        return None
    is_one = os.path.lexists(os.path.join(git_dir, "HEAD")) and os.path.isdir(
        os.path.join(common_dir, "objects")
    )
    return Repository(top, git_dir, os.path.normpath(common_dir)) if is_one else None


def _path_in(path: str, label: bytes = b"") -> str:
    """The path that a file of one line holds.

    Raises OSError, or ValueError where the label before it is missing.
    """
    content = read_regular(path)
    if not content.startswith(label):
        raise ValueError(path)
    return os.fsdecode(content.removeprefix(label).strip(b" \r\n"))


def _setting(config: str, section: str, key: str) -> str:
    """The last value of a key, in small letters; included files are not read."""
    found = ""
    current = ""
    for line in config.splitlines():
        rest = line.strip()
        if rest.startswith("["):
            head, _, rest = rest.partition("]")
            current = head[1:].strip().lower()
        name, equals, value = rest.partition("=")
        if current == section and name.strip().lower() == key:
            value = value.replace("#", ";").partition(";")[0]
            found = value.strip(' \t"').lower() if equals else _YES[0]
    return found


def inside(context: str, top: str) -> bytes:
    """Where the context lies in the work tree, with a slash at its end; b"" at top."""
    relative = os.path.relpath(os.path.realpath(context), top)
    return b"" if relative == "." else os.fsencode(relative) + b"/"
