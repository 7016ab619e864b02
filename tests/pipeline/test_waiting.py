"""Who waits for a command hears what it is at after the walk, and how far."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ctxopt.core.checking.settings import CheckSettings
from ctxopt.core.model import Request
from ctxopt.core.steps import Step
from ctxopt.pipeline.advice import Estimate
from ctxopt.pipeline.builds.finding import find_builds
from ctxopt.pipeline.builds.pictures import draw_all
from ctxopt.pipeline.builds.report import analyze_all
from ctxopt.pipeline.check.checking import check
from ctxopt.pipeline.check.several import check_all
from ctxopt.pipeline.picture import analyze_with_picture
from ctxopt.pipeline.report import analyze
from ctxopt.pipeline.writing.drafting import plan
from ctxopt.pipeline.writing.plan import Choice
from ctxopt.pipeline.writing.several import draft_all
from tests.listening import Heard
from tests.texttree import plant

ESTIMATE = Estimate()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One with logs, and three Dockerfiles of which one copies them."""
    plant(tmp_path, "logs/a.log:5000 app.py:70")
    for name, source in (("Dockerfile", "."), ("b.Dockerfile", "logs")):
        (tmp_path / name).write_text(f"FROM scratch\nCOPY {source} /x/\n")
    (tmp_path / "c.Dockerfile").write_text("FROM scratch\nCOPY app.py /x/\n")
    return tmp_path


ONE = [
    pytest.param(
        lambda folder, heard: analyze(
            Request(folder), estimate=ESTIMATE, progress=heard
        ),
        id="scan",
    ),
    pytest.param(
        lambda folder, heard: analyze_with_picture(
            Request(folder), estimate=ESTIMATE, progress=heard
        ),
        id="a page",
    ),
    pytest.param(
        lambda folder, heard: check(Request(folder), progress=heard), id="check"
    ),
    pytest.param(
        lambda folder, heard: plan(
            Request(folder), Choice(), estimate=ESTIMATE, progress=heard
        ),
        id="write",
    ),
]


@pytest.mark.parametrize("run", ONE)
def test_of_one_build_the_other_dockerfiles_are_counted(
    folder: Path, run: Callable[[Path, Heard], object]
) -> None:
    heard = Heard()
    run(folder, heard)
    assert heard.counts(Step.READING) == [(2, 3), (3, 3)]  # its own is read before
    assert heard.steps[-1] == (Step.ADVISING, 0, 0)
    assert {step for step, _, _ in heard.steps} == {Step.READING, Step.ADVISING}


def test_where_nothing_is_advised_nothing_is_told(folder: Path) -> None:
    heard = Heard()
    analyze(Request(folder), progress=heard)
    assert heard.steps == []


EACH, JOINT = [(1, 3), (2, 3), (3, 3)], [Step.TOGETHER, Step.ALONE]
ALL = [
    pytest.param(
        lambda folder, heard: analyze_all(
            str(folder), find_builds(str(folder)), estimate=ESTIMATE, progress=heard
        ),
        *([Step.EACH, *JOINT],),
        id="scan",
    ),
    pytest.param(
        lambda folder, heard: draw_all(
            find_builds(str(folder)), estimate=ESTIMATE, progress=heard
        ),
        [Step.EACH],
        id="a page",
    ),
    pytest.param(
        lambda folder, heard: check_all(
            str(folder), find_builds(str(folder)), CheckSettings(), progress=heard
        ),
        [Step.EACH],
        id="check",
    ),
    pytest.param(
        lambda folder, heard: draft_all(
            find_builds(str(folder)).builds,
            Choice(),
            estimate=ESTIMATE,
            progress=heard,
        ),
        JOINT,
        id="write",
    ),
]


@pytest.mark.parametrize(("run", "steps"), ALL)
def test_of_many_builds_it_is_told_which_one_it_is(
    folder: Path, run: Callable[[Path, Heard], object], steps: list[Step]
) -> None:
    heard = Heard()
    run(folder, heard)
    told = [*dict.fromkeys(step for step, _, _ in heard.steps)]
    assert [one for one in told if one is not Step.READING] == steps
    for step in steps:
        assert heard.counts(step) == EACH
