"""What the builds of one compose or bake file send several times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ctxopt.core.builds import repeated
from ctxopt.core.builds.records import BuildKind, BuildResult, SentTwice
from ctxopt.core.builds.repeated import Sending
from ctxopt.core.model import Report
from ctxopt.pipeline.builds.measuring import MeasuredOne

_ONE_CALL = (BuildKind.BAKE, BuildKind.COMPOSE)  # start all that they name at once


def sent_twice(
    measured: Iterable[MeasuredOne], results: Iterable[BuildResult]
) -> tuple[SentTwice, ...]:
    """Folders that one call sends more than once; of builds and what came of them."""
    reports = {one.name: one.report for one in results}
    return repeated.sent_twice(
        sending
        for one in measured
        for sending in _sending(one, reports.get(one.found.name))
    )


def _sending(one: MeasuredOne, report: Report | None) -> Iterator[Sending]:
    """What a build of a call sends of its context; of others nothing is told."""
    found, measured = one.found, one.measured
    is_of_call = found.kind in _ONE_CALL and found.place is not None
    if not is_of_call or measured is None or report is None:
        return
    build = measured.build
    if build.builder.sends_all or not build.main.is_asked_for:
        return  # the legacy builder is asked by one build after the other
    file = build.main.ignore_file
    assert found.place is not None
    yield Sending(
        build=found.name,
        call=found.place.file,
        path=build.main.path,
        shown=found.context,
        ignore_file="" if file is None else file.path,
        paths=build.builder.requested(build.main.sources),
        wire_bytes=report.transfer.tally.wire_bytes,
        is_linkable=found.kind is BuildKind.BAKE,
        has_own_ignore_file=file is not None and file.specific,
    )
