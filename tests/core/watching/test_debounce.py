from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxopt.core.watching.debounce import (
    LONGEST_SECONDS,
    QUIET_SECONDS,
    Debouncer,
    PendingChanges,
)

# --- when ------------------------------------------------------------------------


def test_idle_waits_for_nothing() -> None:
    gathering = Debouncer()
    assert gathering.due(5.0) is None
    assert gathering.take() == PendingChanges()
    assert not gathering.take()


def test_an_event_waits_for_silence() -> None:
    gathering = Debouncer()
    gathering.touched("", "a", 10.0)
    assert gathering.due(10.0) == pytest.approx(10.05)
    gathering.touched("", "b", 10.04)
    assert gathering.due(10.04) == pytest.approx(10.09)


def test_a_process_that_writes_all_the_time_does_not_hold_it_up() -> None:
    gathering = Debouncer()
    for step in range(30):
        gathering.touched("", "log", 10.0 + step * 0.01)
    assert gathering.due(10.29) == pytest.approx(10.25)


def test_every_kind_of_event_wakes() -> None:
    events: list[Callable[[Debouncer], None]] = [
        lambda one: one.touched("a", "b", 1.0),
        lambda one: one.folder_changed("a", 1.0),
        lambda one: one.folder_changed("", 1.0),
        lambda one: one.lost(1.0),
        lambda one: one.outside("/x/Dockerfile", 1.0),
    ]
    for event in events:
        gathering = Debouncer()
        event(gathering)
        assert gathering.due(1.0) == pytest.approx(1.05)
        assert gathering.take()


def test_to_take_begins_anew() -> None:
    gathering = Debouncer()
    gathering.touched("a", "b", 1.0)
    assert gathering.take().touched == {"a": frozenset({"b"})}
    assert gathering.due(1.25) is None
    assert not gathering.take()
    gathering.touched("c", "d", 2.0)
    assert gathering.due(2.0) == pytest.approx(2.05)
    assert gathering.take().touched == {"c": frozenset({"d"})}


def test_a_late_event_of_another_thread_cuts_nothing_short() -> None:
    gathering = Debouncer()
    gathering.touched("", "a", 10.02)
    gathering.touched("", "b", 10.01)
    assert gathering.due(10.02) == pytest.approx(10.07)


def test_a_clock_that_went_back_makes_it_due_at_once() -> None:
    gathering = Debouncer()
    gathering.touched("", "a", 1000.0)
    assert gathering.due(3.0) == 3.0
    gathering.touched("", "b", 3.1)
    assert gathering.due(3.1) == 3.1
    assert gathering.take().touched == {"": frozenset({"a", "b"})}
    gathering.touched("", "c", 3.2)
    assert gathering.due(3.2) == pytest.approx(3.25)


def test_a_clock_that_leapt_ahead_makes_it_due_at_once() -> None:
    gathering = Debouncer()
    gathering.touched("", "a", 10.0)
    due = gathering.due(99_999.0)
    assert due is not None
    assert due < 99_999.0
    gathering.touched("", "b", 99_999.0)
    due = gathering.due(99_999.0)
    assert due is not None
    assert due < 99_999.0
    assert gathering.take().paths == ("a", "b")


@given(
    st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=20),
    st.floats(-1e9, 1e9),
)
def test_no_clock_can_lose_or_hold_back_an_event(
    times: list[float], now: float
) -> None:
    gathering = Debouncer()
    for number, time in enumerate(times):
        gathering.touched("", str(number), time)
    due = gathering.due(now)
    assert due is not None
    # The clock's own grain, where it shows a huge number.
    assert due <= now + LONGEST_SECONDS + QUIET_SECONDS + 1e-6
    taken = gathering.take()
    assert taken.touched == {"": frozenset(map(str, range(len(times))))}


# --- pausing ---------------------------------------------------------------------


def test_a_pause_keeps_events_until_it_ends() -> None:
    gathering = Debouncer()
    gathering.touched("", "before", 1.0)
    gathering.pause()
    gathering.touched("", "during", 2.0)
    assert gathering.due(3.0) is None
    assert not gathering.take()
    gathering.resume(100.0)
    due = gathering.due(100.0)
    assert due is not None
    assert due <= 100.0
    assert gathering.take().paths == ("before", "during")


def test_it_says_whether_it_is_paused() -> None:
    gathering = Debouncer()
    states = [gathering.paused]
    for change in (gathering.pause, lambda: gathering.resume(1.0)):
        change()
        states.append(gathering.paused)
    assert states == [False, True, False]


def test_a_pause_without_events_wakes_nobody() -> None:
    gathering = Debouncer()
    gathering.pause()
    gathering.resume(5.0)
    assert gathering.due(5.0) is None


def test_to_resume_without_a_pause_changes_nothing() -> None:
    gathering = Debouncer()
    gathering.touched("", "a", 1.0)
    gathering.resume(1.0)
    assert gathering.due(1.0) == pytest.approx(1.05)


# --- what ------------------------------------------------------------------------


def test_names_are_gathered_by_folder() -> None:
    gathering = Debouncer()
    for folder, name in [("", "a"), ("x/y", "b"), ("x/y", "c"), ("x/y", "b")]:
        gathering.touched(folder, name, 1.0)
    taken = gathering.take()
    assert taken.touched == {"": frozenset("a"), "x/y": frozenset("bc")}
    assert taken.paths == ("a", "x/y/b", "x/y/c")
    assert taken.subtrees == ()
    assert not taken.everything


