"""Repositories gone through by a cluster of one: what is kept, and what goes on."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ctxopt import __version__
from ctxopt.core.fleet.addresses import folder_source, git_source
from ctxopt.core.fleet.records import FleetSettings, Source
from ctxopt.errors import WriteError
from ctxopt.host.fleet.cluster import Cluster, Lost
from ctxopt.host.fleet.store import Store
from ctxopt.pipeline.fleet.joining import joined
from ctxopt.pipeline.fleet.running import Counts, Fleet, run_fleet
from ctxopt.pipeline.fleet.task import Asked, Limits, Parcel, Task, carry_out
from tests.host.git.test_head import git
from tests.texttree import plant

STATION = (sys.executable, "-m", "ctxopt.cli.fleet_repository")
PROGRAM = "import sys\nfrom ctxopt.host.fleet.station import serve\n"


class Alone(Cluster):
    """Does everything itself; `losing` are the names of what it loses."""

    def __init__(self, *losing: str) -> None:
        self.begun: list[Task] = []
        self._losing = losing

    def check(self, told: Any, here: str) -> None:
        assert told() == here

    def done(
        self, function: Any, tasks: Iterable[Any], meanwhile: Callable[[], None]
    ) -> Iterator[tuple[Any, Any]]:
        for task in tasks:
            meanwhile()
            self.begun.append(task)
            lost = task.source.label in self._losing
            yield task, Lost() if lost else function(task)


def commit(folder: Path) -> None:
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "one")


@pytest.fixture
def shops(tmp_path: Path) -> list[Source]:
    """A repository with a build, one without, a folder of no git, a clone, nothing."""
    made = {"web": "Dockerfile app.py .env", "docs": "a.md", "plain": "Dockerfile x"}
    for name, words in made.items():
        plant(tmp_path / name, words)
        file = tmp_path / name / "Dockerfile"
        if file.exists():
            file.write_text("FROM scratch\nCOPY . /\n")
        if name != "plain":
            commit(tmp_path / name)
    return [
        *(folder_source(str(tmp_path / name)) for name in made),
        git_source(f"file://{tmp_path}/web"),
        folder_source(str(tmp_path / "gone")),
    ]


def fleet(sources: list[Source], **more: Any) -> Fleet:
    asked = Asked(made_by=__version__, mark="m")
    made = Fleet(sources, asked, Limits(attempts=1), STATION)
    return made._replace(**more)


def run(asked: Fleet, store: Store, *losing: str) -> tuple[Counts, list[str]]:
    cluster = Alone(*losing)
    counts = run_fleet(asked, store, cluster, lambda _counts: None)
    return counts, [one.source.label for one in cluster.begun]


def states(store: Store, sources: list[Source]) -> dict[str, str]:
    rows = [store.row(one.name) for one in sources]
    return {
        row["label"] + row["source"]["kind"][:1]: row["state"] for row in rows if row
    }


def test_all_are_looked_at_once_and_then_what_is_new(
    shops: list[Source], tmp_path: Path
) -> None:
    store = Store(str(tmp_path / "report"))
    counts, begun = run(fleet(shops), store)
    assert counts == Counts(5, 5, failed=1)
    assert len(begun) == 5
    first = {
        "webf": "measured",
        "docsf": "empty",
        "plainf": "measured",
        f"{tmp_path.name}/webg": "measured",
        "gonef": "failed",
    }
    assert states(store, shops) == first
    kept = {one.name: store.row(one.name) for one in shops[:4]}

    counts, _ = run(fleet(shops), store)
    assert counts == Counts(5, 5, failed=1, known=4), "what failed is tried again"
    assert {one.name: store.row(one.name) for one in shops[:4]} == kept

    (tmp_path / "web" / "new").write_text("x" * 1000)
    git(tmp_path / "web", "add", "-A")
    git(tmp_path / "web", "commit", "-q", "-m", "two")
    counts, _ = run(fleet(shops), store)
    assert counts.known == 2, "web has a new commit, here and as a clone"
    rows = [store.row(one.name) for one in (shops[0], shops[3])]
    assert all(
        row and row["commit"] == git(tmp_path / "web", "rev-parse", "HEAD")
        for row in rows
    )

    counts, _ = run(fleet(shops, refresh=True), store)
    assert counts.known == 0
    other = Asked(made_by=__version__, mark="other")
    assert run(fleet(shops, asked=other), store)[0].known == 0


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param(lambda _row: b"", id="nothing"),
        pytest.param(lambda row: row[: len(row) // 2], id="a half"),
        pytest.param(lambda _row: b"[" * 100_000, id="too deep to be read"),
        pytest.param(lambda _row: b"\xff\xfe", id="no text"),
        pytest.param(
            lambda row: json.dumps({"name": json.loads(row)["name"]}).encode(),
            id="a name alone",
        ),
        pytest.param(
            lambda row: row.replace(b"fleet-row/1", b"fleet-row/2"), id="another schema"
        ),
        pytest.param(
            lambda row: row.replace(b'"scan": {', b'"scan": [1], "x": {'),
            id="another kind",
        ),
    ],
)
def test_what_is_no_row_is_made_anew(
    shops: list[Source], tmp_path: Path, odd: Callable[[bytes], bytes]
) -> None:
    store = Store(str(tmp_path / "report"))
    asked = fleet(shops[:1])
    run(asked, store)
    (path,) = (tmp_path / "report" / "repositories").iterdir()
    row = path.read_bytes()
    path.write_bytes(odd(row))
    names = [shops[0].name]
    assert not joined(store.folder, names, FleetSettings()).lines
    assert run(asked, store)[1] == ["web"]
    assert joined(store.folder, names, FleetSettings()).totals.measured == 1
    assert run(asked, store) == (Counts(1, done=1, known=1), ["web"])


def test_a_page_that_is_missing_is_made_anew(
    shops: list[Source], tmp_path: Path
) -> None:
    store = Store(str(tmp_path / "report"))
    run(fleet(shops[:1]), store)
    (page,) = (tmp_path / "report" / "pages").iterdir()
    content = page.read_bytes()
    page.unlink()
    assert run(fleet(shops[:1]), store)[0].known == 0
    assert page.read_bytes() == content


def test_one_at_a_time_writes_into_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "report"
    with Store(str(folder)) as store:
        left = folder / "pages" / "x.html.unfinished"
        left.write_text("half")
        with (
            pytest.raises(WriteError, match="another ctxopt fleet writes there"),
            Store(str(folder)),
        ):
            pass
        assert left.exists(), "it is being written"
        store.keep("x", b"{}", b"page")
    left.write_text("half")
    with Store(str(folder)):
        assert not left.exists()


def test_a_report_is_the_same_whatever_comes_first(
    shops: list[Source], tmp_path: Path
) -> None:
    stores = [Store(str(tmp_path / name)) for name in ("a", "b")]
    run(fleet(shops), stores[0])
    run(fleet(shops[::-1]), stores[1])
    reports = []
    for store in stores:
        report = joined(store.folder, [one.name for one in shops], FleetSettings())
        lines = [line._replace(seconds=0.0) for line in report.lines]
        reports.append((report.totals, lines))
    assert reports[0] == reports[1]
    assert [one.state.value for one in reports[0][1]] == [
        *("measured",) * 3,
        *("empty", "failed"),
    ]


def test_what_the_workers_lose_is_a_row_of_its_own(
    shops: list[Source], tmp_path: Path
) -> None:
    store = Store(str(tmp_path / "report"))
    counts, _ = run(fleet(shops[:3]), store, "docs")
    assert counts == Counts(3, 3, failed=1)
    row = store.row(shops[1].name)
    assert row is not None
    assert row["failure"]["kind"] == "lost"
    counts, begun = run(fleet(shops[:3]), store)
    assert (counts.failed, counts.known) == (0, 2)
    assert "docs" in begun


def parcel(source: Source, program: str, **limits: Any) -> dict[str, Any]:
    """The row of a repository that a station of another program looked at."""
    asked = Asked(made_by="1", mark="m")
    station = (sys.executable, "-c", PROGRAM + program)
    made: Parcel = carry_out(Task(source, asked, Limits(**limits), station))
    unpacked = made.unpacked()
    assert unpacked is not None
    assert made.failed
    row: dict[str, Any] = json.loads(unpacked[0])
    return row


@pytest.mark.parametrize(
    ("program", "limits", "kind", "attempts"),
    [
        (
            "serve(lambda _: __import__('time').sleep(99))",
            {"seconds": 0.2},
            "timeout",
            1,
        ),
        ("serve(lambda _: __import__('os').abort())", {}, "crashed", 2),
        ("serve(lambda _: None)", {"attempts": 3}, "crashed", 3),
        ("sys.exit()", {}, "crashed", 2),
        ("serve(lambda _: 1 / 0)", {}, "bug", 1),
    ],
)
def test_whatever_happens_a_row_comes_of_it(
    shops: list[Source], program: str, limits: dict[str, Any], kind: str, attempts: int
) -> None:
    row = parcel(shops[0], program, **limits)
    assert (row["state"], row["failure"]["kind"]) == ("failed", kind)
    assert row["attempts"] == attempts


def test_bounds_hold_for_one_repository_alone(
    shops: list[Source], tmp_path: Path
) -> None:
    with (tmp_path / "web" / "holes").open("wb") as file:
        file.truncate(2_000_000)
    git(tmp_path / "web", "add", "-A")
    git(tmp_path / "web", "commit", "-q", "-m", "large")
    limits = Limits(clone_bytes=1_000_000, attempts=1)
    store = Store(str(tmp_path / "report"))
    counts, _ = run(fleet([shops[3], shops[0]], limits=limits), store)
    assert counts == Counts(2, 2, failed=1)
    row = store.row(shops[3].name)
    assert row is not None
    assert row["failure"]["kind"] == "too-large"


def test_names_that_are_not_utf_8_come_through(tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    plant(folder, "Dockerfile")
    (folder / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    (folder / "caf\udce9.log").write_text("x" * 5000)
    store = Store(str(tmp_path / "report"))
    source = folder_source(str(folder))
    assert run(fleet([source]), store)[0].failed == 0
    assert "caf\\udce9" in json.dumps(store.row(source.name))
