"""The page of a fleet in a browser: sums, filters, order, keys, and hostile names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ctxopt.core.fleet.records import FleetReport, FleetSettings
from ctxopt.core.fleet.totals import in_week, report_of, totals_of
from ctxopt.view.fleet.page import page_of
from tests.browser.conftest import Browser
from tests.view.fleet.fleets import FLEETS, build, failed, line, several

Open = Callable[[FleetReport], Browser]


@pytest.fixture
def show_fleet(browser: Browser, tmp_path: Path) -> Open:
    """Opens the page of a fleet, from disk."""

    def open_page(report: FleetReport) -> Browser:
        page = tmp_path / "index.html"
        page.write_bytes(page_of(report))
        browser.open(page.as_uri())
        return browser

    return open_page


@pytest.fixture
def page(show_fleet: Open) -> Browser:
    return show_fleet(several())


def vast(count: int) -> FleetReport:
    """Many repositories, alike in nothing but how they are made."""
    lines = [
        line(
            f"team-{at % 17}-service-{at:05}",
            build("web", 7_919 * (at * 37 % count + 1), 40 * at, ignored=at % 3 > 0),
            build("api", 1_000 * at, 10 * at),
            saved_wire_bytes=4_000 * at,
            saved_seconds=at / 100,
            secrets=("a/.env", "b/.env") if at % 40 == 0 else (),
            breaks_cache=at % 7 == 0,
            codes={f"code-{(at + step * at) % 60}": step for step in range(1, 5)},
            severities={"warning": 10},
        )
        if at % 50
        else failed(f"gone-{at:05}")
        for at in range(count)
    ]
    return report_of(lines, FleetSettings(made_by="1.0.0"))


def names(page: Browser) -> list[str]:
    found: list[str] = page.run(
        "return [...document.querySelectorAll('#table tbody .name')]"
        ".map((one) => one.textContent)"
    )
    return found


def value(page: Browser, name: str) -> int:
    """The number behind a total."""
    return int(
        page.run(f"return document.querySelector('#total-{name}').dataset.value")
    )


def attribute(page: Browser, selector: str, name: str) -> Any:
    script = "return document.querySelector(arguments[0]).getAttribute(arguments[1])"
    return page.run(script, selector, name)


def type_into(page: Browser, selector: str, text: str) -> None:
    page.run("document.querySelector(arguments[0]).focus()", selector)
    for letter in text:
        page.press(letter)


# --- what it says ----------------------------------------------------------------


def test_it_opens_from_disk_and_asks_for_nothing_else(page: Browser) -> None:
    assert page.said() == []
    (asked,) = page.log()
    assert asked.startswith("file://")
    for selector in ("[data-question=secrets]", "[data-column=name]", "#clear"):
        page.click(selector)
    assert page.said() == []
    assert page.log() == []


def test_all_repositories_are_shown_the_largest_first(page: Browser) -> None:
    report = several()
    assert names(page) == [one.called for one in report.lines]
    assert attribute(page, "#table th", "aria-sort") is None
    assert attribute(page, "#table thead th:nth-child(2)", "aria-sort") == "descending"
    for name, expected in (
        ("sends", report.totals.wire_bytes),
        ("again", report.totals.repeat_wire_bytes),
        ("saves", report.totals.saved_wire_bytes),
        ("repositories", 19),
    ):
        assert value(page, name) == expected
    links = page.run(
        "return [...document.querySelectorAll('a')].map((a) => a.getAttribute('href'))"
    )
    assert links == [one.page for one in report.lines if one.page]
    table = page.text("#table")
    assert "could not be cloned: fatal: repository not found" in table
    assert "nothing to build" in table
    assert "could not be read or measured: none of its builds" in table
    assert "8d3f0b7c1e" in table


@pytest.mark.parametrize("name", ["nothing", "failed", "well"])
def test_a_fleet_of_little_or_nothing_has_a_page(show_fleet: Open, name: str) -> None:
    page = show_fleet(FLEETS[name]())
    assert page.said() == []
    assert "Nothing was found." in page.text("main")


def test_a_week_is_as_many_builds_as_are_typed(page: Browser) -> None:
    assert page.text("#week").startswith("With")
    assert "builds a week of each image, each on a fresh runner, " in page.text("#week")
    assert page.text("#week-fresh") == "47.42 GB and 17 min"
    assert page.text("#week-kept") == "1.55 MB and 13 s"
    page.run("document.getElementById('builds').value = ''")
    type_into(page, "#builds", "1000")
    week = in_week(several().totals, 1000)
    assert week.wire_bytes == 948_500_000_000
    assert week.seconds / 3600 == pytest.approx(5.64, abs=0.01)
    assert page.text("#week-fresh") == "948.5 GB and 6 h"
    page.press("-")
    assert attribute(page, "#builds", "aria-invalid") == "true"
    assert page.text("#week-fresh") == "948.5 GB and 6 h"


# --- filters ---------------------------------------------------------------------


def test_each_question_shows_those_that_it_is_about(page: Browser) -> None:
    lines = several().lines
    asked = {
        "secrets": [one for one in lines if one.secrets],
        "breaks": [one for one in lines if one.breaks_cache],
        "lacks": [one for one in lines if one.lacks_ignore_file],
        "failed": [one for one in lines if one.failure],
    }
    for question, found in asked.items():
        selector = f"[data-question={question}]"
        assert page.text(selector).endswith(f" {len(found)}")
        page.click(selector)
        assert attribute(page, selector, "aria-pressed") == "true"
        assert names(page) == [one.called for one in found]
        assert value(page, "sends") == totals_of(found).wire_bytes
        said = f"{len(found)} of 19 repositories"
        assert said in page.text("#caption")
        assert said in page.text("#live")
        page.click(selector)
    assert len(names(page)) == 19


def test_what_failed_sends_no_zero_bytes(page: Browser) -> None:
    page.click("[data-question=failed]")
    assert page.text("#total-sends") == page.text("#week-fresh") == "not known"
    assert page.text("#caption") == "4 of 19 repositories: none could be measured"
    type_into(page, "#search", "no such thing")
    assert page.text("#total-sends") == "0 B"


def test_questions_and_words_narrow_each_other(page: Browser) -> None:
    page.click("[data-question=breaks]")
    assert names(page) == ["acme/shop", "service-10", "service-05"]
    type_into(page, "#search", "service")
    assert names(page) == ["service-10", "service-05"]
    page.click("[data-question=lacks]")
    assert names(page) == ["service-05"]
    assert "of 1.23 GB" in page.text("#totals")
    page.press("ESCAPE", on="#search")
    assert names(page) == ["acme/shop", "service-05"]
    page.click("#clear")
    assert len(names(page)) == 19
    assert page.run("return document.activeElement.id") == "search"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("SHOP", ["acme/shop"]),
        ("id_rsa", ["acme/shop"]),
        ("authentication failed", ["lost"]),
        ("/home/you", ["small"]),
        ("no such thing", []),
    ],
)
def test_names_places_secrets_and_reasons_are_searched(
    page: Browser, words: str, found: list[str]
) -> None:
    type_into(page, "#search", words)
    assert names(page) == found


def test_a_finding_shows_those_that_have_it(page: Browser) -> None:
    first = "#codes tbody tr:first-child button"
    assert page.text("#codes tbody tr:first-child").split("\n")[0] == "cluttered"
    page.click("#codes tbody tr:nth-child(2) button")
    assert names(page) == [f"service-{at:02}" for at in range(12, 6, -1)]
    assert page.text("#code") != ""
    assert page.run("return document.getElementById('code').value") == "1"
    assert page.run("return document.activeElement.getAttribute('aria-pressed')") == (
        "true"
    )
    page.run(
        "const code = document.getElementById('code'); code.value = '4';"
        "code.dispatchEvent(new Event('change'))"
    )
    assert names(page) == ["acme/shop"]
    assert page.run("return document.getElementById('failed').hidden")
    page.click(first)
    page.click("#clear")
    assert len(names(page)) == 19


# --- order -----------------------------------------------------------------------


def test_the_table_sorts_by_each_column_and_back(page: Browser) -> None:
    lines = several().lines
    known = [one.called for one in lines if one.failure is None]
    unknown = [one.called for one in lines if one.failure is not None]
    page.click("[data-column=name]")
    assert names(page) == sorted(one.called for one in lines)
    assert attribute(page, "#table th", "aria-sort") == "ascending"
    page.click("[data-column=name]")
    assert names(page) == sorted((one.called for one in lines), reverse=True)
    page.click("[data-column=sends]")
    assert names(page) == known + unknown
    page.click("[data-column=sends]")
    assert names(page) == known[::-1] + unknown
    page.click("[data-column=secrets]")
    assert names(page)[:2] == ["acme/shop", "broken"]
    assert names(page)[-3:] == ["gone", "lost", "slow"]


def test_keys_alone_do_all_of_it(page: Browser) -> None:
    page.press("ENTER", on="[data-question=breaks]")
    assert len(names(page)) == 3
    page.press("ENTER", on="[data-column=name]")
    assert names(page) == ["acme/shop", "service-05", "service-10"]
    focused = "return document.activeElement.dataset.column"
    assert page.run(focused) == "name"
    page.press(" ")
    assert names(page) == ["service-10", "service-05", "acme/shop"]
    page.press("TAB")
    assert page.run(focused) == "sends"


def test_many_rows_are_shown_a_slice_at_a_time(show_fleet: Open) -> None:
    page = show_fleet(vast(150))
    assert len(names(page)) == 60
    assert page.text("#more-rows") == "Show 60 of 90 more rows"
    page.press("ENTER", on="#more-rows")
    assert len(names(page)) == 120
    assert page.run("return document.activeElement.textContent") == names(page)[60]
    page.click("#more-rows")
    assert names(page) == [one.called for one in vast(150).lines]
    assert page.run("return document.getElementById('more-rows').hidden")
    page.click("[data-column=name]")
    assert len(names(page)) == 60


# --- how it looks ----------------------------------------------------------------


def test_it_is_dark_where_all_is_dark(page: Browser) -> None:
    ground = "return getComputedStyle(document.documentElement).backgroundColor"
    light = page.run(ground)
    dark = [{"name": "prefers-color-scheme", "value": "dark"}]
    page.emulate("setEmulatedMedia", features=dark)
    assert page.run(ground) != light


@pytest.mark.parametrize("width", [320, 400, 768, 1000, 1400])
@pytest.mark.parametrize("name", ["several", "hostile"])
def test_nothing_runs_out_of_a_narrow_window(
    browser: Browser, show_fleet: Open, width: int, name: str
) -> None:
    browser.be_wide(width)
    page = show_fleet(FLEETS[name]())
    assert page.run("return document.documentElement.scrollWidth") <= width
    narrow = page.run(
        "return document.querySelector('#table tbody th').getBoundingClientRect().width"
    )
    assert narrow >= 100


def test_on_paper_the_table_stays_and_what_is_pressed_goes(page: Browser) -> None:
    page.emulate("setEmulatedMedia", media="print")
    shown = "return getComputedStyle(document.querySelector(arguments[0])).display"
    assert page.run(shown, "#table") == "table"
    assert page.run(shown, ".tools") == page.run(shown, "footer") == "none"


def test_what_is_drawn_can_be_told_without_seeing_it(page: Browser) -> None:
    unnamed = page.run(
        "return [...document.querySelectorAll('button, input, select')]"
        ".filter((one) => !(one.getAttribute('aria-label') || one.textContent"
        " || (one.labels && one.labels.length && one.labels[0].textContent)))"
        ".filter((one) => !one.hidden).map((one) => one.outerHTML)"
    )
    assert unnamed == []
    for selector in ("#table", "#codes"):
        assert page.run(f"return document.querySelector('{selector}').caption !== null")
    rows = "return document.querySelectorAll('#table tbody th[scope=row]').length"
    assert page.run(rows) == 19
    assert attribute(page, "#live", "aria-live") == "polite"


# --- names -----------------------------------------------------------------------


def test_a_hostile_name_is_no_more_than_a_name(show_fleet: Open) -> None:
    report = FLEETS["hostile"]()
    page = show_fleet(report)
    type_into(page, "#search", "harmed")
    page.click("#clear")
    assert page.said() == []
    assert page.run("return window.harmed === undefined && !('harmed' in window)")
    assert page.run("return document.querySelectorAll('script').length") == 2
    assert page.run("return document.querySelectorAll('[onclick]').length") == 0
    # Of the three only one has a page; that of another is a script.
    links = page.run(
        "return [...document.querySelectorAll('a')].map((a) => a.getAttribute('href'))"
    )
    assert links == ["pages/%E2%80%AEgnp.html"]
    assert "javascript:harmed=1//" in page.text("#table")
    assert r"\u202egnp" in names(page)


# --- many ------------------------------------------------------------------------


def test_five_thousand_repositories_are_shown(
    show_fleet: Open, capsys: pytest.CaptureFixture[str]
) -> None:
    """How long it takes is printed, for whoever looks; machines are not alike."""
    report = vast(5_000)
    page = show_fleet(report)
    painted = page.run(
        "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
    )
    times = page.run(
        "const times = {};"
        "const timed = (name, act) => { const start = performance.now(); act();"
        " document.body.getBoundingClientRect();"
        " times[name] = performance.now() - start; };"
        "const press = (one) => () => document.querySelector(one).click();"
        "for (const one of ['name', 'saves', 'errors', 'sends'])"
        " timed(`sort ${one}`, press(`[data-column=${one}]`));"
        "for (const one of ['breaks', 'lacks'])"
        " timed(`filter ${one}`, press(`[data-question=${one}]`));"
        "timed('all again', press('#clear'));"
        "const search = document.getElementById('search'); search.value = 'team-3';"
        "timed('search', () => search.dispatchEvent(new Event('input')));"
        "return times;"
    )
    with capsys.disabled():
        said = ", ".join(f"{name} {time:.0f} ms" for name, time in times.items())
        print(f"\n5,000 repositories: first paint {painted} ms, {said}")
    found = [one for one in report.lines if "team-3-" in one.name]
    assert value(page, "repositories") == len(found) > 100
    assert value(page, "sends") == totals_of(found).wire_bytes
    page.click("#clear")
    assert value(page, "sends") == report.totals.wire_bytes
    codes = page.run("return document.querySelectorAll('#codes tbody tr').length")
    assert codes == 10
    hidden = len(report.totals.codes) - codes
    assert page.text("#more-codes") == f"Show {hidden} more findings"
