"""`ctxopt write` as a user meets it: processes, a real terminal, and being killed."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import stat
import subprocess
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from click.testing import CliRunner

import ctxopt.host.disk.calibration
import ctxopt.view.write.dialogue  # noqa: F401 (see as_nobody)
from ctxopt import pipeline
from ctxopt.cli import main
from ctxopt.core.ignorefile.block import BEGIN, END, NO_WORDS
from ctxopt.core.ignorefile.lines import BOM
from ctxopt.core.judging.rows import Row
from ctxopt.core.model import Request
from ctxopt.errors import WriteError
from ctxopt.pipeline import simulation
from ctxopt.pipeline.advice import Estimate
from ctxopt.pipeline.writing.drafting import Drafting
from ctxopt.pipeline.writing.plan import Choice
from tests.launch import Launched, launch
from tests.rights import NOBODY, as_nobody, is_root, public_folder
from tests.test_process import COLOUR, COMMAND, COPY_ALL, environment, refused, run
from tests.texttree import plant

TREE = (
    "src/app.py:100 src/__pycache__/app.pyc:5000 .DS_Store:300 logs/app.log:20000 "
    "tests/test_app.py:400 docs/a.md:700"
)
SURE = {"logs", "**/__pycache__", "**/.DS_Store"}
QUESTIONS = ["docs", "tests"]
OLD = b"# mine\n*.bak\n"


def lay_out(root: Path) -> Path:
    plant(root, TREE)
    (root / "Dockerfile").write_text(COPY_ALL)
    return root


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A context with clutter: three sorts that are sure, two that are to be asked."""
    return lay_out(tmp_path)


@pytest.fixture
def kept(project: Path) -> Path:
    """The same with an ignore file of the user."""
    (project / ".dockerignore").write_bytes(OLD)
    return project


def patterns(root: Path, name: str = ".dockerignore") -> set[str]:
    """What ctxopt wrote; nothing where there is no file."""
    path = root / name
    lines = path.read_text().splitlines() if path.exists() else []
    inside = False
    found = set()
    for line in lines:
        if line.startswith(BEGIN.decode()):
            inside = True
        elif line.startswith(END.decode()):
            inside = False
        elif inside and not line.startswith("#"):
            found.add(line)
    return found - {"Dockerfile", ".dockerignore"}


def complaint(done: subprocess.CompletedProcess[bytes]) -> str:
    """The one message of a command that refuses after it has shown its plan."""
    assert done.returncode == 2
    lines = done.stderr.decode().splitlines()
    assert "Traceback" not in done.stderr.decode()
    assert all(line.startswith("ctxopt: ") for line in lines)
    return lines[-1].removeprefix("ctxopt: error: ")


def identity(path: Path) -> tuple[int, int, int]:
    """What writing a file changes."""
    status = path.stat()
    return status.st_ino, status.st_mtime_ns, status.st_ctime_ns


def in_process(*arguments: str | Path) -> tuple[int, str, str]:
    """Status, standard output and standard error, without a process of its own."""
    done = CliRunner().invoke(main, [*map(str, arguments)])
    return done.exit_code, done.stdout, done.stderr


# --- what is written -------------------------------------------------------------


def test_yes_writes_what_is_sure_and_nothing_else(kept: Path) -> None:
    done = run("write", "--yes", kept)
    assert done.returncode == 0
    assert patterns(kept) == SURE
    assert (kept / ".dockerignore").read_bytes().startswith(OLD)
    assert b"note: 2 questions left" in done.stderr
    assert b".dockerignore: written." in done.stdout


def test_twice_is_once(kept: Path) -> None:
    run("write", "--yes", kept)
    before = (kept / ".dockerignore").read_bytes()
    done = run("write", "--yes", kept)
    assert (done.returncode, (kept / ".dockerignore").read_bytes()) == (0, before)
    assert b"Nothing to write: .dockerignore is as it should be." in done.stdout


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param(["--only", "os-macos"], {"**/.DS_Store"}, id="only one"),
        pytest.param(["--only", "tests-dirs"], {"tests"}, id="only a question"),
        pytest.param(
            ["--only", "os-macos", "--only", "logs-dirs", "--skip", "logs-dirs"],
            {"**/.DS_Store"},
            id="only two, without one",
        ),
        pytest.param(
            ["--skip", "logs-dirs"], SURE - {"logs"}, id="all that is sure but one"
        ),
        pytest.param(["--include-ask"], SURE | {*QUESTIONS}, id="all"),
        pytest.param(
            ["--include-ask", "--skip", "docs-dir"], SURE | {"tests"}, id="all but one"
        ),
        pytest.param(["--only", "py-venv"], set(), id="one that is not there now"),
        pytest.param(["--only", "large:dump.sql"], set(), id="nor a file"),
    ],
)
def test_choosing(project: Path, options: list[str], expected: set[str]) -> None:
    status, _, _ = in_process("write", "--yes", *options, project)
    assert (status, patterns(project)) == (0, expected)


def test_what_is_not_suggested_now_is_said(project: Path) -> None:
    status, shown, said = in_process("write", "--yes", "--only", "py-venv", project)
    assert (status, shown) == (0, "Nothing to write.\n")
    assert said == 'ctxopt: note: "py-venv" is not suggested now\n'


# --- what suggestions are called -------------------------------------------------


def ids_in_block(root: Path) -> list[str]:
    """The names in the comments of the block, that of its own line left out."""
    lines = (root / ".dockerignore").read_text().splitlines()
    found = [re.match(r"# ([a-z0-9-]+): ", line) for line in lines]
    return [one[1] for one in found if one and one[1] != "docker-dockerignore"]


@pytest.fixture
def with_git(kept: Path) -> Path:
    """The same where git ignores two folders that no rule speaks of."""
    plant(kept, "mine/a:900 yours/b:800")
    (kept / ".git").mkdir()
    (kept / ".gitignore").write_text("/mine/\nyours\n")
    return kept


def test_scan_json_block_and_options_have_the_same_ids(with_git: Path) -> None:
    shown = in_process("scan", with_git)[1]
    made = json.loads(in_process("scan", "--format", "json", with_git)[1])
    told = [one["id"] for one in made["suggestions"]]
    assert {"git-rest", "logs-dirs"} <= {*told}
    rules = {one["id"]: one["rule"] for one in made["suggestions"]}
    assert rules["git-rest"] == "git-ignored"
    assert rules["logs-dirs"] == "logs-dirs"
    for one in ("logs-dirs", "py-bytecode", "project-files"):
        assert re.search(rf"\b{one}\b", shown)
    options = [word for one in told for word in ("--only", one)]
    assert in_process("write", "--yes", *options, with_git)[0] == 0
    assert {*ids_in_block(with_git)} == {*told} - {"docker-dockerignore"}


