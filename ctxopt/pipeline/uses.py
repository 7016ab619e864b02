"""What each source of a root takes after the walk, and what is wrong with it.

Of `COPY app.py conf/* /x/` the report has a line for `app.py` and one for `conf/*`,
each with the entries it takes; a problem where the builder does not find what it names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from ctxopt.core.builders import Builder
from ctxopt.core.findings import codes
from ctxopt.core.model import Problem, SourceState, SourceUse, Usage
from ctxopt.core.sources.excluding import comes_to_fail, fails_late
from ctxopt.core.sources.outcomes import Outcome, outcomes_of
from ctxopt.core.sources.wanted import CopySource, ResolvedSource
from ctxopt.core.sources.wildcards import hits_of
from ctxopt.core.typed import TYPE_CHECKING
from ctxopt.host.disk.tree import DiskTree
from ctxopt.pipeline.arrivals import Arrivals
from ctxopt.pipeline.instructions import problems_together
from ctxopt.pipeline.meaning import remedy
from ctxopt.pipeline.preparation.build import Build, Root
from ctxopt.pipeline.survey.job import MeasureJob, MeasureResult

if TYPE_CHECKING:
    from ctxopt.core.ignorefile.keeping import KeptOut
    from ctxopt.core.ignorefile.repair import Repair


def uses_of(
    build: Build,
    root: Root,
    job: MeasureJob,
    found: MeasureResult,
    *,
    arrivals: Arrivals,
) -> tuple[tuple[SourceUse, ...], tuple[Problem, ...]]:
    """What each source takes, and what is wrong with it."""
    taken = found.measurement.taken
    counts = [usage.files for usage in taken]
    sources = RootSources(build, root, job, counts=counts, arrivals=arrivals)
    judged = [
        sources.judged(*one)
        for one in zip(sources.traced, sources.outcomes, taken, strict=True)
    ]
    uses = [use for use, _ in judged]
    uses += (SourceUse(one, 0, 0, SourceState.UNKNOWN) for one in root.unknown)
    alone = [*dict.fromkeys(problem for _, problem in judged if problem is not None)]
    if found.cut_off is not None:  # nobody knows what is hit behind
        return tuple(uses), tuple(alone)
    together = tuple(sources.together())
    return tuple(uses), tuple(_joined(alone, together))


class RootSources:
    """The sources of a root, each judged beside the others.

    `counts` says how many entries each of them takes, one number for each.
    """

    def __init__(
        self,
        build: Build,
        root: Root,
        job: MeasureJob,
        *,
        counts: Sequence[int],
        arrivals: Arrivals,
    ) -> None:
        self._build = build
        self._root = root
        self._arrivals = arrivals
        self.traced = job.targets.traced
        self.outcomes = outcomes_of(
            self.traced,
            counts,
            self._arrivals.sent,
            self._arrivals.ignored,
            partial(_excludes_wrongly, arrivals),
        )
        self._finding = {
            trace.wanted.source.location
            for trace, outcome in zip(self.traced, self.outcomes, strict=True)
            if outcome.state is SourceState.FOUND
        }

    def judged(
        self, trace: ResolvedSource, outcome: Outcome, taken: Usage
    ) -> tuple[SourceUse, Problem | None]:
        """What a source takes, and what is wrong with it alone."""
        want = trace.wanted
        ignored = outcome.state is SourceState.IGNORED
        why = self._arrivals.kept_out(outcome.subject) if ignored else None
        repair = self._repair(want, outcome) if ignored else None
        use = SourceUse(
            source=want.source,
            entries=taken.files,
            file_bytes=taken.file_bytes,
            state=self._state(want, outcome),
            decided_by=why.line.location if why and why.line else None,
            repair=repair.lines if repair else (),
            repair_behind=repair.behind.location if repair else None,
        )
        return use, self._problem(want, outcome, why, repair)

    def look_up(
        self, trace: ResolvedSource, outcome: Outcome, count: int
    ) -> tuple[SourceUse, Problem | None]:
        """The same where nothing was walked, and no bytes are known."""
        return self.judged(trace, outcome, Usage(files=count))

    def _repair(self, want: CopySource, outcome: Outcome) -> Repair | None:
        # Start-up: most builds have no source that is kept out.
        from ctxopt.pipeline.repairing import repair_of

        tree = self._arrivals.tree
        return repair_of(self._build, self._root, want, outcome, tree)

    def _state(self, want: CopySource, outcome: Outcome) -> SourceState:
        if outcome.excludes:
            return SourceState.FOUND  # what is wrong is the flag
        failed = self._build.builder.failure(want, outcome) is not None
        return SourceState.UNKNOWN if failed and want.source.assumed else outcome.state

    def _problem(
        self,
        want: CopySource,
        outcome: Outcome,
        why: KeptOut | None,
        repair: Repair | None,
    ) -> Problem | None:
        builder, tree = self._build.builder, self._arrivals.tree
        closed = _inside_closed(builder, tree, want, outcome)
        if closed or outcome.state is SourceState.FOUND:
            return closed
        from ctxopt.core.findings.copied import source_problem  # start-up: most are

        kept, cure = self._kept_out(want, outcome)
        return source_problem(
            want,
            outcome,
            builder,
            why,
            accompanied=want.source.location in self._finding,
            kept=kept,
            remedy=cure or self._remedy(want, outcome, repair),
        )

    def _kept_out(self, want: CopySource, outcome: Outcome) -> tuple[str, str]:
        """Why a wildcard has no hits though the disk has, and what mends it."""
        arrivals, builder = self._arrivals, self._build.builder
        without_hits = outcome.state is SourceState.EMPTY or outcome.base
        if not without_hits or want.glob is None or builder.sends_all:
            return "", ""
        hits = hits_of(want, arrivals.tree)
        path = next(hits, None)
        if path is None or not all(map(arrivals.ignored, (path, *hits))):
            return "", ""
        from ctxopt.core.findings.copied import why_ignored  # start-up

        hit = Outcome(SourceState.IGNORED, want.path, path, base=True)
        repair = self._repair(want, hit)
        cure = self._remedy(want, hit._replace(subject=path), repair) if repair else ""
        return why_ignored(path, arrivals.kept_out(path), builder), cure

    def _remedy(self, want: CopySource, outcome: Outcome, repair: Repair | None) -> str:
        if repair is not None:
            from ctxopt.core.findings.repairs import repair_words
            from ctxopt.pipeline.repairing import sweeping

            path = outcome.subject
            other = sweeping(self.traced, want, path)
            return repair_words(
                repair, path, builder=self._build.builder, sweeping=other
            )
        tree, ignored = self._arrivals.tree, self._arrivals.ignored
        return remedy(self._root.path, tree, want, outcome, ignored)

    def together(self) -> Iterator[Problem]:
        """What is wrong with instructions of which each source alone is not."""
        pairs = zip(self.traced, self.outcomes, strict=True)
        judged = [(trace.wanted, outcome) for trace, outcome in pairs]
        return problems_together(self._build, self._root, judged, self._arrivals)


def _inside_closed(
    builder: Builder, tree: DiskTree, want: CopySource, outcome: Outcome
) -> Problem | None:
    """That a source lies in a folder which a builder that looks for it cannot read.

    It looks for a name behind a folder, and lists one for the sake of a wildcard, in
    the context as it is on disk. Rule: tonistiigi/fsutil, followlinks.go.
    """
    if builder.sends_all or not outcome.subject:
        return None
    wild = want.glob is not None or want.below is not None
    parts = outcome.subject.split("/")
    unignored = outcome.state is SourceState.MISSING  # the walk lists all on the way
    for end in range(1, len(parts) + wild):
        folder = "/".join(parts[:end])
        listed = unignored or (wild and end == len(parts))
        if tree.is_closed(folder, to_listing=listed):
            from ctxopt.core.findings import closed_folders  # start-up: few are

            return closed_folders.source_inside(want.source, folder)
    return None


def _excludes_wrongly(arrivals: Arrivals, want: CopySource) -> bool:
    """Whether a pattern of a source's `--exclude` fails on what is sent."""
    return fails_late(want.exclude) and comes_to_fail(
        want, arrivals.tree, arrivals.surely_has
    )


def _joined(alone: Sequence[Problem], together: Sequence[Problem]) -> Iterator[Problem]:
    """What is said of single sources, then what is of their instruction as a whole.

    Where that is refused because nothing is hit, one source alone is not told again;
    what was likely meant by it is the better cure.
    """
    empty = {_place(one): one for one in alone if one.code == codes.SOURCE_EMPTY.code}
    refused = {_place(one) for one in together if one.code in _NOTHING_HIT}
    for problem in alone:
        is_empty = problem.code == codes.SOURCE_EMPTY.code
        if not (is_empty and _place(problem) in refused):
            yield problem
    for problem in together:
        single = empty.get(_place(problem))
        is_refused = problem.code == codes.SOURCE_EMPTY.code
        meant = single.hint if single is not None and is_refused else None
        yield problem._replace(hint=meant or problem.hint)


_NOTHING_HIT = (codes.SOURCE_EMPTY.code, codes.SOURCE_IGNORED.code)


def _place(problem: Problem) -> tuple[str | None, int | None]:
    return problem.file, problem.line
