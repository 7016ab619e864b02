"""What becomes of a place, as far as the sources tell that take it."""

from __future__ import annotations

import pytest

from ctxopt.core.model import Location, Source
from ctxopt.core.picture.records import SpotState
from ctxopt.core.picture.states import Takers
from ctxopt.core.sources.wanted import CopySource

NAMED, SWEPT, MIXED = SpotState.NAMED, SpotState.SWEPT, SpotState.MIXED


def takers(*paths: str) -> Takers:
    """Sources of these paths; one with a star is a wildcard."""
    place = Location("Dockerfile", 1, 1)
    return Takers(
        [
            CopySource(
                Source("COPY", "0", place, path, path),
                path="" if "*" in path else path,
                glob=path if "*" in path else None,
            )
            for path in paths
        ]
    )


@pytest.mark.parametrize(
    ("paths", "state"),
    [
        pytest.param([""], SWEPT, id="COPY . . sweeps in"),
        pytest.param(["*"], SWEPT, id="COPY * . does so too"),
        pytest.param(["a"], NAMED, id="what is said by its path is named"),
        pytest.param(["*.jar"], NAMED, id="a wildcard with a text names what it hits"),
        pytest.param(["", "a"], NAMED, id="what one of two names is named"),
        pytest.param([], SpotState.UNUSED, id="what nobody takes is sent for nobody"),
    ],
)
def test_a_file_is_in_the_state_of_those_that_take_it(
    paths: list[str], state: SpotState
) -> None:
    assert takers(*paths).of_file(range(len(paths))) is state


@pytest.mark.parametrize(
    ("paths", "folder", "apart", "state"),
    [
        pytest.param(["", "src"], "src/a", [], NAMED, id="named with its folder"),
        pytest.param(["", "src/a/b"], "src/a", [], MIXED, id="a part of it is named"),
        pytest.param(
            ["", "src/a/b"], "src/a", ["src/a/b"], SWEPT, id="but that is drawn apart"
        ),
        pytest.param(["", "srca"], "src", [], MIXED, id="whose name only begins alike"),
        pytest.param([""], "src", [], SWEPT, id="swept in"),
        pytest.param(["src/*.c"], "src", [], NAMED, id="all that is sent is named"),
    ],
)
def test_what_is_summed_up_is_in_one_state_or_said_to_be_mixed(
    paths: list[str], folder: str, apart: list[str], state: SpotState
) -> None:
    told = takers(*paths)
    assert told.of_many(folder, range(len(paths)), used=True, apart=apart) is state


def test_what_is_used_in_part_is_mixed() -> None:
    assert takers("").of_many("a", [0], used=False) is MIXED
    assert takers("a").of_many("a", [0], used=False) is NAMED
    assert takers("").of_many("a", [], used=False) is SpotState.UNUSED
