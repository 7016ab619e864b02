"""What a bake file says: targets with their place, and what could not be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ctxopt.core.tuples import NamedTuple

Reader = Callable[[str], "bytes | None"]


class Place(NamedTuple):
    """A line, from 1, of one of the files."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class BakeRefusedError(Exception):
    """The text cannot be read, or a value cannot be had; bake would refuse it."""

    def __init__(self, message: str, place: Place | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.place = place


class UnknownValueError(Exception):
    """A value that only the build itself has, as the time or a number by chance."""

    def __init__(self, why: str, place: Place | None = None) -> None:
        super().__init__(why)
        self.message = why
        self.place = place


@dataclass(frozen=True, slots=True)
class BakeProblem:
    """What is wrong at a place, with its line as it was written.

    `is_refused` says that bake itself stops here and builds nothing; otherwise only
    this reading cannot know, and bake goes on.
    """

    message: str
    file: str
    line: int | None = None
    text: str = ""
    is_refused: bool = True

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        quoted = f' in "{self.text}"' if self.text else ""
        return f"{place}: {self.message}{quoted}"


@dataclass(frozen=True, slots=True)
class BakeTarget:
    """One build, as it is with all that it inherits.

    A value is None where it is not set. `unknown` names what is set to something that
    cannot be known: `"context"`, `"args.VERSION"`, or `"args"` where no row is known.
    """

    name: str
    place: Place
    context: str | None = "."
    dockerfile: str | None = "Dockerfile"
    dockerfile_inline: str | None = None
    target: str | None = None
    args: Mapping[str, str] = field(default_factory=dict)
    contexts: Mapping[str, str] = field(default_factory=dict)
    platforms: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    is_linked: bool = False
    unknown: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class BakeReading:
    """The targets that were asked for and those they link to, and what is wrong."""

    targets: tuple[BakeTarget, ...] = ()
    problems: tuple[BakeProblem, ...] = ()
    files: tuple[str, ...] = ()
