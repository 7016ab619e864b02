"""All builds measured and advised, as the record that the views read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ctxopt.core.builds.records import (
    BuildResult,
    FoundBuilds,
    IgnoreFileAdvice,
    RepositoryReport,
)
from ctxopt.core.steps import NOBODY, Waiting
from ctxopt.core.suggest.policy import NO_POLICY, Policy
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import CtxoptError
from ctxopt.pipeline.advice import Estimate, rule_index_of
from ctxopt.pipeline.builds.advising import Adviser, shared_files
from ctxopt.pipeline.builds.grouping import Member
from ctxopt.pipeline.builds.measuring import MeasuredOne, measure_all
from ctxopt.pipeline.builds.repeated import sent_twice
from ctxopt.pipeline.report import report_of


def analyze_all(
    folder: str,
    found: FoundBuilds,
    *,
    top: int = 10,
    depth: int = 1,
    estimate: Estimate | None = None,
    policy: Policy = NO_POLICY,
    progress: Waiting | None = None,
) -> RepositoryReport:
    """Measure all builds that were found, and say what to ignore for each ignore file.

    `folder` is where they were looked for, absolute; `estimate` and `policy` are as
    for `analyze`. An error of one build stands in its row, and ends no other.
    """
    surveyed = survey_builds(
        found,
        top=top,
        depth=depth,
        estimate=estimate,
        policy=policy,
        progress=progress,
    )
    return report_of_all(folder, found, surveyed)


class Surveyed(NamedTuple):
    """All builds that were found, measured; and who advises them, if anybody does."""

    measured: tuple[MeasuredOne, ...]
    adviser: Adviser | None


def survey_builds(
    found: FoundBuilds,
    *,
    top: int = 10,
    depth: int = 1,
    shown: int | None = None,
    estimate: Estimate | None = None,
    policy: Policy = NO_POLICY,
    progress: Waiting | None = None,
) -> Surveyed:
    """Measure all builds that were found, for one report or several.

    `shown` is as for `measure_all`.
    """
    measured = measure_all(
        found.builds,
        top=top,
        depth=depth,
        shown=shown,
        rule_index=None if estimate is None else partial(rule_index_of, policy=policy),
        progress=progress,
    )
    listener = progress or NOBODY
    adviser = None if estimate is None else Adviser(estimate, listener=listener)
    return Surveyed(measured, adviser)


def report_of_all(
    folder: str, found: FoundBuilds, surveyed: Surveyed
) -> RepositoryReport:
    """What `analyze_all` says of builds that were measured before."""
    measured, adviser = surveyed
    each = measured if adviser is None else adviser.each(measured)
    results = _largest_first([_told(one, adviser) for one in each])
    return RepositoryReport(
        folder,
        found,
        results,
        ignore_files=_ignore_files(results, measured, adviser),
        sent_twice=sent_twice(measured, results),
    )


def _told(one: MeasuredOne, adviser: Adviser | None) -> BuildResult:
    if one.measured is None:
        return BuildResult(one.found, None, one.error)
    try:
        advice = None if adviser is None else adviser.of(one.measured)
        report = report_of(one.found.request, one.measured, advice, excluded=False)
    except CtxoptError as error:
        return BuildResult(one.found, None, error)
    return BuildResult(one.found, report)


def _ignore_files(
    results: Sequence[BuildResult],
    measured: Sequence[MeasuredOne],
    adviser: Adviser | None,
) -> tuple[IgnoreFileAdvice, ...]:
    """What to write into each ignore file, in the order of the largest build."""
    if adviser is None:
        return ()
    by_name = {one.found.name: one.measured for one in measured}
    members = [
        Member(one.name, build)
        for one in results
        if one.report is not None and (build := by_name[one.name]) is not None
    ]
    return tuple(one.record() for one in shared_files(members, adviser))


def _largest_first(results: Sequence[BuildResult]) -> tuple[BuildResult, ...]:
    """By what a first build sends; what could not be measured comes last."""

    def weight(one: BuildResult) -> int:
        return one.report.transfer.tally.wire_bytes if one.report is not None else -1

    return tuple(sorted(results, key=weight, reverse=True))
