"""What leaving finds out saves: the same as measuring again without them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest

from ctxopt.core.builders import Builder, OutsideDockerfile, find_builder
from ctxopt.core.judging.entry import Entry, EntryKind
from ctxopt.core.measure.clutter_match import ClutterMatch, Span
from ctxopt.core.measure.stream import EntryStream, Sums, TransferTotals, regular_bytes
from ctxopt.core.model import BuildCost, BuilderName, Tally
from ctxopt.core.suggest.savings import IgnoreFileChange, Savings
from ctxopt.core.timing.models import Model, Profile
from tests.core.suggest.matches import match

TIME_NS = 1_600_000_000 * 10**9
# A second a byte, so that seconds tell what was weighed.
BYTES = Model(0, 0, 0, 1, "bytes")
FILES = Model(0, 0, 1, 0, "files")
BUILDERS = [pytest.param(find_builder(one), id=one.value) for one in BuilderName]


def file(path: str, size: int, *, inode: int = 0) -> Entry:
    links = 2 if inode else 1
    return Entry(path, EntryKind.REGULAR, 0o644, size, TIME_NS, links, inode)


ENTRIES = (
    file(".dockerignore", 5),
    file("a", 700),
    Entry("b", EntryKind.DIRECTORY, 0o755, 4096, TIME_NS),
    file("b/x", 40_000),
    file("c", 90, inode=7),
    file("d", 90, inode=7),
)
IGNORE = ENTRIES[0]


def totals(builder: Builder, entries: Iterable[Entry]) -> TransferTotals:
    stream = EntryStream(has_ids=bool(builder.wire.id_steps))
    for entry in entries:
        stream.add(entry, 1, builder.wire)
    return stream.settle(builder.wire)


def savings(
    builder: Builder, context: Sequence[Entry], transfer: Sequence[Entry] | None = None
) -> Savings:
    """Of a context, all of which is sent unless a transfer is given."""
    whole = totals(builder, context)
    sent = whole if transfer is None else totals(builder, transfer)
    return Savings(builder, None, whole, sent, Profile("test", BYTES, FILES))


def found(builder: Builder, start: int, end: int) -> ClutterMatch:
    """The find of consecutive entries, with its sums as a fold makes them."""
    sums = [0, 0, 0, 0]
    for entry in ENTRIES[start:end]:
        if builder.wire.is_linked(entry):
            continue
        weight = builder.wire.weigh(entry, None)
        assert weight is not None
        sums[0] += entry.kind is EntryKind.DIRECTORY
        sums[1] += regular_bytes(entry)
        sums[2] += weight[0]
        sums[3] += weight[1]
    place = Span(start, end, Sums(*sums))
    return match("x/")._replace(context=place, transfer=place)


@pytest.mark.parametrize("builder", BUILDERS)
@pytest.mark.parametrize(
    "spans",
    [
        pytest.param([], id="nothing"),
        pytest.param([(1, 2)], id="a file"),
        pytest.param([(2, 4)], id="a folder"),
        pytest.param([(1, 2), (2, 4)], id="two"),
        pytest.param([(2, 4), (3, 4)], id="a folder, and what is in it again"),
        pytest.param([(4, 5)], id="the first name of a file"),
        pytest.param([(5, 6)], id="another name of a file"),
        pytest.param([(0, 6)], id="all there is"),
    ],
)
def test_what_is_left_out_costs_what_it_costs_to_have_never_been_there(
    builder: Builder, spans: list[tuple[int, int]]
) -> None:
    gone = {at for start, end in spans for at in range(start, end)}
    left = [entry for at, entry in enumerate(ENTRIES) if at not in gone]
    after = savings(builder, ENTRIES).after(found(builder, *span) for span in spans)
    assert after == savings(builder, left).now()


LEGACY, BUILDKIT = (find_builder(BuilderName(one)) for one in ("legacy", "buildkit"))


@pytest.mark.parametrize(
    ("builder", "size", "new_size"),
    [
        pytest.param(BUILDKIT, 5, 900, id="BuildKit, it grows"),
        pytest.param(BUILDKIT, 5, 0, id="BuildKit, it is emptied"),
        pytest.param(LEGACY, 5, 900, id="legacy, it grows"),
        pytest.param(LEGACY, 5, 0, id="legacy, it is emptied"),
        # Only this builder sends a new one in any case; it has no ids to move up.
        pytest.param(LEGACY, None, 40, id="legacy, it is new"),
        pytest.param(LEGACY, 5, None, id="legacy, it is removed"),
    ],
)
def test_the_ignore_file_is_weighed_as_it_will_be(
    builder: Builder, size: int | None, new_size: int | None
) -> None:
    def context(size: int | None) -> list[Entry]:
        ignore = [] if size is None else [file(".dockerignore", size)]
        return [*ignore, *ENTRIES[1:4]]

    before = None if size is None else file(".dockerignore", size)
    after = None if new_size is None else file(".dockerignore", new_size)
    change = IgnoreFileChange(before, after, (0, 0))
    changed = savings(builder, context(size)).after((), change)
    assert changed == savings(builder, context(new_size)).now()


@pytest.mark.parametrize("builder", BUILDERS)
def test_more_packets_of_the_ignore_file_have_more_ids(builder: Builder) -> None:
    def context(size: int) -> list[Entry]:
        return [file("!", 1), file(".dockerignore", size), *ENTRIES[1:]]

    change = IgnoreFileChange(
        file(".dockerignore", 5), file(".dockerignore", 90_000), (1, 1)
    )
    changed = savings(builder, context(5)).after((), change)
    assert changed == savings(builder, context(90_000)).now()


@pytest.mark.parametrize("builder", BUILDERS)
def test_an_ignore_file_that_does_not_travel_changes_nothing(builder: Builder) -> None:
    one = savings(builder, ENTRIES)
    change = IgnoreFileChange(IGNORE, file(".dockerignore", 900), (None, None))
    assert one.after((), change) == one.now()


@pytest.mark.parametrize("builder", BUILDERS)
def test_whoever_writes_the_ignore_file_parts_it_from_its_other_names(
    builder: Builder,
) -> None:
    linked = [file(".dockerignore", 90, inode=7), *ENTRIES[1:5]]
    alone = file(".dockerignore", 30)
    change = IgnoreFileChange(linked[0]._replace(links=1, inode=1), alone, (0, 0))
    changed = savings(builder, linked).after((), change)
    assert changed == savings(builder, [alone, *linked[1:]]).now()


def test_what_is_in_the_context_and_not_sent_saves_no_transfer() -> None:
    sent = ENTRIES[:1]  # the legacy builder sends all there is
    one = savings(BUILDKIT, ENTRIES, sent)
    folder = found(BUILDKIT, 2, 4)._replace(transfer=Span(0, 0, Sums()))
    after = one.after([folder])
    assert after.transfer == one.now().transfer
    assert after.context.files == one.now().context.files - 1
    assert after.first_build_seconds == one.now().first_build_seconds


@pytest.mark.parametrize("builder", BUILDERS)
def test_a_build_that_takes_nothing_sends_nothing(builder: Builder) -> None:
    one = savings(builder, ENTRIES)._replace(sends=False)
    found_now = one.now()
    assert found_now == BuildCost(found_now.context, Tally(), 0, 0.0, 0.0)
    assert found_now.context.files == 5
    assert one.after([found(builder, 2, 4)]).context.files == 4


def test_a_build_that_repeats_all_sends_all_again() -> None:
    one = savings(BUILDKIT, ENTRIES)
    assert one.now().repeat_wire_bytes < one.now().transfer.wire_bytes
    assert one.now().repeat_build_seconds == 0  # the contents of no file
    again = one._replace(repeats_all=True).now()
    assert again.repeat_wire_bytes == again.transfer.wire_bytes
    assert again.repeat_build_seconds == again.transfer.files


def test_the_legacy_builder_has_nothing_of_an_earlier_build() -> None:
    now = savings(LEGACY, ENTRIES).now()
    assert now.repeat_wire_bytes == now.transfer.wire_bytes == now.first_build_seconds


def test_a_dockerfile_from_outside_carries_the_new_ignore_file() -> None:
    one = savings(LEGACY, ENTRIES)._replace(outside=OutsideDockerfile(100, 5))
    large = file(".dockerignore", 5000)
    change = IgnoreFileChange(IGNORE, large, (0, 0))
    there = savings(LEGACY, [large, *ENTRIES[1:]])
    expected = there._replace(outside=OutsideDockerfile(100, 5000)).now()
    assert one.after((), change) == expected