def test_an_id_means_the_same_when_lines_move(with_git: Path) -> None:
    path = with_git / ".gitignore"
    path.write_text("# a word on top\n" + path.read_text())
    options = ["--yes", "--include-ask", "--skip", "git-mine"]
    assert in_process("write", *options, with_git)[0] == 0
    assert "yours" in patterns(with_git)
    assert "mine" not in patterns(with_git)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param(["--only", "logs"], {"logs"}, id="only a pattern"),
        pytest.param(["--only", "tests"], {"tests"}, id="only that of a question"),
        pytest.param(["--skip", "**/.DS_Store"], SURE - {"**/.DS_Store"}, id="but one"),
    ],
)
def test_a_pattern_stands_for_its_suggestion(
    project: Path, options: list[str], expected: set[str]
) -> None:
    status, _, _ = in_process("write", "--yes", *options, project)
    assert (status, patterns(project)) == (0, expected)


def test_a_slip_in_what_is_skipped_is_said(with_git: Path) -> None:
    status, _, said = in_process("write", "--check", "--skip", "git-mien", with_git)
    assert status == 1
    assert '"git-mien" is not suggested now; is git-mine meant?' in said


def test_an_unknown_name_gets_the_nearest_one(kept: Path) -> None:
    said = refused(run("write", "--yes", "--skip", "log-dirs", kept))
    assert said == (
        'no suggestion is called "log-dirs"; did you mean logs-dirs (logs)?'
    )


@pytest.mark.parametrize("option", ["--only", "--skip"])
def test_an_unknown_id_is_one_line_that_lists_what_there_is(
    kept: Path, option: str
) -> None:
    said = refused(run("write", "--yes", option, "nope", kept))
    assert said.startswith(
        'no suggestion is called "nope"; there are docker-dockerfile, '
    )
    assert "logs-dirs" in said
    assert (kept / ".dockerignore").read_bytes() == OLD


