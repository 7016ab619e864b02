"""Several builds watched at once, told of notices and of the time by hand."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ctxopt.core.builds.records import BuildKind, FoundBuild, FoundBuilds
from ctxopt.core.model import Problem, Request, Severity
from ctxopt.core.watching.several import SeveralEvent, SharedChange, may_name_builds
from ctxopt.errors import CtxoptError
from ctxopt.pipeline.advice import Estimate
from ctxopt.pipeline.builds.report import analyze_all
from ctxopt.pipeline.watch.session import Settings
from ctxopt.pipeline.watch.several import SeveralSession
from tests.texttree import plant


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two builds of the root, and one of a folder in it."""
    plant(tmp_path, "api/main.py:100 web/index.html:30 shared/x:10 docs/a.md:5")
    write(tmp_path, "api/Dockerfile", "COPY api /api", "COPY shared /s", "RUN make")
    write(tmp_path, "web/Dockerfile", "COPY web /web", "RUN make", "RUN pack")
    write(tmp_path, "docs/Dockerfile", "COPY . /")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(root: Path, path: str, *lines: str) -> None:
    """A Dockerfile of one stage."""
    (root / path).write_text("\n".join(("FROM scratch", *lines, "")))


def build(name: str, context: str, dockerfile: str | None = None) -> FoundBuild:
    return FoundBuild(
        name=name,
        kind=BuildKind.COMPOSE,
        request=Request(context, dockerfile),
        dockerfile=dockerfile or f"{context}/Dockerfile",
        context=context,
    )


ALL = (
    build("api", ".", "api/Dockerfile"),
    build("web", ".", "web/Dockerfile"),
    build("docs", "docs"),
)


class Found:
    """What is found, as a test wants it."""

    def __init__(self, *builds: FoundBuild) -> None:
        self.builds = builds
        self.problems: tuple[Problem, ...] = ()
        self.error: CtxoptError | None = None

    def __call__(self) -> FoundBuilds:
        if self.error is not None:
            raise self.error
        return FoundBuilds(self.builds, self.problems, ("compose.yaml",))


def settings(name: str) -> Settings:
    """A budget for one of them."""
    return Settings(Estimate(), 50 if name == "web" else None)


@contextmanager
def session_of(found: Found, folder: str = ".") -> Iterator[SeveralSession]:
    with SeveralSession(folder, found(), found, settings) as session:
        session.start(0.0)
        yield session


def act(session: SeveralSession, now: float) -> SeveralEvent:
    """Hear what there is, and act when it is due."""
    session.hear(session.watches.wait(5.0), now)
    return session.act(now + 10)


def meaning(change: SharedChange) -> tuple[str, list[str], list[str]]:
    """A path, the builds that it unsettles, and the others."""
    unsettled = [one.build for one in change.unsettled]
    return change.path, unsettled, [*change.settled]


def assert_fresh(session: SeveralSession) -> None:
    """What is known of each build is what a fresh look says."""
    fresh = analyze_all(".", session.found, estimate=Estimate())
    known = {one.name: one.report for one in session.builds}
    assert known == {one.name: one.report for one in fresh.builds}


# --- what a change means -----------------------------------------------------------


