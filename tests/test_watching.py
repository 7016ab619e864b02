"""`ctxopt watch` as a process: what it says last is what a fresh scan says."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import re
import resource
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import Empty, Queue
from typing import IO, Any

import pytest

from ctxopt import pipeline
from ctxopt.cli.attending import signals
from ctxopt.core.model import BuilderName, Request
from ctxopt.host.watches.sleeper import Sleeper
from ctxopt.pipeline.advice import Estimate
from ctxopt.view.report.json import as_json
from tests.disk import Disk
from tests.launch import Launched, begin, launch
from tests.texttree import plant

pytestmark = pytest.mark.waits

# The seeds of the suite; CTXOPT_SEEDS=10 goes on with others.
SEEDS = range(int(os.environ.get("CTXOPT_SEEDS", "1")))
OPERATIONS = 2000  # one watcher; each hundred, what it says is compared
PATIENCE_SECONDS = 40.0
ROUND_SECONDS = 2.0  # for a last word to be told; then there is another one

IGNORES = ["**/*.log\n", "**/*.log\n!a/c.log\n", "a\n!a/d\n", "", "node_modules\n# x\n"]
DOCKERFILES = [
    "FROM scratch\nCOPY . /a\n",
    "FROM scratch\nCOPY a b* /a/\nCOPY . /b\n",
    "FROM scratch AS one\nCOPY d /a\nFROM scratch\nCOPY --from=one / /\nCOPY a /a\n",
]


# A process of `ctxopt watch`: a copy, or one that begins where all processes begin.
Process = Launched | subprocess.Popen[bytes]
Start = Callable[..., Process]


class Watcher:
    """The running program, line by line."""

    def __init__(self, process: Process, said: IO[str], errors: IO[str]) -> None:
        self.process = process
        self.lines: Queue[str] = Queue()
        self.errors = errors
        self._said = said
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self._said:
            self.lines.put(line)

    def forget(self) -> None:
        """Pass over what was said up to now."""
        while not self.lines.empty():
            self.event()

    def pause(self, seconds: float) -> None:
        """Let it work for a while, or until it says something new."""
        self.forget()
        with contextlib.suppress(Empty):
            self.event(seconds)

    def end(self) -> None:
        """End it, and read to the last line."""
        self.process.kill()
        self.process.wait()
        self._reader.join()

    def event(self, timeout: float = PATIENCE_SECONDS) -> dict[str, Any]:
        """The next event."""
        event: dict[str, Any] = json.loads(self.lines.get(timeout=timeout))
        return event

    def settles(
        self, context: Path, builder: BuilderName, *, after: object = None
    ) -> None:
        """Read until it says what a fresh scan says, and has nothing else to say.

        `after` is what was said last up to now. What is told of a last word, written
        once the rest was told right, comes after what is told of all before it.
        """
        end = time.monotonic() + PATIENCE_SECONDS
        expected = said(fresh(context, builder))
        found = self._says(expected, end, after=after)
        word = context / f"last-word-{builder}"
        while True:
            assert time.monotonic() < end, (found, expected)
            with word.open("a") as file:  # it may be met before it is heard of
                file.write("x")
            expected = said(fresh(context, builder))
            round_end = time.monotonic() + ROUND_SECONDS
            found = self._says(expected, round_end, of=word.name)
            if found == expected:
                return

    def _says(
        self, expected: object, end: float, *, of: str = "", after: object = None
    ) -> object:
        """Read until it says what is expected, of some path or any; what it said."""
        found = after
        while found != expected and (left := end - time.monotonic()) > 0:
            with contextlib.suppress(Empty):
                event = self.event(left)
                if "context" in event and (not of or of in event.get("paths", ())):
                    found = said(event)
        return found

    def line(self, words: str) -> str:
        """The next line for people with some words in it."""
        while True:
            line = self.lines.get(timeout=PATIENCE_SECONDS)
            if words in line:
                return line

    def until(self, *kinds: str) -> dict[str, Any]:
        """The next event of some kind."""
        while True:
            event = self.event()
            if event["event"] in kinds:
                return event


@contextmanager
def watching(
    context: Path,
    *options: str,
    form: str = "json",
    cwd: Path | None = None,
    start: Start = launch,
) -> Iterator[Watcher]:
    words = ["watch", "--format", form, *options, str(context)]
    with ExitStack() as files:
        nothing = files.enter_context(open(os.devnull, "rb"))
        (said, out), (errors, err) = os.pipe(), os.pipe()
        read = [
            files.enter_context(open(end, encoding="utf-8")) for end in (said, errors)
        ]
        streams = (nothing.fileno(), out, err)
        process = start(words, streams=streams, cwd=cwd, env=os.environ)
        os.close(out)
        os.close(err)
        watcher = Watcher(process, *read)
        files.callback(watcher.end)
        yield watcher


def fresh(context: Path, builder: BuilderName) -> Any:
    """What a scan says now."""
    asked = Request(str(context), builder=builder)
    return as_json(pipeline.analyze(asked, estimate=Estimate()))


def said(one: Any) -> object:
    """What an event and a scan have in common."""
    savings = [
        (idea["rule"], idea["patterns"], idea["wire_bytes"], idea["context"])
        for idea in one["suggestions"]
    ]
    return one["context"], one["transfer"], savings


@pytest.mark.deep
@pytest.mark.parametrize("builder", BuilderName)
@pytest.mark.parametrize("seed", SEEDS)
def test_after_hundreds_of_operations_it_says_what_a_fresh_scan_says(
    tmp_path: Path, builder: BuilderName, seed: int
) -> None:
    disk = Disk(tmp_path, seed * len(BuilderName) + [*BuilderName].index(builder))
    (tmp_path / "Dockerfile").write_text(DOCKERFILES[0])
    for _ in range(100):
        disk.operate()
    with watching(tmp_path, "--builder", builder.value) as watcher:
        assert watcher.event()["event"] == "ready"
        for number in range(OPERATIONS):
            disk.operate()
            if number % 199 == 0:
                (tmp_path / ".dockerignore").write_text(disk.random.choice(IGNORES))
            if number % 231 == 0:
                new = tmp_path.parent / f"new-{tmp_path.name}"
                new.write_text(disk.random.choice(DOCKERFILES))
                new.rename(tmp_path / "Dockerfile")  # as editors do
            if number % 16 == 0:
                watcher.pause(disk.random.random() / 12)
            if number % 32 == 31:  # however slow it is, it measures that often
                watcher.forget()
                (tmp_path / "beat").write_bytes(b"x" * number)
                watcher.until("change")
            if number % 100 == 99:
                (tmp_path / "beat").write_bytes(b"x" * number)
                watcher.settles(tmp_path, builder)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    plant(tmp_path, "src/main.c:100 src/util.c:50 logs/a.log:1000 docs/x.md:20")
    (tmp_path / "Dockerfile").write_text(
        "FROM scratch\nCOPY src /src\nCOPY . /app\nRUN make\n"
    )
    return tmp_path


@pytest.mark.parametrize(
    "start",
    [pytest.param(begin, id="a process that begins where all processes begin")],
)
def test_a_change_names_what_it_invalidates(project: Path, start: Start) -> None:
    with watching(project, start=start) as watcher:
        ready = watcher.event()
        assert ready["schema"] == "ctxopt/scan/1"
        (project / "src/main.c").write_bytes(b"x" * 130)
        event = watcher.until("change")
        assert event["paths"] == ["src/main.c"]
        assert event["transfer"]["file_bytes"] == ready["transfer"]["file_bytes"] + 30
        (one,) = event["invalidates"]
        assert (one["instruction"], one["line"]) == ("COPY", 2)


@pytest.mark.deep
def test_ten_thousand_files_at_once(project: Path) -> None:
    with watching(project) as watcher:
        watcher.event()
        for number in range(10_000):
            folder = project / "unpacked" / f"{number % 100}"
            if number < 100:
                folder.mkdir(parents=True)
            (folder / f"{number}").touch()
        watcher.settles(project, BuilderName.BUILDKIT)


def test_an_ignored_folder_costs_no_watches(project: Path) -> None:
    for number in range(50):
        (project / "node_modules" / f"p{number}").mkdir(parents=True)
    with watching(project) as watcher:
        ready = watcher.event()
        if ready["polled"]:
            pytest.skip("the system has no watches to give")
        before = ready["watches"]
        (project / ".dockerignore").write_text("**/node_modules\n")
        after = watcher.until("change")["watches"]
    assert before - after == 51


def test_a_refused_dockerfile_is_told_and_mended(project: Path) -> None:
    with watching(project) as watcher:
        watcher.event()
        text = (project / "Dockerfile").read_text()
        (project / "Dockerfile").write_text("FROM scratch\nCOPPY . /\n")
        problem = watcher.until("problem")
        assert "COPPY" in json.dumps(problem)
        assert problem["stale"]
        (project / "Dockerfile").write_text(text)
        assert said(watcher.until("change")) == said(
            fresh(project, BuilderName.BUILDKIT)
        )


def test_what_is_certain_is_written_as_it_appears(project: Path) -> None:
    ignore_file = project / ".dockerignore"
    (project / ".DS_Store").touch()
    with watching(project, "--write") as watcher:
        assert watcher.event()["event"] == "ready"
        assert watcher.until("written")["patterns"] == ["**/.DS_Store"]
        assert "**/.DS_Store\n" in ignore_file.read_text()
        (project / "src/.main.c.swp").write_text("x")
        last = said(watcher.until("written"))
        assert "**/.*.sw[k-p]\n" in ignore_file.read_text()
        watcher.settles(project, BuilderName.BUILDKIT, after=last)


def delete(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.unlink()
    folder.rmdir()


@pytest.mark.parametrize("way", ["absolute", "from within"])
@pytest.mark.parametrize(
    "lose",
    [
        pytest.param(delete, id="deleted"),
        pytest.param(lambda folder: folder.rename(f"{folder}-2"), id="moved"),
    ],
)
def test_a_lost_context_ends_it_with_status_2(
    project: Path, way: str, lose: Callable[[Path], object]
) -> None:
    inner = project / "inner"
    plant(inner, "a:1")
    (inner / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    named, current = (inner, None) if way == "absolute" else (Path(), inner)
    with watching(named, cwd=current) as watcher:
        watcher.event()
        lose(inner)
        assert watcher.until("end")["reason"] == "the context is gone"
        assert watcher.process.wait(PATIENCE_SECONDS) == 2
        assert watcher.errors.read() == (
            f'ctxopt: error: the context is gone: "{named}" was deleted or moved\n'
        )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_with_a_word(project: Path, number: int) -> None:
    with watching(project) as watcher:
        watcher.event()
        watcher.process.send_signal(number)
        assert signal.Signals(number).name in watcher.until("end")["reason"]
        assert watcher.process.wait(PATIENCE_SECONDS) == 0


def test_people_read_a_line_a_change(project: Path) -> None:
    with watching(project, "--max-size", "1kB", form="text") as watcher:
        first = watcher.lines.get(timeout=PATIENCE_SECONDS)
        assert "watching" in first
        assert "OVER the budget of 1.00 kB by" in first
        watcher.line(" suggested: logs  folders of log files, saves ")
        (project / "src/main.c").write_bytes(b"x" * 130)
        line = watcher.line("src/main.c")
        assert "src/main.c +30 B  sent, COPY src /src (Dockerfile:2)" in line
        (project / "logs/a.log").unlink()
        watcher.line("logs/a.log -1.00 kB  no longer sent")
        watcher.line("no longer suggested: logs\n")


@pytest.mark.parametrize(
    ("typed", "budget"),
    [
        pytest.param([], "1.00 kB", id="of the file"),
        pytest.param(["--max-size", "900"], "900 B", id="that is typed"),
    ],
)
def test_the_budget_is_the_one_that_is_configured(
    typed: list[str], budget: str, project: Path
) -> None:
    (project / "ctxopt.toml").write_text('max-transfer-size = "1kB"\n')
    with watching(project, *typed, form="text") as watcher:
        first = watcher.lines.get(timeout=PATIENCE_SECONDS)
        assert f"OVER the budget of {budget} by" in first


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """A folder, and another one through which a FUSE program shows it."""
    program = shutil.which("bindfs")
    if program is None or not os.access("/dev/fuse", os.R_OK | os.W_OK):
        pytest.skip("there is no FUSE here: /dev/fuse and bindfs are needed")
    behind, before = tmp_path / "behind", tmp_path / "before"
    behind.mkdir()
    before.mkdir()
    done = subprocess.run(
        [program, behind, before], check=False, capture_output=True, text=True
    )
    if done.returncode:
        pytest.skip(f"nothing can be mounted here: {done.stderr}")
    try:
        yield behind, before
    finally:
        fusermount = shutil.which("fusermount3") or shutil.which("fusermount")
        unmount = ["umount"] if fusermount is None else [fusermount, "-u", "-z"]
        subprocess.run([*unmount, before], check=True)


def test_what_happens_behind_a_fuse_mount_is_seen(
    mounted: tuple[Path, Path],
) -> None:
    behind, before = mounted
    plant(behind, "src/main.c:100")
    (behind / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    with watching(before) as watcher:
        ready = watcher.event()
        assert ready["polled"] == 2
        problem = watcher.until("problem")
        assert (problem["code"], problem["severity"]) == ("watch-polling", "note")
        (behind / "src/main.c").write_bytes(b"x" * 130)
        assert watcher.until("change")["paths"] == ["src/main.c"]
        (before / "src/new").write_bytes(b"x")
        assert watcher.until("change")["paths"] == ["src/new"]
        shutil.rmtree(behind / "src")
        watcher.settles(before, BuilderName.BUILDKIT)


def test_a_fuse_mount_in_the_context_is_polled_and_nothing_else(
    mounted: tuple[Path, Path],
) -> None:
    behind, before = mounted
    project = before.parent
    (project / "Dockerfile").write_text("FROM scratch\nCOPY before /\n")
    (project / ".dockerignore").write_text("behind\n")
    with watching(project) as watcher:
        assert watcher.event()["polled"] == 1
        assert watcher.until("problem")["message"] == (
            "the file system (fuse) does not tell of all changes: 1 folder in "
            '"before" is polled'
        )
        (behind / "new").write_bytes(b"x")
        assert watcher.until("change")["paths"] == ["before/new"]


# --- a terminal ------------------------------------------------------------------


def without_core() -> None:
    """Let a quit leave no core file behind."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


