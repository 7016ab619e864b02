"""The program as a user meets it: real processes, their status and their streams."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

import pytest

from tests.launch import PIPE, completed
from tests.rights import NOBODY, deep_folder, is_root, public_folder
from tests.texttree import plant

COPY_ALL = "FROM scratch\nCOPY . /\n"
COMMAND = (sys.executable, "-m", "ctxopt")


def environment(**more: str) -> dict[str, str]:
    """Ours, without what would change the look of the output."""
    looks = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM", "CTXOPT_TRACEBACK")
    ours = {key: value for key, value in os.environ.items() if key not in looks}
    return {**ours, "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8", **more}


def run(
    *arguments: str | Path,
    cwd: str | Path | None = None,
    given: bytes | None = None,
    env: Mapping[str, str] | None = None,
    nobody: bool = False,
) -> subprocess.CompletedProcess[bytes]:
    """Run ctxopt to its end, as somebody without root's rights if asked."""
    words, environ = [*map(str, arguments)], environment(**(env or {}))
    user = NOBODY if nobody and is_root() else None
    with open(os.devnull, "rb") if given is None else holding(given) as source:
        streams = (source.fileno(), PIPE, PIPE)
        return completed(words, streams=streams, cwd=cwd, env=environ, user=user)


def begun(
    command: Sequence[str], *, cwd: str | Path | None = None, env: Mapping[str, str]
) -> subprocess.CompletedProcess[bytes]:
    """Run a process that begins where all processes begin."""
    return subprocess.run(
        command,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=60,
        env=env,
    )


@contextmanager
def holding(content: bytes) -> Iterator[IO[bytes]]:
    """The end of a pipe from which something short can be read."""
    reading, writing = os.pipe()
    with open(reading, "rb") as pipe:
        with open(writing, "wb") as filled:
            filled.write(content)
        yield pipe


def refused(done: subprocess.CompletedProcess[bytes]) -> str:
    """The one line of a refusal, which is all that may be printed."""
    assert done.stderr.count(b"\n") == 1, done.stderr
    assert done.stderr.startswith(b"ctxopt: error: ")
    assert b"Traceback" not in done.stderr
    assert b"bug" not in done.stderr
    assert (done.returncode, done.stdout) == (2, b"")
    return done.stderr.decode().removeprefix("ctxopt: error: ").rstrip("\n")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    plant(tmp_path, "src/app.py:100 log/x.log:2000 README:50")
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY src /app\n")
    return tmp_path


# --- fine ------------------------------------------------------------------------


@pytest.mark.parametrize("builder", ["buildkit", "legacy"])
@pytest.mark.parametrize("command", ["scan", "ls"])
def test_results_go_to_standard_output_alone(
    project: Path, command: str, builder: str
) -> None:
    words = [command, str(project), "--builder", builder]
    done = begun([*COMMAND, *words], env=environment())
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"src" in done.stdout
    assert b"\x1b" not in done.stdout
    assert done.stdout == run(*words).stdout


def test_a_pipe_gets_no_colour_even_of_a_problem(project: Path) -> None:
    (project / "Dockerfile").write_text("FROM scratch\nCOPY gone /app\n")
    done = run("scan", project)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"gone" in done.stdout
    assert b"\x1b" not in done.stdout


