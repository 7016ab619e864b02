"""With what the files that name builds are read, and what each of them says."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping

from ctxopt.core.builds.said import SaidBuild
from ctxopt.core.findings import codes
from ctxopt.core.findings.problems import of_error
from ctxopt.core.model import Problem, Severity
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import CtxoptError

Reader = Callable[[str], bytes | None]


class World(NamedTuple):
    """What files are read with: the disk by paths, and the variables of the process."""

    read: Reader
    environment: Mapping[str, str]
    top: str = ""  # the folder that builds are looked for in

    def folder(self, path: str) -> str:
        """The folder of a file."""
        return posixpath.dirname(path)


class FileReading(NamedTuple):
    """What files say that are read together; the first stands for all."""

    files: tuple[str, ...]
    builds: tuple[SaidBuild, ...] = ()
    problems: tuple[Problem, ...] = ()


def told_lightly(
    problems: tuple[Problem, ...], *, is_usual: bool
) -> tuple[Problem, ...]:
    """Problems of files that no tool takes by itself are notes: they may be parts."""
    if is_usual:
        return problems
    return tuple(one._replace(severity=Severity.NOTE) for one in problems)


def with_line(message: str, text: str) -> str:
    """A message with the line it is about, unless it quotes that itself."""
    words = text.split("\n", 1)[0].strip()
    return f'{message} in "{words}"' if words and words not in message else message


def unread(error: CtxoptError) -> Problem:
    """The problem of a file that cannot be read at all."""
    return of_error(codes.BUILD_FILE, error, with_line(error.message, error.text or ""))
