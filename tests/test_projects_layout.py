"""The small projects are laid out as their files say, and builders can read them."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from ctxopt import pipeline
from ctxopt.core.ignorefile.lines import parse
from ctxopt.core.model import BuilderName, Request, Severity, SourceState
from ctxopt.core.patterns.matcher import Matcher
from tests import projects
from tests.projects import PROJECTS, Piece
from tests.trees import BASE_TIME_NS

# Builds that the legacy builder cannot do, with the codes of what it would say.
BUILDKIT_ONLY = {
    "node-web": {"needs-buildkit"},  # RUN --mount=type=cache
    "rust-cli": {"needs-buildkit"},  # RUN --mount=type=bind
}


class Laid(NamedTuple):
    """A project on disk, and what is in it."""

    name: str
    path: Path
    entries: dict[str, tuple[str, int, str]]


@pytest.fixture(scope="module", params=projects.names())
def laid(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Laid]:
    """Every project in turn; gone before the next, because together they are large."""
    root = tmp_path_factory.mktemp("projects")
    path = projects.lay_out(request.param, root)
    yield Laid(request.param, path, entries(path))
    shutil.rmtree(root)


def entries(root: Path) -> dict[str, tuple[str, int, str]]:
    """What lies below `root`, by path: kind and mode, time, contents or target."""
    found = {}
    for folder, folders, files in os.walk(root):
        for name in (*folders, *files):
            path = os.path.join(folder, name)
            about = os.lstat(path)
            content = ""
            if stat.S_ISLNK(about.st_mode):
                content = os.readlink(path)
            elif stat.S_ISREG(about.st_mode):
                content = hashlib.sha256(Path(path).read_bytes()).hexdigest()
            mode = oct(about.st_mode) if not stat.S_ISLNK(about.st_mode) else "link"
            found[os.path.relpath(path, root)] = (mode, about.st_mtime_ns, content)
    return found


def ignores(path: Path) -> Matcher:
    """What the project's own ignore file says."""
    file = path / ".dockerignore"
    content = file.read_bytes() if file.exists() else b""
    return Matcher(parse(content, ".dockerignore").patterns)


# --- the files of a project ------------------------------------------------------


def test_there_are_projects_of_more_than_ten_kinds() -> None:
    assert len(projects.names()) > 10
    assert {path.name for path in PROJECTS.iterdir()} == set(projects.names())


