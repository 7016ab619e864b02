r"""Small projects of many kinds, laid out on disk with the clutter of a working copy.

`fixtures/projects/NAME/` holds one project:

    project/     the committed files; a name `dot-x` is laid out as `.x`, because git
                 and our own tools would obey a `.gitignore` or `.gitattributes` there
    clutter.txt  what git cannot or should not hold, one piece a line
    needs.txt    paths that the image needs
    waste.txt    clutter that may be ignored without asking
    expected.txt what is suggested, a golden file of tests/test_projects.py
    why.md       what must be suggested and what must not, and why

A line of clutter.txt is one of

    path<TAB>bytes      a file of so many bytes
    path<TAB>= text     a file with this text; `\n` `\t` `\\` `\x7f` are escapes
    path/               a folder
    path -> target      a symbolic link

where `{001..200}` and `{a,b}` in a path stand for one piece each. Blank lines and lines
that begin with `#` say nothing, here as in needs.txt and waste.txt.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Iterator
from io import FileIO
from itertools import product
from pathlib import Path
from typing import Final, NamedTuple

from tests.texttree import date
from tests.trees import BASE_TIME_NS, make_folder

PROJECTS: Final = Path(__file__).resolve().parent.parent / "fixtures" / "projects"

_WORDS: Final = ("order", "item", "cache", "layer", "retry", "queue", "index", "path")
_BRACES: Final = re.compile(r"\{([^{}]*)\}")
_RANGE: Final = re.compile(r"(\d+)\.\.(\d+)")
_ESCAPE: Final = re.compile(r"\\(x[0-9a-f]{2}|.)")


class Piece(NamedTuple):
    """One thing that clutter.txt lays out; `content` None is a folder or a link."""

    path: str
    content: bytes | int | None = None  # a number: so many bytes of filler
    target: str = ""

    @property
    def file_bytes(self) -> int:
        """What a file holds; 0 for the rest."""
        if isinstance(self.content, bytes):
            return len(self.content)
        return self.content or 0


def names() -> list[str]:
    """Every project, sorted."""
    return sorted(path.parent.name for path in PROJECTS.glob("*/clutter.txt"))


def lay_out(name: str, root: Path) -> Path:
    """Make a working copy of project `name` in `root/name`, and hand that back.

    Times are `tests.trees.BASE_TIME_NS`, modes 0755 for folders and scripts and 0644
    for the rest, whatever the checkout and the umask say.
    Raises OSError where two pieces want the same place.
    """
    base = root / name
    before = os.umask(0o022)  # so that folders are 0755, and files 0644
    try:
        base.mkdir()
        made = {os.fspath(base)}
        for path, content in _committed(PROJECTS / name / "project"):
            _write(os.path.join(base, path), content, made)
        for piece in clutter(name):
            _make(os.path.join(base, piece.path), piece, made)
    finally:
        os.umask(before)
    date(base)
    os.utime(base, ns=(BASE_TIME_NS, BASE_TIME_NS))
    return base


def committed(name: str) -> tuple[str, ...]:
    """The paths of what is committed."""
    return tuple(path for path, _ in _committed(PROJECTS / name / "project"))


def clutter(name: str) -> tuple[Piece, ...]:
    """What clutter.txt lays out beside the committed files, in its order."""
    return tuple(piece for line in _lines(name, "clutter.txt") for piece in read(line))


def needs(name: str) -> tuple[str, ...]:
    """Paths that the image needs; folders without their trailing slash."""
    return tuple(line.rstrip("/") for line in _lines(name, "needs.txt"))


def waste(name: str) -> tuple[str, ...]:
    """Paths of which nothing is left when all has been written without asking."""
    return tuple(line.rstrip("/") for line in _lines(name, "waste.txt"))


def read(line: str) -> Iterator[Piece]:
    """The pieces of one line of clutter.txt.

    Raises ValueError for a line of another form.
    """
    path, tab, content = line.partition("\t")
    link, arrow, target = line.partition(" -> ")
    if tab:
        yield from (Piece(one, _content(content)) for one in _spread(path))
    elif arrow:
        yield from (Piece(one, target=target) for one in _spread(link))
    elif line.endswith("/"):
        yield from (Piece(one.rstrip("/")) for one in _spread(line))
    else:
        raise ValueError(f"{line!r} is no file, no folder/ and no link -> target")


def _lines(name: str, file: str) -> Iterator[str]:
    text = (PROJECTS / name / file).read_text(encoding="utf-8")
    for line in text.split("\n"):
        if line.strip() and not line.startswith("#"):
            yield line


def _content(text: str) -> bytes | int:
    if not text.startswith("= "):
        return int(text)
    return _ESCAPE.sub(_unescaped, text[2:]).encode("utf-8", "surrogateescape")


def _unescaped(found: re.Match[str]) -> str:
    code = found[1]
    if len(code) == 3:
        return bytes([int(code[1:], 16)]).decode("utf-8", "surrogateescape")
    return {"n": "\n", "t": "\t", "\\": "\\"}[code]


def _spread(path: str) -> Iterator[str]:
    """`a{1..2}/{b,c}` as a1/b, a1/c, a2/b, a2/c."""
    parts = _BRACES.split(path)
    choices = [
        _choices(part) if index % 2 else (part,) for index, part in enumerate(parts)
    ]
    return map("".join, product(*choices))


def _choices(text: str) -> tuple[str, ...]:
    found = _RANGE.fullmatch(text)
    if found is None:
        return tuple(text.split(","))
    first, last = found.groups()
    return tuple(f"{n:0{len(first)}}" for n in range(int(first), int(last) + 1))


def _committed(project: Path) -> Iterator[tuple[str, bytes]]:
    """The paths and contents of the committed files, as they are laid out."""
    for path in sorted(project.rglob("*")):
        if path.is_file():
            parts = path.relative_to(project).parts
            shown = (
                f".{part[4:]}" if part.startswith("dot-") else part for part in parts
            )
            yield "/".join(shown), path.read_bytes()


def _make(path: str, piece: Piece, made: set[str]) -> None:
    """Make a piece; `made` are the folders that are there."""
    if piece.content is not None:
        _write(path, piece.content, made)
    elif piece.target:
        make_folder(os.path.dirname(path), made)
        os.symlink(piece.target, path)
    else:
        make_folder(path, made)


def _write(path: str, content: bytes | int, made: set[str]) -> None:
    make_folder(os.path.dirname(path), made)
    with open(path, "xb", buffering=0) as file:
        if isinstance(content, int):
            name = os.path.basename(path).encode()
            _fill(file, content, start=zlib.crc32(name) % len(_FILLER))
        else:
            file.write(content)
            if content.startswith(b"#!"):
                os.fchmod(file.fileno(), 0o755)


def _filler() -> bytes:
    """64 KiB of lines that look like a log nobody reads, always the same."""
    lines: list[str] = []
    state, size = 1, 0
    while size < 1 << 16:
        state = (state * 1103515245 + 12345) % (1 << 31)
        word = _WORDS[state >> 8 & 7]
        lines.append(f"{state:010d} {word} {_WORDS[state >> 16 & 7]}={state % 9973}\n")
        size += len(lines[-1])
    return "".join(lines).encode()[: 1 << 16]


_FILLER: Final = _filler()


def _fill(file: FileIO, size: int, *, start: int) -> None:
    """Write `size` bytes of the filler, beginning somewhere in it."""
    left = size
    view = memoryview(_FILLER)
    while left > 0:
        left -= file.write(view[start : start + left])
        start = 0
