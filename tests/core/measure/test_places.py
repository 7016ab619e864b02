"""The largest places are chosen well, and without looking at all of them each time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxopt.core.measure import places
from ctxopt.core.measure.places import Candidate, TopPlaces

LIMIT = 3


def folder(position: int, least: int, more: int) -> Candidate:
    span = (position, position + 1)
    most = least + more
    return Candidate(
        path=f"{position}",
        kind="directory",
        files=1,
        least_bytes=least,
        most_bytes=most,
        file_bytes=0,
        wire_bytes=0,
        own_bytes=0,
        used_bytes=0,
        mask=0,
        span=span,
        sent=span,
    )


@given(
    sizes=st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=400),
    data=st.data(),
)
def test_whoever_wins_in_the_end_is_still_there(
    sizes: list[tuple[int, int]], data: st.DataObject
) -> None:
    """Whatever becomes of the bytes that may count elsewhere."""
    chosen = TopPlaces(LIMIT)
    exact = []
    for position, (least, more) in enumerate(sizes):
        chosen.offer(folder(position, least, more))
        exact.append(least + (more and data.draw(st.sampled_from([0, more]))))
    best = sorted(range(len(exact)), key=lambda one: -exact[one])[:LIMIT]
    assert {str(one) for one in best} <= {one.path for one in chosen.candidates}


@pytest.mark.parametrize("count", [1_000, 10_000])
def test_candidates_that_all_may_win_are_sorted_a_few_times_only(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ranked = 0
    rank = Candidate.rank

    def counting(one: Candidate) -> tuple[int, int, int, int]:
        nonlocal ranked
        ranked += 1
        return rank(one)

    monkeypatch.setattr(places.Candidate, "rank", counting)
    chosen = TopPlaces(LIMIT)
    for position in range(count):
        chosen.offer(folder(position, 0, 1 + position % 7))
    assert len(chosen.candidates) == count
    assert ranked <= 3 * count
