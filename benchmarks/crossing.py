"""Trees of several sizes: from which on ctxopt is faster than docker-devtools.

On ten files a start is all there is to measure; on many, the walk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from benchmarks.markdown import table
from benchmarks.measure import Probe, Values, seconds

SIZES = (2_000, 20_000)  # beside ten files and the tree itself
HEAD = (
    "entries",
    "`du -s`",
    "docker-devtools",
    "scan",
    "scan / du",
    "scan / docker-devtools",
    "CPU of that",
)


def probes(
    trees: Mapping[str, str], commands: Mapping[str, Sequence[str]]
) -> Iterator[Probe]:
    """A look at each tree by each command, which takes the tree as its last word."""
    for size, tree in trees.items():
        for name, command in commands.items():
            yield seconds(_value(size, name), [*command, tree])


def sizes_table(rounds: Sequence[Values], sizes: Sequence[str], whole: str) -> str:
    """All sizes in Markdown, each figure the median of the rounds.

    `whole` is the size of the tree that all else is about.
    """
    rows = [_cells(rounds, size, f"{size} ") for size in sizes]
    return table([HEAD, *rows, _cells(rounds, whole, "")])


def _value(size: str, name: str) -> str:
    return f"{size} {name}"


def _cells(rounds: Sequence[Values], size: str, prefix: str) -> tuple[str, ...]:
    scan, du, rival = (f"{prefix}{name}" for name in ("scan", "du", "rival"))
    return (
        size,
        _median(rounds, "{:.3f} s", du),
        _median(rounds, "{:.3f} s", rival),
        _median(rounds, "{:.3f} s", scan),
        _median(rounds, "{:.2f}", scan, du),
        _median(rounds, "{:.2f}", scan, rival),
        _median(rounds, "{:.2f}", f"{scan} cpu", f"{rival} cpu"),
    )


def _median(rounds: Sequence[Values], form: str, value: str, over: str = "") -> str:
    """The median of a value, or of its ratio to another; "" for what is missing."""
    if any(name and name not in rounds[0] for name in (value, over)):
        return ""
    return form.format(
        median(one[value] / (one[over] if over else 1) for one in rounds)
    )
