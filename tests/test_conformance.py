"""Every recorded context: the same bytes, words, members and refusals.

A context is laid out once, and each build of it read once; what must hold of any build
is asked there, too: the walk shared out finds the same (see tests/divided.py), and so
does who asks about a single path (see tests/aswalked.py).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TypeAlias

import pytest

from ctxopt.core.builders.buildkit_wire import printed
from ctxopt.core.measure.listing import Selection
from ctxopt.core.model import BuilderName, Report, Request, Severity
from ctxopt.errors import CtxoptError
from ctxopt.host.walk.processors import VARIABLE
from ctxopt.pipeline.advice import rule_index_of
from ctxopt.pipeline.entries import entries_of
from ctxopt.pipeline.measuring import MeasuredBuild, measure
from ctxopt.pipeline.paths import paths_of
from ctxopt.pipeline.preparation.build import Build
from ctxopt.pipeline.report import report_of
from ctxopt.pipeline.survey.survey import survey
from tests.aswalked import judged_as_in_the_walk
from tests.divided import EARLY, LATE, divided, question_of, several_are, without_forks
from tests.facts import survey_facts
from tests.trees import Case, LaidOut, load_cases

CASES = [pytest.param(case, at, id=case["id"]) for at, case in enumerate(load_cases())]

# What stops a recorded build and is not for a context to foresee: commands that
# cannot run in an empty image, and images that no registry could be asked for.
UNFORESEEN = ("did not complete successfully", "failed to resolve source metadata")

# Of each context one.
LISTS = (Selection.TRANSFER, Selection.CONTEXT, Selection.UNUSED)

# What BuildKit says of a source after the context was sent: a problem, no refusal.
AFTERWARDS = (
    "failed to calculate checksum of ref",
    "lstat /",
    "too many links",
    "cannot copy to non-directory",
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the Dockerfile lies that takes everything of one context after another."""
    return tmp_path_factory.mktemp("desk")


@pytest.mark.parametrize(("case", "at"), CASES)
def test_a_context_is_what_the_builders_made_of_it(
    case: Case, at: int, recorded: LaidOut, desk: Path
) -> None:
    for builder in BuilderName:
        asked = request(case, recorded, builder)
        with told_of(builder):
            is_what_it_made_of_it(case, asked, at)
    asked = request(case, recorded, BuilderName.BUILDKIT)
    whole_is_the_same_under_buildkit(case, asked, desk)


def request(case: Case, recorded: LaidOut, builder: BuilderName) -> Request:
    """The build of a case, which is laid out."""
    context, dockerfile = recorded(case)
    target, args = case.get("target"), case.get("build_args", {})
    return Request(context, dockerfile, target, args, builder=builder)


@contextmanager
def told_of(builder: BuilderName) -> Iterator[None]:
    """Let a failure tell by which builder it is."""
    try:
        yield
    except BaseException as error:
        error.add_note(f"by {builder}")
        raise


# A build that is measured, or how it is refused.
Answer: TypeAlias = "MeasuredBuild | CtxoptError"


def is_what_it_made_of_it(case: Case, asked: Request, at: int) -> None:
    """Hold one build of a case to what was recorded, and to all that holds anyway."""
    builder = BuilderName(asked.builder)
    # A walk is shared out by one builder: what a part is, is the same for all.
    is_shared = builder is [*BuilderName][at % len(BuilderName)]
    is_asked_alone = builder in asked_alone(case, at)
    if not (builder in RECORDED or is_shared or is_asked_alone):
        return
    answer = answer_of(asked, alone=is_shared)
    if builder in RECORDED:
        RECORDED[builder](case, asked, answer)
    if is_shared:
        shared_out_is_the_same(asked, answer, at)
    if is_asked_alone and not isinstance(answer, CtxoptError):
        judged_as_in_the_walk(answer)


def asked_alone(case: Case, at: int) -> Sequence[BuilderName]:
    """The builders by which paths are asked about alone.

    All for what somebody thought of; of what was drawn by lot a third, two in turn.
    """
    if not case["id"].startswith("fuzz-"):
        return [*BuilderName]
    return [(BuilderName.BUILDKIT, BuilderName.LEGACY)[at % 2]] if at % 3 == 0 else []


def answer_of(asked: Request, *, alone: bool) -> Answer:
    """A build measured, `alone` by one process and with all that a scan notes."""
    index = rule_index_of if alone else None
    with pytest.MonkeyPatch.context() as patch:
        if alone:
            patch.setenv(VARIABLE, "1")
        try:
            return measure(asked, top=3, depth=2, rule_index=index)
        except CtxoptError as error:
            return error


def measured(answer: Answer) -> MeasuredBuild:
    """A build that is not refused."""
    if isinstance(answer, CtxoptError):
        raise answer
    return answer


def reported(asked: Request, answer: Answer) -> Report:
    """What is told of a build that is not refused."""
    return report_of(asked, measured(answer), None, excluded=False)


def shared_out_is_the_same(asked: Request, answer: Answer, at: int) -> None:
    """Each folder of the root is a part, and then what is deeper, in few parts."""
    with without_forks():
        if isinstance(answer, MeasuredBuild):
            several_are(survey_facts(answer.found), answer.job, [EARLY, LATE])
            paths_are_listed_alike(answer.build, LISTS[at % len(LISTS)])
        else:
            shared_out_it_is_refused(asked)


