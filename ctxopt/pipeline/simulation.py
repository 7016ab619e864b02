"""A new ignore file tried out before it is written: both builders walk with it.

Whatever is kept with the old file and not with the new one has to be announced, and
whatever is announced has to go; nothing may come the other way; every source must find
what it found. Rule: that of the exact matcher, as in every other measurement.

Mostly one walk through the names tells that, for both builders (see `harmless`). Where
something speaks against a change, or names are not enough, two walks run side by side
for each builder, with the old file and with the new one, and say what is in the way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from ctxopt.core.builders import Builder, builders_beside
from ctxopt.core.judging.rows import Batch, Row
from ctxopt.core.model import Problem, Request, Severity, Source, SourceState, SourceUse
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.core.suggest.protections import naming_source
from ctxopt.core.suggest.saying import SaidPaths
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import CtxoptError, WriteError
from ctxopt.pipeline.arrivals import Arrivals
from ctxopt.pipeline.harmless import ChangeByName, OutcomeByName, outcomes_by_name
from ctxopt.pipeline.obstacles import walk_problems
from ctxopt.pipeline.preparation.build import Build
from ctxopt.pipeline.preparation.reading import read_build
from ctxopt.pipeline.survey.folding import folded_walk
from ctxopt.pipeline.survey.job import MeasureResult
from ctxopt.pipeline.uses import uses_of


class NewIgnoreFile(NamedTuple):
    """A new content for an ignore file, and what it is allowed to do.

    `announced` are the folders and files that go, with all that is in them, and no
    others; None allows whatever no source and no negated line names. `same_transfer`
    allows nothing of that: what a build takes has to stay. `brings_back` may come into
    the context, for a source that does not find it now.
    """

    content: bytes
    path: str  # absolute
    shown: str
    announced: Collection[str] | None
    same_transfer: bool = False
    specific: bool = False  # a `NAME.dockerignore`, which not every builder reads
    elsewhere: Sequence[Source] = ()  # of other builds that it serves
    brings_back: Collection[str] = ()  # folders and files


class ChangeError(WriteError):
    """A change would do anything else than it should; `path` is what it would do it to.

    "" where it is no single path. `why` is the message, with the builder it is about.
    """

    path = ""
    why = ""


def simulate(request: Request, change: NewIgnoreFile) -> tuple[str, ...]:
    """Try a change with both builders; hands back what could not be tried, in words.

    Raises ChangeError when it would do anything else than it should.
    """
    (notes,) = simulate_together([(request, change)])
    return simulate_alone(request, change) if notes is None else notes


def simulate_together(
    asked: Sequence[tuple[Request, NewIgnoreFile]],
) -> list[tuple[str, ...] | None]:
    """Try changes with both builders, all of them in one walk of each root.

    For each what could not be tried, in words; None for one that must be asked alone.
    """
    rounds = [_round_of(*one) for one in asked]
    trials = [trial for one in rounds if one is not None for trial in one.trials]
    outcomes = outcomes_by_name([trial.by_names() for trial in trials])
    passed = {
        trial
        for trial, outcome in zip(trials, outcomes, strict=True)
        if outcome is not None and trial.accepts(outcome)
    }
    return [
        one.notes if one is not None and passed.issuperset(one.trials) else None
        for one in rounds
    ]


def simulate_alone(request: Request, change: NewIgnoreFile) -> tuple[str, ...]:
    """Try a change with both builders, each with two walks side by side.

    Raises ChangeError when it would do anything else than it should.
    """
    try:
        return _simulate(request, change)
    except ChangeError:
        # What comes or goes between the two walks looks like the work of the lines.
        return _simulate(request, change)


def _simulate(request: Request, change: NewIgnoreFile) -> tuple[str, ...]:
    notes = []
    for one in _trials(request, change):
        if isinstance(one, str):
            notes.append(one)
        else:
            one.run()
    return tuple(notes)


class _Round(NamedTuple):
    """The trials of a change, and what could not be tried, in words."""

    trials: tuple[_Trial, ...]
    notes: tuple[str, ...]


def _round_of(request: Request, change: NewIgnoreFile) -> _Round | None:
    """The trials of a change that may be told by names; None where they may not."""
    if change.brings_back:
        return None
    try:
        made = [*_trials(request, change)]
    except CtxoptError:
        return None
    return _Round(
        tuple(one for one in made if not isinstance(one, str)),
        tuple(one for one in made if isinstance(one, str)),
    )


def _trials(request: Request, change: NewIgnoreFile) -> Iterator[_Trial | str]:
    """The trials of a change, or in words why there is none, for each builder."""
    for name in builders_beside(request.builder):
        asked = request._replace(builder=name)
        chosen = name is request.builder
        if not chosen:
            asked = asked._replace(build_contexts={})
        try:
            build = read_build(asked)
        except CtxoptError as error:
            if chosen:
                raise
            yield f"not tried with --builder {name}: {error.message}"
            continue
        mine = change if chosen else change._replace(announced=None)
        yield _unread(build, change) or _Trial(build, mine)


def _unread(build: Build, change: NewIgnoreFile) -> str:
    """Why a builder does not read the file, in words; "" where it does."""
    label = build.builder.label
    if not _may_read(build.builder, change):
        return f"{_called(label)} does not read {change.shown}"
    if change.specific:
        return ""
    if build.ignore_target().stray is not None:
        return f"{label} does not read {change.shown}: it is a link out of the context"
    read = build.main.ignore_file
    if read is not None and read.specific:
        return f"{label} reads {read.shown} instead"
    return ""


def _may_read(builder: Builder, change: NewIgnoreFile) -> bool:
    """Whether a builder looks for a file of this name."""
    if change.specific:
        endings = builder.files.specific if builder.specific_ignore_file else ()
        return change.path.endswith(endings)
    name = change.path.rpartition("/")[2]
    return name in builder.files.ignore_files or name not in _USUAL_NAMES


# A link may lead to a file of any other name.
_USUAL_NAMES = frozenset({".dockerignore", ".containerignore"})


def _called(label: str) -> str:
    return f"the {label}" if label.endswith("builder") else label


class _Trial:
    """One builder, before and after."""

    def __init__(self, build: Build, change: NewIgnoreFile) -> None:
        self.change = change
        self.before = build
        self.after = build.with_ignore_file(
            change.content, change.path, specific=change.specific
        )
        self._elsewhere = SaidPaths(change.elsewhere)

    def by_names(self) -> ChangeByName:
        """What is asked of names alone."""
        return ChangeByName(
            before=self.before.job(self.before.main),
            after=self.after.job(self.after.main),
            announced=self.change.announced,
            same_transfer=self.change.same_transfer,
            elsewhere=self._elsewhere if self.change.elsewhere else None,
        )

    def accepts(self, outcome: OutcomeByName) -> bool:
        """Whether all sources find what they found."""
        try:
            self._compare(outcome.before, outcome.after)
        except ChangeError:
            return False
        return True

    def run(self) -> None:
        first, second = _Side(self.before), _Side(self.after)
        try:
            for path, row in self._gone(first.rows(), second.rows()):
                self._judge(path, row)
        except PatternError as error:
            raise WriteError(
                f"{error.message}: the builder would stop at this line",
                file=error.file,
                line=error.line,
                text=error.text,
                hint="mend it first",
            ) from error
        self._compare(first.finish(), second.finish())

    def _gone(
        self, first: Iterator[tuple[str, Row]], second: Iterator[tuple[str, Row]]
    ) -> Iterator[tuple[str, Row]]:
        """What only the first walk keeps."""
        after = next(second, None)
        for path, row in first:
            while after is not None and _order(after[0]) < _order(path):
                self._appears(after[0])
                after = next(second, None)
            if after is not None and after[0] == path:
                self._stays(path)
                after = next(second, None)
            else:
                yield path, row
        if after is not None:
            self._appears(after[0])

    def _appears(self, path: str) -> None:
        if _is_announced(path, self.change.brings_back):
            return
        raise self._refusal(f'it would bring back "{path}"', path, blames=False)

    def _stays(self, path: str) -> None:
        announced = self.change.announced
        if announced is not None and _is_announced(path, announced):
            raise self._refusal(f'"{path}" would stay, and was to be kept out', path)

    def _judge(self, path: str, row: Row) -> None:
        decision = row[2]
        self._spare_others(path)
        if self.change.same_transfer:
            taken = decision.mask if self.before.builder.sends_all else decision.taken
            if taken:
                raise self._refusal(f'"{path}" would no longer be sent', path)
            return
        if decision.named:
            source = naming_source(path, self.before.main.taking)
            who = "a source"
            if source is not None:
                who = f"{source.location.file}:{source.location.line}"
            raise self._refusal(f'{who} names "{path}", and it would be kept out', path)
        if decision.reincluded:
            raise self._refusal(
                f'a line with ! brings back "{path}", and it would be kept out', path
            )
        if self.change.announced is not None and not _is_announced(
            path, self.change.announced
        ):
            raise self._refusal(f'it would keep out "{path}" as well', path)

    def _spare_others(self, path: str) -> None:
        """Refuse to keep out what another build names."""
        source = self._elsewhere.naming(path)
        if source is None:
            return
        place = f"{source.location.file}:{source.location.line}"
        message = f'{place} names "{path}", and it would be kept out'
        refusal = self._refusal(message, path)
        refusal.hint = "leave it out with --skip, or say --per-dockerfile"
        raise refusal

    def _compare(self, first: MeasureResult, second: MeasureResult) -> None:
        uses, problems = self._outcome(self.before, first)
        uses_after, problems_after = self._outcome(self.after, second)
        for use, use_after in zip(uses, uses_after, strict=True):
            if self._is_mended(use, use_after):
                continue
            if use.state is not use_after.state:
                place = use.source.location
                raise self._refusal(
                    f'"{use.source.text}" ({place.file}:{place.line}) would be '
                    f"{use_after.state}, and is {use.state} now",
                    use.source.expanded,
                    blames=False,
                )
        known = {(one.code, one.subject) for one in problems}
        for problem in problems_after:
            if problem.severity is Severity.NOTE:
                continue
            if (problem.code, problem.subject) not in known:
                subject = problem.subject or ""
                raise self._refusal(problem.message, subject, blames=False)

    def _is_mended(self, use: SourceUse, after: SourceUse) -> bool:
        """Whether a source finds now what was to be brought back for it."""
        is_found = after.state is SourceState.FOUND is not use.state
        return bool(self.change.brings_back) and is_found

    def _outcome(
        self, build: Build, found: MeasureResult
    ) -> tuple[tuple[SourceUse, ...], tuple[Problem, ...]]:
        job = build.job(build.main)
        arrivals = Arrivals(build, build.main, job, found)
        uses, problems = uses_of(build, build.main, job, found, arrivals=arrivals)
        return uses, (*problems, *walk_problems(build, build.main, found))

    def _refusal(self, message: str, path: str, *, blames: bool = True) -> ChangeError:
        line = self._line(path) if blames else None
        why = f"{message} ({self.before.builder.label})"
        refusal = ChangeError(
            f"nothing was written: {why}",
            file=self.change.shown,
            line=line[0] if line else None,
            text=line[1] if line else None,
            hint="leave that suggestion out with --skip, or write the lines by hand",
        )
        refusal.path, refusal.why = path, why
        return refusal

    def _line(self, path: str) -> tuple[int, str] | None:
        """The line of the new file that decides on a path."""
        decided = self.after.main.matcher.verdict(path).decided_by
        if decided is None or decided.location is None:
            return None
        return decided.location.line, decided.text


class _Side:
    """One of the two walks, folded as it goes."""

    def __init__(self, build: Build) -> None:
        self._folded = folded_walk(build.job(build.main), transfer_only=False)

    def rows(self) -> Iterator[tuple[str, Row]]:
        """All that the ignore file lets through, in the builder's order."""
        for batch in self._folded.batches():
            yield from _kept(batch)

    def finish(self) -> MeasureResult:
        """What this walk found."""
        return self._folded.result()


def _kept(batch: Batch) -> Iterator[tuple[str, Row]]:
    prefix = batch.folder.prefix
    for row in batch.rows:
        if row[2].kept:
            yield prefix + row[0], row


def _order(path: str) -> list[bytes]:
    """What sorts as the walk does: a folder before what is in it."""
    return path.encode("utf-8", "surrogateescape").split(b"/")


def _is_announced(path: str, announced: Collection[str]) -> bool:
    while path:
        if path in announced:
            return True
        path = path.rpartition("/")[0]
    return False
