"""Measure ctxopt beside `du`, docker-devtools and an empty Python, in one run.

python -m benchmarks
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks import contexts, crossing, tree
from benchmarks.contexts import Plan, Scene
from benchmarks.measure import ROOT, Values, as_in_a_shell, look, middle
from benchmarks.rows import table

STARTS_PER_ROUND = 5


def take_rounds(plan: Plan, runs: int) -> list[Values]:
    """Everything once a round, so that a busy moment of the machine hits all."""
    look(plan.starts)  # compiles what nobody has run yet
    rounds = []
    for _ in range(runs):
        starts = middle([look(plan.starts) for _ in range(STARTS_PER_ROUND)])
        rounds.append({**look(plan.slow), **starts})
    last = look(plan.last)
    return [{**one, **last} for one in rounds]


def machine() -> str:
    """What is measured where."""
    cpus = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    describe = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    done = subprocess.run(
        describe, check=False, capture_output=True, encoding="utf-8", cwd=ROOT
    )
    return (
        f"{time.strftime('%Y-%m-%d')}, commit {done.stdout.strip() or 'unknown'}, "
        f"{platform.system()} {platform.machine()}, {cpus or os.cpu_count()} CPUs, "
        f"Python {platform.python_version()}"
    )


def parse_options() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=(__doc__ or "").split("\n", 1)[0]
    )
    add = parser.add_argument
    add("--entries", type=int, default=tree.ENTRIES, metavar="N", help="of the tree")
    add("--runs", type=int, default=5, metavar="N", help="rounds")
    add("--big", action="store_true", help="memory with ten times the tree, too")
    add("--tree", type=Path, metavar="DIR", help="measure this context instead")
    add("--offline", action="store_true", help="do without docker-devtools")
    add("--cache", type=Path, default=tree.CACHE, metavar="DIR", help="keeps trees")
    return parser.parse_args()


def main() -> None:
    """Run the rounds and print the table."""
    options = parse_options()
    cache = options.cache.resolve()
    cache.mkdir(parents=True, exist_ok=True)
    as_in_a_shell(cache)
    root = options.tree or tree.ready(cache, options.entries, tree.SEED)
    with tempfile.TemporaryDirectory() as scratch:
        small = contexts.make_small(Path(scratch, "small"))
        scene = Scene(
            tree=str(root.resolve()),
            small=small,
            narrow=None
            if options.tree
            else contexts.make_narrow(Path(scratch, "narrow")),
            linked=None if options.tree else contexts.linked(cache, options.entries),
            sizes=contexts.sizes(small, cache, 0 if options.tree else options.entries),
        )
        print(machine())
        entries = contexts.sent(scene.scan)
        print(f"{scene.tree}: {entries:,} entries in the context", end="")
        if scene.narrow:
            left = contexts.sent(contexts.scan(scene.tree, "-f", scene.narrow))
            entries = options.entries
            print(f" of {entries:,}; {1 - left / entries:.0%} excluded leaves {left:,}")
        else:
            print()
        plan = contexts.plan(scene, cache, offline=options.offline, big=options.big)
        rounds = take_rounds(plan, options.runs)
        print(f"\n{table(rounds, plan.missing, entries)}\n")
        print(crossing.sizes_table(rounds, [*scene.sizes], f"{entries:,}"))


if __name__ == "__main__":
    main()
