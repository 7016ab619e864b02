"""Folders that the legacy client reads before it asks whether they are ignored.

All was asked of docker's client 28.2.2, which needs no engine for it (docker/cli#3043).
"""

from __future__ import annotations

import pytest

from ctxopt import pipeline
from ctxopt.core.model import BuilderName, Problem, Request, Severity
from ctxopt.pipeline.preparation.reading import read_build
from ctxopt.pipeline.survey.survey import survey
from tests.rights import as_nobody, public_folder
from tests.texttree import plant

UNREADABLE = "unreadable"


def told(closed: str, ignore: str, builder: BuilderName) -> list[Problem]:
    """What is said of a path that nobody may read, notes aside."""
    with public_folder() as root:
        plant(root, f"{closed} a")
        (root / ".dockerignore").write_text(ignore)
        (root / "Dockerfile").write_text("FROM scratch\n")
        (root / closed).chmod(0)
        with as_nobody():
            report = pipeline.analyze(Request(str(root), builder=builder))
    found = [one for one in report.problems if one.severity is not Severity.NOTE]
    return [
        one._replace(message=one.message.replace(f"{root}", "CONTEXT")) for one in found
    ]


@pytest.mark.parametrize(
    ("closed", "ignore", "line"),
    [
        pytest.param("foo/", "*\n", '1 ("*")', id="all is ignored, docker/cli#3043"),
        pytest.param("foo/", "foo\n", '1 ("foo")', id="its own name, for-linux#380"),
        pytest.param("d/foo/", "**/foo\n", '1 ("**/foo")', id="a name at any depth"),
        pytest.param("d/foo/", "d/*\n", '1 ("d/*")', id="what is in a folder"),
        pytest.param(
            "d/foo/", "d/*\n!d/foo/x\n", '1 ("d/*")', id="entered for another line"
        ),
        pytest.param("foo/", "f*\n!foo/x\n", '1 ("f*")', id="the same at the root"),
    ],
)
def test_its_own_pattern_does_not_save_a_folder(
    closed: str, ignore: str, line: str
) -> None:
    (problem,) = told(closed, ignore, BuilderName.LEGACY)
    path = closed.rstrip("/")
    assert (problem.code, problem.severity) == (UNREADABLE, Severity.ERROR)
    assert problem.subject == path
    assert f".dockerignore:{line} ignores it does not help" in problem.message
    assert problem.message.endswith(
        f"error checking context: can't stat 'CONTEXT/{path}'"
    )
    assert problem.hint is not None
    assert ('ignore "d"' in problem.hint) is path.startswith("d/")


@pytest.mark.parametrize(
    ("closed", "ignore"),
    [
        pytest.param("d/foo/", "d\n", id="a folder above is ignored"),
        pytest.param("d/foo/", "**/d/\n", id="a folder above, at any depth"),
        pytest.param("d/foo/", "d\n!d/x\n", id="although another line reaches in"),
        pytest.param("d/foo/", "d\n!d/foo/x\n", id="or even into itself"),
        pytest.param("foo", "foo\n", id="a file is saved by its own name"),
    ],
)
def test_a_folder_above_saves_it(closed: str, ignore: str) -> None:
    assert told(closed, ignore, BuilderName.LEGACY) == []


def test_without_a_pattern_the_message_does_not_send_for_one() -> None:
    (problem,) = told("foo/", "", BuilderName.LEGACY)
    assert problem.message == (
        '"foo": this folder cannot be read; the build fails: error checking context: '
        "can't stat 'CONTEXT/foo'"
    )
    assert problem.hint == "make it readable, or move it out of the context"


def test_buildkit_does_not_look_at_what_is_ignored() -> None:
    assert told("foo/", "*\n", BuilderName.BUILDKIT) == []


def test_several_processes_find_the_same_folders() -> None:
    with public_folder() as root:
        names = [f"{one}/{two}/closed" for one in "abcdef" for two in "gh"]
        plant(root, " ".join(f"{name}/ {name}.txt" for name in names))
        (root / ".dockerignore").write_text("**/closed\n")
        (root / "Dockerfile").write_text("FROM scratch\n")
        for name in names:
            (root / name).chmod(0)
        build = read_build(Request(str(root), builder=BuilderName.LEGACY))
        with as_nobody():
            job = build.job(build.main)
            for workers in (1, 2):
                assert survey(job, workers=workers).lost.barred == names
