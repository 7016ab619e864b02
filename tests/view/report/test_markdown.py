"""The summary for a pull request, beside what it has always looked like."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import groupby

import pytest

from ctxopt.core.builds.records import RepositoryReport
from ctxopt.core.findings import codes
from ctxopt.core.model import Report
from ctxopt.view.builds import markdown as all_builds
from ctxopt.view.report import markdown
from tests.view.builds.repositories import REPOSITORIES, shop
from tests.view.expected import assert_golden
from tests.view.reports import REPORTS, hostile, suggesting


def shown(report: Report, **options: int | bool) -> str:
    out = io.StringIO()
    markdown.show(report, out, **options)  # type: ignore[arg-type]
    return out.getvalue()


def shown_all(report: RepositoryReport, **options: int | bool) -> str:
    out = io.StringIO()
    all_builds.show(report, out, **options)  # type: ignore[arg-type]
    return out.getvalue()


ALL = {
    **{name: shown(made()) for name, made in REPORTS.items()},
    **{f"all-{name}": shown_all(made()) for name, made in REPOSITORIES.items()},
}


@pytest.mark.parametrize("name", ALL)
def test_the_summary_looks_as_it_was_approved(name: str) -> None:
    assert_golden(f"{name}.md", ALL[name])


def tables(text: str) -> Iterator[list[str]]:
    """The tables of a document, each as its rows."""
    lines = text.splitlines()
    for is_table, rows in groupby(lines, lambda line: line.startswith("|")):
        if is_table:
            yield [*rows]


@pytest.mark.parametrize("name", ALL)
def test_each_row_has_the_cells_of_its_head(name: str) -> None:
    for rows in tables(ALL[name]):
        widths = {row.count("|") - row.count("\\|") for row in rows}
        assert len(widths) == 1, rows


@pytest.mark.parametrize("name", ALL)
def test_every_line_is_a_heading_a_table_or_a_sentence_of_ours(name: str) -> None:
    """So a line break in a name cannot begin anything."""
    ours = ("### ", "| ", "|-", "Write it: ", "**", "❌ **")
    for line in filter(None, ALL[name].splitlines()):
        assert line.startswith(ours) or line.endswith("."), line


def test_a_short_summary_counts_what_it_leaves_out() -> None:
    report = suggesting()
    assert len(report.suggestions) > 2
    text = shown(report, most=2)
    saved = [row for row in tables(text) if row[0].startswith("| ignore")]
    assert len(saved[0]) == 4
    assert f"{len(report.suggestions) - 2} more, " in text
    assert " more, " not in shown(report, verbose=True)


def test_nothing_offers_to_write_through_a_link() -> None:
    linked = codes.IGNORE_FILE_UNREAD.problem("a link", subject=".dockerignore")
    assert "ctxopt write" in shown(suggesting())
    assert "Write it" not in shown(suggesting()._replace(problems=(linked,)))


def test_names_of_people_are_not_called() -> None:
    report = hostile()._replace(context_path="/@all", dockerfile_path="/@all/@you")
    assert "`@you`" in shown(report)


def test_a_build_that_is_not_measured_says_why() -> None:
    failed = [one for one in shop().builds if one.error is not None]
    assert failed
    for one in failed:
        (row,) = [
            row
            for rows in tables(shown_all(shop(), verbose=True))
            for row in rows
            if row.startswith(f"| `{one.name}` |")
        ]
        assert row.count("|  |  |") == 1
