"""What the walk of a root met that stands in a build's way, or travels otherwise.

A folder that may not be read, a name that is not UTF-8, a socket; whether it stops the
build is judged in the walk that this builder makes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ctxopt.core.findings import codes, problems
from ctxopt.core.model import Problem
from ctxopt.pipeline.closed import ClosedFolders
from ctxopt.pipeline.preparation.build import Build, Root
from ctxopt.pipeline.survey.job import MeasureResult


def walk_problems(
    build: Build, root: Root, found: MeasureResult, told: Iterable[Problem] = ()
) -> Iterator[Problem]:
    """What the walk met, without the folders that were `told` of with a source."""
    known = {one.subject for one in told if one.code == codes.UNREADABLE.code}
    closed = ClosedFolders(build, root)
    yield from _odd_entries(build, root, found)
    for path in found.lost.unreadable:
        if path not in known:
            yield closed.problem(path)
    if build.builder.validates:
        yield from filter(None, map(closed.to_validation, found.lost.barred))
    for path in found.lost.too_long:
        if build.builder.validates or closed.is_opened(path.rpartition("/")[0]):
            yield problems.path_too_long(path)
    yield from map(problems.vanished, found.lost.vanished)
    yield from map(problems.not_sendable, found.measurement.notes.unsendable)
    if found.context_error is not None:
        yield problems.context_unknown(found.context_error)
    if found.cut_off is not None:
        yield problems.cut_off(found.cut_off)


def _odd_entries(build: Build, root: Root, found: MeasureResult) -> Iterator[Problem]:
    """Files and names that do not travel as they are."""
    notes = found.measurement.notes
    for path in notes.unreadable:
        from ctxopt.core.findings.closed_folders import validation_reaches  # start-up

        reached = build.builder.validates and validation_reaches(root.matcher, path)
        yield problems.unreadable_file(path, fails=reached)
    yield from map(problems.withheld, notes.withheld)
    yield from map(problems.not_utf8, notes.unspeakable)
