"""A walk shared out to processes finds what one process finds."""

from __future__ import annotations

import os
from itertools import cycle
from pathlib import Path, PurePosixPath

import pytest

from ctxopt.cli import main
from ctxopt.core.model import BuilderName, Request
from ctxopt.errors import WorkerError
from ctxopt.pipeline.survey import sharing
from ctxopt.pipeline.survey.job import MeasureJob
from ctxopt.pipeline.survey.survey import survey
from tests.crowd import plant_crowd
from tests.divided import (
    DIVISIONS,
    dies_at_its_second,
    divided,
    question_of,
    several_are,
    without_forks,
)
from tests.facts import survey_facts
from tests.rights import as_nobody, public_folder
from tests.texttree import plant
from tests.trees import Case, LaidOut, load_cases


def in_any_number(question: MeasureJob, *, most: int = 8) -> None:
    """Compare one process with several, up to `most`, dividing early and late."""
    alone = survey_facts(survey(question, workers=1))
    several_are(alone, question, DIVISIONS, most=most)


def folders_of(case: Case) -> int:
    """How many folders a case has, so how much of it there is to share out."""
    paths = [PurePosixPath(entry["path"]) for entry in case["tree"]]
    return len({folder for path in paths for folder in path.parents})


def large_cases() -> list[Case]:
    """The eight with the most folders that no builder refused."""
    built = [case for case in load_cases() if "error" not in str(case["expected"])]
    return sorted(built, key=folders_of)[-8:]


# That the parts of every recorded context come to the whole, tests/test_conformance.py
# holds without a process; here they come from one. How is the same for all builders.
@pytest.mark.parametrize(
    ("case", "builder"),
    [
        pytest.param(case, builder, id=case["id"])
        for case, builder in zip(large_cases(), cycle(BuilderName))
    ],
)
def test_processes_find_the_same_in_the_contexts_with_most_folders(
    case: Case, builder: BuilderName, recorded: LaidOut
) -> None:
    context, dockerfile = recorded(case)
    target, args = case.get("target"), case.get("build_args", {})
    asked = Request(context, dockerfile, target, args, builder=builder)
    in_any_number(question_of(asked), most=2)


@pytest.fixture
def crowd(tmp_path: Path) -> Path:
    plant_crowd(tmp_path)
    return tmp_path


@pytest.mark.parametrize("builder", BuilderName)
@pytest.mark.parametrize("source", [".", "s1 s2 also* /a", "s2/deep/er/and"])
def test_finds_lines_and_links_are_the_same(
    crowd: Path, builder: BuilderName, source: str
) -> None:
    (crowd / "Dockerfile").write_text(f"FROM scratch\nCOPY {source} /a/\n")
    question = question_of(Request(str(crowd), builder=builder))
    found = survey(question, workers=1)
    assert found.git_lines
    assert found.measurement.clutter
    with without_forks():
        in_any_number(question)


@pytest.mark.parametrize("builder", BuilderName)
def test_finds_lines_and_links_come_from_processes(
    crowd: Path, builder: BuilderName
) -> None:
    in_any_number(question_of(Request(str(crowd), builder=builder)))


def test_what_cannot_be_read_is_told_in_order() -> None:
    with public_folder() as root:
        plant(root, "a/b/c a/d/e f/g/h f/i/j k")
        for closed in ("a/d", "f/g", "f/i"):
            (root / closed).chmod(0)
        (root / "a/b").chmod(0o444)  # names, but no look at them
        (root / "k").chmod(0)
        (root / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
        try:
            with as_nobody():
                question = question_of(Request(str(root)))
                found = survey(question, workers=1)
                assert found.lost.unreadable == ["a/b", "a/d", "f/g", "f/i"]
                in_any_number(question)
        finally:
            for closed in ("a/b", "a/d", "f/g", "f/i"):
                (root / closed).chmod(0o755)


def test_large_folders_are_walked_whole(crowd: Path) -> None:
    plant(crowd / "s4" / "many", " ".join(f"f{number}:1" for number in range(50)))
    plant(crowd / "s4" / "many" / "in", "x:1")
    question = question_of(Request(str(crowd)))
    expected = survey_facts(survey(question, workers=1))
    with divided(rows=1000, folders=1000, names=40):
        assert survey_facts(survey(question, workers=2)) == expected
    with divided(rows=1000, folders=1000, names=5):  # the root itself, too
        assert survey_facts(survey(question, workers=2)) == expected


def test_the_current_folder_stays(crowd: Path) -> None:
    before = os.getcwd()
    with divided():
        survey(question_of(Request(str(crowd))), workers=4)
    assert os.getcwd() == before


def test_progress_goes_up_to_all_that_is_shared_out(crowd: Path) -> None:
    told: list[tuple[int, int]] = []
    question = question_of(Request(str(crowd)))
    with divided():
        found = survey(question, lambda *so_far: told.append(so_far), workers=2)
    assert told == sorted(told)
    assert 0 < told[-1][0] <= found.measurement.context.entries


# --- a worker that dies ----------------------------------------------------------


@pytest.fixture
def deadly(monkeypatch: pytest.MonkeyPatch) -> None:
    dies_at_its_second(monkeypatch, sharing, "_measure_stretch")


@pytest.mark.usefixtures("deadly")
def test_a_killed_worker_is_no_smaller_number(crowd: Path) -> None:
    with divided(), pytest.raises(WorkerError, match="SIGKILL"):
        survey(question_of(Request(str(crowd))), workers=2)


@pytest.mark.usefixtures("deadly")
def test_the_user_reads_what_to_do(
    crowd: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CTXOPT_WORKERS", "2")
    with divided(), pytest.raises(SystemExit) as ended:
        main(["scan", str(crowd)])
    said = capsys.readouterr()
    assert ended.value.code == 2
    assert said.out == ""
    assert said.err == (
        "ctxopt: error: a worker process was killed by signal 9 (SIGKILL) before it"
        " was done: nothing is reported; try again; CTXOPT_WORKERS=1 measures in one"
        " process and needs less memory\n"
    )
