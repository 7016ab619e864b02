"""A joint walk driven into its folds: by one process, or shared out to several.

As in `sharing`, the top is read here, and workers measure stretches of what is below,
each for all strands that come there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import TypeAlias

from ctxopt.core.judging.rows import Batch, FolderRef
from ctxopt.core.tuples import NamedTuple
from ctxopt.host.walk.several import JointWalk, ReadFrames
from ctxopt.host.walk.views import Added, Circle, Entered, Event, Frame, Strand
from ctxopt.pipeline.survey import stretches
from ctxopt.pipeline.survey.job import Progress
from ctxopt.pipeline.survey.strands import StrandPart, Strands

Parts: TypeAlias = Mapping[Circle, Sequence[StrandPart]]
"""What each circle that began has counted, in all of its root."""


class _Chunk(NamedTuple):
    """Consecutive events of one folder, and folders in it that nobody has read yet.

    Or consecutive names, which nobody has looked at.
    """

    frame: Frame
    folders: Mapping[Strand, FolderRef]  # the folder, as each strand in it has it
    events: Sequence[Event]
    names: list[str]


class _Done(NamedTuple):
    """What a worker has made of a chunk."""

    parts: Sequence[Sequence[StrandPart]]  # of the strands of the chunk
    begun: Sequence[Sequence[StrandPart]]  # of all circles
    failed: Sequence[int]  # of all circles
    entries: int
    file_bytes: int


def in_one_process(
    walk: JointWalk, top: Frame, strands: Strands, told: Progress
) -> Parts:
    """Walk all of the tree."""
    for _ in strands.go(walk, walk.events(top)):
        told(walk.entries, walk.file_bytes)
    return {circle: strands.finished(circle) for circle in walk.circles}


def shared(
    walk: JointWalk, top: Frame, strands: Strands, told: Progress, workers: int
) -> Parts:
    """Walk the top of the tree, and let worker processes walk what is below.

    Nothing where one of them met with what nobody expects: each job hears of it alone.
    Raises WorkerError when a worker is killed.
    """
    division = walk.divide(top)
    order = list(_in_order(division, top, _stretch_length(division)))
    chunks = [one for one in order if isinstance(one, _Chunk)]
    if not chunks:
        return _joined(walk, strands, order, iter(()), told)
    # Here, for small contexts do without.
    from ctxopt.host.walk.workers import JobError, share_out

    def work(number: int) -> _Done:
        return _measured(walk, strands.again(), chunks[number])

    try:
        with closing(share_out(work, len(chunks), workers)) as pieces:
            return _joined(walk, strands, order, pieces, told)
    except JobError:
        return {}


def _stretch_length(division: ReadFrames) -> int:
    """How many folders, or names, make a part."""
    waiting = 0
    for read in division.values():
        waiting += len(read.names) if not read.events else 0
        inside = [one.frame for one in read.events if isinstance(one, Entered)]
        waiting += sum(frame not in division for frame in inside)
    return max(waiting // stretches.PARTS, 1)


def _in_order(
    division: ReadFrames, top: Frame, length: int
) -> Iterator[Event | _Chunk]:
    """What was read, and chunks of what was not, in the builder's order."""
    stack = [_in_folder(division, top, length)]
    while stack:
        one = next(stack[-1], None)
        if one is None:
            stack.pop()
        elif isinstance(one, Entered):
            stack.append(_in_folder(division, one.frame, length))
        else:
            yield one


def _in_folder(
    division: ReadFrames, frame: Frame, length: int
) -> Iterator[Event | _Chunk]:
    """What is in one folder; what it has `Entered` was read, too."""
    read = division[frame]
    if not read.events:
        yield from _names_of(frame, read.names, max(stretches.FEWEST_NAMES, length))
        return
    ahead: list[Event] = []  # of a chunk
    waiting: list[Event] = []  # up to the folder that comes next
    count = 0
    for event in read.events:
        unread = isinstance(event, Entered) and event.frame not in division
        if isinstance(event, Added) and event.batch.enters:
            waiting.append(event)
            continue
        if unread:
            ahead += [*waiting, event]
            count += 1
        if ahead and (not unread or count == length):
            yield _chunk(frame, ahead)
            ahead, count = [], 0
        if not unread:
            yield from [*waiting, event]
        waiting = []


def _chunk(frame: Frame, events: Sequence[Event]) -> _Chunk:
    added = [one for one in events if isinstance(one, Added)]
    return _Chunk(frame, {one.strand: one.batch.folder for one in added}, events, [])


def _names_of(frame: Frame, names: list[str], size: int) -> Iterator[Event | _Chunk]:
    """The names of a large folder, in several parts."""
    folders = {stand.strand: stand.folder for stand in frame.stands}
    for start in range(0, len(names), size):
        yield _Chunk(frame, folders, (), names[start : start + size])
    for strand, folder in folders.items():
        yield Added(strand, Batch(folder, [], last=True))


def _measured(walk: JointWalk, strands: Strands, chunk: _Chunk) -> _Done:
    """Walk what is in a chunk, as a worker."""
    walk.be_worker()
    before = walk.entries, walk.file_bytes
    events: Iterator[Event] = iter(chunk.events)
    if chunk.names:
        events = walk.events(chunk.frame.again(), chunk.names, whole=False)
    for _ in strands.go(walk, events):
        pass
    return _Done(
        [strands.parts(strand) for strand in chunk.folders],
        [strands.finished(circle) for circle in walk.circles],
        [circle.failed for circle in walk.circles],
        walk.entries - before[0],
        walk.file_bytes - before[1],
    )


def _joined(
    walk: JointWalk,
    strands: Strands,
    order: Sequence[Event | _Chunk],
    pieces: Iterator[_Done],
    told: Progress,
) -> Parts:
    """Fold what was read at the top and what workers measured, in order."""
    begun: dict[Circle, Sequence[StrandPart]] = {}
    for one in order:
        if not isinstance(one, _Chunk):
            strands.note(one)
            continue
        done = next(pieces)
        for circle, parts, failed in zip(
            walk.circles, done.begun, done.failed, strict=True
        ):
            circle.failed |= failed
            if parts:
                begun[circle] = parts
        for (strand, folder), parts in zip(
            one.folders.items(), done.parts, strict=True
        ):
            strands.receive(strand, folder, parts, last=False)
        walk.entries += done.entries
        walk.file_bytes += done.file_bytes
        told(walk.entries, walk.file_bytes)
    for circle in walk.circles:
        begun.setdefault(circle, strands.finished(circle))
    return begun
