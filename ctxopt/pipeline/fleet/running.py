"""All repositories of a fleet looked at, but for those of which all is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ctxopt.core.fleet.records import Failure, FailureKind, Source
from ctxopt.core.fleet.rows import Row, is_settled
from ctxopt.core.tuples import NamedTuple
from ctxopt.host.fleet.cluster import Cluster, Lost
from ctxopt.host.fleet.store import Store
from ctxopt.pipeline.fleet.task import Asked, Limits, Parcel, Task, carry_out, failed


class Counts(NamedTuple):
    """How far it is: of `total`, so many are done, and so many of these failed."""

    total: int
    done: int = 0
    failed: int = 0
    known: int = 0  # there was nothing to do


class Fleet(NamedTuple):
    """What is asked of which repositories."""

    sources: Sequence[Source]
    asked: Asked
    limits: Limits
    station: tuple[str, ...]
    refresh: bool = False  # what is known is asked again


def run_fleet(
    fleet: Fleet, store: Store, cluster: Cluster, progress: Callable[[Counts], None]
) -> Counts:
    """Look at what is not known yet, and keep what comes of it as it comes.

    Whoever ends this anywhere finds all that was kept, and goes on from there. Raises
    WriteError where that cannot be kept.
    """
    counts = Counts(len(fleet.sources))
    progress(counts)

    def tasks() -> Iterator[Task]:
        nonlocal counts
        for source in fleet.sources:
            task = _task(fleet, source, store)
            if task is not None:
                yield task
            else:
                counts = _counted(counts, is_known=True)
                progress(counts)

    def meanwhile() -> None:
        progress(counts)  # as time goes by, it takes longer

    for task, result in cluster.done(carry_out, tasks(), meanwhile):
        counts = _kept(task, result, store, counts)
        progress(counts)
    return counts


def _task(fleet: Fleet, source: Source, store: Store) -> Task | None:
    """What is to be done about a repository; None where all is known."""
    task = Task(source, fleet.asked, fleet.limits, fleet.station)
    row = None if fleet.refresh else store.row(source.name)
    if row is None or not _answers(row, fleet.asked) or not store.has_page(row):
        return task
    commit = row["commit"]
    # Without git nothing tells whether a folder is another one by now.
    return None if commit is None else task._replace(known=commit)


def _answers(row: Row, asked: Asked) -> bool:
    """Whether a row answers what is asked."""
    same = row["settings"] == asked.mark and row["made_by"] == asked.made_by
    return same and is_settled(row)


def _kept(task: Task, result: Parcel | Lost, store: Store, counts: Counts) -> Counts:
    if isinstance(result, Lost):
        said = "the workers that looked at it were lost"
        row = failed(task, Failure(FailureKind.LOST, said))
        store.keep(task.source.name, row, None)
        return _counted(counts, is_failed=True)
    unpacked = result.unpacked()
    if unpacked is None:
        return _counted(counts, is_known=True)
    store.keep(task.source.name, *unpacked)
    return _counted(counts, is_failed=result.failed)


def _counted(
    counts: Counts, *, is_failed: bool = False, is_known: bool = False
) -> Counts:
    return counts._replace(
        done=counts.done + 1,
        failed=counts.failed + is_failed,
        known=counts.known + is_known,
    )
