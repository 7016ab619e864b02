"""What the table says: figures, each with its goal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import truediv
from statistics import median
from typing import NamedTuple

from benchmarks import markdown
from benchmarks.measure import Values

# The goals are for the tree of 230,000; on a small one, start-up is most of it.
ENOUGH_ENTRIES = 200_000

HEAD = ("", "figure", "rounds", "goal", "met", "measured")


class Row(NamedTuple):
    """A figure made of some values, and what it should be at most."""

    what: str
    needs: tuple[str, ...]
    goal: float | None = None
    at_most: float | None = None  # a figure above the goal still passes up to here
    figure: Callable[..., float] = truediv
    form: str = "{:.2f}"  # of the figure
    measured: str = "{:.3f} s / {:.3f} s"  # of the values
    needs_tree: bool = True  # a small tree tells nothing

    def met(self, figure: float, entries: int) -> str:
        """Whether the goal is met."""
        if self.goal is None:
            return ""
        if self.needs_tree and entries < ENOUGH_ENTRIES:
            return "too small to tell"
        if figure <= self.goal:
            return "yes"
        if self.at_most is not None and figure <= self.at_most:
            return f"nearly: at most {self.form.format(self.at_most)}"
        return "no"

    def cells(
        self, rounds: Sequence[Values], missing: Mapping[str, str], entries: int
    ) -> tuple[str, ...]:
        """The row as text: the median over the rounds, and how far they are apart."""
        goal = "" if self.goal is None else self.form.format(self.goal)
        for name in self.needs:
            if name in missing:
                return (self.what, "", "", goal, f"not measured: {missing[name]}", "")
        figures = [self.figure(*(one[name] for name in self.needs)) for one in rounds]
        figure = median(figures)
        low, high = self.form.format(min(figures)), self.form.format(max(figures))
        values = [median(one[name] for one in rounds) for name in self.needs]
        return (
            self.what,
            self.form.format(figure),
            low if low == high else f"{low} to {high}",
            goal,
            self.met(figure, entries),
            self.measured.format(*values),
        )


def _share_added(without: float, whole: float) -> float:
    return 1 - without / whole


def _share_before_first(first: float, start: float, whole: float) -> float:
    return (first - start) / whole


ROWS = (
    Row("`scan --format json` / `du -s`", ("scan", "du"), goal=1.0, at_most=1.5),
    Row("the same / docker-devtools", ("scan", "rival"), goal=0.2),
    Row("CPU of that", ("scan cpu", "rival cpu"), goal=0.2),
    Row(
        "advice, of the CPU of a scan in one process",
        ("bare", "advised"),
        goal=0.04,
        figure=_share_added,
        form="{:.1%}",
        measured="({1:.3f} s - {0:.3f} s) / {1:.3f} s",
    ),
    Row("CPU of `write --dry-run` / `scan`", ("write cpu", "scan cpu"), goal=1.6),
    Row("`ls -0` / `scan`", ("ls", "scan"), goal=1.2),
    Row("`ls -0 --whole` / `scan`", ("ls whole", "scan"), goal=1.2),
    Row("`watch` is ready / `scan`", ("watch", "scan"), goal=1.3),
    Row("CPU of that", ("watch cpu", "scan cpu"), goal=1.3),
    Row("90 % excluded / the full tree", ("narrow", "scan"), goal=0.15),
    Row("linked files / as many without links", ("linked", "unlinked"), goal=1.3),
    Row("ten builds in one walk / one of them", ("ten copies", "one copy"), goal=2.5),
    Row("the same, an ignore file each", ("ten own", "one own"), goal=2.5),
    Row(
        "peak memory, all processes",
        ("peak",),
        goal=100,
        figure=float,
        form="{:.0f} MiB",
        measured="",
    ),
    Row(
        "peak of ten times the tree / that",
        ("big peak", "peak"),
        goal=2,
        measured="{:.0f} MiB / {:.0f} MiB",
    ),
    Row(
        "peak of ten times the tree",
        ("big peak",),
        goal=120,
        figure=float,
        form="{:.0f} MiB",
        measured="",
    ),
    Row(
        "matching an entry, 200 patterns / 10",
        ("match 200", "match 10"),
        goal=1.5,
        measured="{:.0f} ns / {:.0f} ns",
    ),
    Row(
        "`--version` / `python -c pass`",
        ("version", "pass"),
        goal=3,
        needs_tree=False,
    ),
    Row(
        "ten files, text / `python -c pass`",
        ("small text", "pass"),
        goal=10,
        needs_tree=False,
    ),
    Row(
        "ten files, JSON / `python -c pass`",
        ("small json", "pass"),
        goal=5,
        needs_tree=False,
    ),
    Row(
        "first of `ls -0`, after start-up / all of it",
        ("ls first", "small ls first", "ls"),
        goal=0.05,
        figure=_share_before_first,
        form="{:.1%}",
        measured="({:.3f} s - {:.3f} s) / {:.3f} s",
    ),
    Row("for comparison: a bare Python walk / `du -s`", ("bare walk", "du")),
)


def table(rounds: Sequence[Values], missing: Mapping[str, str], entries: int) -> str:
    """All rows, in Markdown."""
    lines = [HEAD, *(row.cells(rounds, missing, entries) for row in ROWS)]
    return markdown.table(lines)
