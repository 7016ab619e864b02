"""A picture with fewer spots weighs the same, whatever is asked of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from ctxopt.core.picture.coarser import coarser
from ctxopt.core.picture.records import Spot, SpotKind, SpotState

FOLDER, FILE, REST = SpotKind.FOLDER, SpotKind.FILE, SpotKind.REST
SWEPT, NAMED = SpotState.SWEPT, SpotState.NAMED

leaves = st.builds(
    Spot,
    name=st.sampled_from(["a", "b", "c"]),
    parent=st.just(-1),
    kind=st.sampled_from([FILE, REST]),
    entries=st.integers(1, 5),
    weight=st.integers(0, 1000),
    state=st.sampled_from([SWEPT, NAMED]),
    takers=st.sampled_from([(), (0,), (0, 1)]),
    chosen_by=st.integers(0, 2),
)
folders = st.recursive(
    st.lists(leaves, max_size=4),
    lambda inside: st.lists(leaves | inside, max_size=5),
    max_leaves=40,
)


def laid(folder: Sequence[object], parent: int = -1) -> list[Spot]:
    """Nested lists as spots, a folder before what is in it."""
    spots = [Spot("f", parent, FOLDER)]

    def put(some: Sequence[object], around: int) -> None:
        for one in some:
            if isinstance(one, Spot):
                spots.append(one._replace(parent=around))
            elif isinstance(one, list):
                here = len(spots)
                spots.append(Spot("f", around, FOLDER))
                put(one, here)

    put(folder, 0)
    return spots


def weighed(spots: Sequence[Spot]) -> tuple[Counter[object], Counter[object]]:
    """Bytes and entries by all that decides what becomes of them."""
    weights: Counter[object] = Counter()
    entries: Counter[object] = Counter()
    for one in spots:
        key = one.state, one.takers, one.chosen_by
        weights[key] += one.weight
        entries[key] += one.entries
    return +weights, +entries


@given(folders, st.integers(2, 30))
def test_nothing_is_lost_and_folders_come_first(
    folder: Sequence[object], most: int
) -> None:
    spots = laid(folder)
    made = coarser(spots, most)
    assert weighed(made) == weighed(spots)
    assert made[0].parent == -1
    for at, one in enumerate(made[1:], 1):
        assert 0 <= one.parent < at
        assert made[one.parent].kind is FOLDER
    assert len(made) <= len(spots)


def test_what_fits_stays_as_it_is() -> None:
    spots = laid([[Spot("a", -1, FILE, 1, 5)], Spot("b", -1, FILE, 1, 7)])
    assert coarser(spots, len(spots)) == tuple(spots)


def test_the_heaviest_folder_stays_open_and_a_folder_of_one_kind_is_one_spot() -> None:
    heavy = [Spot("x", -1, FILE, 1, 900, SWEPT), Spot("y", -1, FILE, 1, 50, SWEPT)]
    light = [Spot("z", -1, FILE, 1, 10, SWEPT), Spot("w", -1, FILE, 1, 10, SWEPT)]
    mixed = [
        Spot("n", -1, FILE, 1, 3, NAMED),
        Spot("s", -1, FILE, 1, 4, SWEPT),
        Spot("t", -1, FILE, 1, 2, SWEPT, chosen_by=1),
        Spot("u", -1, FILE, 1, 1, SWEPT, takers=(0,)),
        Spot("v", -1, FILE, 1, 5, SWEPT),
    ]
    made = coarser(laid([heavy, light, mixed]), 5)
    assert [(one.name, one.parent, one.kind, one.weight) for one in made] == [
        ("f", -1, FOLDER, 0),
        ("f", 0, FOLDER, 0),
        ("x", 1, FILE, 900),
        ("y", 1, FILE, 50),
        ("f", 0, FOLDER, 20),
        ("f", 0, FOLDER, 0),
        ("", 5, REST, 3),
        ("", 5, REST, 9),
        ("", 5, REST, 2),
        ("", 5, REST, 1),
    ]
