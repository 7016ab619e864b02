"""The records that cross stages: immutable, without behaviour of their own.

Sizes are bytes. Paths are relative to the root they belong to, with `/` between
components, no leading `./` and no trailing `/`; bytes that are not UTF-8 are kept
as Python's surrogate escapes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING, Protocol
from ctxopt.errors import CtxoptError

if TYPE_CHECKING:
    from typing import Self


class FrozenWords(Mapping[str, str]):
    """Words by name, which nobody can change; hashed, pickled and compared as such."""

    __slots__ = ("_words",)

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = dict(words)

    def __getitem__(self, name: str) -> str:
        return self._words[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)

    def __hash__(self) -> int:
        return hash(frozenset(self._words.items()))

    def __repr__(self) -> str:
        return repr(self._words)

    def __reduce__(self) -> tuple[type[Self], tuple[dict[str, str]]]:
        return type(self), (self._words,)


NO_WORDS: Mapping[str, str] = FrozenWords({})


class BuilderName(StrEnum):
    """The builders, under the names of the command line."""

    BUILDKIT = "buildkit"
    LEGACY = "legacy"
    PODMAN = "podman"


class Dialect(StrEnum):
    """Whose rules the lines of an ignore file are read by."""

    MOBY = "moby"  # moby/patternmatcher: docker, with both of its builders
    STORAGE = "storage"  # containers/storage: buildah, and so podman


DEFAULT_BUILDER = BuilderName.BUILDKIT  # that of docker since 23


class Location(NamedTuple):
    """A span of whole lines in a file; lines count from 1."""

    file: str
    line: int
    end_line: int


class PathLike(Protocol):
    """What can stand for a path: pathlib.Path and its kin."""

    def __fspath__(self) -> str:
        """The path as text."""


class _RequestFields(NamedTuple):
    """The fields of a Request."""

    context: str  # as the user typed it
    dockerfile: str | None = None  # None: CONTEXT/Dockerfile; "-": standard input
    target: str | None = None
    build_args: Mapping[str, str] = NO_WORDS
    build_contexts: Mapping[str, str] = NO_WORDS
    builder: BuilderName = DEFAULT_BUILDER
    dockerfile_bytes: bytes | None = None  # what standard input held, for "-"
    platform: str | None = None  # None: the one that is usual, linux/amd64


class Request(_RequestFields):
    """Which build is meant, in the words of `docker build`.

    Paths may be given as `str` or as `Path`, the builder by its name as well.
    Raises CtxoptError for a builder that there is not.
    """

    __slots__ = ()

    def __new__(  # noqa: PLR0917  # the fields, in their order
        cls,
        context: str | PathLike,
        dockerfile: str | PathLike | None = None,
        target: str | None = None,
        build_args: Mapping[str, str] = NO_WORDS,
        build_contexts: Mapping[str, str | PathLike] = NO_WORDS,
        builder: BuilderName | str = DEFAULT_BUILDER,
        dockerfile_bytes: bytes | None = None,
        platform: str | None = None,
    ) -> Self:
        """Take over what a script gives."""
        return super().__new__(
            cls,
            path_text(context),
            None if dockerfile is None else path_text(dockerfile),
            target,
            FrozenWords(build_args),
            FrozenWords(
                {name: path_text(value) for name, value in build_contexts.items()}
            ),
            _builder_name(builder),
            dockerfile_bytes,
            platform,
        )


def path_text(path: str | PathLike) -> str:
    """A path as text; raises TypeError for anything that is none."""
    text = (
        path if isinstance(path, str) else getattr(path, "__fspath__", lambda: None)()
    )
    if not isinstance(text, str):
        raise TypeError(f"a path is a str or a Path, not {type(path).__name__}")
    return text


def _builder_name(name: BuilderName | str) -> BuilderName:
    try:
        return BuilderName(name)
    except ValueError:
        *others, last = (f'"{one}"' for one in BuilderName)
        known = f"{', '.join(others)} and {last}"
        raise CtxoptError(f'no such builder: "{name}"; there are {known}') from None


class SourceKind(StrEnum):
    """Where a source of COPY, ADD or a mount takes its entries from."""

    CONTEXT = "context"
    NAMED = "named"  # a named context; `Source.origin` has its name
    STAGE = "stage"
    IMAGE = "image"
    URL = "url"
    GIT = "git"
    HEREDOC = "heredoc"
    UNKNOWN = "unknown"  # a variable that an unread image may set decides


class Source(NamedTuple):
    """One word of a COPY or ADD, or one mount of a RUN, that names something to read.

    `text` is the word as written, `expanded` the word after variable expansion
    and before any path arithmetic: what it means as a path is the builder's affair.
    """

    instruction: str  # COPY, ADD or RUN (for a mount)
    stage: str  # the stage's name, or its index when it has none
    location: Location
    text: str
    expanded: str
    kind: SourceKind = SourceKind.CONTEXT
    origin: str = ""  # stage, image or named context; empty for the main context
    line_text: str = ""  # the whole instruction as written, first line
    parents: bool = False  # --parents
    exclude: tuple[str, ...] = ()  # --exclude, as written
    mount: bool = False  # a RUN --mount: the path is literal, never a wildcard
    writable: bool = False  # a mount with rw: what it changes is thrown away later
    claims: bool = (
        True  # False: a tmpfs mount, which joins the request and takes nothing
    )
    alone: bool = True  # False: the instruction has more than one source
    assumed: tuple[str, ...] = ()  # variables that an image which is not read may set
    destination: str = ""  # of COPY and ADD, expanded as `expanded` is
    destination_assumed: tuple[str, ...] = ()  # as `assumed`, of the destination


class SourceState(StrEnum):
    """What became of a source in the context."""

    FOUND = "found"
    EMPTY = "empty"  # a wildcard without match
    MISSING = "missing"
    IGNORED = "ignored"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"  # a variable decides which an image that is not read may set


class SourceUse(NamedTuple):
    """A source and what it takes of the context."""

    source: Source
    entries: int
    file_bytes: int
    state: SourceState
    decided_by: Location | None = None  # the line that keeps it out, for IGNORED
    repair: tuple[str, ...] = ()  # the lines that bring it back, mostly one
    repair_behind: Location | None = None  # the line that they belong behind


class Confidence(StrEnum):
    """How sure it is that no image needs what a suggestion keeps out."""

    CERTAIN = "certain"  # no ordinary build reads it
    LIKELY = "likely"  # few do, and this one shows no sign of it
    ASK = "ask"  # depends on the project: never written without a question


class Severity(StrEnum):
    """How bad a problem is: error means that the build would fail."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Problem(NamedTuple):
    """Something the user should know; `code` is a stable word for scripts."""

    code: str
    severity: Severity
    message: str
    file: str | None = None
    line: int | None = None
    subject: str | None = None  # the path, pattern or word it is about
    hint: str | None = None  # what to do, where the message does not say it
    end_line: int | None = None  # the last line, where `line` is the first
    column: int | None = None  # where the word begins in `line`, in characters from 1


