"""A case: a small project with what git says of it, and what must become of it.

case = Case("FROM node", ".gitignore: data", "data/a.db: 3000", ...)
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from ctxopt import pipeline
from ctxopt.core.model import Request
from ctxopt.pipeline.advice import Estimate
from ctxopt.pipeline.writing.plan import Choice

_FIXED = struct.Struct(">10I20sH")
PROGRAM = "\x7fELF\x02\x01\x01"
DATABASE = "SQLite format 3\0"


class Case(NamedTuple):
    """What lies there, what git tracks of it, and what `write` has to do.

    Files are lines `path`, `path = text` or `path * bytes`; tracked are paths or
    folders, `*` all but what is said to be ignored. Words stand apart.
    """

    dockerfile: str
    files: str
    ignored: str = ""  # lines of .gitignore, between commas
    local: str = ""  # what git does not track
    gone: str = ""
    stay: str = ""
    all_gone: str = ""  # with --include-ask
    all_stay: str = ""
    later: str = ""  # files of tomorrow, which have to be out then
    kept: str = ""  # files of tomorrow, which have to be in
    lines: str = ""  # that the ignore file has
    no_lines: str = ""


def lay_out(case: Case, root: Path) -> None:
    """Make the project of a case, with a repository."""
    files = ["Dockerfile", *case.files.split("; ")]
    if case.ignored:
        files.append(".gitignore")
    for line in files:
        put(root, line)
    text = case.dockerfile.replace("; ", "\n") + "\n"
    (root / "Dockerfile").write_text(text)
    if case.ignored:
        (root / ".gitignore").write_text(case.ignored.replace(",", "\n") + "\n")
    local = case.local.split()
    everything = sorted(
        path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()
    )
    commit(root, [path for path in everything if not _is_in(path, local)])


def put(root: Path, line: str) -> None:
    """Make one file of a line."""
    line, _, size = line.partition(" * ")
    path, _, text = line.partition(" = ")
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    content = text.replace("\\n", "\n").encode("latin-1")
    place.write_bytes(content.ljust(int(size or 0), b"\0"))


def commit(root: Path, paths: Iterable[str]) -> None:
    """A repository whose index has these paths."""
    rows = sorted(path.encode() for path in paths)
    content = b"DIRC" + struct.pack(">II", 2, len(rows))
    for name in rows:
        row = _FIXED.pack(*(0,) * 6, 0o100644, 0, 0, 0, bytes(20), len(name)) + name
        content += row + bytes(8 - len(row) % 8)
    (root / ".git/objects").mkdir(parents=True, exist_ok=True)
    (root / ".git/HEAD").write_text("ref: refs/heads/main\n")
    checksum = hashlib.sha1(content, usedforsecurity=False).digest()
    (root / ".git/index").write_bytes(content + checksum)


def _is_in(path: str, folders: Iterable[str]) -> bool:
    return any(f"{path}/".startswith(f"{one}/") for one in folders)


def check(case: Case, root: Path, *, include_ask: bool = False) -> list[str]:
    """What is wrong once `write` has done its work; nothing where the case holds."""
    lay_out(case, root)
    is_changed, lines = _written(root, include_ask=include_ask)
    gone, stay = case.gone.split(), case.stay.split()
    if include_ask:
        gone += case.all_gone.split()
        stay += case.all_stay.split()
    else:
        stay += case.all_gone.split()
    found = [*_wrong(root, gone, stay)]
    found += [f"no line: {one}" for one in case.lines.split() if one not in lines]
    found += [f"a line: {one}" for one in case.no_lines.split() if one in lines]
    tomorrow = [*filter(None, f"{case.later}; {case.kept}".split("; "))]
    for line in tomorrow:
        put(root, line)
    later, kept = (
        [row.split(" ")[0] for row in text.split("; ") if row]
        for text in (case.later, case.kept)
    )
    if tomorrow:
        found += [f"tomorrow {one}" for one in _wrong(root, later, kept)]
    # Where nothing has changed, what is said again is the same.
    if (is_changed or tomorrow) and not include_ask and not _is_settled(root):
        found.append("tomorrow there is something to write")
    return found


def _wrong(root: Path, gone: Iterable[str], stay: Iterable[str]) -> Iterator[str]:
    left = listed(root)
    yield from (f"still there: {one}" for one in gone if _is_there(one, left))
    yield from (f"lost: {one}" for one in stay if not _is_there(one, left))


def _is_there(path: str, left: Iterable[str]) -> bool:
    """Whether a file is left at a path or below it."""
    return any(one == path or one.startswith(f"{path}/") for one in left)


def _written(root: Path, *, include_ask: bool) -> tuple[bool, list[str]]:
    """Write what is wanted: whether that is anything, and the patterns in the file.

    What is announced has to be what is measured then, to the byte.
    """
    request = Request(str(root))
    choice = Choice(include_ask=include_ask)
    made = pipeline.plan(request, choice, estimate=Estimate()).plan(frozenset())
    is_written = made.changes and made.goes_unasked
    if is_written:
        made.apply()
        report = pipeline.analyze(request)
        assert made.then is not None
        assert made.then.context == report.context
        assert made.then.transfer == report.transfer.tally
    file = root / ".dockerignore"
    text = file.read_text() if file.exists() else ""
    lines = [line for line in text.splitlines() if line and line[0] != "#"]
    return is_written, lines


def _is_settled(root: Path) -> bool:
    """Whether `write --yes` has nothing left to write."""
    drafted = pipeline.plan(Request(str(root)), Choice(), estimate=Estimate())
    made = drafted.plan(frozenset())
    return not (made.changes and made.goes_unasked)


def listed(root: Path) -> set[str]:
    """The files and links that are in the context."""
    rows = pipeline.listing(Request(str(root)), whole=True)
    return {
        row.path
        for row in rows
        if (root / row.path).is_symlink() or not (root / row.path).is_dir()
    }