def test_an_unknown_id_where_nothing_is_suggested(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    (tmp_path / ".dockerignore").write_text("*\n")
    said = refused(run("write", "--skip", "nope", tmp_path))
    assert said == 'no suggestion is called "nope"; there is none now'


def test_a_single_question_is_one(kept: Path) -> None:
    status, _, said = in_process("write", "--yes", "--skip", "docs-dir", kept)
    assert status == 0
    assert "note: 1 question left" in said


# --- looking only ----------------------------------------------------------------


def test_a_dry_run_shows_and_writes_nothing(kept: Path) -> None:
    before = identity(kept / ".dockerignore")
    done = run("write", "--dry-run", kept)
    assert done.returncode == 0
    assert b"+**/__pycache__\n" in done.stdout
    assert b"Transfer  " in done.stdout
    assert identity(kept / ".dockerignore") == before
    assert b"\x1b" not in done.stdout + done.stderr


def test_check_is_status_1_until_it_is_written(kept: Path) -> None:
    assert run("write", "--check", kept).returncode == 1
    assert (kept / ".dockerignore").read_bytes() == OLD
    assert run("write", "--yes", kept).returncode == 0
    done = run("write", "--check", kept)
    assert done.returncode == 0
    assert b"note: 2 questions left" in done.stderr


@pytest.mark.parametrize("option", ["--check", "--dry-run"])
def test_looking_only_is_stronger_than_yes(kept: Path, option: str) -> None:
    in_process("write", "--yes", option, kept)
    assert (kept / ".dockerignore").read_bytes() == OLD


def test_check_asks_about_questions_only_on_demand(project: Path) -> None:
    in_process("write", "--yes", project)
    assert in_process("write", "--check", project)[0] == 0
    assert in_process("write", "--check", "--include-ask", project)[0] == 1


def test_without_a_terminal_nothing_is_written_unless_told(kept: Path) -> None:
    done = run("write", kept)
    said = complaint(done)
    assert said.startswith("nothing was written: there is no terminal to ask on; ")
    assert "--yes" in said
    assert b"+**/__pycache__\n" in done.stdout
    assert (kept / ".dockerignore").read_bytes() == OLD


# --- what this build does not send -----------------------------------------------

SRC_ONLY = "FROM scratch\nCOPY src/app.py /\n"


@pytest.fixture
def named(kept: Path) -> Path:
    """A build whose sources are named, so that no clutter is sent."""
    (kept / "Dockerfile").write_text(SRC_ONLY)
    return kept


@pytest.mark.parametrize("builder", ["buildkit", "legacy"])
def test_what_only_other_builds_send_is_kept_out_of_those(
    named: Path, builder: str
) -> None:
    options = ["--builder", builder]
    assert in_process("write", "--check", *options, named)[0] == 1
    assert in_process("write", "--yes", *options, named)[0] == 0
    assert patterns(named) >= SURE
    assert in_process("write", "--check", *options, named)[0] == 0


def test_one_of_it_is_written_by_its_name(named: Path) -> None:
    assert in_process("write", "--yes", "--only", "logs-dirs", named)[0] == 0
    assert patterns(named) == {"logs"}


@pytest.mark.parametrize("dockerfile", [COPY_ALL, SRC_ONLY, "FROM scratch\n"])
@pytest.mark.parametrize("builder", ["buildkit", "legacy"])
def test_scan_and_its_json_say_what_yes_leaves(
    kept: Path, dockerfile: str, builder: str
) -> None:
    (kept / "Dockerfile").write_text(dockerfile)

    def projected(when: Callable[[dict[str, int]], object]) -> tuple[object, object]:
        _, shown, _ = in_process("scan", "--format", "json", "--builder", builder, kept)
        found = when(json.loads(shown)["projection"])
        assert isinstance(found, dict)
        return found["context_wire_bytes"], found["transfer_wire_bytes"]

    announced = projected(lambda projection: projection["after"])
    before = (kept / ".dockerignore").read_bytes()
    checked = in_process("write", "--check", "--builder", builder, kept)[0]
    assert in_process("write", "--yes", "--builder", builder, kept)[0] == 0
    assert projected(lambda projection: projection) == announced
    assert ((kept / ".dockerignore").read_bytes() != before) is (checked == 1)


# --- lines that weigh more than they save ----------------------------------------


@pytest.fixture
def heavy(tmp_path: Path) -> Path:
    """A build that takes its ignore file, and a mere empty file too much."""
    plant(tmp_path, "src/app.py:100 .DS_Store:0")
    (tmp_path / "Dockerfile").write_text(
        "FROM scratch\nCOPY . /\nCOPY .dockerignore Dockerfile /etc/\n"
    )
    (tmp_path / ".dockerignore").write_bytes(OLD)
    return tmp_path


MORE = re.compile(
    r"ctxopt: note: a build would send \d+ B more: the ignore file itself is sent, "
    r"and its new lines weigh more than they keep out"
)
LEFT_OUT = "ctxopt: note: it is left out for that; say --only ID to write it"


@pytest.mark.parametrize("option", ["--yes", "--check"])
def test_lines_that_only_weigh_are_left_out(heavy: Path, option: str) -> None:
    status, shown, said = in_process("write", option, heavy)
    assert status == 0
    assert "+**/.DS_Store" in shown
    assert "B more)" in shown
    more, left = said.splitlines()
    assert MORE.fullmatch(more)
    assert left == LEFT_OUT
    assert (heavy / ".dockerignore").read_bytes() == OLD


def test_lines_that_only_weigh_are_not_projected(heavy: Path) -> None:
    _, shown, _ = in_process("scan", "--format", "json", heavy)
    projection = json.loads(shown)["projection"]
    after = projection["after"]
    assert after["transfer_wire_bytes"] == projection["transfer_wire_bytes"]
    _, shown, _ = in_process("scan", heavy)
    assert "The lines would weigh more than they keep out" in shown


def test_whoever_insists_gets_the_lines_and_a_note(heavy: Path) -> None:
    status, _, said = in_process("write", "--yes", "--only", "os-macos", heavy)
    assert (status, patterns(heavy)) == (0, {"**/.DS_Store"})
    assert MORE.fullmatch(said.strip())


def test_a_secret_is_kept_out_whatever_its_line_weighs(heavy: Path) -> None:
    (heavy / ".env").touch()
    assert in_process("write", "--check", heavy)[0] == 1
    status, _, said = in_process("write", "--yes", heavy)
    assert (status, patterns(heavy)) == (0, {"**/.DS_Store", "**/.env"})
    assert MORE.fullmatch(said.strip())


# --- a context that changes meanwhile --------------------------------------------


def drafted(root: Path) -> Drafting:
    return pipeline.plan(Request(str(root)), Choice(), estimate=Estimate())


def appears(root: Path) -> None:
    (root / "src/new").mkdir()
    (root / "src/new/.DS_Store").touch()


def is_named(root: Path) -> None:
    (root / "Dockerfile").write_text(f"{COPY_ALL}COPY src/__pycache__/app.pyc /\n")


@pytest.mark.parametrize(
    ("change", "path"),
    [
        pytest.param(appears, "src/new/.DS_Store", id="a file that a line hits"),
        pytest.param(is_named, "Dockerfile", id="another Dockerfile"),
    ],
)
def test_a_context_that_changes_is_not_blamed_on_a_suggestion(
    kept: Path, change: Callable[[Path], None], path: str
) -> None:
    draft = drafted(kept)
    change(kept)
    with pytest.raises(WriteError) as caught:
        draft.plan(())
    assert str(caught.value) == (
        f'nothing was written: the context changed meanwhile: "{path}"; '
        "run again once whatever writes there has ended"
    )
    drafted(kept).plan(()).apply()
    assert patterns(kept) > {"logs"}


def test_what_grows_meanwhile_is_no_change(kept: Path) -> None:
    draft = drafted(kept)
    with (kept / "logs/app.log").open("a") as log:
        log.write("more\n")
    (kept / "logs/new.log").touch()  # goes with its folder
    draft.plan(()).apply()
    assert patterns(kept) == SURE


def nothing_known(changes: Sequence[object]) -> list[None]:
    """What names tell where all has to be looked at."""
    return [None] * len(changes)


def test_what_comes_between_the_two_walks_is_tried_again(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = simulation._Side.rows
    walks: list[object] = []

    def late(side: simulation._Side) -> Iterator[tuple[str, Row]]:
        walks.append(side)
        if len(walks) == 2:
            (kept / "aaa").touch()
        yield from rows(side)
        if len(walks) == 2:
            (kept / "aaa").unlink(missing_ok=True)

    draft = drafted(kept)
    monkeypatch.setattr(simulation, "outcomes_by_name", nothing_known)
    monkeypatch.setattr(simulation._Side, "rows", late)
    draft.plan(()).apply()
    assert len(walks) >= 6
    assert patterns(kept) == SURE


def test_a_refusal_that_stays_is_that_of_the_lines(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulation, "outcomes_by_name", nothing_known)
    monkeypatch.setattr(simulation, "_is_announced", lambda *_: False)
    with pytest.raises(WriteError, match=r'it would keep out ".*" as well'):
        drafted(kept).plan(())


# --- links and other names -------------------------------------------------------


@pytest.fixture
def strayed(kept: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ignore file is a link out of the context."""
    shared = tmp_path_factory.mktemp("elsewhere") / "shared"
    (kept / ".dockerignore").rename(shared)
    (kept / ".dockerignore").symlink_to(shared)
    return kept


@pytest.mark.parametrize("option", ["--yes", "--check", "--dry-run", "--remove"])
def test_a_link_out_of_the_context_is_no_ignore_file_for_buildkit(
    strayed: Path, option: str
) -> None:
    target = os.readlink(strayed / ".dockerignore")
    for _ in range(2):
        assert refused(run("write", option, strayed)) == (
            f'.dockerignore: this is a link to "{target}", out of the folder: BuildKit '
            "does not read it, nor would it read what is written there; put a copy of "
            "that file in the place of the link, then run again; the legacy builder "
            "does read it: --builder legacy"
        )
    assert Path(target).read_bytes() == OLD


def test_a_scan_says_so_too(strayed: Path) -> None:
    _, shown, _ = in_process("scan", "--format", "json", strayed)
    found = json.loads(shown)
    assert found["ignore_file"] is None
    (problem,) = found["problems"]
    target = os.readlink(strayed / ".dockerignore")
    assert problem["code"] == "ignore-file-unread"
    assert (problem["severity"], problem["file"]) == ("warning", ".dockerignore")
    assert problem["message"] == (
        f'this is a link to "{target}", out of its folder, where BuildKit does not '
        "read it, and counts as none; put the file itself in its place"
    )


def test_a_scan_recommends_nothing_that_write_would_refuse(strayed: Path) -> None:
    _, shown, _ = in_process("scan", strayed)
    assert "once the ignore file is no link" in " ".join(shown.split())
    assert "Write it: " not in shown


def test_the_legacy_builder_follows_it_and_says_who_does_not(strayed: Path) -> None:
    status, _, said = in_process("write", "--yes", "--builder", "legacy", strayed)
    assert status == 0
    assert "BuildKit does not read .dockerignore: it is a link out of the" in said
    assert BEGIN in Path(os.readlink(strayed / ".dockerignore")).read_bytes()
    assert (strayed / ".dockerignore").is_symlink()


@pytest.mark.parametrize("builder", ["buildkit", "legacy"])
def test_a_chain_of_links_inside_is_followed(project: Path, builder: str) -> None:
    (project / "conf").mkdir()
    (project / "conf/real").write_bytes(OLD)
    (project / "conf/link").symlink_to("real")
    (project / ".dockerignore").symlink_to("conf/link")
    status, _, _ = in_process("write", "--yes", "--builder", builder, project)
    assert status == 0
    assert BEGIN in (project / "conf/real").read_bytes()
    assert (project / ".dockerignore").is_symlink()
    assert (project / "conf/link").is_symlink()


@pytest.mark.parametrize(
    "target",
    [
        pytest.param("../{name}/real", id="out and in again"),
        pytest.param("{parent}/{name}/real", id="absolute"),
    ],
)
def test_a_link_that_only_others_follow_inside_is_a_link_out(
    project: Path, target: str
) -> None:
    (project / "real").write_bytes(OLD)
    text = target.format(name=project.name, parent=project.parent)
    (project / ".dockerignore").symlink_to(text)
    said = refused(run("write", "--yes", project))
    assert said.startswith(f'.dockerignore: this is a link to "{text}", out of the ')
    assert (project / "real").read_bytes() == OLD


def test_a_link_that_buildkit_reads_elsewhere_is_not_written(project: Path) -> None:
    (project / "shared-ignore").write_bytes(OLD)
    (project / ".dockerignore").symlink_to("/shared-ignore")
    assert refused(run("write", "--yes", project)) == (
        '.dockerignore: this is a link to "/shared-ignore": BuildKit reads '
        '"shared-ignore" in the same folder for it, and everyone else '
        '"/shared-ignore"; make it a relative link, then run again'
    )


@pytest.mark.parametrize("builder", ["buildkit", "legacy"])
def test_a_link_to_nothing_is_said(project: Path, builder: str) -> None:
    (project / ".dockerignore").symlink_to("gone")
    said = refused(run("write", "--yes", "--builder", builder, project))
    assert "which is not there; create that file or remove the link" in said
    _, shown, _ = in_process("scan", "--format", "json", "--builder", builder, project)
    told = [one["message"] for one in json.loads(shown)["problems"]]
    assert any(
        'a link to "gone", which is not there, and counts' in one for one in told
    )


def test_a_link_in_circles_is_said(project: Path) -> None:
    (project / ".dockerignore").symlink_to(".dockerignore")
    assert "cannot read it" in refused(run("write", "--yes", project))


def test_a_specific_file_that_strays_is_left_alone(kept: Path, tmp_path: Path) -> None:
    docker = kept / "docker"
    docker.mkdir()
    (docker / "prod").write_text(COPY_ALL)
    (docker / "prod.dockerignore").symlink_to("../shared")
    (kept / "shared").write_bytes(OLD)
    command = ("write", "--yes", "--per-dockerfile", "-f", docker / "prod", kept)
    said = refused(run(*command))
    assert said.startswith('docker/prod.dockerignore: this is a link to "../shared", ')
    assert said.endswith("in the place of the link, then run again")
    _, shown, _ = in_process("scan", "--format", "json", "-f", docker / "prod", kept)
    (problem,) = json.loads(shown)["problems"]
    assert problem["file"] == "docker/prod.dockerignore"


@pytest.mark.parametrize(
    ("others", "said"),
    [
        (1, "1 other name (a hard link), which keeps the old content"),
        (2, "2 other names (hard links), which keep the old content"),
    ],
)
def test_other_names_of_the_file_keep_what_it_held(
    kept: Path, tmp_path_factory: pytest.TempPathFactory, others: int, said: str
) -> None:
    folder = tmp_path_factory.mktemp("elsewhere")
    for number in range(others):
        os.link(kept / ".dockerignore", folder / str(number))
    note = f"ctxopt: note: .dockerignore has {said}: only this name changes\n"
    assert note in in_process("write", "--dry-run", kept)[2]
    assert note in in_process("write", "--yes", kept)[2]
    assert patterns(kept) == SURE
    assert (folder / "0").read_bytes() == OLD
    assert "hard link" not in in_process("write", "--remove", "--yes", kept)[2]


# --- whose ignore file -----------------------------------------------------------


@pytest.fixture
def per_dockerfile(kept: Path) -> Path:
    (kept / "docker").mkdir()
    (kept / "docker/prod").write_text(COPY_ALL)
    return kept


def test_a_specific_file_begins_with_the_lines_in_effect(per_dockerfile: Path) -> None:
    root = per_dockerfile
    done = run("write", "--yes", "--per-dockerfile", "-f", root / "docker/prod", root)
    assert done.returncode == 0
    assert (root / ".dockerignore").read_bytes() == OLD
    specific = (root / "docker/prod.dockerignore").read_bytes()
    assert specific.startswith(OLD)
    assert patterns(root, "docker/prod.dockerignore") >= SURE
    assert b"does not read docker/prod.dockerignore" in done.stderr
    again = run("write", "--yes", "--per-dockerfile", "-f", root / "docker/prod", root)
    assert again.returncode == 0
    assert (root / "docker/prod.dockerignore").read_bytes() == specific


@pytest.mark.parametrize("options", [[], ["--per-dockerfile"]], ids=["as is", "asked"])
def test_a_specific_file_that_is_there_is_the_one(
    per_dockerfile: Path, options: list[str]
) -> None:
    root = per_dockerfile
    (root / "docker/prod.dockerignore").write_bytes(b"*.tmp\n")
    status, _, _ = in_process(
        "write", "--yes", *options, "-f", root / "docker/prod", root
    )
    assert status == 0
    assert (root / ".dockerignore").read_bytes() == OLD
    assert (root / "docker/prod.dockerignore").read_bytes().startswith(b"*.tmp\n\n# >")


def test_the_legacy_builder_has_no_specific_file(kept: Path) -> None:
    said = refused(run("write", "--yes", "--per-dockerfile", "--builder=legacy", kept))
    assert said == (
        "the legacy builder reads no ignore file of a Dockerfile's own; "
        "leave out --per-dockerfile"
    )


def test_nor_has_a_dockerfile_from_standard_input(kept: Path) -> None:
    done = run("write", "--per-dockerfile", "-f", "-", kept, given=COPY_ALL.encode())
    assert "standard input has no ignore file of its own" in refused(done)


def test_a_dockerfile_from_standard_input_needs_a_word(kept: Path) -> None:
    done = run("write", "--yes", "-f", "-", kept, given=COPY_ALL.encode())
    assert done.returncode == 0
    assert patterns(kept) >= SURE


@pytest.mark.parametrize("builder", ["buildkit", "legacy"])
def test_after_writing_the_scan_says_what_was_announced(
    kept: Path, builder: str
) -> None:
    _, shown, _ = in_process("write", "--yes", "--builder", builder, kept)
    announced = re.search(r"Transfer .* → (\S+ \S+)  \(", shown)
    assert announced
    _, scanned, _ = in_process("scan", "--builder", builder, kept)
    assert re.search(rf"(Transfer|Context) +{re.escape(announced[1])} ", scanned)


# --- taking it out again ---------------------------------------------------------


def test_remove_gives_the_file_back(kept: Path) -> None:
    run("write", "--yes", kept)
    done = run("write", "--remove", "--yes", kept)
    assert (done.returncode, done.stderr) == (0, b"")
    assert (kept / ".dockerignore").read_bytes() == OLD
    assert b"the lines of ctxopt are out" in done.stdout


def test_remove_takes_a_file_that_ctxopt_made(project: Path) -> None:
    run("write", "--yes", project)
    assert patterns(project) == SURE
    done = run("write", "--remove", "--yes", project)
    assert done.returncode == 0
    assert not (project / ".dockerignore").exists()


@pytest.mark.parametrize("options", [[], ["--per-dockerfile"]], ids=["main", "own"])
@pytest.mark.parametrize("content", [None, OLD], ids=["no file", "a file"])
def test_nothing_to_remove_is_no_error(
    project: Path, content: bytes | None, options: list[str]
) -> None:
    if content is not None:
        (project / ".dockerignore").write_bytes(content)
    status, shown, _ = in_process("write", "--remove", "--yes", *options, project)
    name = "Dockerfile.dockerignore" if options else ".dockerignore"
    assert (status, shown) == (
        0,
        f"Nothing to remove: no lines of ctxopt in {name}.\n",
    )
    assert not (project / "Dockerfile.dockerignore").exists()


def test_remove_for_one_dockerfile_leaves_the_block_of_all(kept: Path) -> None:
    in_process("write", "--yes", kept)
    before = (kept / ".dockerignore").read_bytes()
    assert in_process("write", "--remove", "--yes", "--per-dockerfile", kept)[0] == 0
    assert (kept / ".dockerignore").read_bytes() == before
    assert not (kept / "Dockerfile.dockerignore").exists()


@pytest.fixture
def edited(kept: Path) -> Path:
    """A block that a person put a line into."""
    in_process("write", "--yes", kept)
    path = kept / ".dockerignore"
    path.write_bytes(path.read_bytes().replace(b"\nlogs\n", b"\nlogs\nmine\n"))
    return kept


def test_an_edited_block_is_not_removed_without_a_person(edited: Path) -> None:
    before = (edited / ".dockerignore").read_bytes()
    assert refused(run("write", "--remove", "--yes", edited)) == (
        ".dockerignore:4: this block was edited by hand, and the lines of a person "
        "would be lost; run it on a terminal, or move your lines out of the block first"
    )
    assert (edited / ".dockerignore").read_bytes() == before


def test_an_edited_block_grows_and_stays_edited(edited: Path) -> None:
    run("write", "--yes", "--only", "tests-dirs", edited)
    assert patterns(edited) == SURE | {"mine", "tests"}
    assert "edited by hand" in refused(run("write", "--remove", "--yes", edited))


def test_lines_moved_out_of_the_block_are_no_edit(edited: Path) -> None:
    path = edited / ".dockerignore"
    path.write_bytes(b"mine\n" + path.read_bytes().replace(b"\nmine\n", b"\n"))
    assert run("write", "--remove", "--yes", edited).returncode == 0
    assert path.read_bytes() == b"mine\n" + OLD


@pytest.mark.parametrize("option", ["--dry-run", "--check"])
def test_an_edited_block_may_be_looked_at(edited: Path, option: str) -> None:
    status, shown, _ = in_process("write", "--remove", "--yes", option, edited)
    assert status == (1 if option == "--check" else 0)
    assert "-mine\n" in shown


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(["--remove", "--allow-list"], id="remove and allow-list"),
        pytest.param(["--remove", "--only", "x"], id="remove one"),
        pytest.param(["--allow-list", "--skip", "x"], id="allow-list but one"),
        pytest.param(["--remove", "--include-ask"], id="remove with questions"),
    ],
)
def test_options_that_say_two_things_are_wrong_usage(
    kept: Path, options: list[str]
) -> None:
    status, _, said = in_process("write", *options, kept)
    assert status == 2
    assert f"{options[0]} and {options[1]} exclude each other" in said


# --- the list of what may pass ---------------------------------------------------


def test_an_allow_list_lets_through_what_sources_name(kept: Path) -> None:
    (kept / "Dockerfile").write_text("FROM scratch\nCOPY src docs/a.md /app/\n")
    sent = run("ls", kept).stdout
    done = run("write", "--allow-list", "--yes", kept)
    assert (done.returncode, done.stderr) == (0, b"")
    written = (kept / ".dockerignore").read_bytes()
    assert written.endswith(b"\n" + OLD)
    assert patterns(kept) == {"*", "!docs/a.md", "!src"}
    assert run("ls", kept).stdout == sent
    assert b"tests" not in run("ls", "--whole", kept).stdout
    again = run("write", "--allow-list", "--yes", kept)
    assert b"Nothing to write" in again.stdout
    assert (kept / ".dockerignore").read_bytes() == written
    assert run("write", "--remove", "--yes", kept).returncode == 0
    assert (kept / ".dockerignore").read_bytes() == OLD


def test_an_allow_list_of_everything_is_refused(kept: Path) -> None:
    said = refused(run("write", "--allow-list", "--yes", kept))
    assert said.startswith('Dockerfile:2: "COPY . /" takes the whole context, ')
    assert (kept / ".dockerignore").read_bytes() == OLD


def test_an_older_list_is_in_the_way_of_a_new_one(project: Path) -> None:
    (project / "Dockerfile").write_text("FROM scratch\nCOPY src /app/\n")
    assert in_process("write", "--allow-list", "--yes", project)[0] == 0
    before = (project / ".dockerignore").read_bytes()
    (project / "Dockerfile").write_text("FROM scratch\nCOPY docs /app/\n")
    said = refused(run("write", "--allow-list", "--yes", project))
    assert "nothing was written" in said
    assert said.endswith("take the block out first: ctxopt write --remove")
    assert (project / ".dockerignore").read_bytes() == before


# --- what stays ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "check"),
    [
        pytest.param(BOM + b"a\n", lambda new: new.count(BOM) == 1, id="a mark"),
        pytest.param(
            b"a\r\nb\r\n",
            lambda new: new.count(b"\n") == new.count(b"\r\n"),
            id="carriage returns",
        ),
        pytest.param(
            b"a\nb", lambda new: not new.endswith(b"\n"), id="a missing last newline"
        ),
        pytest.param(b"", lambda new: new.startswith(BEGIN), id="an empty file"),
    ],
)
def test_how_the_file_is_written_stays(
    project: Path, before: bytes, check: Callable[[bytes], bool]
) -> None:
    path = project / ".dockerignore"
    path.write_bytes(before)
    assert in_process("write", "--yes", project)[0] == 0
    after = path.read_bytes()
    assert after.startswith(before)
    assert check(after)
    assert in_process("write", "--remove", "--yes", project)[0] == 0
    assert path.read_bytes() == before


def test_a_linked_ignore_file_is_written_where_it_leads(project: Path) -> None:
    target = project / "shared-ignore"
    target.write_bytes(OLD)
    target.chmod(0o640)
    (project / ".dockerignore").symlink_to("shared-ignore")
    assert in_process("write", "--yes", project)[0] == 0
    assert os.readlink(project / ".dockerignore") == "shared-ignore"
    assert target.read_bytes().startswith(OLD)
    assert BEGIN in target.read_bytes()
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


@pytest.mark.skipif(not is_root(), reason="gives files to others")
def test_owner_and_mode_stay(kept: Path) -> None:
    path = kept / ".dockerignore"
    os.chown(path, NOBODY, NOBODY)
    path.chmod(0o664)
    assert in_process("write", "--yes", kept)[0] == 0
    status = path.stat()
    assert BEGIN in path.read_bytes()
    assert (status.st_uid, status.st_gid) == (NOBODY, NOBODY)
    assert stat.S_IMODE(status.st_mode) == 0o664


# --- what the system refuses -----------------------------------------------------


def test_a_folder_to_read_only_keeps_its_file() -> None:
    with public_folder() as root:
        lay_out(root)
        (root / ".dockerignore").write_bytes(OLD)
        (root / ".dockerignore").chmod(0o666)
        in_process("write", "--dry-run", root)  # everything is imported by now
        root.chmod(0o555)
        with as_nobody():
            status, _, said = in_process("write", "--yes", root)
        assert status == 2
        assert "ctxopt: error: .dockerignore: cannot write it: " in said.replace(
            f"{root}/", ""
        )
        assert "nothing was changed" in said
        assert (root / ".dockerignore").read_bytes() == OLD
        assert not [*root.glob(".ctxopt-*")]


def test_a_full_disk_keeps_the_file(kept: Path) -> None:
    command = 'ulimit -f 0; exec "$@"'
    done = subprocess.run(
        ["sh", "-c", command, "sh", *COMMAND, "write", "--yes", str(kept)],
        capture_output=True,
        check=False,
        timeout=60,
        env=environment(PYTHONDONTWRITEBYTECODE="1"),
    )
    assert "raise the limit on file sizes" in complaint(done)
    assert (kept / ".dockerignore").read_bytes() == OLD
    assert not [*kept.glob(".ctxopt-*")]


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        pytest.param(".dockerignore", b"a\n[\n", ".dockerignore:2: ", id="a bad line"),
        pytest.param(
            ".dockerignore",
            BEGIN + b"\na\n",
            ".dockerignore:1: a block begins here, but ends nowhere",
            id="half a block",
        ),
        pytest.param(
            "Dockerfile", b"FROM scratch\nCOPY\n", "Dockerfile:2: ", id="a bad build"
        ),
        pytest.param(
            ".dockerignore", b"[z-a]\n", ".dockerignore:1: ", id="a line that is met"
        ),
    ],
)
def test_input_that_the_builder_refuses_is_left_alone(
    kept: Path, name: str, content: bytes, place: str
) -> None:
    (kept / name).write_bytes(content)
    before = (kept / ".dockerignore").read_bytes()
    for option in ("--yes", "--remove", "--allow-list"):
        if name == ".dockerignore" and content == b"[z-a]\n" and option != "--yes":
            continue  # nothing to remove, and no list for `COPY .`
        if option == "--allow-list" and b"begins" in place.encode():
            continue
        assert refused(run("write", "--yes", option, kept)).startswith(place), option
    assert (kept / ".dockerignore").read_bytes() == before


def test_names_that_are_not_utf_8_are_written_byte_for_byte(project: Path) -> None:
    folder = os.fsencode(project) + b"/tmp-\xff"
    os.makedirs(folder + b"/__pycache__")
    for name in (b"/caf\xe9.log", b"/__pycache__/x.pyc"):
        with open(folder + name, "wb") as file:
            file.write(b"x" * 100)
    big = os.fsencode(project) + b"/caf\xe9.bin"
    with open(big, "wb") as file:
        file.truncate(64_000_000)
    done = run("write", "--yes", "--include-ask", project)
    assert done.returncode == 0
    assert b"bug" not in done.stderr
    listed = run("ls", "-0", project).stdout
    assert b"__pycache__/x.pyc" not in listed
    assert b"caf\xe9.bin" not in listed


def test_a_dockerfile_with_such_a_name_gets_its_own_file(project: Path) -> None:
    name = os.fsencode(project) + b"/caf\xe9"
    with open(name, "wb") as file:
        file.write(COPY_ALL.encode())
    arguments = ["write", "--yes", "--per-dockerfile", "-f", os.fsdecode(name)]
    done = run(*arguments, project)
    assert done.returncode == 0, done.stderr
    assert rb"caf\xe9.dockerignore: written." in done.stdout
    assert os.path.exists(name + b".dockerignore")


# --- on a terminal ---------------------------------------------------------------

ASKED = rb"Keep it out\? .*uit: +$"
FINAL = rb"\[[yY]/[nN]\]: +$"
PATIENCE = 20  # seconds until a test gives up; nothing waits that long


class Dialogue:
    """A command on a terminal of its own, spoken to answer by answer."""

    def __init__(self, process: Launched, terminal: int) -> None:
        self.process = process
        self.terminal = terminal
        self.seen = b""

    def until(self, pattern: bytes) -> bytes:
        """Read until the end of what is shown matches; what came since last time."""
        start = len(self.seen)
        while not re.search(pattern, without_styles(self.seen[start:])):
            assert self._read(), self.seen.decode(errors="replace")
        return without_styles(self.seen[start:])

    def answer(self, text: str, pattern: bytes = ASKED) -> None:
        self.until(pattern)
        os.write(self.terminal, text.encode() + b"\n")

    def interrupt(self) -> None:
        """Press Ctrl-C; again if Python was just between its prompt and its wait."""
        for _ in range(PATIENCE):
            os.write(self.terminal, b"\x03")
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(1)
                return

    def end(self) -> int:
        """Read to the end; the exit status."""
        while self._read():
            pass
        return self.process.wait(PATIENCE)

    def _read(self) -> bool:
        ready, _, _ = select.select([self.terminal], [], [], PATIENCE)
        assert ready, self.seen.decode(errors="replace")
        try:
            chunk = os.read(self.terminal, 65536)
        except OSError:  # how Linux says that nobody writes any more
            return False
        self.seen += chunk
        return bool(chunk)

    @property
    def lines(self) -> list[str]:
        return without_styles(self.seen).decode().splitlines()


def without_styles(shown: bytes) -> bytes:
    return re.sub(rb"\x1b\[[\d;?]*[a-zA-Z]", b"", shown)


@contextmanager
def dialogue(
    *arguments: str | Path, width: int = 80, env: Mapping[str, str] | None = None
) -> Iterator[Dialogue]:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, width))
    process = launch(
        ["write", *map(str, arguments)],
        streams=(theirs, theirs, theirs),
        env=environment(**(env or {})),
        own_terminal=True,
    )
    os.close(theirs)
    try:
        yield Dialogue(process, ours)
    finally:
        process.kill()
        process.wait(PATIENCE)
        os.close(ours)


@pytest.mark.parametrize(
    ("answers", "accepted"),
    [
        pytest.param(["y", "y"], {"docs", "tests"}, id="yes"),
        pytest.param(["n", "y"], {"tests"}, id="no"),
        pytest.param(["", ""], set(), id="an empty answer is no"),
        pytest.param(["w", "y", "n"], {"docs"}, id="why, and asked again"),
        pytest.param(["a"], {"docs", "tests"}, id="all"),
        pytest.param(["y", "d"], {"docs"}, id="done asking"),
    ],
)
def test_answers_decide(kept: Path, answers: list[str], accepted: set[str]) -> None:
    with dialogue(kept) as talk:
        for answer in answers:
            talk.answer(answer)
        talk.answer("y", FINAL)
        assert talk.end() == 0
    assert patterns(kept) == SURE | accepted


def test_a_no_is_remembered_and_how_to_be_asked_again(kept: Path) -> None:
    path = kept / ".dockerignore"
    with dialogue(kept) as talk:
        talk.answer("n")
        talk.answer("y")
        talk.answer("y", FINAL)
        assert talk.end() == 0
    assert f"\n# no: {NO_WORDS}\n#docs\n".encode() in path.read_bytes()
    with dialogue(kept) as talk:
        assert talk.end() == 0  # without a question
        assert talk.lines[-1].startswith("Nothing to write")
    assert in_process("write", "--check", "--include-ask", kept)[0] == 0
    made = json.loads(in_process("scan", "--format", "json", kept)[1])
    assert made["suggestions"] == []
    (held,) = made["held_back"]
    assert (held["rule"], held["path"]) == ("docs-dir", "docs")
    assert re.fullmatch(
        r"\.dockerignore:\d+ says no; delete that line to be asked again", held["why"]
    )
    path.write_bytes(path.read_bytes().replace(b"#docs\n", b""))
    with dialogue(kept) as talk:
        talk.until(ASKED)
        assert any("docs-dir: " in line for line in talk.lines)
        talk.answer("q", rb"")
        assert talk.end() == 0
    assert run("write", "--remove", "--yes", kept).returncode == 0
    assert path.read_bytes() == OLD


def test_skipping_is_for_one_run(kept: Path) -> None:
    assert in_process("write", "--yes", "--skip", "logs-dirs", kept)[0] == 0
    assert b"no: " not in (kept / ".dockerignore").read_bytes()
    assert in_process("write", "--yes", kept)[0] == 0
    assert patterns(kept) == SURE


@pytest.mark.parametrize("inner", ["#docs", "# docs", "#  /docs/"])
def test_what_a_person_commented_out_is_not_asked_about(kept: Path, inner: str) -> None:
    text = f"{BEGIN.decode()}\n# docs-dir: docs\n{inner}\n{END.decode()}\n"
    (kept / ".dockerignore").write_text(text)
    status, _, said = in_process("write", "--yes", "--include-ask", kept)
    assert status == 0
    assert patterns(kept) == SURE | {"tests"}
    status, _, said = in_process("write", "--yes", "--only", "docs-dir", kept)
    assert status == 0
    assert '"docs-dir" is not suggested now' in said


def test_a_no_to_a_folder_is_one_to_what_only_questions_would_take(
    kept: Path,
) -> None:
    plant(kept, "docs/build/big.log:5000000 docs/__pycache__/a.pyc:100")
    text = f"{BEGIN.decode()}\n#docs\n{END.decode()}\n"
    (kept / ".dockerignore").write_text(text)
    made = json.loads(in_process("scan", "--format", "json", kept)[1])
    lines = {text for one in made["suggestions"] for text in one["patterns"]}
    assert lines - {"Dockerfile", ".dockerignore"} == {*SURE, "tests"}


def test_quit_writes_nothing(kept: Path) -> None:
    with dialogue(kept) as talk:
        talk.answer("y")
        talk.answer("q")
        assert talk.end() == 0
        assert talk.lines[-1] == "Nothing was written."
    assert (kept / ".dockerignore").read_bytes() == OLD


@pytest.mark.parametrize(
    ("answer", "written"), [("n", False), ("", True)], ids=["no", "enter"]
)
def test_the_last_word_is_the_users(kept: Path, answer: str, *, written: bool) -> None:
    with dialogue(kept) as talk:
        talk.answer("d")
        talk.answer(answer, FINAL)
        assert talk.end() == 0
    assert ((kept / ".dockerignore").read_bytes() != OLD) is written


def test_why_tells_the_reason(kept: Path) -> None:
    with dialogue(kept) as talk:
        talk.answer("w")
        shown = talk.until(ASKED)
        assert len(shown.splitlines()) >= 2
        talk.answer("q", rb"")
        assert talk.end() == 0


@pytest.mark.parametrize("answered", [0, 2], ids=["a question", "the last word"])
def test_an_interrupt_at_the_prompt_writes_nothing(kept: Path, answered: int) -> None:
    with dialogue(kept) as talk:
        for _ in range(answered):
            talk.answer("n")
        talk.until(FINAL if answered == 2 else ASKED)
        talk.interrupt()
        assert talk.end() == 130
        assert talk.lines[-1] == "ctxopt: interrupted, nothing was written"
    assert (kept / ".dockerignore").read_bytes() == OLD


@pytest.mark.parametrize("width", [44, 80])
def test_no_line_is_wider_than_the_terminal(kept: Path, width: int) -> None:
    with dialogue(kept, width=width) as talk:
        for _ in range(2):
            talk.answer("w", rb"Keep it out\? .*: +$")
            talk.answer("y", rb"Keep it out\? .*: +$")
        talk.answer("n", FINAL)
        assert talk.end() == 0
        # The diff shows lines as they are, however long.
        lines = [one for one in talk.lines if not one.startswith(("+", "-", "@", " #"))]
    assert [one for one in lines if len(one) > width] == []


@pytest.mark.parametrize("quiet", [False, True], ids=["in colour", "NO_COLOR"])
def test_colours_are_for_a_terminal_that_wants_them(kept: Path, *, quiet: bool) -> None:
    env = {"NO_COLOR": "1"} if quiet else {}
    with dialogue("--dry-run", kept, env=env) as talk:
        assert talk.end() == 0
        assert bool(COLOUR.search(talk.seen)) is not quiet
        assert any(line.startswith("+**/__pycache__") for line in talk.lines)


def test_a_file_that_changed_while_the_user_thought_is_left_alone(kept: Path) -> None:
    with dialogue(kept) as talk:
        talk.answer("d")
        talk.until(FINAL)
        (kept / ".dockerignore").write_bytes(b"theirs\n")
        talk.answer("y", rb"")
        assert talk.end() == 2
        assert "changed since it was read" in " ".join(talk.lines[-3:])
    assert (kept / ".dockerignore").read_bytes() == b"theirs\n"


@pytest.mark.parametrize(
    ("answer", "gone"), [("", False), ("n", False), ("y", True)], ids=["-", "n", "y"]
)
def test_an_edited_block_goes_only_when_a_person_says_so(
    edited: Path, answer: str, *, gone: bool
) -> None:
    with dialogue("--remove", edited) as talk:
        talk.answer(answer, FINAL)
        assert talk.end() == 0
        assert any(
            line.startswith(".dockerignore:4: this block was edited by hand")
            for line in talk.lines
        )
    assert ((edited / ".dockerignore").read_bytes() == OLD) is gone


def test_what_was_typed_ahead_does_not_answer_the_last_question(kept: Path) -> None:
    with dialogue(kept) as talk:
        talk.answer("n\nn\ny\ny")
        talk.until(FINAL)
        talk.answer("n", rb"")
        assert talk.end() == 0
        assert talk.lines[-1] == "Nothing was written."
    assert (kept / ".dockerignore").read_bytes() == OLD


def test_lines_that_only_weigh_are_asked_about_with_no_for_enter(heavy: Path) -> None:
    with dialogue(heavy) as talk:
        talk.answer("", rb"Write .dockerignore all the same\? \[y/N\]: +$")
        assert talk.end() == 0
        assert any(MORE.match(line) for line in talk.lines)
    assert (heavy / ".dockerignore").read_bytes() == OLD


def test_each_question_shows_what_enter_says(kept: Path) -> None:
    with dialogue(kept) as talk:
        assert b"[y]es, [N]o, [w]hy" in talk.until(ASKED)
        talk.answer("d", rb"")
        assert b"Write .dockerignore? [Y/n]: " in talk.until(FINAL)
        talk.answer("n", rb"")
        assert talk.end() == 0


@pytest.mark.parametrize(
    ("before", "question"),
    [
        (OLD, rb"Take the lines of ctxopt out of \.dockerignore\? \[Y/n\]: +$"),
        (
            None,
            rb"Remove .dockerignore, which holds only the lines of ctxopt. \[Y/n\]: +$",
        ),
    ],
    ids=["lines", "file"],
)
def test_removing_asks_what_it_does(
    project: Path, before: bytes | None, question: bytes
) -> None:
    path = project / ".dockerignore"
    if before is not None:
        path.write_bytes(before)
    in_process("write", "--yes", project)
    with dialogue("--remove", project) as talk:
        talk.answer("", question)
        assert talk.end() == 0
    assert (path.read_bytes() if path.exists() else None) == before


# --- killed ----------------------------------------------------------------------

LEFTOVER = ".ctxopt-0123456789abcdef"


def test_what_a_kill_left_is_gone_before_it_is_measured(project: Path) -> None:
    in_process("write", "--yes", project)
    clean = in_process("ls", "--whole", project)[1]
    (project / LEFTOVER).write_bytes(b"half")
    for options in (["--yes"], ["--remove", "--yes"], ["--yes"]):
        (project / LEFTOVER).touch()
        status, shown, _ = in_process("write", *options, project)
        assert status == 0
        assert LEFTOVER not in shown
        assert not (project / LEFTOVER).exists()
    assert in_process("ls", "--whole", project)[1] == clean


@pytest.mark.parametrize("option", ["--dry-run", "--check"])
def test_looking_only_removes_nothing(project: Path, option: str) -> None:
    (project / LEFTOVER).touch()
    in_process("write", option, project)
    assert (project / LEFTOVER).exists()


@pytest.mark.deep
def test_whoever_kills_it_leaves_the_old_file_or_the_new_one(kept: Path) -> None:
    path = kept / ".dockerignore"
    began = time.monotonic()
    assert run("write", "--yes", kept).returncode == 0
    length = time.monotonic() - began
    new = path.read_bytes()
    seen = set()
    for number in range(15):
        path.write_bytes(OLD)
        with subprocess.Popen(
            [*COMMAND, "write", "--yes", str(kept)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(),
        ) as process:
            try:
                # At once, and then most often where the file is written.
                process.wait(length * (0.5 + number / 25) if number else 0.001)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
        seen.add(path.read_bytes())
        assert seen <= {OLD, new}
    assert OLD in seen
    assert run("write", "--yes", kept).returncode == 0
    assert not [*kept.glob(".ctxopt-*")]
