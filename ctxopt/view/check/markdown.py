"""The check as Markdown, for a pull request or the summary of a job."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TextIO

from ctxopt.core.checking.places import Placed, placed
from ctxopt.core.checking.records import BuildCheck, CheckReport
from ctxopt.core.model import Report, Tally
from ctxopt.view.check.builds import message
from ctxopt.view.check.text import verdict
from ctxopt.view.markdown import MARKS, plain, write
from ctxopt.view.terminal import formatting

NONE = "-"  # of a build that is not measured


def show(report: CheckReport, out: TextIO) -> None:
    """Write a heading, a table of sizes and a table of what was found."""
    write(render(report), out)


def render(report: CheckReport) -> Iterator[str]:
    """The lines of the document."""
    said, counts = verdict(report)
    yield f"### {said}{f': {counts}' if counts else ''}"
    yield ""
    if report.report is not None:
        yield from _sizes(report.report)
    if report.builds:
        yield from _builds(report.builds)
    found = tuple(placed(report))
    if found:
        yield "| | where | what | what to do |"
        yield "|---|---|---|---|"
        yield from map(_row, found)
        yield ""


def _sizes(report: Report) -> Iterator[str]:
    yield "| | size | files |"
    yield "|---|---:|---:|"
    if report.context is not None:
        yield _size("context", report.context)
    yield _size("transfer", report.transfer.tally)
    if report.projection is not None:
        after = report.projection.after.transfer_wire_bytes
        if after < report.transfer.tally.wire_bytes:
            yield f"| after `ctxopt write --yes` | {formatting.size(after)} | |"
    yield ""


def _size(name: str, tally: Tally) -> str:
    return f"| {name} | {formatting.size(tally.wire_bytes)} | {tally.files:,} |"


def _builds(builds: Iterable[BuildCheck]) -> Iterator[str]:
    """A row a build, in their order."""
    yield "| build | context | transfer | files |"
    yield "|---|---:|---:|---:|"
    for one in builds:
        context, transfer, files = NONE, NONE, NONE
        if one.report is not None:
            tally = one.report.transfer.tally
            transfer, files = formatting.size(tally.wire_bytes), f"{tally.files:,}"
            if one.report.context is not None:
                context = formatting.size(one.report.context.wire_bytes)
        yield f"| {plain(one.name)} | {context} | {transfer} | {files} |"
    yield ""


def _row(one: Placed) -> str:
    problem, rule = one.diagnostic.problem, one.diagnostic.rule
    mark = f"{MARKS[problem.severity]} {rule.number}"
    where = f"{plain(one.place.path)}:{one.place.line}"
    what, cure = message(one.diagnostic), formatting.advice(problem) or ""
    return f"| {mark} | {where} | {plain(what)} | {plain(cure)} |"
