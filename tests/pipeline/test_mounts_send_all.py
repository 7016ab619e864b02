"""Mounts that make BuildKit ask for all of a context, and the note that says so.

The transfers, and that `from=scratch` is the cure, are those of a BuildKit of August
2026. Rule: moby/buildkit, dockerfile2llb/convert_runmount.go, dispatchRunMounts.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ctxopt.core.model import Problem, Request, Transfer
from ctxopt.pipeline.report import analyze
from tests.texttree import plant


def measured(root: Path, text: str, **more: object) -> tuple[Transfer, list[Problem]]:
    plant(root, "a:1 big/x:5000")
    (root / "Dockerfile").write_text(f"FROM scratch\nCOPY a /a\n{text}\n")
    report = analyze(Request(root, **more))  # type: ignore[arg-type]
    told = [one for one in report.problems if one.code == "mount-sends-all"]
    return report.transfer, told


@pytest.mark.parametrize(
    "mount",
    [
        *("type=tmpfs,target=/t", "type=tmpfs,target=/t,source=/", "target=/t"),
        *(
            "target=/t,source=.",
            "target=/t,source=big/..",
            "type=bind,dst=/t,src=../..",
        ),
        pytest.param("type=${T:-tmpfs},target=/t", id="a type from a variable"),
        pytest.param("type=secret,id=x --mount=target=/t", id="the second of a RUN"),
    ],
)
def test_a_mount_that_asks_for_all_is_named(tmp_path: Path, mount: str) -> None:
    transfer, (problem,) = measured(tmp_path, f"RUN --mount={mount} true")
    assert transfer.tally.entries == 4
    assert (problem.file, problem.line, problem.severity) == ("Dockerfile", 3, "note")
    assert "BuildKit sends the whole context" in problem.message
    cure = "from=scratch" if "tmpfs" in mount else "source=FOLDER"
    assert cure in (problem.hint or "")


@pytest.mark.parametrize(
    "mount",
    [
        *("type=tmpfs,target=/t,from=scratch", "target=/t,source=big"),
        *("type=cache,target=/t", "type=cache,target=/t,source=.", "type=ssh"),
        *("type=secret,id=x,target=/t", "type=bind,target=/t,from=scratch"),
    ],
)
def test_other_mounts_ask_for_what_they_name(tmp_path: Path, mount: str) -> None:
    transfer, problems = measured(tmp_path, f"RUN --mount={mount} true")
    assert problems == []
    assert transfer.tally.entries <= 3


def test_a_copy_of_all_is_reason_enough(tmp_path: Path) -> None:
    _, problems = measured(tmp_path, "RUN --mount=target=/t true\nCOPY . /x")
    assert problems == []


def test_each_line_is_told_as_all_of_them_have_to_change(tmp_path: Path) -> None:
    two = "RUN --mount=target=/t true\nRUN --mount=type=tmpfs,target=/t true"
    _, problems = measured(tmp_path, two)
    assert [one.line for one in problems] == [3, 4]


def test_a_stage_that_is_not_built_asks_for_nothing(tmp_path: Path) -> None:
    text = "FROM scratch AS x\nRUN --mount=target=/t true\nFROM scratch\nCOPY a /a"
    assert measured(tmp_path, text)[1] == []


@pytest.mark.parametrize("kind", ["tmpfs", "ssh"])
def test_a_stage_that_only_such_a_mount_names_asks_for_all(
    tmp_path: Path, kind: str
) -> None:
    plant(tmp_path, "a:1 big/x:5000")
    mount = f"RUN --mount=type={kind},from=s,target=/t true"
    text = f"FROM scratch AS s\nCOPY . /y\nFROM scratch\nCOPY a /a\n{mount}\n"
    (tmp_path / "Dockerfile").write_text(text)
    (problem,) = analyze(Request(tmp_path)).problems
    assert (problem.code, problem.line) == ("mount-sends-all", 2)
    assert "this stage is not built" in problem.message


def test_a_trigger_is_told_where_it_stands(tmp_path: Path) -> None:
    text = "ONBUILD RUN --mount=type=tmpfs,target=/t true\nFROM 0"
    named = text.replace("FROM 0", "FROM base")
    plant(tmp_path, "a:1")
    dockerfile = f"FROM scratch AS base\n{named}\n"
    (tmp_path / "Dockerfile").write_text(dockerfile)
    told = [
        one.line
        for one in analyze(Request(tmp_path)).problems
        if one.code == "mount-sends-all"
    ]
    assert told == [2]


def test_a_named_context_is_named(tmp_path: Path) -> None:
    other = plant(tmp_path / "other", "x y")
    _, (problem,) = measured(
        tmp_path / "main",
        "RUN --mount=from=other,target=/t true",
        build_contexts={"other": str(other)},
    )
    assert 'the whole named context "other"' in problem.message


def test_the_picture_says_that_what_no_source_takes_is_sent(tmp_path: Path) -> None:
    plant(tmp_path, "a:1 big/x:5000")
    mount = "RUN --mount=type=tmpfs,target=/t true"
    (tmp_path / "Dockerfile").write_text(f"FROM scratch\nCOPY a /a\n{mount}\n")
    report = analyze(Request(tmp_path))
    big = next(one for one in report.largest if one.path == "big")
    assert (big.unsent_bytes, big.used) == (0, False)
    assert big.wire_bytes > 5000
