"""The repositories that the words of a command line name, each once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence

from ctxopt.core.fleet.addresses import folder_source, git_source, is_git_url
from ctxopt.core.fleet.lists import MOST_BYTES, read_list
from ctxopt.core.fleet.records import Source
from ctxopt.errors import CtxoptError
from ctxopt.host.fleet.lying import repositories_in

STDIN = "-"
_TAKEN = "name a folder, a git URL, or a file with one of them on each line"


def sources_of(
    words: Sequence[str],
    *,
    read_stdin: Callable[[], bytes],
    announce: Callable[[str], None],
) -> tuple[Source, ...]:
    """The sources in the order in which they are named; what is said twice is one.

    `announce` hears of folders beside checkouts that are none.
    Raises CtxoptError, with its place, for what names no repository.
    """
    found: dict[tuple[str, str], Source] = {}
    for word in words:
        for one in _sources(word, read_stdin, announce):
            found.setdefault((one.place, one.branch), one)
    return tuple(found.values())


def _sources(
    word: str, read_stdin: Callable[[], bytes], announce: Callable[[str], None]
) -> Iterator[Source]:
    if word == STDIN:
        yield from _listed(read_stdin(), "standard input", ".", announce)
    elif os.path.isdir(word):
        yield from _of_folder(word, announce)
    elif os.path.isfile(word):
        content = _content(word)
        yield from _listed(content, word, os.path.dirname(word) or ".", announce)
    elif is_git_url(word):
        yield git_source(word)
    else:
        raise CtxoptError(f'there is no "{word}"', hint=_TAKEN)


def _of_folder(path: str, announce: Callable[[str], None]) -> Iterator[Source]:
    found = repositories_in(path)
    if found.others:
        are = "folder is" if found.others == 1 else "folders are"
        announce(f"note: {path}: {found.others} {are} left out: no .git in it")
    yield from map(folder_source, found.paths)


def _content(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise CtxoptError(f"cannot read it: {error.strerror}", file=path) from None
    if len(content) > MOST_BYTES:
        raise CtxoptError(
            f"this list has more than {MOST_BYTES:,} bytes", hint=_TAKEN, file=path
        )
    return content


def _listed(
    content: bytes, shown: str, beside: str, announce: Callable[[str], None]
) -> Iterator[Source]:
    """The sources of a list; its folders are named from where it lies."""
    for one in read_list(content, shown):
        try:
            if is_git_url(one.word):
                yield git_source(one.word)
                continue
        except CtxoptError as error:
            raise CtxoptError(
                error.message,
                hint=error.hint,
                file=shown,
                line=one.line,
                text=error.text,
            ) from None
        path = os.path.join(beside, os.path.expanduser(one.word))
        if not os.path.isdir(path):
            raise CtxoptError(
                "no folder is there, and it is no git URL",
                hint="correct the line or take it out",
                file=shown,
                line=one.line,
                text=one.word,
            )
        yield from _of_folder(path, announce)
