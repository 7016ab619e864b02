"""A walk shared out: the top is read here, workers measure what is below, in order.

Parts are joined in the builder's order, whoever was ready first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing

from ctxopt.core.judging.rows import Batch
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.host.walk.walk import UnreadPaths, Walk
from ctxopt.pipeline.survey.folding import FoldedWalk, MeasuredPart, folded_walk
from ctxopt.pipeline.survey.job import MeasureJob, MeasureResult, Progress
from ctxopt.pipeline.survey.stretches import Stretch, batches_of, in_order, pieces_of


def shared_survey(
    job: MeasureJob, progress: Progress | None, workers: int
) -> MeasureResult | None:
    """The same walk, with the folders below its top measured by worker processes.

    None where somebody failed at it: where a builder fails depends on the order, which
    only a walk by one process keeps.
    Raises ContextError when the root cannot be read, WorkerError when a worker is
    killed.
    """
    folded = folded_walk(job, transfer_only=job.builder.ends_silently)
    walk = folded.walk
    try:
        with walk.divided() as division:
            order = in_order(pieces_of(division))
            stretches = [one for one in order if isinstance(one, Stretch)]
            if not stretches:
                return _joined(folded, order, iter(()), progress)
            # Here, for small contexts do without.
            from ctxopt.host.walk.workers import JobError, share_out

            def work(number: int) -> MeasuredPart:
                return _measure_stretch(job, walk, stretches[number])

            try:
                with closing(share_out(work, len(stretches), workers)) as pieces:
                    return _joined(folded, order, pieces, progress)
            except JobError:
                return None
    except PatternError:
        return None


def _measure_stretch(job: MeasureJob, walk: Walk, stretch: Stretch) -> MeasuredPart:
    """Walk what is in a stretch, as a worker."""
    walk.take_lost()  # of the stretch before
    folded = FoldedWalk(job, walk)
    for batch in batches_of(walk, stretch):
        folded.add(batch)
    return folded.part()


def _joined(
    folded: FoldedWalk,
    order: Sequence[Batch | UnreadPaths | Stretch],
    pieces: Iterator[MeasuredPart],
    progress: Progress | None,
) -> MeasureResult:
    """Fold what was read at the top and what workers measured, in order."""
    total = folded.fold.context
    for one in order:
        if isinstance(one, UnreadPaths):
            folded.lost.extend(one)
        elif isinstance(one, Batch):
            folded.add(one)
        else:
            folded.join(one.folder, next(pieces))
            if progress is not None:
                progress(total.entries, total.file_bytes)
    return folded.result()
