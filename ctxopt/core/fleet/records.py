"""Repositories of a fleet, and what came of each.

Sizes are bytes, seconds are estimates but for those that a repository took. Nothing in
these records is content of a file: of secrets there are names.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from ctxopt.core.tuples import NamedTuple

NO_COUNTS: Mapping[str, int] = MappingProxyType({})
NO_PAIRS: Mapping[str, tuple[int, int]] = MappingProxyType({})


class SourceKind(StrEnum):
    """Where a repository is."""

    FOLDER = "folder"
    GIT = "git"


class Source(NamedTuple):
    """A repository that is to be looked at.

    `place` is what it is known by: the absolute path of a folder, or a git URL without
    its password. `address` is what git is given, and is never written anywhere.
    """

    name: str  # its own in the report; files are named by it
    label: str  # what people call it; others may be called so, too
    kind: SourceKind
    place: str
    address: str = ""
    branch: str = ""  # or tag; "": what the repository itself is on


class RowState(StrEnum):
    """What came of a repository."""

    MEASURED = "measured"  # at least one of its builds
    EMPTY = "empty"  # nothing in it says what to build
    FAILED = "failed"


class FailureKind(StrEnum):
    """Why there is nothing to say of a repository."""

    CLONE = "clone"  # git could not bring it
    TOO_LARGE = "too-large"  # the clone is beyond the bound
    TIMEOUT = "timeout"
    MEMORY = "memory"
    REFUSED = "refused"  # the folder is not there, or cannot be read
    CRASHED = "crashed"  # the process that looked at it ended by itself
    LOST = "lost"  # the workers that had it are gone
    BUG = "bug"


class Failure(NamedTuple):
    """Why there is nothing to say of a repository, for programs and for people."""

    kind: FailureKind
    message: str


class FleetBuild(NamedTuple):
    """A build of a repository; sizes are None where it could not be measured."""

    name: str
    dockerfile: str  # from the top of the repository; "": stands in another file
    context: str
    wire_bytes: int | None  # of a first build
    repeat_wire_bytes: int | None
    files: int | None  # of the transfer
    has_ignore_file: bool
    error: str = ""


class FleetLine(NamedTuple):
    """A repository in the report: what is asked of thousands of them."""

    name: str
    place: str  # the folder, or the git URL without its password
    commit: str | None
    state: RowState
    failure: Failure | None = None
    attempts: int = 1
    seconds: float = 0.0  # that it took, the clone among it
    builds: tuple[FleetBuild, ...] = ()
    wire_bytes: int = 0  # all first builds together
    repeat_wire_bytes: int = 0
    saved_wire_bytes: int = 0  # by what `write --all --yes` writes
    saved_repeat_wire_bytes: int = 0
    saved_seconds: float = 0.0
    saved_repeat_seconds: float = 0.0
    secrets: tuple[str, ...] = ()  # paths in the context, each once
    breaks_cache: bool = False  # a layer is made anew by what changes by itself
    codes: Mapping[str, int] = NO_COUNTS  # findings of `check --all`
    severities: Mapping[str, int] = NO_COUNTS
    page: str | None = None  # from the folder of the report
    label: str = ""  # what people call it; others may be called so, too

    @property
    def called(self) -> str:
        """What people call it; its name in the report where nobody does."""
        return self.label or self.name

    @property
    def has_failed(self) -> bool:
        """Whether none of its sizes is known."""
        return self.state is RowState.FAILED

    @property
    def is_checked(self) -> bool:
        """Whether what is wrong with it is known: also where no build is measured."""
        return not self.has_failed or bool(self.builds)

    @property
    def unmeasured_builds(self) -> int:
        """How many of its builds could not be measured."""
        return sum(one.wire_bytes is None for one in self.builds)

    @property
    def lacks_ignore_file(self) -> bool:
        """Whether a build that was measured reads no ignore file."""
        sized = (one for one in self.builds if one.wire_bytes is not None)
        return any(not one.has_ignore_file for one in sized)


class FleetTotals(NamedTuple):
    """The sums of a fleet, and how many repositories each question is about."""

    repositories: int = 0
    measured: int = 0
    empty: int = 0
    failed: int = 0
    builds: int = 0
    unmeasured_builds: int = 0  # of these
    wire_bytes: int = 0
    repeat_wire_bytes: int = 0
    saved_wire_bytes: int = 0
    saved_repeat_wire_bytes: int = 0
    saved_seconds: float = 0.0
    saved_repeat_seconds: float = 0.0
    with_secrets: int = 0
    breaking_cache: int = 0
    lacking_ignore_file: int = 0
    codes: Mapping[str, tuple[int, int]] = NO_PAIRS  # (repositories, findings)
    severities: Mapping[str, int] = NO_COUNTS
    failures: Mapping[str, int] = NO_COUNTS


class FleetSettings(NamedTuple):
    """What the sums of a report assume, said wherever they are shown."""

    builds_per_week: int = 50  # of each image
    made_by: str = ""  # the version of ctxopt


class FleetReport(NamedTuple):
    """A whole fleet: lines with the largest first, those that failed last."""

    totals: FleetTotals
    lines: tuple[FleetLine, ...]
    settings: FleetSettings
