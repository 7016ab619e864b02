"""One repository on whatever worker it falls to: a pure function of its inputs.

The work itself is done in a process of its own, which `host.fleet.station` bounds; what
comes back is small, and can go over a network.
"""

from __future__ import annotations

import json
import os
import socket
import tempfile
import threading
import zlib

from ctxopt.core.fleet.records import Failure, FailureKind, Source, SourceKind
from ctxopt.core.fleet.rows import Effort, row_of
from ctxopt.core.tuples import NamedTuple
from ctxopt.host.fleet.station import End, HowEnded, Station, remove_tree
from ctxopt.host.git.head import commit_of
from ctxopt.host.git.repository import find_repository

ROW, PAGE = "row.json", "page.html"
KNOWN = "known"  # is left where a repository elsewhere is at the commit that is known
_PASSING = frozenset({FailureKind.CLONE, FailureKind.CRASHED})
# Of these, what the process may have left is not believed.
_OF_PROCESS = frozenset({FailureKind.TIMEOUT, FailureKind.CRASHED})
_SCRATCH = "ctxopt-fleet-"


class Limits(NamedTuple):
    """What one repository may take, and how often it is tried."""

    seconds: float = 300.0
    clone_bytes: int = 2_000_000_000
    memory_bytes: int = 2_000_000_000
    attempts: int = 2  # where git fails, or the process ends by itself


class Asked(NamedTuple):
    """What is asked of every repository; `mark` tells it from other questions."""

    made_by: str
    mark: str
    builder: str | None = None  # None: as a repository is configured
    pages: bool = True


class Task(NamedTuple):
    """A repository, and what is to be done about it; goes to another machine."""

    source: Source
    asked: Asked
    limits: Limits
    station: tuple[str, ...]  # the command of the process that does it
    known: str | None = None  # the commit that is known already


class Parcel(NamedTuple):
    """What comes back: a row and a page, packed; neither where nothing is new."""

    row: bytes | None = None
    page: bytes | None = None
    failed: bool = False

    def unpacked(self) -> tuple[bytes, bytes | None] | None:
        """The row as JSON, and the page."""
        if self.row is None:
            return None
        page = None if self.page is None else zlib.decompress(self.page)
        return zlib.decompress(self.row), page


NOTHING_NEW = Parcel()


def carry_out(task: Task) -> Parcel:
    """Look at a repository; whatever happens, a parcel comes of it."""
    is_folder = task.source.kind is SourceKind.FOLDER
    if is_folder and task.known is not None and _commit(task.source) == task.known:
        return NOTHING_NEW
    station = _station(task.station)
    attempt = 1
    while True:
        scratch = ""
        try:
            scratch = tempfile.mkdtemp(prefix=_SCRATCH)
            end = station.run(
                _work(task, scratch, attempt),
                seconds=task.limits.seconds,
                scratch=scratch,
            )
            if os.path.exists(os.path.join(scratch, KNOWN)):
                return NOTHING_NEW
            failure = _failure(end, task.limits) or _told_failure(scratch)
            if failure is None or not _passes(failure, attempt, task.limits):
                return _parcel(task, scratch, failure, attempt)
        except OSError as error:  # its disk is full, or it can start no process
            said = f"the worker {socket.gethostname()} cannot work: {error}"
            row = _row(task, Failure(FailureKind.CRASHED, said), attempt)
            return Parcel(zlib.compress(row), failed=True)
        finally:
            remove_tree(scratch)
        attempt += 1


def failed(task: Task, failure: Failure) -> bytes:
    """The row of a repository that no worker could look at."""
    return _row(task, failure, task.limits.attempts)


def _passes(failure: Failure, attempt: int, limits: Limits) -> bool:
    """Whether it is worth another attempt."""
    return failure.kind in _PASSING and attempt < limits.attempts


def _commit(source: Source) -> str | None:
    repository = find_repository(source.place)
    return None if repository is None else commit_of(repository)


_stations = threading.local()


def _station(command: tuple[str, ...]) -> Station:
    """The station of this thread, which is started once."""
    known: Station | None = getattr(_stations, "one", None)
    if known is None or known.command != command:
        if known is not None:
            known.close()
        known = _stations.one = Station(command)
    return known


def _work(task: Task, scratch: str, attempt: int) -> dict[str, object]:
    source = task.source._asdict()
    return {
        "source": {**source, "kind": task.source.kind.value},
        "asked": task.asked._asdict(),
        "limits": task.limits._asdict(),
        "scratch": scratch,
        "attempt": attempt,
        "known": task.known,
    }


def _failure(end: End, limits: Limits) -> Failure | None:
    """Why a process that is to look at a repository brought nothing."""
    if end.how is HowEnded.LATE:
        return Failure(
            FailureKind.TIMEOUT, f"it took more than {limits.seconds:g} seconds"
        )
    if end.how is HowEnded.KILLED:
        return Failure(
            FailureKind.CRASHED, f"its process was ended by signal {end.number}"
        )
    if end.how is HowEnded.LOST:
        return Failure(FailureKind.CRASHED, "the process that starts others is gone")
    if end.how is HowEnded.RAISED:
        return Failure(FailureKind.BUG, "its process ended with an error")
    return None


def _told_failure(scratch: str) -> Failure | None:
    """The failure that a row tells of; its process ended as it should."""
    try:
        with open(os.path.join(scratch, ROW), "rb") as file:
            told = json.load(file)["failure"]
    except (OSError, ValueError, KeyError):
        return Failure(FailureKind.CRASHED, "its process left nothing behind")
    return None if told is None else Failure(FailureKind(told["kind"]), told["message"])


def _parcel(task: Task, scratch: str, failure: Failure | None, attempt: int) -> Parcel:
    page = _packed_file(os.path.join(scratch, PAGE))
    row = _packed_file(os.path.join(scratch, ROW))
    if row is None or (failure is not None and failure.kind in _OF_PROCESS):
        assert failure is not None  # a process that ends well leaves a row
        made = _row(task, failure, attempt)
        return Parcel(zlib.compress(made), failed=True)
    return Parcel(row, page, failed=failure is not None)


def _packed_file(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return zlib.compress(file.read())
    except FileNotFoundError:
        return None


def _row(task: Task, failure: Failure, attempts: int) -> bytes:
    row = row_of(
        task.source,
        commit=None,
        settings=task.asked.mark,
        made_by=task.asked.made_by,
        failure=failure,
        effort=Effort(attempts),
    )
    return json.dumps(row).encode()