STYLE = re.compile(r"\x1b\[[0-9;]*m")


class Terminal:
    """The program on a terminal of its own, keys in and screens out."""

    def __init__(self, context: Path, start: Start) -> None:
        self.leader, self.follower = pty.openpty()
        fcntl.ioctl(self.leader, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))
        self.before = termios.tcgetattr(self.follower)
        self.text = ""
        self.process = start(
            ["watch", str(context)],
            streams=(self.follower,) * 3,
            env={**os.environ, "TERM": "xterm", "PYTHONUTF8": "1"},
            own_terminal=True,
        )

    def read(self) -> None:
        if select.select([self.leader], [], [], 0.2)[0]:
            with contextlib.suppress(OSError):
                self.text += os.read(self.leader, 65536).decode(errors="replace")

    def until(self, words: str) -> None:
        """Read until some words were drawn."""
        end = time.monotonic() + PATIENCE_SECONDS
        while words not in STYLE.sub("", self.text):
            assert time.monotonic() < end, self.text[-3000:]
            self.read()

    def press(self, keys: bytes) -> None:
        self.text = ""
        os.write(self.leader, keys)

    def ended(self) -> int:
        """Wait for the end, reading what is drawn; the exit status."""
        end = time.monotonic() + PATIENCE_SECONDS
        while self.process.poll() is None:
            assert time.monotonic() < end
            self.read()
        self.read()
        return self.process.wait()


