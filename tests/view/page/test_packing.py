"""Numbers that take little room: what is packed is what the page unpacks."""

from __future__ import annotations

import json
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from ctxopt.core.picture.records import Bulk, Course
from ctxopt.view.page.packing import ALPHABET, ASIDE, packed


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
