"""A stream without some spans is the stream that was never sent those entries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxopt.core.builders import buildkit, legacy
from ctxopt.core.judging.entry import Entry, EntryKind
from ctxopt.core.measure.clutter_match import Span
from ctxopt.core.measure.remainder import Remainder, without
from ctxopt.core.measure.stream import EntryStream, Sums, TransferTotals, regular_bytes
from ctxopt.core.measure.wire import Wire

TIME_NS = 1_600_000_000 * 10**9
WIRES = [
    pytest.param(buildkit.WIRE, id="BuildKit"),
    pytest.param(legacy.WIRE, id="legacy"),
]

# Bytes (None: a folder) and the inode, 0 for one that has no other name.
PIECES = st.tuples(
    st.sampled_from([None, 0, 1, 513, 40_000]), st.sampled_from([0, 0, 7, 8])
)
# Each piece comes several times, or ids would never need a second byte.
REPEATED = st.tuples(PIECES, st.sampled_from([1, 1, 2, 60, 130]))


@cache
def entry(number: int, size: int | None, inode: int = 0) -> Entry:
    path = f"{number:05}"
    if size is None:
        return Entry(path, EntryKind.DIRECTORY, 0o755, 4096, TIME_NS)
    # All names of an inode are of one size.
    size = inode or size
    links = 3 if inode else 1
    readable = number % 3 > 0  # some arrive empty, first names among them
    return Entry(
        path, EntryKind.REGULAR, 0o644, size, TIME_NS, links, inode, readable=readable
    )


def settled(wire: Wire, entries: Iterable[Entry]) -> TransferTotals:
    stream = EntryStream(has_ids=bool(wire.id_steps))
    for one in entries:
        stream.add(one, 0, wire)
    return stream.settle(wire)


def span(wire: Wire, entries: Sequence[Entry], start: int, end: int) -> Span:
    """A span with its sums, entries with other names left out as a fold does."""
    sums = Sums()
    for one in entries[start:end]:
        if wire.is_linked(one):
            continue
        weight = wire.weigh(one, None)
        assert weight is not None
        sums = Sums(
            sums.directories + (one.kind is EntryKind.DIRECTORY),
            sums.file_bytes + regular_bytes(one),
            sums.stat_bytes + weight[0],
            sums.data_bytes + weight[1],
        )
    return Span(start, end, sums)


def facts(total: TransferTotals | Remainder) -> tuple[int, ...]:
    return (
        *(total.entries, total.directories, total.files, total.file_bytes),
        *(total.stat_bytes, total.data_bytes, total.resent_bytes),
    )


@pytest.mark.parametrize("wire", WIRES)
@given(
    pieces=st.lists(REPEATED, max_size=8),
    cuts=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 200)), max_size=6),
)
def test_what_is_left_is_what_would_be_sent(
    wire: Wire,
    pieces: list[tuple[tuple[int | None, int], int]],
    cuts: list[tuple[int, int]],
) -> None:
    spread = [piece for piece, count in pieces for _ in range(count)]
    entries = [entry(number, *piece) for number, piece in enumerate(spread)]
    spans = nested(cuts, len(entries))
    left = without(
        settled(wire, entries), [span(wire, entries, *bounds) for bounds in spans]
    )
    gone = {at for start, end in spans for at in range(start, end)}
    kept = [at for at in range(len(entries)) if at not in gone]
    assert facts(left) == facts(settled(wire, [entries[at] for at in kept]))
    assert [left.position(at) for at in kept] == [*range(len(kept))]


@pytest.mark.parametrize("wire", WIRES)
@given(
    pieces=st.lists(REPEATED, min_size=1, max_size=6),
    cut=st.tuples(st.integers(0, 400), st.integers(0, 200)),
    moved=st.integers(0, 3),
)
def test_behind_new_entries_ids_are_longer(
    wire: Wire,
    pieces: list[tuple[tuple[int | None, int], int]],
    cut: tuple[int, int],
    moved: int,
) -> None:
    spread = [piece for piece, count in pieces for _ in range(count)]
    entries = [entry(number, *piece) for number, piece in enumerate(spread)]
    start, end = min(cut[0], len(entries)), min(sum(cut), len(entries))
    left = without(
        settled(wire, entries), [span(wire, entries, start, end)], moved=moved
    )
    new = [entry(number, None) for number in range(moved)]
    whole = settled(wire, [*new, *entries[:start], *entries[end:]])
    assert left.data_bytes == whole.data_bytes - settled(wire, new).data_bytes
    assert left.resent_bytes == whole.resent_bytes - settled(wire, new).resent_bytes


@pytest.mark.parametrize("wire", WIRES)
@given(
    pieces=st.lists(REPEATED, min_size=1, max_size=6),
    cuts=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 200)), max_size=3),
    at=st.integers(0, 400),
)
def test_a_parted_entry_is_weighed_as_if_it_had_no_other_name(
    wire: Wire,
    pieces: list[tuple[tuple[int | None, int], int]],
    cuts: list[tuple[int, int]],
    at: int,
) -> None:
    spread = [piece for piece, count in pieces for _ in range(count)]
    entries = [entry(number, *piece) for number, piece in enumerate(spread)]
    parted = at % len(entries)
    spans = nested(cuts, len(entries))
    left = without(
        settled(wire, entries),
        [span(wire, entries, *bounds) for bounds in spans],
        parted,
    )
    gone = {at for start, end in spans for at in range(start, end)}
    if entries[parted].links > 1:
        entries[parted] = entries[parted]._replace(inode=1)
    kept = [one for at, one in enumerate(entries) if at not in gone]
    assert facts(left) == facts(settled(wire, kept))


def nested(cuts: list[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """Spans of a stream of this length, those that overlap by halves left out."""
    spans: list[tuple[int, int]] = []
    for start, size in cuts:
        one = (min(start, length), min(start + size, length))
        if all(one[1] <= a or b <= one[0] or holds(one, (a, b)) for a, b in spans):
            spans.append(one)
    return spans


def holds(first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Whether one of two spans lies in the other."""
    (start, end), (low, high) = sorted(
        [first, second], key=lambda one: (one[0], -one[1])
    )
    return start <= low and high <= end