@pytest.mark.parametrize("name", projects.names())
def test_a_project_is_small_where_it_is_committed(name: str) -> None:
    files = [path for path in (PROJECTS / name).rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 40_000
    beside = {path.name for path in (PROJECTS / name).iterdir()}
    texts = {"clutter.txt", "needs.txt", "waste.txt", "why.md", "expected.txt"}
    assert beside == {"project", *texts}


@pytest.mark.parametrize("name", projects.names())
def test_no_committed_name_is_one_that_git_or_our_tools_obey(name: str) -> None:
    found = (PROJECTS / name / "project").rglob("*")
    assert [path for path in found if path.name.startswith(".")] == []


# --- what is laid out ------------------------------------------------------------


@pytest.mark.deep
def test_a_second_layout_is_the_same_whatever_the_umask(
    laid: Laid, tmp_path: Path
) -> None:
    before = os.umask(0o077)
    try:
        again = projects.lay_out(laid.name, tmp_path)
    finally:
        os.umask(before)
    assert entries(again) == laid.entries
    assert stat.S_IMODE(again.stat().st_mode) == 0o755
    shutil.rmtree(again)


def test_times_and_modes_are_plain(laid: Laid) -> None:
    assert laid.path.stat().st_mtime_ns == BASE_TIME_NS
    assert {time for _, time, _ in laid.entries.values()} == {BASE_TIME_NS}
    modes = {mode for mode, _, _ in laid.entries.values()}
    assert modes <= {"0o40755", "0o100755", "0o100644", "link"}


def test_a_project_is_large_enough_to_matter_and_small_enough_to_make(
    laid: Laid,
) -> None:
    files = (path for path in laid.path.rglob("*") if not path.is_symlink())
    size = sum(path.stat().st_size for path in files if path.is_file())
    assert 5_000_000 < size < 40_000_000


def test_clutter_has_the_size_that_its_line_says(laid: Laid) -> None:
    for piece in projects.clutter(laid.name):
        about = os.lstat(laid.path / piece.path)
        if piece.content is not None:
            assert about.st_size == piece.file_bytes, piece.path


def test_what_the_image_needs_is_there_and_is_sent(laid: Laid) -> None:
    matcher = ignores(laid.path)
    needs = projects.needs(laid.name)
    assert needs
    assert [path for path in needs if path not in laid.entries] == []
    assert [path for path in needs if matcher.matches_or_parent_matches(path)] == []


def test_waste_is_there_and_is_sent(laid: Laid) -> None:
    matcher = ignores(laid.path)
    waste = projects.waste(laid.name)
    assert waste or laid.name == "polyglot-monorepo"
    assert [path for path in waste if path not in laid.entries] == []
    assert [path for path in waste if matcher.matches_or_parent_matches(path)] == []


def test_waste_is_laid_out_by_the_clutter_and_holds_nothing_needed(laid: Laid) -> None:
    made = [piece.path for piece in projects.clutter(laid.name)]
    for path in projects.waste(laid.name):
        assert any(one == path or one.startswith(f"{path}/") for one in made), path
        for need in projects.needs(laid.name):
            assert need != path
            assert not need.startswith(f"{path}/")


# --- what builders make of it ----------------------------------------------------


@pytest.mark.parametrize("builder", BuilderName)
def test_every_source_is_found_and_nothing_is_wrong(
    laid: Laid, builder: BuilderName
) -> None:
    report = pipeline.analyze(Request(str(laid.path), builder=builder))
    assert report.sources
    assert {use.state for use in report.sources} == {SourceState.FOUND}
    expected = (
        BUILDKIT_ONLY.get(laid.name, set()) if builder is BuilderName.LEGACY else set()
    )
    errors = [one for one in report.problems if one.severity is Severity.ERROR]
    assert {problem.code for problem in errors} == expected


def test_a_second_dockerfile_takes_the_ignore_file_beside_it(tmp_path: Path) -> None:
    """Under BuildKit; the legacy builder knows no NAME.dockerignore."""
    path = projects.lay_out("polyglot-monorepo", tmp_path)
    worker = path / "deploy/worker.Dockerfile"
    report = pipeline.analyze(Request(str(path), str(worker)))
    assert report.ignore_file is not None
    assert report.ignore_file.path.endswith("deploy/worker.Dockerfile.dockerignore")
    assert {use.state for use in report.sources} == {SourceState.FOUND}


def test_some_ignore_files_have_windows_line_ends_and_no_last_newline() -> None:
    found = [path.read_bytes() for path in PROJECTS.rglob("*dockerignore")]
    assert sum(b"\r\n" in content for content in found) == 2
    assert sum(content.startswith(b"\xef\xbb\xbf") for content in found) == 1
    assert sum(not content.endswith(b"\n") for content in found) == 1


# --- the lines of clutter.txt ----------------------------------------------------


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        pytest.param("a/b\t12", [Piece("a/b", 12)], id="a file of some bytes"),
        pytest.param("a\t= x = 1\\n", [Piece("a", b"x = 1\n")], id="a file of text"),
        pytest.param(
            "a\t= \\\\n\\t\\x7fELF", [Piece("a", b"\\n\t\x7fELF")], id="escapes"
        ),
        pytest.param("a\t= \\xff", [Piece("a", b"\xff")], id="a byte of no character"),
        pytest.param("a/b/", [Piece("a/b")], id="a folder"),
        pytest.param("a -> ../b c", [Piece("a", target="../b c")], id="a link"),
        pytest.param(
            "a{08..10}\t1",
            [Piece("a08", 1), Piece("a09", 1), Piece("a10", 1)],
            id="a range keeps its zeros",
        ),
        pytest.param(
            "{1..2}/{b,c}/",
            [Piece("1/b"), Piece("1/c"), Piece("2/b"), Piece("2/c")],
            id="two braces are multiplied",
        ),
    ],
)
def test_a_line_of_clutter_says(line: str, pieces: list[Piece]) -> None:
    assert list(projects.read(line)) == pieces


@pytest.mark.parametrize("line", ["a/b", "a/b 12", "a\ttwelve", "a\t12 kB"])
def test_a_line_of_another_form_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"is no file|invalid literal"):
        list(projects.read(line))


def test_two_pieces_do_not_share_a_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "all/twice/project"
    project.mkdir(parents=True)
    (project / "dot-env").write_text("A=1\n")
    (project.parent / "clutter.txt").write_text(".env\t12\n")
    monkeypatch.setattr(projects, "PROJECTS", tmp_path / "all")
    with pytest.raises(FileExistsError):
        projects.lay_out("twice", tmp_path)
