"""The sums of a fleet are those of its lines."""

from __future__ import annotations

import pytest

from ctxopt.core.fleet.records import FailureKind, FleetTotals
from ctxopt.core.fleet.totals import in_week, report_of, totals_of
from tests.view.fleet.fleets import (
    SETTINGS,
    broken,
    build,
    failed,
    line,
    several,
    shop,
    small,
)


def test_no_repository_comes_to_nothing() -> None:
    assert totals_of([]) == FleetTotals(codes={}, severities={}, failures={})


def test_each_sum_is_that_of_the_lines() -> None:
    one, other = shop(), small()
    totals = totals_of(iter([one, other, line("docs"), failed("gone")]))
    assert totals == FleetTotals(
        repositories=4,
        measured=2,
        empty=1,
        failed=1,
        builds=4,
        unmeasured_builds=1,
        wire_bytes=1_000_040_000,
        repeat_wire_bytes=54_000,
        saved_wire_bytes=870_500_000,
        saved_repeat_wire_bytes=31_000,
        saved_seconds=12.5,
        saved_repeat_seconds=0.26,
        with_secrets=1,
        breaking_cache=1,
        lacking_ignore_file=1,
        codes={
            "build-unmeasured": (1, 1),
            "cluttered": (1, 1),
            "secret-env": (1, 1),
            "secret-key": (1, 1),
        },
        severities={"error": 2, "warning": 2},
        failures={"clone": 1},
    )


def test_what_failed_is_counted_and_no_more() -> None:
    assert totals_of([failed("gone")]) == FleetTotals(
        repositories=1, failed=1, codes={}, severities={}, failures={"clone": 1}
    )


def test_where_no_build_is_measured_what_is_wrong_is_known() -> None:
    assert totals_of([broken()]) == FleetTotals(
        repositories=1,
        failed=1,
        builds=2,
        unmeasured_builds=2,
        with_secrets=1,
        codes={"dockerfile-invalid": (1, 2), "secret-env": (1, 1)},
        severities={"error": 3},
        failures={"refused": 1},
    )


def test_what_is_most_frequent_stands_first() -> None:
    lines = [
        line("a", build(), codes={"rare": 1, "loud": 9, "usual": 1, "none": 0}),
        line("b", build(), codes={"usual": 1, "loud": 1}),
        line("c", build(), codes={"also-rare": 1}),
        failed("d", FailureKind.MEMORY),
        failed("e", FailureKind.TIMEOUT),
        failed("f", FailureKind.TIMEOUT),
    ]
    totals = totals_of(lines)
    assert [*totals.codes] == ["loud", "usual", "also-rare", "rare"]
    assert [*totals.failures.items()] == [("timeout", 2), ("memory", 1)]


def test_a_build_that_is_not_measured_lacks_no_ignore_file() -> None:
    (one,) = [line("a", build(ignored=True), build("b", None, ignored=False))]
    assert totals_of([one]).lacking_ignore_file == 0


def test_the_largest_stand_first_and_those_that_failed_last() -> None:
    names = [one.name for one in several().lines]
    assert names[:2] == ["shop", "service-12"]
    assert names[-6:] == ["small", "docs", "broken", "gone", "lost", "slow"]


def test_the_order_does_not_depend_on_who_came_first() -> None:
    lines = several().lines
    again = report_of(reversed(lines), SETTINGS)
    assert again.lines == lines
    assert again.totals.wire_bytes == several().totals.wire_bytes


@pytest.mark.parametrize("builds", [0, 1, 50])
def test_a_week_is_so_many_builds(builds: int) -> None:
    week = in_week(totals_of([shop(), small()]), builds)
    assert week == (870_500_000 * builds, 12.5 * builds, 31_000 * builds, 0.26 * builds)
