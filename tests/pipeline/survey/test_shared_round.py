"""A round that is shared out keeps what one process keeps, and follows as much."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ctxopt.core.model import BuilderName, Request
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.core.watching.record import facts_of
from ctxopt.errors import ContextError
from ctxopt.host.walk import workers as workers_module
from ctxopt.host.watches.inotify import Inotify
from ctxopt.host.watches.notice import FsEvent
from ctxopt.host.watches.watches import Watches
from ctxopt.pipeline.survey import kept as kept_module
from ctxopt.pipeline.survey import shared_round as module
from ctxopt.pipeline.survey.incremental import IncrementalMeasurement
from ctxopt.pipeline.survey.job import MeasureJob
from ctxopt.pipeline.survey.rounds import Touched
from ctxopt.pipeline.survey.survey import survey
from ctxopt.pipeline.watch.shared import SharedWatches
from ctxopt.pipeline.watch.telling import decision_on
from tests.crowd import plant_crowd
from tests.disk import Disk
from tests.divided import (
    DIVISIONS,
    dies_at_its_second,
    divided,
    question_of,
    without_forks,
)
from tests.facts import survey_facts
from tests.following import Following
from tests.rights import as_nobody, public_folder
from tests.texttree import plant


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders are kept, and segments end, from a few rows on."""
    monkeypatch.setattr(kept_module, "KEPT_ROWS", 3)
    monkeypatch.setattr(kept_module, "FIRST_ROWS", 4)


@pytest.fixture
def crowd(tmp_path: Path) -> Path:
    """Of all of it, and of a folder of many names."""
    root = tmp_path / "context"
    plant_crowd(root)
    plant(root / "many", " ".join(f"f{number}:1" for number in range(50)))
    (root / "Dockerfile").write_text("FROM scratch\nCOPY s1 s2 also* /a/\nCOPY . /b\n")
    return root


def everything(kept: IncrementalMeasurement, root: Path) -> object:
    """What is known of every folder, and of every entry in it."""
    looks = {}
    for folder in sorted(kept.folders()):
        for name in sorted(os.listdir(root / folder)):
            path = f"{folder}/{name}" if folder else name
            looks[path] = kept.facts(path)
    return kept.folders(), looks


def keeps_the_same(question: MeasureJob, *, workers: int = 2) -> None:
    """Compare what several processes keep with what one does."""
    root = Path(question.root)
    alone = IncrementalMeasurement(question, Following())
    expected = survey_facts(alone.measure())
    assert expected == survey_facts(survey(question, workers=1))
    following = Following()
    kept = IncrementalMeasurement(question, following, workers=workers)
    assert survey_facts(kept.measure()) == expected
    assert everything(kept, root) == everything(alone, root)
    assert sorted(following.folders) == sorted(kept.folders())


@pytest.mark.parametrize("builder", BuilderName)
@pytest.mark.parametrize("source", [".", "s1 s2 also* /a", "s2/deep/er/and"])
def test_what_is_kept_is_the_same(
    crowd: Path, builder: BuilderName, source: str
) -> None:
    (crowd / "Dockerfile").write_text(f"FROM scratch\nCOPY {source} /a/\n")
    question = question_of(Request(str(crowd), builder=builder))
    for _, rows, folders, parts in DIVISIONS:
        with without_forks(), divided(rows, folders, parts=parts):
            keeps_the_same(question)


@pytest.mark.parametrize("names", [5, 40])
def test_the_names_of_large_folders_are_shared_out(crowd: Path, names: int) -> None:
    question = question_of(Request(str(crowd)))
    with without_forks(), divided(rows=1000, folders=1000, names=names):
        keeps_the_same(question)


@pytest.mark.parametrize("workers", [2, 5])
def test_processes_keep_the_same(crowd: Path, workers: int) -> None:
    with divided():
        keeps_the_same(question_of(Request(str(crowd))), workers=workers)


