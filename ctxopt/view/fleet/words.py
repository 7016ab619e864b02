"""What the forms of a fleet have in common: sums, assumptions and failures in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ctxopt.core.checking.catalogue import rule_of
from ctxopt.core.fleet.records import FailureKind, FleetLine, FleetTotals
from ctxopt.view.terminal import formatting

# What became of a repository that failed, behind how many there are or its name.
FAILURES = {
    FailureKind.CLONE: "could not be cloned",
    FailureKind.TOO_LARGE: "too large",
    FailureKind.TIMEOUT: "took too long",
    FailureKind.MEMORY: "took too much memory",
    FailureKind.REFUSED: "could not be read or measured",
    FailureKind.CRASHED: "ended in a crash",
    FailureKind.LOST: "lost with the workers",
    FailureKind.BUG: "met a bug of ctxopt",
}
WRITES = "ctxopt write --all --yes"
FRESH = "each on a fresh runner"
KEPT = "each on a builder that keeps its context"
_HOUR = 3600


def repositories(count: int) -> str:
    """So many repositories."""
    return formatting.count(count, "repository")


def outcome(totals: FleetTotals) -> str:
    """How many could be measured, and what became of the others."""
    said = [f"{totals.measured:,} measured"]
    if totals.empty:
        said.append(f"{totals.empty:,} with nothing to build")
    if totals.failed:
        said.append(f"{totals.failed:,} failed")
    return ", ".join(said)


def sends(totals: FleetTotals) -> str:
    """What all builds send that could be measured, and the same once more."""
    builds = formatting.count(totals.builds - totals.unmeasured_builds, "build")
    if totals.unmeasured_builds:
        builds += f" ({totals.unmeasured_builds:,} not measured)"
    first = formatting.size(totals.wire_bytes)
    again = formatting.size(totals.repeat_wire_bytes)
    return f"{first} by {builds}, {again} again with nothing changed"


def questions(totals: FleetTotals) -> Iterator[str]:
    """How many repositories each question is about."""
    yield some(totals.with_secrets, "has secrets", "have secrets")
    yield some(totals.breaking_cache, "breaks its cache", "break their cache")
    without = "without an ignore file"
    yield some(totals.lacking_ignore_file, f"builds {without}", f"build {without}")


def some(count: int, one: str, several: str) -> str:
    """A count with what is said of one, or of several."""
    return f"{count:,} {one if count == 1 else several}"


def failures(counts: Mapping[str, int]) -> str:
    """How many failed, by what became of them."""
    return ", ".join(f"{count:,} {failure(kind)}" for kind, count in counts.items())


def failure(kind: str) -> str:
    """What became of a repository, in words; a kind that is not known stays its own."""
    return FAILURES[FailureKind(kind)] if kind in {*FAILURES} else kind


def failed(lines: tuple[FleetLine, ...]) -> Iterator[tuple[str, str]]:
    """Name and reason of each that failed."""
    for line in lines:
        if line.has_failed:
            yield line.called, "" if line.failure is None else line.failure.message


def assumed(builds: int, manner: str = FRESH) -> str:
    """What the sums of a week go by: so many builds, each in one manner."""
    return f"{formatting.count(builds, 'build')} a week of each image, {manner}"


def title_of(code: str) -> str:
    """What a code means, in words; nothing for one that no rule has."""
    rule = rule_of(code)
    return "" if rule is None else rule.finding.title


def size(count: int) -> str:
    """Bytes, below nothing where lines that are written cost some."""
    return formatting.size(count) if count >= 0 else f"-{formatting.size(-count)}"


def time(seconds: float) -> str:
    """Seconds, or hours, of many builds together."""
    if seconds < 0:
        return f"-{time(-seconds)}"
    if seconds == 0:
        return "0 s"
    if seconds < 2 * _HOUR:
        return formatting.seconds(seconds)
    return f"{seconds / _HOUR:,.0f} h"


def saved(count: int, seconds: float) -> str:
    """Bytes and the time that goes with them."""
    return f"{size(count)} and {time(seconds)}"
