"""`ctxopt fleet` as somebody types it: real workers, real clones, real ends."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from ctxopt import __version__
from ctxopt.cli.fleet_repository import looked_at
from ctxopt.core.fleet.rows import from_top
from ctxopt.host.fleet.cluster import Cluster
from ctxopt.pipeline.fleet.task import Asked
from tests.host.fleet.test_station import is_gone
from tests.host.git.test_head import git
from tests.pipeline.fleet.test_running import Alone
from tests.projects import lay_out, names
from tests.test_process import COMMAND, environment
from tests.test_write import in_process
from tests.texttree import plant

ASKED = Asked(made_by=__version__, mark="m")
PATIENCE_SECONDS = 120


def fleet(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run it to the end."""
    return subprocess.run(
        [*COMMAND, "fleet", *map(str, words)],
        cwd=cwd,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        text=True,
        timeout=PATIENCE_SECONDS,
    )


def checkout(folder: Path, words: str, dockerfile: str = "COPY . /\n") -> None:
    plant(folder, words)
    (folder / "Dockerfile").write_text(f"FROM scratch\n{dockerfile}")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "one")


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """Three checkouts and a list of them with a clone and what is not there."""
    checkout(tmp_path / "src" / "web", "app.py:900 debug.log:70000")
    checkout(tmp_path / "src" / "api", "main.go:300 .env", "COPY main.go /\n")
    checkout(tmp_path / "src" / "old", "x", "COPY gone /\n")
    (tmp_path / "list").write_text(
        f"# all of them\nsrc\nfile://{tmp_path}/src/web\nfile:///nowhere/shop.git\n"
    )
    return tmp_path


