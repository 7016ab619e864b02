"""Whether git tracks one path, told without reading its whole index.

An index has each name as it is, so that one can be looked for: of a repository with
200,000 files that takes a hundredth of the time in which all of them are read. Where a
name cannot be told so (an index of version 4, a split one, submodules), all are read.

Rule: git/git, Documentation/gitformat-index.txt.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from ctxopt.host.git.index import SHA1_BYTES, SHA256_BYTES, tracked
from ctxopt.host.git.repository import Repository, find_repository, inside, read_regular

_HEADER_BYTES = 12
_SEARCHABLE = (2, 3)  # versions in which names are whole
_MODE_AT = 24
_FILE_KINDS = (0x81, 0xA0)  # regular files and symbolic links
_LONG_NAME = 0xFFF
# Extensions that change what the entries mean, each with the start of its size.
_CHANGING = (b"link\0", b"sdir\0")


def is_tracked(context: str, path: str, *, is_folder: bool = False) -> bool | None:
    """Whether git tracks a path below `context`, or anything in a folder there.

    None: there is no repository, or what it tracks cannot be told.
    """
    repository = find_repository(context)
    if repository is None:
        return None
    name = inside(context, repository.top) + os.fsencode(path)
    found = _look_up(repository, name, is_folder=is_folder)
    if found is not None:
        return found
    known = tracked(context)
    if known is None:
        return None
    return bool(known.below(path)) if is_folder else path in known


def _look_up(repository: Repository, name: bytes, *, is_folder: bool) -> bool | None:
    """The same by its name in the index; None where that does not tell."""
    if _has_modules(repository.top, name):
        return None
    try:
        content = read_regular(os.path.join(repository.git_dir, "index"))
    except FileNotFoundError:
        return False  # nothing was ever added
    except OSError:
        return None
    version = int.from_bytes(content[4:8], "big")
    if content[:4] != b"DIRC" or version not in _SEARCHABLE:
        return None
    sha256 = repository.setting("extensions", "objectformat") == "sha256"
    fixed = 40 + (SHA256_BYTES if sha256 else SHA1_BYTES) + 2
    end = b"/" if is_folder else b"\0"
    if any(
        _is_entry(content, at, fixed, name, end) for at in _finds(content, name, end)
    ):
        return True
    return None if any(one in content for one in _CHANGING) else False


def _has_modules(top: str, name: bytes) -> bool:
    """Whether another repository may track the path."""
    if os.path.lexists(os.path.join(top, ".gitmodules")):
        return True
    parts = os.fsdecode(name).split("/")
    folders = (os.path.join(top, *parts[:end]) for end in range(1, len(parts) + 1))
    return any(os.path.lexists(os.path.join(one, ".git")) for one in folders)


def _finds(content: bytes, name: bytes, end: bytes) -> Iterator[int]:
    at = content.find(name + end, _HEADER_BYTES)
    while at >= 0:
        yield at
        at = content.find(name + end, at + 1)


def _is_entry(content: bytes, at: int, fixed: int, name: bytes, end: bytes) -> bool:
    """Whether the name of an entry begins here, and is no part of a longer one.

    The length of a name stands right before it, or before two more bytes of flags.
    """
    for more in (0, 2):
        start = at - fixed - more
        flags = content[at - more - 2 : at - more]
        if start < _HEADER_BYTES or bool(flags[0] & 0x40) is not bool(more):
            continue
        length = (flags[0] & 0x0F) << 8 | flags[1]
        fits = length > len(name) if end == b"/" else length == len(name)
        if not (fits or length == _LONG_NAME):
            continue
        mode = content[start + _MODE_AT : start + _MODE_AT + 4]
        if mode[:2] == b"\0\0" and mode[2] in _FILE_KINDS:
            return True
    return False