@pytest.mark.parametrize("seed", range(8))
def test_trees_of_all_kinds_are_kept_the_same(tmp_path: Path, seed: int) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /a\nCOPY a /b\n")
    (tmp_path / ".dockerignore").write_text("**/*.log\n**/logs\n!a/logs\nb/*\n!b/d\n")
    (tmp_path / ".gitignore").write_text("e.txt\nlogs/\n")
    disk = Disk(tmp_path, seed)
    for _ in range(150):
        disk.operate()
    question = question_of(Request(str(tmp_path)))
    for _, rows, folders, parts in DIVISIONS:
        with without_forks(), divided(rows, folders, parts=parts):
            keeps_the_same(question)


def test_what_workers_keep_is_joined_as_it_is_where_nothing_is_touched(
    crowd: Path,
) -> None:
    question = question_of(Request(str(crowd)))
    expected = survey_facts(survey(question, workers=1))
    for _, rows, folders, parts in DIVISIONS:
        with without_forks(), divided(rows, folders, parts=parts):
            kept = IncrementalMeasurement(question, Following(), workers=2)
            kept.measure()
        for folder in sorted(kept.folders() - {""}):
            around, _, name = folder.rpartition("/")
            beside = Touched({around: frozenset({name})})
            assert survey_facts(kept.measure(beside)) == expected