class Tally(NamedTuple):
    """Sizes of a set of entries.

    `file_bytes` adds up regular files, each inode once; `wire_bytes` is what the
    builder's wire format makes of all of it.
    """

    entries: int = 0
    files: int = 0  # all that are not directories
    directories: int = 0
    file_bytes: int = 0
    wire_bytes: int = 0


class Transfer(NamedTuple):
    """The part of the context that a build sends, and what the builder says of it.

    `is_whole`: this builder sends all of the context, whatever the build uses.
    """

    tally: Tally
    printed: str | None  # None: nothing is transferred
    dockerfile_wire_bytes: int | None = None  # None: this builder has no such transfer
    ignorefile_wire_bytes: int | None = None
    repeat_wire_bytes: int | None = None
    is_whole: bool = False


class Usage(NamedTuple):
    """How many files, and their bytes."""

    files: int = 0
    file_bytes: int = 0


class Place(NamedTuple):
    """A folder or file of the context and what it accounts for.

    Its weight is what it sends, and the file bytes of what is not sent.
    """

    path: str
    kind: str  # "directory" or "file"
    files: int  # 1 for a file
    file_bytes: int
    wire_bytes: int  # its part of the transfer
    used_bytes: int  # file bytes that some source reaches
    sources: tuple[int, ...] = ()  # indexes into Report.sources that reach into it
    children: tuple[Place, ...] = ()  # heaviest first, to the depth asked for
    more: Usage = Usage()  # children left out of `children`
    more_count: int = 0
    unsent_bytes: int = 0  # file bytes of what is not sent
    more_weight: int = 0  # of the children left out
    # Positions of its entries in the context and in the transfer, from and up to.
    span: tuple[int, int] = (0, 0)
    sent: tuple[int, int] = (0, 0)

    @property
    def used(self) -> bool:
        """Whether some source reaches any of it."""
        return bool(self.sources)

    @property
    def weight(self) -> int:
        """Bytes as they travel, and as they lie on disk where they stay at home."""
        return self.wire_bytes + self.unsent_bytes


class IgnoreSummary(NamedTuple):
    """The ignore file in effect."""

    path: str  # absolute
    patterns: int  # lines that yield a pattern


class NamedReport(NamedTuple):
    """A named local context, measured on its own."""

    name: str
    path: str  # absolute
    ignore_file: IgnoreSummary | None
    context: Tally | None
    transfer: Transfer
    sources: tuple[SourceUse, ...] = ()


