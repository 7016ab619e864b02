"""What of several sections fits on a screen."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ctxopt.view.report.screen import Section, fitted, whole
from ctxopt.view.terminal.layout import Line


def line(text: str) -> Line:
    return ((text, ""),)


def section(name: str, rows: int, least: int = 1, bare: int = 1) -> Section:
    """A head, rows that have the name and a number, and a count of what is hidden."""

    def rest(left_out: Sequence[int]) -> list[Line]:
        return [line(f"+{len(left_out)}")] if left_out else []

    made = [(line(f"{name}{number}"),) for number in range(rows)]
    return Section([line(name)], made, rest, giving=(least, bare))


def shown(*sections: Section, room: int | None, most: int | None = None) -> list[str]:
    made = fitted(sections, room, most)
    return [" ".join(text for ((text, _),) in lines) for lines in made]


def test_what_fits_is_whole() -> None:
    assert shown(section("a", 2), section("b", 1), room=6) == ["a a0 a1", "b b0"]


@pytest.mark.parametrize("room", range(7, 20))
def test_no_more_lines_than_there_is_room_for(room: int) -> None:
    made = fitted([section("a", 9), section("b", 9)], room)
    assert sum(map(len, made)) + 1 <= room


def test_each_gives_way_a_row_at_a_time() -> None:
    assert shown(section("a", 9), section("b", 9), room=10) == [
        "a a0 a1 a2 +6",
        "b b0 b1 +7",
    ]


def test_where_room_is_short_some_rows_stay() -> None:
    first, second = section("a", 9, least=4), section("b", 9)
    assert shown(first, second, room=10) == ["a a0 a1 a2 a3 +5", "b b0 +8"]


def test_where_it_is_very_short_fewer_stay() -> None:
    first, second = section("a", 9, least=9, bare=2), section("b", 9, bare=0)
    assert shown(first, second, room=3) == ["a a0 a1 +7", "+9"]


def test_where_it_is_shorter_still_the_next_step_is_taken() -> None:
    first = section("a", 9)._replace(giving=(9, 3, 1))
    second = section("b", 9)._replace(giving=(4, 0))
    assert shown(first, second, room=7) == ["a a0 a1 a2 +6", "+9"]
    assert shown(first, second, room=4) == ["a a0 +8", "+9"]


def test_what_matters_most_is_shown_in_its_order() -> None:
    one = section("a", 4)._replace(order=(2, 0, 1, 3))
    assert shown(one, room=4) == ["a a0 a2 +2"]


def test_a_section_that_gives_nothing_away_is_whole() -> None:
    lines = [line(str(number)) for number in range(9)]
    assert shown(whole(lines), section("a", 3), room=5)[0] == "0 1 2 3 4 5 6 7 8"


def test_without_bounds_all_is_there() -> None:
    assert shown(section("a", 3), room=None) == ["a a0 a1 a2"]
    assert shown(section("a", 3), room=None, most=2) == ["a a0 a1 +1"]
