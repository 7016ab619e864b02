"""What became of a fleet, in each form, looked at as a whole."""

from __future__ import annotations

import io
import itertools
import json
from collections.abc import Callable
from typing import Any, TextIO

import pytest

from ctxopt.core.fleet.comparing import FleetComparison
from ctxopt.view.fleet.comparison import json as as_json
from ctxopt.view.fleet.comparison import markdown, text
from ctxopt.view.terminal.layout import WIDEST, Page, cells
from ctxopt.view.terminal.output import plain
from tests.view.expected import assert_golden
from tests.view.fleet.comparisons import COMPARISONS, changed, many

Show = Callable[[FleetComparison, TextIO], None]


def shown(show: Show, found: FleetComparison) -> str:
    out = io.StringIO()
    show(found, out)
    return out.getvalue()


def lines_of(found: FleetComparison, width: int, encoding: str = "utf-8") -> list[str]:
    return [plain(one) for one in text.render(found, Page(width, encoding))]


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", COMPARISONS)
def test_the_text_looks_as_it_was_approved(name: str, width: int) -> None:
    lines = lines_of(COMPARISONS[name](), width)
    said = "".join(f"{line}\n" for line in lines)
    assert_golden(f"fleet-diff-{name}-{width}.txt", said)


@pytest.mark.parametrize("name", COMPARISONS)
def test_the_markdown_reads_as_it_was_approved(name: str) -> None:
    said = shown(markdown.show, COMPARISONS[name]())
    assert_golden(f"fleet-diff-{name}.md", said)


@pytest.mark.parametrize("name", ["changed", "hostile"])
def test_the_json_is_what_it_was(name: str) -> None:
    said = shown(as_json.show, COMPARISONS[name]())
    assert said.isascii()
    assert_golden(f"fleet-diff-{name}.json", said)


@pytest.mark.deep
@pytest.mark.parametrize("name", COMPARISONS)
def test_no_line_is_wider_than_the_page(name: str) -> None:
    found = COMPARISONS[name]()
    for width, encoding in itertools.product(range(40, WIDEST + 2), ["utf-8", "ascii"]):
        lines = lines_of(found, width, encoding)
        assert [one for one in lines if cells(one) > width] == [], width


def test_what_is_left_out_is_counted() -> None:
    said = "\n".join(lines_of(many(), 80))
    assert said.count("  25 more") == 6
    assert said.count("  24 more") == 1  # one of those that grow sends nothing still
    assert shown(markdown.show, many()).count("10 more.") == 6


def test_the_json_leaves_nothing_out() -> None:
    found = many()
    told: Any = json.loads(shown(as_json.show, found))
    for name in ("new", "gone", "better", "worse", "codes"):
        assert len(told[name]) == len(getattr(found, name))
    assert len(told["failed"]["now"]) == 30


def test_what_failed_at_one_time_has_no_size() -> None:
    told: Any = as_json.as_json(changed())
    (broken,) = [one for one in told["new"] if one["name"] == "new"]
    assert broken["wire_bytes"] is None
    assert [one["name"] for one in told["failed"]["now"]] == ["service-02"]
    assert [one["name"] for one in told["uneven"]] == ["small"]


def test_it_is_written_as_it_is_rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert shown(text.show, changed()).splitlines() == lines_of(changed(), 80)