def on_terminal(*arguments: str | Path, **more: str) -> bytes:
    """What a terminal gets to see."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env=environment(**more),
    ) as process:
        os.close(theirs)
        seen = b"".join(terminal_output(ours))
        os.close(ours)
        assert process.wait(60) == 0
    return seen


def terminal_output(descriptor: int) -> Iterator[bytes]:
    while True:
        try:
            chunk = os.read(descriptor, 4096)
        except OSError:  # how Linux says that nobody writes any more
            return
        if not chunk:
            return
        yield chunk


COLOUR = re.compile(rb"\x1b\[[0-9;]*\b(3[0-7]|9[0-7]|38;[0-9;]+)m")


def test_no_color_is_honoured_on_a_terminal(project: Path) -> None:
    (project / "Dockerfile").write_text("FROM scratch\nCOPY gone /app\n")
    assert COLOUR.search(on_terminal("scan", project))
    assert not COLOUR.search(on_terminal("scan", project, NO_COLOR="1"))


def test_the_program_starts_where_the_user_stands(project: Path) -> None:
    done = run("ls", cwd=project)
    assert done.stdout == b"src/\nsrc/app.py\n"
    done = run("ls", "..", "-f", "../Dockerfile", cwd=project / "src")
    assert done.stdout == b"src/\nsrc/app.py\n"


def test_a_dockerfile_from_standard_input(project: Path) -> None:
    done = run("ls", "-f", "-", project, given=b"FROM scratch\nCOPY README /\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"README\n", b"")


def test_names_come_out_byte_for_byte(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(COPY_ALL)
    names = [b"a b", b"a\nb", b"\xff\xfe", "é".encode(), b"tab\t", b"\x1b[31m", b"q'"]
    for name in names:
        with open(os.path.join(os.fsencode(tmp_path), name), "wb"):
            pass
    (tmp_path / "d").mkdir()
    expected = sorted([*names, b"Dockerfile", b"d/"])
    done = run("ls", "-0", tmp_path)
    assert done.stdout == b"".join(name + b"\0" for name in expected)
    assert done.stderr == b""
    done = run("ls", tmp_path)
    assert done.stdout == b"".join(name + b"\n" for name in expected)


def test_a_c_locale_changes_no_byte(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(COPY_ALL)
    (tmp_path / "é").touch()
    looks = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    env = environment(**looks, PYTHONIOENCODING="")
    done = begun([*COMMAND, "ls", str(tmp_path)], env=env)
    assert (done.returncode, done.stdout) == (0, "Dockerfile\né\n".encode())
    done = begun([*COMMAND, "scan", str(tmp_path)], env=env)
    assert (done.returncode, done.stderr) == (0, b"")


# --- JSON ------------------------------------------------------------------------

TALLY = {"entries", "files", "directories", "file_bytes", "wire_bytes"}
SHARED = {"printed", *TALLY}
OWN = {"dockerfile_wire_bytes", "ignorefile_wire_bytes", "repeat_wire_bytes"}
USAGE = {"files", "file_bytes"}
SOURCE = {
    *("instruction", "stage", "file", "line"),
    *("text", "entries", "file_bytes", "state", "repair"),
}
PLACE = {"path", "kind", "files", "file_bytes", "wire_bytes", "used"}
PROBLEM = {
    *("code", "severity", "message", "file", "line", "subject"),
    *("hint", "end_line", "column"),
}


@pytest.mark.parametrize(
    ("builder", "own"),
    [
        pytest.param("buildkit", OWN, id="buildkit"),
        pytest.param("legacy", set(), id="legacy"),
    ],
)
def test_json_has_the_fields_of_schema_1(
    project: Path, builder: str, own: set[str]
) -> None:
    (project / ".dockerignore").write_text("log\n")
    (project / "Dockerfile").write_text("FROM scratch\nCOPY src gone /app/\n")
    done = run(
        "scan", "--format", "json", "--builder", builder, "--build-arg", "A=1", project
    )
    assert (done.returncode, done.stderr) == (0, b"")
    found = json.loads(done.stdout)
    assert found["schema"] == "ctxopt/scan/1"
    assert found["request"] == {
        "context": str(project),
        "dockerfile": str(project / "Dockerfile"),
        "target": None,
        "builder": builder,
        "build_args": {"A": "1"},
    }
    assert found["ignore_file"] == {
        "path": str(project / ".dockerignore"),
        "patterns": 1,
    }
    assert set(found["context"]) == TALLY
    assert set(found["transfer"]) == SHARED | own
    assert set(found["used"]) == set(found["unused"]) == USAGE
    assert [set(one) for one in found["sources"]] == [SOURCE, SOURCE]
    assert [one["state"] for one in found["sources"]] == ["found", "missing"]
    assert found["largest"]
    assert all(set(one) >= PLACE for one in found["largest"])
    assert [set(one) for one in found["problems"]] == [PROBLEM]
    assert {"suggestions", "projection"} <= set(found)


def test_json_says_null_where_there_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    found = json.loads(run("scan", "--format", "json", tmp_path).stdout)
    assert found["ignore_file"] is None
    assert found["transfer"]["printed"] is None
    (tmp_path / ".dockerignore").write_text("[z-a]\n")
    done = run("scan", "--format", "json", tmp_path)
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert found["context"] is None
    assert [one["code"] for one in found["problems"]] == ["bad-pattern"]


def test_json_keeps_names_that_are_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(COPY_ALL)
    with open(os.fsencode(tmp_path) + b"/\xff", "wb") as file:
        file.write(b"x" * 1000)
    done = run("scan", "--format", "json", tmp_path)
    assert done.stdout.isascii()
    assert os.fsencode(json.loads(done.stdout)["largest"][0]["path"]) == b"\xff"


# --- wrong input -----------------------------------------------------------------


def write(name: str, content: bytes) -> Callable[[Path], object]:
    return lambda root: (root / name).write_bytes(content)


@pytest.mark.parametrize(
    ("spoil", "arguments", "message"),
    [
        pytest.param(None, ["no"], 'no such folder: "no"', id="no such folder"),
        pytest.param(None, ["README"], '"README" is a file', id="a file as context"),
        pytest.param(
            None, ["https://x/y.git"], "not a local folder", id="a URL as context"
        ),
        pytest.param(None, ["-"], "not a local folder", id="a tar as context"),
        pytest.param(
            lambda root: (root / "l").symlink_to("l"),
            ["l"],
            "symbolic",
            id="a link loop",
        ),
        pytest.param(
            lambda root: (root / "l").symlink_to("no"),
            ["l"],
            "no such folder",
            id="a broken link",
        ),
        pytest.param(
            lambda root: (root / "Dockerfile").unlink(),
            [],
            "Dockerfile: failed to read dockerfile",
            id="no Dockerfile",
        ),
        pytest.param(None, ["-f", "src"], "this is a folder", id="a folder for it"),
        pytest.param(None, ["-f", "no"], "no: failed to read", id="a missing one"),
        pytest.param(
            lambda root: os.mkfifo(root / "pipe"),
            ["-f", "pipe"],
            "this is a pipe, and no Dockerfile",
            id="a pipe for it",
        ),
        pytest.param(
            write("Dockerfile", bytes(range(256)) * 40),
            [],
            "Dockerfile:",
            id="a binary Dockerfile",
        ),
        pytest.param(
            write("Dockerfile", b"\0" * 3000), [], "Dockerfile:", id="nothing but NUL"
        ),
        pytest.param(
            write("Dockerfile", b"\xff\xfeF\0R\0O\0M\0 \0x\0\n\0"),
            [],
            "Dockerfile:",
            id="a Dockerfile in UTF-16",
        ),
        pytest.param(
            write("Dockerfile", b"FROM scratch\nCOPY a\0b /\n"),
            [],
            "non-printable ASCII",
            id="NUL in a source",
        ),
        pytest.param(write("Dockerfile", b""), [], "empty", id="an empty Dockerfile"),
        pytest.param(
            write("Dockerfile", b"FROM scratch\nCOPY\n"),
            [],
            "Dockerfile:2: ",
            id="an instruction without arguments",
        ),
        pytest.param(None, ["--target", "no"], "no", id="an unknown target"),
        pytest.param(
            write("Dockerfile.dockerignore", b"a\n[b\n"),
            [],
            "Dockerfile.dockerignore:2: syntax error in pattern",
            id="a bad pattern",
        ),
        pytest.param(
            write(".dockerignore", b"x\n[z-a]\n"),
            [],
            ".dockerignore:2: syntax error in pattern",
            id="a pattern that fails late",
        ),
        pytest.param(
            write(".dockerignore", b"x\n" + b"a" * 65_536),
            [],
            "token too long",
            id="an ignore line that is too long",
        ),
        pytest.param(
            write(".dockerignore", b"a\x1bb\n"),
            [],
            "non-printable ASCII",
            id="an escape in a pattern",
        ),
        pytest.param(
            None,
            ["--build-context", "n=no"],
            "failed to get build context n",
            id="a missing named context",
        ),
        pytest.param(
            lambda root: (root / ".dockerignore").mkdir(),
            ["--builder", "legacy"],
            "error reading .dockerignore: is a directory",
            id="a folder for an ignore file",
        ),
    ],
)
@pytest.mark.parametrize("command", ["scan", "ls"])
def test_wrong_input_is_one_line_and_status_2(
    project: Path,
    *,
    command: str,
    spoil: Callable[[Path], object] | None,
    arguments: list[str],
    message: str,
) -> None:
    if spoil is not None:
        spoil(project)
    said = refused(run(command, *arguments, cwd=project))
    assert message in said
    assert "\x1b" not in said
    assert len(said) < 500


@pytest.mark.parametrize("name", [".", "Dockerfile"])
def test_what_a_build_begins_with_must_be_readable(name: str) -> None:
    with public_folder() as root:
        plant(root, "context/a")
        (root / "context/Dockerfile").write_text(COPY_ALL)
        (root / "context" / name).chmod(0)
        assert "ermission denied" in refused(run("scan", root / "context", nobody=True))


def test_an_empty_standard_input_is_an_empty_dockerfile(project: Path) -> None:
    assert "empty" in refused(run("scan", "-f", "-", project, given=b""))


def in_lost_folder(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run in a folder that is gone.

    A scan imports what it needs only there, as all commands do that are not launched.
    """
    if arguments[0] != "scan":
        folder = os.open(lost := tempfile.mkdtemp(), os.O_RDONLY)
        os.rmdir(lost)
        try:
            with open(os.devnull, "rb") as nothing:
                streams = (nothing.fileno(), PIPE, PIPE)
                return completed(
                    arguments, streams=streams, cwd=folder, env=environment()
                )
        finally:
            os.close(folder)
    script = (
        "import os, runpy, sys, tempfile\n"
        "os.chdir(tempfile.mkdtemp())\n"
        "os.rmdir(os.getcwd())\n"
        "runpy.run_module('ctxopt', run_name='__main__', alter_sys=True)\n"
    )
    return in_script(script, *arguments)