class Suggestion(NamedTuple):
    """Lines for the ignore file, and what they save beside the suggestions before it.

    The sizes are the difference of two measurements, before and after; those of the
    transfer are what this build saves.
    """

    rule: str  # the id of the rule, or of the evidence: "large:dump.sql"
    patterns: tuple[str, ...]  # as they stand in an ignore file
    label: str  # what it is, in a few words
    reason: str
    confidence: Confidence
    question: str
    notes: tuple[str, ...]  # what else speaks for or against it
    files: int
    file_bytes: int
    wire_bytes: int
    repeat_wire_bytes: int
    context: Tally  # the same of the whole context
    seconds: float  # of the first build
    repeat_seconds: float
    sources: tuple[int, ...]  # indexes into Report.sources: whose layers it unsettles
    risk: str = ""  # which builds need it
    id: str = ""  # its name in the block, in options and on a page
    unsettles: bool = False  # it changes by itself, and a layer of this build takes it
    paths: tuple[str, ...] = ()  # some of what the lines hit, the heaviest first
    path_count: int = 0  # of all that they hit
    preventive: bool = False  # for what is not there yet: it saves nothing now

    @property
    def sent(self) -> bool:
        """Whether this build sends any of it; otherwise the lines save it nothing."""
        return bool(self.wire_bytes)

    @property
    def for_cache(self) -> bool:
        """Whether the lines keep nothing out of the context: a layer is cached then."""
        return not self.context.entries and not self.preventive


class HeldBack(NamedTuple):
    """What a rule would have suggested, and why it must not."""

    rule: str
    path: str
    why: str


class BuildCost(NamedTuple):
    """What a build costs with one ignore file: at first, and then again unchanged."""

    context: Tally
    transfer: Tally
    repeat_wire_bytes: int
    first_build_seconds: float
    repeat_build_seconds: float

    @property
    def context_wire_bytes(self) -> int:
        """The context on the wire."""
        return self.context.wire_bytes

    @property
    def transfer_wire_bytes(self) -> int:
        """What a first build sends of it."""
        return self.transfer.wire_bytes


class Projection(NamedTuple):
    """What builds cost now, and what they would after `write --yes`."""

    profile: str
    origin: str  # where the profile's figures come from
    now: BuildCost
    after: BuildCost


class Report(NamedTuple):
    """Everything a view needs; nothing is computed later."""

    request: Request
    context_path: str  # absolute
    dockerfile_path: str  # absolute, or "-"
    stage: str  # the stage built: its name, or its index
    ignore_file: IgnoreSummary | None
    context: Tally | None  # None: cannot be told (a pattern that breaks the walk)
    transfer: Transfer
    used: Usage
    unused: Usage
    excluded: Usage | None  # None: not counted
    sources: tuple[SourceUse, ...]
    root: Place  # the whole context, with children to the depth asked for
    largest: tuple[Place, ...]  # folders and files, heaviest first
    named: tuple[NamedReport, ...]
    problems: tuple[Problem, ...]
    suggestions: tuple[Suggestion, ...] = ()
    held_back: tuple[HeldBack, ...] = ()
    projection: Projection | None = None  # None: the context cannot be told
    preventive: tuple[Suggestion, ...] = ()  # for what is not there yet
    secrets: tuple[SecretFile, ...] = ()  # what goes furthest first


class Reach(StrEnum):
    """How far a file of the context goes."""

    IMAGE = "image"  # into the image that is built
    STAGE = "stage"  # into a stage that is thrown away
    MOUNT = "mount"  # lent to a RUN
    CONTEXT = "context"  # to the builder, and no further
    NOWHERE = "nowhere"  # this build does not send it, though the ignore file would


class GitState(StrEnum):
    """What git makes of a file."""

    TRACKED = "tracked"
    IGNORED = "ignored"
    UNTRACKED = "untracked"
    UNKNOWN = "unknown"  # no repository, or one that cannot be read


class SecretFile(NamedTuple):
    """A file of the context with a secret in it; what it says is not kept."""

    path: str
    rule: str  # the id of the rule that speaks of it
    family: str  # key, token, env, settings, state or profile
    what: str  # in a few words
    sure: bool  # False: it may be locked, or be there for tests or for the program
    reach: Reach
    git: GitState
    source: Source | None = None  # that takes it furthest

    @property
    def severity(self) -> Severity:
        """A note where git tracks it: everybody sees it there, as of a test."""
        told = self.sure and self.git is not GitState.TRACKED
        return Severity.WARNING if told else Severity.NOTE


class Listed(NamedTuple):
    """One line of `ls`."""

    path: str
    directory: bool
    wire_bytes: int
    file_bytes: int
    sources: tuple[Source, ...]  # those that take it
    regular: bool = True  # of what is no directory: a regular file
