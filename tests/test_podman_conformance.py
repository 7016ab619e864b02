"""Every context recorded from buildah: the same files, and the same refusals."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from ctxopt import pipeline
from ctxopt.core.measure.listing import Selection
from ctxopt.core.model import Request, Severity
from ctxopt.errors import CtxoptError
from ctxopt.pipeline.entries import entries_of
from ctxopt.pipeline.measuring import measure
from ctxopt.pipeline.report import report_of
from tests.trees import PodmanCase, build_tree, load_podman_cases

# What ctxopt does not follow, and why; see the limits in docs/builders.md.
BEYOND = {
    "podman: stages: a missing file in a stage": "what a stage holds is not known",
    "podman: stages: skip of unused stages turned off": "an option of podman's own",
    "podman: option: --ignorefile": "an option of podman's own",
}
CASES = [
    pytest.param(case, id=case["id"])
    for case in load_podman_cases()
    if case["id"] not in BEYOND
]

# The words for a source that is not there, or of which all is ignored.
WORDS = re.compile(
    r'copier: stat: "/[^"]*": no such file or directory'
    r"|copier: stat: globs \[[^]]*\] matched nothing"
    r"|copier: stat: error resolving .*"
    r'|no items matching glob "CONTEXT/.*'
)


def request(case: PodmanCase, folder: Path) -> Request:
    """The build of a case, laid out below a folder."""
    context, dockerfile = build_tree(case, folder)
    named = case.get("build_contexts", {})
    return Request(
        context,
        dockerfile,
        case.get("target"),
        case.get("build_args", {}),
        {name: folder / value for name, value in named.items()},
        builder="podman",
    )


@pytest.mark.parametrize("case", CASES)
def test_a_context_is_what_buildah_made_of_it(case: PodmanCase, tmp_path: Path) -> None:
    asked = request(case, tmp_path)
    expected = case["expected"]["buildah"]
    if "error" in expected:
        is_told(asked, expected["error"], named="build_contexts" in case)
        return
    measured = measure(asked, top=10, depth=1)
    report = report_of(asked, measured, None, excluded=False)
    assert [one for one in report.problems if one.severity is Severity.ERROR] == []
    if not case.get("same_paths"):
        return
    listed = [*entries_of(measured.build, Selection.TRANSFER)]
    files = sorted((one.path for one in listed if not one.directory), key=os.fsencode)
    assert files == [path for path in expected["image"] if not path.endswith("/")]
    assert report.transfer.tally.file_bytes == sum(one.file_bytes for one in listed)
    folders = {f"{one.path}/" for one in listed if one.directory}
    assert folders <= {path for path in expected["image"] if path.endswith("/")}


def is_told(asked: Request, error: str, *, named: bool) -> None:
    """Hold ctxopt to a failure: it is foreseen, in the same words where it is named."""
    try:
        problems = pipeline.analyze(asked).problems
    except CtxoptError:
        return  # of several failures it may be another one
    wrong = [one.message for one in problems if one.severity is Severity.ERROR]
    assert wrong
    words = WORDS.search(error)
    if words is not None and not named and "--exclude" not in error:
        plain = re.sub("using CONTEXT/[^)]*", "using IGNOREFILE", words[0])
        assert plain in "\n".join(wrong)


def test_what_is_not_followed_was_recorded_all_the_same() -> None:
    assert BEYOND.keys() <= {case["id"] for case in load_podman_cases()}
