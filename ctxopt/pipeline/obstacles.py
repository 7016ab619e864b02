"""What the walk of a root met that stands in a build's way, or travels otherwise.

A folder that may not be read, a name that is not UTF-8, a socket; whether it stops the
build is judged in the walk that this builder makes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ctxopt.core.findings import closed_folders, codes, problems
from ctxopt.core.ignorefile.keeping import deciding_line
from ctxopt.core.judging.path import judge_path
from ctxopt.core.model import Problem
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.pipeline.build.build import NOTHING, Build, Root
from ctxopt.pipeline.survey.job import MeasureJob, MeasureResult


def walk_problems(
    build: Build, root: Root, found: MeasureResult, told: Iterable[Problem] = ()
) -> Iterator[Problem]:
    """What the walk met, without the folders that were `told` of with a source."""
    closed = {one.subject for one in told if one.code == codes.UNREADABLE.code}
    yield from _odd_entries(build, root, found)
    for path in found.lost.unreadable:
        if path not in closed:
            yield _closed_folder(build, root, path)
    yield from _barred(build, root, found)
    for path in found.lost.too_long:
        folder = path.rpartition("/")[0]
        if build.builder.validates or _is_opened(build.job(root), folder):
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
        reached = build.builder.validates and problems.validation_reaches(
            root.matcher, path
        )
        yield problems.unreadable_file(path, fails=reached)
    yield from map(problems.withheld, notes.withheld)
    yield from map(problems.not_utf8, notes.unspeakable)


def _barred(build: Build, root: Root, found: MeasureResult) -> Iterator[Problem]:
    """Ignored folders that a first walk reads all the same."""
    if not build.builder.validates:
        return
    for path in found.lost.barred:
        if problems.validation_opens(root.matcher, path):
            yield _closed_to_validation(root, path)


def _closed_folder(build: Build, root: Root, path: str) -> Problem:
    """A folder that cannot be read, judged in the walk that its builder makes."""
    builder, matcher = build.builder, root.matcher
    if builder.validates:
        if problems.validation_opens(matcher, path):
            return _closed_to_validation(root, path)
        return closed_folders.not_counted(path)
    if not _is_opened(build.job(root), path):
        return closed_folders.passed_by(path)
    try:
        verdict = matcher.verdict(path)
    except PatternError:
        return closed_folders.let_in(path, None)
    if verdict.excluded:
        return closed_folders.opened(path, builder.opener(matcher, path))
    return closed_folders.let_in(path, verdict.decided_by)


def _is_opened(job: MeasureJob, folder: str) -> bool:
    """Whether the walk of the transfer itself opens a folder."""
    if not folder:
        return job.request != NOTHING
    try:
        decision = judge_path(job.state(transfer_only=True), folder)
    except PatternError:
        return True
    return decision is not None and decision.enter


def _closed_to_validation(root: Root, path: str) -> Problem:
    line = None
    if problems.validation_skips(root.matcher, path):
        line = deciding_line(root.matcher, path)
    return problems.closed_to_validation(root.path, path, line)