def in_script(script: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=60,
        env=environment(),
    )


COMMANDS = [["scan"], ["ls"], ["write", "--yes"], ["watch"], ["verify"]]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("context", [".", ".."])
def test_a_lost_current_folder_is_no_context(command: list[str], context: str) -> None:
    assert refused(in_lost_folder(*command, context)) == (
        f'no such folder: "{context}": the current folder is gone; change into a '
        "folder that exists, or give an absolute path"
    )


@pytest.mark.parametrize("command", [["scan"], ["watch"]], ids=" ".join)
@pytest.mark.parametrize(
    ("options", "words"),
    [
        pytest.param(["-f", "Dockerfile"], "current folder is gone", id="Dockerfile"),
        pytest.param(["-f", "{}/src"], "this is a folder", id="a folder for it"),
        pytest.param(
            ["--build-context", "a=."], "current folder is gone", id="named context"
        ),
        pytest.param(
            ["--build-context", "a=.."], "current folder is gone", id="the one above"
        ),
    ],
)
def test_nothing_is_found_from_a_lost_current_folder(
    project: Path, command: list[str], options: list[str], words: str
) -> None:
    options = [option.format(project) for option in options]
    assert words in refused(in_lost_folder(*command, *options, str(project)))


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["scan", "{}"], id="scan"),
        pytest.param(["ls", "-f", "{}/Dockerfile", "{}"], id="ls"),
        pytest.param(
            ["write", "--yes", "--include-ask", "--builder", "legacy", "{}"], id="write"
        ),
        pytest.param(["scan", "--build-context", "a={}", "{}"], id="named context"),
        pytest.param(["--version"], id="version"),
        pytest.param(["--help"], id="help"),
        pytest.param(["watch", "--help"], id="help of a command"),
    ],
)
def test_a_lost_current_folder_hinders_nothing_else(
    project: Path, arguments: list[str]
) -> None:
    done = in_lost_folder(*(one.format(project) for one in arguments))
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout


