"""`ctxopt write --all`: one ignore file for many builds, and none of them breaks.

opentelemetry-demo: one Dockerfile sends the jars that another one copies. A line for
the first would starve the second.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ctxopt import pipeline
from ctxopt.core.builds.records import BuildKind, FoundBuild
from ctxopt.core.model import BuilderName, Report, Request, SourceState
from ctxopt.errors import WriteError
from ctxopt.host.disk import replace as disk
from ctxopt.pipeline.advice import Estimate
from ctxopt.pipeline.writing import several
from ctxopt.pipeline.writing.plan import Choice
from tests.test_write import in_process, patterns
from tests.texttree import plant

# A jar that one build copies and another one sends for nothing.
TREE = (
    "src/ad/build/libs/ad.jar:90000 src/ad/build.gradle:9 src/ad/Main.java:50 "
    "src/web/index.html:40 "
    "src/web/__pycache__/a.pyc:700 src/ad/.DS_Store:300 logs/a.log:9000"
)
GRADLE = "FROM gradle\nWORKDIR /app\nCOPY . .\nRUN gradle build\n"
AD = "FROM scratch\nCOPY src/ad/build/libs/ad.jar /app.jar\n"
WEB = "FROM scratch\nCOPY . /web\n"

COMPOSE = """services:
  ad:
    build:
      context: .
      dockerfile: src/ad/Dockerfile
  web:
    build:
      context: .
      dockerfile: src/web/Dockerfile
"""
BAKE = """group "default" { targets = ["ad", "web"] }
target "ad" { dockerfile = "src/ad/Dockerfile" }
target "web" { dockerfile = "src/web/Dockerfile" }
"""
WORKFLOW = """on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: docker/build-push-action@v6
        with:
          context: .
          file: src/ad/Dockerfile
      - uses: docker/build-push-action@v6
        with:
          context: .
          file: src/web/Dockerfile
"""
JAR = "src/ad/build/libs/ad.jar"


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose root is the context of two images."""
    plant(tmp_path, TREE)
    (tmp_path / "src/ad/Dockerfile").write_text(AD)
    (tmp_path / "src/web/Dockerfile").write_text(WEB)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def by_compose(root: Path) -> list[str]:
    (root / "compose.yaml").write_text(COMPOSE)
    return ["--all"]


def by_a_compose_file(root: Path) -> list[str]:
    (root / "images.yaml").write_text(COMPOSE)
    return ["--compose", "images.yaml"]


def by_services(root: Path) -> list[str]:
    (root / "compose.yaml").write_text(COMPOSE)
    return ["--compose", "compose.yaml", "web", "ad"]


def by_bake(root: Path) -> list[str]:
    (root / "docker-bake.hcl").write_text(BAKE)
    return ["--bake", "docker-bake.hcl"]


def by_a_workflow(root: Path) -> list[str]:
    (root / ".github/workflows").mkdir(parents=True)
    (root / ".github/workflows/ci.yml").write_text(WORKFLOW)
    return ["--all"]


def by_a_glob(_root: Path) -> list[str]:
    return ["--dockerfiles", "src/**/Dockerfile"]


NAMING = [
    pytest.param(by_compose, id="all, of a compose file"),
    pytest.param(by_a_compose_file, id="a compose file by its name"),
    pytest.param(by_services, id="services by their names"),
    pytest.param(by_bake, id="a bake file"),
    pytest.param(by_a_workflow, id="all, of a workflow"),
    pytest.param(by_a_glob, id="Dockerfiles of a glob"),
]


def report_of(root: Path, place: str, builder: str) -> Report:
    return pipeline.analyze(Request(root, root / place, builder=builder))


def finds_all(root: Path, place: str, builder: str = "buildkit") -> bool:
    """Whether a build finds all that it names."""
    uses = report_of(root, place, builder).sources
    return all(one.state is SourceState.FOUND for one in uses)


@pytest.mark.parametrize("builder", ["buildkit", "legacy"])
@pytest.mark.parametrize("named", NAMING)
def test_what_one_build_copies_no_line_for_another_takes_away(
    demo: Path, named: Callable[[Path], list[str]], builder: str
) -> None:
    """opentelemetry-demo, src/ad and src/fraud-detection."""
    (demo / "src/web/Dockerfile").write_text(GRADLE)
    words = named(demo)
    status, out, said = in_process(
        "write", *words, "--yes", "--include-ask", "--builder", builder
    )
    assert status == 0, said
    written = patterns(demo)
    assert {"logs", "**/__pycache__"} <= written
    for place in ("src/ad/Dockerfile", "src/web/Dockerfile"):
        for each in BuilderName:
            assert finds_all(demo, place, each), (place, each)
    assert JAR in {
        one.path
        for one in pipeline.listing(
            Request(demo, demo / "src/ad/Dockerfile", builder=builder)
        )
    }
    assert ".dockerignore  for " in out


