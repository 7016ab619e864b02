"""Sizes of a build beside what they may be, and beside what they were."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from ctxopt.core.checking.settings import Budgets
from ctxopt.core.model import Report
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import CtxoptError

SCHEMA = "ctxopt/baseline/1"


class Sizes(NamedTuple):
    """How large a build's context and transfer are: files, and bytes as they travel."""

    context_bytes: int | None  # None: a pattern breaks the walk of the whole
    context_files: int | None
    transfer_bytes: int
    transfer_files: int


class Measure(NamedTuple):
    """One of the sizes, beside another one."""

    what: str  # "context" or "transfer"
    is_bytes: bool  # else files
    now: int
    other: int  # the budget, or what it was


def sizes_of(report: Report) -> Sizes:
    """The sizes of a measured build, as a scan shows them."""
    context, transfer = report.context, report.transfer.tally
    return Sizes(
        None if context is None else context.wire_bytes,
        None if context is None else context.files,
        transfer.wire_bytes,
        transfer.files,
    )


def over(sizes: Sizes, budgets: Budgets) -> Iterator[Measure]:
    """The sizes that are beyond their budgets."""
    for one in _beside(sizes, budgets[: len(sizes)]):
        if one.now > one.other:
            yield one


def grown(now: Sizes, before: Sizes, percent: float) -> Iterator[Measure]:
    """The sizes that have grown by more than a share of what they were."""
    for one in _beside(now, before):
        if one.now > one.other * (1 + percent / 100):
            yield one


def _beside(now: Sizes, other: Iterable[int | None]) -> Iterator[Measure]:
    """Each size that both know, in the order of the fields."""
    pairs = zip(Sizes._fields, now, other, strict=True)
    for name, value, beside in pairs:
        what, _, unit = name.partition("_")
        if value is not None and beside is not None:
            yield Measure(what, unit == "bytes", value, beside)


# --- the baseline ----------------------------------------------------------------


class BuildName(NamedTuple):
    """Which build of a baseline: paths relative to the folder of its file."""

    context: str
    dockerfile: str
    target: str | None
    builder: str


Baseline = dict[BuildName, Sizes]


def read_baseline(content: bytes, shown: str) -> Baseline:
    """The sizes that a baseline keeps, by build.

    Raises CtxoptError for a file that is no baseline.
    """
    try:
        kept = json.loads(content)
        if kept["schema"] == SCHEMA:
            return dict(map(_build, kept["builds"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise CtxoptError(
        "this is no baseline of ctxopt",
        hint="name another file, or delete it and write it with --update-baseline",
        file=shown,
    )


def _build(kept: dict[str, object]) -> tuple[BuildName, Sizes]:
    name = BuildName(**{key: kept[key] for key in BuildName._fields})  # type: ignore[arg-type]
    sizes = [kept[key] for key in Sizes._fields]
    if any(not isinstance(one, int | None) for one in sizes):
        raise TypeError(sizes)
    return name, Sizes(*sizes)  # type: ignore[arg-type]


def write_baseline(baseline: Baseline) -> bytes:
    """A baseline as the text of its file: one build a line, in order."""
    rows = [
        json.dumps({**name._asdict(), **sizes._asdict()})
        for name, sizes in sorted(baseline.items(), key=lambda one: _order(one[0]))
    ]
    lines = ",\n".join(f"    {row}" for row in rows)
    text = f'{{\n  "schema": "{SCHEMA}",\n  "builds": [\n{lines}\n  ]\n}}\n'
    return text.encode()


def _order(name: BuildName) -> tuple[str, str, str, str]:
    return (name.context, name.dockerfile, name.target or "", name.builder)