CHANGES = {
    "a file that one build of two copies": ("api/main.py", ["api"], ["web", "docs"]),
    "a file that the other build copies": ("web/new", ["web"], ["api", "docs"]),
    "a file that is shared": ("shared/x", ["api"], ["web", "docs"]),
    "a file of a folder that is a context itself": (
        *("docs/a.md", ["docs"], ["api", "web"]),
    ),
    "a file that no build takes": ("other", [], ["api", "web", "docs"]),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_names_the_builds_that_it_unsettles(name: str, project: Path) -> None:
    path, unsettled, settled = CHANGES[name]
    with session_of(Found(*ALL)) as session:
        (project / path).write_bytes(b"x" * 7)
        happened = act(session, 1.0)
        assert [meaning(one) for one in happened.changes] == [
            (path, unsettled, settled)
        ]
        assert_fresh(session)


def test_a_change_tells_the_layers_of_each_build(project: Path) -> None:
    both = build("both", ".", "Dockerfile")
    write(project, "Dockerfile", "COPY . /all", "RUN a", "RUN b", "RUN c")
    with session_of(Found(*ALL, both)) as session:
        (project / "api" / "main.py").write_bytes(b"")
        (change,) = act(session, 1.0).changes
        told = [
            (one.build, what.source.location.file, what.following)
            for one in change.unsettled
            for what in one.change.invalidates
        ]
        assert told == [("api", "api/Dockerfile", 2), ("both", "Dockerfile", 3)]


def test_a_change_is_told_once_from_where_the_user_is(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = build("docs", "../docs")
    monkeypatch.chdir(project / "web")
    with session_of(Found(inside), "..") as session:
        (project / "docs" / "a.md").write_bytes(b"")
        assert [one.path for one in act(session, 1.0).changes] == ["../docs/a.md"]


@pytest.mark.usefixtures("project")
def test_builds_of_one_root_share_their_watches() -> None:
    with session_of(Found(ALL[0])) as session:
        alone = session.watches.held
    with session_of(Found(*ALL[:2])) as session:
        assert session.watches.held == alone


def test_what_one_build_keeps_out_another_is_still_told_of(project: Path) -> None:
    (project / "api" / "Dockerfile.dockerignore").write_text("web\n")
    with session_of(Found(*ALL)) as session:
        (project / "web" / "index.html").write_bytes(b"")
        (change,) = act(session, 1.0).changes
        assert meaning(change) == ("web/index.html", ["web"], ["api", "docs"])
        shutil.rmtree(project / "shared")
        act(session, 20.0)
        assert_fresh(session)


@pytest.mark.deep
def test_any_row_of_changes_ends_at_what_is_there(project: Path) -> None:
    with session_of(Found(*ALL)) as session:
        for number in range(12):
            folder = project / ("api", "web", "docs")[number % 3] / f"d{number % 4}"
            if folder.exists():
                shutil.rmtree(folder)
            else:
                folder.mkdir()
                (folder / "f").write_bytes(b"x" * number)
            act(session, 20.0 * number)
            (project / ".dockerignore").write_text(f"**/d{number % 4}\n")
            act(session, 20.0 * number + 10)
            assert_fresh(session)


# --- builds that break, come and go --------------------------------------------------


def test_a_build_that_breaks_leaves_the_others_alone(project: Path) -> None:
    with session_of(Found(*ALL)) as session:
        write(project, "api/Dockerfile", "COPPY a /")
        happened = act(session, 1.0)
        (problem,) = happened.problems
        assert (problem.build, problem.stale) == ("api", True)
        assert problem.problem.file == "api/Dockerfile"
        (change,) = happened.changes
        assert change.settled == ("web", "docs")  # of the other nobody knows
        failed = {one.name: bool(one.failed) for one in session.watched(9.0).rows}
        assert failed == {"api": True, "web": False, "docs": False}
        write(project, "api/Dockerfile", "COPY api /api")
        act(session, 20.0)
        assert session.message == "api: the build can be measured again"
        assert_fresh(session)


def test_a_build_without_its_dockerfile_comes_once_that_is_there(project: Path) -> None:
    (project / "docs" / "Dockerfile").unlink()
    with SeveralSession(".", Found(*ALL)(), Found(*ALL), settings) as session:
        started = session.start(0.0)
        assert [one.build for one in started.problems] == ["docs"]
        assert session.watched(0.0).rows[2].report is None
        write(project, "docs/Dockerfile", "COPY . /")
        happened = act(session, 5.0)
        assert {one.build: one.is_new for one in happened.builds}["docs"]
        assert_fresh(session)


def test_a_context_that_goes_and_comes_back(project: Path) -> None:
    with session_of(Found(*ALL)) as session:
        shutil.move(project / "docs", project / "away")
        happened = act(session, 1.0)
        assert [one.build for one in happened.problems] == ["docs"]
        assert not happened.over
        shutil.move(project / "away", project / "docs")
        act(session, 20.0)
        session.act(40.0)
        assert_fresh(session)


@pytest.mark.usefixtures("project")
def test_a_build_that_is_elsewhere_has_its_reason() -> None:
    far = build("far", "https://example.org/a.git")
    refusal = CtxoptError("the builder fetches it itself")
    with session_of(Found(far._replace(refusal=refusal), *ALL)) as session:
        row, *_ = session.watched(0.0).rows
        assert (row.report, row.failed) == (None, "the builder fetches it itself")


def test_a_file_that_names_builds_is_read_anew(project: Path) -> None:
    (project / "compose.yaml").write_text("a\n")
    found = Found(*ALL[:2])
    with session_of(found) as session:
        before = session.builds[1].session
        found.builds = (ALL[1], ALL[2])
        (project / "compose.yaml").write_text("another\n")
        happened = act(session, 1.0)
        assert happened.found
        assert [one.name for one in session.builds] == ["web", "docs"]
        assert session.builds[0].session is before  # nothing of it is measured again
        assert_fresh(session)


def test_a_file_that_cannot_be_read_any_more_leaves_the_builds(project: Path) -> None:
    found = Found(*ALL)
    with session_of(found) as session:
        found.error = CtxoptError("this is no YAML", file="compose.yaml", line=2)
        (project / "compose.yaml").write_text("a: [\n")
        happened = act(session, 1.0)
        ((name, problem, stale),) = happened.problems
        assert (name, problem.message, stale) == ("", "this is no YAML", True)
        assert len(session.builds) == 3


def test_a_new_problem_of_a_file_is_told_once(project: Path) -> None:
    found = Found(*ALL)
    with session_of(found) as session:
        wrong = Problem("x", Severity.WARNING, "X is not set", "compose.yaml", 2)
        found.problems = (wrong,)
        for number in range(2):
            (project / "compose.yaml").write_text("a\n" * (number + 1))
            told = [one.problem for one in act(session, 20.0 * number).problems]
            assert told == ([wrong] if not number else [])


def test_a_dockerfile_in_a_new_folder_is_looked_for(project: Path) -> None:
    found = Found(*ALL[2:])
    with session_of(found) as session:
        (project / "extra").mkdir()
        write(project, "extra/Dockerfile", "COPY . /")
        found.builds = (ALL[2], build("extra", "extra"))
        assert act(session, 1.0).found
        assert [one.name for one in session.builds] == ["docs", "extra"]
        assert_fresh(session)


@pytest.mark.parametrize(
    ("name", "may"),
    [
        *((one, True) for one in ("Dockerfile", "api.Dockerfile", "Dockerfile.dev")),
        *((one, True) for one in ("compose.yaml", "docker-compose.prod.yml", ".env")),
        *((one, True) for one in ("docker-bake.hcl", "Containerfile", "skaffold.yaml")),
        *((one, False) for one in ("Dockerfile.dockerignore", "main.py", "", "a.yml")),
    ],
)
def test_names_of_files_that_name_builds(name: str, *, may: bool) -> None:
    assert may_name_builds(name) is may


# --- the session itself --------------------------------------------------------------


@pytest.mark.usefixtures("project")
def test_nothing_is_told_while_nothing_happens() -> None:
    with session_of(Found(*ALL)) as session:
        assert not session.act(1.0)
        assert not session.act(1000.0)


def test_what_happens_in_a_pause_is_told_after_it(project: Path) -> None:
    with session_of(Found(*ALL)) as session:
        session.pause(1.0)
        (project / "docs" / "a.md").write_bytes(b"")
        assert not act(session, 1.0)
        assert session.watched(2.0).paused
        session.pause(30.0)
        assert [one.path for one in session.act(31.0).changes] == ["docs/a.md"]


def test_the_watch_ends_with_its_folder(project: Path) -> None:
    with session_of(Found(*ALL)) as session:
        shutil.rmtree(project)
        assert act(session, 1.0).over == "the folder is gone"


def test_budgets_are_those_of_each_build(project: Path) -> None:
    (project / "web" / "large").write_bytes(bytes(500))
    (project / "api" / "large").write_bytes(bytes(500))
    with session_of(Found(*ALL)) as session:
        over = {one.name: one.over_bytes > 0 for one in session.watched(0.0).rows}
        assert over == {"api": False, "web": True, "docs": False}


def test_the_last_change_of_a_path_pushes_away_that_before(project: Path) -> None:
    with session_of(Found(*ALL)) as session:
        for number, path in enumerate(("docs/a.md", "shared/x", "docs/a.md")):
            (project / path).write_bytes(b"x" * number)
            act(session, 20.0 * number)
        told = [one.path for one in session.watched(90.0).changes]
        assert told == ["docs/a.md", "shared/x"]
