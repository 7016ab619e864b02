"""One root measured: the walk driven into the fold, by one process or several."""

from __future__ import annotations

from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.host.walk.processors import available_workers
from ctxopt.host.walk.walk import UnreadPaths, Walk
from ctxopt.pipeline.survey.folding import FoldedWalk, folded_walk
from ctxopt.pipeline.survey.job import MeasureJob, MeasureResult, Progress
from ctxopt.pipeline.survey.sharing import shared_survey

PROGRESS_ENTRIES = 2000  # between two calls of a progress function


def survey(
    job: MeasureJob,
    progress: Progress | None = None,
    *,
    workers: int | None = None,
) -> MeasureResult:
    """Walk a root and add it up, shared out to `workers` processes (None: all CPUs).

    Raises ContextError when it cannot be read, PatternError when the builder would
    refuse a pattern on the way, WorkerError when a worker is killed.
    """
    if workers is None:
        workers = available_workers()
    if workers > 1:
        shared = shared_survey(job, progress, workers)
        if shared is not None:
            return shared
    if job.builder.ends_silently:
        return _cut_off_survey(job, progress)
    try:
        return _survey(job, progress, transfer_only=False)
    except PatternError as error:
        if job.request is None:
            raise
        if not job.request:
            return _nothing(job, error)
        found = _survey(job, progress, transfer_only=True)
        return found._replace(context_error=error)


def survey_transfer(job: MeasureJob) -> MeasureResult:
    """Walk no more of a root than its transfer does: for the small transfers."""
    return _survey(job, None, transfer_only=True)


def _survey(
    job: MeasureJob, progress: Progress | None, *, transfer_only: bool
) -> MeasureResult:
    folded = folded_walk(job, transfer_only=transfer_only)
    _drive(folded, progress)
    return folded.result()


def _nothing(job: MeasureJob, error: PatternError) -> MeasureResult:
    """No transfer, so that the pattern is never met, and nothing to count."""
    return MeasureResult(job.fold().finish(), UnreadPaths(), context_error=error)


def _cut_off_survey(job: MeasureJob, progress: Progress | None) -> MeasureResult:
    """A pattern that fails during the transfer ends it, and nobody is told.

    Rule: moby/go-archive, archive.go, Tarballer.Do.
    """
    folded = folded_walk(job, transfer_only=True)
    try:
        _drive(folded, progress)
    except PatternError as error:
        return folded.result()._replace(cut_off=error)
    return folded.result()


def _drive(folded: FoldedWalk, progress: Progress | None) -> None:
    """Fold a whole walk."""
    total = folded.fold.context
    due = 0
    for _ in folded.batches():
        if progress is not None and total.entries >= due:
            progress(total.entries, total.file_bytes)
            due = total.entries + PROGRESS_ENTRIES


def validate(root: str, exclude: Matcher) -> None:
    """Walk ahead as the legacy client does, where that could make a difference.

    Raises PatternError when a pattern that does not compile is met.
    """
    if not any(pattern.fails for pattern in exclude.patterns):
        return
    from ctxopt.core.judging.special import LegacyValidation  # start-up: legacy alone

    walk = Walk(root, LegacyValidation(exclude))
    for _ in walk.batches():
        pass
