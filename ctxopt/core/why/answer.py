"""All that is told of a path of a context; the words for it are the view's."""

from __future__ import annotations

from enum import StrEnum

from ctxopt.core.git.line import GitLine
from ctxopt.core.ignorefile.keeping import KeptOut
from ctxopt.core.ignorefile.repair import Repair
from ctxopt.core.model import (
    BuilderName,
    GitState,
    IgnoreSummary,
    Problem,
    Reach,
    Request,
    Severity,
    Source,
    SourceUse,
)
from ctxopt.core.nearest import Near
from ctxopt.core.patterns.matcher import TraceStep
from ctxopt.core.patterns.pattern import Pattern, PatternError
from ctxopt.core.sources.reach import Hop
from ctxopt.core.sources.tree import Found
from ctxopt.core.tuples import NamedTuple


class PathState(StrEnum):
    """What becomes of a path, before anybody copies it."""

    CONTEXT = "context"  # the ignore file lets it through
    IGNORED = "ignored"
    MISSING = "missing"  # nothing is on the disk
    OUTSIDE = "outside"  # it lies outside of the context's folder
    BROKEN = "broken"  # a pattern fails there, and the build with it


class Standing(NamedTuple):
    """What one builder makes of a path that it comes across."""

    state: PathState
    steps: tuple[TraceStep, ...] = ()  # the lines that changed it, in order
    kept_out: KeptOut | None = None  # for IGNORED
    forced: bool = False  # the client brings it back, whatever the lines say
    withdrawn: bool = False  # sent, and gone before any COPY looks for it
    empty: bool = False  # sent by name, but without its content
    inside: tuple[Pattern, ...] = ()  # lines that make an exception for what is in it
    too_early: tuple[Pattern, ...] = ()  # lines with ! above the one that keeps it out
    error: PatternError | None = None  # for BROKEN


class Manner(StrEnum):
    """How a source comes to take a path."""

    NAMED = "named"  # it says this very path
    WILDCARD = "wildcard"  # a pattern of it hits the path, or a folder above
    FOLDER = "folder"  # it names a folder above
    SWEPT = "swept"  # it takes all that is there
    LINK = "link"  # a link that it names leads here
    WITHIN = "within"  # it takes something in this folder
    UNKNOWN = "unknown"  # a variable decides that an image may set


class Taker(NamedTuple):
    """A source that takes a path, or would if that were sent."""

    source: Source
    manner: Manner
    through: str = ""  # the folder, link or pattern by which it does
    reach: Reach = Reach.NOWHERE
    hops: tuple[Hop, ...] = ()  # where it arrives, and where it is copied then
    unpacked: bool = False  # an archive that ADD takes for one
    left_out_by: str = ""  # the `--exclude` that leaves the path out
    stage_unneeded: bool = False  # no stage that is built needs this one
    unsent: bool = False  # read as a pattern, it asks for something else
    fails: bool = False  # the build fails, as this source does not find the path
    unset: tuple[str, ...] = ()  # build arguments without a value that stand in it
    undeclared: tuple[str, ...] = ()  # those that only the lines above FROM set
    idle_exclude: str = ""  # an `--exclude` that looks as if it left the path out
    exclude_meant: str = ""  # the one that does

    @property
    def takes(self) -> bool:
        """Whether this build gives it the path, if it is sent."""
        if self.manner is Manner.UNKNOWN:
            return False
        withheld = self.left_out_by or self.stage_unneeded or self.unsent
        return not (withheld or self.fails)


class GitWord(NamedTuple):
    """What git says of a path."""

    state: GitState
    line: GitLine | None = None  # by which it is ignored


class OtherBuilder(NamedTuple):
    """What the builder that was not asked for makes of the path, where it differs."""

    name: BuilderName
    standing: Standing
    ignore_file: str = ""  # the one that it reads, where that is another one


class HabitKind(StrEnum):
    """Why a line that looks as if it kept a path out does not."""

    ROOT_ONLY = "root-only"  # it speaks of the root alone
    ODD = "odd"  # a comment behind it, braces, `//`, backslashes
    SPELLING = "spelling"  # it is written in another case, or with - for _


class Habit(NamedTuple):
    """A line that looks as if it kept a path out, and does not."""

    pattern: Pattern
    kind: HabitKind
    better: tuple[str, ...] = ()  # lines that do


class IdleLine(NamedTuple):
    """A line that would decide on a path, in a file that is not in force."""

    file: str
    pattern: Pattern
    why: str  # the file is not in force
    cure: str  # where its lines would count


class PathAnswer(NamedTuple):
    """All that is told of one path."""

    asked: str  # as it was typed
    path: str  # in the context; absolute where it lies outside
    standing: Standing
    context: str = ""  # the named context that it lies in; "" for the main one
    ignore_file: str = ""  # the one in force there, as messages name it; "" for none
    kind: Found | None = None  # what is on the disk
    link: str = ""  # a link on the way, through which it was asked for
    target: str = ""  # where it leads, if it is a link itself
    dangles: bool = False  # what it leads to is copied by no source
    takers: tuple[Taker, ...] = ()
    git: GitWord | None = None
    other: OtherBuilder | None = None
    repair: Repair | None = None  # what brings it back
    failing: tuple[Pattern, ...] = ()  # lines that cannot be used, wherever they fail
    closed: str = ""  # a folder above a missing one that may not be entered
    keep_out: str = ""  # the line that keeps out what is only swept in
    near: Near | None = None  # what was likely meant by a missing one
    habits: tuple[Habit, ...] = ()
    idle_lines: tuple[IdleLine, ...] = ()
    instead: tuple[str, ...] = ()  # for OUTSIDE: what to give to docker build
    failures: tuple[SourceAnswer, ...] = ()  # that may mean it, where nothing takes it
    elsewhere: tuple[Source, ...] = ()  # those that look for it in a stage or an image

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return self.kind is Found.DIRECTORY

    @property
    def in_context(self) -> bool:
        """Whether a build that asks for it gets it."""
        return self.standing.state is PathState.CONTEXT


class GlobAnswer(NamedTuple):
    """What is told of a pattern that was asked for: the paths that it hits."""

    asked: str
    hits: int
    in_context: int
    first: tuple[PathAnswer, ...]  # some of them
    all_seen: bool = True  # False: there was too much to look through


class SourceAnswer(NamedTuple):
    """What became of a source of the build."""

    use: SourceUse
    problem: Problem | None = None
    context: str = ""  # the named context that it takes from
    unset: tuple[str, ...] = ()  # as in Taker
    undeclared: tuple[str, ...] = ()  # as in Taker

    @property
    def fails(self) -> bool:
        """Whether the build fails at it."""
        return self.problem is not None and self.problem.severity is Severity.ERROR


class Explanation(NamedTuple):
    """What `why` tells: of paths, or of each source where no path was given."""

    request: Request
    context_path: str  # absolute
    dockerfile_path: str  # absolute, or "-"
    dockerfile: str  # as messages name it
    stage: str
    ignore_file: IgnoreSummary | None
    answers: tuple[PathAnswer | GlobAnswer, ...] = ()
    sources: tuple[SourceAnswer, ...] = ()
    problems: tuple[Problem, ...] = ()  # of the build, that bear upon the answers

    @property
    def all_in_context(self) -> bool:
        """Whether all that was asked for is in the context."""
        failing = any(one.fails for one in self.sources)
        return all(map(_is_in, self.answers)) and not failing


def _is_in(answer: PathAnswer | GlobAnswer) -> bool:
    if isinstance(answer, GlobAnswer):
        return answer.hits > 0 and answer.in_context == answer.hits
    return answer.in_context
