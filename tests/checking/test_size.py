"""CTX3xx: budgets, growth, clutter, and contexts that no clone has."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ctxopt.core.checking.records import Diagnostic
from ctxopt.core.checking.settings import Budgets, CheckSettings, Growth
from ctxopt.core.model import Request
from ctxopt.errors import CtxoptError
from ctxopt.pipeline.check.checking import check
from tests.checking.cases import Check, lay_out, wrong

ALL = "FROM scratch; COPY . /"


def budget(**most: int) -> CheckSettings:
    """Settings with a budget."""
    return CheckSettings(budgets=Budgets(**most))


CATCHES = {
    "a context beyond its bytes": Check(
        ALL,
        files="a * 3000000",
        finds="CTX303",
        says="the context has 3.00MB, its budget is 2.00MB",
        settings=budget(context_bytes=2_000_000),
    ),
    "a context beyond its files": Check(
        "FROM scratch; COPY a /",
        files="a; b; c",
        finds="CTX303",
        says="the context has 4 files, its budget is 2",
        settings=budget(context_files=2),
    ),
    "a transfer beyond its bytes": Check(
        ALL,
        files="a * 3000",
        finds="CTX303",
        says="the transfer has",
        settings=budget(transfer_bytes=2000),
    ),
    "a transfer beyond its files": Check(
        ALL,
        files="a; b; c",
        finds="CTX303",
        says="the transfer has 4 files, its budget is 3",
        settings=budget(transfer_files=3),
    ),
    "clutter that is most of what is sent": Check(
        ALL,
        files="app.py; logs/a.log * 3000000",
        finds="CTX305",
        says="of the 3.00MB that this build sends is clutter",
    ),
    "data that no clone has": Check(
        ALL,
        files="app.py; data/a.bin * 60000000",
        tracked="app.py Dockerfile",
        finds="CTX306",
        says="the context has 60.00MB, and git tracks",
    ),
    "a Dockerfile from outside, for the legacy client": Check(
        "FROM scratch; COPY a /", files="a", silent="CTX302"
    ),
}

CAUGHT_BELOW = {"CTX301", "CTX304"}

LEAVES_ALONE = {
    "sizes that keep to their budgets": Check(
        ALL,
        files="a * 3000",
        settings=budget(context_bytes=9000, context_files=2, transfer_files=2),
        silent="CTX303 CTX304 CTX301 CTX302",
    ),
    "a budget of the context says nothing of the transfer": Check(
        "FROM scratch; COPY a /",
        files="a; b * 3000",
        settings=budget(transfer_bytes=2000, transfer_files=1),
        silent="CTX303",
    ),
    "clutter that this build does not send": Check(
        "FROM scratch; COPY app.py /",
        files="app.py; logs/a.log * 3000000",
        silent="CTX305",
    ),
    "clutter that is little beside the rest": Check(
        ALL,
        files="app.py; weights.txt * 40000000; logs/a.log * 2000000",
        silent="CTX305",
    ),
    "data that git tracks": Check(
        ALL,
        files="app.py; data/a.bin * 60000000",
        tracked="app.py Dockerfile data/a.bin",
        silent="CTX306",
    ),
    "data outside of any repository": Check(
        ALL, files="app.py; data/a.bin * 60000000", silent="CTX306"
    ),
}


# --- growth ----------------------------------------------------------------------


def project(root: Path, size: int) -> Path:
    """A context with one file of a size, and the place of its baseline."""
    lay_out(Check(ALL, files=f"a * {size}"), root / "app")
    return root / "baseline.json"


def grown(root: Path, baseline: Path, *, renew: bool = False) -> list[Diagnostic]:
    """What a check says of growth."""
    settings = CheckSettings(select=("CTX304",), growth=Growth(str(baseline)))
    request = Request(str(root / "app"))
    return [*check(request, settings, renew_baseline=renew).diagnostics]


def test_what_grows_by_more_than_a_share_is_an_error(tmp_path: Path) -> None:
    baseline = project(tmp_path, 100_000)
    assert grown(tmp_path, baseline, renew=True) == []
    project(tmp_path, 104_000)
    assert grown(tmp_path, baseline) == []
    project(tmp_path, 200_000)
    messages = [one.problem.message for one in grown(tmp_path, baseline)]
    assert [one.split(",")[0] for one in messages] == [
        "the context has 200.14kB",
        "the transfer has 200.14kB",
    ]
    assert "CTX304" in {one.rule.number for one in grown(tmp_path, baseline)}


def test_what_is_accepted_is_no_growth_any_more(tmp_path: Path) -> None:
    baseline = project(tmp_path, 100_000)
    grown(tmp_path, baseline, renew=True)
    project(tmp_path, 200_000)
    assert grown(tmp_path, baseline, renew=True) == []
    assert grown(tmp_path, baseline) == []


def test_a_build_that_a_baseline_does_not_have_is_noted(tmp_path: Path) -> None:
    baseline = project(tmp_path, 10)
    grown(tmp_path, baseline, renew=True)
    (tmp_path / "app/other").write_text("FROM scratch\nCOPY a /\n")
    settings = CheckSettings(select=("CTX304",), growth=Growth(str(baseline)))
    request = Request(str(tmp_path / "app"), str(tmp_path / "app/other"))
    (one,) = check(request, settings).diagnostics
    assert (one.severity, one.problem.hint) == ("note", "--update-baseline writes them")
    check(request, settings, renew_baseline=True)
    assert len(json.loads(baseline.read_text())["builds"]) == 2


def test_a_baseline_that_is_not_there_is_named(tmp_path: Path) -> None:
    baseline = project(tmp_path, 10)
    with pytest.raises(CtxoptError, match="--update-baseline writes it"):
        grown(tmp_path, baseline)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": "x"}', "[" * 100_000])
def test_what_is_no_baseline_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    baseline = project(tmp_path, 10)
    baseline.write_text(text)
    with pytest.raises(CtxoptError, match="no baseline of ctxopt"):
        grown(tmp_path, baseline, renew=True)
    assert baseline.read_text() == text


def test_a_baseline_whose_sizes_are_no_numbers_is_none(tmp_path: Path) -> None:
    baseline = project(tmp_path, 10)
    grown(tmp_path, baseline, renew=True)
    text = re.sub(
        r'"transfer_bytes": \d+', '"transfer_bytes": "1"', baseline.read_text()
    )
    baseline.write_text(text)
    with pytest.raises(CtxoptError, match="no baseline of ctxopt"):
        grown(tmp_path, baseline)


def test_a_home_folder_is_caught(tmp_path: Path) -> None:
    files = ".bashrc = x; .bash_history = x; .cache/a = x"
    assert wrong(Check(ALL, files=files, finds="CTX301"), tmp_path) == []
