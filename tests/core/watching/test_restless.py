from __future__ import annotations

import pytest

from ctxopt.core.watching.restless import FrequentChanges, RestlessPath


def counted(*times: float, path: str = "log", **limits: int) -> FrequentChanges:
    restless = FrequentChanges(**limits)
    for time in times:
        restless.count([path], time)
    return restless


@pytest.mark.parametrize(
    ("times", "now", "expected"),
    [
        pytest.param((0, 1), 1, 0, id="twice is nothing yet"),
        pytest.param((0, 60, 120), 120, 3, id="three times within two minutes"),
        pytest.param((0, 60, 121), 121, 0, id="three times, a second too slow"),
        pytest.param((0, 100, 200, 210, 220), 220, 5, id="faster in the end"),
        pytest.param((0, 1, 2, 100, 200, 300), 300, 6, id="restless for good"),
        pytest.param((0, 1, 2, 3), 122, 4, id="a pause of less than two minutes"),
        pytest.param((0, 1, 2, 3), 123, 2, id="half of it after two minutes"),
        pytest.param((0, 1, 2, 3), 243, 1, id="a quarter after four"),
        pytest.param((0, 1, 2, 3), 363, 0, id="forgotten"),
        pytest.param((0, 1, 2, 3, 500), 500, 0, id="forgotten, and new"),
        pytest.param((0, 1, 2, 3, 200), 200, 3, id="half of it, and one more"),
    ],
)
def test_a_path_is_restless_after(
    times: tuple[float, ...], now: float, expected: int
) -> None:
    listed = counted(*times).listed(now)
    assert listed == ((RestlessPath("log", expected),) if expected else ())


def test_many_events_of_one_take_count_once() -> None:
    restless = FrequentChanges()
    restless.count(["log"] * 10, 0.0)
    assert restless.listed(0.0) == ()


def test_the_restless_are_listed_by_count_then_path() -> None:
    restless = FrequentChanges()
    for time in range(4):
        restless.count(["c", "b"] if time else ["c", "b", "a"], time)
        restless.count(["a"], time + 0.5)
    assert restless.listed(4.0) == (("a", 5), ("b", 4), ("c", 4))


def test_memory_is_bounded_and_keeps_the_restless() -> None:
    restless = counted(0, 1, 2)
    for time in range(3, 20):
        restless.count([f"{time}/{number}" for number in range(3_000)], time)
        assert len(restless) <= 1_000
    assert restless.listed(20) == (("log", 3),)


def test_a_known_path_is_counted_in_a_flood() -> None:
    restless = counted(0, 1, paths=10)
    restless.count([*map(str, range(100)), "log"], 2)
    assert restless.listed(2) == (("log", 3),)


def test_more_restless_paths_than_can_be_remembered() -> None:
    restless = FrequentChanges(paths=10)
    for time in range(5):
        restless.count(map(str, range(20)), time)
    assert len(restless) == 10
    assert len(restless.listed(5)) == 10


def test_what_has_come_to_rest_makes_room() -> None:
    restless = FrequentChanges(paths=2)
    for time in range(3):
        restless.count(["a", "b"], time)
    for time in range(1000, 1003):
        restless.count(["c", "d"], time)
    assert restless.listed(1003) == (("c", 3), ("d", 3))


def test_counts_survive_a_clock_that_went_back() -> None:
    restless = counted(1000, 1001, 3, 4)
    assert restless.listed(2) == (("log", 4),)
    assert restless.listed(200) == (("log", 2),)


def test_a_clock_that_leapt_ahead_is_silence() -> None:
    restless = counted(0, 1, 2)
    assert restless.listed(float("inf")) == ()
