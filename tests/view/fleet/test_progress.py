"""How many are done, how fast, how long still: one line, on a terminal alone."""

from __future__ import annotations

import io

import pytest

from ctxopt.view.fleet.progress import FleetProgress, left, rate
from ctxopt.view.terminal.progress import ERASE


class Terminal(io.TextIOWrapper):
    """A stream that says it is a terminal."""

    def __init__(self, encoding: str = "utf-8") -> None:
        self.bytes = io.BytesIO()
        super().__init__(self.bytes, encoding=encoding)

    def isatty(self) -> bool:
        return True

    def shown(self) -> list[str]:
        self.flush()
        return self.bytes.getvalue().decode(self.encoding).split(ERASE)[1:]


class Clock:
    """A clock that stands where it is put."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def _able_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")


def shown(
    done: int, failed: int, *, after: float, known: int = 0, encoding: str = "utf-8"
) -> str:
    """What is shown once so many are done, behind what is shown at once."""
    out, clock = Terminal(encoding), Clock()
    with FleetProgress(out, 5_000, clock=clock) as progress:
        progress(0)
        clock.now += 60
        progress(known, 0, known)
        clock.now += after
        progress(done, failed, known)
    first, *_, said, erased = out.shown()
    assert (first, erased) == ("0 of 5,000", "")
    return said


def test_it_tells_how_many_how_fast_and_how_long_still() -> None:
    said = shown(1_204, 3, after=148.6)
    assert said == "1,204 of 5,000 · 8.1 a second · about 8 minutes left · 3 failed"


def test_what_was_done_before_makes_it_no_faster() -> None:
    said = shown(1_204, 0, after=100, known=1_104)
    assert said == "1,204 of 5,000 · 1.0 a second · about 63 minutes left"


@pytest.mark.parametrize(
    ("done", "known", "after"),
    [
        pytest.param(3, 0, 1.0, id="too soon"),
        pytest.param(1_000, 1_000, 60.0, id="none of its own"),
        pytest.param(1_003, 1_000, 1.0, id="too soon behind what was known"),
    ],
)
def test_no_rate_is_told_that_is_not_known(done: int, known: int, after: float) -> None:
    said = shown(done, 0, after=after, known=known)
    assert said.endswith(" of 5,000")


def test_at_the_end_nothing_is_left() -> None:
    assert shown(5_000, 1, after=100) == "5,000 of 5,000 · 50 a second · 1 failed"


def test_a_terminal_without_the_dot_has_commas() -> None:
    assert shown(100, 0, after=100, encoding="ascii").startswith("100 of 5,000, 1.0 a")


def test_a_pipe_stays_clean() -> None:
    out, clock = io.StringIO(), Clock()
    with FleetProgress(out, 10, clock=clock) as progress:
        clock.now += 60
        progress(3, 0)
    assert out.getvalue() == ""


@pytest.mark.parametrize(
    ("each_second", "said"),
    [
        (812.3, "812 a second"),
        (9.96, "10 a second"),
        (1, "1.0 a second"),
        (0.5, "30 a minute"),
        (1 / 60, "1.0 a minute"),
        (1 / 600, "6.0 an hour"),
        (1 / 9000, "0.4 an hour"),
    ],
)
def test_a_rate_is_told_so_that_it_counts_something(
    each_second: float, said: str
) -> None:
    assert rate(each_second) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "a few seconds left"),
        (34, "about 30 seconds left"),
        (95, "about 2 minutes left"),
        (5_000, "about 83 minutes left"),
        (5_400, "about 2 hours left"),
        (3_600_000, "about 1,000 hours left"),
    ],
)
def test_what_is_left_is_told_no_finer_than_it_deserves(
    seconds: float, said: str
) -> None:
    assert left(seconds) == said


def test_a_rate_of_nothing_is_no_division() -> None:
    assert rate(0) == "0.0 an hour"
