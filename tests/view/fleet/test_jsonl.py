"""report.jsonl: a line a repository, of schema ctxopt/fleet/1."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from ctxopt.core.fleet.records import FleetReport
from ctxopt.view.fleet import jsonl
from tests.view.expected import assert_golden
from tests.view.fleet.fleets import FLEETS, broken, failed, hostile, several, shop


def shown(report: FleetReport) -> str:
    out = io.StringIO()
    jsonl.show(report, out)
    return out.getvalue()


def told(report: FleetReport) -> list[Any]:
    return [json.loads(line) for line in shown(report).splitlines()]


@pytest.mark.parametrize("name", ["several", "hostile"])
def test_it_is_what_it_was(name: str) -> None:
    assert_golden(f"fleet-{name}.jsonl", shown(FLEETS[name]()))


@pytest.mark.parametrize("name", FLEETS)
def test_each_repository_is_one_ascii_line_in_the_order_of_the_report(
    name: str,
) -> None:
    report = FLEETS[name]()
    text = shown(report)
    assert text.isascii()
    assert text.count("\n") == len(report.lines)
    assert [one["name"] for one in told(report)] == [one.name for one in report.lines]
    assert {one["schema"] for one in told(report)} <= {"ctxopt/fleet/1"}


def test_names_come_back_as_they_are() -> None:
    assert told(hostile())[0]["secrets"] == [*hostile().lines[0].secrets]


def test_what_it_took_is_the_only_field_with_a_time_that_passed() -> None:
    report = several()
    later = report._replace(
        lines=tuple(one._replace(seconds=one.seconds + 9) for one in report.lines)
    )
    before, after = told(report), told(later)
    for one in (*before, *after):
        del one["took_seconds"]
    assert before == after


def test_counts_do_not_depend_on_what_was_found_first() -> None:
    one = shop()
    other = one._replace(codes=dict(reversed([*one.codes.items()])))
    first, second = (several()._replace(lines=(each,)) for each in (one, other))
    assert shown(first) == shown(second)


def test_of_a_repository_that_failed_nothing_is_zero() -> None:
    said: Any = jsonl.line_json(failed("gone"))
    nothing = {name for name, value in said.items() if value is None}
    assert nothing >= {
        *("wire_bytes", "repeat_wire_bytes", "saved", "secrets", "codes"),
        *("severities", "breaks_cache", "lacks_ignore_file"),
    }
    assert said["failure"] == {"kind": "clone", "message": "it is not there"}


def test_where_no_build_is_measured_what_is_wrong_is_told() -> None:
    said: Any = jsonl.line_json(broken())
    assert said["wire_bytes"] is said["saved"] is said["lacks_ignore_file"] is None
    assert said["codes"] == {"dockerfile-invalid": 2, "secret-env": 1}
    assert said["secrets"] == ["web/.env"]


def test_of_a_build_that_was_not_measured_sizes_are_unknown() -> None:
    said: Any = jsonl.line_json(shop())
    (one,) = [each for each in said["builds"] if each["error"]]
    assert (one["wire_bytes"], one["repeat_wire_bytes"], one["files"]) == (None,) * 3
