"""What is selected and chosen, while suggestions come and go."""

from __future__ import annotations

import pytest

from ctxopt.core.model import Report
from ctxopt.core.watching.moment import Written
from ctxopt.view.watch.screen_state import ScreenState
from tests.view import reports
from tests.view.moments import busy

MADE = busy().report.suggestions


def of(*numbers: int) -> Report:
    """A report with these of the suggestions, in this order."""
    return busy().report._replace(suggestions=tuple(MADE[one] for one in numbers))


def state_of(
    *numbers: int, selected: int = 0, chosen: tuple[int, ...] = ()
) -> ScreenState:
    """One that knows suggestions, and has some of them chosen and one selected."""
    state = ScreenState()
    state.keep(of(*numbers), written=None)
    for number in chosen:
        state.select(number)
        state.choose()
    state.select(selected)
    return state


def seen(state: ScreenState, report: Report) -> tuple[int, set[int]]:
    watched = state.on(busy()._replace(report=report, written=None))
    return watched.selected, set(watched.chosen)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param((0, 1, 2, 3), (1, {1, 2}), id="nothing is different"),
        pytest.param((3, 2, 1, 0), (2, {1, 2}), id="another order"),
        pytest.param((2, 3), (1, {0}), id="the selected one is gone, its place stays"),
        pytest.param((2,), (0, {0}), id="its place is gone, too: the last one"),
        pytest.param((0, 3), (1, set()), id="what was chosen is gone"),
        pytest.param((), (0, set()), id="all are gone"),
    ],
)
def test_both_stay_with_their_suggestions(
    after: tuple[int, ...], expected: tuple[int, set[int]]
) -> None:
    state = state_of(0, 1, 2, 3, selected=1, chosen=(1, 2))
    assert seen(state, of(*after)) == expected


def test_what_comes_back_is_not_chosen_any_more() -> None:
    state = state_of(0, 1, chosen=(1,))
    state.keep(of(0), written=None)
    assert seen(state, of(0, 1)) == (0, set())


def test_neither_end_is_passed() -> None:
    state = state_of(0, 1)
    for step, expected in (
        *((state.up, 0), (state.down, 1), (state.down, 1)),
        *((state.up, 0), (state.up, 0)),
    ):
        step()
        assert seen(state, of(0, 1))[0] == expected


def test_where_nothing_is_suggested_nothing_is_chosen() -> None:
    state = ScreenState()
    state.keep(reports.buildkit(), written=None)
    for step in (state.down, state.choose, state.up, state.choose):
        step()
    assert seen(state, reports.buildkit()) == (0, set())
    assert state.chosen == frozenset()


def test_to_choose_again_is_to_leave_out() -> None:
    state = state_of(0, 1, chosen=(0, 1, 0))
    assert state.chosen == {MADE[1].id}


def test_who_has_written_begins_a_new_choice() -> None:
    state = state_of(0, 1, 2, chosen=(1,))
    first = Written(("logs",), ".dockerignore", by_itself=False)
    state.keep(of(0, 1, 2), written=first)
    assert state.chosen == frozenset()
    state.choose()
    state.keep(of(0, 1, 2), written=first)
    assert state.chosen == {MADE[0].id}
    state.keep(of(0, 1, 2), written=None)  # it was taken back
    assert state.chosen == {MADE[0].id}
    state.keep(of(0, 1, 2), written=Written(*first))  # the same, once more
    assert state.chosen == frozenset()


def test_the_reason_is_shown_where_it_was_asked_for() -> None:
    state = state_of(0)
    assert not state.on(busy()).reason_shown
    state.reason_shown = True
    assert state.on(busy()).reason_shown
