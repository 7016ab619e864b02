"""All builds measured, advised and drawn, each as if it were asked alone."""

from __future__ import annotations

from collections.abc import Iterator

from ctxopt.core.builds.records import BuildResult, FoundBuilds
from ctxopt.core.picture.records import Picture
from ctxopt.core.picture.spots import MOST_SPOTS
from ctxopt.core.steps import Waiting
from ctxopt.core.suggest.policy import NO_POLICY, Policy
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import CtxoptError
from ctxopt.pipeline.advice import Estimate
from ctxopt.pipeline.builds.advising import Adviser
from ctxopt.pipeline.builds.measuring import MeasuredOne
from ctxopt.pipeline.builds.report import Surveyed, survey_builds
from ctxopt.pipeline.picture import LEVELS, PLACES, picture_of
from ctxopt.pipeline.report import report_of

FEWEST_SPOTS = 400  # of a build among many


class DrawnBuild(NamedTuple):
    """A build with its picture; None where an error stands in its place."""

    result: BuildResult
    picture: Picture | None = None


def draw_all(
    found: FoundBuilds,
    *,
    estimate: Estimate,
    policy: Policy = NO_POLICY,
    progress: Waiting | None = None,
) -> tuple[DrawnBuild, ...]:
    """All builds that were found, those that send most first.

    What one needs that has the same ignore file is spared by the suggestions of the
    others, as in the report of a single build. An error of one ends no other.
    """
    return drawn_of(
        survey_to_draw(found, estimate=estimate, policy=policy, progress=progress)
    )


def survey_to_draw(
    found: FoundBuilds,
    *,
    estimate: Estimate,
    policy: Policy = NO_POLICY,
    progress: Waiting | None = None,
) -> Surveyed:
    """All builds that were found, measured for a report and for their pictures."""
    return survey_builds(
        found,
        depth=LEVELS,
        shown=PLACES,
        estimate=estimate,
        policy=policy,
        progress=progress,
    )


def drawn_of(surveyed: Surveyed) -> tuple[DrawnBuild, ...]:
    """The pictures of builds that `survey_to_draw` has measured."""
    measured, adviser = surveyed
    assert adviser is not None  # its lines are the switches of a picture
    most = max(MOST_SPOTS // max(len(measured), 1), FEWEST_SPOTS)
    drawn = [*_drawn(measured, adviser, most)]
    drawn.sort(key=_weight, reverse=True)
    return tuple(drawn)


def _drawn(
    measured: tuple[MeasuredOne, ...], adviser: Adviser, most: int
) -> Iterator[DrawnBuild]:
    for one in adviser.each(measured):
        if one.measured is None:
            yield DrawnBuild(BuildResult(one.found, None, one.error))
            continue
        try:
            advice = adviser.of(one.measured)
            report = report_of(one.found.request, one.measured, advice, excluded=False)
            picture = picture_of(one.measured, advice, most=most)
        except CtxoptError as error:
            yield DrawnBuild(BuildResult(one.found, None, error))
        else:
            yield DrawnBuild(BuildResult(one.found, report), picture)


def _weight(one: DrawnBuild) -> int:
    report = one.result.report
    return -1 if report is None else report.transfer.tally.wire_bytes
