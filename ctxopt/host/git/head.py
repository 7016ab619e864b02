"""The commit that a work tree is at, read from git's own files.

Rule: git/git, refs/files-backend.c: `HEAD` names a commit or a ref, a ref has a file of
its own or a line in `packed-refs`.
"""

from __future__ import annotations

import os
import re

from ctxopt.host.git.repository import Repository, read_regular

_COMMIT = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REF = b"ref:"
_LONGEST = 1 << 12  # bytes of a ref
_LONGEST_PACKED = 256 << 20
_DEEPEST = 5  # refs that name another one; git stops there, too


def commit_of(repository: Repository) -> str | None:
    """The commit of HEAD, in hexadecimal; None where there is none yet."""
    name = b"HEAD"
    for _ in range(_DEEPEST):
        found = _read(repository, name)
        if found is None:
            return _packed(repository, name)
        if _COMMIT.fullmatch(found):
            return found.decode("ascii")
        if not found.startswith(_REF):
            return None
        name = found.removeprefix(_REF).strip()
        if name.startswith(b"/") or b".." in name.split(b"/"):
            return None
    return None


def _read(repository: Repository, name: bytes) -> bytes | None:
    """What the file of a ref holds: a work tree's own before that of all."""
    for folder in (repository.git_dir, repository.common_dir):
        path = os.path.join(folder, os.fsdecode(name))
        try:
            return read_regular(path, limit=_LONGEST).strip()
        except (OSError, ValueError):
            continue
    return None


def _packed(repository: Repository, name: bytes) -> str | None:
    path = os.path.join(repository.common_dir, "packed-refs")
    try:
        content = read_regular(path, limit=_LONGEST_PACKED)
    except OSError:
        return None
    for line in content.splitlines():
        commit, _, ref = line.partition(b" ")
        if ref == name and _COMMIT.fullmatch(commit):
            return commit.decode("ascii")
    return None
