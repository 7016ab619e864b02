"""The commands with --builder podman, as a person runs them.

Rules: see docs/builders.md; what buildah does is held by the vectors.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ctxopt import pipeline
from ctxopt.core.model import Request, Severity, SourceState
from ctxopt.errors import CtxoptError
from tests.test_write import in_process
from tests.texttree import plant


@pytest.fixture
def project(tmp_path: Path) -> Path:
    plant(tmp_path, "node_modules/x/a:3000 .git/HEAD:20 src/a:1 docs/r.md:5 docs/x:1")
    (tmp_path / "Containerfile").write_text("FROM scratch\nCOPY . /app/\n")
    return tmp_path


def asked(project: Path, dockerfile: str, ignore: str) -> Request:
    (project / "Containerfile").write_text(f"FROM scratch\n{dockerfile}\n")
    (project / ".containerignore").write_text(ignore)
    return Request(project, builder="podman")


def test_a_scan_says_that_nothing_is_sent(project: Path) -> None:
    status, out, said = in_process("scan", "--builder", "podman", project)
    assert (status, said) == (0, "")
    assert "in place, by each build: podman sends nothing" in out
    assert "Transfer" not in out
    assert "no ignore file" in out


def test_a_first_ignore_file_is_podmans_and_is_read_by_it(project: Path) -> None:
    status, out, _ = in_process("write", "--yes", "--builder", "podman", project)
    assert status == 0
    assert "\nRead " in out
    assert not (project / ".dockerignore").exists()
    assert "**/node_modules" in (project / ".containerignore").read_text()
    listed = {one.path for one in pipeline.listing(Request(project, builder="podman"))}
    assert "src/a" in listed
    assert not {"node_modules", "node_modules/x/a"} & listed
    status, out, _ = in_process("write", "--yes", "--builder", "podman", project)
    assert (status, out) == (
        0,
        "Nothing to write: .containerignore is as it should be.\n",
    )


def test_a_dockerignore_in_effect_is_kept_and_tried_with_docker_as_well(
    project: Path,
) -> None:
    (project / "Containerfile").rename(project / "Dockerfile")
    (project / ".dockerignore").write_text("docs\n")
    status, _, said = in_process("write", "--yes", "--builder", "podman", project)
    assert (status, said) == (0, "")
    assert not (project / ".containerignore").exists()
    assert (project / ".dockerignore").read_text().startswith("docs\n")


def test_a_containerignore_is_nothing_that_docker_is_asked_about(project: Path) -> None:
    (project / "Containerfile").rename(project / "Dockerfile")
    status, _, said = in_process("write", "--yes", "--builder", "podman", project)
    assert status == 0
    assert "BuildKit does not read .containerignore" in said
    assert "the legacy builder does not read .containerignore" in said


def test_verify_says_that_there_is_nothing_to_ask(project: Path) -> None:
    status, _, said = in_process("verify", "--builder", "podman", project)
    assert status == 2
    assert "nothing to verify with --builder podman: it sends nothing" in said


def test_check_tells_of_lines_that_docker_reads_otherwise(project: Path) -> None:
    (project / "Containerfile").rename(project / "Dockerfile")
    (project / ".dockerignore").write_text("*\n!**/*.md\n")
    status, out, _ = in_process("check", "--builder", "podman", project)
    assert status == 0
    plain = " ".join(out.split())
    assert "podman and BuildKit let different files through with the same" in plain
    assert "lines (0 files for podman, 1 for BuildKit)" in plain


# containers/buildah, add.go, Add: what is named is found below an ignored folder.
def test_a_file_is_found_where_a_copy_of_all_does_not_come(project: Path) -> None:
    request = asked(project, "COPY docs/r.md /r\nCOPY . /all/", "*\n!**/*.md\n")
    report = pipeline.analyze(request)
    assert [one.state for one in report.sources] == [SourceState.FOUND] * 2
    assert [(one.entries, one.file_bytes) for one in report.sources] == [(1, 5), (0, 0)]
    assert [one.path for one in pipeline.listing(request)] == ["docs/r.md"]


# imagebuildah/stage_executor.go, runStageMountPoints: the folder itself is mounted.
def test_a_mount_shows_what_is_ignored(project: Path) -> None:
    line = "RUN --mount=type=bind,source=docs,target=/d true"
    assert pipeline.analyze(asked(project, line, "docs\n")).problems == ()
    (problem,) = pipeline.analyze(
        asked(project, line.replace("docs", "nope"), "docs\n")
    ).problems
    assert problem.code == "source-missing"


# copier/copier.go, extendedGlob: `**` is any number of folders.
@pytest.mark.parametrize(
    ("source", "taken"),
    [
        ("**/r.md", ["docs/r.md", "docs/sub/r.md"]),
        ("docs/**", ["docs/r.md", "docs/sub/r.md", "docs/x"]),
        ("docs/**/r.md", ["docs/r.md", "docs/sub/r.md"]),
        ("**/sub", ["docs/sub/r.md"]),
        ("docs/**/s*/*.md", ["docs/sub/r.md"]),
    ],
)
def test_a_double_star_in_a_copy_is_any_number_of_folders(
    project: Path, source: str, taken: list[str]
) -> None:
    plant(project, "docs/sub/r.md:7")
    request = asked(project, f"COPY {source} /x/", "node_modules\n")
    listed = [one for one in pipeline.listing(request) if not one.directory]
    assert sorted(one.path for one in listed) == taken
    (use,) = pipeline.analyze(request).sources
    assert use.state is SourceState.FOUND


def test_a_double_star_in_a_copy_is_not_said_to_fail(project: Path) -> None:
    request = asked(project, "COPY **/nowhere/** /x/", "docs\n")
    problems = pipeline.analyze(request).problems
    assert [one for one in problems if one.severity is Severity.ERROR] == []


# pkg/parse/parse.go, ContainerIgnoreFile: joined within the context (1.28: followed).
def test_an_ignore_file_that_leads_out_of_the_context_is_said_to_be_none(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "ignore"
    elsewhere.write_text("*\n")
    (project / ".containerignore").symlink_to(elsewhere)
    report = pipeline.analyze(Request(project, builder="podman"))
    assert report.ignore_file is None
    (problem,) = report.problems
    assert (problem.code, problem.file) == ("ignore-file-unread", ".containerignore")
    assert "where podman does not read it" in problem.message


def test_why_says_which_folder_the_walk_ends_at(project: Path) -> None:
    asked(project, "COPY . /x/", "*\n!**/*.md\n")
    status, out, _ = in_process(
        "why", "--builder", "podman", "-C", project, "docs/r.md"
    )
    assert status == 1
    assert '"docs/r.md" is not in the context' in out
    assert "(tried with podman)" in " ".join(out.split())


@pytest.mark.parametrize(
    ("target", "sent"),
    [
        pytest.param("One", "b.md", id="the name as it is written"),
        pytest.param("0", "b.md", id="a number from 0"),
        pytest.param("+1", "a.txt", id="a number with a sign"),
        pytest.param("same", "c.txt", id="the last of two of a name"),
        pytest.param("one", None, id="other letters"),
        pytest.param("4", None, id="a number that no stage has"),
        pytest.param("\u0660", None, id="a digit that is none of ASCII"),
    ],
)
def test_a_target_is_a_name_letter_for_letter_or_a_number(
    target: str, sent: str | None, tmp_path: Path
) -> None:
    plant(tmp_path, "a.txt b.md c.txt")
    stages = "One b.md", "two a.txt", "same a.txt", "same c.txt"
    text = "".join(
        "FROM scratch AS {}\nCOPY {} /\n".format(*one.split()) for one in stages
    )
    (tmp_path / "Dockerfile").write_text(text)
    request = Request(str(tmp_path), target=target, builder="podman")
    if sent is None:
        with pytest.raises(CtxoptError, match="could not be found"):
            [*pipeline.listing(request)]
        return
    assert [one.path for one in pipeline.listing(request)] == [sent]
