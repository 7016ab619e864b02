"""The paths of what a build sends, listed by several processes, the first at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing

from ctxopt.core.judging.rows import Batch
from ctxopt.core.measure.listing import PathLister, Selection
from ctxopt.core.model import Problem, Request
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.host.walk.processors import available_workers
from ctxopt.host.walk.walk import Walk
from ctxopt.pipeline.entries import AskedEntries, asked_of, selected, until_it_fails
from ctxopt.pipeline.preparation.build import Build
from ctxopt.pipeline.preparation.reading import read_build
from ctxopt.pipeline.survey.stretches import Stretch, batches_of, in_order, pieces_of

# Read before anything is shared out, so that the first paths are there at once; and
# small trees are not shared out at all.
AHEAD_ENTRIES = 500


def listed_paths(
    request: Request,
    *,
    whole: bool = False,
    unused: bool = False,
    named: str | None = None,
    announce: Callable[[Problem], None] | None = None,
) -> Iterator[bytes]:
    """The paths that `listing` has, shared out to processes.

    They come in pieces, as the bytes that they are: some paths with a NUL behind each,
    and a slash behind those of folders.
    Raises as `listing` does, and WorkerError when a worker is killed.
    """
    build = read_build(request, announce)
    selection = selected(whole=whole, unused=unused)
    yield from paths_of(
        build,
        selection,
        named=named,
        workers=available_workers(),
        ahead=AHEAD_ENTRIES,
    )


def paths_of(
    build: Build,
    selection: Selection,
    *,
    named: str | None = None,
    workers: int,
    ahead: int,
) -> Iterator[bytes]:
    """The paths of a build that was read before; as `listed_paths`.

    `ahead` entries are looked at before the walk is shared out.
    """
    asked = asked_of(build, selection, named)
    with until_it_fails(asked.builder):
        seen = known = 0
        for entries, piece in _paths_alone(asked):
            yield piece
            seen += entries
            known += piece.count(b"\0")
            if workers > 1 and seen >= ahead:
                yield from _behind(known, _paths_by(asked, workers))
                return


def _paths_by(asked: AskedEntries, workers: int) -> Iterator[bytes]:
    """All paths, shared out; by one process from where on a builder fails."""
    known = 0
    try:
        for piece in _paths_shared(asked, workers):
            yield piece
            known += piece.count(b"\0")
    except _FailedSomewhereError:
        # Where a builder fails depends on the order, which one process keeps.
        yield from _behind(known, (piece for _, piece in _paths_alone(asked)))


class _FailedSomewhereError(Exception):
    """Somebody failed at a walk that was shared out."""


def _lister(asked: AskedEntries) -> PathLister:
    return PathLister(asked.builder.wire, asked.selection)


def _paths_alone(asked: AskedEntries) -> Iterator[tuple[int, bytes]]:
    """How many entries were looked at, and the paths of those that are listed."""
    lister = _lister(asked)
    for batch in asked.walk().batches():
        yield len(batch.rows), _piece(lister.add(batch))


def _paths_shared(asked: AskedEntries, workers: int) -> Iterator[bytes]:
    """The same; the top is read here, and workers list what is below."""
    walk, lister = asked.walk(), _lister(asked)
    try:
        with walk.divided() as division:
            order = in_order(pieces_of(division))
            stretches = [one for one in order if isinstance(one, Stretch)]
            with closing(_listed(asked, walk, stretches, workers)) as pieces:
                for one in order:
                    if isinstance(one, Batch):
                        yield _piece(lister.add(one))
                    elif isinstance(one, Stretch):
                        lister.enter(one.folder)
                        piece = next(pieces)
                        yield _piece(lister.late_parents() if piece else ()) + piece
    except PatternError:
        raise _FailedSomewhereError from None


def _listed(
    asked: AskedEntries, walk: Walk, stretches: Sequence[Stretch], workers: int
) -> Generator[bytes, None, None]:
    """The paths of each stretch, listed by workers."""
    # Here, for small contexts do without.
    from ctxopt.host.walk.workers import JobError, share_out

    def work(number: int) -> bytes:
        lister, stretch = _lister(asked), stretches[number]
        lister.enter(stretch.folder, sent=True)
        batches = batches_of(walk, stretch)
        return b"".join([_piece(lister.add(batch)) for batch in batches])

    try:
        with closing(share_out(work, len(stretches), workers)) as pieces:
            yield from pieces
    except JobError:
        raise _FailedSomewhereError from None


def _piece(lines: Iterable[str]) -> bytes:
    """Paths with a NUL behind each, as the bytes they are."""
    return os.fsencode("".join([f"{line}\0" for line in lines]))


def _behind(known: int, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The paths behind the first ones, which are known."""
    for piece in pieces:
        paths = piece.split(b"\0")[:-1]
        new = paths[known:]
        known = max(0, known - len(paths))
        if new:
            yield b"".join([path + b"\0" for path in new])
