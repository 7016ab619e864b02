"""Several jobs in one walk are each as if they were asked alone."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxopt.core.judging.special import Compared
from ctxopt.core.measure import beside
from ctxopt.core.measure.beside import KeptFiles, KeptTally
from ctxopt.core.measure.fold import Fold
from ctxopt.core.model import BuilderName, Request
from ctxopt.errors import CtxoptError, WorkerError
from ctxopt.host.git.lines import git_ignored
from ctxopt.host.walk import minds
from ctxopt.host.walk.disk import RootOnDisk
from ctxopt.host.walk.minds import FEW
from ctxopt.pipeline.advice import rule_index_of
from ctxopt.pipeline.preparation.reading import read_build
from ctxopt.pipeline.survey import jointly
from ctxopt.pipeline.survey.beside import Comparison, compared_walk
from ctxopt.pipeline.survey.job import MeasureJob, MeasureResult
from ctxopt.pipeline.survey.several import survey_all, survey_compared
from ctxopt.pipeline.survey.survey import survey
from tests.divided import divided, without_forks
from tests.facts import survey_facts
from tests.rights import as_nobody, public_folder
from tests.test_properties import LINES, SOURCES, Tree, trees
from tests.texttree import date, plant

BUILDKIT, LEGACY = BuilderName.BUILDKIT, BuilderName.LEGACY


class Desk:
    """Where Dockerfiles lie that are in no context."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    def job(
        self,
        root: Path,
        *sources: str,
        lines: Sequence[str] | None = None,
        builder: BuilderName = BUILDKIT,
    ) -> MeasureJob:
        """What a scan asks of a build; `lines` are its own ignore file."""
        self._count += 1
        dockerfile = self._folder / f"{self._count}.Dockerfile"
        copies = "".join(f"COPY {source} /to/\n" for source in sources)
        dockerfile.write_text(f"FROM scratch\n{copies}")
        if lines is not None:
            own = self._folder / f"{dockerfile.name}.dockerignore"
            own.write_text("".join(f"{line}\n" for line in lines))
        build = read_build(Request(str(root), str(dockerfile), builder=builder))
        return build.job(build.main, top=3, depth=2)._replace(
            rule_index=rule_index_of(build), ignored=git_ignored(build.main.path)
        )


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("desk"))


def told(answer: MeasureResult | CtxoptError) -> object:
    """An answer, in values that can be compared."""
    if isinstance(answer, CtxoptError):
        return type(answer), str(answer), answer.hint
    notes = answer.measurement.notes
    return (*survey_facts(answer), notes.links, notes.reopened)


def alone(job: MeasureJob) -> object:
    try:
        return told(survey(job, workers=1))
    except CtxoptError as error:
        return told(error)


def together(jobs: Sequence[MeasureJob], workers: int = 1) -> list[object]:
    return [told(one) for one in survey_all(jobs, workers=workers)]


# As in test_sharing: rows, folders that wait, names at a time, parts.
DIVISIONS = [(0, 2, 512, 128), (3, 2, 2, 1), (12, 1, 3, 2)]


def each_is_as_alone(jobs: Sequence[MeasureJob]) -> None:
    """In one process, and shared out in several ways."""
    expected = [alone(job) for job in jobs]
    for few in (FEW, 0):
        with parted_for(few):
            assert together(jobs) == expected
    for few, (rows, folders, names, parts) in enumerate(DIVISIONS):
        with parted_for(few), divided(rows, folders, names, parts=parts):
            assert together(jobs, workers=2) == expected


