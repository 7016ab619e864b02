"""A walk shared out to processes finds what one process finds."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import cycle
from pathlib import Path, PurePosixPath

import pytest

from ctxopt.cli import main
from ctxopt.core.model import BuilderName, Request
from ctxopt.errors import CtxoptError, WorkerError
from ctxopt.host.git.lines import git_ignored
from ctxopt.host.walk import walk as walk_module
from ctxopt.host.walk import workers as workers_module
from ctxopt.pipeline.advice import rule_index_of
from ctxopt.pipeline.preparation.reading import read_build
from ctxopt.pipeline.survey import sharing
from ctxopt.pipeline.survey.job import MeasureJob
from ctxopt.pipeline.survey.survey import survey
from tests.facts import survey_facts
from tests.rights import as_nobody, public_folder
from tests.texttree import plant
from tests.trees import Case, LaidOut, load_cases

CASES = load_cases()
SLICES = 16  # of the recorded contexts: a test each


@contextmanager
def divided(
    rows: int = 0, folders: int = 2, names: int = 512, parts: int = 128
) -> Iterator[None]:
    """Share out trees of any size, from so many rows and waiting folders on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(walk_module, "DIVISION_ROWS", rows)
        patch.setattr(walk_module, "FEWEST_PARTS", folders)
        patch.setattr(walk_module, "SLICE", names)
        patch.setattr(sharing, "PARTS", parts)
        yield


def question_of(request: Request) -> MeasureJob:
    """A question with everything that a scan asks."""
    build = read_build(request)
    question = build.job(build.main, top=3, depth=2)
    return question._replace(
        rule_index=rule_index_of(build), ignored=git_ignored(build.main.path)
    )


# Workers, and from how many rows and waiting folders on the walk is divided into how
# many parts: early, late, and into few.
EARLY, LATE = (8, 0, 2, 128), (3, 12, 1, 2)
DIVISIONS = [EARLY, (2, 3, 2, 1), LATE]


def in_any_number(question: MeasureJob, *, most: int = 8) -> None:
    """Compare one process with several, up to `most`, dividing early and late."""
    alone = survey_facts(survey(question, workers=1))
    several_are(alone, question, DIVISIONS, most=most)


def several_are(
    expected: object,
    question: MeasureJob,
    divisions: Sequence[tuple[int, int, int, int]],
    *,
    most: int = 8,
) -> None:
    """Compare what is expected with several processes, dividing in each of the ways."""
    for workers, rows, folders, parts in divisions:
        with divided(rows, folders, parts=parts):
            found = survey(question, workers=min(workers, most))
            assert survey_facts(found) == expected


def done_here(
    work: Callable[[int], object], jobs: int, workers: int
) -> Generator[object, None, None]:
    """What `share_out` hands back, without a process: the last part is done first."""
    assert workers > 1
    try:
        pickled = [pickle.dumps(work(number)) for number in reversed(range(jobs))]
    except CtxoptError as error:
        raise workers_module.JobError from error
    for one in reversed(pickled):
        yield pickle.loads(one)  # noqa: S301  # pickled the line above


@pytest.fixture
def no_forks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers_module, "share_out", done_here)


def asked_of(case: Case, builder: BuilderName, recorded: LaidOut) -> Request:
    """The build of a recorded case."""
    context, dockerfile = recorded(case)
    arguments = case.get("build_args", {})
    return Request(context, dockerfile, case.get("target"), arguments, builder=builder)


@pytest.mark.usefixtures("no_forks")
@pytest.mark.parametrize("first", range(SLICES))
def test_the_joined_parts_of_every_recorded_context_are_the_whole(
    first: int, recorded: LaidOut
) -> None:
    done = 0
    # Each context under one of the builders: what a part is, is the same for both.
    for case, builder in zip(CASES[first::SLICES], cycle(BuilderName)):
        with suppress(pytest.skip.Exception):  # it cannot be laid out here
            asked = asked_of(case, builder, recorded)
            try:
                joined_parts_are_the_whole(asked)
            except BaseException as error:
                error.add_note(f"of {case['id']} under {builder}")
                raise
            done += 1
    assert done


def joined_parts_are_the_whole(asked: Request) -> None:
    """Each folder of the root is a part, and then what is deeper, in few parts."""
    try:
        question = question_of(asked)
        alone = survey_facts(survey(question, workers=1))
    except CtxoptError as error:
        refused = error
    else:
        several_are(alone, question, [EARLY, LATE])
        return
    with divided(), pytest.raises(type(refused)) as raised:
        survey(question_of(asked), workers=8)
    assert str(raised.value) == str(refused)


def folders_of(case: Case) -> int:
    """How many folders a case has, so how much of it there is to share out."""
    paths = [PurePosixPath(entry["path"]) for entry in case["tree"]]
    return len({folder for path in paths for folder in path.parents})


def large_cases() -> list[Case]:
    """The eight with the most folders that no builder refused."""
    built = [case for case in load_cases() if "error" not in str(case["expected"])]
    return sorted(built, key=folders_of)[-8:]


@pytest.mark.parametrize("builder", BuilderName)
@pytest.mark.parametrize(
    "case", [pytest.param(case, id=case["id"]) for case in large_cases()]
)
def test_processes_find_the_same_in_the_contexts_with_most_folders(
    case: Case, builder: BuilderName, recorded: LaidOut
) -> None:
    in_any_number(question_of(asked_of(case, builder, recorded)), most=2)


@pytest.fixture
def crowd(tmp_path: Path) -> Path:
    """Folders in folders, links, clutter, and lines of git's in several places."""
    for number in range(6):
        service = tmp_path / f"s{number}"
        plant(service, "src/a:7 src/b.log:30 logs/x.log:900 x.log:5 y.log:6 z.log:7")
        plant(service, "node_modules/p/index.js:40 node_modules/q/q.js:1 keep/k:3")
        plant(service / "deep/er/and/deeper", "f:100 g:2")
        (service / ".gitignore").write_text(f"logs/\nsrc/b.*\n!x.log\n{number}\n")
        os.link(service / "src/a", tmp_path / f"also{number}")
        (service / "away").symlink_to("src")
    (tmp_path / ".gitignore").write_text("*.log\n/s3/keep\n")
    (tmp_path / ".dockerignore").write_text(
        "s1/*\n!s1/src\n**/deep\n!s2/deep/er/and\n*.tmp\n"
    )
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY s1 s2 also* /a/\n")
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
    in_any_number(question)


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
    """The second part that a worker takes is its last one."""
    measure = sharing._measure_stretch
    done: list[int] = []

    def once(*arguments: object) -> object:
        if done:
            os.kill(os.getpid(), signal.SIGKILL)
        done.append(1)
        return measure(*arguments)  # type: ignore[arg-type]  # handed through

    monkeypatch.setattr(sharing, "_measure_stretch", once)


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
