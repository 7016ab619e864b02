"""The session of a watch, told of notices and of the time by hand."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ctxopt import pipeline
from ctxopt.core.model import Confidence, Request, Severity
from ctxopt.core.watching.moment import Change, What
from ctxopt.host.walk import workers as workers_module
from ctxopt.host.walk.workers import share_out
from ctxopt.host.watches.inotify import Inotify
from ctxopt.host.watches.mounts import Mounts
from ctxopt.host.watches.notice import OVERFLOW
from ctxopt.pipeline.advice import Estimate
from ctxopt.pipeline.watch.session import Session, Settings, WatchResult
from ctxopt.view.watch.screen_state import ScreenState
from tests.divided import divided
from tests.texttree import plant


@pytest.fixture
def project(tmp_path: Path) -> Path:
    plant(tmp_path, "src/main.c:100 logs/a.log:1000 docs/x.md:20")
    (tmp_path / "Dockerfile").write_text(
        "FROM scratch\nCOPY src /src\nCOPY . /app\nRUN make\n"
    )
    return tmp_path


@contextmanager
def session_of(context: Path, *writes: Confidence) -> Iterator[Session]:
    settings = Settings(Estimate(), None, writes)
    with Session(Request(str(context)), settings) as session:
        session.start(0.0)
        session.begin(0.0)
        yield session


def act(session: Session, now: float, *, timeout: float = 5.0) -> WatchResult:
    """Hear what there is, and act when it is due."""
    session.hear(session.watches.wait(timeout), now)
    return session.act(now + 10)


def files(session: Session) -> int:
    context = session.report.context
    assert context is not None
    return context.files


def test_nothing_is_due_while_nothing_happens(project: Path) -> None:
    with session_of(project) as session:
        assert session.due(1.0) is None
        assert session.act(1.0) == WatchResult()


def test_events_are_gathered_for_a_moment(project: Path) -> None:
    with session_of(project) as session:
        (project / "new").touch()
        session.hear(session.watches.wait(5), 1.0)
        due = session.due(1.0)
        assert due is not None
        assert 1.0 < due <= 1.05
        assert not session.act(1.0).measured
        assert session.act(due).measured


def test_a_full_queue_means_a_full_scan(project: Path) -> None:
    with session_of(project) as session:
        before = files(session)
        (project / "src" / "lost").touch()
        session.watches.wait(5)  # and nobody hears of it
        session.hear([OVERFLOW], 1.0)
        assert session.act(11.0).measured
        assert files(session) == before + 1


def test_several_processes_measure_where_all_is_measured(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def noting(work: Callable[[int], object], jobs: int, workers: int) -> object:
        asked.append(workers)
        return share_out(work, jobs, workers)

    monkeypatch.setattr(workers_module, "share_out", noting)
    monkeypatch.setenv("CTXOPT_WORKERS", "3")
    with divided(), session_of(project) as session:
        before = files(session)
        assert asked == [3]
        (project / "src" / "new").touch()
        assert act(session, 1.0).measured
        assert asked == [3]
        session.hear([OVERFLOW], 20.0)
        session.act(30.0)
        assert asked == [3, 3]
        (project / "docs" / "new").touch()
        assert act(session, 40.0).measured
        assert files(session) == before + 2


def test_what_happens_in_a_pause_is_told_after_it(project: Path) -> None:
    with session_of(project) as session:
        session.pause(1.0)
        (project / "new").touch()
        assert not act(session, 1.0).measured
        assert session.watched(2.0).paused
        session.pause(30.0)
        happened = session.act(31.0)
        assert [one.path for one in happened.changes] == ["new"]


def test_a_clock_that_jumps_loses_nothing(project: Path) -> None:
    with session_of(project) as session:
        before = files(session)
        (project / "new").touch()
        session.hear(session.watches.wait(5), 1000.0)
        assert session.act(5.0).measured
        assert files(session) == before + 1


def test_lines_are_taken_back_only_if_nobody_changed_them(project: Path) -> None:
    with session_of(project) as session:
        session.propose()
        written = session.write(1.0).written
        assert written is not None
        assert "logs" in written.patterns
        ignore_file = project / ".dockerignore"
        ignore_file.write_text(ignore_file.read_text() + "mine\n")
        assert not session.undo(2.0).measured
        assert "ctxopt write --remove" in session.message
        assert "mine" in ignore_file.read_text()


def test_what_was_taken_back_is_not_written_again(project: Path) -> None:
    (project / ".DS_Store").touch()
    with session_of(project, Confidence.CERTAIN) as session:
        assert (project / ".dockerignore").exists()
        assert session.undo(1.0).measured
        assert not (project / ".dockerignore").exists()
        (project / "docs" / "y.md").touch()
        act(session, 2.0)
        assert not (project / ".dockerignore").exists()


# --- what a change was -----------------------------------------------------------


def told(happened: WatchResult) -> list[tuple[str, What, int | None, int | None]]:
    return [
        (one.path, one.what, one.before_bytes, one.after_bytes)
        for one in happened.changes
    ]


def test_a_first_burst_tells_true_differences(project: Path) -> None:
    plant(project, "src/many/x:5 src/many/y:6")
    for number in range(600):  # enough for folders that are kept in parts
        (project / "src" / "many" / f"f{number}").write_bytes(b"x" * number)
    with session_of(project) as session:
        (project / "src" / "main.c").write_bytes(b"x" * 102)
        (project / "docs" / "x.md").write_bytes(b"x" * 19)
        (project / "src" / "many" / "f300").write_bytes(b"")
        (project / "src" / "many" / "y").unlink()
        (project / "src" / "many" / "new").touch()
        assert told(act(session, 1.0)) == [
            ("docs/x.md", What.SIZE, 20, 19),
            ("src/main.c", What.SIZE, 100, 102),
            ("src/many/f300", What.SIZE, 300, 0),
            ("src/many/new", What.NEW, None, 0),
            ("src/many/y", What.GONE, 6, None),
        ]


def test_a_folder_that_is_gone_is_told_as_a_folder(project: Path) -> None:
    (project / ".dockerignore").write_text("docs/inner\n")
    (project / "docs" / "inner").mkdir()
    with session_of(project) as session:
        (project / "docs" / "inner").rmdir()
        (project / "logs" / "a.log").unlink()
        (project / "logs").rmdir()
        happened = act(session, 1.0)
        assert [(one.path, one.is_folder) for one in happened.changes] == [
            ("docs/inner", True),
            ("logs", True),
        ]
        assert [one.inside for one in happened.changes] == [False, True]


def test_what_is_kept_out_is_not_known_before_it_is_told(project: Path) -> None:
    (project / ".dockerignore").write_text("**/*.log\n")
    with session_of(project) as session:
        (project / "logs" / "a.log").write_bytes(b"x" * 1007)
        assert told(act(session, 1.0)) == [("logs/a.log", What.UNKNOWN, None, 1007)]
        (project / "logs" / "a.log").write_bytes(b"x" * 1010)
        assert told(act(session, 20.0)) == [("logs/a.log", What.SIZE, 1007, 1010)]


def test_what_only_came_and_went_is_not_told(project: Path) -> None:
    with session_of(project) as session:
        (project / "src" / "4913").touch()  # an editor tries whether it may write
        (project / "src" / "4913").unlink()
        assert told(act(session, 1.0)) == []


def test_what_changes_again_pushes_nothing_else_aside(project: Path) -> None:
    with session_of(project) as session:
        (project / "docs" / "x.md").write_bytes(b"")
        act(session, 1.0)
        for number in range(3):
            (project / "logs" / "a.log").write_bytes(b"x" * number)
            act(session, 20.0 * (number + 1))
        shown = [(one.path, one.after_bytes) for one in session.watched(90.0).changes]
        assert shown == [("logs/a.log", 2), ("docs/x.md", 0)]


def test_a_changed_mode_is_no_touch(project: Path) -> None:
    main = project / "src" / "main.c"
    with session_of(project) as session:
        main.chmod(0o755)
        (changed,) = act(session, 1.0).changes
        assert (changed.what, changed.mode) == (What.MODE, 0o755)
        assert changed.invalidates
        os.utime(main, (1, 1))
        (doubtful,) = act(session, 20.0).changes
        assert doubtful.what is What.NOTHING  # it was read the time before
        assert doubtful.invalidates == ()


def test_a_touch_is_told_from_another_content_once_it_was_read(project: Path) -> None:
    main = project / "src" / "main.c"
    with session_of(project) as session:
        found: list[Change] = []
        for number, write in enumerate((b"", b"", b"y" * 100, b"z" * 100)):
            if write:
                main.write_bytes(write)
            os.utime(main, (number, number))
            found += act(session, 20.0 * number).changes
        assert [one.what for one in found] == [
            *(What.TIME, What.NOTHING, What.CONTENT, What.CONTENT)
        ]
        assert [bool(one.invalidates) for one in found] == [True, False, True, True]


def test_a_large_file_is_not_read_for_a_touch(project: Path) -> None:
    large = project / "src" / "large"
    large.write_bytes(bytes(70_000))
    with session_of(project) as session:
        for number in range(2):
            os.utime(large, (number, number))
            (change,) = act(session, 20.0 * number).changes
            assert change.what is What.TIME


def test_what_is_taken_back_was_never_sent(project: Path) -> None:
    with session_of(project) as session:
        session.propose()
        happened = session.write(1.0)
        assert [one.path for one in happened.changes] == [".dockerignore"]
        assert act(session, 2.0).changes == ()  # it was told already
        (change,) = session.undo(20.0).changes
        assert (change.path, change.what) == (".dockerignore", What.GONE)
        assert not change.inside
        assert change.invalidates == ()
        assert act(session, 21.0).changes == ()


def test_what_is_written_is_a_change_of_a_file_that_is_sent(project: Path) -> None:
    (project / ".dockerignore").write_text("nothing\n")
    with session_of(project) as session:
        session.propose(chosen(session, "logs"))
        for happened in (session.write(1.0), session.undo(2.0)):
            (change,) = happened.changes
            assert (change.path, change.what) == (".dockerignore", What.SIZE)
            assert change.invalidates


def test_a_repository_is_told_as_one(project: Path) -> None:
    plant(project, ".git/HEAD:10 .git/index:100 .git/refs/heads/main:41")
    with session_of(project) as session:
        for number in range(4):
            for name in ("index.lock", "refs/heads/main.lock"):
                (project / ".git" / name).touch()
                (project / ".git" / name).unlink()
            (project / ".git" / "index").write_bytes(b"x" * (200 + number))
            (change,) = act(session, 20.0 * number).changes
            assert (change.path, change.what) == (".git", What.INSIDE)
            assert change.is_folder
            assert [one.source.location.line for one in change.invalidates] == [3]
        (one,) = session.watched(90.0).restless
        assert (one.path, one.pattern) == (".git", ".git")


def test_locks_of_git_alone_are_no_change(project: Path) -> None:
    plant(project, ".git/HEAD:10 .git/index:100")
    with session_of(project) as session:
        (project / ".git" / "index.lock").touch()
        (project / ".git" / "index.lock").unlink()
        assert act(session, 1.0).changes == ()


def test_old_numbers_are_marked_until_the_build_is_mended(project: Path) -> None:
    dockerfile = project / "Dockerfile"
    text = dockerfile.read_text()
    with session_of(project) as session:
        assert session.watched(0.0).failed == ""
        dockerfile.write_text("FROM scratch\nCOPPY . /\n")
        act(session, 1.0)
        assert "COPPY" in session.watched(2.0).failed
        session.message = ""  # a key was pressed
        assert "COPPY" in session.watched(2.0).failed
        dockerfile.write_text(text)
        assert act(session, 20.0).measured
        assert session.watched(21.0).failed == ""


def test_suggestions_that_come_and_go_are_told(project: Path) -> None:
    with session_of(project) as session:
        (project / ".DS_Store").touch()
        happened = act(session, 1.0)
        assert [one.patterns for one in happened.appeared] == [("**/.DS_Store",)]
        assert happened.vanished == ()
        (project / ".DS_Store").unlink()
        happened = act(session, 20.0)
        assert happened.appeared == ()
        assert [one.patterns for one in happened.vanished] == [("**/.DS_Store",)]


# --- what is written -------------------------------------------------------------


def patterns(session: Session) -> list[str]:
    return [one.patterns[0] for one in session.report.suggestions]


def chosen(session: Session, *some: str) -> set[str]:
    """The ids of the suggestions of these patterns."""
    return {one.id for one in session.report.suggestions if one.patterns[0] in some}


def screen_of(session: Session) -> ScreenState:
    state = ScreenState()
    state.keep(session.report, written=session.written)
    return state


def select(session: Session, state: ScreenState, *, pattern: str) -> None:
    state.select(patterns(session).index(pattern))


def test_nothing_is_written_before_it_was_shown(project: Path) -> None:
    with session_of(project) as session:
        assert session.write(1.0) == WatchResult()
        session.propose()
        preview = session.watched(1.0).preview
        assert preview is not None
        assert "logs" in preview.patterns
        assert "+logs" in preview.diff
        assert preview.sent_bytes is not None
        assert preview.sent_bytes < session.report.transfer.tally.wire_bytes
        assert not (project / ".dockerignore").exists()
        session.leave()
        assert session.watched(1.0).preview is None
        assert session.write(1.0) == WatchResult()
        assert not (project / ".dockerignore").exists()


def test_only_what_is_chosen_is_written(project: Path) -> None:
    plant(project, ".DS_Store:10 a.swp:1")
    with session_of(project) as session:
        state = screen_of(session)
        select(session, state, pattern="**/.DS_Store")
        state.choose()
        select(session, state, pattern="logs")
        state.choose()
        state.choose()  # and not, after all
        (number,) = state.on(session.watched(1.0)).chosen
        assert patterns(session)[number] == "**/.DS_Store"
        session.propose(state.chosen)
        written = session.write(1.0).written
        assert written is not None
        assert written.patterns == ("**/.DS_Store",)
        assert state.on(session.watched(2.0)).chosen == frozenset()
        assert "logs" in patterns(session)


def test_a_choice_and_the_selection_stay_with_their_suggestions(project: Path) -> None:
    plant(project, ".DS_Store:10")
    with session_of(project) as session:
        state = screen_of(session)
        select(session, state, pattern="**/.DS_Store")
        state.choose()
        (project / "src" / ".DS_Store").write_bytes(bytes(5000))  # it moves up
        act(session, 1.0)
        watched = state.on(session.watched(2.0))
        (number,) = watched.chosen
        assert number == watched.selected
        assert patterns(session)[number] == "**/.DS_Store"
        (project / ".DS_Store").unlink()
        (project / "src" / ".DS_Store").unlink()
        act(session, 20.0)
        assert state.on(session.watched(21.0)).chosen == frozenset()


def test_what_was_shown_is_not_written_over_another_change(project: Path) -> None:
    with session_of(project) as session:
        session.propose()
        (project / ".dockerignore").write_text("mine\n")
        (problem,) = session.write(1.0).problems
        assert problem.code == "not-written"
        assert (project / ".dockerignore").read_text() == "mine\n"
        assert session.message


def test_what_was_taken_back_is_written_again_when_chosen(project: Path) -> None:
    with session_of(project) as session:
        session.propose()
        session.write(1.0)
        session.undo(2.0)
        session.propose()
        assert "choose it with space" in session.message
        assert not session.proposes
        session.propose(chosen(session, "logs"))
        written = session.write(3.0).written
        assert written is not None
        assert written.patterns == ("logs",)


def test_what_is_not_sent_is_not_written_by_itself(project: Path) -> None:
    (project / "Dockerfile").write_text("FROM scratch\nCOPY src /src\n")
    with session_of(project, Confidence.CERTAIN, Confidence.LIKELY) as session:
        assert not (project / ".dockerignore").exists()
        (project / "src/.DS_Store").write_bytes(b"x" * 500)
        written = act(session, 2.0)
        assert written.written is not None
        assert written.written.patterns == ("**/.DS_Store",)


def test_what_is_not_sent_is_written_where_a_person_asks_for_all(project: Path) -> None:
    (project / "Dockerfile").write_text("FROM scratch\nCOPY src /src\n")
    with session_of(project) as session:
        session.propose()
        assert session.proposes  # other builds of the folder may send it
        written = session.write(2.0).written
        assert written is not None
        assert "logs" in written.patterns


@pytest.mark.parametrize("by_itself", [True, False])
def test_lines_that_only_weigh_are_not_written(
    project: Path, *, by_itself: bool
) -> None:
    plant(project, "src/.DS_Store:0")
    (project / ".dockerignore").write_text("logs\ndocs\n")
    (project / "Dockerfile").write_text(
        "FROM scratch\nCOPY src .dockerignore Dockerfile /src/\n"
    )
    with session_of(project, *([Confidence.CERTAIN] if by_itself else [])) as session:
        if not by_itself:
            session.propose()
            assert not session.proposes
            assert "choose with space" in session.message
    assert (project / ".dockerignore").read_text() == "logs\ndocs\n"


def test_what_changes_again_and_again_is_pointed_out(project: Path) -> None:
    with session_of(project) as session:
        for number in range(4):
            (project / "logs" / "a.log").write_text("x" * number)
            act(session, 10.0 * number)
        shown = [(one.path, one.pattern) for one in session.watched(50.0).restless]
        assert shown == [("logs/a.log", "logs/a.log")]


def test_a_dockerfile_outside_is_looked_at(project: Path, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        context = tmp_path / "inner"
        plant(context, "a:1 b:2")
        outside = tmp_path / "Dockerfile.outside"
        outside.write_text("FROM scratch\nCOPY a /\n")
        patch.chdir(tmp_path)
        asked = Request(str(context), str(outside))
        with Session(asked, Settings(Estimate())) as session:
            session.start(0.0)
            assert session.report.transfer.tally.file_bytes == 1
            outside.write_text("FROM scratch\nCOPY a b /\n")
            assert session.due(0.0) is not None
            session.act(5.0)
            assert session.act(6.0).measured
            assert session.report.transfer.tally.file_bytes == 3


def test_what_happens_to_a_refused_build_is_not_forgotten(project: Path) -> None:
    with session_of(project) as session:
        before = files(session)
        dockerfile = project / "Dockerfile"
        text = dockerfile.read_text()
        dockerfile.write_text("FROM scratch\nCOPPY . /\n")
        (problem,) = act(session, 1.0).problems
        assert problem.line == 2
        (project / "src" / "meanwhile").touch()
        assert act(session, 20.0).problems == ()  # said once
        dockerfile.write_text(text)
        assert act(session, 40.0).measured
        assert files(session) == before + 1


def test_a_pattern_that_fails_on_the_way_is_lived_with(project: Path) -> None:
    (project / ".dockerignore").write_text("docs/[z-a]\n")
    (project / "Dockerfile").write_text("FROM scratch\n")
    with session_of(project) as session:
        assert session.report.context is None  # nobody asks for anything
        (project / ".dockerignore").write_text("docs/*\n")
        assert act(session, 1.0).measured
        assert files(session) == 4
        (project / "src" / "new").touch()
        assert act(session, 20.0).measured
        assert files(session) == 5


def test_a_dockerfile_in_an_ignored_folder_is_watched(project: Path) -> None:
    plant(project, "docker/other:1")
    dockerfile = project / "docker" / "Dockerfile"
    dockerfile.write_text("FROM scratch\nCOPY src /\n")
    (project / ".dockerignore").write_text("docker\n")
    with Session(Request(str(project), str(dockerfile)), Settings(Estimate())) as one:
        one.start(0.0)
        size = one.report.transfer.tally.file_bytes
        dockerfile.write_text("FROM scratch\nCOPY src docs /\n")
        assert act(one, 1.0).measured
        assert one.report.transfer.tally.file_bytes == size + 20
        (project / "docker" / "other").write_text("nobody sees this")
        assert act(one, 20.0) == WatchResult()


def test_what_git_says_is_heard_of_behind_an_ignored_repository(project: Path) -> None:
    for folder in ("objects", "refs", "info"):
        (project / ".git" / folder).mkdir(parents=True)
    (project / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (project / ".dockerignore").write_text(".git\n")
    plant(project, "local.notes:10")
    with session_of(project) as session:
        before = session.report.suggestions
        (project / ".git" / "info" / "exclude").write_text("*.notes\n")
        assert act(session, 1.0).measured
        fresh = pipeline.analyze(Request(str(project)), estimate=Estimate())
        assert session.report.suggestions == fresh.suggestions != before


@pytest.mark.parametrize("link", [".git", ".git/info"])
def test_a_repository_behind_a_link_is_quiet_and_heard_of(
    project: Path, link: str
) -> None:
    """Links are not followed, so a watch of one was "gone" as often as it was asked."""
    for folder in ("objects", "refs", "info"):
        (project / ".git" / folder).mkdir(parents=True)
    (project / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (project / link).rename(project / "real")
    (project / link).symlink_to(project / "real")
    (project / ".dockerignore").write_text("real\n")
    plant(project, "local.notes:10")
    with session_of(project) as session:
        before = session.report.suggestions
        for now in (1.0, 21.0):
            assert act(session, now, timeout=0.0) == WatchResult()
        (project / ".git" / "info" / "exclude").write_text("*.notes\n")
        session.act(100.0)
        assert session.act(110.0).measured
        fresh = pipeline.analyze(Request(str(project)), estimate=Estimate())
        assert session.report.suggestions == fresh.suggestions != before


def test_the_size_before_a_long_silence_is_remembered(project: Path) -> None:
    with session_of(project) as session:
        size = session.report.transfer.tally.wire_bytes
        for number in range(3):
            (project / "logs" / "a.log").write_text("x" * number)
            act(session, 10_000.0 + 2_000 * number)
        (first, *_) = session.watched(15_000.0).history
        assert len(session.watched(15_000.0).history) == 2
        assert first[1] != size


def test_a_limit_of_the_system_is_said_once(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: Inotify, _path: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Inotify, "watch", refuse)
    settings = Settings(Estimate())
    with Session(Request(str(project)), settings) as session:
        session.start(0.0)
        (problem,) = session.begin(0.0).problems
        assert "max_user_watches" in problem.message
        before = files(session)
        (project / "src" / "new").touch()
        end = time.monotonic() + 20
        while files(session) == before and time.monotonic() < end:
            assert act(session, 1.0, timeout=2.0).problems == ()
        assert files(session) == before + 1
        assert session.watches.polled >= 4


def test_that_a_file_system_keeps_silent_is_said_once(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(_self: Mounts, folder: bytes | int) -> str:
        assert isinstance(folder, bytes)
        return "9p" if folder.endswith(b"/src") else ""

    monkeypatch.setattr(Mounts, "silent", silent)
    with Session(Request(str(project)), Settings(Estimate())) as session:
        session.start(0.0)
        (problem,) = session.begin(0.0).problems
        said = (
            'the file system (9p) does not tell of all changes: 1 folder in "src" is '
            "polled"
        )
        assert (problem.code, problem.severity) == ("watch-polling", Severity.NOTE)
        assert problem.message == session.message == said
        assert session.watched(0.0).polled == 1
        (project / "src" / "new").touch()
        assert act(session, 1.0).problems == ()