@pytest.mark.parametrize("backwards", [False, True])
def test_what_lies_below_a_folder_read_anew_is_dropped(backwards: bool) -> None:  # noqa: FBT001
    events: list[Callable[[Debouncer], None]] = [
        lambda one: one.touched("", "a", 1.0),
        lambda one: one.touched("a", "b", 1.0),
        lambda one: one.touched("a/b", "c", 1.0),
        lambda one: one.touched("a/b/c", "d", 1.0),
        lambda one: one.touched("a/bc", "e", 1.0),
        lambda one: one.folder_changed("a/b/x/y", 1.0),
        lambda one: one.folder_changed("a/b", 1.0),
        lambda one: one.folder_changed("a/b", 1.0),
        lambda one: one.folder_changed("z", 1.0),
    ]
    gathering = Debouncer()
    for event in reversed(events) if backwards else events:
        event(gathering)
    taken = gathering.take()
    assert taken.subtrees == ("a/b", "z")
    assert taken.touched == {
        "": frozenset({"a"}),
        "a": frozenset({"b"}),
        "a/bc": frozenset({"e"}),
    }
    assert taken.paths == ("a", "a/b", "a/bc/e", "z")


def test_a_changed_root_is_everything() -> None:
    gathering = Debouncer()
    gathering.touched("a", "b", 1.0)
    gathering.folder_changed("", 1.0)
    gathering.folder_changed("c", 1.0)
    assert gathering.take() == PendingChanges(everything=True)


def test_a_loss_is_everything_until_it_is_taken() -> None:
    gathering = Debouncer()
    gathering.folder_changed("a", 1.0)
    gathering.lost(1.0)
    gathering.touched("a", "b", 1.0)
    gathering.lost(1.0)
    taken = gathering.take()
    assert taken.everything
    assert not taken.touched
    assert not taken.subtrees
    gathering.touched("a", "b", 2.0)
    assert not gathering.take().everything


def test_what_is_outside_survives_a_loss() -> None:
    gathering = Debouncer()
    gathering.outside("/x/Dockerfile", 1.0)
    gathering.lost(1.0)
    gathering.outside("/x/Dockerfile.dockerignore", 1.0)
    taken = gathering.take()
    assert taken.outside == {"/x/Dockerfile", "/x/Dockerfile.dockerignore"}
    assert not gathering.take().outside


@pytest.mark.parametrize(
    ("folders", "everything"),
    [
        pytest.param(2_000, False, id="as many as it takes one by one"),
        pytest.param(2_001, True, id="one more"),
    ],
)
def test_too_many_folders_are_everything(folders: int, *, everything: bool) -> None:
    gathering = Debouncer()
    for number in range(folders):
        gathering.touched(f"d{number}", "x", 1.0)
        gathering.touched(f"d{number}", "y", 1.0)
    taken = gathering.take()
    assert taken.everything is everything
    assert len(taken.touched) == (0 if everything else folders)


def test_a_new_tree_of_many_folders_is_one_folder() -> None:
    gathering = Debouncer(folders=10)
    gathering.touched("", "new", 1.0)
    gathering.folder_changed("new", 1.0)
    for number in range(1_000):
        gathering.folder_changed(f"new/{number}", 1.0)
        gathering.touched(f"new/{number}", "x", 1.0)
    taken = gathering.take()
    assert taken.subtrees == ("new",)
    assert taken.touched == {"": frozenset({"new"})}


def test_folders_that_turn_out_to_lie_below_another_do_not_count() -> None:
    gathering = Debouncer(folders=10)
    for number in range(10):
        gathering.touched(f"old/{number}", "x", 1.0)
    gathering.folder_changed("old", 1.0)
    taken = gathering.take()
    assert taken.subtrees == ("old",)
    assert not taken.touched


def test_too_many_names_are_everything() -> None:
    gathering = Debouncer(names=100)
    for _ in range(2):
        for number in range(100):
            gathering.touched("a" if number % 2 else "b", str(number), 1.0)
    assert len(gathering.take().paths) == 100
    for number in range(101):
        gathering.touched("a", str(number), 2.0)
    assert gathering.take().everything


FOLDERS = st.sampled_from(["", "a", "a/b", "a/b/c", "ab", "b", "b/a", "b/a/c"])


@given(st.lists(st.tuples(st.booleans(), FOLDERS), max_size=12))
def test_the_order_of_events_does_not_matter(events: list[tuple[bool, str]]) -> None:
    def gathered(order: list[tuple[bool, str]]) -> PendingChanges:
        gathering = Debouncer()
        for is_touch, folder in order:
            if is_touch:
                gathering.touched(folder, "n", 1.0)
            else:
                gathering.folder_changed(folder, 1.0)
        return gathering.take()

    taken = gathered(events)
    assert taken == gathered(events[::-1])
    # Nothing that was reported is missing.
    for is_touch, folder in events:
        above = [folder[:end] for end in range(len(folder)) if folder[end] == "/"]
        is_anew = any(path in taken.subtrees for path in (*above, folder))
        assert taken.everything or is_anew or (is_touch and folder in taken.touched)
