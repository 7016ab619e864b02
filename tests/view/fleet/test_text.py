"""What a terminal shows at the end of a fleet, looked at as a whole."""

from __future__ import annotations

import io
import itertools

import pytest

from ctxopt.core.fleet.records import FailureKind, FleetReport
from ctxopt.core.fleet.totals import report_of
from ctxopt.view.fleet import text
from ctxopt.view.terminal.layout import WIDEST, Page, cells
from ctxopt.view.terminal.output import plain
from tests.view.expected import assert_golden
from tests.view.fleet.fleets import (
    FLEETS,
    SETTINGS,
    build,
    failed,
    line,
    several,
    shop,
)

SCREEN = 40


def lines_of(report: FleetReport, width: int, encoding: str = "utf-8") -> list[str]:
    page = Page(width, encoding)
    return [plain(one) for one in text.render(report, page, where="report/index.html")]


def vast() -> FleetReport:
    """As much as there can be to say of a fleet."""
    codes = {f"code-{at}": at + 1 for at in range(40)}
    return report_of(
        [
            *(
                line(
                    f"{'group/' * 9}repository-{at}",
                    build(sent=10**15 + at, again=10**14, ignored=False),
                    saved_wire_bytes=10**14,
                    saved_repeat_wire_bytes=10**13,
                    saved_seconds=123_456.0,
                    saved_repeat_seconds=23_456.0,
                    secrets=("a", "b"),
                    breaks_cache=True,
                    codes=codes,
                    severities={"error": 12_345, "warning": 12_345},
                )
                for at in range(300)
            ),
            *(line(f"empty-{at}") for at in range(20)),
            *(failed(f"{kind}", kind, "no " * 80) for kind in FailureKind),
        ],
        SETTINGS,
    )


@pytest.mark.parametrize("width", [44, 80, 120])
@pytest.mark.parametrize("name", FLEETS)
def test_it_looks_as_it_was_approved(name: str, width: int) -> None:
    lines = lines_of(FLEETS[name](), width)
    assert_golden(f"fleet-{name}-{width}.txt", "".join(f"{line}\n" for line in lines))


def test_in_ascii_it_looks_as_it_was_approved() -> None:
    lines = lines_of(several(), 80, "ascii")
    assert_golden("fleet-several-ascii.txt", "".join(f"{line}\n" for line in lines))


@pytest.mark.parametrize("width", [80, 120])
def test_it_fits_on_a_screen_whatever_there_is_to_say(width: int) -> None:
    lines = lines_of(vast(), width)
    assert len(lines) <= SCREEN
    assert lines[-1] == "Report   report/index.html"


@pytest.mark.deep
@pytest.mark.parametrize("name", FLEETS)
def test_no_line_is_wider_than_the_page(name: str) -> None:
    fleets = (FLEETS[name](), vast())
    for width, encoding in itertools.product(range(40, WIDEST + 2), ["utf-8", "ascii"]):
        for report in fleets:
            lines = lines_of(report, width, encoding)
            assert [one for one in lines if cells(one) > width] == [], width


def test_of_a_fleet_that_failed_no_size_is_told() -> None:
    said = "\n".join(lines_of(FLEETS["failed"](), 80))
    assert "Sends" not in said
    assert "1 could not be cloned, 1 took too long" in said


def test_what_would_cost_more_is_said_to() -> None:
    one = shop()._replace(saved_wire_bytes=-5_000, saved_seconds=-0.5)
    said = "\n".join(lines_of(report_of([one], SETTINGS), 120))
    assert "-250.0 kB and -25 s" in said


def test_it_is_written_as_it_is_rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    out = io.StringIO()
    text.show(several(), out, where="report/index.html")
    assert out.getvalue().splitlines() == lines_of(several(), 80)