@pytest.mark.parametrize("builder", ["buildkit", "legacy"])
def test_one_that_is_written_for_alone_needs_it_no_less(
    demo: Path, builder: str
) -> None:
    """The same with the other build named: as if nobody else was there."""
    by_compose(demo)
    done = in_process(
        *("write", "--compose", "compose.yaml", "web", "--yes", "--include-ask"),
        *("--builder", builder),
    )
    assert done[0] == 0
    assert finds_all(demo, "src/ad/Dockerfile", builder)


def test_what_is_held_back_is_told_with_the_build_that_needs_it(demo: Path) -> None:
    (demo / "src/web/Dockerfile").write_text(GRADLE)
    by_compose(demo)
    _, out, _ = in_process("write", "--all", "--yes", "--include-ask")
    told = " ".join(out.partition("--- a/")[0].split())
    assert "Held back src/ad/build:" in told
    assert "ad needs it (src/ad/Dockerfile:2 names it (COPY)), and web would" in told


def test_a_dockerfile_that_stands_in_the_compose_file_is_heard(demo: Path) -> None:
    """No look at the disk finds it: `dockerfile_inline`."""
    (demo / "src/ad/Dockerfile").unlink()
    (demo / "compose.yaml").write_text(
        "services:\n  web:\n    build:\n      context: .\n"
        "      dockerfile: src/web/Dockerfile\n  logs:\n    build:\n      context: .\n"
        "      dockerfile_inline: |\n        FROM scratch\n        COPY logs /logs\n"
    )
    assert "+logs" in in_process("write", "-n", "-f", "src/web/Dockerfile")[1]
    done = in_process("write", "--all", "--yes")
    assert done[0] == 0
    assert "logs needs it" in " ".join(done[1].split())
    assert "logs" not in patterns(demo)
    assert "**/__pycache__" in patterns(demo)


@pytest.mark.parametrize("builder", ["buildkit", "legacy"])
def test_two_targets_of_one_dockerfile_are_both_heard(demo: Path, builder: str) -> None:
    (demo / "Dockerfile").write_text(
        "FROM scratch AS logs\nCOPY logs /l\nFROM scratch AS all\nCOPY . /x\n"
    )
    (demo / "docker-bake.hcl").write_text(
        'group "default" { targets = ["logs", "all"] }\n'
        'target "logs" { target = "logs" }\ntarget "all" { target = "all" }\n'
    )
    words = ("--bake", "docker-bake.hcl", "--builder", builder)
    assert in_process("write", *words, "--yes")[0] == 0
    assert "logs" not in patterns(demo)
    assert "**/__pycache__" in patterns(demo)


def test_what_a_command_of_one_build_reads_stays_for_all(demo: Path) -> None:
    (demo / "src/ad/Dockerfile").write_text("FROM scratch\nCOPY . /ad\n")
    (demo / "src/web/Dockerfile").write_text(
        "FROM alpine\nWORKDIR /web\nCOPY . .\nRUN tail logs/a.log\n"
    )
    by_compose(demo)
    done = in_process("write", "--all", "--yes")
    assert done[0] == 0
    assert "logs" not in patterns(demo)
    assert "**/__pycache__" in patterns(demo)
    assert "web needs it (src/web/Dockerfile:4 uses it (RUN)), and ad would" in (
        " ".join(done[1].split())
    )


# --- several files ---------------------------------------------------------------


def test_builds_with_ignore_files_of_their_own_do_not_stop_each_other(
    demo: Path,
) -> None:
    by_compose(demo)
    (demo / "src/web/Dockerfile.dockerignore").write_text("# mine\n")
    done = in_process("write", "--all", "--yes", "--include-ask")
    assert done[0] == 0
    web = patterns(demo, "src/web/Dockerfile.dockerignore")
    assert any("build" in line for line in web)
    assert not any("build" in line for line in patterns(demo))
    assert finds_all(demo, "src/ad/Dockerfile")
    assert f"for {'web'}" in done[1]


def test_each_context_has_its_own(demo: Path) -> None:
    plant(demo / "api", "main.py:5 __pycache__/m.pyc:900")
    (demo / "api/Dockerfile").write_text("FROM scratch\nCOPY . /api\n")
    (demo / "compose.yaml").write_text(f"{COMPOSE}  api:\n    build: api\n")
    done = in_process("write", "--all", "--yes")
    assert done[0] == 0
    assert "**/__pycache__" in patterns(demo)
    assert "__pycache__" in " ".join(patterns(demo / "api"))
    assert "api/.dockerignore: written" in done[2] + done[1]


