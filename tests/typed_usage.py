"""What a typed script does with ctxopt; mypy checks it, and test_api.py runs it.

Nothing but `ctxopt` itself is imported from the package: what is missing in its
`__all__`, or has a type that a script cannot name, fails here.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import assert_type

import ctxopt
from ctxopt import (
    BuildCost,
    BuilderName,
    Confidence,
    ContextError,
    CtxoptError,
    Estimate,
    HeldBack,
    IgnoreSummary,
    Listed,
    Location,
    NamedReport,
    Place,
    Problem,
    ProfileName,
    Projection,
    Report,
    Request,
    Severity,
    Source,
    SourceKind,
    SourceState,
    SourceUse,
    Suggestion,
    Tally,
    Transfer,
    Usage,
)


def advice(context: Path) -> list[str]:
    """What to ignore, what must stay, and what that comes to."""
    estimate = Estimate(ProfileName.REMOTE, bandwidth_bits=20_000_000)
    report = ctxopt.analyze(context, builder="buildkit", estimate=estimate)
    assert_type(report, Report)
    lines = [line for one in report.suggestions for line in _suggested(one)]
    lines += [_held(one) for one in report.held_back]
    projection: Projection | None = report.projection
    return lines if projection is None else [*lines, _projected(projection)]


def _suggested(one: Suggestion) -> Iterator[str]:
    sure: Confidence = one.confidence
    saved: Tally = one.context
    if sure is not Confidence.ASK and one.sent:
        yield f"{one.id}: {' '.join(one.patterns)} saves {one.wire_bytes} bytes"
    elif saved.wire_bytes:
        yield f"{one.id}: {one.question}"


def _held(one: HeldBack) -> str:
    return f"{one.path} stays: {one.why} ({one.rule})"


def _projected(projection: Projection) -> str:
    now: BuildCost = projection.now
    after: BuildCost = projection.after
    assert_type(now.first_build_seconds, float)
    return f"{now.transfer_wire_bytes} -> {after.transfer_wire_bytes}"


def sizes(context: Path) -> dict[str, int]:
    """How much each place and each source sends."""
    report = ctxopt.analyze(Request(context, builder=BuilderName.LEGACY), top=3)
    transfer: Transfer = report.transfer
    unused: Usage = report.unused
    ignore_file: IgnoreSummary | None = report.ignore_file
    named: tuple[NamedReport, ...] = report.named
    found = {"": transfer.tally.wire_bytes, "unused": unused.file_bytes}
    found |= {one.name: one.transfer.tally.wire_bytes for one in named}
    found |= dict(_place(one) for one in report.largest)
    found |= dict(_use(one) for one in report.sources)
    return found if ignore_file is None else {ignore_file.path: 0, **found}


def _place(place: Place) -> tuple[str, int]:
    assert_type(place.children, tuple[Place, ...])
    return place.path, place.weight


def _use(use: SourceUse) -> tuple[str, int]:
    by: Location | None = use.decided_by
    if use.state is SourceState.IGNORED and by is not None:
        return f"{by.file}:{by.line}", 0
    return f"{use.source.text}", use.file_bytes


def takers(context: Path) -> Mapping[str, list[str]]:
    """The lines of the Dockerfile that take each entry."""
    return {one.path: [*_lines(one)] for one in ctxopt.listing(context)}


def _lines(one: Listed) -> Iterator[str]:
    sources: tuple[Source, ...] = one.sources
    for source in sources:
        if source.kind is SourceKind.CONTEXT:
            yield f"{source.location.line}: {source.instruction} {source.text}"


def troubles(context: Path) -> list[str]:
    """What stops the build."""
    try:
        problems: tuple[Problem, ...] = ctxopt.analyze(context, suggest=False).problems
    except ContextError as error:
        return [error.message]
    except CtxoptError as error:
        return [f"{error.file}:{error.line}: {error}"]
    return [one.code for one in problems if one.severity is Severity.ERROR]


def changed(context: Path, kept: Path) -> int | None:
    """By how many bytes the transfer grew since the report that was kept."""
    now = ctxopt.analyze(context)
    before: Report | None = None
    if kept.exists():
        before = pickle.loads(kept.read_bytes())  # noqa: S301  # its own
    kept.write_bytes(pickle.dumps(now))
    if before is None:
        return None
    return now.transfer.tally.wire_bytes - before.transfer.tally.wire_bytes
