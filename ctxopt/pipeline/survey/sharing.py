"""A walk shared out: the top is read here, workers measure what is below, in order.

The folders below the top are taken in stretches, several neighbours at once, so that
there are neither too few for all workers nor so many that joining them costs time.
Parts are joined in the builder's order, whoever was ready first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing

from ctxopt.core.judging.rows import Batch, FolderRef
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.core.tuples import NamedTuple
from ctxopt.host.walk.walk import ReadAhead, ReadBatch, UnreadPaths, Walk
from ctxopt.pipeline.survey.folding import FoldedWalk, MeasuredPart, folded_walk
from ctxopt.pipeline.survey.job import MeasureJob, MeasureResult, Progress

PARTS = 128  # about as many for all workers together
FEWEST_NAMES = 64  # in a part of a folder


class _Chunk(NamedTuple):
    """Consecutive steps of one folder, whose folders nobody has read yet.

    Or consecutive names, which nobody has looked at.
    """

    folder: FolderRef
    steps: Sequence[ReadBatch]
    names: list[str]


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
            order = list(_in_order(division, _stretch_length(division)))
            stretches = [one for one in order if isinstance(one, _Chunk)]
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


def _stretch_length(division: ReadAhead) -> int:
    """How many folders, or names, make a part."""
    waiting = 0
    for opened in division.values():
        waiting += len(opened.names) if not opened.steps else 0
        insides = [one.inside for one in opened.steps if one.inside is not None]
        waiting += sum(inside not in division for inside in insides)
    return max(waiting // PARTS, 1)


def _in_order(
    division: ReadAhead, length: int
) -> Iterator[Batch | UnreadPaths | _Chunk]:
    """What was read, and stretches of what was not, in the builder's order."""
    stack = [_in_folder(division, next(iter(division)), length)]
    while stack:
        one = next(stack[-1], None)
        if one is None:
            stack.pop()
        elif isinstance(one, FolderRef):
            stack.append(_in_folder(division, one, length))
        else:
            yield one


def _in_folder(
    division: ReadAhead, folder: FolderRef, length: int
) -> Iterator[Batch | UnreadPaths | _Chunk | FolderRef]:
    """What is in one folder; a folder stands for all that was read of it."""
    opened = division[folder]
    yield opened.lost
    if not opened.steps:
        size = max(FEWEST_NAMES, length)
        for start in range(0, len(opened.names), size):
            yield _Chunk(folder, (), opened.names[start : start + size])
        yield Batch(folder, [], last=True)
    ahead: list[ReadBatch] = []
    for step in opened.steps:
        if step.inside is not None and step.inside not in division:
            ahead.append(step)
            if len(ahead) == length:
                yield _Chunk(folder, ahead, [])
                ahead = []
            continue
        if ahead:
            yield _Chunk(folder, ahead, [])
            ahead = []
        yield step.batch
        if step.inside is not None:
            yield step.inside


def _measure_stretch(job: MeasureJob, walk: Walk, stretch: _Chunk) -> MeasuredPart:
    """Walk what is in a stretch, as a worker."""
    walk.take_lost()  # of the stretch before
    folded = FoldedWalk(job, walk)
    for batch in _batches(walk, stretch):
        folded.add(batch)
    return folded.part()


def _batches(walk: Walk, stretch: _Chunk) -> Iterator[Batch]:
    if stretch.names:
        yield from walk.batches_below(stretch.folder, stretch.names)
    for batch, inside in stretch.steps:
        yield batch
        assert inside is not None  # the last step of a folder is in no stretch
        yield from walk.batches_below(inside)


def _joined(
    folded: FoldedWalk,
    order: Sequence[Batch | UnreadPaths | _Chunk],
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
