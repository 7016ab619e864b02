"""How fast `ctxopt watch` is on a large tree, and what it costs while nothing happens.

    python -m benchmarks.watching --tree DIR [--changes 100] [--idle 60]

Writes and deletes one file at a time in folders of the tree, at random; the latency is
from the end of the write to the JSON line. The tree is left as it was.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.measure import cpu_seconds


def folders(tree: Path) -> list[Path]:
    """All folders of the tree."""
    return [Path(path) for path, _, _ in os.walk(tree)]


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--tree", type=Path, required=True)
    parser.add_argument("--changes", type=int, default=100)
    parser.add_argument("--idle", type=float, default=60.0, help="seconds")
    options = parser.parse_args()
    places = folders(options.tree)
    choose = random.Random(1)  # the same folders in every run
    command = [sys.executable, "-m", "ctxopt", "watch", "--format", "json"]
    start = time.perf_counter()
    with subprocess.Popen(
        [*command, str(options.tree)], stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        print(f"ready after {time.perf_counter() - start:.2f} s, ", end="")
        print(f"{ready['watches']:,} watches, {ready['context']['entries']:,} entries")
        took: list[float] = []
        while len(took) < options.changes:
            path = choose.choice(places) / "watched-now"
            for change in (path.touch, path.unlink):
                change()
                changed = time.perf_counter()
                while "watched-now" not in process.stdout.readline():
                    pass
                took.append(time.perf_counter() - changed)
        took.sort()
        print(
            f"{len(took)} changes: median {statistics.median(took) * 1000:.0f} ms, "
            f"95 % {took[len(took) * 95 // 100] * 1000:.0f} ms, "
            f"worst {took[-1] * 1000:.0f} ms"
        )
        before = cpu_seconds(process.pid)
        time.sleep(options.idle)
        used = cpu_seconds(process.pid) - before
        print(f"{options.idle:.0f} s idle: {used * 1000:.0f} ms of CPU")
        process.kill()


if __name__ == "__main__":
    main()
