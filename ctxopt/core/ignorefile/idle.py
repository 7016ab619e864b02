"""Files that look like the ignore file in force, and are not.

A build reads one ignore file: `NAME.dockerignore` beside its Dockerfile (BuildKit
alone), else `.dockerignore` in the root of the context. Whatever else looks like one
has no effect: `.dockerignore` beside a Dockerfile in another folder, one in a folder
below the root, `dockerignore`, `.dockerignore.txt`.

Source: moby/buildkit, frontend/dockerui/context.go, Context (dockerignore); docker/cli,
cli/command/image/build/dockerignore.go, ReadDockerignore.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from enum import Enum

from ctxopt.core.patterns.pattern import Pattern
from ctxopt.core.tuples import NamedTuple

IGNORE_FILE = ".dockerignore"
PODMAN_FILE = ".containerignore"

_LOOKALIKE = (
    r"(?i)\.?(?:docker|container)[-_.]?ignores?(?:\.(?:txt|text|conf|cfg|ini|ya?ml))?"
)


class IdleReason(Enum):
    """Why a file that looks like an ignore file has no effect in this build."""

    BESIDE = "beside the Dockerfile, in another folder than the context"
    NESTED = "in a folder below the root"
    MISNAMED = "nearly the name"
    UNPAIRED = "NAME.dockerignore without a Dockerfile of that name beside it"
    APART = "of this Dockerfile, but not beside it"
    OVERRULED = "another one is read in its place"
    OTHER_BUILDER = "only another builder reads it"
    OTHER_TOOL = "only podman and buildah read it"


class IdleIgnoreFile(NamedTuple):
    """A file that looks like the ignore file in force, and is not."""

    path: str  # in the context; absolute where it lies outside
    reason: IdleReason
    goes_to: tuple[str, ...] = ()  # where its lines would count; the first is best
    patterns: int = 0  # its lines that say something
    matching: int = 0  # those that match something in this context
    matching_below: int = 0  # those that would, with its own folder in front
    is_free: bool = False  # nothing stands where they would count

    @property
    def counts_in_root(self) -> bool:
        """Whether its lines are most likely meant for the whole context."""
        return self.reason is not IdleReason.NESTED

    @property
    def matters(self) -> bool:
        """Whether the build would be another one with its lines in force."""
        return bool(self.matching or self.matching_below)


class IgnoredWalked(NamedTuple):
    """Ignored folders that a client walks through for the sake of lines with `!`."""

    folders: int  # ignored ones that are opened
    files: int  # found in them
    most: str  # the one with the most folders
    most_folders: int  # in it, itself among them
    lines: tuple[Pattern, ...]  # each of which is reason enough


class Listing(NamedTuple):
    """A folder that is looked into for ignore files: the context, the Dockerfile's."""

    folder: str  # as it stands in front of a name: "", "other/", "/elsewhere/"
    names: Collection[str]
    is_root: bool
    is_dockerfiles: bool


class Reading(NamedTuple):
    """What a builder reads for a build: the ignore files that it would look for."""

    dockerfile: str  # its name, "" for standard input
    dockerfile_folder: str  # as in Listing
    reads_specific: bool  # `NAME.dockerignore` counts for this builder
    reads_podmans: bool = False  # and so does `.containerignore`
    in_force: str = ""  # the path of the one that is read; "" for none
    seen: frozenset[str] = frozenset()  # of what is told already

    @property
    def specific(self) -> str:
        """The path of this Dockerfile's own ignore file; "" where it has none."""
        if not self.dockerfile or not self.reads_specific:
            return ""
        return f"{self.dockerfile_folder}{self.dockerfile}{IGNORE_FILE}"

    @property
    def homes(self) -> tuple[str, ...]:
        """Where lines for this build can stand, in the builder's order."""
        if self.in_force:
            return (self.in_force,)
        return (IGNORE_FILE,)


def idle_ignore_files(
    listings: Sequence[Listing], reading: Reading
) -> Iterator[IdleIgnoreFile]:
    """The files of these folders that look like ignore files and have no effect."""
    for listing in listings:
        for name in sorted(listing.names):
            path = listing.folder + name
            if path == reading.in_force or path in reading.seen:
                continue
            reason = _reason(name, listing, reading)
            if reason is not None:
                yield _idle(path, reason, reading)


def nested(path: str, reading: Reading) -> IdleIgnoreFile:
    """A `.dockerignore` in a folder below the root."""
    return _idle(path, IdleReason.NESTED, reading)


def _idle(path: str, reason: IdleReason, reading: Reading) -> IdleIgnoreFile:
    homes = _homes(reason, reading)
    return IdleIgnoreFile(path, reason, homes, is_free=not reading.in_force)


def _reason(name: str, listing: Listing, reading: Reading) -> IdleReason | None:
    if name == IGNORE_FILE:
        if not listing.is_root:
            return IdleReason.BESIDE
        # In the root it is none only where it is overruled, or a link (told apart).
        return IdleReason.OVERRULED if reading.in_force else None
    if name == PODMAN_FILE:
        return IdleReason.BESIDE if reading.reads_podmans else IdleReason.OTHER_TOOL
    if name.endswith(IGNORE_FILE):
        return _specific_reason(name.removesuffix(IGNORE_FILE), listing, reading)
    if re.fullmatch(_LOOKALIKE, name):
        return IdleReason.MISNAMED
    is_own = name.lower() == f"{reading.dockerfile}{IGNORE_FILE}".lower()
    return IdleReason.MISNAMED if is_own and reading.reads_specific else None


def _specific_reason(
    dockerfile: str, listing: Listing, reading: Reading
) -> IdleReason | None:
    """Of `NAME.dockerignore`; None where another Dockerfile beside it has it."""
    if dockerfile == reading.dockerfile:
        if not reading.reads_specific:
            return IdleReason.OTHER_BUILDER
        return None if listing.is_dockerfiles else IdleReason.APART
    return None if dockerfile in listing.names else IdleReason.UNPAIRED


def _homes(reason: IdleReason, reading: Reading) -> tuple[str, ...]:
    own = (reading.specific,) if reading.specific else ()
    if reason in (IdleReason.BESIDE, IdleReason.APART, IdleReason.UNPAIRED):
        return (reading.in_force,) if reading.in_force else (*own, IGNORE_FILE)
    return reading.homes
