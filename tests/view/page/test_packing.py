"""Numbers that take little room: what is packed is what the page unpacks."""

from __future__ import annotations

import json
from bisect import bisect_right
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxopt.core.builders import find_builder
from ctxopt.core.model import BuilderName
from ctxopt.core.picture.records import Bulk, Course, OwnEntry
from ctxopt.host.disk.probe import entry_to_be
from ctxopt.view.page.packing import ALPHABET, ASIDE, packed, weights_by_size


def course(numbers: list[int]) -> Course:
    packets = bytes(min(number, 255) for number in numbers)
    aside = tuple(number for number in numbers if number >= 255)
    return Course(Bulk(len(numbers)), (), (), (), ((1, 2),), packets, aside)


def unpacked(made: dict[str, object], count: int) -> list[int]:
    """As `runningPackets` of the page reads it."""
    codes = [ALPHABET.index(letter) for letter in cast("str", made["codes"]).encode()]
    usual, aside = (
        cast("list[int]", made["usual"]),
        iter(cast("list[int]", made["aside"])),
    )
    found = []
    for at in range(count):
        code = codes[at // 3] >> 2 * (at % 3) & 3
        found.append(next(aside) if code == ASIDE else usual[code])
    return found


@given(st.lists(st.sampled_from([0, 2, 2, 3, 4, 17, 254, 255, 256, 90_000])))
def test_what_is_packed_comes_out_again(numbers: list[int]) -> None:
    assert unpacked(packed(course(numbers)), len(numbers)) == numbers


def test_three_entries_take_a_letter() -> None:
    made = packed(course([0, 2, 2] * 1000))
    assert len(json.dumps(made)) < 1100


@pytest.mark.parametrize("builder", BuilderName)
def test_what_a_file_weighs_at_each_size_is_told_in_few_runs(
    builder: BuilderName,
) -> None:
    weigh = find_builder(builder).wire.weigh
    entry = entry_to_be(".dockerignore", 0, 0o644)
    sizes = range(100, 40_000)
    weights = [weigh(entry._replace(size=size), None) for size in sizes]
    told = tuple(one for one in weights if one is not None)
    made = weights_by_size(OwnEntry(0, 0, False, 0, sizes.start, told, (0, 0, 0)))  # noqa: FBT003
    slope, runs = cast("int", made["slope"]), cast("list[list[int]]", made["runs"])
    assert len(runs) < 100
    for size, weight in zip(sizes, told, strict=True):
        run = runs[bisect_right(runs, size, key=lambda one: one[0]) - 1]
        assert weight == (run[1], run[2] + slope * size, run[3])
