"""Examples in documents: a block of what is typed, and of what came of it.

A block is marked with its name, and run from the top:

    <!-- example: NAME -->
    ```console
    $ ctxopt scan sample
    ```

A line `[...]` stands for lines of the output that the document leaves out.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests import projects
from tests.launch import launch
from tests.market import lay_out_market
from tests.page import lay_out_page
from tests.suggesting.cases import commit

UPDATE = os.environ.get("UPDATE_README") == "1"

# <!-- example: NAME --> followed by a fenced `console` block.
EXAMPLE = re.compile(
    r"(?P<head><!-- example: (?P<name>[\w-]+) -->\n+```console\n)"
    r"(?P<body>.*?)(?=```\n)",
    re.DOTALL,
)
WIDTH = 80
LEFT_OUT = "[...]"
# Where the reader is supposed to be; stands for the test's folder.
HOME = "/home/you/project"


def examples_of(path: Path) -> dict[str, str]:
    """The examples of a document by their names."""
    text = path.read_text(encoding="utf-8")
    return {found["name"]: found["body"] for found in EXAMPLE.finditer(text)}


def lay_out_workplace(folder: Path, sample_dir: Path) -> None:
    """Lay out a copy of the sample as git checks it out under umask 022.

    Beside it are a project that git tracks, a repository of three images and a page.
    """
    sample = folder / "sample"
    shutil.copytree(sample_dir, sample)
    for path in [sample, *sample.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
        os.utime(path, (1_700_000_000, 1_700_000_000))
    parcels = projects.lay_out("python-web", folder).rename(folder / "parcels")
    commit(parcels, projects.committed("python-web"))
    lay_out_market(folder)
    lay_out_page(folder)


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `ctxopt ...` as typed, with a pipe of `WIDTH` columns for a terminal."""
    program, *arguments = shlex.split(command)
    if program == "cat":
        return subprocess.run(
            [program, *arguments],
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        )
    assert program == "ctxopt", f"an example may only run ctxopt and cat: {command}"
    unset = {"FORCE_COLOR", "CLICOLOR_FORCE", "DOCKER_BUILDKIT"}
    kept = {key: value for key, value in os.environ.items() if key not in unset}
    environ = {**kept, "COLUMNS": str(WIDTH), "NO_COLOR": "1"}
    reading, writing = os.pipe()
    with open(os.devnull, "rb") as nothing, open(reading, encoding="utf-8") as both:
        streams = (nothing.fileno(), writing, writing)
        try:
            started = launch(arguments, streams=streams, cwd=folder, env=environ)
        finally:
            os.close(writing)
        said = both.read()
    return subprocess.CompletedProcess(arguments, started.wait(), said, "")


def play(body: str, folder: Path) -> str:
    """The block with every command's output as it is now.

    A command ends with status 0, unless `$ echo $?` after it says otherwise.
    """
    lines: list[str] = []
    status = 0
    for command, wanted in _commands(body):
        if command == "$ echo $?":
            lines += [command, str(status)]
            status = 0
            continue
        assert status == 0, "\n".join(lines)
        done = run(command.removeprefix("$ "), folder)
        said = done.stdout.replace(str(folder), HOME).rstrip("\n").splitlines()
        shown = "\n".join(line.rstrip() for line in said)
        lines += [command, wanted if _fits(shown, wanted) else shown]
        status = done.returncode
    assert status == 0, "\n".join(lines)
    return "".join(f"{line}\n" for line in lines)


def _commands(body: str) -> Iterator[tuple[str, str]]:
    """What is typed, line by line, and what the document shows of the answer."""
    for part in re.split(r"^(?=\$ )", body, flags=re.MULTILINE):
        if part:
            command, _, wanted = part.partition("\n")
            yield command, wanted.rstrip("\n")


def _fits(shown: str, wanted: str) -> bool:
    """Whether an output is what is wanted, but for what that leaves out."""
    lines = (".*" if one == LEFT_OUT else re.escape(one) for one in wanted.split("\n"))
    return re.fullmatch("\n".join(lines), shown, re.DOTALL) is not None


def rewrite(path: Path, name: str, body: str) -> None:
    """Put what came of an example now into its document."""
    text = path.read_text(encoding="utf-8")
    path.write_text(
        EXAMPLE.sub(
            lambda found: (
                found["head"] + (body if found["name"] == name else found["body"])
            ),
            text,
        ),
        encoding="utf-8",
        newline="\n",
    )
