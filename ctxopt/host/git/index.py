"""Which files git tracks below a folder, read from the files of its repository.

No git program is needed: small images have none, it refuses folders of other owners,
and it may run what a repository configures. Whatever is not understood makes the
answer None, never a wrong one.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterator

from ctxopt.host.git.repository import (
    Repository,
    find_repository,
    inside,
    read_regular,
    read_repository,
)

SHA1_BYTES = 20
SHA256_BYTES = 32

_HEADER_BYTES = 12
_MODE_AT = 26  # of the four bytes of the mode, the one that holds the kind
_FILE_KINDS = (0x81, 0xA0)  # regular files and symbolic links
_GITLINK = 0xE0
_LONG_NAME = 0xFFF


class TrackedFiles:
    """The tracked files below a folder; paths are relative to it."""

    __slots__ = ("_paths", "_text")

    def __init__(self, paths: list[str]) -> None:
        self._paths = sorted(paths)  # close to it already, so this is quick
        self._text: str | None = None  # all of them, made when it is asked for

    def __contains__(self, path: str) -> bool:
        at = bisect_left(self._paths, path)
        return at < len(self._paths) and self._paths[at] == path

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def below(self, path: str) -> int:
        """How many files are tracked at or below `path`; "" is the folder itself."""
        if not path:
            return len(self._paths)
        inside = bisect_left(self._paths, f"{path}/")
        # "0" is the character behind "/".
        return (path in self) + bisect_left(self._paths, f"{path}0") - inside

    def containing(self, text: str) -> Iterator[str]:
        """The paths that hold a text, in order; one look through all of them."""
        if not text:
            yield from self._paths
            return
        if self._text is None:
            self._text = "\0".join(["", *self._paths, ""])
        at = self._text.find(text)
        while at >= 0:
            start = self._text.rfind("\0", 0, at) + 1
            end = self._text.index("\0", at)
            yield self._text[start:end]
            at = self._text.find(text, end)


def tracked(context: str) -> TrackedFiles | None:
    """The files that git tracks below the folder `context`, submodules included.

    None: it lies in no repository, or what is tracked cannot be told.
    """
    repository = find_repository(context)
    if repository is None:
        return None
    names = _names(repository, inside(context, repository.top))
    if names is None:
        return None
    # All at once, which is several times faster than one by one.
    text = b"\0".join(names).decode("utf-8", "surrogateescape")
    return TrackedFiles(text.split("\0") if names else [])


def parse(content: bytes, id_bytes: int) -> list[bytes] | None:
    """The names in an index, in its order and each once; None if it is not understood.

    A submodule is a name with a `/` at its end. `id_bytes` is the length of the
    repository's object ids.
    Rule: git/git, Documentation/gitformat-index.txt.
    """
    end = len(content) - id_bytes
    if end < _HEADER_BYTES or content[:4] != b"DIRC" or not _is_whole(content, end):
        return None
    version = int.from_bytes(content[4:8], "big")
    count = int.from_bytes(content[8:12], "big")
    if version not in (2, 3, 4):
        return None
    read = _read_compressed if version == 4 else _read_padded
    # Ten numbers of four bytes, the id, and two bytes of flags.
    fixed = 40 + id_bytes + 2
    try:
        names, position = read(content, count, fixed)
    except (IndexError, ValueError):
        return None
    if not _knows_extensions(content, position, end):
        return None
    return list(dict.fromkeys(names))  # a conflict has a name up to three times


def _names(repository: Repository, inside: bytes) -> list[bytes] | None:
    """The tracked files below a folder of the work tree, relative to it."""
    sha256 = repository.setting("extensions", "objectformat") == "sha256"
    try:
        content = read_regular(os.path.join(repository.git_dir, "index"))
    except FileNotFoundError:
        return []  # nothing was ever added
    except OSError:
        return None
    names = parse(content, SHA256_BYTES if sha256 else SHA1_BYTES)
    if names is None:
        return None
    if inside:
        names = [name[len(inside) :] for name in names if name.startswith(inside)]
    submodules = [name for name in names if name.endswith(b"/")]
    if submodules:
        names = [name for name in names if not name.endswith(b"/")]
    for name in submodules:
        below = _submodule_names(repository.top, inside + name)
        if below is None:
            return None
        names += [name + one for one in below]
    return names


def _submodule_names(top: str, name: bytes) -> list[bytes] | None:
    """The tracked files of a submodule, relative to it; none if it is not there."""
    folder = os.path.join(top, os.fsdecode(name.removesuffix(b"/")))
    marker = os.path.join(folder, ".git")
    # Through a link we could come back to where we are, without end.
    if os.path.realpath(folder) != folder or not os.path.lexists(marker):
        return []
    repository = read_repository(folder, marker)
    return None if repository is None else _names(repository, b"")


def _is_whole(content: bytes, end: int) -> bool:
    """Whether the checksum holds; `index.skipHash` writes zeros in its place."""
    import hashlib  # here, since a plain scan does without

    stored = content[end:]
    if not any(stored):
        return True
    name = "sha1" if len(stored) == SHA1_BYTES else "sha256"
    checksum = hashlib.new(name, memoryview(content)[:end], usedforsecurity=False)
    return checksum.digest() == stored


def _read_padded(content: bytes, count: int, fixed: int) -> tuple[list[bytes], int]:
    """The names of versions 2 and 3, and where the entries end.

    Raises IndexError or ValueError for what is no index.
    """
    names = []
    entry = _HEADER_BYTES
    for _ in range(count):
        start = entry + fixed
        flags = content[start - 2]
        length = (flags & 0x0F) << 8 | content[start - 1]
        if flags & 0x40:
            start = _after_more_flags(content, start)
        if length == _LONG_NAME:
            length = content.index(0, start) - start
        name = content[start : start + length]
        kind = content[entry + _MODE_AT]
        names.append(name if kind in _FILE_KINDS else _folder_name(name, kind))
        if content[start + length]:
            raise ValueError(entry)
        # One to eight zeros, up to a multiple of eight bytes.
        entry += (start - entry + length + 8) & ~7
    return names, entry


def _read_compressed(content: bytes, count: int, fixed: int) -> tuple[list[bytes], int]:
    """The names of version 4, each told by its difference to the one before.

    Raises IndexError or ValueError for what is no index.
    """
    names = []
    name = b""
    entry = _HEADER_BYTES
    for _ in range(count):
        start = entry + fixed
        flags = content[start - 2]
        length = (flags & 0x0F) << 8 | content[start - 1]
        if flags & 0x40:
            start = _after_more_flags(content, start)
        gone = content[start]
        start += 1
        if gone & 0x80:
            gone, start = _number(content, start - 1)
        end = content.index(0, start)
        if gone > len(name):
            raise ValueError(entry)
        name = name[: len(name) - gone] + content[start:end]
        if min(len(name), _LONG_NAME) != length:
            raise ValueError(entry)
        kind = content[entry + _MODE_AT]
        names.append(name if kind in _FILE_KINDS else _folder_name(name, kind))
        entry = end + 1
    return names, entry


def _folder_name(name: bytes, kind: int) -> bytes:
    """The name of a submodule, as `parse` tells it.

    Raises ValueError for a folder that stands for files which the index leaves out.
    """
    if kind != _GITLINK:
        raise ValueError(name)
    return name + b"/"


def _after_more_flags(content: bytes, start: int) -> int:
    """Where the name begins behind the second pair of flags.

    Raises ValueError for flags other than "skip the work tree" and "intent to add".
    """
    if content[start] & ~0x60 or content[start + 1]:
        raise ValueError(start)
    return start + 2


def _number(content: bytes, position: int) -> tuple[int, int]:
    """A number of variable length, and where it ends.

    Rule: git/git, varint.c, decode_varint.
    """
    byte = content[position]
    value = byte & 0x7F
    while byte & 0x80:
        position += 1
        byte = content[position]
        value = (value + 1 << 7) | byte & 0x7F
    return value, position + 1


def _knows_extensions(content: bytes, position: int, end: int) -> bool:
    """Whether the rest is extensions that may be skipped.

    Those that begin with a small letter change what the entries mean: `link` for a
    split index, `sdir` for a sparse one.
    """
    while position + 8 <= end and content[position : position + 1].isupper():
        position += 8 + int.from_bytes(content[position + 4 : position + 8], "big")
    return position == end