@pytest.mark.parametrize("command", ["scan", "ls"])
@pytest.mark.parametrize(
    ("mode", "words"),
    [
        pytest.param(0o311, "cannot read the context folder", id="not readable"),
        pytest.param(
            0o644,
            "open Dockerfile: permission denied; check the permissions of its folder",
            id="not searchable",
        ),
    ],
)
def test_a_locked_current_folder_is_said(command: str, mode: int, words: str) -> None:
    with public_folder() as root:
        (root / "Dockerfile").write_text(COPY_ALL)
        root.chmod(mode)
        assert words in refused(run(command, cwd=root, nobody=True))


@pytest.mark.parametrize("mode", [0o311, 0o644, 0])
def test_a_locked_current_folder_hinders_nothing_else(mode: int) -> None:
    with public_folder() as root, public_folder() as other:
        (other / "Dockerfile").write_text(COPY_ALL)
        root.chmod(mode)
        done = run("ls", other, cwd=root, nobody=True)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"Dockerfile\n", b"")


@pytest.mark.parametrize(
    ("arguments", "closed", "message"),
    [
        pytest.param(["scan", "-f", "-"], 0, "standard input", id="no standard input"),
        pytest.param(["ls"], 1, "output", id="no standard output for a list"),
        pytest.param(["scan"], 1, "output", id="no standard output for a report"),
    ],
)
def test_a_closed_stream_is_no_bug(
    project: Path, arguments: list[str], closed: int, message: str
) -> None:
    script = f"import os, sys; os.close({closed}); os.execv(sys.argv[1], sys.argv[1:])"
    done = in_script(script, *COMMAND, *arguments, str(project))
    assert message in refused(done)


