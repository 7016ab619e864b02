"""Of which of several builds something is said, in words: "api, web and 3 more"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ctxopt.core.checking.records import CheckReport, Diagnostic

_MOST = 4  # names


def names(builds: Sequence[str]) -> str:
    """Some builds by their names, those beyond a few counted."""
    if len(builds) > _MOST + 1:
        return f"{', '.join(builds[:_MOST])} and {len(builds) - _MOST:,} more"
    *others, last = builds
    return f"{', '.join(others)} and {last}" if others else last


def message(one: Diagnostic) -> str:
    """What is found, behind the names of the builds that it is about, of several."""
    said = one.problem.message
    return f"{names(one.builds)}: {said}" if one.builds else said


def about(found: Iterable[Diagnostic]) -> tuple[str, ...]:
    """The builds that each of some findings is about; nothing where they differ."""
    sets = {one.builds for one in found}
    return next(iter(sets)) if len(sets) == 1 else ()


def without(found: Iterable[Diagnostic], names: Sequence[str]) -> list[Diagnostic]:
    """The same, with no word of the builds that a heading names."""
    shown = tuple(names)
    return [one._replace(builds=()) if one.builds == shown else one for one in found]


def verdict(report: CheckReport) -> str:
    """What a check of several builds means, in one sentence."""
    whole = len(report.builds or ())
    if not whole:
        return "No build is found"
    if report.failing:
        return f"{len(report.failing):,} of {whole:,} builds would fail"
    if report.diagnostics:
        return f"Nothing that is found stops any of {whole:,} builds"
    return f"Nothing is found in {whole:,} builds"