# Folders sent late: position, end. What goes: spans. What of the folders is left.
LATE = [
    pytest.param([(0, 3)], [(1, 3)], [], id="a folder goes with all that was in it"),
    pytest.param([(0, 3)], [(1, 2)], [0], id="a folder stays for what is left in it"),
    pytest.param([(1, 3), (0, 3)], [(2, 3)], [], id="a folder goes with the one in it"),
    pytest.param(
        [(1, 3), (0, 4)], [(2, 3)], [0], id="a folder stays, not the one in it"
    ),
    pytest.param([(0, 3)], [(1, 2), (2, 3)], [], id="it goes once its last part goes"),
    pytest.param([(0, 1)], [(1, 2)], [0], id="an empty one waits for nobody"),
    pytest.param([(0, 3)], [(0, 3)], [], id="one that was asked away goes once"),
    pytest.param(
        [(1, 3)], [(2, 3), (256, 257)], [], id="it goes before what lies far behind it"
    ),
]


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize(("late", "spans", "left"), LATE)
def test_folders_sent_for_others_go_with_them(
    wire: Wire,
    late: list[tuple[int, int]],
    spans: list[tuple[int, int]],
    left: list[int],
) -> None:
    folders = {start for start, _ in late}
    entries = [entry(at, None if at in folders else 10) for at in range(300)]
    total = settled(wire, entries)
    for start, end in late:
        weight = wire.weigh(entries[start], None)
        assert weight is not None
        total.stream.late.append((start, end, weight[0]))
    remains = without(total, [span(wire, entries, *one) for one in spans])
    gone = {at for start, end in spans for at in range(start, end)} | folders - {*left}
    kept = [one for at, one in enumerate(entries) if at not in gone]
    assert facts(remains) == facts(settled(wire, kept))


@pytest.mark.parametrize("wire", WIRES)
def test_a_parted_entry_leaves_its_content_to_the_next_name(wire: Wire) -> None:
    names = [entry(0, 0, 513), entry(1, 0, 513), entry(2, 9)]
    alone = names[0]._replace(links=1, inode=1)
    expected = settled(wire, [alone, *names[1:]])
    assert facts(without(settled(wire, names), (), parted=0)) == facts(expected)
    assert facts(without(settled(wire, names), (), parted=2)) == facts(
        settled(wire, names)
    )
