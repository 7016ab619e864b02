"""All builds measured and advised, as the record that the views read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ctxopt.core.builds.records import BuildResult, FoundBuilds, RepositoryReport
from ctxopt.core.suggest.policy import NO_POLICY, Policy
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import CtxoptError
from ctxopt.pipeline.advice import Advice, Estimate, advise, rule_index_of
from ctxopt.pipeline.builds.measuring import MeasuredOne, measure_all
from ctxopt.pipeline.builds.repeated import sent_twice
from ctxopt.pipeline.report import report_of
from ctxopt.pipeline.survey.job import Progress


def analyze_all(
    folder: str,
    found: FoundBuilds,
    *,
    top: int = 10,
    depth: int = 1,
    estimate: Estimate | None = None,
    policy: Policy = NO_POLICY,
    progress: Progress | None = None,
) -> RepositoryReport:
    """Measure all builds that were found, and say what to ignore for each ignore file.

    `folder` is where they were looked for, absolute; `estimate` and `policy` are as
    for `analyze`. An error of one build stands in its row, and ends no other.
    """
    measured = measure_all(
        found.builds,
        top=top,
        depth=depth,
        rule_index=None if estimate is None else partial(rule_index_of, policy=policy),
        progress=progress,
    )
    told = [_told(one, estimate) for one in measured]
    results = _largest_first([one.result for one in told])
    return RepositoryReport(
        folder, found, results, sent_twice=sent_twice(measured, results)
    )


class _Told(NamedTuple):
    """A build's report, and the advice that it rests on."""

    result: BuildResult
    advice: Advice | None = None


def _told(one: MeasuredOne, estimate: Estimate | None) -> _Told:
    if one.measured is None:
        return _Told(BuildResult(one.found, None, one.error))
    try:
        advice = advise(one.measured, estimate) if estimate is not None else None
        report = report_of(one.found.request, one.measured, advice, excluded=False)
    except CtxoptError as error:
        return _Told(BuildResult(one.found, None, error))
    return _Told(BuildResult(one.found, report), advice)


def _largest_first(results: Sequence[BuildResult]) -> tuple[BuildResult, ...]:
    """By what a first build sends; what could not be measured comes last."""

    def weight(one: BuildResult) -> int:
        return one.report.transfer.tally.wire_bytes if one.report is not None else -1

    return tuple(sorted(results, key=weight, reverse=True))
