"""A round through a whole root shared out: workers measure what is below its top.

As in `sharing`, the top is read here. A worker follows each folder right before it
reads it, as everybody must who wants to miss nothing: forks share what the system tells
with their parent, who only has to be told what came of it. What a worker keeps of a
stretch are segments of the folder that the stretch is in.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from typing import Protocol

from ctxopt.core.git.line import GitLine
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import WorkerError
from ctxopt.host.git.lines import GitLines
from ctxopt.host.walk import workers as processes
from ctxopt.host.walk.walk import Walk
from ctxopt.host.watches.watches import Asked
from ctxopt.pipeline.survey.job import MeasureJob
from ctxopt.pipeline.survey.kept import KeptFolder, Segment
from ctxopt.pipeline.survey.read_top import ReadTop
from ctxopt.pipeline.survey.rounds import Round
from ctxopt.pipeline.survey.stretches import Stretch


class Follower(Protocol):  # pragma: no cover
    """What is asked to watch folders, by their paths from the root."""

    def follow(self, folder: str) -> None:
        """Have notices about a folder."""

    def ask(self, folder: str) -> Asked:
        """The same in a worker, whose parent must `note` what came of it."""

    def note(self, folder: str, asked: Asked) -> None:
        """Follow a folder by what came of asking."""


class _Kept(NamedTuple):
    """What a worker keeps of a stretch."""

    segments: list[Segment]
    lines: tuple[GitLine, ...]  # by their numbers in it, from 1
    followed: list[tuple[str, Asked]]


def shared_round(
    job: MeasureJob, walk: Walk, lines: GitLines, follower: Follower, workers: int
) -> KeptFolder | None:
    """The root measured, the folders below its top by worker processes.

    None where somebody failed at it: then one process has to go through all of it,
    which follows every folder once more. Raises ContextError when the root cannot be
    read.
    """
    try:
        with walk.divided(follower.follow) as division:
            top = ReadTop(division, walk)
            one = Round(job, walk, lines, enter=follower.follow, top=top)
            with closing(_below(job, walk, follower, top.stretches, workers)) as below:
                top.below = _noted(below, lines, follower)
                return one.measure(next(iter(division)), walk.state, None)
    except (processes.JobError, PatternError, WorkerError):
        return None


def _below(
    job: MeasureJob,
    walk: Walk,
    follower: Follower,
    stretches: Sequence[Stretch],
    workers: int,
) -> Generator[_Kept, None, None]:
    """What workers keep of stretches, in order; there are none where none is left."""

    def work(number: int) -> _Kept:
        return _keep(job, walk, follower, stretches[number])

    if stretches:
        with closing(processes.share_out(work, len(stretches), workers)) as kept:
            yield from kept


def _keep(job: MeasureJob, walk: Walk, follower: Follower, stretch: Stretch) -> _Kept:
    """Measure what is in a stretch, as a worker."""
    walk.be_worker()
    walk.take_lost()  # of the stretch before
    followed: list[tuple[str, Asked]] = []

    def enter(folder: str) -> None:
        followed.append((folder, follower.ask(folder)))

    lines = job.git_lines()
    one = Round(job, walk, lines, enter=enter)
    folder, steps, names = stretch
    if names:
        end = names[-1]
        batches = walk.batches_in(folder, walk.state_in(folder), names)
    else:
        end = steps[-1].batch.rows[-1][0]
        batches = iter([step.batch for step in steps])
    segments = one.segments(folder, batches, os.fsencode(end))
    return _Kept(segments, tuple(lines.numbers), followed)


def _noted(
    results: Iterator[_Kept], lines: GitLines, follower: Follower
) -> Iterator[list[Segment]]:
    """The segments of each stretch, as they are told here."""
    for segments, theirs, followed in results:
        for folder, asked in followed:
            follower.note(folder, asked)
        numbers = {at: lines.number(line) for at, line in enumerate(theirs, start=1)}
        if any(at != number for at, number in numbers.items()):
            for segment in segments:
                segment.renumber(numbers)
        yield segments