@contextmanager
def on_terminal(context: Path, start: Start) -> Iterator[Terminal]:
    """The program on a terminal, ended and closed in the end."""
    made = Terminal(context, start)
    yield made
    made.process.kill()
    made.process.wait()
    for end in (made.leader, made.follower):
        with contextlib.suppress(OSError):
            os.close(end)


@pytest.fixture
def terminal(request: pytest.FixtureRequest, project: Path) -> Iterator[Terminal]:
    """Of a copy; of another process where a test says so."""
    (project / ".DS_Store").touch()
    with on_terminal(project, getattr(request, "param", launch)) as made:
        yield made


@pytest.mark.parametrize(
    "terminal",
    [pytest.param(begin, id="a process that begins where all processes begin")],
    indirect=True,
)
def test_keys_write_and_take_back(terminal: Terminal, project: Path) -> None:
    terminal.until("q quit")
    terminal.press(b"w")
    terminal.until("w writes it")
    assert not (project / ".dockerignore").exists()
    terminal.press(b"n")
    terminal.until("Suggestions")
    terminal.press(b" w")
    terminal.until("1 chosen")
    terminal.press(b"w")
    terminal.until("takes it back")
    written = (project / ".dockerignore").read_text()
    assert "\nlogs\n" in written
    assert "**/.DS_Store\n" not in written  # it was not chosen
    terminal.press(b"u")
    terminal.until("Suggestions")
    assert not (project / ".dockerignore").exists()
    terminal.press(b"y")
    terminal.until("q quit")
    terminal.press(b"q")
    assert terminal.ended() == 0


