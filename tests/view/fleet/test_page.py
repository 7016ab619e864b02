"""index.html as one file: what is let in, what it says, and what is no link."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import ctxopt.view.fleet as room
from ctxopt.core.fleet.records import FleetReport
from ctxopt.view.fleet.page import SCRIPTS, STYLES, content_of, href_of, page_of
from tests.view.expected import assert_golden
from tests.view.fleet.fleets import FLEETS, several
from tests.view.pages import (
    assert_lets_in_its_own_alone,
    assert_no_name_ends_its_block,
    content_in,
)


def as_read(report: FleetReport) -> object:
    return json.loads(json.dumps(content_of(report)))


@pytest.mark.parametrize("name", FLEETS)
def test_what_it_says_is_what_it_was_given(name: str) -> None:
    report = FLEETS[name]()
    page = page_of(report)
    assert content_in(page) == as_read(report)
    assert page == page_of(report)


def test_the_content_is_as_someone_last_read_it() -> None:
    lines = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(value)}"
        for name, value in content_of(several()).items()
    )
    assert_golden("fleet-page.json", f"{{\n{lines}\n}}\n")


def test_style_and_script_are_those_of_the_policy_and_nothing_else_runs() -> None:
    assert_lets_in_its_own_alone(page_of(several()))


def test_no_name_ends_the_block_that_it_stands_in() -> None:
    assert_no_name_ends_its_block(page_of(FLEETS["hostile"]()))


def test_what_nobody_knows_of_a_repository_is_null() -> None:
    said = content_of(FLEETS["failed"]())
    for name in ("sends", "again", "saves", "counts", "errors", "breaks", "lacks"):
        assert said[name] == [None, None]


LINKS = {
    "a page": ("pages/shop.html", "pages/shop.html"),
    "a name as no URL has it": ("pages/a b#?%.html", "pages/a%20b%23%3F%25.html"),
    "a byte that is not UTF-8": ("pages/\udcff.html", "pages/%FF.html"),
    "a name like a script": ("pages/javascript:1.html", "pages/javascript%3A1.html"),
    "a folder below": ("pages/acme/shop.html", "pages/acme/shop.html"),
    "none": (None, None),
    "nothing": ("", None),
    "a script": ("javascript:alert(1)", None),
    "a script that ends well": ("javascript:alert(1)//pages/.html", None),
    "another place": ("https://a.example/pages/a.html", None),
    "another host": ("//a.example/pages/a.html", None),
    "the disk": ("/pages/a.html", None),
    "a way out": ("pages/../../a.html", None),
    "what is no page": ("pages/a.svg", None),
}


@pytest.mark.parametrize(("page", "href"), LINKS.values(), ids=LINKS)
def test_only_pages_of_the_report_are_links(page: str | None, href: str | None) -> None:
    assert href_of(page) == href


def test_all_files_of_the_room_are_part_of_the_page() -> None:
    folder = Path(room.__path__[0])
    assert {one.name for one in folder.glob("*.js")} == {*SCRIPTS}
    assert {one.name for one in folder.glob("*.css")} == {*STYLES}
