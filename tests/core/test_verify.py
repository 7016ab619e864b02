"""Same or different, by how much, and where."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ctxopt.core.verify import Comparison, Observation, Prediction, compare, with_whole

EXPECTED = Prediction(
    wire_bytes=3072,
    printed="3.072kB",
    members=("Dockerfile", "src/", "src/a"),
    dockerfile_wire_bytes=59,
    ignorefile_wire_bytes=2,
)
OBSERVED = Observation(
    client="28.2.2",
    engine=None,
    wire_bytes=3072,
    printed="3.072kB",
    members=("Dockerfile", "src/", "src/a"),
    dockerfile_wire_bytes=59,
    ignorefile_wire_bytes=2,
)
SAME = Comparison(same=True, exact=True)


@pytest.mark.parametrize(
    ("expected", "observed"),
    [
        pytest.param(EXPECTED, OBSERVED, id="all is equal"),
        pytest.param(
            EXPECTED, replace(OBSERVED, members=None), id="docker names no entries"
        ),
        pytest.param(
            replace(EXPECTED, members=None), OBSERVED, id="we name no entries"
        ),
        pytest.param(
            EXPECTED,
            replace(OBSERVED, dockerfile_wire_bytes=None, ignorefile_wire_bytes=None),
            id="docker tells less",
        ),
        pytest.param(
            replace(EXPECTED, error="illegal exclusion pattern"),
            replace(OBSERVED, error="syntax error", wire_bytes=0),
            id="both refuse, each in its words",
        ),
        pytest.param(
            replace(EXPECTED, alternative_wire_bytes=3000),
            replace(OBSERVED, wire_bytes=3000, members=("Dockerfile", "src/a", "src/")),
            id="the client took its rarer order",
        ),
    ],
)
def test_the_same(expected: Prediction, observed: Observation) -> None:
    assert compare(expected, observed) == SAME


@pytest.mark.parametrize(
    ("change", "found"),
    [
        pytest.param(
            {"wire_bytes": 3584},
            Comparison(same=False, exact=True, difference_bytes=512),
            id="docker sends more",
        ),
        pytest.param(
            {"wire_bytes": 2048, "members": ("Dockerfile", "src/")},
            Comparison(
                same=False, exact=True, difference_bytes=-1024, missing=("src/a",)
            ),
            id="an entry is missing",
        ),
        pytest.param(
            {"members": ("Dockerfile", "b", "src/", "src/a")},
            Comparison(same=False, exact=True, extra=("b",)),
            id="an entry too many",
        ),
        pytest.param(
            {"members": ("src/", "src/a", "Dockerfile")},
            Comparison(same=False, exact=True, reordered=True),
            id="another order",
        ),
        pytest.param(
            {"dockerfile_wire_bytes": 60, "ignorefile_wire_bytes": 0},
            Comparison(
                same=False,
                exact=True,
                dockerfile_difference_bytes=1,
                ignorefile_difference_bytes=-2,
            ),
            id="the small transfers",
        ),
        pytest.param(
            {"error": "syntax error in pattern"},
            Comparison(same=False, exact=True, error_differs=True),
            id="only docker refuses",
        ),
    ],
)
def test_different(change: dict[str, object], found: Comparison) -> None:
    assert compare(EXPECTED, replace(OBSERVED, **change)) == found  # type: ignore[arg-type]


def test_only_we_refuse() -> None:
    expected = replace(EXPECTED, error="syntax error in pattern")

    assert compare(expected, OBSERVED).error_differs


@pytest.mark.parametrize(
    ("wire_bytes", "printed", "difference"),
    [
        pytest.param(26_620_000, "26.62MB", 0, id="equal as far as docker prints"),
        pytest.param(26_630_000, "26.63MB", 8_663, id="not even that"),
    ],
)
def test_a_rounded_number_is_compared_as_printed(
    wire_bytes: int, printed: str, difference: int
) -> None:
    expected = Prediction(wire_bytes=26_621_337, printed="26.62MB")
    observed = replace(
        OBSERVED, wire_bytes=wire_bytes, printed=printed, members=None, exact=False
    )
    comparison = compare(expected, observed)

    assert comparison.same is (difference == 0)
    assert comparison.difference_bytes == difference
    assert not comparison.exact


@pytest.mark.parametrize(
    ("client", "engine", "told"),
    [
        pytest.param("20.10.24+dfsg1", "20.10.24+dfsg1", True, id="both old"),
        pytest.param("28.2.2 with buildx 0.21", "20.10.24", True, id="old engine"),
        pytest.param("28.2.2 with buildx 0.21", "28.2.2", False, id="both current"),
        pytest.param("20.10.24", None, False, id="no engine, no BuildKit"),
        pytest.param("dev", "dev", False, id="versions nobody can read"),
    ],
)
def test_an_old_buildkit_is_told_where_it_differs(
    client: str, engine: str | None, *, told: bool
) -> None:
    observed = replace(OBSERVED, client=client, engine=engine)

    assert compare(EXPECTED, observed).note is None
    note = compare(EXPECTED, replace(observed, wire_bytes=1)).note
    assert (note is not None and "before 23" in note) is told


def test_names_of_the_whole_context_are_added() -> None:
    found = Comparison(same=False, exact=True, difference_bytes=5, note="old")

    assert with_whole(found, ("a", "b"), ("c", "a")) == replace(
        found, whole=True, missing=("b",), extra=("c",)
    )