@pytest.fixture
def alone(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here is where the checkouts are, and no process of dask works."""

    @contextmanager
    def opened(_address: str | None, *, workers: int) -> Iterator[Cluster]:
        yield Alone()

    monkeypatch.setattr("ctxopt.host.fleet.cluster.opened", opened)
    monkeypatch.chdir(here)


def lines(report: Path) -> list[dict[str, Any]]:
    """The lines of a report, but for the time that each took."""
    with (report / "report.jsonl").open() as file:
        found = [json.loads(line) for line in file]
    for one in found:
        del one["took_seconds"]
    return found


def made(report: Path) -> dict[str, bytes]:
    """All files of a report, but for what took how long."""
    found = {
        path.relative_to(report).as_posix(): path.read_bytes()
        for path in sorted(report.rglob("*"))
        if path.is_file()
    }
    for name, content in found.items():
        timeless = re.sub(
            rb'("(?:clone|work)": |"took_seconds": ?)[0-9.e-]+', b"", content
        )
        found[name] = timeless
    return found


# --- a row is what scan and check say ------------------------------------------------


@pytest.mark.parametrize("name", names()[::5])
def test_a_row_is_what_scan_and_check_say_of_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(name, tmp_path)
    monkeypatch.chdir(tmp_path / name)
    monkeypatch.setenv("CTXOPT_WORKERS", "1")
    looked = looked_at(str(tmp_path / name), ASKED, is_strange=False)
    for command, found in (
        ("scan", looked.findings.scan),
        ("check", looked.findings.check),
    ):
        _, out, _ = in_process(command, "--all", "--format", "json")
        said = from_top(json.loads(out), str(tmp_path / name))
        assert json.loads(json.dumps(found)) == said
    _, out, _ = in_process("check", "--all", "--format", "sarif")
    run = json.loads(out)["runs"][0]
    assert looked.findings.sarif == {
        "rules": run["tool"]["driver"]["rules"],
        "results": run["results"],
    }
    page = tmp_path / "page.html"
    in_process("scan", "--all", "--format", "html", "-o", page)
    assert looked.page == page.read_bytes()


# --- a fleet -------------------------------------------------------------------------


def test_a_fleet_is_one_report_and_goes_on_from_it(here: Path) -> None:
    done = fleet("list", "-o", "report", cwd=here)
    assert (done.returncode, done.stderr) == (0, "")
    assert "5 repositories: 4 measured, 1 failed" in done.stdout
    report = here / "report"
    found = [
        (one["place"].removeprefix(f"{here}/"), one["state"]) for one in lines(report)
    ]
    assert sorted(found) == [
        *sorted(
            [
                ("file:///nowhere/shop.git", "failed"),
                (f"file://{here}/src/web", "measured"),
            ]
        ),
        *((f"src/{name}", "measured") for name in ("api", "old", "web")),
    ]
    names_of = [one["name"] for one in lines(report)]
    for name in names_of:
        row = json.loads((report / "repositories" / f"{name}.json").read_text())
        page = report / "pages" / f"{name}.html"
        assert page.exists() is (row["state"] == "measured")
    assert json.loads((report / "report.sarif").read_text())["version"] == "2.1.0"
    assert b"<!doctype html>" in (report / "index.html").read_bytes()
    assert (report / "summary.md").read_text().startswith("#")


@pytest.mark.deep
def test_no_module_of_the_current_folder_is_run(here: Path) -> None:
    """Somebody stands in the checkout of a stranger."""
    for name in ("json", "multiprocessing", "ctxopt"):
        (here / f"{name}.py").write_text("open('ran', 'w')\nraise SystemExit(9)\n")
    program = "import sys; del sys.path[0]; from ctxopt.__main__ import run; run()"
    done = subprocess.run(
        [sys.executable, "-c", program, "fleet", "src", "-o", "report"],
        cwd=here,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "3 repositories: 3 measured" in done.stdout
    assert not (here / "ran").exists()


@pytest.mark.usefixtures("alone")
def test_the_same_command_goes_on_from_what_is_kept(here: Path) -> None:
    words = ("fleet", "list", "-o", "report")
    first = in_process(*words)
    before = made(here / "report")
    assert in_process(*words) == first
    assert made(here / "report") == before
    status, _, said = in_process("fleet", "src/web", "-o", "report")
    assert status == 0
    assert said == (
        'ctxopt: note: 4 more repositories are kept in "report" and not part of this'
        " report: nobody named them\n"
    )
    assert len(lines(here / "report")) == 1


@pytest.mark.deep
def test_the_number_of_workers_changes_nothing(here: Path) -> None:
    reports = []
    for workers in ("1", "2", "4"):
        fleet("list", "-o", workers, "--workers", workers, cwd=here)
        reports.append(made(here / workers))
    assert reports[0] == reports[1] == reports[2]


@pytest.mark.usefixtures("alone")
def test_what_is_bad_enough_is_an_exit_status() -> None:
    words = ("fleet", "src/web", "src/old", "-o", "a", "--fail-on", "error")
    assert in_process(*words)[0] == 1, "the second has a source that is missing"
    assert in_process("fleet", "src/old", "-o", "a")[0] == 0
    gone = ("fleet", "file:///nowhere/shop.git", "-o", "a")
    assert in_process(*gone)[0] == 0
    assert in_process(*gone, "--fail-on", "error")[0] == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["nowhere", "-o", "r"],
            'there is no "nowhere"; name a folder, a git URL, or a',
        ),
        (["src"], "--output is missing"),
        (["-o", "r"], "SOURCE"),
        (["ext::id", "-o", "r"], 'git URLs that begin with "ext:" are not taken'),
        (["src", "-o", "list"], "list: this is no folder; name another place with -o"),
        (["src", "-o", "r", "--scheduler", "x", "--workers", "2"], "leave --scheduler"),
        (
            ["src", "-o", "r", "--scheduler", "x"],
            'no scheduler answers at "x": missing',
        ),
        (["src", "-o", "r", "--scheduler", "tls://[::1]:1"], "no scheduler answers at"),
        (["diff", "r", "src"], 'there is no report of a fleet in "r"'),
    ],
)
def test_what_cannot_be_done_is_one_line(
    here: Path, words: Sequence[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(here)
    status, out, error = in_process("fleet", *words)
    assert (status, out) == (2, "")
    assert said in error
    assert error.startswith("ctxopt: error: ")


def test_without_dask_it_says_what_to_install(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.chdir(here)
    status, _, error = in_process("fleet", "src", "-o", "report")
    assert status == 2
    assert error == (
        "ctxopt: error: a fleet needs dask; put it beside ctxopt: python3 -m pip"
        " install distributed (or: pipx inject ctxopt distributed)\n"
    )


# --- ended, lost, far away -----------------------------------------------------------


@contextmanager
def started(*command: str, cwd: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process with all that it starts, which is ended at last."""
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture
def slow(here: Path) -> Iterator[tuple[Path, int]]:
    """A list whose last repositories wait in `git clone`, and a pipe that tells so."""
    pipe = here / "pipe"
    os.mkfifo(pipe)
    end = os.open(pipe, os.O_RDWR)
    program = here / "bin" / "git"
    program.parent.mkdir()
    program.write_text(
        "#!/bin/sh\n"
        f'case "$*" in *slow*) echo $$ > {pipe}; exec sleep 999;; esac\n'
        'PATH=${PATH#*:} exec git "$@"\n'
    )
    program.chmod(0o755)
    yield here, end
    os.close(end)


def waits(end: int) -> int:
    """Wait until a clone waits; the number of its process."""
    assert select.select([end], [], [], PATIENCE_SECONDS)[0]
    return int(os.read(end, 20).split()[0])


@pytest.mark.deep
@pytest.mark.parametrize(
    "numbers",
    [
        pytest.param([signal.SIGINT], id="Ctrl-C"),
        pytest.param([signal.SIGINT] * 9, id="Ctrl-C, impatiently"),
        pytest.param([signal.SIGTERM], id="the end of a job of CI"),
    ],
)
def test_who_ends_it_can_go_on_with_the_same_command(
    slow: tuple[Path, int],
    monkeypatch: pytest.MonkeyPatch,
    numbers: Sequence[signal.Signals],
) -> None:
    here, end = slow
    (here / "scratch").mkdir()
    monkeypatch.setenv("TMPDIR", f"{here}/scratch")
    monkeypatch.setenv("PATH", f"{here}/bin:{os.environ['PATH']}")
    listed = here / "list"
    listed.write_text(f"src\nfile://{here}/slow.git\n")
    words = ("fleet", "list", "-o", "report", "--workers", "1", "--retries", "0")
    with started(*COMMAND, *words, cwd=here) as process:
        waiting = waits(end)
        for number in numbers:
            os.killpg(process.pid, number)
        out, said = process.communicate(timeout=PATIENCE_SECONDS)
    assert (process.returncode, out) == (130, b"")
    # The last of them may still have been on its way.
    assert re.fullmatch(
        r'ctxopt: interrupted: [23] of 4 are kept in "report"; the same command goes on'
        r" from there\n",
        said.decode(),
    )
    assert is_gone(waiting)
    assert [*(here / "scratch").glob("ctxopt-dask-*")] == []
    kept = set(os.listdir(here / "report" / "repositories"))
    assert len(kept) in (2, 3)
    listed.write_text("src\n")
    assert fleet(*words[1:], cwd=here).returncode == 0
    after = set(os.listdir(here / "report" / "repositories"))
    assert (len(after), kept <= after) == (3, True)


@pytest.mark.deep
def test_a_repository_that_hangs_costs_its_own_row(
    slow: tuple[Path, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, _ = slow
    monkeypatch.setenv("PATH", f"{here}/bin:{os.environ['PATH']}")
    url = f"file://{here}/slow.git"
    done = fleet(url, "src", "-o", "report", "--timeout", "3", cwd=here)
    assert "4 repositories: 3 measured, 1 failed" in done.stdout
    failure = lines(here / "report")[-1]["failure"]
    assert failure == {"kind": "timeout", "message": "it took more than 3 seconds"}


def workers_of(pid: int) -> list[int]:
    """The processes of dask below one."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        for task in Path(f"/proc/{one}/task").iterdir():
            waiting += map(int, (task / "children").read_text().split())
        if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes():
            found.append(one)
    return found


def hears_ctrl_c(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text()
    blocked = re.search(r"^SigBlk:\s+(\w+)$", status, re.MULTILINE)
    assert blocked is not None
    return not int(blocked[1], 16) >> (signal.SIGINT - 1) & 1


@pytest.mark.deep
def test_a_worker_that_is_killed_is_survived(
    slow: tuple[Path, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, end = slow
    monkeypatch.setenv("PATH", f"{here}/bin:{os.environ['PATH']}")
    (here / "list").write_text(f"file://{here}/slow.git\nsrc\n")
    words = ("fleet", "list", "-o", "report", "--workers", "1", "--retries", "0")
    with started(*COMMAND, *words, "--timeout", "20", cwd=here) as process:
        waiting = waits(end)
        (worker,) = workers_of(process.pid)
        assert not hears_ctrl_c(worker), "it is for the first process alone"
        os.kill(worker, signal.SIGKILL)
        assert waits(end) != waiting, "it is begun again by another worker"
        (worker,) = workers_of(process.pid)
        assert not hears_ctrl_c(worker)
        assert hears_ctrl_c(process.pid)
        out, said = process.communicate(timeout=PATIENCE_SECONDS)
    assert (process.returncode, said) == (0, b"")
    assert b"4 repositories: 3 measured, 1 failed" in out
    assert is_gone(waiting)


@contextmanager
def scheduler_with(workers: Sequence[str], *, cwd: Path) -> Iterator[tuple[int, str]]:
    """A scheduler with workers of these options: its process and address."""
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show")
    with started(*dask, *options, cwd=cwd) as scheduler:
        assert scheduler.stderr is not None
        url = ""
        while not url:
            found = re.search(
                rb"Scheduler at:\s+(tcp://\S+)", scheduler.stderr.readline()
            )
            url = found[1].decode() if found else ""
        program = [sys.executable, "-m", "distributed.cli.dask_worker", url]
        with started(*program, *workers, "--no-dashboard", cwd=cwd):
            yield scheduler.pid, url


@pytest.mark.deep
def test_a_scheduler_that_is_killed_is_one_line(
    slow: tuple[Path, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, end = slow
    monkeypatch.setenv("PATH", f"{here}/bin:{os.environ['PATH']}")
    (here / "list").write_text(f"src\nfile://{here}/slow.git\n")
    with scheduler_with(("--nthreads", "1"), cwd=here) as (pid, url):
        words = ("fleet", "list", "-o", "report", "--scheduler", url)
        with started(*COMMAND, *words, cwd=here) as process:
            waits(end)
            os.killpg(pid, signal.SIGKILL)
            _, said = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 2
    assert said.decode() == (
        "ctxopt: error: the scheduler is gone; what came of repositories so far is"
        " kept; start it again: the same command goes on from there\n"
    )
    assert len(os.listdir(here / "report" / "repositories")) in (2, 3)


@pytest.mark.deep
def test_workers_may_be_those_of_a_scheduler_elsewhere(here: Path) -> None:
    with scheduler_with(("--nworkers", "2", "--nthreads", "2"), cwd=here) as (_, url):
        far = fleet("list", "-o", "far", "--scheduler", url, cwd=here)
    near = fleet("list", "-o", "near", cwd=here)
    assert far.stdout == near.stdout.replace("near/", "far/")
    assert made(here / "far") == made(here / "near")


@pytest.mark.usefixtures("alone")
def test_two_reports_are_told_apart(here: Path) -> None:
    in_process("fleet", "src", "-o", "old")
    plant(here / "src" / "web", "more.log:90000")
    git(here / "src" / "web", "add", "-A")
    git(here / "src" / "web", "commit", "-q", "-m", "two")
    in_process("fleet", "src", "-o", "new")
    status, out, error = in_process("fleet", "diff", "old", "new", "--check")
    assert (status, error) == (1, "")
    assert "web" in out
    status, out, _ = in_process("fleet", "diff", "old", "old", "--check", "--json")
    assert (status, json.loads(out)["schema"]) == (0, "ctxopt/fleet-diff/1")