def paths_are_listed_alike(build: Build, selection: Selection) -> None:
    """The names of one list, made by one walk and shared out."""
    expected = [*until_refused(listed_names(build, selection))]
    for workers, rows, folders, parts in (EARLY, LATE):
        with divided(rows, folders, parts=parts):
            pieces = paths_of(build, selection, workers=workers, ahead=0)
            lists = (piece.split(b"\0")[:-1] for piece in pieces)
            assert [*until_refused(chain.from_iterable(lists))] == expected


def listed_names(build: Build, selection: Selection) -> Iterator[bytes]:
    """The names of what one walk lists."""
    for one in entries_of(build, selection):
        yield os.fsencode(one.path + "/" * one.directory)


def until_refused(names: Iterator[bytes]) -> Iterator[bytes]:
    """Some names, and how they end: the whole may be refused where a part is not."""
    try:
        yield from names
    except CtxoptError as error:
        yield str(error).encode()


def shared_out_it_is_refused(asked: Request) -> None:
    """In the same words, wherever it is met; or it would be before the walk."""
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


def legacy_posts_the_same_tar(case: Case, asked: Request, answer: Answer) -> None:
    expected = case["expected"]["legacy"]
    if "error" in expected:
        assert isinstance(answer, CtxoptError)
        assert answer.message in expected["error"]
        return
    report = reported(asked, answer)
    assert report.transfer.tally.wire_bytes == expected["bytes"]
    assert report.transfer.printed == expected["human"]
    members = [
        name
        for name in expected["members"]
        if not _invented(name, expected["members"], asked)
    ]
    assert _listed(measured(answer)) == members


def _invented(name: str, members: list[str], asked: Request) -> bool:
    """Whether the client made this entry up for a Dockerfile from outside."""
    if name == ".dockerfile.RANDOM":
        return True
    outside = ".dockerfile.RANDOM" in members
    here = (Path(asked.context) / ".dockerignore").exists()
    return outside and name == ".dockerignore" and not here


def buildkit_transfers_the_same_bytes(
    case: Case, asked: Request, answer: Answer
) -> None:
    expected = case["expected"]["buildkit"]
    error = expected.get("error", "")
    if error and not _is_told_afterwards(error):
        assert isinstance(answer, CtxoptError)
        assert answer.message in error
        return
    report = reported(asked, answer)
    if error and not any(words in error for words in UNFORESEEN):
        assert _named_failure(error) in _errors(report)
    elif not error:
        assert _errors(report) == ""
    transfer = report.transfer
    assert transfer.dockerfile_wire_bytes == expected["dockerfile_bytes"]
    if error and not case.get("bytes_despite_error"):
        return
    assert transfer.tally.wire_bytes == expected.get("context_bytes", 0)
    assert transfer.ignorefile_wire_bytes == expected.get("ignorefile_bytes", 0)
    if "repeat_bytes" in expected:
        assert transfer.repeat_wire_bytes == expected["repeat_bytes"]
    if transfer.tally.wire_bytes:
        assert transfer.printed == printed(expected["context_bytes"])
    else:
        assert transfer.printed is None


def _is_told_afterwards(error: str) -> bool:
    return any(words in error for words in (*UNFORESEEN, *AFTERWARDS))


def _named_failure(error: str) -> str:
    """The part of a failure that does not change from build to build."""
    return error.rpartition("of ref REF: ")[2].removeprefix("error: failed to solve: ")


def _errors(report: Report) -> str:
    return "\n".join(
        problem.message
        for problem in report.problems
        if problem.severity is Severity.ERROR
    )


RECORDED: Mapping[BuilderName, Callable[[Case, Request, Answer], None]] = {
    BuilderName.LEGACY: legacy_posts_the_same_tar,
    BuilderName.BUILDKIT: buildkit_transfers_the_same_bytes,
}


def whole_is_the_same_under_buildkit(case: Case, asked: Request, desk: Path) -> None:
    expected = case["expected"]["full"]
    whole = _taking_everything(asked, desk)
    answer = answer_of(whole, alone=False)
    if "error" in expected:
        assert isinstance(answer, CtxoptError)
        assert answer.message in expected["error"]
        return
    report = reported(whole, answer)
    assert report.context is not None
    assert report.context.wire_bytes == expected["context_bytes"]
    assert report.transfer.tally == report.context
    assert sorted(_listed(measured(answer)), key=os.fsencode) == expected["image"]


def _taking_everything(asked: Request, folder: Path) -> Request:
    """The same context and ignore file under a Dockerfile of `COPY . /`."""
    original = Path(asked.dockerfile or f"{asked.context}/Dockerfile")
    own, beside = folder / "Whole", folder / "Whole.dockerignore"
    own.write_text("FROM scratch\nCOPY . /\n")
    beside.unlink(missing_ok=True)  # of the context before
    specific = original.with_name(f"{original.name}.dockerignore")
    if specific.is_file():
        shutil.copy(specific, beside)
    return asked._replace(dockerfile=str(own), target=None)


def _listed(measured: MeasuredBuild) -> list[str]:
    return [
        f"{entry.path}/" if entry.directory else entry.path
        for entry in entries_of(measured.build, Selection.TRANSFER)
    ]


def test_of_most_contexts_paths_are_asked_about_alone(recorded: LaidOut) -> None:
    """Or nothing would be proved of them above."""
    cases = [case for case in load_cases() if not case["id"].startswith("fuzz-")][::20]
    asked = 0
    for case in cases:
        answer = answer_of(request(case, recorded, BuilderName.BUILDKIT), alone=False)
        if not isinstance(answer, CtxoptError):
            asked += judged_as_in_the_walk(answer)
    assert asked > len(cases)