def test_small_trees_are_measured_here(
    crowd: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(workers_module, "share_out", refuse)
    keeps_the_same(question_of(Request(str(crowd))), workers=8)


def test_folders_that_cannot_be_read_are_told_in_order() -> None:
    with public_folder() as root:
        plant(root, "a/b/c a/d/e f/g/h f/i/j k/l/m n")
        (root / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
        closed = ("a/d", "f/g", "f/i", "k")
        for folder in closed:
            (root / folder).chmod(0)
        (root / "a/b").chmod(0o444)  # names, but no look at them
        try:
            with as_nobody():
                question = question_of(Request(str(root)))
                assert survey(question, workers=1).lost.unreadable == ["a/b", *closed]
                with divided():
                    shared_facts = _facts(question, workers=2)
                assert shared_facts == _facts(question, workers=1)
        finally:
            for folder in ("a/b", *closed):
                (root / folder).chmod(0o755)


def _facts(question: MeasureJob, *, workers: int) -> object:
    kept = IncrementalMeasurement(question, Following(), workers=workers)
    return survey_facts(kept.measure()), kept.folders()


def test_a_folder_barred_to_the_legacy_client_comes_before_those_below_it() -> None:
    with public_folder() as root:
        plant(root, "a/shut/x a/b/shut/x a/b/c/d c/shut/x c/e/f")
        (root / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
        (root / ".dockerignore").write_text("**/shut\n")
        closed = ("a/shut", "a/b/shut", "c/shut")
        for folder in closed:
            (root / folder).chmod(0)
        try:
            with as_nobody():
                asked = Request(str(root), builder=BuilderName.LEGACY)
                question = question_of(asked)
                assert sorted(survey(question, workers=1).lost.barred) == sorted(closed)
                expected = _facts(question, workers=1)
                for rows in range(1, 12):  # from the top alone to all that there is
                    with without_forks(), divided(rows, folders=1):
                        assert _facts(question, workers=2) == expected
        finally:
            for folder in closed:
                (root / folder).chmod(0o755)


def test_a_root_that_is_gone_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    question = question_of(Request(str(tmp_path)))
    missing = question._replace(root=str(tmp_path / "missing"))
    with pytest.raises(ContextError):
        IncrementalMeasurement(missing, Following(), workers=2).measure()


def test_a_pattern_fails_as_it_does_for_one_process(crowd: Path) -> None:
    (crowd / ".dockerignore").write_text("s4/src/[z-a]\n")
    question = question_of(Request(str(crowd)))
    kept = IncrementalMeasurement(question, Following(), workers=2)
    with divided(), pytest.raises(PatternError):
        kept.measure()


# --- a worker that dies ----------------------------------------------------------


@pytest.fixture
def deadly(monkeypatch: pytest.MonkeyPatch) -> None:
    dies_at_its_second(monkeypatch, module, "_keep")


@pytest.mark.usefixtures("deadly")
def test_where_a_worker_is_killed_one_process_measures_all(crowd: Path) -> None:
    question = question_of(Request(str(crowd)))
    with Watches(str(crowd)) as watches, divided():
        kept = IncrementalMeasurement(question, watches, workers=2)
        assert survey_facts(kept.measure()) == survey_facts(survey(question, workers=1))
        assert watches.followed == kept.folders()
        knows_of_changes_everywhere(crowd, watches, kept, question)


@pytest.mark.usefixtures("deadly")
def test_what_was_lost_before_a_worker_is_killed_is_told_once() -> None:
    with public_folder() as root:
        plant(root, "a/b c/d/e f/g/h i/j/k l/m/n")
        (root / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
        (root / "a").chmod(0)
        try:
            with as_nobody(), divided():
                question = question_of(Request(str(root)))
                kept = IncrementalMeasurement(question, Following(), workers=2)
                assert kept.measure().lost.unreadable == ["a"]
        finally:
            (root / "a").chmod(0o755)


# --- notices ---------------------------------------------------------------------


def touched(events: list[FsEvent]) -> Touched:
    """What is to be measured again by some notices."""
    names: dict[str, frozenset[str]] = {}
    for folder, name, _, _ in events:
        names[folder] = names.get(folder, frozenset()) | {name}
    return Touched(names)


def heard(watches: Watches, *expected: tuple[str, str]) -> list[FsEvent]:
    """Notices up to those of the names that are expected, each with its folder."""
    events: list[FsEvent] = []
    while not {*expected} <= {(one.folder, one.name) for one in events}:
        told = watches.wait(60)
        assert told
        events += told
    return events


def knows_of_changes_everywhere(
    root: Path, watches: Watches, kept: IncrementalMeasurement, question: MeasureJob
) -> None:
    """A change in each folder is told, and then measured."""
    expected = set()
    for folder in kept.folders():
        (root / folder / "new").write_text("new")
        expected.add((folder, "new"))
    found = kept.measure(touched(heard(watches, *expected)))
    assert survey_facts(found) == survey_facts(survey(question, workers=1))
    for folder in kept.folders():
        path = f"{folder}/new" if folder else "new"
        decision = decision_on(path, kept)
        if decision is not None and decision.kept:
            assert kept.facts(path) == facts_of(os.lstat(root / path))


def each_worker(
    monkeypatch: pytest.MonkeyPatch, then: Callable[[module._Kept], None]
) -> None:
    """Let workers do something more behind each stretch."""
    keep = module._keep

    def more(*arguments: object) -> module._Kept:
        kept = keep(*arguments)  # type: ignore[arg-type]  # handed through
        then(kept)
        return kept

    monkeypatch.setattr(module, "_keep", more)


@pytest.fixture(params=["inotify", "polling"])
def watches(request: pytest.FixtureRequest, crowd: Path) -> Iterator[Watches]:
    with Watches(str(crowd), poll_seconds=0.01, source=request.param) as found:
        yield found


def test_what_changes_right_after_it_was_read_is_told(
    crowd: Path, watches: Watches, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(kept: module._Kept) -> None:
        for folder, _ in kept.followed:
            (crowd / folder / "later").write_text("x")

    each_worker(monkeypatch, write)
    question = question_of(Request(str(crowd)))
    kept = IncrementalMeasurement(question, watches, workers=2)
    with divided():
        kept.measure()
    assert watches.followed == kept.folders()
    written = {
        (str(one.parent.relative_to(crowd)), one.name) for one in crowd.rglob("later")
    }
    assert written
    found = kept.measure(touched(heard(watches, *written)))
    assert survey_facts(found) == survey_facts(survey(question, workers=1))
    knows_of_changes_everywhere(crowd, watches, kept, question)


def test_a_folder_that_a_worker_does_not_find_is_gone(
    crowd: Path, watches: Watches, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = Watches.ask

    def vanish(self: Watches, folder: str) -> object:
        if folder == "s3/keep":
            (crowd / "s3/keep/k").unlink(missing_ok=True)
            if (crowd / "s3/keep").exists():
                (crowd / "s3/keep").rmdir()
        return ask(self, folder)

    monkeypatch.setattr(Watches, "ask", vanish)
    question = question_of(Request(str(crowd)))
    kept = IncrementalMeasurement(question, watches, workers=2)
    with divided():
        found = kept.measure()
    assert found.lost.vanished == ["s3/keep"]
    told = watches.wait(60)
    assert FsEvent("s3/keep", "", is_folder=True, kind="gone") in told
    assert "s3/keep" not in watches.followed


def test_a_folder_that_moved_unheard_of_is_told_where_another_one_took_its_place(
    crowd: Path,
) -> None:
    question = question_of(Request(str(crowd)))
    # Without forks, all that workers do is done before anything of it is noted.
    with Watches(str(crowd)) as watches, divided(), without_forks():
        kept = IncrementalMeasurement(question, watches, workers=2)
        kept.measure()
        (crowd / "s3/src").rename(crowd / "s5/src2")
        plant(crowd / "s3/src", "a:7")
        assert watches._kernel is not None
        assert [*watches._kernel.read()]  # as where the queue was full
        # A worker gets the watch that it has, which goes with the folder in its place.
        kept.measure()
        gone = FsEvent("s5/src2", "", is_folder=True, kind="gone")
        assert gone in watches.wait(60)
        kept.measure(Touched(subtrees=frozenset({"s5/src2"})))
        assert watches.followed == kept.folders()
        (crowd / "s5/src2/later").write_text("x")
        heard(watches, ("s5/src2", "later"))


def test_folders_beyond_the_limit_in_a_worker_are_polled(
    crowd: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = Inotify.watch

    def watch(self: Inotify, path: bytes) -> int:
        if b"/s4" in path or path.endswith(b"/deeper"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return given(self, path)

    monkeypatch.setattr(Inotify, "watch", watch)
    question = question_of(Request(str(crowd)))
    with Watches(str(crowd), poll_seconds=0.01) as watches, divided():
        kept = IncrementalMeasurement(question, watches, workers=2)
        kept.measure()
        alone = Watches(str(crowd), poll_seconds=0.01)
        IncrementalMeasurement(question, alone).measure()
        assert watches.polled == alone.polled > 0
        assert watches.held == alone.held
        assert watches.problem == alone.problem is not None
        alone.close()
        knows_of_changes_everywhere(crowd, watches, kept, question)


def test_a_share_of_the_watches_hears_of_what_workers_follow(crowd: Path) -> None:
    question = question_of(Request(str(crowd)))
    shared = SharedWatches(str(crowd.parent))
    share, other = shared.share(str(crowd)), shared.share(str(crowd / "s2"))
    assert share is not None
    assert other is not None
    other.follow("src")
    with shared.watches, divided():
        kept = IncrementalMeasurement(question, share, workers=2)
        kept.measure()
        assert share.followed == kept.folders()
        (crowd / "s2/src/new").write_text("x")
        told = shared.watches.wait(60)
        assert ("s2/src", "new") in {
            (one.folder, one.name) for one in share.heard(told)
        }
        share.unfollow("s2/src")  # the other one still hears of it
        (crowd / "s2/src/newer").write_text("x")
        told = shared.watches.wait(60)
        assert {(one.folder, one.name) for one in other.heard(told)} == {
            ("src", "newer")
        }