@contextmanager
def parted_for(few: int) -> Iterator[None]:
    """Strands are put together in the middle of a folder for more names than these."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(minds, "FEW", few)
        yield


# --- anything --------------------------------------------------------------------

BUILDS = st.lists(
    st.tuples(
        st.sampled_from(["", "", "", "a", "b", "a/a"]),  # the root, below the tree's
        st.sampled_from([BUILDKIT, BUILDKIT, LEGACY]),
        SOURCES,
        st.one_of(st.none(), LINES, LINES.map(lambda lines: [*lines, "a/b", "![z-a]"])),
    ),
    min_size=2,
    max_size=5,
)


@pytest.mark.deep
@given(tree=trees(), shared=LINES, git=LINES, builds=BUILDS)
def test_any_jobs_in_one_walk_are_as_each_alone(
    tree: Tree,
    shared: list[str],
    git: list[str],
    builds: list[tuple[str, BuilderName, list[str], list[str] | None]],
) -> None:
    with tempfile.TemporaryDirectory(prefix="ctxopt-") as made:
        root, folder = Path(made, "root"), Path(made, "desk")
        root.mkdir()
        folder.mkdir()
        tree.lay_out(root)
        (root / ".dockerignore").write_text("".join(f"{line}\n" for line in shared))
        (root / ".gitignore").write_text("".join(f"{line}\n" for line in git))
        date(root)
        desk = Desk(folder)
        jobs = []
        for place, builder, sources, lines in builds:
            if (root / place).is_dir():
                with_own = lines if builder is BUILDKIT else None
                jobs.append(
                    desk.job(root / place, *sources, lines=with_own, builder=builder)
                )
        with without_forks():
            each_is_as_alone(jobs)


# --- cases -----------------------------------------------------------------------

TREE = (
    "package.json src/main.py:7 src/deep/er/x.py:9 src/app.log:30 app.log:5 link->src"
    " api/main.go:4 api/node_modules/p/index.js:40 api/vendor/v.go:1 .env:3"
    " web/index.js:8 web/node_modules/q/q.js:1 web/dist/b.js:2 docs/a.md:5 docs/b/c:6"
    " node_modules/r/r.js:3 node_modules/r/node_modules/s/s.js:2 logs/keep/x.log:9"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    plant(tmp_path, TREE)
    os.link(tmp_path / "src/main.py", tmp_path / "docs/main.py")
    os.link(tmp_path / "src/main.py", tmp_path / "web/also.py")
    (tmp_path / ".dockerignore").write_text("**/*.log\ndocs\n!docs/b\n")
    (tmp_path / ".gitignore").write_text("dist/\n*.log\n/docs/b\n")
    (tmp_path / "api" / ".gitignore").write_text("vendor\n")
    return tmp_path


Make = Callable[[Desk, Path], list[MeasureJob]]


def several(*builds: Sequence[str], builder: BuilderName = BUILDKIT) -> Make:
    return lambda desk, root: [
        desk.job(root, *sources, builder=builder) for sources in builds
    ]


def with_lines(*files: Sequence[str], source: str = ".") -> Make:
    return lambda desk, root: [desk.job(root, source, lines=one) for one in files]


CASES = {
    "each copies a folder of its own, one of them all": several(
        ["src"], ["api"], ["web"], ["docs"], ["."]
    ),
    "the same sources have other numbers": several(
        ["."], ["package.json", "."], ["src", "api", "."], ["nothing", "."]
    ),
    "the very same build three times": several(["src"], ["src"], ["src"]),
    "a folder of clutter is named by one of them": several(
        [".", "node_modules"], ["."], [".", "api/node_modules"]
    ),
    "wildcards that never settle": several(
        ["**/*.py"], ["*/main.*"], ["s*"], ["src/../src/./main.py"]
    ),
    "names of one inode in the areas of several": several(
        ["src", "web"], ["web"], ["docs", "src"]
    ),
    "a link is followed by one and copied by another": several(
        ["link"], ["link/"], ["."], ["src"]
    ),
    "nothing is asked for": several([], ["src"], []),
    "the legacy builder sends all to each": several(
        ["src"], ["api", "."], [], builder=LEGACY
    ),
    "both builders side by side": lambda desk, root: [
        desk.job(root, *sources, builder=builder)
        for builder in (BUILDKIT, LEGACY)
        for sources in (["src"], ["."])
    ],
    "ignore files that differ by one folder": with_lines(
        *(["**/*.log", name] for name in ("src", "api", "web", "docs"))
    ),
    "ignore files that differ by a wildcard": with_lines(
        *(["docs", f"**/*.{kind}"] for kind in ("py", "js", "log", "x"))
    ),
    "ignore files that keep all but something out": with_lines(
        ["*", "!src"], ["*", "!api", "api/vendor"], ["*", "!**/*.js"], []
    ),
    "the order of lines counts for one of them": with_lines(
        ["docs/b", "!docs", "docs/b/c"], ["docs", "!docs/b"], ["**/*.log"]
    ),
    "equal ignore files in two places": with_lines(["docs"], ["docs"], ["docs/"]),
    "before and after a line is written": lambda desk, root: [
        desk.job(root, "src", lines=lines, builder=BUILDKIT)
        for lines in (["**/*.log"], ["**/*.log", "node_modules", ".env"])
    ],
    "roots that lie in each other": lambda desk, root: [
        desk.job(root, "api"),
        desk.job(root / "api", "."),
        desk.job(root / "api", "main.go", lines=["vendor"]),
        desk.job(root / "node_modules/r", ".", builder=LEGACY),
    ],
    "a root in what nobody else enters": lambda desk, root: [
        desk.job(root, ".", lines=["docs", "logs"]),
        desk.job(root / "docs/b", "."),
        desk.job(root / "logs", "."),
    ],
    "a root that is reached by a link": lambda desk, root: [
        desk.job(root, "."),
        desk.job(root / "link", "."),
        desk.job(root / "src", "deep"),
    ],
    "roots side by side": lambda desk, root: [
        desk.job(root / "api", "."),
        desk.job(root / "web", "."),
        desk.job(root / "api", "main.go"),
    ],
    "a pattern fails for one of them": with_lines(
        ["docs", "![z-a]"], ["docs"], ["**/*.log"]
    ),
    "a pattern fails for all of them": with_lines(["[z-a]"], ["a", "[z-a]"]),
    "a pattern fails where some never come": lambda desk, root: [
        desk.job(root, "src", lines=["api/vendor", "![z-a]"]),
        desk.job(root, "api", lines=["api/vendor", "![z-a]"]),
        desk.job(root, "web"),
    ],
    "the legacy builder ends at a pattern without a word": lambda desk, root: (
        (root / ".dockerignore").write_text("web/dist\n![z-a]\n"),
        [desk.job(root, ".", builder=LEGACY), desk.job(root, "src", lines=["docs"])],
    )[1],
    "one job alone": several(["src"]),
    "no job at all": several(),
}


@pytest.mark.deep
@pytest.mark.parametrize(
    "make", [pytest.param(make, id=what) for what, make in CASES.items()]
)
def test_each_is_as_alone_where(make: Make, desk: Desk, root: Path) -> None:
    jobs = make(desk, root)
    with without_forks():
        each_is_as_alone(jobs)


def test_workers_say_the_same(desk: Desk, root: Path) -> None:
    each_is_as_alone(
        [
            desk.job(root, "src", "api"),
            desk.job(root, "."),
            desk.job(root / "api", "."),
            desk.job(root, ".", builder=LEGACY),
            desk.job(root, ".", lines=["docs", "![z-a]"]),
        ]
    )


def test_what_cannot_be_read_is_told_to_those_who_look(desk: Desk) -> None:
    with public_folder() as root:
        plant(root, "a/b/c a/d/e f/g/h f/i/j k own/x own/in/y")
        closed = ("a/d", "f/g", "f/i", "own/in", "k")
        (root / "a/b").chmod(0o444)  # names, but no look at them
        jobs = [
            desk.job(root, "."),
            desk.job(root, ".", lines=["a"]),
            desk.job(root, "f"),
            desk.job(root, ".", builder=LEGACY),
            desk.job(root / "own", "."),
            desk.job(root / "own/in", "y"),
        ]
        for path in closed:
            (root / path).chmod(0)
        try:
            with as_nobody(), without_forks():
                assert "own/in" in str(alone(jobs[5]))
                each_is_as_alone(jobs)
        finally:
            for path in (*closed, "a/b"):
                (root / path).chmod(0o755)


def test_a_root_that_is_gone_is_an_error_of_its_own(desk: Desk, root: Path) -> None:
    (root / "gone").mkdir()
    jobs = [desk.job(root, "."), desk.job(root / "gone", "."), desk.job(root, "src")]
    (root / "gone").rmdir()
    answers = survey_all(jobs, workers=1)
    assert [isinstance(one, CtxoptError) for one in answers] == [False, True, False]
    assert [told(one) for one in answers] == [alone(job) for job in jobs]


# --- what is done once -----------------------------------------------------------


def test_what_all_say_the_same_of_is_folded_once(
    desk: Desk, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(root / "large", " ".join(f"d{one}/f{two}" for one in "abc" for two in "xyz"))
    folded: list[str] = []
    add = Fold.add

    def noted(self: Fold, batch: object, lines: object = ()) -> None:
        folded.extend(f"{batch.folder.path}/{row[0]}" for row in batch.rows)  # type: ignore[attr-defined]
        add(self, batch, lines)  # type: ignore[arg-type]  # handed through

    monkeypatch.setattr(Fold, "add", noted)
    survey_all([desk.job(root, one) for one in ("src", "api", "web")], workers=1)
    assert folded.count("large/da/fx") == 1
    assert folded.count("docs/a.md") == 0  # ignored by all
    # By the one that takes it, and for the two others together.
    assert folded.count("src/deep/er/x.py") == 2
    assert folded.count("/package.json") == 3  # in the root they differ


def test_the_names_of_a_folder_on_which_all_agree_are_folded_once(
    desk: Desk, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(root / "many", " ".join(f"n{number:02}/f" for number in range(3 * FEW)))
    folded: list[str] = []
    add = Fold.add

    def noted(self: Fold, batch: object, lines: object = ()) -> None:
        folded.extend(f"{batch.folder.path}/{row[0]}" for row in batch.rows)  # type: ignore[attr-defined]
        add(self, batch, lines)  # type: ignore[arg-type]  # handed through

    jobs = [desk.job(root, f"many/n0{number}") for number in range(3)]
    expected = [alone(job) for job in jobs]
    monkeypatch.setattr(Fold, "add", noted)
    assert together(jobs) == expected
    assert folded.count("many/n01") == 3
    assert folded.count(f"many/n{FEW}") == folded.count(f"many/n{3 * FEW - 1}") == 1


def test_a_comparison_comes_to_the_same_however_it_is_shared_out(
    desk: Desk, root: Path
) -> None:
    jobs = [desk.job(root, ".", lines=lines) for lines in (["api"], ["src", "!src/a"])]
    first, second = (MeasureJob(job.root, job.builder, job.exclude) for job in jobs)
    comparisons = [Comparison(first, second), None, Comparison(second, first)]
    tally = KeptTally()
    states = (one.rules(transfer_only=False).root() for one in (first, second))
    for batch in compared_walk(first.root, Compared.start(*states)).batches():
        tally.add(batch)
    kept = tally.result()
    assert kept.only
    assert kept.other_only
    swapped = kept._replace(
        first=kept.second,
        second=kept.first,
        only=kept.other_only,
        other_only=kept.only,
    )
    asked = [*jobs, jobs[0]]
    assert survey_compared(asked, comparisons, workers=1)[1] == [kept, None, swapped]
    for rows, folders, names, parts in DIVISIONS:
        with divided(rows, folders, names, parts=parts):
            found = survey_compared(asked, comparisons, workers=2)[1]
        assert found == [kept, None, swapped]


ENTERED = "services/a services/b services/c node_modules/p node_modules/q logs"


def bare(job: MeasureJob) -> MeasureJob:
    return MeasureJob(job.root, job.builder, job.exclude)


@pytest.fixture
def forest(tmp_path: Path) -> Path:
    """Twelve files in each of six folders."""
    names = [
        f"{folder}/f{number:02}" for folder in ENTERED.split() for number in range(12)
    ]
    plant(tmp_path, " ".join([*names, "z"]))
    return tmp_path


@pytest.fixture
def comparisons(desk: Desk, forest: Path) -> list[Comparison]:
    """Just one of two lets 12, 25, 60, no, 24 and 12 files through."""
    lines = [
        [],
        ["logs"],
        ["services/b", "node_modules/q", "z"],
        ["services", "node_modules"],
    ]
    first, one, few, many = (bare(desk.job(forest, ".", lines=said)) for said in lines)
    pairs = [(first, one), (few, first), (first, many), (one, one)]
    other = bare(desk.job(forest, ".", lines=["*", "!z"]))
    both = bare(desk.job(forest, ".", lines=["*", "!services/a", "!z"]))
    return [Comparison(*pair) for pair in (*pairs, (many, both), (other, many))]


@pytest.mark.parametrize("most", [0, 12, 24, 59])
@pytest.mark.parametrize("workers", [1, 2, 8])
def test_more_than_enough_is_not_counted_and_all_else_is(
    desk: Desk,
    comparisons: list[Comparison],
    monkeypatch: pytest.MonkeyPatch,
    workers: int,
    most: int,
) -> None:
    root = Path(comparisons[0].root)
    jobs = [desk.job(root, ".", lines=lines) for lines in ([], ["logs"])]
    expected = [alone(job) for job in jobs]
    exact = survey_compared(jobs, comparisons, workers=1)[1]
    assert [one and one.only + one.other_only for one in exact] == [
        12,
        25,
        60,
        0,
        24,
        12,
    ]
    monkeypatch.setattr(beside, "MOST_COUNTED", most)
    told_of = [
        KeptFiles(example=one.example, more_than=most)
        if one is not None and one.only + one.other_only > most
        else one
        for one in exact
    ]
    for rows, folders, names, parts in (*DIVISIONS, (1, 2, 4, 128)):
        with divided(rows, folders, names, parts=parts):
            found, compared = survey_compared(jobs, comparisons, workers=workers)
        assert compared == told_of
        assert [told(one) for one in found] == expected


def test_who_has_found_enough_enters_no_more_folders(
    desk: Desk, forest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    real = RootOnDisk.open

    def noting(disk: RootOnDisk, path: str) -> int:
        opened.append(path)
        return real(disk, path)

    monkeypatch.setattr(RootOnDisk, "open", noting)
    monkeypatch.setattr(beside, "MOST_COUNTED", 12)
    job = desk.job(forest, ".", lines=["*", "!logs", "!z"])
    first, second = bare(job), bare(desk.job(forest, ".", lines=[]))
    (answer,), (found,) = survey_compared([job], [Comparison(first, second)], workers=1)
    assert found == KeptFiles(example="node_modules/p/f00", more_than=12)
    # Twelve are in `p`, and one more in `q`.
    entered = ["logs", "node_modules", "node_modules/p", "node_modules/q"]
    assert [path for path in opened if path] == entered
    assert told(answer) == alone(job)


def test_where_a_builder_may_fail_the_walk_goes_to_its_end(
    desk: Desk, forest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "MOST_COUNTED", 0)
    first, second = (
        bare(desk.job(forest, ".", lines=lines))
        for lines in ([], ["logs", "z/y", "![z-a]"])
    )
    assert Comparison(first, first).most == 0
    assert Comparison(first, second).most is None
    # It fails at `z`, the last name of all.
    assert survey_compared([first], [Comparison(first, second)], workers=1)[1] == [None]


def test_every_name_is_looked_at_once(
    desk: Desk, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = [
        desk.job(root, "src"),
        desk.job(root, ".", lines=["docs"]),
        desk.job(root / "api", "."),
        desk.job(root, ".", builder=LEGACY),
    ]
    looked: list[str] = []

    def at(folder: int, name: str = "") -> str:
        return os.path.join(readlink(f"/proc/self/fd/{folder}"), name)

    readlink, lstat = os.readlink, os.lstat
    listdir, listxattr = os.listdir, os.listxattr

    def look(name: str, *, dir_fd: int | None = None) -> os.stat_result:
        if dir_fd is not None:  # of the walk; others find out where roots are
            looked.append(f"lstat {at(dir_fd, name)}")
        return lstat(name, dir_fd=dir_fd)

    def read(name: str, *, dir_fd: int | None = None) -> str:
        if dir_fd is not None:
            looked.append(f"readlink {at(dir_fd, name)}")
        return readlink(name, dir_fd=dir_fd)

    def names(folder: int) -> list[str]:
        looked.append(f"listdir {at(folder)}")
        return listdir(folder)

    def attributes(path: str, *, follow_symlinks: bool) -> list[str]:
        looked.append(f"listxattr {path}")
        return listxattr(path, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(os, "lstat", look)
    monkeypatch.setattr(os, "readlink", read)
    monkeypatch.setattr(os, "listdir", names)
    monkeypatch.setattr(os, "listxattr", attributes)
    survey_all(jobs, workers=1)
    monkeypatch.undo()
    in_tree = [one for one in looked if f" {root}/" in one and not one.endswith("/")]
    assert len(in_tree) > 80
    assert len(in_tree) == len(set(in_tree))


def test_a_killed_worker_is_the_answer_of_all(
    desk: Desk, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jointly, "_measured", lambda *_: os.kill(os.getpid(), 9))
    jobs = [desk.job(root, "src"), desk.job(root, ".")]
    with divided():
        answers = survey_all(jobs, workers=2)
    assert [type(one) for one in answers] == [WorkerError, WorkerError]


def test_progress_goes_up_through_all_walks(desk: Desk, root: Path) -> None:
    said: list[tuple[int, int]] = []
    jobs = [
        *(desk.job(root / name, ".") for name in ("api", "api", "web")),
        desk.job(root / "docs", "."),
    ]
    survey_all(jobs, lambda *so_far: said.append(so_far), workers=1)
    assert said == sorted(said)
    assert said[-1][0] > 0
