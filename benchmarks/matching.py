"""The patterns alone: every name of a tree is judged from memory, no disk in between.

    python -m benchmarks.matching TREE

prints the nanoseconds an entry costs with the tree's ten patterns and with 200.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from benchmarks import tree
from ctxopt import BuilderName
from ctxopt.core.builders import find_builder
from ctxopt.core.judging.judge import JudgingState
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import Pattern, compile_patterns
from ctxopt.core.sources import claims

REPEATS = 3
COUNTS = (10, 200)

# Shapes that people write; none hits anything, so that none ever drops out.
SHAPES = (
    "**/*.made{}",
    "**/made-{}",
    "services/*/made-{}",
    "docs/**/*.made{}.md",
    "node_modules/**/made-{}*",
    "made-{}",
)


class Names(NamedTuple):
    """What a folder holds."""

    names: list[str]
    folders: list[tuple[str, Names]]


def patterns(count: int) -> tuple[Pattern, ...]:
    """The tree's patterns, filled up to `count`; the negated line stays the last."""
    *lines, last = tree.DOCKERIGNORE.splitlines()
    more = [SHAPES[n % len(SHAPES)].format(n) for n in range(count - len(lines) - 1)]
    return compile_patterns([*lines, *more, last])


def read(root: str) -> Names:
    """The names of a tree, in the order of the walk."""
    with os.scandir(root) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    folders = [
        (entry.name, read(entry.path))
        for entry in entries
        if entry.is_dir(follow_symlinks=False)
    ]
    return Names([entry.name for entry in entries], folders)


def root_state(exclude: Sequence[Pattern]) -> JudgingState:
    """Fresh rules, which remember nothing yet, for `COPY . /app`."""
    everything = claims.start((), 1)
    ignored = Matcher(exclude)
    return find_builder(BuilderName.BUILDKIT).rules(ignored, None, everything).root()


def judge(state: JudgingState, root: Names) -> int:
    """Judge every name as the walk does; the number of names."""
    judged = 0
    stack = [(state, root)]
    while stack:
        state, folder = stack.pop()
        remembered, decide = state.known.get, state.decide
        for name in folder.names:
            remembered(name) or decide(name)
        judged += len(folder.names)
        for name, inside in folder.folders:
            decision = decide(name)
            if decision.enter:
                stack.append((decision.child, inside))
    return judged


def nanoseconds(exclude: Sequence[Pattern], root: Names) -> float:
    """What an entry costs."""
    state = root_state(exclude)
    start = time.perf_counter_ns()
    judged = judge(state, root)
    return (time.perf_counter_ns() - start) / judged


def main() -> None:
    """Print what an entry costs with each number of patterns."""
    names = read(sys.argv[1])
    looks = [
        [nanoseconds(patterns(count), names) for count in COUNTS]
        for _ in range(REPEATS)
    ]
    costs = map(median, zip(*looks, strict=True))
    print(
        json.dumps({f"match {n}": cost for n, cost in zip(COUNTS, costs, strict=True)})
    )


if __name__ == "__main__":
    main()
