"""What is measured: contexts, and the commands that are run on them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks import crossing, rival, tree
from benchmarks.measure import (
    ROOT,
    Probe,
    first_byte,
    memory_is_told,
    peak_mebibytes,
    seconds,
    told,
    until_first_line,
)

BIG_ENTRIES = 10 * tree.ENTRIES
LINKED_FILES = 100_000  # for a tree of the usual size, and fewer for a smaller one
BYTES_PER_ENTRY = 1024  # no file system takes more

CTXOPT = (sys.executable, "-m", "ctxopt")
SCAN = (*CTXOPT, "scan", "--format", "json")

# What any Python program pays for asking about every entry once.
BARE_WALK = """
import os, sys
folders = [sys.argv[1]]
while folders:
    with os.scandir(folders.pop()) as found:
        for entry in found:
            entry.stat(follow_symlinks=False)
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
"""


class Scene(NamedTuple):
    """The contexts of a run."""

    tree: str
    small: str  # ten files
    narrow: str | None  # a Dockerfile whose ignore file keeps most of the tree out
    linked: tuple[str, str] | None  # a tree without hard links, and the same with them
    sizes: Mapping[str, str]  # ten files, and smaller trees of the same shape

    @property
    def scan(self) -> list[str]:
        """The command that all is about."""
        return scan(self.tree)


class Plan(NamedTuple):
    """What to look at, and why some of it is missing."""

    slow: list[Probe]
    starts: list[Probe]  # short commands, looked at several times a round
    last: list[Probe]  # once, when the rounds are over
    missing: dict[str, str]  # a reason by the name of the value


def scan(context: str, *options: str) -> list[str]:
    """Scan for programs."""
    return [*SCAN, *options, context]


def sent(command: Sequence[str]) -> int:
    """How many entries a scan finds in the context. Also warms all caches."""
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, cwd=ROOT)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: exit status {done.returncode}")
    entries: int = json.loads(done.stdout)["context"]["entries"]
    return entries


def make_small(folder: Path) -> str:
    """A context of ten files."""
    folder.mkdir()
    (folder / "Dockerfile").write_text(tree.DOCKERFILE, encoding="utf-8")
    (folder / ".dockerignore").write_text(tree.DOCKERIGNORE, encoding="utf-8")
    for number in range(8):
        (folder / f"module_{number}.py").write_text("pass\n", encoding="utf-8")
    return str(folder)


def make_narrow(folder: Path) -> str:
    """A Dockerfile outside the tree, whose own ignore file counts for it."""
    folder.mkdir()
    dockerfile = folder / "Dockerfile"
    dockerfile.write_text(tree.DOCKERFILE, encoding="utf-8")
    ignore_file = folder / "Dockerfile.dockerignore"
    ignore_file.write_text(tree.NARROW_DOCKERIGNORE, encoding="utf-8")
    return str(dockerfile)


def linked(cache: Path, entries: int) -> tuple[str, str]:
    """Two contexts of as many files, without hard links and with them."""
    count = LINKED_FILES * min(entries, tree.ENTRIES) // tree.ENTRIES
    plain, with_links = tree.linked_pair(cache, count)
    for context in (plain, with_links):
        sent(scan(str(context)))  # warms what is known of its files
    return str(plain), str(with_links)


def sizes(small: str, cache: Path, entries: int) -> dict[str, str]:
    """Ten files, and trees of the same shape and fewer entries than this, by size."""
    fewer = [size for size in crossing.SIZES if size < entries]
    trees = {f"{size:,}": str(tree.ready(cache, size, tree.SEED)) for size in fewer}
    return {"ten files": small, **trees}


def plan(scene: Scene, cache: Path, *, offline: bool, big: bool) -> Plan:
    """Everything that can be looked at here."""
    python = sys.executable
    missing: dict[str, str] = {}
    slow = [
        seconds("bare walk", [python, "-c", BARE_WALK, scene.tree]),
        seconds("scan", scene.scan),
        first_byte("ls first", "ls", [*CTXOPT, "ls", "-0", scene.tree]),
        seconds("ls whole", [*CTXOPT, "ls", "-0", "--whole", scene.tree]),
        seconds("write", [*CTXOPT, "write", "--dry-run", "--yes", scene.tree]),
        told([python, "-m", "benchmarks.advice", scene.tree]),
        told([python, "-m", "benchmarks.matching", scene.tree]),
        told([python, "-m", "benchmarks.builds", scene.tree]),
    ]
    starts = [
        seconds("pass", [python, "-c", "pass"]),
        seconds("version", [*CTXOPT, "--version"]),
        seconds("small text", [*CTXOPT, "scan", scene.small]),
        seconds("small json", scan(scene.small)),
        first_byte("small ls first", "small ls", [*CTXOPT, "ls", "-0", scene.small]),
    ]
    last: list[Probe] = []

    commands: dict[str, Sequence[str]] = {"scan": SCAN}
    if shutil.which("du"):
        commands["du"] = ["du", "-s"]
        slow.insert(0, seconds("du", [*commands["du"], scene.tree]))
    else:
        missing["du"] = "there is no du here"

    if scene.narrow:
        slow.append(seconds("narrow", scan(scene.tree, "-f", scene.narrow)))
    else:
        missing["narrow"] = "only on the tree made here"

    if scene.linked:
        slow.append(seconds("unlinked", scan(scene.linked[0])))
        slow.append(seconds("linked", scan(scene.linked[1])))
    else:
        missing |= dict.fromkeys(("unlinked", "linked"), "only on trees made here")

    if offline:
        missing["rival"] = "nothing is installed offline"
    else:
        try:
            listing = [rival.program(cache), "build-context", "ls", "--summary"]
            commands["rival"] = listing
            slow.append(seconds("rival", [*listing, scene.tree]))
        except rival.UnavailableError as error:
            missing["rival"] = str(error)
    slow += crossing.probes(scene.sizes, commands)

    if not memory_is_told():
        asked = ("peak", "big peak", "watch", "watch cpu")
        missing |= dict.fromkeys(asked, "only on Linux")
    else:
        watch = [*CTXOPT, "watch", "--format", "json", scene.tree]
        slow.append(until_first_line("watch", watch))
        slow.append(peak_mebibytes("peak", scene.scan))
        if not big:
            missing["big peak"] = "--big measures it"
        elif reason := no_room(cache, BIG_ENTRIES):
            missing["big peak"] = reason
        else:
            large = str(tree.ready(cache, BIG_ENTRIES, tree.SEED))
            last.append(peak_mebibytes("big peak", scan(large)))
    return Plan(slow, starts, last, missing)


def no_room(cache: Path, entries: int) -> str | None:
    """Why a tree of that size does not fit, if so."""
    if tree.is_ready(cache, entries, tree.SEED):
        return None
    free = os.statvfs(cache)
    # Some file systems have no fixed number of inodes, and say 0.
    if free.f_files and free.f_favail < entries:
        return f"{free.f_favail:,} inodes are free, {entries:,} are needed"
    space, needed = free.f_bavail * free.f_frsize, entries * BYTES_PER_ENTRY
    if space < needed:
        return f"{space >> 20:,} MiB are free, {needed >> 20:,} are needed"
    return None
