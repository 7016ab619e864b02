"""One root measured: the walk driven into the fold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from ctxopt.core.batch import Batch, Folder
from ctxopt.core.builders import Builder
from ctxopt.core.judge import Judging, Validation
from ctxopt.core.lookout import Lookout
from ctxopt.core.matcher import Matcher
from ctxopt.core.measure import NO_LINES, Fold, Measurement, Scale
from ctxopt.core.pattern import Pattern, PatternError
from ctxopt.core.proposals import GitLine
from ctxopt.core.sources import SourceTargets
from ctxopt.host.gitignore import GitIgnored
from ctxopt.host.walk import Walk

Progress = Callable[[int, int], None]

NO_SOURCES = SourceTargets((), ())
PROGRESS_ENTRIES = 2000  # between two calls of a progress function


@dataclass(frozen=True, slots=True)
class Question:
    """What to measure of a root, for one builder.

    `request` None asks for everything. `depth` and `top` bound the places remembered,
    `lookout` says what to make finds of; `ignored` adds what git ignores.
    """

    root: str  # absolute path
    builder: Builder
    exclude: Sequence[Pattern] = ()
    request: Sequence[str] | None = None
    targets: SourceTargets = NO_SOURCES
    depth: int = 0
    top: int = 0
    lookout: Lookout | None = None
    ignored: GitIgnored | None = None

    def state(self, *, transfer_only: bool) -> Judging:
        """The judging state of the root folder."""
        rules = self.builder.rules(
            self.exclude,
            self.request,
            self.targets.root(),
            transfer_only=transfer_only,
        )
        if self.lookout is not None:
            rules = replace(rules, spot=self.lookout.spot)
        return rules.root()

    def walk(self, state: Judging) -> Walk:
        """A walk of this root."""
        opens = self.builder.opens(self.exclude, self.request)
        return Walk(self.root, state, self.builder.reads_attribute, opens)


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found.

    `context_error`: the whole context cannot be told, only what is transferred;
    `cut_off`: the builder ends the transfer here without a word.
    """

    fold: Fold
    measurement: Measurement
    walk: Walk
    context_error: PatternError | None = None
    cut_off: PatternError | None = None
    git_lines: tuple[GitLine, ...] = ()  # by the numbers of the finds, from 1


def survey(question: Question, progress: Progress | None = None) -> Survey:
    """Walk a root and add it up.

    Raises ContextError when it cannot be read, PatternError when the builder would
    refuse a pattern on the way.
    """
    if question.builder.ends_silently:
        return _cut_off_survey(question, progress)
    try:
        return _survey(question, progress, transfer_only=False)
    except PatternError as error:
        if question.request is None:
            raise
        if not question.request:
            return _nothing(question, error)
        found = _survey(question, progress, transfer_only=True)
        return replace(found, context_error=error)


def survey_transfer(question: Question) -> Survey:
    """Walk no more of a root than its transfer does: for the small transfers."""
    return _survey(question, None, transfer_only=True)


def _survey(
    question: Question, progress: Progress | None, *, transfer_only: bool
) -> Survey:
    fold = fold_of(question)
    walk = question.walk(question.state(transfer_only=transfer_only))
    lines = _drive(walk, fold, progress, question.ignored)
    return Survey(fold, fold.finish(), walk, git_lines=lines)


def _nothing(question: Question, error: PatternError) -> Survey:
    """No transfer, so that the pattern is never met, and nothing to count."""
    fold = fold_of(question)
    state = question.state(transfer_only=True)
    fold.add(Batch(Folder("", 0, None, None), [], last=True))
    return Survey(fold, fold.finish(), question.walk(state), context_error=error)


def _cut_off_survey(question: Question, progress: Progress | None) -> Survey:
    """A pattern that fails during the transfer ends it, and nobody is told.

    Rule: moby/go-archive, archive.go, Tarballer.Do.
    """
    fold = fold_of(question)
    walk = question.walk(question.state(transfer_only=True))
    try:
        lines = _drive(walk, fold, progress, question.ignored)
    except PatternError as error:
        return Survey(fold, fold.finish(), walk, cut_off=error)
    return Survey(fold, fold.finish(), walk, git_lines=lines)


def fold_of(question: Question) -> Fold:
    """A fold for the batches of a walk of this root."""
    return Fold(
        Scale(
            question.builder.wire,
            filtered=question.request is not None,
            sources=len(question.targets.traced),
            depth=question.depth,
            top=question.top,
            marks=question.lookout.marks if question.lookout is not None else None,
        )
    )


def _drive(
    walk: Walk, fold: Fold, progress: Progress | None, ignored: GitIgnored | None
) -> tuple[GitLine, ...]:
    """Fold a whole walk; hands back the lines by which git ignores some of it."""
    add = fold.add
    lines = _Lines(ignored) if ignored is not None else None
    due = 0
    for batch in walk.batches():
        if lines is None:
            add(batch)
        else:
            add(batch, lines.of(batch))
        if progress is not None and fold.context.entries >= due:
            progress(fold.context.entries, fold.context.file_bytes)
            due = fold.context.entries + PROGRESS_ENTRIES
    return tuple(lines.numbers) if lines is not None else ()


class _Lines:
    """What git ignores of the batches of a walk; nothing is asked below that."""

    def __init__(self, ignored: GitIgnored) -> None:
        self._ignored = ignored
        self._inside = ""  # an ignored folder that the walk may be in
        self.numbers: dict[GitLine, int] = {}

    def of(self, batch: Batch) -> Mapping[str, int]:
        """The names of a batch that git ignores, with the number of the line."""
        folder = batch.folder
        if self._inside and f"{folder.path}/".startswith(self._inside):
            return NO_LINES
        self._inside = ""
        line_of = self._ignored.folder(folder.path, folder.holds_gitignore).line
        found = {}
        for name, status, decision, _ in batch.rows:
            directory = status.st_mode & _FORMAT == _DIRECTORY
            line = line_of(name, directory)
            if line is not None:
                found[name] = self.numbers.setdefault(line, len(self.numbers) + 1)
                if directory and decision.enter:
                    self._inside = f"{folder.prefix}{name}/"
        return found


_FORMAT = 0o170000
_DIRECTORY = 0o040000


def validate(root: str, exclude: Sequence[Pattern]) -> None:
    """Walk ahead as the legacy client does, where that could make a difference.

    Raises PatternError when a pattern that does not compile is met.
    """
    if not any(pattern.fails for pattern in exclude):
        return
    walk = Walk(root, Validation(Matcher(exclude)))
    for _ in walk.batches():
        pass
