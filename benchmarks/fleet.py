"""`ctxopt fleet` over thousands of repositories that are made for it.

    python -m benchmarks.fleet --repositories 5000 --workers 2
    python -m benchmarks.fleet --kill     # ended in the middle, gone on with, a worker
                                          # killed: no row may be lost

Nine in ten repositories are small, some have a thousand files, a few twenty thousand;
some are hostile: a bomb of a clone, a Dockerfile of noise, links in a ring, names that
end a script, ten thousand lines of an ignore file, a remote that never answers.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.measure import MIB, ROOT, as_in_a_shell, cpu_seconds
from benchmarks.tree import CACHE

TEMPLATES = 20
SAMPLE_SECONDS = 0.2
GIT = ("git", "-c", "user.name=n", "-c", "user.email=e@example.com")
_SHAPES = ((0.90, 25), (0.098, 400), (0.002, 20_000))  # share, files
_KINDS = {"multiprocessing": "worker", "ctxopt.cli.fleet_repository": "station"}


class Options(NamedTuple):
    """What is run."""

    repositories: int
    workers: int
    kill: bool
    timeout: int  # of a repository, in seconds
    cache: Path


class Seen(NamedTuple):
    """What was seen of a run: seconds, and the most memory of each kind of process."""

    status: int
    seconds: float
    cpu: float
    own_cpu: float  # of the process with the scheduler, the client and the report
    peaks: dict[str, float]  # MiB


# --- what is looked at -----------------------------------------------------------


def sources(cache: Path, count: int) -> Path:
    """A folder of so many checkouts; those that are there are used again."""
    top = cache / f"fleet-{count}"
    if (top / "done").exists():
        return top
    shutil.rmtree(top, ignore_errors=True)
    draw = random.Random(1)
    templates = [_template(top, number, draw) for number in range(TEMPLATES)]
    for number in range(count):
        path = top / "checkouts" / f"team-{number % 50:02}" / f"service-{number:05}"
        _copied(templates[number % TEMPLATES], path, number, draw)
    (top / "done").write_text("")
    return top


def _template(top: Path, number: int, draw: random.Random) -> Path:
    """A repository as git makes it, with the clutter of a working copy."""
    path = top / "templates" / f"kind-{number:02}"
    for place in ("src/app.py", "src/lib/util.py", "tests/test_app.py", "README.md"):
        (path / place).parent.mkdir(parents=True, exist_ok=True)
        (path / place).write_text("x = 1\n" * draw.randrange(1, 200))
    dockerfile = "FROM python:3.12\nWORKDIR /srv\nCOPY . .\nRUN pip install .\n"
    (path / "Dockerfile").write_text(dockerfile)
    if number % 3:
        (path / ".dockerignore").write_text(".git\n*.md\n")
    if number % 4 == 0:
        (path / "compose.yaml").write_text(
            "services:\n  web:\n    build: .\n  worker:\n    build: ./src\n"
        )
        (path / "src" / "Dockerfile").write_text("FROM scratch\nCOPY app.py /\n")
    subprocess.run([*GIT, "init", "-q"], cwd=path, check=True)
    subprocess.run([*GIT, "add", "-A"], cwd=path, check=True)
    subprocess.run([*GIT, "commit", "-q", "-m", "one"], cwd=path, check=True)
    if number % 5 == 0:
        (path / ".env").write_text("API_KEY=0123456789abcdef0123456789abcdef\n")
    (path / "node_modules" / "left-pad").mkdir(parents=True)
    (path / "node_modules" / "left-pad" / "index.js").write_text("0\n" * 900)
    return path


def _copied(template: Path, path: Path, number: int, draw: random.Random) -> None:
    shutil.copytree(template, path, symlinks=True)
    (path / ".git" / "HEAD").write_text(f"{number:040x}\n")
    (files,) = draw.choices(
        [files for _, files in _SHAPES], [share for share, _ in _SHAPES]
    )
    for at in range(files):
        inside = path / "data" / f"{at % 40:02}"
        inside.mkdir(parents=True, exist_ok=True)
        with (inside / f"{at:05}.bin").open("wb") as file:
            file.truncate(draw.randrange(1, 50_000))
    if number % 97 == 0:
        _HOSTILE[number // 97 % len(_HOSTILE)](path)


def _noise(path: Path) -> None:
    (path / "Dockerfile").write_bytes(random.Random(2).randbytes(200_000))


def _ring(path: Path) -> None:
    (path / "ring").symlink_to("ring/ring")
    (path / ".dockerignore").unlink(missing_ok=True)
    (path / ".dockerignore").symlink_to("ring")


def _names(path: Path) -> None:
    (path / "<script>alert(1)<!--").mkdir()
    (path / os.fsdecode(b"caf\xe9\n\x1b[2J")).write_text("x")


def _lines(path: Path) -> None:
    lines = "".join(f"**/a{at}*b?c{at}\n!x{at}\n" for at in range(5_000))
    (path / ".dockerignore").write_text(lines)


def _pipe(path: Path) -> None:
    (path / "Dockerfile").unlink()
    os.mkfifo(path / "Dockerfile")


_HOSTILE = (_noise, _ring, _names, _lines, _pipe)


def _bomb(top: Path) -> Path:
    """A repository whose only commit has ten billion files, in a dozen objects."""
    path = top / "bomb"
    if path.exists():
        return path
    subprocess.run([*GIT, "init", "-q", "-b", "main", str(path)], check=True)

    def made(*words: str, said: str = "") -> str:
        done = subprocess.run(
            [*GIT, *words],
            input=said,
            cwd=path,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    found, kind = made("hash-object", "-w", "--stdin"), "100644 blob"
    for _ in range(10):
        rows = "".join(f"{kind} {found}\tf{at}\n" for at in range(10))
        found, kind = made("mktree", said=rows), "040000 tree"
    made("update-ref", "refs/heads/main", made("commit-tree", "-m", "boom", found))
    return path


@contextmanager
def _mute() -> Iterator[int]:
    """The port of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=200) as server:
        yield server.getsockname()[1]


