"""The JSON of schema 1 holds still."""

from __future__ import annotations

import io
import json
import os
from typing import Any

import pytest

from ctxopt.core.model import Report, Tally, Transfer
from ctxopt.view.report import json as jsonview
from tests.view.expected import assert_golden
from tests.view.reports import REPORTS, buildkit, failing, folder, legacy, untold

FIELDS = [
    *("schema", "request", "ignore_file", "context", "transfer", "used", "unused"),
    *(
        "sources",
        "largest",
        "suggestions",
        "secrets",
        "held_back",
        "projection",
        "problems",
    ),
]


def printed(report: Report) -> str:
    out = io.StringIO()
    jsonview.show(report, out)
    return out.getvalue()


def loaded(report: Report) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(printed(report))
    return value


@pytest.mark.parametrize("name", REPORTS)
def test_the_json_is_what_was_approved(name: str) -> None:
    assert_golden(f"{name}.json", printed(REPORTS[name]()))


def test_the_fields_come_in_the_order_of_the_schema() -> None:
    assert list(loaded(buildkit())) == FIELDS


def test_extra_fields_appear_only_with_something_in_them() -> None:
    assert set(loaded(failing())) - set(FIELDS) == {"excluded", "named_contexts"}


def test_the_legacy_builder_has_no_fields_of_the_other() -> None:
    assert list(loaded(legacy())["transfer"]) == [
        *("entries", "files", "directories", "file_bytes", "wire_bytes", "printed"),
    ]


def test_what_is_not_transferred_is_zero_and_unprinted() -> None:
    transfer = buildkit()._replace(
        transfer=Transfer(Tally(), None, 35, 0, repeat_wire_bytes=0)
    )
    shown = loaded(transfer)["transfer"]
    assert shown["printed"] is None
    assert shown["wire_bytes"] == shown["repeat_wire_bytes"] == 0
    assert shown["ignorefile_wire_bytes"] == 0


def test_a_context_that_cannot_be_told_is_null() -> None:
    assert loaded(untold())["context"] is None


def test_bytes_that_are_not_utf8_come_back_from_the_json() -> None:
    name = os.fsdecode(b"caf\xe9")
    shown = printed(buildkit()._replace(largest=(folder(name, 1, 1),)))
    assert shown.isascii()
    assert r"caf\udce9" in shown
    assert os.fsencode(json.loads(shown)["largest"][0]["path"]) == b"caf\xe9"
