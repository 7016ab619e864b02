"""What `write` shows for the ignore files of many builds, word for word."""

from __future__ import annotations

import pytest

from ctxopt.core.builds.records import BlockedSuggestion, BuildSaving
from ctxopt.core.model import BuildCost, HeldBack, Tally
from ctxopt.view.terminal.layout import cells
from ctxopt.view.write import several
from tests.view.write.test_dialogue import NOW, THEN, Page

WIDTHS = pytest.mark.parametrize("width", [40, 80, 120])


def cost(wire_bytes: int) -> BuildCost:
    """A build that sends so much."""
    tally = Tally(1, 1, 0, wire_bytes, wire_bytes)
    return BuildCost(tally, tally, 0, 0.0, 0.0)


@WIDTHS
def test_a_file_is_told_with_the_builds_that_read_it(
    monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    page = Page(monkeypatch, width)
    builds = [f"service-{number}" for number in range(12)]
    several.show_file("deploy/.dockerignore", builds, page, first=True)
    assert page.lines[0].startswith("deploy/.dockerignore")
    assert "service-0" in page.getvalue()
    assert "and 6 more" in " ".join(page.getvalue().split())
    assert max(map(cells, page.lines)) <= width


def test_a_second_file_stands_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page(monkeypatch)
    several.show_file(".dockerignore", ["web"], page, first=False)
    assert page.lines == ["", ".dockerignore  for web"]


@WIDTHS
def test_what_is_held_back_names_who_needs_it_and_who_does_not(
    monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    page = Page(monkeypatch, width)
    held = HeldBack("x", "build", "ad/Dockerfile:2 names it (COPY)")
    wanted = (BuildSaving("web", 9_000, 9_000), BuildSaving("docs", 1_000, 0))
    several.show_blocked([BlockedSuggestion(held, ("ad",), wanted)], page)
    assert " ".join(page.getvalue().split()) == (
        "Held back build: ad needs it (ad/Dockerfile:2 names it (COPY)), "
        "and web and docs would save 10.00 kB"
    )
    assert max(map(cells, page.lines)) <= width


def test_nothing_held_back_leaves_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page(monkeypatch)
    several.show_blocked([], page)
    assert page.getvalue() == ""


def test_each_build_that_changes_has_a_row_what_changes_most_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = Page(monkeypatch)
    several.show_costs(
        [
            ("ad", cost(5_000), cost(4_000)),
            ("web", NOW, THEN),
            ("docs", cost(700), cost(700)),
        ],
        page,
    )
    assert [line.split()[0] for line in page.lines] == ["web", "ad", "docs"]
    assert "17.38 MB" in page.lines[0]
    assert page.lines[-1].strip() == "docs sends what it did"


@WIDTHS
def test_of_many_builds_some_rows_are_left_out(
    monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    page = Page(monkeypatch, width)
    names = [f"a-service-with-a-long-name-{number:02}" for number in range(12)]
    several.show_costs([(name, cost(9_000), cost(1_000)) for name in names], page)
    assert "4 more builds send 32.00 kB less" in " ".join(page.getvalue().split())
    assert max(map(cells, page.lines)) <= width


def test_where_no_build_changes_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page(monkeypatch)
    several.show_costs([("web", cost(5), cost(5))], page)
    assert page.lines == ["  no build sends less"]


@pytest.mark.parametrize(
    ("builds", "said"),
    [
        (["web"], "web sends 12.00 MB that other builds of the same ignore file need"),
        (["web", "api"], "web, api send 12.00 MB that other builds"),
    ],
)
def test_a_file_for_one_dockerfile_is_proposed_with_its_name(
    builds: list[str], said: str
) -> None:
    words = several.apart("w/Dockerfile.dockerignore", builds, 12_000_000)
    assert words.startswith(said)
    assert words.endswith("--per-dockerfile writes w/Dockerfile.dockerignore for that")