@pytest.mark.parametrize(
    ("way", "status"),
    [
        pytest.param(lambda one: one.press(b"q"), 0, id="q"),
        pytest.param(lambda one: one.press(b"\x03"), 130, id="Ctrl-C"),
        pytest.param(
            lambda one: one.press(b"\x1c"), -signal.SIGQUIT, id="Ctrl-backslash"
        ),
        pytest.param(
            lambda one: one.process.send_signal(signal.SIGTERM), 0, id="SIGTERM"
        ),
        pytest.param(
            lambda one: one.process.send_signal(signal.SIGHUP), 0, id="SIGHUP"
        ),
    ],
)
def test_the_terminal_is_left_as_it_was(
    terminal: Terminal, way: Callable[[Terminal], None], status: int
) -> None:
    terminal.until("q quit")
    assert "\x1b[?1049h" in terminal.text  # the alternate screen
    assert termios.tcgetattr(terminal.follower) != terminal.before
    way(terminal)
    assert terminal.ended() == status
    assert "\x1b[?1049l" in terminal.text
    assert terminal.text.rindex("\x1b[?25h") > terminal.text.find("\x1b[?25l")
    assert termios.tcgetattr(terminal.follower) == terminal.before


def test_a_lost_context_gives_the_terminal_back(
    terminal: Terminal, project: Path
) -> None:
    terminal.until("q quit")
    terminal.text = ""
    project.rename(f"{project}-2")
    assert terminal.ended() == 2
    after = terminal.text[terminal.text.index("\x1b[?1049l") :]
    assert (
        f'ctxopt: error: the context is gone: "{project}" was deleted or moved' in after
    )
    assert termios.tcgetattr(terminal.follower) == terminal.before