# --- odd but fine ----------------------------------------------------------------


def odd_link(root: Path) -> None:
    (root / "broken").symlink_to("nowhere")
    (root / "loop").symlink_to("loop")
    (root / "up").symlink_to("..")


def odd_name(root: Path) -> None:
    with open(os.fsencode(root) + b"/\xff\x1b[2J\n", "wb") as file:
        file.write(b"x" * 5000)


@pytest.mark.parametrize("builder", ["buildkit", "legacy"])
@pytest.mark.parametrize(
    ("make", "seen"),
    [
        pytest.param(odd_link, b"", id="broken links and loops"),
        pytest.param(odd_name, b"\\xff\\x1b[2J\\n", id="a name that is no text"),
        pytest.param(lambda root: os.mkfifo(root / "pipe"), b"", id="a pipe"),
        pytest.param(write(".dockerignore", b"\0\xff\n"), b"", id="binary patterns"),
        pytest.param(
            write("Dockerfile", b"FROM scratch\nCOPY \xff /\n"),
            b"\\xff",
            id="a source that is no text",
        ),
    ],
)
def test_odd_trees_are_measured(
    project: Path, builder: str, make: Callable[[Path], object], seen: bytes
) -> None:
    (project / "Dockerfile").write_text(COPY_ALL)
    make(project)
    done = run("scan", "--builder", builder, project)
    assert (done.returncode, done.stderr) == (0, b"")
    assert seen in done.stdout
    assert b"\x1b" not in done.stdout
    assert run("ls", "--builder", builder, project).returncode == 0


