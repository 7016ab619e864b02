"""What is proposed so far, and what is known of the build that it is proposed for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType

from ctxopt.core.git.line import GitLine
from ctxopt.core.measure.clutter_match import ClutterMatch, Span
from ctxopt.core.model import Confidence, HeldBack, Source
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import Pattern
from ctxopt.core.sources.tree import Tree
from ctxopt.core.sources.wanted import CopySource
from ctxopt.core.steps import NOBODY, Listener, Step
from ctxopt.core.suggest.conditions import Conditions
from ctxopt.core.suggest.embeds import Embedding
from ctxopt.core.suggest.expectations import Expectations
from ctxopt.core.suggest.gitlines import GitPatterns
from ctxopt.core.suggest.hints import BuildHints
from ctxopt.core.suggest.ids import Name
from ctxopt.core.suggest.others import Others
from ctxopt.core.suggest.workspaces.members import Members
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from ctxopt.core.git.tracked import Tracked


class BuildFacts(NamedTuple):
    """What is known of a build beside the finds of its walk."""

    tree: Tree
    sources: Sequence[Source]
    matcher: Matcher  # of the ignore file in effect
    wanted: Sequence[CopySource] = ()  # the sources, as the builder reads them
    # Of other stages, and of other Dockerfiles that the ignore file serves.
    elsewhere: Sequence[Source] = ()
    behind: Sequence[Pattern] = ()  # those of them that come behind new lines
    declined: Sequence[Pattern] = ()  # commented out in the block: no is the answer
    hints: BuildHints = BuildHints()
    tracked: Tracked | None = None  # None: no repository, or it cannot be told
    lines: Sequence[GitLine] = ()  # by their number, from 1
    pinned: tuple[str, ...] = ()  # paths that the builder brings back by itself
    dockerfile: str = ""  # its path in the context, "" when outside
    sent_bytes: int = 0  # file bytes of the transfer
    idle: frozenset[str] = frozenset()  # look like ignore files in force, and are not
    members: Members | None = None  # of workspaces
    conditions: Conditions | None = None  # of rules; None: they are looked into again
    git_patterns: GitPatterns | None = None  # None: git's lines are read again
    expectations: Expectations | None = None  # of folders that stay
    embedding: Embedding | None = None  # of all sources; None: they are read again
    others: Others = Others()  # Dockerfiles that the file serves, beside this one
    # Files that were looked into, and the rule that speaks of each.
    secrets: Mapping[str, str] = MappingProxyType({})
    insisted: tuple[str, ...] = ()  # ids or paths that a person wants out by name
    together: Collection[str] | None = None  # ids of what is put as one; None: of all

    @property
    def patterns_of_git(self) -> GitPatterns:
        """Git's lines as patterns, read again where nobody keeps them."""
        return self.git_patterns or GitPatterns(self.tracked)


class Proposal(NamedTuple):
    """Lines for the ignore file, and all that they would keep out."""

    rule: str  # the id of the rule, or of the evidence: "large:dump.sql"
    name: Name
    label: str  # what it is, in a few words
    reason: str
    confidence: Confidence
    question: str
    lines: tuple[str, ...]
    clutter: tuple[ClutterMatch, ...]
    notes: tuple[str, ...] = ()
    risk: str = ""  # which builds need it
    id: str = ""  # the name by which it is told from the others of a scan
    comment: str = ""  # for the block, where the label holds a number of today
    preventive: bool = False  # for what is not there yet
    against: str = ""  # why it was held back, had nobody insisted on it
    topic: str = ""  # its section in the block; "": that of its rule

    @property
    def mask(self) -> int:
        """The sources that take any of it."""
        mask = 0
        for find in self.clutter:
            mask |= find.mask
        return mask


class Proposals(NamedTuple):
    """What to suggest, and what was held back."""

    made: tuple[Proposal, ...]
    held: tuple[HeldBack, ...]
    declined: tuple[HeldBack, ...] = ()  # by a person, in the block
    versioned: bool = False  # a tracked file that is missing makes a version dirty
    kept: Mapping[str, HeldBack] = MappingProxyType({})  # by path: all that must stay


def _place(span: Span) -> tuple[int, int, int]:
    """What sorts spans, the longest first where they begin alike; and their files."""
    start, end, directories, *_ = span.numbers
    return start, -end, end - start - directories


class ProposalList:
    """The proposals made so far, in order, and the paths that they speak for."""

    def __init__(self, listener: Listener = NOBODY) -> None:
        self._listener = listener
        self.made: list[Proposal] = []
        self._spans: list[tuple[int, int, int]] = []  # as `_place` has them
        self._in_order = True  # what is put on it is sorted when somebody asks
        self._folders: dict[str, Proposal] = {}  # that are taken away
        self._paths: set[str] = set()

    def put(self, proposals: Iterable[Proposal | None]) -> None:
        """Take over proposals one by one: each may depend on those before it."""
        for proposal in proposals:
            self._listener.advising(Step.ADVISING)
            if proposal is not None:
                self._add(proposal)

    def _add(self, proposal: Proposal) -> None:
        self.made.append(proposal)
        self._spans += [_place(find.context) for find in proposal.clutter]
        self._in_order = False
        for find in proposal.clutter:
            self._paths.update(find.paths)
            if find.kind == "directory":
                self._folders.setdefault(find.path, proposal)

    @property
    def sent_bytes(self) -> int:
        """File bytes that would no longer be sent, other names of a file aside."""
        clutter = {
            id(find): find for proposal in self.made for find in proposal.clutter
        }.values()
        return sum(
            find.transfer.file_bytes for find in clutter if self._owner(find) is None
        )

    def is_free(self, find: ClutterMatch) -> bool:
        """Whether no proposal speaks for it, or for a folder above."""
        if find.path in self._paths and self._paths.issuperset(find.paths):
            return False
        return not self._folders or self._owner(find) is None

    def _owner(self, find: ClutterMatch) -> Proposal | None:
        """The proposal that takes a folder above."""
        path = find.folder
        while path:
            if path in self._folders:
                return self._folders[path]
            path = path.rpartition("/")[0]
        return None

    def is_already_emptied(self, find: ClutterMatch) -> bool:
        """Whether proposals already take all files of a folder: no need to ask.

        Files, not bytes: those of a file with other names are not known yet.
        """
        if find.kind != "directory":
            return False
        if not self._in_order:
            self._spans.sort()
            self._in_order = True
        start, before, files = _place(find.context)
        gone, end, last = 0, start, -before
        first = bisect_left(self._spans, (start + 1,))
        for index in range(first, len(self._spans)):
            one, negative, more = self._spans[index]
            if one >= last:
                break
            if -negative <= last and one >= end:
                gone += more
                end = -negative
        return gone == files

    def drop_covered(self) -> None:
        """Take back what lies as a whole in folders that later proposals take."""
        self.made = [one for one in self.made if not self._is_covered(one)]

    def _is_covered(self, proposal: Proposal) -> bool:
        owners = [self._owner(find) for find in proposal.clutter]
        return all(
            owner is not None and owner is not proposal and _is_as_sure(owner, proposal)
            for owner in owners
        )


def _is_as_sure(owner: Proposal, proposal: Proposal) -> bool:
    """Whether nobody has to be asked before the lines of the owner are written."""
    asks = Confidence.ASK
    return owner.confidence is not asks or proposal.confidence is asks
