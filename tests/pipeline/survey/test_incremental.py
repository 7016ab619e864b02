"""A measurement that is brought up to date equals a fresh one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ctxopt.core.model import BuilderName, Request
from ctxopt.core.watching.record import facts_of
from ctxopt.host.git.lines import git_ignored
from ctxopt.pipeline.advice import rule_index_of
from ctxopt.pipeline.preparation.reading import read_build
from ctxopt.pipeline.survey import kept as kept_module
from ctxopt.pipeline.survey.incremental import IncrementalMeasurement
from ctxopt.pipeline.survey.job import MeasureJob, MeasureResult
from ctxopt.pipeline.survey.rounds import Touched
from ctxopt.pipeline.survey.survey import survey
from ctxopt.pipeline.watch.telling import decision_on
from tests.disk import Disk
from tests.divided import divided, without_forks
from tests.facts import survey_facts
from tests.following import Following
from tests.texttree import plant


def question_of(root: Path, builder: BuilderName) -> MeasureJob:
    build = read_build(Request(str(root), builder=builder))
    question = build.job(build.main, top=3, depth=2)
    return question._replace(
        rule_index=rule_index_of(build), ignored=git_ignored(build.main.path)
    )


def facts(found: MeasureResult) -> list[object]:
    """The same whatever numbers the lines of git have."""
    lines = found.git_lines
    clutter = [
        (one._replace(line=0), lines[one.line - 1] if one.line else None)
        for one in found.measurement.clutter
    ]
    plain = found._replace(
        measurement=found.measurement._replace(clutter=()), git_lines=()
    )
    return [survey_facts(plain), clutter]


def taken(disk: Disk) -> Touched:
    """What was touched since this was last asked."""
    touched = Touched(disk.names, frozenset(disk.subtrees))
    disk.names, disk.subtrees = {}, set()
    return touched


@pytest.mark.deep
@pytest.mark.parametrize("builder", BuilderName)
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "workers", [pytest.param(1, id="alone"), pytest.param(2, id="shared out")]
)
def test_after_any_changes_it_equals_a_fresh_one(
    tmp_path: Path,
    builder: BuilderName,
    seed: int,
    workers: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kept_module, "KEPT_ROWS", 3)
    monkeypatch.setattr(kept_module, "FIRST_ROWS", 3 + seed)
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /a\nCOPY a /b\n")
    (tmp_path / ".dockerignore").write_text("**/*.log\n**/logs\n!a/logs\nb/*\n!b/d\n")
    (tmp_path / ".gitignore").write_text("e.txt\nlogs/\n")
    disk = Disk(tmp_path, seed)
    following = Following()
    for _ in range(60):
        disk.operate()
    taken(disk)
    question = question_of(tmp_path, builder)
    kept = IncrementalMeasurement(question, following, workers=workers)
    with divided(), without_forks():
        assert facts(kept.measure()) == facts(survey(question, workers=1))
        for _ in range(40):
            for _ in range(disk.random.randrange(6)):
                disk.operate()
            found = kept.measure(taken(disk))
            fresh = question._replace(ignored=git_ignored(question.root))
            assert facts(found) == facts(survey(fresh, workers=1))
            assert kept.folders() <= {*following.folders}
            assert_looks_right(kept, disk)


def assert_looks_right(kept: IncrementalMeasurement, disk: Disk) -> None:
    """Each entry of an entered folder is remembered as it stands there."""
    for folder in kept.folders():
        for name in os.listdir(disk.root / folder):
            path = f"{folder}/{name}" if folder else name
            decision = decision_on(path, kept)
            if decision is not None and decision.kept:
                assert kept.facts(path) == facts_of(os.lstat(disk.root / path)), path
        missing = f"{folder}/missing" if folder else "missing"
        assert kept.facts(missing) is None


def test_only_what_was_touched_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_module, "KEPT_ROWS", 2)
    monkeypatch.setattr(kept_module, "FIRST_ROWS", 2)
    plant(tmp_path, "a/x/1 a/x/2 a/y/1 a/y/2 a/z b/1 b/2 b/3")
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    following = Following()
    entered = following.folders
    kept = IncrementalMeasurement(
        question_of(tmp_path, BuilderName.BUILDKIT), following
    )
    kept.measure()
    assert entered == ["", "a", "a/x", "a/y", "b"]
    assert kept.folders() == {"", "a", "a/x", "a/y", "b"}
    entered.clear()
    (tmp_path / "a/x/3").touch()
    kept.measure(Touched({"a/x": frozenset({"3"})}))
    assert entered == ["", "a", "a/x"]
    entered.clear()
    kept.measure(Touched(subtrees=frozenset({"a"})))
    assert entered == ["", "a", "a/x", "a/y"]


@pytest.mark.parametrize("rows", range(1, 14))
def test_all_folders_are_kept_however_many_are_small(
    tmp_path: Path, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_module, "KEPT_ROWS", rows)
    monkeypatch.setattr(kept_module, "FIRST_ROWS", rows)
    plant(tmp_path, "a/1 a/b/c/1 a/b/c/2 a/b/d/e/1 a/b/d/e/2 a/f/1 a/g/1 h/1 h/i/1")
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    following = Following()
    entered = following.folders
    question = question_of(tmp_path, BuilderName.BUILDKIT)
    kept = IncrementalMeasurement(question, following)
    assert facts(kept.measure()) == facts(survey(question, workers=1))
    inside = ("", "/b", "/b/c", "/b/d", "/b/d/e", "/f", "/g")
    assert entered == ["", *(f"a{path}" for path in inside), "h", "h/i"]
    assert kept.folders() == {*entered}
    (tmp_path / "a/b/d/e/3").touch()
    found = kept.measure(Touched({"a/b/d/e": frozenset({"3"})}))
    assert facts(found) == facts(survey(question, workers=1))
    assert kept.folders() == {*entered}
