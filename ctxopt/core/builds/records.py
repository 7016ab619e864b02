"""Builds that were found in a repository, and the report of all of them.

Paths with `shown` in their name are as a person would type them from where they are;
sizes are bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from ctxopt.core.model import (
    DEFAULT_BUILDER,
    NO_WORDS,
    BuilderName,
    HeldBack,
    Location,
    Problem,
    Projection,
    Report,
    Request,
    Suggestion,
)
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import CtxoptError


class BuildKind(StrEnum):
    """What names a build."""

    COMPOSE = "compose"
    BAKE = "bake"
    WORKFLOW = "workflow"
    SKAFFOLD = "skaffold"
    DEVCONTAINER = "devcontainer"
    DOCKERFILE = "dockerfile"  # nothing does: it lies there


class BuildChoice(NamedTuple):
    """Which builds are wanted, in the words of the command line.

    Where files are named, builds are looked for in those only, else in all that are
    there. `names` are those of builds, in a table or in their own file.
    """

    everything: bool = False  # also what is not built where no name is given
    compose_files: tuple[str, ...] = ()  # merged, as for `docker compose -f a -f b`
    bake_files: tuple[str, ...] = ()  # the later over the earlier, as for bake
    names: tuple[str, ...] = ()
    dockerfiles: tuple[str, ...] = ()  # globs, from where builds are looked for
    profiles: tuple[str, ...] = ()  # of compose
    overrides: tuple[str, ...] = ()  # of bake: TARGET.KEY=VALUE
    build_args: Mapping[str, str] = NO_WORDS  # for all builds, over what files say
    builder: BuilderName = DEFAULT_BUILDER
    platform: str | None = None
    environment: Mapping[str, str] | None = None  # None: that of this process
    is_enclosed: bool = False  # nothing that lies elsewhere is read, or measured

    @property
    def options(self) -> tuple[str, ...]:
        """The words of a command line that choose the same builds, but for names."""
        pairs = (
            ("--compose", self.compose_files),
            ("--bake", self.bake_files),
            ("--dockerfiles", self.dockerfiles),
        )
        return tuple(
            word for option, some in pairs for one in some for word in (option, one)
        )

    def all_words(self, folder: str) -> tuple[str, ...]:
        """The words of a command that mean all these builds, looked for in a folder."""
        return self.options or (("--all",) if folder == "." else ("--all", folder))

    @property
    def names_files(self) -> bool:
        """Whether it says in which files builds are to be looked for."""
        return bool(self.compose_files or self.bake_files or self.dockerfiles)


class FoundBuild(NamedTuple):
    """A build that somebody would start here.

    `name` is its own among all that were found. `request` can be measured as it is,
    unless there is a `refusal`: then a part of it is elsewhere, or not known.
    """

    name: str
    kind: BuildKind
    request: Request
    dockerfile: str  # shown; "" for one that stands in the file that names the build
    context: str  # shown; an address for one that is elsewhere
    place: Location | None = None  # where it is named
    reason: str = ""  # why this context was taken, where no file says so
    refusal: CtxoptError | None = None  # why it cannot be measured
    also: tuple[Location, ...] = ()  # where the very same build is named again
    aliases: tuple[str, ...] = ()  # what it is called there
    unknown: tuple[str, ...] = ()  # "args.VERSION": left out, as its value is not known


class FoundBuilds(NamedTuple):
    """All builds that were looked for, in the order of their files."""

    builds: tuple[FoundBuild, ...]
    problems: tuple[Problem, ...] = ()  # of the files that name builds
    files: tuple[str, ...] = ()  # those that were read, shown
    chosen: str = ""  # what was taken of several kinds, and why, in one line
    choice: BuildChoice = BuildChoice()  # what was asked for


class BuildResult(NamedTuple):
    """A build with its report, or with the error that stands in its place."""

    found: FoundBuild
    report: Report | None
    error: CtxoptError | None = None

    @property
    def name(self) -> str:
        """Its name in the table."""
        return self.found.name


class BuildSaving(NamedTuple):
    """What lines save one build."""

    build: str  # its name
    wire_bytes: int  # of a first build
    repeat_wire_bytes: int
    unsettles: bool = False  # a layer of this build takes it, and it changes by itself


class SharedSuggestion(NamedTuple):
    """A suggestion for an ignore file, with what it saves each build of it."""

    shown: Suggestion  # with the sums over all builds
    savings: tuple[BuildSaving, ...]  # of those that it saves something, largest first


class BlockedSuggestion(NamedTuple):
    """What some builds would be better without, and one of them needs."""

    held: HeldBack
    needed_by: tuple[str, ...]  # names of builds; empty: all of them hold it back
    wanted_by: tuple[BuildSaving, ...]  # the others, and what it would save them


class IgnoreFileAdvice(NamedTuple):
    """What to write into one ignore file, and which builds it touches."""

    path: str  # absolute
    shown: str
    exists: bool
    builds: tuple[str, ...]  # names, in the order of the table
    suggestions: tuple[SharedSuggestion, ...] = ()
    blocked: tuple[BlockedSuggestion, ...] = ()
    # Dockerfiles (shown) that would do better with an ignore file of their own.
    apart: tuple[str, ...] = ()
    after: tuple[tuple[str, Projection], ...] = ()  # by name: what `write --yes` brings


class SentTwice(NamedTuple):
    """A folder that several builds of one call send, once each.

    `alike`: all ask for the same paths, so that a buildx of today sends it once. If
    not, the others ask for parts of what the first asks for.
    """

    path: str  # absolute
    shown: str
    builds: tuple[str, ...]
    wire_bytes: int  # of one transfer, the largest
    context_name: str = ""  # for a target that sends it for all; "": none can
    again_wire_bytes: int = 0  # of all transfers but those that would do
    alike: bool = True


class RepositoryReport(NamedTuple):
    """All builds of a repository, largest transfer first."""

    folder: str  # absolute: where they were looked for
    found: FoundBuilds
    builds: tuple[BuildResult, ...]
    ignore_files: tuple[IgnoreFileAdvice, ...] = ()
    sent_twice: tuple[SentTwice, ...] = ()
    typed: str = "."  # the folder as somebody typed it

    @property
    def measured(self) -> tuple[Report, ...]:
        """The reports of the builds that could be measured."""
        return tuple(one.report for one in self.builds if one.report is not None)

    @property
    def wire_bytes(self) -> int:
        """What all first builds send together."""
        return sum(one.transfer.tally.wire_bytes for one in self.measured)

    @property
    def repeat_wire_bytes(self) -> int:
        """What all of them send again, unchanged."""
        return sum(one.transfer.repeat_wire_bytes or 0 for one in self.measured)
