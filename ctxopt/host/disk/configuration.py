"""The configuration file of a context: found upwards from it, and read.

found = find("services/api")
found.shown      # "../pyproject.toml"
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import ConfigurationError
from ctxopt.host.disk.bounded import read_at_once

# In one folder the first that is there, in the order that ruff has for its own.
OWN_NAMES = (".ctxopt.toml", "ctxopt.toml")
PROJECT = "pyproject.toml"
TABLE = ("tool", "ctxopt")  # the way to the keys in a PROJECT
TOP = ".git"  # what stands in the top folder of a repository
# What a text has in it that may have that table: most have not, and are not parsed. No
# blank of it reaches into the next line: of a thousand empty lines each is met once.
_MAY_HAVE_TABLE = (
    rb"""(?m)tool["' \t]*\.[ \t]*["']?ctxopt|"""
    rb"""^(?:[ \t]*\[)?[ \t]*["']?tool["']?[ \t]*[]=]"""
)
_ABSENT = (FileNotFoundError, NotADirectoryError, IsADirectoryError)


class FoundFile(NamedTuple):
    """A configuration file as read; `folder` as paths in it are joined to it."""

    text: str
    shown: str  # as messages name it: relative to the current folder
    folder: str  # likewise; "" for the current folder itself
    is_project: bool  # the keys stand in the table `TABLE`


def candidates(context: str) -> Iterator[FoundFile]:
    """The files that may configure a context, the nearest first.

    The search goes up to the top of the repository, what is above is not of the
    project; without a repository up to the root. A pyproject.toml comes only if its
    text may have the table of ctxopt: whether it has is for its reader to say.
    Raises ConfigurationError for a file of ctxopt's own that cannot be read.
    """
    for folder in _upwards(context):
        for name in OWN_NAMES:
            content = _own(folder, name)
            if content is not None:
                yield _found(folder, name, content)
        content = _project(os.path.join(folder, PROJECT))
        if content is not None:
            yield _found(folder, PROJECT, content)


def _upwards(context: str) -> Iterator[str]:
    """The absolute path of a folder, and of those around it; none for no folder."""
    try:
        folder = os.path.abspath(context)
    except OSError:  # the current folder is gone
        return
    if not context or not os.path.isdir(folder):
        return
    while True:
        yield folder
        above = os.path.dirname(folder)
        if above == folder or os.path.lexists(os.path.join(folder, TOP)):
            return
        folder = above


def _own(folder: str, name: str) -> bytes | None:
    path = os.path.join(folder, name)
    try:
        return read_at_once(path)
    except _ABSENT:
        return None
    except OSError as error:
        if not os.path.lexists(path):  # in a folder that nobody may look into
            return None
        why = f"cannot be read: {error.strerror}"
        raise ConfigurationError(why, file=_shown(folder, name)) from None


def _project(path: str) -> bytes | None:
    """The text of a pyproject.toml that may speak of ctxopt.

    One that cannot be read is the affair of whoever packs the project.
    """
    try:
        content = read_at_once(path)
    except OSError:
        return None
    return content if re.search(_MAY_HAVE_TABLE, content) else None


def _found(folder: str, name: str, content: bytes) -> FoundFile:
    shown = _shown(folder, name)
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigurationError("this is not UTF-8", file=shown, line=line) from None
    return FoundFile(text, shown, os.path.dirname(shown), name == PROJECT)


def _shown(folder: str, name: str) -> str:
    """The path as one would type it here: the shorter of relative and absolute."""
    path = os.path.join(folder, name)
    try:
        return min(os.path.relpath(path), path, key=len)
    except OSError:  # the current folder is gone
        return path
