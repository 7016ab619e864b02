"""Files counted in runs, and in parts, weigh what each weighs when counted singly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxopt.core.builders import buildkit, legacy
from ctxopt.core.judging.entry import Entry, EntryKind
from ctxopt.core.judging.judge import Decision, JudgingState
from ctxopt.core.judging.rows import Batch, Extra, FolderRef, Row, row_entry
from ctxopt.core.measure.fold import Fold, FoldOptions
from ctxopt.core.measure.result import Measurement
from ctxopt.core.measure.runs import PlainRuns
from ctxopt.core.measure.stream import TransferTotals
from ctxopt.core.measure.wire import Wire, id_width
from tests.facts import facts

SECOND = 10**9
TIME_NS = 1_600_000_000 * SECOND
GIB = 1 << 30
TOP = 10_000  # places: all of them


@dataclass(frozen=True, slots=True)
class Stat:
    """What a walk knows of an entry."""

    st_mode: int
    st_size: int = 0
    st_mtime_ns: int = TIME_NS
    st_nlink: int = 1
    st_ino: int = 0
    st_rdev: int = 0


@dataclass(slots=True)
class Node:
    """A name of the tree; a folder has others in it."""

    name: str
    status: Stat
    decision: Decision
    extra: Extra | None = None
    below: list[Node] = field(default_factory=list)

    @property
    def is_folder(self) -> bool:
        return self.status.st_mode & 0o170000 == EntryKind.DIRECTORY.value

    @property
    def row(self) -> Row:
        return self.name, self.status, self.decision, self.extra


def no_child() -> JudgingState:
    raise AssertionError("a fold asks nobody what is below")


def decision(*, kept: bool = True, taken: bool = True, mask: int = 1) -> Decision:
    return Decision(
        kept=kept,
        taken=taken,
        enter=True,
        mask=mask,
        arrived=False,
        make_child=no_child,
    )


TAKEN = [decision(mask=mask) for mask in (1, 2, 3, 0)]
LEFT = [decision(taken=False, mask=0)]
ON_THE_WAY = [decision(kept=False, taken=False, mask=0)]

LONG = "n" * 110
NAMES = st.sampled_from(["a", "bb", "c" * 60, LONG, "é", "\udcff"])
SIZES = st.sampled_from([0, 1, 513, 40_000, 8 * GIB - 1, 8 * GIB, 20 * GIB])
TIMES = st.sampled_from([TIME_NS, TIME_NS, TIME_NS, 0, -SECOND, 9 * GIB * SECOND])
# 0: no other name. All names of an inode look the same.
INODES = st.sampled_from([0, 0, 0, *range(1, 7)])
KINDS = st.sampled_from(
    [*[EntryKind.REGULAR] * 12, EntryKind.SYMLINK, EntryKind.FIFO, EntryKind.SOCKET]
)


@st.composite
def files(draw: st.DrawFn, decisions: Sequence[Decision], looks: Looks) -> list[Node]:
    """Names that look alike, side by side: ids need many."""
    inode = draw(INODES)
    if inode not in looks:
        kind = draw(KINDS)
        extra = None
        if kind is EntryKind.SYMLINK:
            extra = Extra(target=draw(NAMES))
        elif kind is EntryKind.REGULAR and draw(st.integers(0, 9)) == 0:
            extra = Extra(readable=False)
        size = draw(SIZES) if kind is EntryKind.REGULAR else 0
        mode = kind.value | draw(st.sampled_from([0o644, 0o4755, 0o600]))
        looks[inode] = Stat(mode, size, draw(TIMES), 3 if inode else 1, inode), extra
    status, extra = looks[inode]
    if not inode:
        del looks[inode]
    one = draw(st.sampled_from(decisions))
    name, count = draw(NAMES), draw(st.sampled_from([1, 1, 2, 3, 90]))
    return [Node(f"{name}{number}", status, one, extra) for number in range(count)]


Looks = dict[int, tuple[Stat, Extra | None]]


@st.composite
def folder(
    draw: st.DrawFn, decisions: Sequence[Decision], looks: Looks, depth: int
) -> list[Node]:
    """What is in a folder, names made different."""
    found: list[Node] = []
    for _ in range(draw(st.integers(0, 4))):
        if depth and draw(st.booleans()):
            status = Stat(EntryKind.DIRECTORY.value | 0o755, 4096, draw(TIMES))
            below = draw(folder(decisions, looks, depth - 1))
            judged = draw(st.sampled_from([*decisions, *ON_THE_WAY]))
            found.append(Node(draw(NAMES), status, judged, None, below))
        else:
            found += draw(files(decisions, looks))
    for number, node in enumerate(found):
        node.name = f"{number}{node.name}"
    return found


@st.composite
def trees(draw: st.DrawFn, decisions: Sequence[Decision]) -> list[Node]:
    return draw(folder(decisions, {}, 3))


# --- the fold ----------------------------------------------------------------------


def batches(
    nodes: Sequence[Node], folder: FolderRef, most: Callable[[], int]
) -> Iterator[Batch]:
    """The nodes as a walk hands them on, at most so many rows at a time."""
    rows: list[Row] = []
    for node in nodes:
        if len(rows) >= most():
            yield Batch(folder, rows, last=False)
            rows = []
        rows.append(node.row)
        if node.is_folder:
            yield Batch(folder, rows, last=False, enters=True)
            yield from batches(node.below, FolderRef(folder, rows[-1]), most)
            rows = []
    yield Batch(folder, rows, last=True)


def measured(options: FoldOptions, flow: Sequence[Batch]) -> Measurement:
    fold = Fold(options)
    for batch in flow:
        fold.add(batch)
    return fold.finish()


def in_parts(options: FoldOptions, flow: Sequence[Batch]) -> Measurement:
    """Every folder in the root is measured by a fold of its own."""
    fold, part = Fold(options), Fold(options)
    for batch in flow:
        if not batch.folder.depth:
            fold.add(batch)
            continue
        part.add(batch)
        if batch.folder.depth == 1 and batch.last:
            fold.join(batch.folder, part.part())
            part = Fold(options)
    return fold.finish()


# --- each entry singly -------------------------------------------------------------


@dataclass(slots=True)
class Sent:
    """An entry of a transfer, weighed."""

    entry: Entry
    decision: Decision
    position: int
    stat_bytes: int
    data_bytes: int
    file_bytes: int
    late: bool


class Naive:
    """A transfer, an entry at a time, with the first name of every inode at hand."""

    def __init__(self, wire: Wire, *, context: bool) -> None:
        self.wire = wire
        self.context = context
        self.sent: list[Sent] = []
        self.firsts: dict[int, str] = {}

    def send_all(self, nodes: Sequence[Node]) -> None:
        self._send_folder(nodes, FolderRef(), [])

    def _send_folder(
        self, nodes: Sequence[Node], inside: FolderRef, waiting: list[FolderRef]
    ) -> None:
        for node in nodes:
            path = inside.prefix + node.name
            travels = self._travels(node.decision)
            if travels:
                while waiting and self.wire.late_parents:
                    above = waiting.pop(0)
                    assert above.row is not None
                    self._send(above.path, above.row, late=True)
                self._send(path, node.row)
            if node.is_folder:
                below = FolderRef(inside, node.row)
                if not travels:
                    waiting.append(below)
                self._send_folder(node.below, below, waiting)
                if below in waiting:
                    waiting.remove(below)

    def _travels(self, one: Decision) -> bool:
        return one.kept if self.context else one.taken

    def _send(self, path: str, row: Row, *, late: bool = False) -> None:
        entry = row_entry(path, row)
        linked = entry.links > 1 and entry.kind in self.wire.linked
        first = self.firsts.get(entry.inode) if linked else None
        weight = self.wire.weigh(entry, first)
        if weight is None:
            return
        if linked:
            self.firsts.setdefault(entry.inode, path)
        stat_bytes, data_bytes, packets = weight
        data_bytes += packets * id_width(self.wire.id_steps, len(self.sent))
        counts = entry.kind is EntryKind.REGULAR and first is None
        size = entry.size if counts else 0
        self.sent.append(
            Sent(entry, row[2], len(self.sent), stat_bytes, data_bytes, size, late)
        )


def totals(total: TransferTotals) -> tuple[int, ...]:
    return (
        *(total.entries, total.directories),
        *(total.file_bytes, total.stat_bytes, total.data_bytes),
    )


def totals_of(sent: Sequence[Sent]) -> tuple[int, ...]:
    return (
        len(sent),
        sum(one.entry.kind is EntryKind.DIRECTORY for one in sent),
        sum(one.file_bytes for one in sent),
        sum(one.stat_bytes for one in sent),
        sum(one.data_bytes for one in sent),
    )


Inside = dict[str, list[Sent]]


def inside(sent: Sequence[Sent]) -> Inside:
    """What is in each path: itself, and all below it."""
    found: Inside = {}
    for one in sent:
        parts = one.entry.path.split("/")
        for end in range(len(parts) + 1):
            found.setdefault("/".join(parts[:end]), []).append(one)
    return found


def place_of(path: str, context: Inside, transfer: Inside) -> tuple[int, ...]:
    """Files, file bytes, wire bytes, used bytes, unsent bytes."""
    held = context.get(path, [])
    return (
        sum(one.entry.kind is not EntryKind.DIRECTORY for one in held),
        sum(one.file_bytes for one in held),
        sum(one.stat_bytes + one.data_bytes for one in transfer.get(path, [])),
        sum(one.file_bytes for one in held if one.decision.taken and one.decision.mask),
        sum(one.file_bytes for one in held if not one.decision.taken),
    )


def usage_of(transfer: Sequence[Sent], masks: int) -> tuple[int, int]:
    """Files that any of these sources takes, and their bytes, each inode once."""
    files = [
        one
        for one in transfer
        if one.decision.mask & masks
        and one.entry.kind is not EntryKind.DIRECTORY
        and not one.late
    ]
    sizes: dict[object, int] = {}
    for one in files:
        key = one.entry.inode if one.entry.links > 1 else one.entry.path
        sizes[key] = one.entry.size if one.entry.kind is EntryKind.REGULAR else 0
    return len(files), sum(sizes.values())


@st.composite
def projects(draw: st.DrawFn) -> tuple[Wire, bool, list[Node]]:
    """A wire, whether the transfer is only a part of the context, and a tree."""
    wire, filtered = draw(
        st.sampled_from(
            [(buildkit.WIRE, True), (buildkit.WIRE, False), (legacy.WIRE, False)]
        )
    )
    decisions = TAKEN + LEFT * 2 if filtered else TAKEN
    return wire, filtered, draw(trees(decisions))


def options_for(wire: Wire, *, filtered: bool) -> FoldOptions:
    return FoldOptions(wire, filtered=filtered, sources=2, depth=0, top=TOP)


@pytest.mark.deep
@given(project=projects(), most=st.sampled_from([1, 2, 7, 1000]))
def test_a_fold_measures_what_single_entries_come_to_however_they_come(
    project: tuple[Wire, bool, list[Node]], most: int
) -> None:
    wire, filtered, nodes = project
    options = options_for(wire, filtered=filtered)
    flow = [*batches(nodes, FolderRef(), lambda: most)]
    found = measured(options, flow)
    check_against_single_entries(found, project)
    without_places = measured(options._replace(top=0), flow)
    assert facts(without_places) == facts(found._replace(largest=()))
    check_that_the_way_cannot_be_told(
        options._replace(depth=2, top=3), flow, [*batches(nodes, FolderRef(), all_rows)]
    )


def all_rows() -> int:
    return 1000


def check_against_single_entries(
    found: Measurement, project: tuple[Wire, bool, list[Node]]
) -> None:
    wire, filtered, nodes = project
    context, transfer = Naive(wire, context=True), Naive(wire, context=not filtered)
    context.send_all(nodes)
    transfer.send_all(nodes)
    assert totals(found.context) == totals_of(context.sent)
    assert totals(found.transfer) == totals_of(transfer.sent)
    held, travels = inside(context.sent), inside(transfer.sent)
    for place in (found.root, *found.largest):
        assert (
            *(place.files, place.file_bytes, place.wire_bytes),
            *(place.used_bytes, place.unsent_bytes),
        ) == place_of(place.path, held, travels)
    assert (found.used.files, found.used.file_bytes) == usage_of(transfer.sent, 3)
    kept = {one.entry.path for one in context.sent}
    assert kept <= {place.path for place in found.largest}


def check_that_the_way_cannot_be_told(
    options: FoldOptions, flow: Sequence[Batch], whole: Sequence[Batch]
) -> None:
    """Neither batches nor runs nor parts can be told from the result."""
    expected = facts(measured(options, flow))
    assert facts(in_parts(options, flow)) == expected
    assert facts(measured(options, whole)) == expected
    # No path is as short as that: nothing is counted in a run.
    singly = options._replace(wire=options.wire._replace(plain_path=0))
    assert facts(measured(singly, flow)) == expected


@pytest.mark.parametrize(("top", "runs"), [(0, 1), (1, 10)])
def test_only_what_may_win_a_place_ends_a_run(
    monkeypatch: pytest.MonkeyPatch, top: int, runs: int
) -> None:
    counted: list[int] = []
    add = PlainRuns._add

    def noting(self: PlainRuns, level: Any, rows: Sequence[Row], *rest: Any) -> None:
        counted.append(len(rows))
        add(self, level, rows, *rest)

    monkeypatch.setattr(PlainRuns, "_add", noting)
    mode = EntryKind.REGULAR.value | 0o644
    nodes = [Node(f"{size}", Stat(mode, size), TAKEN[0]) for size in range(10, 20)]
    options = options_for(buildkit.WIRE, filtered=False)._replace(top=top)
    measured(options, [*batches(nodes, FolderRef(), all_rows)])
    assert (len(counted), sum(counted)) == (runs, len(nodes))


NAMES_OF_ONE = [
    pytest.param(
        ["first", "later"], 8 * GIB, id="a later name of a large file has no content"
    ),
    pytest.param([LONG, "later"], 5, id="a first name beyond a header's link field"),
    pytest.param(["é", "later"], 5, id="a first name that is not ASCII"),
    pytest.param(["a", LONG, "é", "b"], 513, id="every name behind the first"),
]


@pytest.mark.parametrize("wire", [buildkit.WIRE, legacy.WIRE])
@pytest.mark.parametrize(("names", "size"), NAMES_OF_ONE)
def test_hard_links_weigh_what_the_wire_says_of_each(
    wire: Wire, names: Sequence[str], size: int
) -> None:
    status = Stat(EntryKind.REGULAR.value | 0o644, size, TIME_NS, 9, 4)
    nodes = [Node(name, status, TAKEN[0]) for name in names]
    found = measured(
        options_for(wire, filtered=False),
        [*batches(nodes, FolderRef(), lambda: 1000)],
    )
    naive = Naive(wire, context=True)
    naive.send_all(nodes)
    assert totals(found.transfer) == totals_of(naive.sent)
    assert found.transfer.file_bytes == size


@pytest.mark.parametrize("wire", [buildkit.WIRE, legacy.WIRE])
def test_a_folder_wins_by_the_long_first_name_that_its_links_repeat(wire: Wire) -> None:
    """Until the end each is taken for a first name, and the folder for a small one."""
    linked = Stat(EntryKind.REGULAR.value | 0o644, 5, TIME_NS, 9, 4)
    plain = Stat(EntryKind.REGULAR.value | 0o644, 5000, TIME_NS)
    inside = Stat(EntryKind.DIRECTORY.value | 0o755, 4096, TIME_NS)
    links = [Node(name, linked, TAKEN[0]) for name in "abcd"]
    nodes = [
        Node("n" * 4000, linked, TAKEN[0]),
        Node("some", plain, TAKEN[0]),
        Node("z", inside, TAKEN[0], None, links),
    ]
    options = options_for(wire, filtered=False)._replace(top=1)
    found = measured(options, [*batches(nodes, FolderRef(), lambda: 1000)])
    assert [place.path for place in found.largest] == ["z"]