@pytest.mark.deep
@pytest.mark.parametrize("command", ["scan", "ls"])
def test_a_tree_deeper_than_any_path(command: str) -> None:
    # Deeper, too, than Python calls itself.
    with deep_folder(1100, "deep") as root:
        (root / "Dockerfile").write_text(COPY_ALL)
        done = run(command, root)
        assert (done.returncode, done.stderr) == (0, b"")
        if command == "ls":
            lines = done.stdout.splitlines()
            assert lines[-1] == b"deep/" * 1100 + b"f"
            assert len(lines) == 1102
        else:
            assert b"4095" in done.stdout


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param("secret", b"no permission to read it", id="a file"),
        pytest.param("folder", b"this folder cannot be read", id="a folder"),
    ],
)
def test_what_cannot_be_read_is_a_problem_in_the_report(
    name: str, words: bytes
) -> None:
    with public_folder() as root:
        plant(root, "secret:10 folder/x a")
        (root / "Dockerfile").write_text(COPY_ALL)
        (root / name).chmod(0)
        done = run("scan", root, nobody=True)
        assert (done.returncode, done.stderr) == (0, b"")
        assert name.encode() in done.stdout
        assert words in b" ".join(done.stdout.split())


def test_a_folder_that_vanishes_is_a_problem_in_the_report(project: Path) -> None:
    (project / "Dockerfile").write_text(COPY_ALL)
    (project / "empty").mkdir()
    script = (
        "import os, runpy, sys\n"
        "real = os.open\n"
        "def opening(path, *rest, **more):\n"
        "    if path == 'empty':\n"
        "        os.rmdir(os.path.join(sys.argv[-1], path))\n"
        "    return real(path, *rest, **more)\n"
        "os.open = opening\n"
        "runpy.run_module('ctxopt', run_name='__main__', alter_sys=True)\n"
    )
    done = in_script(script, "scan", str(project))
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"vanished" in done.stdout


# --- the whole disk --------------------------------------------------------------


def test_the_home_folder_is_announced(project: Path) -> None:
    done = run("scan", cwd=project, env={"HOME": str(project)})
    assert done.returncode == 0
    assert done.stderr.count(b"\n") == 1
    assert done.stderr.startswith(b'ctxopt: warning: the context is "')
    assert b"Transfer" in done.stdout


@pytest.mark.skipif(os.path.lexists("/Dockerfile"), reason="/ would be walked")
def test_the_whole_disk_is_announced_before_anything_else() -> None:
    done = run("scan", "/")
    warning, refusal = done.stderr.splitlines()
    assert warning.startswith(b'ctxopt: warning: the context is "/"')
    assert b"failed to read dockerfile" in refusal
    assert (done.returncode, done.stdout) == (2, b"")


def test_a_list_of_the_home_folder_is_nothing_but_the_list(project: Path) -> None:
    done = run("ls", cwd=project, env={"HOME": str(project)})
    assert (done.returncode, done.stdout) == (0, b"src/\nsrc/app.py\n")


# --- readers that leave, users that stop -----------------------------------------


@pytest.fixture
def crowd(tmp_path: Path) -> Path:
    """More names than a pipe holds, so that their writer has to wait."""
    (tmp_path / "Dockerfile").write_text(COPY_ALL)
    for index in range(1000):
        (tmp_path / f"{index:04}{'n' * 200}").touch()
    return tmp_path


SIGNALS = (
    "import runpy, signal\n"
    "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    "runpy.run_module('ctxopt', run_name='__main__', alter_sys=True)\n"
)


