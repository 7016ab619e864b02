"""What all builds save together."""

from __future__ import annotations

import pytest

from ctxopt.core.builds.totals import projections, savings, waste
from tests.view.builds.repositories import projection, shop, single


def test_the_sums_go_over_all_ignore_files() -> None:
    saved = savings(shop())
    assert saved is not None
    each = projections(shop())
    assert [*each] == ["docs", "web", "api", "worker", "cron", "notifications-gateway"]
    assert saved.wire_bytes == sum(map(waste, each.values())) == 703_402_880
    assert saved.repeat_wire_bytes == 118_536
    assert saved.seconds == pytest.approx(703_402_880 / 50_000_000)
    assert saved.profile == "local"


def test_without_advice_nobody_can_tell() -> None:
    assert savings(single()) is None


def test_lines_that_weigh_more_than_they_keep_out_are_no_waste() -> None:
    assert waste(projection(100, 130)) == 0
