"""What is asked of one root, and the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ctxopt.core.builders import Builder
from ctxopt.core.judging.judge import JudgingState, WalkRules, trie
from ctxopt.core.patterns.matcher import NO_PATTERNS, Matcher
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.core.sources.targets import SourceTargets
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING
from ctxopt.host.walk.disk import RootOnDisk
from ctxopt.host.walk.walk import UnreadPaths, Walk

if TYPE_CHECKING:
    from ctxopt.core.git.line import GitLine
    from ctxopt.core.measure.fold import Fold
    from ctxopt.core.measure.result import Measurement
    from ctxopt.core.suggest.catalogue import RuleIndex
    from ctxopt.host.git.ignored import GitIgnored
    from ctxopt.host.git.lines import GitLines

Progress = Callable[[int, int], None]

NO_SOURCES = SourceTargets((), ())


class MeasureJob(NamedTuple):
    """What to measure of a root, for one builder.

    `request` None asks for everything. `top` bounds the places that are remembered of
    all, and of each folder of so many levels (`depth`), where `shown` is no other
    bound. `rule_index` says what to make finds of; `ignored` adds what git ignores.
    """

    root: str  # absolute path
    builder: Builder
    exclude: Matcher = NO_PATTERNS
    request: Sequence[str] | None = None
    targets: SourceTargets = NO_SOURCES
    depth: int = 0
    top: int = 0
    shown: int | None = None
    rule_index: RuleIndex | None = None
    ignored: GitIgnored | None = None
    withdrawn: frozenset[str] = frozenset()  # paths that no source takes, though sent

    def state(self, *, transfer_only: bool) -> JudgingState:
        """The judging state of the root folder."""
        return self.rules(transfer_only=transfer_only).root()

    def rules(self, *, transfer_only: bool) -> WalkRules:
        """How the builder walks this root, for this job."""
        rules = self.builder.rules(
            self.exclude,
            self.request,
            self.targets.root(),
            transfer_only=transfer_only,
        )
        if self.withdrawn:
            rules = rules._replace(withdrawn=trie(self.withdrawn))
        if self.rule_index is not None:
            rules = rules._replace(multi_match=self.rule_index.multi_match)
        return rules

    def walk(self, state: JudgingState, disk: RootOnDisk | None = None) -> Walk:
        """A walk of this root; `disk` is where others look as well."""
        opens = self.builder.opens(self.exclude, self.request)
        reads = self.builder.reads_attribute
        # Its client looks into folders before it asks whether they are ignored.
        tries = self.builder.validates
        return Walk(self.root, state, reads, opens, tries_dropped=tries, disk=disk)

    def fold(self) -> Fold:
        """A fold for the batches of a walk of this root."""
        from ctxopt.core.measure.fold import (  # start-up: not of a list
            Fold,
            FoldOptions,
        )

        return Fold(
            FoldOptions(
                self.builder.wire,
                filtered=self.request is not None,
                sources=len(self.targets.traced),
                depth=self.depth,
                top=self.top,
                shown=self.shown,
                marks=self.rule_index.marks if self.rule_index is not None else None,
            )
        )

    def git_lines(self, numbers: dict[GitLine, int] | None = None) -> GitLines:
        """What git ignores, for the batches of a walk; `numbers` go on, if given."""
        from ctxopt.host.git.lines import GitLines  # start-up, as above

        return GitLines(self.ignored, numbers)


class MeasureResult(NamedTuple):
    """What was found.

    `context_error`: the whole context cannot be told, only what is transferred;
    `cut_off`: the builder ends the transfer here without a word.
    """

    measurement: Measurement
    lost: UnreadPaths
    context_error: PatternError | None = None
    cut_off: PatternError | None = None
    git_lines: tuple[GitLine, ...] = ()  # by the numbers of the finds, from 1
