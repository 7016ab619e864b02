"""What `ctxopt watch` knows of several builds at one moment: what its table is made of.

A `SharedChange` of `src/main.c` has what it means for each build: `api` copies it
again, `web` does not send it. Sizes are bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ctxopt.core.model import Problem, Report, Suggestion
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.watching.moment import Change, WatchMoment

MOST_CHANGES = 200  # kept for the screen

_NAMES_BUILDS = re.compile(
    r"(?i)(?:.*[.-])?(?:docker|container)file(?:[.-].*)?"
    r"|(?:docker-)?compose.*\.ya?ml|.*bake.*\.(?:hcl|json)"
    r"|skaffold.*\.ya?ml|\.?devcontainer\.json|\.env"
)


def may_name_builds(name: str) -> bool:
    """Whether another set of builds may be there once a file of that name changes."""
    is_ignore_file = name.endswith(".dockerignore")
    return not is_ignore_file and _NAMES_BUILDS.fullmatch(name) is not None


class BuildChange(NamedTuple):
    """What a change means for one build."""

    build: str  # its name
    change: Change  # its path is from the context of that build
    is_sent: bool


class SharedChange(NamedTuple):
    """One entry that changed, and what that means for each build."""

    path: str  # as a person would type it
    builds: tuple[BuildChange, ...]  # those that see it, at least one
    known: tuple[str, ...] = ()  # all builds of which it is known what it means

    @property
    def change(self) -> Change:
        """What became of the entry, as the build tells it that knows most of it."""
        return max(self.builds, key=lambda one: one.change.inside).change

    @property
    def unsettled(self) -> tuple[BuildChange, ...]:
        """The builds of which something runs again."""
        return tuple(one for one in self.builds if one.change.invalidates)

    @property
    def settled(self) -> tuple[str, ...]:
        """The names of all other builds of which that is known."""
        unsettled = {one.build for one in self.unsettled}
        return tuple(name for name in self.known if name not in unsettled)


class BuildRow(NamedTuple):
    """A build as of now: a row of the table."""

    name: str
    dockerfile: str  # as a person would type it; "" for one that stands in a file
    context: str
    report: Report | None  # None: it was never measured
    budget: int | None = None  # wire bytes of a transfer
    failed: str = ""  # why the report is one of before, or none

    @property
    def wire_bytes(self) -> int | None:
        """What a first build sends; None where that is not known."""
        return None if self.report is None else self.report.transfer.tally.wire_bytes

    @property
    def over_bytes(self) -> int:
        """By how much that is over the budget; 0 without one."""
        if self.budget is None or self.wire_bytes is None:
            return 0
        return max(self.wire_bytes - self.budget, 0)


class BuildProblem(NamedTuple):
    """What went wrong with a build, or with the files that name builds."""

    build: str  # "" for the files
    problem: Problem
    stale: bool = False  # its sizes stay those of before until it is mended


class BuildEvent(NamedTuple):
    """What became of one build."""

    build: str
    moment: WatchMoment
    changes: tuple[Change, ...] = ()  # oldest first; paths from its own context
    appeared: tuple[Suggestion, ...] = ()  # that were not made before
    vanished: tuple[Suggestion, ...] = ()  # that are not made any more
    is_new: bool = False  # it is measured for the first time, or once more at all


class SeveralEvent(NamedTuple):
    """What happened at once, of all builds."""

    changes: tuple[SharedChange, ...] = ()  # oldest first
    builds: tuple[BuildEvent, ...] = ()  # those of which something is another
    problems: tuple[BuildProblem, ...] = ()  # new ones
    found: bool = False  # there are other builds now
    over: str = ""  # why watching is over

    def __bool__(self) -> bool:
        """Whether anything happened."""
        return bool(self.builds or self.problems or self.found or self.over)


class SeveralMoment(NamedTuple):
    """All that is shown of several builds."""

    folder: str  # as it was typed
    rows: tuple[BuildRow, ...]  # in the order in which they were found
    changes: tuple[SharedChange, ...] = ()  # newest first
    paused: bool = False
    message: str = ""
    watches: int = 0  # folders that the system watches for us
    polled: int = 0  # folders that we look at ourselves


def latest(
    new: Sequence[SharedChange], before: Iterable[SharedChange]
) -> tuple[SharedChange, ...]:
    """The last changes, newest first, one for each path."""
    told = {one.path for one in new}
    others = [one for one in before if one.path not in told]
    return (*reversed(new), *others)[:MOST_CHANGES]