# --- a run -----------------------------------------------------------------------


def run(
    command: list[str], *, after: float | None = None, victim: bool = False
) -> Seen:
    """Run to the end, or send Ctrl-C `after` seconds; kill a `victim` on the way."""
    peaks: dict[str, float] = {}
    start = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, cwd=ROOT, start_new_session=True
    ) as process:
        cpu = own = 0.0
        while process.poll() is None:
            passed = time.perf_counter() - start
            found = _family(process.pid)
            for pid, kind in found.items():
                peaks[kind] = max(peaks.get(kind, 0), _resident(pid))
            if victim and passed > 12:
                victim = not _kill(found, "worker")
            if after is not None and passed > after:
                os.killpg(process.pid, signal.SIGINT)
                after = None
            cpu = max(cpu, _cpu(found))
            own = max(own, _own_cpu(process.pid))
            time.sleep(SAMPLE_SECONDS)
        took = time.perf_counter() - start
    return Seen(process.returncode, took, cpu, own, peaks)


def _family(pid: int) -> dict[int, str]:
    """All processes below one, and what they are."""
    found, waiting = {}, [pid]
    while waiting:
        one = waiting.pop()
        try:
            line = Path(f"/proc/{one}/cmdline").read_text(errors="replace")
            children = [
                int(child)
                for task in Path(f"/proc/{one}/task").iterdir()
                for child in (task / "children").read_text().split()
            ]
        except OSError:
            continue
        kind = next((name for mark, name in _KINDS.items() if mark in line), "other")
        found[one] = "scheduler" if one == pid else kind
        waiting += children
    return found


def _resident(pid: int) -> float:
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) * 1024 / MIB
    except OSError:
        pass
    return 0.0


def _cpu(found: dict[int, str]) -> float:
    total = 0.0
    for pid in found:
        try:
            total += cpu_seconds(pid)
        except OSError:
            continue
    return total


def _own_cpu(pid: int) -> float:
    """What a process has used itself."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def _kill(found: dict[int, str], kind: str) -> bool:
    for pid, one in found.items():
        if one == kind and b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(pid, signal.SIGKILL)
            return True
    return False


def told(report: Path, expected: int, seen: Seen, workers: int, *, whole: bool) -> None:
    """Print what came of a run, and see that each repository has one row.

    `whole`: it looked at all of them.
    """
    lines = [json.loads(line) for line in (report / "report.jsonl").open()]
    names = {one["name"] for one in lines}
    rows: list[dict[str, Any]] = []
    for path in (report / "repositories").iterdir():
        row = json.loads(path.read_text())
        rows.append({"state": row["state"], "seconds": row["seconds"]})
    assert len(lines) == len(names) == len(rows) == expected, (
        f"{expected} repositories, {len(lines)} lines, {len(rows)} rows"
    )
    states = {
        state: sum(one["state"] == state for one in rows)
        for state in ("measured", "empty", "failed")
    }
    work = sum(one["seconds"]["work"] + one["seconds"]["clone"] for one in rows)
    share = f"{1 - work / (workers * seen.seconds):.0%}" if whole else "not told"
    peaks = ", ".join(
        f"{kind} {peak:.0f} MiB" for kind, peak in sorted(seen.peaks.items())
    )
    print(
        f"{workers} workers: {seen.seconds:.0f} s,"
        f" {expected / seen.seconds:.1f} a second, {seen.cpu:.0f} s of CPU,"
        f" of it {seen.own_cpu:.0f} s of the scheduler and the report;"
        f" {states};"
        f" not looking at repositories: {share};"
        f" peaks: {peaks}",
        flush=True,
    )


def main() -> None:
    """Make what is missing, run, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fleet")
    parser.add_argument("--repositories", type=int, default=5000, metavar="N")
    parser.add_argument("--workers", type=int, default=2, metavar="N")
    parser.add_argument("--kill", action="store_true")
    parser.add_argument("--timeout", type=int, default=60, metavar="SECONDS")
    parser.add_argument("--cache", type=Path, default=CACHE, metavar="DIR")
    options = Options(**vars(parser.parse_args()))
    options.cache.mkdir(parents=True, exist_ok=True)
    as_in_a_shell(options.cache)
    top = sources(options.cache, options.repositories)
    with tempfile.TemporaryDirectory() as scratch, _mute() as port:
        listed = Path(scratch, "list")
        clones = [f"file://{top}/templates/kind-{at:02}" for at in range(TEMPLATES)]
        odd = [
            f"file://{_bomb(top)}",
            f"git://127.0.0.1:{port}/mute.git",
            "file:///nowhere/x",
        ]
        listed.write_text("\n".join([*clones, *odd, f"{top}/checkouts"]))
        expected = options.repositories + len(clones) + len(odd)
        report = Path(scratch, "report")
        command = [
            sys.executable,
            "-m",
            "ctxopt",
            "fleet",
            str(listed),
            "-o",
            str(report),
        ]
        command += ["--workers", str(options.workers)]
        command += ["--timeout", str(options.timeout)]
        if options.kill:
            first = run(command, after=30, victim=True)
            kept = len(list((report / "repositories").iterdir()))
            print(
                f"a worker killed, ended after {first.seconds:.0f} s with status"
                f" {first.status}: {kept} rows kept",
                flush=True,
            )
        seen = run(command, victim=options.kill)
        told(report, expected, seen, options.workers, whole=not options.kill)


if __name__ == "__main__":
    main()
