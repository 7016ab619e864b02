"""What a command gets through a pipe: names for `xargs`, files for another tar.

`find src -name '*.md' | xargs cp -t /x` copies what find names; `tar c a b | tar x -C
/x` is a copy.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from itertools import pairwise

from ctxopt.core.tuples import NamedTuple

MOST_NAMES = 40
# They hand on some of the names that they get.
_PASSING = frozenset({"sort", "grep", "egrep", "head", "tail", "uniq", "sed", "tr"})
_TAR_VALUES = "fCTXbNHgKLV"  # letters of options that take a word of its own
_ENDS = (";", "+")
_OF_PARALLEL = frozenset({"-j", "--jobs", "-P", "-a", "--arg-file", "-C", "--wd"})
FOUND = "$FOUND"  # the folder of a file, wherever find finds it


class Piped(NamedTuple):
    """What goes through a pipe."""

    names: tuple[str, ...] = ()  # of files, as the command in front prints them
    packed: tuple[str, ...] = ()  # the files in an archive
    texts: tuple[str, ...] = ()  # the files whose text it is


def piped(words: Sequence[str], before: Piped | None) -> Piped | None:
    """What a command sends on, with what it gets itself."""
    program = words[0].rpartition("/")[2] if words else ""
    if program in _PASSING:
        return before
    if program in ("tar", "bsdtar"):
        return Piped(packed=tuple(archived(words)))
    if program == "find":
        return Piped(names=found_by(words))
    if program == "cat":
        texts = [one for one in words[1:] if not one.startswith("-")]
        return Piped(texts=tuple(texts[:MOST_NAMES]))
    if program in ("echo", "printf", "ls"):
        folder = next((one for one in words[1:] if one[:1] != "-"), "")
        names = [one for one in words[1:] if one[:1] not in "-%"]
        lists = program == "ls" and not any(re.match(r"-\w*d", one) for one in words)
        if lists and len(names) == 1:  # what lies in a folder, by its name
            names = [f"{folder.rstrip('/')}/*".removeprefix("./")] if folder else []
        return Piped(names=tuple(names[:MOST_NAMES]))
    return None


def found_by(words: Sequence[str]) -> tuple[str, ...]:
    """The patterns of the paths that find prints."""
    starts = _starts(words)
    names = [
        value for option, value in pairwise(words) if option in ("-name", "-iname")
    ]
    if not names:
        return starts
    return tuple(
        posixpath.normpath(posixpath.join(start, name))
        for start in starts
        for name in names
    )[:MOST_NAMES]


def _starts(words: Sequence[str]) -> tuple[str, ...]:
    """The folders in which find begins."""
    options = (at for at, one in enumerate(words) if at and one[:1] in "-(!")
    return tuple(words[1 : next(options, len(words))][:MOST_NAMES]) or (".",)


class Executed(NamedTuple):
    """A command that find is told to run, for what it finds if anything."""

    words: list[str]
    folders: tuple[str, ...] = ()  # below which it is run, where that is not here


def executed(words: Sequence[str]) -> list[Executed]:
    """The commands that find is told to run."""
    told: list[Executed] = []
    for at, one in enumerate(words):
        if one in ("-exec", "-execdir", "-ok", "-okdir"):
            rest = words[at + 1 :]
            end = next((n for n, word in enumerate(rest) if word in _ENDS), len(rest))
            folders = _starts(words) if one.endswith("dir") else ()
            told.append(Executed(_filled(rest[:end], found_by(words)), folders))
    return told


def side_by_side(words: Sequence[str]) -> str:
    """What parallel runs for each word behind `:::`, or of its input, as shell text."""
    ends = (at for at, one in enumerate(words) if re.match(r":{3,4}\+?$", one))
    own = [*words[1 : next(ends, len(words))]]
    while own and own[0].startswith("-"):
        own = own[2 if own[0] in _OF_PARALLEL else 1 :]
    return " ".join(own).replace("{}", FOUND)


def _filled(words: Sequence[str], names: Sequence[str]) -> list[str]:
    return [
        filled
        for word in words
        for filled in (
            [word.replace("{}", name) for name in names] if "{}" in word else [word]
        )
    ]


def with_names(words: Sequence[str], names: Sequence[str]) -> list[str]:
    """The words of xargs with the names that it gets."""
    mark = next(
        (value for option, value in pairwise(words) if option in ("-I", "--replace")),
        "{}",
    )
    if any(one.startswith(("-I", "-i")) for one in words) or mark in words:
        told = [one.replace(mark, "{}") for one in words if one != f"-I{mark}"]
        at = told.index("-I") + 2 if "-I" in told else 1
        return [*told[:at], *_filled(told[at:], names)]
    return [*words, *names]


def unpacked(words: Sequence[str], folder: str, archive: Piped) -> list[str] | None:
    """A command that copies what a tar or cpio unpacks; None where that is none."""
    program = words[0].rpartition("/")[2] if words else ""
    to = ""
    if program in ("tar", "bsdtar") and archive.packed and _letter(words, "x"):
        to = next(iter(_values(words, ("-C", "--directory"))), folder)
        return ["cp", "-a", *archive.packed, f"{to.rstrip('/')}/"]
    if program == "cpio" and archive.names:
        passes = any(re.match(r"-\w*p|--pass", one) for one in words[1:])
        to = words[-1] if passes else ""
    return ["cp", "-a", *archive.names, f"{to.rstrip('/')}/"] if to else None


def archived(words: Sequence[str]) -> list[str]:
    """The files that tar packs; none where it does not."""
    if not _letter(words, "c"):
        return []
    names: list[str] = []
    folder = ""
    waits = 0  # words that are for options
    goes = False  # to a folder
    for at, one in enumerate(words[1:]):
        if goes:
            folder, goes = posixpath.join(folder, one), False
        elif waits:
            waits -= 1
        elif one in ("-C", "--directory"):
            goes = True
        elif one.startswith("--"):
            folder = one.removeprefix("--directory=") if "--dir" in one else folder
        elif one.startswith("-") or (not at and re.fullmatch(r"[a-zA-Z]+", one)):
            waits = sum(letter in _TAR_VALUES for letter in one) if one != "-" else 0
        else:
            names.append(posixpath.join(folder, one))
    return names[:MOST_NAMES]


def _letter(words: Sequence[str], letter: str) -> bool:
    """Whether tar is told by a letter what to do: `-xf`, `xf`, `--extract`."""
    long = {"x": ("--extract", "--get"), "c": ("--create",)}[letter]
    first = words[1] if len(words) > 1 else ""
    return (
        any(one in long for one in words)
        or any(re.fullmatch(rf"-\w*{letter}\w*", one) for one in words[1:])
        or re.fullmatch(rf"\w*{letter}\w*", first) is not None
    )


def _values(words: Sequence[str], options: Sequence[str]) -> list[str]:
    return [value for option, value in pairwise(words) if option in options]