QUITTING = """
import os, signal, sys
from ctxopt.cli.attending import quitting
{before}
with quitting():
    try:
        {within}
    finally:
        print("given back", flush=True)
print("went on", flush=True)
"""
QUIT_CHILD = """
        if os.fork() == 0:
            signal.raise_signal(signal.SIGQUIT)
        print(os.waitstatus_to_exitcode(os.wait()[1]))
"""


@pytest.mark.parametrize(
    ("before", "within", "status", "said"),
    [
        pytest.param(
            "",
            "signal.raise_signal(signal.SIGQUIT)",
            -signal.SIGQUIT,
            "given back\n",
            id="at work, after all is given back",
        ),
        pytest.param(
            "",
            QUIT_CHILD.strip(),
            0,
            f"{-signal.SIGQUIT}\ngiven back\nwent on\n",
            id="a worker, which gives nothing back",
        ),
        pytest.param(
            "signal.signal(signal.SIGQUIT, signal.SIG_IGN)",
            "signal.raise_signal(signal.SIGQUIT)",
            0,
            "given back\nwent on\n",
            id="nobody where it is ignored",
        ),
    ],
)
def test_ctrl_backslash_ends(before: str, within: str, status: int, said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", QUITTING.format(before=before, within=within)],
        capture_output=True,
        check=False,
        encoding="utf-8",
        preexec_fn=without_core,
    )
    assert (done.returncode, done.stdout, done.stderr) == (status, said, "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_heard_that_comes_before_the_system_is_asked_to_wait(
    number: signal.Signals,
) -> None:
    """As one between the last step of Python and poll, which no signal then ends."""
    sleeper = Sleeper()
    with signals(sleeper.waker, draws=False), contextlib.suppress(KeyboardInterrupt):
        signal.raise_signal(number)
    assert sleeper.sleep(None)
    sleeper.close()


