"""What the builds of one call send several times."""

from __future__ import annotations

import pytest

from ctxopt.core.builds.records import SentTwice
from ctxopt.core.builds.repeated import Sending, sent_twice


def sending(build: str, *paths: str, size: int = 100, **more: object) -> Sending:
    made = Sending(build, "docker-bake.hcl", "/shop", ".", "", paths, size)
    return made._replace(**more)  # type: ignore[arg-type]


def told(*sendings: Sending) -> list[tuple[tuple[str, ...], bool, int]]:
    return [
        (one.builds, one.alike, one.again_wire_bytes) for one in sent_twice(sendings)
    ]


@pytest.mark.parametrize(
    ("sendings", "expected"),
    [
        pytest.param([sending("a", "/")], [], id="one sends it once"),
        pytest.param(
            [sending(name, "/") for name in "abc"],
            [(("a", "b", "c"), True, 200)],
            id="all of it, three times (docker/buildx#1377)",
        ),
        pytest.param(
            [sending("a", "/src"), sending("b", "/src")],
            [(("a", "b"), True, 100)],
            id="the same paths",
        ),
        pytest.param(
            [sending("a", "/src"), sending("b", "/docs")],
            [],
            id="different folders are no repetition",
        ),
        pytest.param(
            [sending("a", "/src", size=30), sending("b", "/")],
            [(("b", "a"), False, 30)],
            id="a part of the whole",
        ),
        pytest.param(
            [sending("a", "/src/x", "/y*", size=30), sending("b", "/src", "/y*")],
            [(("b", "a"), False, 30)],
            id="a file of a folder, and the same wildcard",
        ),
        pytest.param(
            [sending("a", "/srcs", size=30), sending("b", "/src")],
            [],
            id="a name that only begins alike is no part",
        ),
        pytest.param(
            [sending("a", "/src/x", "/z", size=30), sending("b", "/src")],
            [],
            id="only a part that is whole in the other counts",
        ),
        pytest.param(
            [
                sending("a", "/"),
                sending("b", "/src", size=30),
                sending("c", "/src", size=30),
            ],
            [(("b", "c"), True, 30), (("a", "b", "c"), False, 30)],
            id="parts that are alike are counted once beside the whole",
        ),
        pytest.param(
            [sending("a", "/"), sending("b", "/", call="compose.yaml")],
            [],
            id="two calls share nothing",
        ),
        pytest.param(
            [sending("a", "/"), sending("b", "/", path="/other")],
            [],
            id="two folders are two",
        ),
        pytest.param(
            [sending("a", "/"), sending("b", "/", ignore_file="/b.dockerignore")],
            [],
            id="two ignore files make two transfers",
        ),
        pytest.param(
            [sending("a", "/x", size=0), sending("b", "/x", size=0)],
            [],
            id="nothing is sent",
        ),
    ],
)
def test_what_is_sent_again(
    sendings: list[Sending], expected: list[tuple[tuple[str, ...], bool, int]]
) -> None:
    assert told(*sendings) == expected


def names_of(*sendings: Sending) -> list[str]:
    return [one.context_name for one in sent_twice(sendings)]


def linkable(build: str, **more: object) -> Sending:
    return sending(build, "/", is_linkable=True, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sendings", "name"),
    [
        pytest.param([linkable("a"), linkable("b")], "src", id="targets of bake"),
        pytest.param(
            [linkable("src"), linkable("b")], "source", id="a name that is free"
        ),
        pytest.param(
            [linkable("a"), sending("b", "/")], "", id="a service of compose cannot"
        ),
        pytest.param(
            [
                linkable(name, ignore_file="/d", has_own_ignore_file=True)
                for name in "ab"
            ],
            "",
            id="a target of its own has no ignore file of another Dockerfile",
        ),
    ],
)
def test_a_target_that_would_send_it_for_all(
    sendings: list[Sending], name: str
) -> None:
    assert names_of(*sendings) == [name]


def test_what_weighs_most_comes_first() -> None:
    made: tuple[SentTwice, ...] = sent_twice(
        [
            *(sending(name, "/", path="/small", size=1) for name in "ab"),
            *(sending(name, "/", path="/large", size=9) for name in "cd"),
        ]
    )
    assert [one.path for one in made] == ["/large", "/small"]
