"""Spans in one another: each position with all suggestions that take it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxopt.core.builders import find_builder
from ctxopt.core.measure.clutter_match import Span
from ctxopt.core.measure.stream import EntryStream, Sums, TransferTotals
from ctxopt.core.model import BuilderName
from ctxopt.core.picture import courses
from ctxopt.core.picture.courses import course_of
from ctxopt.core.picture.layers import LayerIndex, SetTable, layers_of

LENGTH = 24


def stream() -> TransferTotals:
    """Files of which each weighs another power of ten in stat bytes."""
    made = EntryStream(has_ids=True)
    for position in range(LENGTH):
        made.add_plain(position + 1, 10 * position, [position % 4], position)
    return made.settle(find_builder(BuilderName.BUILDKIT).wire)


def span(start: int, end: int) -> Span:
    places = range(start, end)
    sums = Sums(0, sum(places), sum(one + 1 for one in places), 10 * sum(places))
    return Span(start, end, sums)


@st.composite
def nested(draw: st.DrawFn) -> list[list[Span]]:
    """Spans of some suggestions, none of which overlap by halves."""
    found: list[tuple[int, int]] = []

    def cut(start: int, end: int, depth: int) -> None:
        if end - start < 1 or depth > 4:
            return
        if draw(st.booleans()):
            found.append((start, end))
        middle = draw(st.integers(start, end))
        if start < middle < end:
            cut(start, middle, depth + 1)
            cut(middle, end, depth + 1)

    cut(0, LENGTH, 0)
    owners = st.sets(st.integers(0, 2), min_size=1)
    wanted: list[list[Span]] = [[], [], []]
    for one in found:
        for owner in draw(owners):
            wanted[owner].append(span(*one))
    return wanted


@given(nested())
def test_a_position_belongs_to_all_that_have_it(wanted: list[list[Span]]) -> None:
    total, table = stream(), SetTable()
    layers = layers_of(total, wanted, table)
    course = course_of(total, layers)
    sets = [set(some) for some in table.sets]
    told = [sets[one.chosen_by] for one in course.stretches for _ in range(one.entries)]
    assert told == [
        {
            number
            for number, some in enumerate(wanted)
            if any(one.start <= position < one.end for one in some)
        }
        for position in range(LENGTH)
    ]
    assert len(set(table.sets)) == len(table.sets)


@given(nested())
def test_groups_are_the_sums_of_their_positions(wanted: list[list[Span]]) -> None:
    total, table = stream(), SetTable()
    course = course_of(total, layers_of(total, wanted, table))
    expected = [0] * len(table.sets)
    position = 0
    for one in course.stretches:
        expected[one.chosen_by] += span(
            position, position + one.entries
        ).sums.stat_bytes
        position += one.entries
    found = {at: bulk.stat_bytes for at, bulk in course.groups if bulk.entries}
    assert found == {at: size for at, size in enumerate(expected) if at and size}


@given(nested(), st.integers(0, LENGTH), st.integers(0, LENGTH))
def test_what_lies_in_a_range_and_around_it_is_found(
    wanted: list[list[Span]], one: int, other: int
) -> None:
    table = SetTable()
    layers = layers_of(stream(), wanted, table)
    start, end = sorted((one, other))
    index = LayerIndex(layers)
    inside = [*index.within(start, end)]
    assert inside == [
        layer for layer in layers if start <= layer.start and layer.end <= end
    ]
    around = [layer for layer in layers if layer.start <= start < end <= layer.end]
    if start < end:
        expected = around[-1].chosen_by if around else 0
        assert index.chosen_by(start, end) == expected


@given(nested())
def test_a_stream_of_too_many_stretches_keeps_its_sums(
    wanted: list[list[Span]],
) -> None:
    total, table = stream(), SetTable()
    layers = layers_of(total, wanted, table)
    fine = course_of(total, layers)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(courses, "MOST_STRETCHES", 1)
        coarse = course_of(total, layers)
    assert coarse.is_coarse is (len(fine.stretches) > 1)
    assert coarse.groups == fine.groups
    assert sorted(coarse.packets) == sorted(fine.packets)
    for at in range(len(table.sets)):
        counts = [
            sum(one.entries for one in course.stretches if one.chosen_by == at)
            for course in (fine, coarse)
        ]
        assert counts[0] == counts[1]