@contextmanager
def listing(root: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A list that is being written and has come as far as its first line."""
    with subprocess.Popen(
        [sys.executable, "-c", SIGNALS, "ls", str(root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        env=environment(),
    ) as process:
        assert process.stdout is not None
        assert process.stdout.read(5) == b"0000n"
        yield process


def test_a_reader_may_leave_early(crowd: Path) -> None:
    with listing(crowd) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


def test_an_interrupt_is_status_130_without_a_word(crowd: Path) -> None:
    with listing(crowd) as process:
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (130, b"")


# --- streams that take nothing ---------------------------------------------------

needs_full = pytest.mark.skipif(
    not os.path.exists("/dev/full"), reason="needs a full device"
)
FULL_DISK = b"ctxopt: error: cannot write the output: No space left on device\n"
CLOSED = b"ctxopt: error: cannot write the output: standard output is closed\n"
PRINTING = {
    "the version": ["--version"],
    "the short version": ["-V"],
    "the help": ["--help"],
    "the help of a command": ["scan", "--help"],
    "the help command": ["help", "ls"],
    "a report": ["scan", "."],
    "a report without a command": ["."],
    "a report in colour": ["scan", "--color", "always", "."],
    "a report as JSON": ["scan", "--json", "."],
    "a list": ["ls", "."],
    "a diff": ["write", "--dry-run", "--include-ask", "--builder", "legacy", "."],
    "lines of watch": ["watch", "."],
}
printing = pytest.mark.parametrize(
    "arguments", [pytest.param(words, id=name) for name, words in PRINTING.items()]
)


def redirected(
    redirection: str, *arguments: str, cwd: Path
) -> subprocess.CompletedProcess[bytes]:
    """Run ctxopt as a shell does behind a redirection such as `2>&-`.

    A report is asked for through a shell, and so begins where all processes begin.
    """
    if arguments == ("scan", "."):
        shell = ["sh", "-c", f'exec "$@" {redirection}', "sh"]
        return begun([*shell, *COMMAND, *arguments], cwd=cwd, env=environment())
    with ExitStack() as files:
        nothing = files.enter_context(open(os.devnull, "rb"))
        streams: list[int | None] = [nothing.fileno(), PIPE, PIPE]
        for word in redirection.split():
            number, sign, where = re.findall(r"(\d?)([<>])(.+)", word)[0]
            at = int(number or sign == ">")
            if where == "&-":
                streams[at] = None
            elif where == "&1":
                streams[at] = streams[1]
            else:
                mode = "wb" if sign == ">" else "rb"
                streams[at] = files.enter_context(open(where, mode)).fileno()
        return completed(arguments, streams=streams, cwd=cwd, env=environment())


@printing
@pytest.mark.parametrize(
    ("redirection", "said"),
    [
        pytest.param(">&-", CLOSED, id="closed"),
        pytest.param(">/dev/full", FULL_DISK, id="full", marks=needs_full),
        pytest.param(
            "1</dev/null",
            b"ctxopt: error: cannot write the output: Bad file descriptor\n",
            id="for reading",
        ),
    ],
)
def test_an_output_that_cannot_be_written_is_one_line_and_status_2(
    project: Path, arguments: list[str], redirection: str, said: bytes
) -> None:
    done = redirected(redirection, *arguments, cwd=project)
    assert (done.returncode, done.stdout, done.stderr) == (2, b"", said)


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(words, id=name)
        for name, words in PRINTING.items()
        if words[0] != "watch"  # it would go on
    ],
)
@pytest.mark.parametrize(
    "redirection", ["2>&-", "<&-", pytest.param("2>/dev/full", marks=needs_full)]
)
def test_a_result_needs_no_other_stream_than_its_own(
    project: Path, arguments: list[str], redirection: str
) -> None:
    (project / ".dockerignore").write_text("log\n")
    done = redirected(redirection, *arguments, cwd=project)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.endswith(b"\n")


@pytest.mark.parametrize("name", ["the version", "the help", "a report", "a diff"])
@pytest.mark.parametrize(
    "redirection", [">&- 2>&-", pytest.param(">/dev/full 2>&1", marks=needs_full)]
)
def test_an_output_that_cannot_be_written_with_nowhere_to_say_so_is_status_2(
    project: Path, name: str, redirection: str
) -> None:
    done = redirected(redirection, *PRINTING[name], cwd=project)
    assert (done.returncode, done.stdout, done.stderr) == (2, b"", b"")


@pytest.mark.parametrize(
    "redirection", ["2>&-", pytest.param("2>/dev/full", marks=needs_full)]
)
@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["scan", "gone"], id="wrong input"),
        pytest.param(["scan", "--gone"], id="wrong usage"),
        pytest.param(["gone"], id="an unknown command"),
        pytest.param(["verify", "--client", "/gone", "."], id="no docker"),
    ],
)
def test_what_cannot_be_said_is_still_status_2(
    project: Path, arguments: list[str], redirection: str
) -> None:
    done = redirected(redirection, *arguments, cwd=project)
    assert (done.returncode, done.stdout, done.stderr) == (2, b"", b"")


@needs_full
@pytest.mark.parametrize("redirection", [">/dev/full", ">&-"])
@pytest.mark.parametrize("how", ["--yes", "--allow-list"])
def test_nothing_is_written_that_could_not_be_shown(
    project: Path, how: str, redirection: str
) -> None:
    (project / "Dockerfile").write_text("FROM scratch\nCOPY log src /app/\n")
    before = sorted(path.name for path in project.iterdir())
    done = redirected(redirection, "write", "--yes", how, ".", cwd=project)
    assert done.returncode == 2
    assert sorted(path.name for path in project.iterdir()) == before


def test_a_file_never_takes_the_place_of_a_closed_stream(project: Path) -> None:
    """The lowest free descriptor is the next one: a word would end in that file."""
    (project / "Dockerfile").write_text(COPY_ALL)
    plant(project, "a.log:10")
    done = redirected("<&- 2>&-", "write", "--yes", ".", cwd=project)
    assert done.returncode == 0
    written = (project / ".dockerignore").read_text()
    assert written.startswith("# >>> ctxopt >>>")
    assert "ctxopt: note" not in written


def into_closed_pipe(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    """Run with an output whose reader has left before the first word."""
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "wb") as pipe, open(os.devnull, "rb") as nothing:
        streams = (nothing.fileno(), pipe.fileno(), PIPE)
        return completed(arguments, streams=streams, cwd=cwd, env=environment())


@printing
def test_a_reader_who_never_came_is_no_error(
    project: Path, arguments: list[str]
) -> None:
    done = into_closed_pipe(*arguments, cwd=project)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_gate_stays_shut_though_nobody_reads_why(project: Path) -> None:
    (project / "Dockerfile").write_text(COPY_ALL)
    plant(project, ".venv/pyvenv.cfg")
    done = into_closed_pipe("write", "--check", "-q", ".", cwd=project)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("pass", ""),
        ("import atexit; atexit.register(print, 'handled')", "went on\nhandled\n"),
        ("import threading", "went on\n"),
        ("sys.setprofile(lambda *_: None)", "went on\n"),
        ("sys.settrace(lambda *_: None)", "went on\n"),
    ],
    ids=["nobody", "a handler", "another thread", "a profiler", "a debugger"],
)
def test_python_goes_to_its_own_end_only_for_those_who_wait_for_it(
    project: Path, before: str, after: str
) -> None:
    program = (
        f"import sys; sys.argv = ['ctxopt', 'ls']; {before}\n"
        "from ctxopt.__main__ import run; run(); print('went on')\n"
    )
    ended = subprocess.run(
        (sys.executable, "-c", program), cwd=project, capture_output=True, check=True
    )
    plain = subprocess.run(
        (*COMMAND, "ls"), cwd=project, capture_output=True, check=True
    )
    assert plain.stdout
    assert ended.stdout == plain.stdout + after.encode()
