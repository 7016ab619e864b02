"""A build as one file names it, before it has a name of its own among all.

Paths are joined to the folder that they are relative to, as a person would type them.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from ctxopt.core.builds.records import BuildKind
from ctxopt.core.model import NO_WORDS, Location
from ctxopt.core.paths import is_remote
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import CtxoptError

DEFAULT_DOCKERFILE = "Dockerfile"
_CHECK_OUT = "check it out, and measure its folder"


class SaidBuild(NamedTuple):
    """What a file says of a build.

    `dockerfile` is None for `CONTEXT/Dockerfile`; `inline` is the text of one that
    stands in the file. `is_usual`: it is built where no name is given.
    """

    name: str
    kind: BuildKind
    place: Location
    context: str  # an address where `refusal` says so; "" where it is not known
    dockerfile: str | None = None
    inline: str | None = None
    target: str | None = None
    args: Mapping[str, str] = NO_WORDS
    contexts: Mapping[str, str] = NO_WORDS
    refusal: CtxoptError | None = None
    is_usual: bool = True
    reason: str = ""
    unknown: tuple[str, ...] = ()  # as of a FoundBuild

    @property
    def dockerfile_path(self) -> str:
        """The path of its Dockerfile; "" for one that stands in the file."""
        if self.inline is not None:
            return ""
        return self.dockerfile or joined(self.context, DEFAULT_DOCKERFILE)

    @property
    def identity(self) -> tuple[object, ...]:
        """What the very same build has, too; one that is not known is its own."""
        is_elsewhere = is_address(self.context) or self.context.startswith("{{")
        if self.refusal is not None and not is_elsewhere:
            return (str(self.refusal),)
        return (*self.place_of_files, self.args)

    @property
    def place_of_files(self) -> tuple[object, ...]:
        """What it is built of, but for the arguments."""
        files = (self.context, self.dockerfile_path, self.inline)
        return (*files, self.target, self.contexts)


def line_of(file: str, line: int) -> Location:
    """The place of one line."""
    return Location(file, line, line)


def joined(folder: str, path: str) -> str:
    """A path of a file in `folder`, as a person would type it."""
    return posixpath.normpath(posixpath.join(folder, path))


def dockerfile_in(context: str, path: str | None) -> str | None:
    """The Dockerfile that is named from its context; None for the usual one there."""
    if not path:
        return None
    found = joined(context, path)
    return None if found == joined(context, DEFAULT_DOCKERFILE) else found


def is_address(context: str) -> bool:
    """Whether a context is elsewhere than on the disk."""
    return (
        is_remote(context) or "://" in context or context.startswith("github.com/")
    ) and not context.startswith("file://")


def elsewhere(context: str, place: Location) -> CtxoptError:
    """Why a build of an address cannot be measured."""
    if context.startswith(("target:", "service:")):
        message = f'the context "{context}" is what another build makes'
        hint = "measure that one"
    else:
        message = f'the builder fetches "{context}" itself, and nothing is sent'
        hint = _CHECK_OUT
    return CtxoptError(message, hint=hint, file=place.file, line=place.line)


def not_known(what: str, place: Location, *, text: str = "", cure: str) -> CtxoptError:
    """Why a build of which a part is not known cannot be measured."""
    message = f"the {what} is not known"
    return CtxoptError(message, hint=cure, file=place.file, line=place.line, text=text)
