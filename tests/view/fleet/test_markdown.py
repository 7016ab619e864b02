"""summary.md, looked at as a whole; and that no name is more than a name."""

from __future__ import annotations

import io
import re

import pytest

from ctxopt.core.fleet.records import FailureKind, FleetReport
from ctxopt.core.fleet.totals import report_of
from ctxopt.view.fleet import markdown
from tests.view.expected import assert_golden
from tests.view.fleet.fleets import FLEETS, SETTINGS, build, failed, line


def shown(report: FleetReport) -> str:
    out = io.StringIO()
    markdown.show(report, out)
    return out.getvalue()


@pytest.mark.parametrize("name", FLEETS)
def test_it_reads_as_it_was_approved(name: str) -> None:
    assert_golden(f"fleet-{name}.md", shown(FLEETS[name]()))


def test_no_name_is_more_than_a_name() -> None:
    said = shown(FLEETS["hostile"]())
    prose = re.sub(r"(`+).+?\1", "", said.replace("<!-- -->", "\0"))
    assert "harmed" in prose
    assert re.findall(r"(?<!\\)[<>{}]|@\w", prose) == []


def test_a_table_ends_where_nobody_reads_on() -> None:
    lines = [
        line(f"a{at}", build(), secrets=("x",) * 9, codes={f"code-{at}": 1})
        for at in range(60)
    ]
    said = shown(
        report_of(
            [*lines, *(failed(f"f{at}", FailureKind.LOST) for at in range(60))],
            SETTINGS,
        )
    )
    assert said.count("10 more: see index.html.") == 3
    assert said.count("`x`, `x`, `x`, 6 more") == 50
    assert "60 lost with the workers" in said
