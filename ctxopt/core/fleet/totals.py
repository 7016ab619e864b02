"""The sums of a fleet, and what they come to in a week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from ctxopt.core.fleet.records import (
    FleetLine,
    FleetReport,
    FleetSettings,
    FleetTotals,
    RowState,
)
from ctxopt.core.tuples import NamedTuple


class WeekSavings(NamedTuple):
    """What a week of builds would not send, and would not wait for."""

    wire_bytes: int  # each build on a fresh runner
    seconds: float
    repeat_wire_bytes: int  # each on a builder that keeps its context
    repeat_seconds: float


def report_of(lines: Iterable[FleetLine], settings: FleetSettings) -> FleetReport:
    """The whole report: lines in their order, with their sums."""
    ordered = (*sorted(lines, key=_rank),)
    return FleetReport(totals_of(ordered), ordered, settings)


def _rank(line: FleetLine) -> tuple[bool, int, str]:
    """Those that failed last, the largest first, and then by name."""
    return line.has_failed, -line.wire_bytes, line.name


def totals_of(lines: Iterable[FleetLine]) -> FleetTotals:
    """The sums of all lines, which are gone through once.

    Of a repository that failed, only what a check found is in the sums, beside its
    builds, none of which is measured. Codes stand with the most frequent first, and so
    do failures.
    """
    sums = _Sums()
    for line in lines:
        sums.add(line)
    return sums.totals()


def in_week(totals: FleetTotals, builds: int) -> WeekSavings:
    """What is saved where each image is built so often a week."""
    return WeekSavings(
        totals.saved_wire_bytes * builds,
        totals.saved_seconds * builds,
        totals.saved_repeat_wire_bytes * builds,
        totals.saved_repeat_seconds * builds,
    )


class _Sums:
    """What is counted on the way."""

    def __init__(self) -> None:
        self.states = Counter[RowState]()
        self.counts = Counter[str]()  # by the names of the fields of the totals
        self.seconds = [0.0, 0.0]
        self.having = Counter[str]()  # repositories with a code
        self.findings = Counter[str]()
        self.severities = Counter[str]()
        self.failures = Counter[str]()

    def add(self, line: FleetLine) -> None:
        self.states[line.state] += 1
        if line.failure is not None:
            self.failures[line.failure.kind.value] += 1
        if not line.is_checked:
            return
        self.counts.update(_counts(line))
        self.seconds[0] += line.saved_seconds
        self.seconds[1] += line.saved_repeat_seconds
        self.having.update(code for code, count in line.codes.items() if count)
        self.findings.update(line.codes)
        self.severities.update(line.severities)

    def totals(self) -> FleetTotals:
        first, repeat = self.seconds
        counts = self.counts
        pairs = {code: (self.having[code], self.findings[code]) for code in self.having}
        ranked = sorted(pairs.items(), key=lambda one: (-one[1][0], -one[1][1], one[0]))
        return FleetTotals(
            repositories=self.states.total(),
            measured=self.states[RowState.MEASURED],
            empty=self.states[RowState.EMPTY],
            failed=self.states[RowState.FAILED],
            builds=counts["builds"],
            unmeasured_builds=counts["unmeasured_builds"],
            wire_bytes=counts["wire_bytes"],
            repeat_wire_bytes=counts["repeat_wire_bytes"],
            saved_wire_bytes=counts["saved_wire_bytes"],
            saved_repeat_wire_bytes=counts["saved_repeat_wire_bytes"],
            saved_seconds=first,
            saved_repeat_seconds=repeat,
            with_secrets=counts["with_secrets"],
            breaking_cache=counts["breaking_cache"],
            lacking_ignore_file=counts["lacking_ignore_file"],
            codes=dict(ranked),
            severities=dict(sorted(self.severities.items())),
            failures=_most_frequent(self.failures),
        )


def _counts(line: FleetLine) -> Mapping[str, int]:
    """What a line adds to each sum."""
    return {
        "builds": len(line.builds),
        "unmeasured_builds": line.unmeasured_builds,
        "wire_bytes": line.wire_bytes,
        "repeat_wire_bytes": line.repeat_wire_bytes,
        "saved_wire_bytes": line.saved_wire_bytes,
        "saved_repeat_wire_bytes": line.saved_repeat_wire_bytes,
        "with_secrets": bool(line.secrets),
        "breaking_cache": line.breaks_cache,
        "lacking_ignore_file": line.lacks_ignore_file,
    }


def _most_frequent(counts: Counter[str]) -> Mapping[str, int]:
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))
