"""Time `ctxopt scan` against `du` and a bare walk, on the same tree in the same run.

python benchmarks/scan.py --entries 230000 --runs 5
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
STARTS_PER_ROUND = 5
SAMPLE_SECONDS = 0.01

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


@dataclass
class Contestant:
    """A command and what its runs took."""

    name: str
    command: Sequence[str]
    times_per_round: int = 1
    seconds: list[float] = field(default_factory=list)
    peak_bytes: int = 0

    @property
    def median(self) -> float:
        """The middle of the wall times so far."""
        return statistics.median(self.seconds)

    def run(self) -> None:
        """Run once, measured; the peak is that of the largest single process."""
        with tempfile.TemporaryFile() as output:
            start = time.perf_counter()
            process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=output, cwd=HERE.parent
            )
            _, status, usage = os.wait4(process.pid, 0)
            elapsed = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"{self.name}: exit status {process.returncode}")
        self.seconds.append(elapsed)
        unit = 1 if sys.platform == "darwin" else 1024
        self.peak_bytes = max(self.peak_bytes, usage.ru_maxrss * unit)


def peak_of_all_bytes(command: Sequence[str]) -> int | None:
    """The most that a command and its workers held at one time, shared pages once.

    Sampled in a run of its own, because looking costs time; None where there is no
    `smaps_rollup` to look at.
    """
    if not Path("/proc/self/smaps_rollup").exists():
        return None
    peak = 0
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        cwd=HERE.parent,
    )
    while process.poll() is None:
        peak = max(peak, sum(map(shared_fairly_bytes, session(process.pid))))
        time.sleep(SAMPLE_SECONDS)
    return peak


def session(leader: int) -> list[int]:
    """The processes of the session that `leader` started."""
    members = []
    for name in filter(str.isdecimal, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            stat = Path(f"/proc/{name}/stat").read_text()
            # A name in brackets, then: state, parent, group, session.
            if int(stat.rpartition(")")[2].split()[3]) == leader:
                members.append(int(name))
    return members


def shared_fairly_bytes(pid: int) -> int:
    """The proportional set size of a process; 0 once it has gone."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def ready_tree(entries: int) -> str:
    """The path of the tree; made by a process of its own to keep this one small."""
    done = subprocess.run(
        [sys.executable, str(HERE / "tree.py"), "--entries", str(entries)],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    return done.stdout.strip()


def contestants(tree: str) -> list[Contestant]:
    """The commands of one round, in order."""
    python = sys.executable
    scan = [python, "-m", "ctxopt", "scan", "--format", "json", tree]
    version = [python, "-m", "ctxopt", "--version"]
    everyone = [
        Contestant("bare scandir and stat", [python, "-c", BARE_WALK, tree]),
        Contestant("ctxopt scan", scan),
        Contestant("python -c pass", [python, "-c", "pass"], STARTS_PER_ROUND),
        Contestant("ctxopt --version", version, STARTS_PER_ROUND),
    ]
    if shutil.which("du"):
        everyone.insert(0, Contestant("du -s", ["du", "-s", tree]))
    return everyone


def describe(tree: str, scan: Contestant) -> None:
    """Print what was measured where."""
    done = subprocess.run(
        scan.command, stdout=subprocess.PIPE, check=True, cwd=HERE.parent
    )
    report = json.loads(done.stdout)
    cpus = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    print(
        f"{time.strftime('%Y-%m-%d')}, {platform.system()} {platform.machine()}, "
        f"{cpus or os.cpu_count()} CPUs, Python {platform.python_version()}"
    )
    context, transfer = report["context"], report["transfer"]
    print(f"{tree}: {context['entries']:,} entries in the context, ", end="")
    print(f"{transfer['wire_bytes']:,} bytes on the wire\n")


def print_table(everyone: Sequence[Contestant], all_bytes: int | None) -> None:
    """Print one line a contestant, and what start-up costs."""
    median = {one.name: one.median for one in everyone}
    bases = [name for name in ("du -s", "bare scandir and stat") if name in median]
    heads = ["median", "fastest", *(f"x {base.split()[0]}" for base in bases), "peak"]
    print(f"{'':24}" + "".join(f"{head:>12}" for head in heads))
    for one in everyone:
        short = one.times_per_round > 1
        cells = [f"{one.median:.3f} s", f"{min(one.seconds):.3f} s"]
        cells += ["" if short else f"{one.median / median[base]:.2f}" for base in bases]
        # A small program shows the size of the process that started it.
        cells += ["" if one.name == "du -s" else f"{one.peak_bytes / 2**20:.1f} MiB"]
        print(f"{one.name:24}" + "".join(f"{cell:>12}" for cell in cells))
    start = median["ctxopt --version"] - median["python -c pass"]
    print(f"\nctxopt --version over python -c pass: {start * 1000:+.1f} ms")
    if all_bytes is not None:
        print(f"ctxopt scan with its workers: {all_bytes / 2**20:.1f} MiB at most")


def main() -> None:
    """Run the rounds and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument(
        "--entries",
        type=int,
        default=230_000,
        metavar="N",
        help="size of the tree made",
    )
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="rounds")
    parser.add_argument("--tree", type=Path, help="measure this context instead")
    options = parser.parse_args()
    tree = str(options.tree.resolve()) if options.tree else ready_tree(options.entries)

    everyone = contestants(tree)
    scan = next(one for one in everyone if one.name == "ctxopt scan")
    # Also warms the caches of the file system for everyone.
    describe(tree, scan)
    for _ in range(options.runs):
        for one in everyone:
            for _ in range(one.times_per_round):
                one.run()
    print_table(everyone, peak_of_all_bytes(scan.command))


if __name__ == "__main__":
    main()