@pytest.mark.parametrize("option", ["-n", "--check"])
def test_what_is_only_looked_at_is_not_written(demo: Path, option: str) -> None:
    by_compose(demo)
    status, out, _ = in_process("write", "--all", option)
    assert status == (1 if option == "--check" else 0)
    assert "+logs" in out
    assert not (demo / ".dockerignore").exists()


def test_a_second_run_has_nothing_to_write(demo: Path) -> None:
    by_compose(demo)
    assert in_process("write", "--all", "--yes")[0] == 0
    before = (demo / ".dockerignore").read_bytes()
    status, out, _ = in_process("write", "--all", "--check")
    assert (status, (demo / ".dockerignore").read_bytes()) == (0, before)
    assert "Nothing to write: .dockerignore is as it should be." in out


def test_all_files_are_taken_back_at_once(demo: Path) -> None:
    by_compose(demo)
    own = demo / "src/web/Dockerfile.dockerignore"
    own.write_text("# mine\n")
    in_process("write", "--all", "--yes")
    assert patterns(demo)
    assert patterns(demo, "src/web/Dockerfile.dockerignore")
    assert in_process("write", "--all", "--remove", "--yes")[0] == 0
    assert not (demo / ".dockerignore").exists()
    assert own.read_text() == "# mine\n"


# --- files of their own ----------------------------------------------------------

BIG = 12_000_000


@pytest.fixture
def pulling(demo: Path) -> Path:
    """One build would send 12 MB less, and another one needs them."""
    (demo / "src/web/Dockerfile").write_text(GRADLE)
    os.truncate(demo / JAR, BIG)
    by_compose(demo)
    return demo


def test_a_file_of_its_own_is_proposed_where_it_saves_much(pulling: Path) -> None:
    _, _, said = in_process("write", "--all", "--yes", "--include-ask")
    assert "web sends 12.00 MB that other builds of the same ignore file need" in said
    assert "--per-dockerfile writes src/web/Dockerfile.dockerignore" in said


def test_it_is_not_where_it_saves_little(demo: Path) -> None:
    (demo / "src/web/Dockerfile").write_text(GRADLE)
    by_compose(demo)
    _, _, said = in_process("write", "--all", "--yes", "--include-ask")
    assert "--per-dockerfile" not in said


def test_who_pulls_away_gets_a_file_of_its_own(pulling: Path) -> None:
    (pulling / ".dockerignore").write_text("*.bak\n")
    done = in_process("write", "--all", "--yes", "--include-ask", "--per-dockerfile")
    assert done[0] == 0
    own = pulling / "src/web/Dockerfile.dockerignore"
    assert own.read_text().startswith("*.bak\n")
    assert any("build" in line for line in patterns(own.parent, own.name))
    assert not any("build" in line for line in patterns(pulling))
    assert "logs" in patterns(pulling)
    web, ad = (
        report_of(pulling, place, "buildkit").transfer.tally.file_bytes
        for place in ("src/web/Dockerfile", "src/ad/Dockerfile")
    )
    assert web < BIG <= ad
    assert finds_all(pulling, "src/ad/Dockerfile")


def test_where_nobody_pulls_away_they_share_one(demo: Path) -> None:
    by_compose(demo)
    (demo / "src/ad/Dockerfile").write_text(WEB)
    done = in_process("write", "--all", "--yes", "--per-dockerfile")
    assert done[0] == 0
    assert "no Dockerfile does better with an ignore file of its own" in done[2]
    assert "logs" in patterns(demo)
    assert not (demo / "src/web/Dockerfile.dockerignore").exists()


def test_who_would_save_next_to_nothing_shares_one(demo: Path) -> None:
    (demo / "src/web/Dockerfile").write_text(GRADLE)
    plant(demo, "assets/a.bin:2000000")
    os.truncate(demo / JAR, 50_000)
    by_compose(demo)
    done = in_process("write", "--all", "--yes", "--per-dockerfile")
    assert "no Dockerfile does better with an ignore file of its own" in done[2]
    assert not (demo / "src/web/Dockerfile.dockerignore").exists()


