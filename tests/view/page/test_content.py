"""A page of many builds: it stays small, and all of them are told of."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from ctxopt.core.model import Request
from ctxopt.core.picture.records import Spot, SpotKind, SpotState, Stretch
from ctxopt.errors import CtxoptError
from ctxopt.pipeline.advice import Estimate
from ctxopt.pipeline.picture import analyze_with_picture
from ctxopt.view.page.build import OUT_OF_ORDER, Drawn
from ctxopt.view.page.content import MOST_ROWS, content_of
from ctxopt.view.page.html import MOST_BYTES, page_of
from ctxopt.view.page.sealed import encoded
from ctxopt.view.page.sharing import Shelf
from tests.view.pages import content_in


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    """A build with suggestions and a secret."""
    root = tmp_path_factory.mktemp("content") / "shop"
    (root / "logs").mkdir(parents=True)
    (root / "Dockerfile").write_text("FROM scratch\nCOPY . /all\n")
    (root / "logs" / "a.log").write_bytes(b"x" * 40_000)
    (root / ".env").write_text("API_TOKEN=9f8e7d6c5b4a39281706f5e4d3c2b1a0\n")
    return Drawn("", *analyze_with_picture(Request(root), estimate=Estimate()))


def many(drawn: Drawn, count: int, spots: int) -> list[Drawn]:
    """So many builds that have little in common, those that send most first."""
    drawing = random.Random(1)  # noqa: S311  # the same each time

    def places() -> Iterator[Spot]:
        yield Spot("", -1, SpotKind.FOLDER)
        for at in range(1, spots):
            name, weight = f"{drawing.randrange(10**8)}.js", drawing.randrange(10**6)
            if at % 8 == 1:
                yield Spot(name, 0, SpotKind.FOLDER)
            else:
                around = at - (at - 1) % 8
                yield Spot(name, around, SpotKind.FILE, 1, weight, SpotState.SWEPT)

    def cost(at: int) -> Any:
        now = drawn.picture.now
        tally = now.transfer._replace(wire_bytes=1000 + count - at)
        return now._replace(transfer=tally)

    return [
        drawn._replace(
            name=f"services/service-{at:05}/Dockerfile",
            picture=drawn.picture._replace(spots=tuple(places()), now=cost(at)),
        )
        for at in range(count)
    ]


def whole(made: Any, value: Any) -> Any:
    """As `whole` of the page reads it."""
    is_part = isinstance(value, dict) and "part" in value
    return made["parts"][value["part"]] if is_part else value


@pytest.mark.parametrize(
    ("count", "spots", "least"),
    [
        pytest.param(1, 4000, 1, id="one"),
        pytest.param(19, 400, 19, id="a repository"),
        pytest.param(300, 400, 100, id="hundreds", marks=pytest.mark.deep),
        pytest.param(2000, 40, 200, id="thousands", marks=pytest.mark.deep),
    ],
)
def test_a_page_stays_small_and_tells_of_every_build(
    drawn: Drawn, count: int, spots: int, least: int
) -> None:
    builds = many(drawn, count, spots)
    page = page_of(builds, "1.0")
    assert len(page) < MOST_BYTES
    made = content_in(page)
    assert least <= len(made["builds"])
    assert len(made["builds"]) + len(made["others"]) + made["rest"][0] == count
    sent = [whole(made, one["now"])["transfer"] for one in made["builds"]]
    sent += [row[1] for row in made["others"]]
    assert sent == [1000 + count - at for at in range(len(sent))]
    whole_sum = sum(one.picture.now.transfer.wire_bytes for one in builds)
    assert sum(sent) + made["rest"][1] == whole_sum


def test_builds_that_are_alike_are_drawn_once_in_all_detail(drawn: Drawn) -> None:
    (first,) = many(drawn, 1, 1500)
    alike = [first._replace(name=f"Dockerfile.{at}") for at in range(200)]
    page = page_of(alike, "1.0")
    made = content_in(page)
    assert len(page) < MOST_BYTES
    assert len(made["builds"]) == 200
    names = {json.dumps(one["spots"]) for one in made["builds"]}
    assert len(names) == 1
    spots = whole(made, made["builds"][199]["spots"])
    assert len(whole(made, spots["names"])) == 1500


def test_what_is_shared_is_what_was_given() -> None:
    long = [*range(30)]
    build = {"name": "a", "spots": {"names": long, "few": [1]}, "known": long}
    shelf = Shelf()
    one, other = shelf.shared(build), shelf.shared({**build, "name": "b"})
    made = {"parts": shelf.parts}
    assert (one["name"], other["name"]) == ("a", "b")
    assert one["spots"] == other["spots"]
    spots = whole(made, one["spots"])
    assert {key: whole(made, value) for key, value in spots.items()} == build["spots"]
    assert whole(made, one["known"]) == long
    assert shelf.size == sum(len(encoded(part)) + 1 for part in shelf.parts)


@pytest.mark.deep
def test_names_without_an_end_and_errors_without_an_end_are_summed_up(
    drawn: Drawn,
) -> None:
    builds = [
        one._replace(name=f"{one.name}-{'x' * 350}") for one in many(drawn, 1500, 4)
    ]
    failed = [(one.name, CtxoptError("it is gone")) for one in builds]
    page = page_of(builds, "1.0", failed)
    made = content_in(page)
    assert len(page) < MOST_BYTES
    assert made["rest"][0] > 0
    assert len(made["failed"]) + made["moreFailed"] == 1500
    assert len(encoded(made["failed"])) <= MOST_ROWS + 2


def test_a_list_without_an_end_says_how_much_is_left_out(drawn: Drawn) -> None:
    report = drawn.report
    (secret,) = report.secrets
    secrets = tuple(secret._replace(path=f"{at}/.env") for at in range(5000))
    made: Any = content_of([drawn._replace(report=report._replace(secrets=secrets))])
    (build,) = made["builds"]
    assert len(build["secrets"]) + build["more"]["secrets"] == 5000


@pytest.mark.deep
def test_a_stream_too_long_for_a_page_is_told_without_its_order(drawn: Drawn) -> None:
    entries = 800_000
    course = drawn.picture.context
    course = course._replace(
        total=course.total._replace(entries=entries),
        stretches=(Stretch(entries, 0),),
        packets=bytes([2, 3, 9, 17]) * (entries // 4),
        aside=(),
    )
    picture = drawn.picture._replace(context=course, transfer=None)
    page = page_of([drawn._replace(picture=picture)], "1.0", most_bytes=200_000)
    assert len(page) < 200_000
    (build,) = content_in(page)["builds"]
    assert build["about"] == [OUT_OF_ORDER]
    assert build["known"]
    assert build["context"]["packets"]["codes"] == ""
