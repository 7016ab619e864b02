"""What became of a fleet: known where both reports know it, unknown elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from ctxopt.core.fleet.comparing import (
    CodeChange,
    FleetComparison,
    SecretChange,
    SizeChange,
    Uneven,
    compare,
)
from ctxopt.core.fleet.records import FleetLine, RowState
from ctxopt.core.fleet.totals import totals_of
from tests.view.fleet.fleets import GIT, build, failed, line, several


def sends(name: str, sent: int, again: int = 0, **more: object) -> FleetLine:
    """A repository of one build."""
    return line(name, build("web", sent, again), **more)


def names(lines: tuple[FleetLine, ...]) -> list[str]:
    return [one.name for one in lines]


def test_a_fleet_is_like_itself() -> None:
    lines = several().lines
    found = compare(lines, lines)
    totals = totals_of(lines)
    assert found == FleetComparison(
        before=totals,
        after=totals,
        compared=15,
        before_wire_bytes=totals.wire_bytes,
        wire_bytes=totals.wire_bytes,
        before_repeat_wire_bytes=totals.repeat_wire_bytes,
        repeat_wire_bytes=totals.repeat_wire_bytes,
        failed_still=4,
    )


def test_what_came_and_went_is_told_the_largest_first() -> None:
    found = compare(
        [sends("a", 1), sends("b", 2), sends("c", 3)],
        [sends("c", 3), sends("d", 4), sends("e", 5), failed("f")],
    )
    assert names(found.new) == ["e", "d", "f"]
    assert names(found.gone) == ["b", "a"]
    assert (found.compared, found.wire_bytes) == (1, 3)
    assert (found.before.wire_bytes, found.after.wire_bytes) == (6, 12)


def test_what_sends_more_is_worse_and_what_sends_less_is_better() -> None:
    found = compare(
        [sends("a", 10, 5), sends("b", 10), sends("c", 10), sends("d", 10)],
        [sends("a", 7, 6), sends("b", 30), sends("c", 11), sends("d", 10)],
    )
    assert found.better == (SizeChange("a", "a", f"{GIT}/a.git", 10, 7, 5, 6),)
    assert [(one.name, one.more) for one in found.worse] == [("b", 20), ("c", 1)]
    assert (found.before_wire_bytes, found.wire_bytes) == (40, 58)
    assert (found.before_repeat_wire_bytes, found.repeat_wire_bytes) == (
        5_000 - 4_995,
        6,
    )


def test_what_failed_at_one_time_is_neither_better_nor_worse() -> None:
    secret = sends("b", 10, secrets=("k",), codes={"cluttered": 1})
    found = compare([sends("a", 10), failed("b"), failed("c")], [failed("a"), secret])
    assert (found.better, found.worse, found.codes, found.compared) == ((), (), (), 0)
    assert names(found.failed_now) == ["a"]
    assert names(found.failed_before) == ["b"]
    assert names(found.gone) == ["c"]
    assert found.failed_still == 0
    assert found.secrets_came == ()
    assert found.secrets_seen == (SecretChange("b", "b", "k"),)


@dataclass(frozen=True, slots=True)
class Builds:
    """Sizes of builds, before and after; None: it could not be measured."""

    before: dict[str, int | None]
    after: dict[str, int | None]
    apart: tuple[str, ...] = ()


BUILDS = {
    "measured both times": Builds({"a": 1, "b": 2}, {"a": 1, "b": 3}),
    "at no time": Builds({"a": 1, "b": None}, {"a": 2, "b": None}),
    "a new one": Builds({"a": 1}, {"a": 1, "b": 2}),
    "one that is gone": Builds({"a": 1, "b": 2}, {"a": 1}),
    "not before": Builds({"a": 1, "b": None}, {"a": 1, "b": 2}, ("b",)),
    "not now": Builds({"a": 1, "b": 2}, {"a": 1, "b": None}, ("b",)),
    "one each time": Builds({"a": 1, "b": None}, {"a": None, "b": 2}, ("a", "b")),
    "a new one that is not measured": Builds({"a": 1}, {"a": 1, "b": None}, ("b",)),
}


@pytest.mark.parametrize("case", BUILDS.values(), ids=BUILDS)
def test_sizes_are_compared_where_the_same_builds_are_known(case: Builds) -> None:
    before, after = (
        line("x", *(build(name, sent) for name, sent in sizes.items()))
        for sizes in (case.before, case.after)
    )
    found = compare([before], [after])
    uneven = (Uneven("x", "x", f"{GIT}/x.git", case.apart),) if case.apart else ()
    assert found.uneven == uneven
    assert found.compared == (not case.apart)
    if case.apart:
        assert (found.better, found.worse, found.wire_bytes) == ((), (), 0)
    else:
        assert found.wire_bytes == after.wire_bytes


def test_findings_are_compared_repository_by_repository() -> None:
    """That as many have it as before is not that nothing changed."""
    found = compare(
        [sends("a", 1, codes={"old": 3, "moves": 1}), sends("b", 1, codes={"same": 1})],
        [sends("a", 1, codes={"new": 1}), sends("b", 1, codes={"same": 9, "moves": 1})],
    )
    assert found.codes == (
        CodeChange("moves", 1, 1, 1, 1),
        CodeChange("new", 0, 1, 1, 0),
        CodeChange("old", 1, 0, 0, 1),
    )


def test_secrets_come_and_go_by_their_paths() -> None:
    found = compare(
        [
            sends("a", 1, secrets=("k", "old")),
            sends("gone", 1, secrets=("x",)),
            line("b", build("web"), build("api", None), secrets=("k",)),
        ],
        [
            sends("a", 1, secrets=("k", "new")),
            sends("fresh", 1, secrets=("y",)),
            line("b", build("web"), build("api", 1), secrets=("k", "z")),
        ],
    )
    assert found.secrets_came == (
        SecretChange("a", "a", "new"),
        SecretChange("fresh", "fresh", "y"),
    )
    assert found.secrets_went == (SecretChange("a", "a", "old"),)
    assert found.secrets_seen == (SecretChange("b", "b", "z"),)


def test_a_repository_with_nothing_left_to_build_sends_less() -> None:
    found = compare([sends("a", 5)], [line("a")])
    assert found.after.empty == 1
    assert [one.more for one in found.better] == [-5]


def test_a_repository_is_known_by_its_name_and_called_by_its_label() -> None:
    before = sends("shop-1", 5, label="acme/shop", secrets=("k",))
    other = sends("shop-2", 9, label="acme/shop")
    after = before._replace(wire_bytes=7, secrets=("k", "new"))
    found = compare([before, other], [other, after])
    (change,) = found.worse
    assert (change.name, change.label) == ("shop-1", "acme/shop")
    assert found.secrets_came == (SecretChange("shop-1", "acme/shop", "new"),)


WORSE = {
    "it sends more": (sends("a", 9), True),
    "it sends less": (sends("a", 1), False),
    "it sends the same": (sends("a", 5), False),
    "it failed": (failed("a"), True),
    "a secret came": (sends("a", 5, secrets=("k",)), True),
    "a finding came": (sends("a", 5, codes={"braces": 1}), True),
}


@pytest.mark.parametrize("case", WORSE)
def test_it_is_said_whether_anything_got_worse(case: str) -> None:
    now, is_worse = WORSE[case]
    assert compare([sends("a", 5)], [now]).is_worse is is_worse


def test_what_is_new_with_a_secret_in_it_is_worse() -> None:
    assert not compare([], [sends("a", 5), failed("b")]).is_worse
    assert compare([], [sends("a", 5, secrets=("k",))]).is_worse


def test_the_order_of_the_reports_says_nothing() -> None:
    old = several().lines
    new = tuple(
        one if one.state is RowState.FAILED else one._replace(wire_bytes=at)
        for at, one in enumerate(old)
    )
    assert compare(old[::-1], new[::-1]) == compare(old, new)
