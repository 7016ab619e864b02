"""Shells complete: a key is pressed in each, set up by the line that docs show.

A shell that is not installed here is skipped; `.ci/run` installs all three.
"""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "install.md"
# The shell alone, without what somebody's own files would set up; zsh's completion is
# part of nearly every .zshrc, and the document says that it comes first.
SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], ""),
    "zsh": (["zsh", "-f", "-i"], "autoload -Uz compinit; compinit -u -d .zcompdump"),
    "fish": (["fish", "--no-config", "-i"], ""),
}
SECONDS = 60.0  # that an answer may take on a machine that has other things to do
READY = "all is {}set up"
CONTROL = re.compile(
    r"\x1b(\[[0-9;?<>=]*[a-zA-Z]|\][^\x07\x1b]*(\x07|\x1b\\)|.)|[\r\x07]"
)


def setup_line(shell: str) -> str:
    """What the document tells to put where the shell starts."""
    text = DOCUMENT.read_text("utf-8")
    (line,) = re.findall(rf"^(.*{shell}_source.*?) +#", text, re.MULTILINE)
    return str(line)


class Terminal:
    """A shell on a terminal, and what it has shown."""

    def __init__(self, shell: str, folder: Path) -> None:
        words, before = SHELLS[shell]
        self.fd, inner = pty.openpty()
        # With the terminal as its own, as shells are started: job control, signals.
        self.process = subprocess.Popen(
            ["setsid", "--ctty", *words],
            cwd=folder,
            env=environment(folder),
            stdin=inner,
            stdout=inner,
            stderr=inner,
        )
        os.close(inner)
        self.shown = ""
        for line in filter(None, (before, setup_line(shell))):
            self.type(f"{line}\r")
        # Typed in two parts, so that the echo of the command is not taken for it.
        self.type("echo " + READY.format('""') + "\r")
        self.wait_for(READY.format(""))

    def type(self, keys: str) -> None:
        os.write(self.fd, keys.encode())

    def wait_for(self, text: str) -> None:
        """Read on until `text` is there; a test that waits in vain fails."""
        while text not in CONTROL.sub("", self.shown):
            ready, _, _ = select.select([self.fd], [], [], SECONDS)
            assert ready, f"no {text!r} in {self.shown!r}"
            self.shown += os.read(self.fd, 65536).decode("utf-8", "replace")

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.fd)


def environment(folder: Path) -> dict[str, str]:
    program = Path(sys.executable).parent
    kept = {key: os.environ[key] for key in ("LANG", "LC_ALL") if key in os.environ}
    return {
        **kept,
        "HOME": str(folder),
        "PATH": os.pathsep.join((str(program), os.environ["PATH"])),
        "TERM": "xterm",
        "COLUMNS": "200",
    }


@pytest.fixture(params=SHELLS)
def terminal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Terminal]:
    for needed in ("setsid", request.param):
        if shutil.which(needed) is None:
            pytest.skip(f"{needed} is not installed here")
    if shutil.which("ctxopt", path=Path(sys.executable).parent) is None:
        pytest.skip("ctxopt is not installed as a command here")
    (tmp_path / "Dockerfile").write_text(
        "FROM scratch AS base\nFROM scratch AS production\nCOPY app.py /\n"
    )
    (tmp_path / "app.py").touch()
    made = Terminal(request.param, tmp_path)
    yield made
    made.close()


def test_a_command_is_completed(terminal: Terminal) -> None:
    terminal.type("ctxopt hel\tls\r")
    terminal.wait_for("List what a build would send")


def test_a_stage_is_completed(terminal: Terminal) -> None:
    terminal.type('ctxopt ls --target pro\t&& echo it is the st""age\r')
    terminal.wait_for("it is the stage")
    assert "app.py" in terminal.shown
