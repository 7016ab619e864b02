"""What a builder is: the value that holds all in which builders differ."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence

from ctxopt.core.judging.path import judge_path
from ctxopt.core.model import Dialect, Tally
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.core.sources.claims import start
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from ctxopt.core.dockerfile.records import Scoping
    from ctxopt.core.judging.entry import Entry
    from ctxopt.core.judging.judge import FolderState, JudgingState, WalkRules
    from ctxopt.core.measure.stream import Total
    from ctxopt.core.measure.wire import Wire
    from ctxopt.core.model import BuilderName, Source, Transfer
    from ctxopt.core.patterns.matcher import Matcher
    from ctxopt.core.patterns.pattern import Pattern
    from ctxopt.core.sources.claims import ClaimState
    from ctxopt.core.sources.outcomes import Outcome
    from ctxopt.core.sources.together import Brought
    from ctxopt.core.sources.tree import Tree
    from ctxopt.core.sources.wanted import CopySource
    from ctxopt.core.timing.models import Profile


class FileNames(NamedTuple):
    """The names that a builder looks for, the first that is there counts."""

    dockerfiles: tuple[str, ...] = ("Dockerfile", "dockerfile")
    ignore_files: tuple[str, ...] = (".dockerignore",)
    specific: tuple[str, ...] = (".dockerignore",)  # behind the Dockerfile's name

    @property
    def ignore_file(self) -> str:
        """The ignore file to be written where there is none."""
        return self.ignore_files[0]


class OutsideDockerfile(NamedTuple):
    """A Dockerfile that the build takes from outside its context."""

    size: int  # bytes
    ignore_file_size: int | None  # of the `.dockerignore` in the context; None: none


def tally(total: Total, wire_bytes: int) -> Tally:
    """A settled transfer as a record, with what the builder makes of its bytes."""
    return Tally(
        total.entries, total.files, total.directories, total.file_bytes, wire_bytes
    )


class Builder(ABC):
    """One builder's rules for one root. Instances hold no state."""

    name: BuilderName
    label: str  # as people write it
    printed_as: str  # what its client writes of a transfer: its `name`, its size
    scoping: Scoping
    wire: Wire
    files: FileNames = FileNames()
    fires_triggers: bool = True  # ONBUILD of one stage, in those that stand on it
    exact_target: bool = False  # the letters of a target count, and a number is one
    dialect: Dialect = Dialect.MOBY  # of its ignore files
    in_place: bool = False  # it reads the context where it lies, and sends nothing
    parses_dockerfile_first: bool  # a broken Dockerfile stops it before the transfer
    specific_ignore_file: bool  # `NAME.dockerignore` beside the Dockerfile counts
    follows_links_out: bool  # Dockerfile and ignore file may be links to anywhere
    ends_silently: bool  # a pattern that fails on the way ends the transfer, no more
    validates: bool  # walks the context once before it sends it, see Validation
    reads_pipes: bool  # where the Dockerfile is to be
    takes_named_contexts: bool
    knows_exclude: bool  # `COPY --exclude`
    sends_all: bool  # whatever the sources ask for
    looks_up_owners: bool = False  # by name, and not in a stage that is still empty
    runs_utf8_only: bool = False  # a command with another byte is refused at once
    last_file_stays: bool  # of several that are copied to one name; else it refuses

    @abstractmethod
    def reads_attribute(self, name: str) -> bool:
        """Whether an extended attribute of this name is sent."""

    def exclude(self, ignored: Matcher, dockerfile: str) -> Matcher:
        """The patterns that the transfer runs with; mostly the same matcher.

        `dockerfile` is the Dockerfile's path in the context, "" when it is outside.
        """
        return ignored

    def check_exclude(self, patterns: Sequence[Pattern]) -> None:  # noqa: B027
        """Raise IgnoreFileError for patterns that cannot be handed to the client."""

    def brings_back(self, dockerfile: str) -> tuple[str, ...]:
        """Paths that are sent whatever the ignore file says."""
        return ()

    def withdrawn(self, ignored: Matcher, dockerfile: str) -> frozenset[str]:
        """Paths that are sent but that no source can take."""
        return frozenset()

    def finds(self, ignored: Matcher, dockerfile: str, path: str) -> bool:
        """Whether a source that names an entry would find it, with all of its content.

        Rule: that of the walk, see `judging.path`; nothing is looked for on the disk.
        """
        exclude = self.exclude(ignored, dockerfile)
        opens = self.opens(exclude, None)
        try:
            decision = judge_path(self.whole(exclude), path)
        except PatternError:
            return False
        return (
            decision is not None
            and decision.plain
            and path not in self.withdrawn(ignored, dockerfile)
            and (opens is None or opens(path, True))  # noqa: FBT003  # as the walk does
        )

    def left_out(self, ignored: Matcher, dockerfile: str, path: str) -> str:
        """Where the walk ends on the way to a path: a folder above it, or the path."""
        exclude = self.exclude(ignored, dockerfile)
        state: JudgingState = self.whole(exclude)
        *above, _ = path.split("/")
        try:
            for depth, folder in enumerate(above, 1):
                decision = state.decide(folder)
                if not decision.enter:
                    return "/".join(above[:depth])
                state = decision.child
        except PatternError:
            return path
        return path

    def dockerfile_request(self, name: str) -> tuple[str, ...] | None:
        """What is asked of the Dockerfile's folder; None: it has no own transfer."""
        return None

    @abstractmethod
    def wanted(self, sources: Sequence[Source]) -> list[CopySource]:
        """What sources mean as paths or patterns."""

    @abstractmethod
    def requested(self, sources: Sequence[Source]) -> tuple[str, ...]:
        """The paths that a build with these sources asks for, "/" for all."""

    def takes_all(self, source: Source) -> bool:
        """Whether a build with this source alone asks for everything."""
        return self.requested((source,)) == ("/",)

    @abstractmethod
    def request(self, sources: Sequence[Source], tree: Tree) -> tuple[str, ...] | None:
        """The include patterns of the transfer; None when everything is sent."""

    @abstractmethod
    def rules(
        self,
        exclude: Matcher,
        request: Sequence[str] | None,
        claims: ClaimState,
        *,
        transfer_only: bool = False,
    ) -> WalkRules:
        """How this builder walks a root.

        Raises IgnoreFileError for a request that it cannot compile.
        """

    def whole(self, exclude: Matcher) -> FolderState:
        """The state of the root of a context, whatever is asked for."""
        return self.rules(exclude, None, start((), 0)).root()

    def opener(self, exclude: Matcher, folder: str) -> Pattern | None:
        """The line with `!` for which the transfer looks into an ignored folder.

        None where it looks into none, or goes on when one cannot be read.
        """
        return None

    def reopening(self, exclude: Matcher) -> tuple[Pattern, ...]:
        """The lines for whose sake ignored folders are entered wherever they are.

        A line that opens no more than the folders on the way to its text is none.
        """
        return ()

    def opens(
        self, exclude: Matcher, request: Sequence[str] | None
    ) -> Callable[[str, bool], bool] | None:
        """Whether the client opens a file that it has named; None: it always does.

        It is asked with the path, and whether this transfer takes the file: one that
        does not is judged as a transfer of everything would.
        """
        return None

    @abstractmethod
    def prints(self, size: int) -> str:
        """A size as its client writes it."""

    @abstractmethod
    def local_profile(self) -> Profile:
        """What its transfers take where the engine is on the same machine."""

    @abstractmethod
    def wire_bytes(self, total: Total) -> int:
        """The size of a whole transfer of these entries."""

    def entry_bytes(self, entry: Entry) -> int:
        """The size of a transfer of one entry."""
        from ctxopt.core.measure.stream import EntryStream  # start-up: not of a list

        stream = EntryStream(has_ids=bool(self.wire.id_steps))
        stream.add(entry, 0, self.wire)
        return self.wire_bytes(stream.settle(self.wire))

    @abstractmethod
    def transfer(self, total: Total, outside: OutsideDockerfile | None) -> Transfer:
        """The transfer that a first build makes, and what the builder prints."""

    @abstractmethod
    def context(self, total: Total, transfer: Transfer) -> Tally:
        """The context as a tally."""

    @abstractmethod
    def failure(self, want: CopySource, outcome: Outcome) -> str | None:
        """The builder's own words for a source that was not found; None: it goes on.

        A wildcard that hits nothing is no failure of its own, see `joint_failure`.
        """

    def joint_failure(self, brought: Sequence[Brought]) -> str | None:
        """The builder's own words for sources that do not go together.

        They are those of one instruction, in order, and each alone was found or is a
        wildcard that hits nothing.
        """
        return None

    def heredoc_failure(self, name: str) -> str | None:
        """The builder's own words for a heredoc of COPY or ADD that is so named."""
        return None

    def refused_excludes(
        self, sources: Sequence[Source]
    ) -> Iterable[tuple[Source, str]]:
        """Sources out of no context whose `--exclude` is refused, and the words."""
        return ()

    def invented(self, outside: OutsideDockerfile | None) -> tuple[str, ...]:
        """Names of entries that the client adds at the end."""
        return ()

    def rewritten(self, outside: OutsideDockerfile | None) -> tuple[str, ...]:
        """Paths of the context that the client sends with another content each time."""
        return ()

    def alternative(
        self, transfer: Transfer, outside: OutsideDockerfile | None
    ) -> int | None:
        """The other size that the same build may have; None: there is but one."""
        return None