def test_a_resized_terminal_is_drawn_again(terminal: Terminal, project: Path) -> None:
    terminal.until("q quit")
    terminal.text = ""
    size = struct.pack("4H", 30, 120, 0, 0)
    fcntl.ioctl(terminal.leader, termios.TIOCSWINSZ, size)
    terminal.until("q quit")
    (project / "src/main.c").write_bytes(b"x" * 300)
    terminal.until("sent, COPY src /src (Dockerfile:2) and 2 instructions run again")


def test_a_suspension_gives_the_terminal_back(terminal: Terminal) -> None:
    terminal.until("q quit")
    terminal.press(b"\x1a")  # Ctrl-Z; nobody would continue it here, so it goes on
    terminal.until("\x1b[?1049l")
    terminal.until("\x1b[?1049h")
    terminal.until("q quit")
    terminal.press(b"q")
    assert terminal.ended() == 0
    assert termios.tcgetattr(terminal.follower) == terminal.before


def test_a_closed_terminal_ends_it(terminal: Terminal) -> None:
    terminal.until("q quit")
    os.close(terminal.leader)
    os.close(terminal.follower)
    assert terminal.process.wait(PATIENCE_SECONDS) in (0, 130)


# --- many builds -------------------------------------------------------------------


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two builds of folders of their own, and none of the root."""
    plant(tmp_path, "api/main.py:100 web/index.html:30")
    (tmp_path / "api" / "Dockerfile").write_text("FROM scratch\nCOPY . /\nRUN a\n")
    (tmp_path / "web" / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    return tmp_path


def test_each_object_names_its_build(repository: Path) -> None:
    with watching(repository, "--all") as watcher:
        builds = watcher.until("builds")
        assert sorted(one["name"] for one in builds["builds"]) == ["api", "web"]
        ready = [watcher.until("ready")["build"] for _ in range(2)]
        assert sorted(ready) == ["api", "web"]
        (repository / "api" / "main.py").write_bytes(b"x" * 130)
        event = watcher.until("change")
        assert (event["build"], event["paths"]) == ("api", ["main.py"])
        (repository / "new").mkdir()
        (repository / "new" / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
        assert len(watcher.until("builds")["builds"]) == 3


def test_people_read_which_builds_a_change_unsettles(repository: Path) -> None:
    config = "[builds.web]\nmax-transfer-size = 9\n"
    (repository / "ctxopt.toml").write_text(config)
    with watching(repository, form="text") as watcher:
        watcher.line("watching 2 builds in ")
        assert "OVER the budget of 9 B by" in watcher.line(" web: transfer ")
        (repository / "api" / "main.py").write_bytes(b"x" * 130)
        said = (
            "api/main.py +30 B  api: COPY . / (Dockerfile:2) and 1 more; web: nothing"
        )
        watcher.line(said)


def test_a_lost_folder_ends_the_watch_of_all(repository: Path) -> None:
    with watching(repository) as watcher:
        watcher.until("ready")
        shutil.rmtree(repository)
        assert watcher.until("end")["reason"] == "the folder is gone"
        assert watcher.process.wait(PATIENCE_SECONDS) == 2


def test_what_is_for_one_build_is_refused(repository: Path) -> None:
    with watching(repository, "--write", form="text") as watcher:
        assert watcher.process.wait(PATIENCE_SECONDS) == 2
        assert "--write is for one build" in watcher.errors.read()


def test_the_screen_has_a_table_of_all_builds(repository: Path) -> None:
    with on_terminal(repository, launch) as terminal:
        terminal.until("2 builds in ")
        terminal.until("Last changes")
        terminal.until("q quit")
        (repository / "web" / "index.html").write_bytes(b"x" * 90)
        terminal.until("web: COPY . / (Dockerfile:2); api: nothing")
        terminal.press(b"w")
        terminal.until("w is for a single build")
        terminal.press(b"p")
        terminal.until("PAUSED")
        terminal.press(b"q")
        assert terminal.ended() == 0
        assert termios.tcgetattr(terminal.follower) == terminal.before
