"""What commands pack into one file: an archive, a package, an image of a disk.

`zip -r /f.zip .` takes along all that lies there, for whoever unpacks it.
Source: zip(1), GNU tar's manual, 7z, mksquashfs(1), dpkg-deb(1), jar(1), the AWS CLI.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ctxopt.core.running.commands import Command
from ctxopt.core.running.piping import archived
from ctxopt.core.running.places import within
from ctxopt.core.running.whereabouts import placed
from ctxopt.core.tuples import NamedTuple

_EXCLUDING = r"--?(?:x|xr|exclude|exclude-vcs|e)\b"
_OF_FOLDERS = ("mksquashfs", "makeself", "makeself.sh", "asar")


class Packed(NamedTuple):
    """What a command packs, as it names it, and what it leaves out."""

    names: tuple[str, ...]
    left_out: str = ""  # its words for that

    def holds(self, name: str) -> bool:
        """Whether something of a name is not left out."""
        return name not in re.split(r"[\s/'\"=*]+", self.left_out)


class Packer(NamedTuple):
    """A command that packs something."""

    stage: int
    folders: tuple[str, ...]  # places
    packed: Packed

    def holds(self, stage: int, place: str) -> bool:
        """Whether it packs what lies at a place of a stage."""
        return (
            stage == self.stage
            and self.packed.holds(place.rpartition("/")[2])
            and any(within(place, one) is not None for one in self.folders)
        )


def packers(commands: Iterable[Command]) -> tuple[Packer, ...]:
    """The commands of a build that pack something."""
    several = (
        (one, packed(one.program, one.words))
        for one in commands
        if one.instruction == "RUN"
    )
    return tuple(
        Packer(one.stage, tuple(placed(one.folder, name) for name in said.names), said)
        for one, said in several
        if said is not None
    )


def packed(program: str, words: Sequence[str]) -> Packed | None:
    """What a command packs; None where it packs nothing."""
    if program in ("tar", "bsdtar"):
        return _packed(archived(words), _after_options(words))
    at = next((n for n, one in enumerate(words) if re.match(_EXCLUDING, one)), None)
    plain = [one for one in words[1:at] if not one.startswith("-")]
    left_out = " ".join(words[at:]) if at else ""
    if program == "zip" and "-i" not in words:
        return _packed(plain[1:], left_out)
    if program in ("7z", "7za", "7zr") and plain[:1] == ["a"]:
        return _packed(plain[2:], left_out)
    if program == "jar" and plain[:1] and re.fullmatch(r"c\w*f\w*", plain[0]):
        return _packed(plain[2:], left_out)
    if program == "dpkg-deb" and {"-b", "--build"} & {*words}:
        return _packed(plain[:1], left_out)
    if program in _OF_FOLDERS:
        own = plain[1:] if plain[:1] in (["pack"], ["p"]) else plain
        return _packed(own[:1], left_out)
    if program == "aws" and plain[:2] in (["s3", "sync"], ["s3", "cp"]):
        return _packed(plain[2:3], left_out)
    return None


def _packed(names: Sequence[str], left_out: str) -> Packed | None:
    found = tuple(one.removesuffix("*") or "." for one in names)
    return Packed(found, left_out) if found else None


def _after_options(words: Sequence[str]) -> str:
    """What tar is told to leave out."""
    told = []
    for at, word in enumerate(words):
        if word.startswith("--exclude="):
            told.append(word.partition("=")[2])
        elif word == "--exclude":
            told += words[at + 1 : at + 2]
    return " ".join(told)
