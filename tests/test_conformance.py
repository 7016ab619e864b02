"""Every recorded context: the same bytes, words, members and refusals."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from ctxopt import pipeline
from ctxopt.core.builders.buildkit_wire import printed
from ctxopt.core.model import BuilderName, Report, Request, Severity
from ctxopt.errors import CtxoptError
from tests.trees import Case, LaidOut, load_cases

CASES = [pytest.param(case, id=case["id"]) for case in load_cases()]

# What stops a recorded build and is not for a context to foresee: commands that
# cannot run in an empty image, and images that no registry could be asked for.
UNFORESEEN = ("did not complete successfully", "failed to resolve source metadata")

# What BuildKit says of a source after the context was sent: a problem, no refusal.
AFTERWARDS = (
    "failed to calculate checksum of ref",
    "lstat /",
    "too many links",
    "cannot copy to non-directory",
)


def request(case: Case, recorded: LaidOut, builder: BuilderName) -> Request:
    """The build of a case, which is laid out."""
    context, dockerfile = recorded(case)
    return Request(
        context,
        dockerfile,
        case.get("target"),
        case.get("build_args", {}),
        builder=builder,
    )


@pytest.mark.parametrize("case", CASES)
def test_a_context_is_what_the_builders_made_of_it(
    case: Case, recorded: LaidOut, tmp_path: Path
) -> None:
    legacy_posts_the_same_tar(case, recorded)
    buildkit_transfers_the_same_bytes(case, recorded)
    whole_is_the_same_under_buildkit(case, recorded, tmp_path)


def legacy_posts_the_same_tar(case: Case, recorded: LaidOut) -> None:
    expected = case["expected"]["legacy"]
    asked = request(case, recorded, BuilderName.LEGACY)
    if "error" in expected:
        with pytest.raises(CtxoptError) as refused:
            pipeline.analyze(asked)
        assert refused.value.message in expected["error"]
        return
    report = pipeline.analyze(asked)
    assert report.transfer.tally.wire_bytes == expected["bytes"]
    assert report.transfer.printed == expected["human"]
    members = [
        name
        for name in expected["members"]
        if not _invented(name, expected["members"], asked)
    ]
    assert _listed(asked) == members


def _invented(name: str, members: list[str], asked: Request) -> bool:
    """Whether the client made this entry up for a Dockerfile from outside."""
    if name == ".dockerfile.RANDOM":
        return True
    outside = ".dockerfile.RANDOM" in members
    here = (Path(asked.context) / ".dockerignore").exists()
    return outside and name == ".dockerignore" and not here


def buildkit_transfers_the_same_bytes(case: Case, recorded: LaidOut) -> None:
    expected = case["expected"]["buildkit"]
    asked = request(case, recorded, BuilderName.BUILDKIT)
    error = expected.get("error", "")
    if error and not _is_told_afterwards(error):
        with pytest.raises(CtxoptError) as refused:
            pipeline.analyze(asked)
        assert refused.value.message in error
        return
    report = pipeline.analyze(asked)
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


def whole_is_the_same_under_buildkit(
    case: Case, recorded: LaidOut, tmp_path: Path
) -> None:
    expected = case["expected"]["full"]
    asked = request(case, recorded, BuilderName.BUILDKIT)
    whole = _taking_everything(asked, tmp_path)
    if "error" in expected:
        with pytest.raises(CtxoptError) as refused:
            pipeline.analyze(whole)
        assert refused.value.message in expected["error"]
        return
    report = pipeline.analyze(whole)
    assert report.context is not None
    assert report.context.wire_bytes == expected["context_bytes"]
    assert report.transfer.tally == report.context
    assert sorted(_listed(whole), key=os.fsencode) == expected["image"]


def _taking_everything(asked: Request, folder: Path) -> Request:
    """The same context and ignore file under a Dockerfile of `COPY . /`."""
    original = Path(asked.dockerfile or f"{asked.context}/Dockerfile")
    own = folder / "Whole"
    own.write_text("FROM scratch\nCOPY . /\n")
    specific = original.with_name(f"{original.name}.dockerignore")
    if specific.is_file():
        shutil.copy(specific, own.with_name("Whole.dockerignore"))
    return asked._replace(dockerfile=str(own), target=None)


def _listed(asked: Request) -> list[str]:
    return [
        f"{entry.path}/" if entry.directory else entry.path
        for entry in pipeline.listing(asked)
    ]
