"""The sentences of `verify`, word for word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ctxopt.core.verify import (
    Comparison,
    Observation,
    Prediction,
    Verification,
    compare,
    with_whole,
)
from ctxopt.view.verify import SHOWN, describe

MEMBERS = ("Dockerfile", "src/", "src/a")
LEGACY = (
    Prediction(3072, "3.072kB", MEMBERS, alternative_wire_bytes=3584),
    Observation("28.2.2", None, 3072, "3.072kB", MEMBERS),
)
BUILDKIT = (
    Prediction(
        26_621_337,
        "26.62MB",
        dockerfile_wire_bytes=83,
        ignorefile_wire_bytes=2,
    ),
    Observation(
        "28.2.2 with buildx 0.21.1",
        "28.2.2",
        26_621_337,
        None,
        None,
        dockerfile_wire_bytes=83,
        ignorefile_wire_bytes=2,
    ),
)
OLD = (
    BUILDKIT[0],
    replace(
        BUILDKIT[1], client="20.10.24+dfsg1", engine="20.10.24+dfsg1", printed="26.62MB"
    ),
)
ASKED_LEGACY = "asked: docker client 28.2.2, legacy builder, no engine needed"
ASKED_BUILDKIT = (
    "asked: docker client 28.2.2 with buildx 0.21.1, engine 28.2.2, BuildKit"
)
ASKED_OLD = "asked: docker client 20.10.24+dfsg1, engine 20.10.24+dfsg1, BuildKit"
NOTE = (
    "note: this docker is 20.10.24+dfsg1: BuildKit before 23 matches ignore files "
    "differently, so the difference may be its age"
)

Pair = tuple[Prediction, Observation]


def said(
    pair: Pair,
    ours: dict[str, object] | None = None,
    theirs: dict[str, object] | None = None,
) -> list[str]:
    prediction = replace(pair[0], **(ours or {}))  # type: ignore[arg-type]
    observation = replace(pair[1], **(theirs or {}))  # type: ignore[arg-type]
    comparison = compare(prediction, observation)
    return list(describe(Verification(prediction, observation, comparison)))


@pytest.mark.parametrize(
    ("pair", "theirs", "lines"),
    [
        pytest.param(
            LEGACY,
            {},
            ['same: 3072 bytes, printed as "3.072kB", 3 entries', ASKED_LEGACY],
            id="the legacy client, with entries",
        ),
        pytest.param(
            LEGACY,
            {"wire_bytes": 3584, "printed": "3.584kB"},
            [
                (
                    'same: 3584 bytes, printed as "3.584kB", '
                    "the rarer of the two sizes predicted"
                ),
                ASKED_LEGACY,
            ],
            id="its rarer order",
        ),
        pytest.param(
            BUILDKIT,
            {},
            ["same: 26621337 bytes", ASKED_BUILDKIT],
            id="buildx, which prints nothing rounded",
        ),
        pytest.param(
            OLD,
            {},
            ['same: 26621337 bytes, printed as "26.62MB"', ASKED_OLD],
            id="the exact size from the engine",
        ),
        pytest.param(
            OLD,
            {"exact": False, "wire_bytes": 26_620_000},
            [
                'same: docker prints "26.62MB", as predicted',
                f"{ASKED_OLD}; it tells sizes rounded only",
            ],
            id="rounded",
        ),
    ],
)
def test_the_same(pair: Pair, theirs: dict[str, object], lines: list[str]) -> None:
    assert said(pair, {}, theirs) == lines


def test_both_refuse() -> None:
    error = "error from sender: syntax error in pattern"

    assert said(BUILDKIT, {"error": "syntax error"}, {"error": error}) == [
        f"same: both refuse: {error}",
        ASKED_BUILDKIT,
    ]


def test_nothing_is_transferred() -> None:
    nothing: dict[str, object] = {"wire_bytes": 0, "printed": None}

    assert said(BUILDKIT, nothing, nothing) == ["same: 0 bytes", ASKED_BUILDKIT]


@pytest.mark.parametrize(
    ("pair", "theirs", "lines"),
    [
        pytest.param(
            LEGACY,
            {"wire_bytes": 2048, "members": ("Dockerfile", "src/", "new\n")},
            [
                "differs: docker sends 2048 bytes, ctxopt says 3072 (-1024 bytes)",
                ASKED_LEGACY,
                "only ctxopt names: src/a",
                "only docker sends: new\\n",
            ],
            id="entries, harmless to print",
        ),
        pytest.param(
            LEGACY,
            {"members": ("src/", "src/a", "Dockerfile")},
            [
                (
                    "differs: 3072 bytes as predicted, but not the same entries or "
                    "small transfers"
                ),
                ASKED_LEGACY,
                "the same entries in another order",
            ],
            id="another order",
        ),
        pytest.param(
            BUILDKIT,
            {"wire_bytes": 26_621_338},
            [
                "differs: docker sends 26621338 bytes, ctxopt says 26621337 (+1 bytes)",
                ASKED_BUILDKIT,
            ],
            id="one byte",
        ),
        pytest.param(
            BUILDKIT,
            {"dockerfile_wire_bytes": 84, "ignorefile_wire_bytes": 0},
            [
                (
                    "differs: 26621337 bytes as predicted, but not the same entries or "
                    "small transfers"
                ),
                ASKED_BUILDKIT,
                "the Dockerfile's transfer: +1",
                "the ignore file's transfer: -2",
            ],
            id="the small transfers",
        ),
        pytest.param(
            OLD,
            {"exact": False, "wire_bytes": 26_630_000, "printed": "26.63MB"},
            [
                (
                    "differs: docker sends about 26630000 bytes, ctxopt says 26621337 "
                    "(about +8663 bytes)"
                ),
                f"{ASKED_OLD}; it tells sizes rounded only",
                NOTE,
            ],
            id="rounded, from an old docker",
        ),
        pytest.param(
            BUILDKIT,
            {"error": "error from sender: syntax error in pattern", "wire_bytes": 0},
            [
                (
                    "differs: docker refuses it, ctxopt does not: "
                    "error from sender: syntax error in pattern"
                ),
                ASKED_BUILDKIT,
            ],
            id="only docker refuses",
        ),
    ],
)
def test_a_difference(pair: Pair, theirs: dict[str, object], lines: list[str]) -> None:
    assert said(pair, {}, theirs) == lines


def test_only_we_refuse() -> None:
    assert said(BUILDKIT, {"error": "syntax error in pattern"}) == [
        "differs: docker takes it, ctxopt refuses: syntax error in pattern",
        ASKED_BUILDKIT,
    ]


def test_many_entries_are_counted_and_not_all_named() -> None:
    many = tuple(f"f{index:02}" for index in range(SHOWN + 3))

    lines = said(LEGACY, {}, {"members": (*MEMBERS, *many)})
    assert lines[2:] == [
        *(f"only docker sends: {name}" for name in many[:SHOWN]),
        "only docker sends: 3 more",
    ]


@pytest.mark.parametrize(
    ("theirs", "lines"),
    [
        pytest.param(
            ("Dockerfile", "src/", "x"),
            [
                "only ctxopt names (of the whole context): src/a",
                "only docker sends (of the whole context): x",
            ],
            id="other entries",
        ),
        pytest.param(
            MEMBERS,
            ["the whole context has the same entries: what is requested of it differs"],
            id="the same entries",
        ),
    ],
)
def test_names_of_the_whole_context(theirs: tuple[str, ...], lines: list[str]) -> None:
    found = Comparison(same=False, exact=True, difference_bytes=5)
    verification = Verification(*BUILDKIT, with_whole(found, MEMBERS, theirs))

    assert list(describe(verification))[2:] == lines