# --- what is refused, in one line ------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(
            ["--allow-list"], "--allow-list is for one build", id="an allow-list"
        ),
        pytest.param(
            ["--remove", "--only", "logs-dirs"],
            "--remove and --only exclude each other",
            id="two things at once",
        ),
        pytest.param(
            ["--yes", "--only", "nonsense"],
            'no suggestion is called "nonsense"',
            id="a name that no file knows",
        ),
        pytest.param(
            ["--yes", "--per-dockerfile", "--builder", "legacy"],
            "the legacy builder reads no ignore file of a Dockerfile's own",
            id="a builder that reads no such file",
        ),
        pytest.param([], "there is no terminal to ask on", id="nobody to ask"),
    ],
)
def test_what_cannot_be_done_is_said(demo: Path, words: list[str], said: str) -> None:
    by_compose(demo)
    done = in_process("write", "--all", *words)
    assert done[0] == 2
    assert said in done[2]
    assert not (demo / ".dockerignore").exists()


def test_a_damaged_block_is_named_with_its_folder(demo: Path) -> None:
    plant(demo / "api", "logs/a.log:900")
    (demo / "api/Dockerfile").write_text("FROM scratch\nCOPY . /api\n")
    (demo / "api/.dockerignore").write_text("# >>> ctxopt >>>\nx\n")
    (demo / "compose.yaml").write_text(f"{COMPOSE}  api:\n    build: api\n")
    status, _, said = in_process("write", "--all", "--yes")
    assert status == 2
    assert "api/.dockerignore:1: a block begins here" in said
    assert not (demo / ".dockerignore").exists()


def test_only_and_skip_are_looked_for_in_every_file(demo: Path) -> None:
    plant(demo / "api", "main.py:5 a.DS_Store:9 .DS_Store:900")
    (demo / "api/Dockerfile").write_text("FROM scratch\nCOPY . /api\n")
    (demo / "compose.yaml").write_text(f"{COMPOSE}  api:\n    build: api\n")
    done = in_process("write", "--all", "--yes", "--only", "logs-dirs")
    assert done[0] == 0
    assert patterns(demo) == {"logs"}
    assert not (demo / "api/.dockerignore").exists()
    in_process("write", "--all", "--yes", "--skip", "py-bytecode")
    assert "**/__pycache__" not in patterns(demo)
    assert (demo / "api/.dockerignore").exists()


def test_a_build_that_cannot_be_measured_is_named_and_stops_no_other(
    demo: Path,
) -> None:
    (demo / "compose.yaml").write_text(
        f"{COMPOSE}  old:\n    build:\n      context: .\n      dockerfile: gone\n"
    )
    done = in_process("write", "--all", "--yes")
    assert done[0] == 0
    assert "note: old is left out: " in done[2]
    assert "logs" in patterns(demo)


# --- whole or not at all ---------------------------------------------------------


def two_plans(root: Path) -> list[several.FilePlan]:
    """Plans for the files of two builds of one root."""
    (root / "src/web/Dockerfile.dockerignore").write_text("# mine\n")
    builds = [
        FoundBuild(name, BuildKind.DOCKERFILE, Request(root, root / place), place, ".")
        for name, place in (("ad", "src/ad/Dockerfile"), ("web", "src/web/Dockerfile"))
    ]
    drafts = several.draft_all(builds, Choice(preventive=True), estimate=Estimate())
    (root / ".dockerignore").unlink(missing_ok=True)
    return [one.plan() for one in drafts.files]


def test_nothing_is_written_where_one_file_is_known_to_fail(demo: Path) -> None:
    (demo / "src/ad/Dockerfile").write_text(WEB)
    plans = [one.plan for one in two_plans(demo)]
    (demo / "src/web/Dockerfile.dockerignore").write_text("# mine, and more\n")
    with pytest.raises(WriteError) as caught:
        several.apply_all(plans)
    assert "the file changed since it was read, and nothing was written" in str(
        caught.value
    )
    assert not (demo / ".dockerignore").exists()


def test_what_was_written_and_what_was_not_is_said(
    demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second file is changed by another program after all were tried out."""
    (demo / "src/ad/Dockerfile").write_text(WEB)
    plans = [one.plan for one in two_plans(demo)]
    first, second = (one.target.path for one in plans)
    rehearse = disk.rehearse

    def meanwhile(snapshot: disk.Snapshot, content: bytes | None) -> None:
        rehearse(snapshot, content)
        if snapshot.path == second:
            Path(second).write_text("# of another program\n")

    monkeypatch.setattr(disk, "rehearse", meanwhile)
    with pytest.raises(WriteError) as caught:
        several.apply_all(plans)
    assert f"written: {first}; not written: {second}" in str(caught.value)
    assert Path(first).exists()
    assert Path(second).read_text() == "# of another program\n"


def test_a_rehearsal_leaves_nothing_behind(demo: Path) -> None:
    path = demo / ".dockerignore"
    before = sorted(os.listdir(demo))
    disk.rehearse(disk.read(str(path)), b"logs\n")
    assert sorted(os.listdir(demo)) == before
