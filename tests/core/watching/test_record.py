"""What a few bytes an entry remember of a tree."""

from __future__ import annotations

import stat
from typing import NamedTuple

from ctxopt.core.judging.judge import Decision
from ctxopt.core.judging.rows import Batch, FolderRef, Row
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.watching.record import Facts, Record, facts_of


class Looked(NamedTuple):
    """What a look at an entry says."""

    st_mode: int
    st_size: int
    st_mtime_ns: int
    st_nlink: int = 1
    st_ino: int = 0
    st_rdev: int = 0


FILE, FOLDER = stat.S_IFREG | 0o644, stat.S_IFDIR | 0o755


def decision() -> Decision:
    root = Matcher(()).root
    return Decision(
        kept=True,
        taken=True,
        enter=True,
        mask=1,
        arrived=False,
        make_child=lambda: root,  # type: ignore[arg-type,return-value]  # never asked
    )


def row(name: str, status: Looked) -> Row:
    return (name, status, decision(), None)


def recorded(*rows: Row, folder: FolderRef | None = None) -> Record:
    record = Record()
    record.add([Batch(folder or FolderRef(), list(rows), last=True)])
    return record


def test_an_entry_is_known_by_its_whole_path() -> None:
    above = row("a", Looked(FOLDER, 4096, 1))
    record = recorded(above)
    record.extend(
        recorded(row("b", Looked(FILE, 7, 5)), folder=FolderRef(FolderRef(), above))
    )
    assert record.facts("a/b") == facts_of(Looked(FILE, 7, 5))
    assert record.facts("b") is None
    assert len(record) == 2


def test_a_folder_has_no_size() -> None:
    known = recorded(row("a", Looked(FOLDER, 4096, 1))).facts("a")
    assert known is not None
    assert known.size == 0
    assert known.is_folder
    assert not known.is_file


def test_sizes_from_4_gib_on_stand_beside_small_ones() -> None:
    huge = Looked(FILE, 2**40, 1)
    small = Looked(FILE, 2**32 - 1, 1)
    record = recorded(row("small", small), row("huge", huge))
    other = recorded(row("more", small))
    other.extend(record)
    for one in (record, other):
        assert one.facts("huge") == facts_of(huge)
        assert one.facts("small") == facts_of(small)
    record.extend(recorded(row("last", small)))
    assert record.facts("last") == facts_of(small)


def test_times_are_told_apart_to_the_nanosecond() -> None:
    times = [facts_of(Looked(FILE, 1, time)) for time in (10**18, 10**18 + 1, -1)]
    assert len(set(times)) == 3
    assert times[0] == Facts(1, FILE, times[0].stamp)


def test_an_entry_costs_a_few_bytes() -> None:
    many = [
        row(f"name-{number}", Looked(FILE, number, number)) for number in range(500)
    ]
    assert recorded(*many).nbytes <= 14 * len(many)
