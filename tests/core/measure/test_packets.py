"""Packets in bytes are the numbers that went in."""

from __future__ import annotations

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from ctxopt.core.measure.packets import Packets, RunningPackets

NUMBERS = st.lists(
    st.one_of(st.integers(0, 3), st.sampled_from([254, 255, 256, 1 << 33]))
)


def packets_of(numbers: list[int]) -> Packets:
    packets = Packets()
    packets.extend(numbers)
    return packets


@given(NUMBERS, NUMBERS, st.data())
def test_they_are_those_of_a_list(
    first: list[int], second: list[int], data: st.DataObject
) -> None:
    packets = packets_of(first)
    packets.join(packets_of(second))
    packets.append(7)
    numbers = [*first, *second, 7]
    changed = packets.copy()
    at = data.draw(st.integers(0, len(numbers) - 1))
    changed[at] = data.draw(st.sampled_from([0, 255, 1 << 40]))
    assert [packets[index] for index in range(len(packets))] == numbers
    numbers[at] = changed[at]
    assert [changed[index] for index in range(len(changed))] == numbers
    start = data.draw(st.integers(0, len(numbers)))
    end = data.draw(st.integers(0, len(numbers)))
    assert changed.sum(start, end) == sum(numbers[start:end])


# Totals are kept at each 64th position.
MANY = st.one_of(
    st.integers(0, 40), st.sampled_from([62, 63, 64, 65, 127, 128, 129, 2049])
)


@given(NUMBERS, MANY)
def test_running_totals_are_those_of_a_list(few: list[int], many: int) -> None:
    numbers = [*few, *[2] * many, *few]
    running = RunningPackets(packets_of(numbers))
    totals = list(accumulate(numbers, initial=0))
    assert len(running) == len(totals)
    assert [running[index] for index in range(len(running))] == totals
    assert [running.at(index) for index in range(len(numbers))] == numbers
