"""The benchmark's table says what was measured, and no more."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import contexts, crossing, matching, measure, rows, tree

BIG = rows.ENOUGH_ENTRIES
ROW = rows.Row("scan / du", ("scan", "du"), goal=1.0, at_most=1.3)
ABSOLUTE = rows.Row("start / empty", ("scan", "du"), goal=3, needs_tree=False)


@pytest.mark.parametrize(
    ("row", "figure", "entries", "said"),
    [
        pytest.param(ROW, 1.0, BIG, "yes", id="the goal itself is met"),
        pytest.param(ROW, 1.2, BIG, "nearly: at most 1.30", id="a miss that passes"),
        pytest.param(ROW, 1.4, BIG, "no", id="a miss"),
        pytest.param(ROW, 0.5, BIG - 1, "too small to tell", id="a small tree"),
        pytest.param(ABSOLUTE, 2.0, 10, "yes", id="a start needs no tree"),
        pytest.param(ROW._replace(goal=None), 2.0, BIG, "", id="no goal, no verdict"),
    ],
)
def test_verdict(row: rows.Row, figure: float, entries: int, said: str) -> None:
    assert row.met(figure, entries) == said


def test_the_figure_is_the_median_of_the_rounds_ratios() -> None:
    # Not the ratio of the medians, which would be 2.
    rounds = [{"scan": 2, "du": 1}, {"scan": 3, "du": 2}, {"scan": 1, "du": 1}]

    cells = ROW.cells(rounds, {}, BIG)

    assert cells[1:3] == ("1.50", "1.00 to 2.00")
    assert cells[-1] == "2.000 s / 1.000 s"


def test_what_is_missing_has_a_row_that_says_why() -> None:
    text = rows.table([{"scan": 1.0}], dict.fromkeys(_values(), "no such thing"), BIG)

    assert text.count("not measured: no such thing") == len(rows.ROWS)


def test_sizes_have_what_was_measured_of_each() -> None:
    small = {"ten files scan": 0.3, "ten files scan cpu": 0.2, "ten files du": 0.1}
    large = {"scan": 1.0, "scan cpu": 2.0, "rival": 4.0, "rival cpu": 8.0}

    text = crossing.sizes_table([{**small, **large}], ["ten files"], "230,000")

    cells = [[one.strip() for one in line.split("|")] for line in text.splitlines()]
    assert cells[2][1:-1] == ["ten files", "0.100 s", "", "0.300 s", "3.00", "", ""]
    assert cells[3][1:-1] == ["230,000", "", "4.000 s", "1.000 s", "", "0.25", "0.25"]


def test_a_command_has_its_seconds_and_its_processor_time() -> None:
    probe = measure.seconds("it", [sys.executable, "-c", "sum(range(10**6))"])

    values = probe()

    assert values.keys() == {"it", "it cpu"}
    assert values["it cpu"] > 0


def test_a_command_that_does_not_end_is_measured_up_to_its_first_line() -> None:
    code = "import time; print('ready', flush=True); time.sleep(60)"
    probe = measure.until_first_line("it", [sys.executable, "-c", code])

    assert probe().keys() == {"it", "it cpu"}


def test_more_patterns_change_nothing_but_their_number(tmp_path: Path) -> None:
    tree.make(tmp_path / "tree", 2000, tree.SEED)
    names = matching.read(str(tmp_path / "tree"))

    few, many = matching.patterns(10), matching.patterns(200)

    assert (len(few), len(many)) == (10, 200)
    assert matching.judge(matching.root_state(few), names) == matching.judge(
        matching.root_state(many), names
    )


def test_the_linked_tree_differs_in_its_links_only(tmp_path: Path) -> None:
    plain, linked = tree.linked_pair(tmp_path, 400)

    def look(root: Path, *, links: bool) -> list[tuple[str, int, bool]]:
        found = [(path, path.lstat()) for path in sorted(root.rglob("*"))]
        return [
            (str(path.relative_to(root)), one.st_size, links and one.st_nlink > 1)
            for path, one in found
            if path.is_file()
        ]

    assert look(plain, links=False) == look(linked, links=False)
    assert sum(many for _, _, many in look(plain, links=True)) == 0
    assert sum(many for _, _, many in look(linked, links=True)) == 400
    inodes = {path.stat().st_ino for path in linked.rglob("*.py")}
    assert len(inodes) == 300  # a quarter of the names are second ones
    assert tree.linked_pair(tmp_path, 400) == (plain, linked)


def test_a_tree_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    free = os.statvfs(tmp_path)

    assert contexts.no_room(tmp_path, 10) is None
    reason = contexts.no_room(tmp_path, free.f_blocks * free.f_frsize)
    assert reason is not None
    assert "are needed" in reason


def _values() -> set[str]:
    return {name for row in rows.ROWS for name in row.needs}


@pytest.mark.deep
def test_a_fleet_made_for_it_has_a_row_for_each_repository(tmp_path: Path) -> None:
    words = ("--repositories", "12", "--timeout", "4", "--cache", str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.fleet", *words],
        cwd=measure.ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "{'measured': 32, 'empty': 0, 'failed': 3}" in done.stdout
