"""Small build contexts on disk, made from the vectors in `fixtures/conformance`.

The format is described in `fixtures/conformance/README.md`; paths are strings with
Python's surrogate escapes where a name is not UTF-8.
"""

from __future__ import annotations

import base64
import errno
import json
import os
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NotRequired, TypedDict, cast

import pytest

VECTORS: Final = Path(__file__).parent.parent / "fixtures" / "conformance"
BASE_TIME_NS: Final = 1_600_000_000 * 10**9


class TreeEntry(TypedDict):
    """One thing to create below the work folder."""

    path: str
    kind: NotRequired[str]  # file when absent; dir, symlink, hardlink, fifo
    text: NotRequired[str]
    size: NotRequired[int]
    target: NotRequired[str]
    mode: NotRequired[int]
    mtime_ns: NotRequired[int]
    xattrs: NotRequired[dict[str, str]]  # name to base64


class LegacyExpected(TypedDict, total=False):
    """What the legacy client posted, or how it refused."""

    bytes: int
    human: str
    members: list[str]
    error: str


class BuildkitExpected(TypedDict, total=False):
    """What the daemon counted, or how the build ended."""

    context_bytes: int
    dockerfile_bytes: int
    ignorefile_bytes: int
    repeat_bytes: int
    image: list[str]
    error: str


class Expected(TypedDict):
    """What both builders did."""

    legacy: LegacyExpected
    buildkit: BuildkitExpected
    full: BuildkitExpected


class Case(TypedDict):
    """A context, the build asked of it, and what became of it."""

    id: str
    tree: Sequence[TreeEntry]
    expected: NotRequired[Expected]
    context: NotRequired[str]
    dockerfile: NotRequired[str]
    target: NotRequired[str]
    build_args: NotRequired[dict[str, str]]
    bytes_despite_error: NotRequired[bool]


# Where a case is: the context, and the `-f` path.
LaidOut = Callable[[Case], tuple[str, str | None]]


@cache
def load_cases() -> tuple[Case, ...]:
    """Every recorded case, file by file in the order of the names; to be read only."""
    files = sorted(VECTORS.glob("*.json"))
    read = (json.loads(path.read_text(encoding="utf-8")) for path in files)
    return tuple(case for cases in read for case in cast("list[Case]", cases))


class PodmanExpected(TypedDict):
    """What buildah did: the current one, and 1.28 where it differs."""

    buildah: BuildkitExpected
    buildah_1_28: NotRequired[BuildkitExpected]


class PodmanCase(TypedDict):
    """A context, the build asked of buildah, and what became of it."""

    id: str
    tree: Sequence[TreeEntry]
    expected: PodmanExpected
    context: NotRequired[str]
    dockerfile: NotRequired[str]
    target: NotRequired[str]
    build_args: NotRequired[dict[str, str]]
    build_contexts: NotRequired[dict[str, str]]
    options: NotRequired[list[str]]
    same_paths: NotRequired[bool]


@cache
def load_podman_cases() -> tuple[PodmanCase, ...]:
    """Every case recorded from buildah; to be read only."""
    text = (VECTORS / "podman.jsonl").read_text(encoding="utf-8")
    return tuple(json.loads(line) for line in text.splitlines())


def build_tree(
    case: Case | PodmanCase, root: str | os.PathLike[str]
) -> tuple[str, str | None]:
    """Lay `case` out below the existing, empty folder `root`.

    Returns the context folder and the `-f` path (None: the context's own
    Dockerfile). Skips the calling test where extended attributes are needed and
    the file system or our rights do not allow them.
    """
    work = os.path.abspath(root)
    before = os.umask(0o022)  # so that folders are 0755, and the rest 0644
    try:
        made = {work}
        for entry in case["tree"]:
            _create(work, entry, made)
    finally:
        os.umask(before)
    _set_modes(work, case["tree"])
    _set_times(work, case["tree"], made)
    context = os.path.normpath(os.path.join(work, case.get("context", ".")))
    dockerfile = case.get("dockerfile")
    return context, None if dockerfile is None else os.path.join(work, dockerfile)


def _create(work: str, entry: TreeEntry, made: set[str]) -> None:
    """Create one entry, and add it to what was made."""
    path = os.path.join(work, entry["path"])
    make_folder(os.path.dirname(path), made)
    match entry.get("kind", "file"):
        case "file":
            _write_file(path, entry)
        case "dir":
            make_folder(path, made)
        case "symlink":
            os.symlink(entry["target"], path)
        case "hardlink":
            first = os.path.join(work, entry["target"])
            os.link(first, path, follow_symlinks=False)
        case "fifo":
            os.mkfifo(path)
        case kind:
            raise ValueError(f"{entry['path']}: unknown kind {kind!r}")
    made.add(path)
    _set_xattrs(path, entry)


def make_folder(path: str, made: set[str]) -> None:
    """Create `path` and its missing parents."""
    if path in made:
        return
    make_folder(os.path.dirname(path), made)
    os.mkdir(path)
    made.add(path)


def _write_file(path: str, entry: TreeEntry) -> None:
    content = b"x" * entry.get("size", 0)
    if "text" in entry:
        content = entry["text"].encode("utf-8", "surrogateescape")
    with open(path, "wb", buffering=0) as file:
        assert file.write(content) == len(content)


def _set_xattrs(path: str, entry: TreeEntry) -> None:
    for name, value in entry.get("xattrs", {}).items():
        if not hasattr(os, "setxattr"):
            pytest.skip("this system cannot set extended attributes")
        try:
            os.setxattr(path, name, base64.b64decode(value), follow_symlinks=False)
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.EACCES, errno.ENOTSUP):
                raise
            pytest.skip(f"cannot set the extended attribute {name}: {error.strerror}")


def _set_modes(work: str, tree: Sequence[TreeEntry]) -> None:
    """Last, so that a folder without write permission can still be filled."""
    for entry in tree:
        if "mode" in entry and entry.get("kind") != "symlink":
            os.chmod(os.path.join(work, entry["path"]), entry["mode"])


def _set_times(work: str, tree: Sequence[TreeEntry], made: Iterable[str]) -> None:
    for path in made:
        _touch(path, BASE_TIME_NS)
    for entry in tree:
        if "mtime_ns" in entry:
            _touch(os.path.join(work, entry["path"]), entry["mtime_ns"])


def _touch(path: str, time_ns: int) -> None:
    os.utime(path, ns=(time_ns, time_ns), follow_symlinks=False)
