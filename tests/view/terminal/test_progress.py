"""A line while it takes long, and no trace of it afterwards."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable

import pytest

from ctxopt.core.steps import Step
from ctxopt.view.terminal.progress import ERASE, Progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def clock(*moments: float) -> Callable[[], float]:
    left = iter(moments)
    return lambda: next(left)


@pytest.fixture(autouse=True)
def _able_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")


def test_a_short_walk_shows_nothing() -> None:
    out = Terminal()
    with Progress(out, clock=clock(0, 0.1, 0.4)) as progress:
        progress(1000, 10)
        progress(2000, 20)
    assert out.getvalue() == ""


def test_a_long_walk_shows_its_counts_and_cleans_up() -> None:
    out = Terminal()
    with Progress(out, clock=clock(0, 0.6, 0.6)) as progress:
        progress(120_431, 3_100_000_000)
    said = "reading the context: 120,431 entries, 3.10 GB"
    assert out.getvalue() == f"{ERASE}{said}{ERASE}"


def test_the_line_changes_ten_times_a_second_at_most() -> None:
    out = Terminal()
    with Progress(out, clock=clock(0, 0.6, 0.6, 0.65, 0.75, 0.75)) as progress:
        for count in (1, 2, 3):
            progress(count, count)
    assert out.getvalue().count("entr") == 2


@pytest.mark.parametrize(
    ("step", "count", "said"),
    [
        (Step.READING, (2, 88), "reading other Dockerfiles: 2 of 88"),
        (Step.ADVISING, (), "working out what can go"),
        (Step.EACH, (12, 1300), "working out what can go: build 12 of 1,300"),
        (
            *(Step.TOGETHER, (1, 3)),
            "working out what can go, with the others in mind: build 1 of 3",
        ),
        (
            *(Step.ALONE, (3, 3)),
            "working out what each Dockerfile could do alone: build 3 of 3",
        ),
    ],
)
def test_what_comes_after_a_walk_is_told_with_how_far_it_is(
    step: Step, count: tuple[int, ...], said: str
) -> None:
    out = Terminal()
    with Progress(out, clock=clock(0, 0.6, 0.6)) as progress:
        progress.advising(step, *count)
    assert out.getvalue() == f"{ERASE}{said}{ERASE}"


@pytest.mark.parametrize("step", Step)
def test_every_step_fits_on_a_line(step: Step) -> None:
    out = Terminal()
    with Progress(out, clock=clock(0, 0.6, 0.6)) as progress:
        progress.advising(step, 99_999, 99_999)
    assert "99,999 of 99,999" in out.getvalue()


def test_a_short_run_says_nothing_of_what_comes_after_its_walk() -> None:
    out = Terminal()
    with Progress(out, clock=clock(0, 0.1, 0.2, 0.4)) as progress:
        progress(1000, 10)
        progress.advising(Step.ADVISING)
        progress.advising(Step.EACH, 1, 2)
    assert out.getvalue() == ""


def test_what_is_told_now_is_shown_at_once() -> None:
    out = Terminal()
    with Progress(out, clock=clock(0, 0)) as progress:
        progress.tell_now(lambda: "starting")
    assert out.getvalue() == f"{ERASE}starting{ERASE}"


def test_an_interrupted_walk_leaves_no_line_behind() -> None:
    out = Terminal()
    progress = Progress(out, clock=clock(0, 0.6, 0.6))
    with contextlib.suppress(KeyboardInterrupt), progress:
        progress(1, 1)
        raise KeyboardInterrupt
    assert out.getvalue().endswith(ERASE)


def test_a_pipe_or_a_dumb_terminal_stays_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.StringIO()
    with Progress(pipe, clock=clock(0, 9, 9)) as progress:
        progress(1, 1)
    monkeypatch.setenv("TERM", "dumb")
    dumb = Terminal()
    with Progress(dumb, clock=clock(0, 9, 9)) as progress:
        progress(1, 1)
    assert pipe.getvalue() == dumb.getvalue() == ""
