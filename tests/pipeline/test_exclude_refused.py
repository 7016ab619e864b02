"""Patterns of `--exclude` that BuildKit refuses, as one of August 2026 did or did not.

Rule: moby/buildkit, cache/contenthash/checksum.go, shouldIncludePath.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ctxopt.core.model import Problem, Request, SourceState
from ctxopt.pipeline.report import analyze
from tests.texttree import plant

LATE = "failed to match excludepatterns: syntax error in pattern"
TREE = "b d/f d/e/g"


def refused(root: Path) -> list[Problem]:
    """What is said of patterns that BuildKit refuses."""
    found = analyze(Request(root)).problems
    return [one for one in found if one.code == "exclude-refused"]


@pytest.mark.parametrize(
    ("instruction", "words"),
    [
        ("COPY --exclude=d/[ . /x/", "invalid excludepatterns: [d/[]: syntax error in"),
        ("COPY --exclude=* --exclude=[ . /x/", "invalid excludepatterns: [* []: "),
        ("COPY --exclude=! b /x/", "invalid excludepatterns: [!]: illegal exclusion"),
        ("COPY --exclude=[ <<EOF /x/\nhi\nEOF", "invalid excludepatterns: [[]: syntax"),
        ("ADD --exclude=[ https://e.org/a /x/", "invalid excludepatterns: [[]: syntax"),
        ("COPY --exclude=[z-a] . /x/", LATE),
        ("COPY --exclude=[z-a] b* /x/", LATE),
        ("COPY --exclude=d/[z-a] b d /x/", LATE),
        ("COPY --parents --exclude=[z-a] d/f /x/", LATE),
        ("ADD --exclude=[z-a] <<EOF /x/\nhi\nEOF", LATE),
        ("COPY --exclude=* --exclude=!d --exclude=[z-a] . /x/", LATE),
        ("COPY --exclude=* --exclude=![z-a] . /x/", LATE),
        ("COPY --exclude=d/e/g --exclude=![z-a] . /x/", LATE),
        ("COPY b /b\nFROM scratch\nCOPY --from=0 --exclude=[z-a] /b /x/", LATE),
    ],
)
def test_a_pattern_is_refused_where_its_instruction_stands(
    tmp_path: Path, instruction: str, words: str
) -> None:
    plant(tmp_path, TREE)
    (tmp_path / "Dockerfile").write_text(f"FROM scratch\n{instruction}\n")
    (problem,) = refused(tmp_path)
    assert problem.severity == "error"
    assert words in problem.message
    last = instruction.count("\nFROM") * 2 + 2
    assert (problem.file, problem.line) == ("Dockerfile", last)


@pytest.mark.parametrize(
    "instruction",
    [
        pytest.param("COPY --exclude=* --exclude=[z-a] . /x/", id="all is out before"),
        pytest.param(
            "COPY --exclude=![z-a] . /x/", id="there is nothing to bring back"
        ),
        pytest.param("COPY --exclude=nosuch --exclude=![z-a] . /x/", id="nor here"),
        pytest.param("COPY --exclude=[z-a] nosuch* /x/", id="a wildcard hits nothing"),
        pytest.param(
            "COPY --parents --exclude=[z-a] d/*.q /x/", id="nor does this one"
        ),
        pytest.param("COPY --exclude=* --exclude=!q --exclude=[z-a] . /x/", id="no q"),
        pytest.param("ADD --exclude=b --exclude=![z-a] b* /x/", id="at its own place"),
    ],
)
def test_a_pattern_that_is_never_asked_fails_nothing(
    tmp_path: Path, instruction: str
) -> None:
    plant(tmp_path, TREE)
    (tmp_path / "Dockerfile").write_text(f"FROM scratch\n{instruction}\n")
    problems = analyze(Request(tmp_path)).problems
    assert [one.code for one in problems if one.severity == "error"] == []


@pytest.mark.parametrize(
    ("source", "is_refused"),
    [
        pytest.param("*/e", False, id="it hits a link to a folder"),
        pytest.param("lnk/*", True, id="it starts from one"),
        pytest.param("up/*/g", True, id="from one above"),
    ],
)
def test_a_wildcard_asks_about_nothing_behind_a_link(
    tmp_path: Path, source: str, *, is_refused: bool
) -> None:
    plant(tmp_path, "deep/d/e/g lnk->deep/d/e up->deep/d in->deep/d")
    copy = f"COPY --exclude=[z-a] {source} /x/\n"
    (tmp_path / "Dockerfile").write_text(f"FROM scratch\nCOPY deep /y/\n{copy}")
    assert bool(refused(tmp_path)) == is_refused


def test_an_entry_that_the_ignore_file_keeps_out_is_not_asked_about(
    tmp_path: Path,
) -> None:
    plant(tmp_path, TREE)
    (tmp_path / ".dockerignore").write_text("d/e\n")
    copy = "COPY --exclude=g --exclude=![z-a] d b /x/\n"
    (tmp_path / "Dockerfile").write_text(f"FROM scratch\n{copy}")
    assert refused(tmp_path) == []


@pytest.mark.parametrize(
    ("ignored", "is_refused"),
    [
        pytest.param("d/e\n!d/e/nosuch\n", False, id="for nothing"),
        pytest.param("d/e\n!d/e/g\n", True, id="for what is in it"),
        pytest.param("", True, id="it is not ignored"),
    ],
)
def test_a_folder_that_is_opened_is_asked_about_where_it_is_sent(
    tmp_path: Path, ignored: str, *, is_refused: bool
) -> None:
    plant(tmp_path, TREE)
    (tmp_path / ".dockerignore").write_text(ignored)
    copy = "COPY --exclude=e --exclude=![z-a] d /x/\n"
    (tmp_path / "Dockerfile").write_text(f"FROM scratch\n{copy}")
    assert bool(refused(tmp_path)) == is_refused


@pytest.mark.parametrize("pattern", ["[", "[z-a]"])
def test_what_is_on_disk_is_not_called_missing_for_it(
    tmp_path: Path, pattern: str
) -> None:
    plant(tmp_path, TREE)
    copy = f"COPY --exclude={pattern} b d /x/\n"
    (tmp_path / "Dockerfile").write_text(f"FROM scratch\n{copy}")
    states = {one.state for one in analyze(Request(tmp_path)).sources}
    assert states == {SourceState.FOUND}


def test_one_instruction_tells_it_once(tmp_path: Path) -> None:
    plant(tmp_path, TREE)
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY --exclude=[ b d /x/\n")
    assert len(refused(tmp_path)) == 1
