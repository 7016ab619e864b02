"""The JSON of ctxopt/scan-all/1 holds still."""

from __future__ import annotations

import io
import json
import os
from typing import Any

import pytest

from ctxopt.core.builds.records import RepositoryReport
from ctxopt.view.builds import json as jsonview
from ctxopt.view.report import json as one_build
from tests.view.builds.repositories import REPOSITORIES, hostile, shop, single
from tests.view.expected import assert_golden

Json = dict[str, Any]


def printed(report: RepositoryReport) -> str:
    out = io.StringIO()
    jsonview.show(report, out)
    return out.getvalue()


def loaded(report: RepositoryReport) -> Json:
    value: Json = json.loads(printed(report))
    return value


@pytest.mark.parametrize("name", ["shop", "single", "clean", "hostile"])
def test_the_json_is_what_was_approved(name: str) -> None:
    assert_golden(f"all-{name}.json", printed(REPOSITORIES[name]()))


@pytest.mark.parametrize("name", REPOSITORIES)
def test_each_build_has_the_very_object_of_one_build(name: str) -> None:
    report = REPOSITORIES[name]()
    for one, shown in zip(report.builds, loaded(report)["builds"], strict=True):
        if one.report is None:
            assert shown["report"] is None
            continue
        alone = io.StringIO()
        one_build.show(one.report, alone)
        assert shown["report"] == json.loads(alone.getvalue())
        assert list(shown["report"]) == list(json.loads(alone.getvalue()))


def test_a_build_has_a_report_or_an_error() -> None:
    for one in loaded(shop())["builds"]:
        assert (one["report"] is None) is (one["error"] is not None)


def test_the_order_is_that_of_the_table() -> None:
    names = [one["name"] for one in loaded(shop())["builds"]]
    assert names == [one.name for one in shop().builds]


def test_what_nobody_asked_for_is_null() -> None:
    assert loaded(single())["totals"]["saved"] is None


def test_a_problem_that_builds_share_is_there_for_each() -> None:
    found = [one for one in loaded(shop())["problems"] if one["subject"] == "/build/"]
    assert [one["build"] for one in found] == [
        *("web", "api", "worker", "cron", "notifications-gateway"),
    ]
    assert {one["file"] for one in found} == {".dockerignore"}


def test_a_problem_of_a_file_that_names_builds_is_of_no_build() -> None:
    (found,) = [one for one in loaded(shop())["problems"] if one["subject"] == "TAG"]
    assert (found["build"], found["file"], found["line"]) == (None, "compose.yaml", 60)


def test_bytes_that_are_not_utf8_come_back_from_the_json() -> None:
    shown = printed(hostile())
    assert shown.isascii()
    names = [os.fsencode(one["name"]) for one in json.loads(shown)["builds"]]
    assert b"caf\xe9" in names
