"""Ignore files of a measured build: those not read, and what builders make of one.

Nearly all of it comes from names that the walk has met, and costs nothing. Where a
file is found that looks like an ignore file, some thousand names are looked at to tell
what its lines would do; where two builders can differ, just the folders in which they
do are walked once more.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ctxopt.core.findings import codes
from ctxopt.core.ignorefile.idle import (
    IdleIgnoreFile,
    IgnoredWalked,
    Listing,
    Reading,
    idle_ignore_files,
    nested,
)
from ctxopt.core.ignorefile.lines import parse
from ctxopt.core.judging.judge import JudgingState
from ctxopt.core.judging.matching import MatchingLines
from ctxopt.core.judging.path import state_in
from ctxopt.core.model import Problem
from ctxopt.core.patterns.pattern import Pattern, PatternError
from ctxopt.core.sources.tree import Found
from ctxopt.errors import CtxoptError, IgnoreFileError
from ctxopt.host.disk import inputs
from ctxopt.host.disk.tree import DiskTree
from ctxopt.pipeline.measuring import MeasuredBuild
from ctxopt.pipeline.preparation.build import Build

if TYPE_CHECKING:
    from ctxopt.core.builders.difference import BuilderDifference
    from ctxopt.core.ignorefile.odd import OddLine

# Names looked at for the lines of all idle files together: some tenths of a second.
ROOM = 20_000

ANY_NAME = "\u2420\u2420"  # that no line and no source has

MANY_FOLDERS = 1000  # see ignored_walked


def ignore_file_problems(measured: MeasuredBuild) -> Iterator[Problem]:
    """What the user should hear of the ignore files of a build."""
    difference = builder_difference(measured)
    found, walked = idle_files(measured), ignored_walked(measured)
    odd = tuple(_odd_lines(measured))
    if not (difference or found or walked or odd):
        return
    # Start-up: most builds have none of it.
    from ctxopt.core.findings import ignore_files as words

    builder = measured.build.builder
    for idle in found:
        problem = words.idle_ignore_file(idle, builder)
        told = difference is not None and difference.ignore_file == idle.path
        if problem is not None and not told:
            yield problem
    if difference is not None:
        yield words.builders_differ(difference, builder)
    if walked is not None:
        yield words.ignored_walked(walked)
    yield from map(words.odd_line, odd)


# --- files that are not read -----------------------------------------------------


def idle_paths(measured: MeasuredBuild) -> frozenset[str]:
    """The paths of all that looks like an ignore file and is not read."""
    return frozenset(idle.path for idle in _found(measured))


def idle_files(measured: MeasuredBuild) -> tuple[IdleIgnoreFile, ...]:
    """What looks like an ignore file and is not read, with what its lines would do."""
    counter = _IdleLines(measured.build)
    return tuple(counter.counted(idle) for idle in _found(measured))


def _found(measured: MeasuredBuild) -> Iterator[IdleIgnoreFile]:
    build = measured.build
    reading = _reading(build)
    listings = [*_listings(build)]
    yield from idle_ignore_files(listings, reading)
    looked_into = {listing.folder for listing in listings}
    for path in _nested_paths(measured):
        folder = path.removesuffix(inputs.IGNORE_FILE)
        if folder not in looked_into and path != reading.in_force:
            yield nested(path, reading)


def _reading(build: Build) -> Reading:
    file = build.main.ignore_file
    folder = build.dockerfile.folder
    unread = codes.IGNORE_FILE_UNREAD.code
    told = {one.file for one in build.problems if one.code == unread and one.file}
    return Reading(
        dockerfile=build.dockerfile.name if folder is not None else "",
        dockerfile_folder=_prefix(folder, build) if folder is not None else "",
        reads_specific=build.builder.specific_ignore_file,
        in_force=file.shown if file is not None else "",
        seen=frozenset(told),
    )


def _listings(build: Build) -> Iterator[Listing]:
    """The files in the context's root and in the Dockerfile's folder."""
    folder = build.dockerfile.folder
    own = _prefix(folder, build) if folder is not None else None
    yield Listing("", _files(build.main.path), is_root=True, is_dockerfiles=own == "")
    if folder is not None and own:
        yield Listing(own, _files(folder), is_root=False, is_dockerfiles=True)


def _prefix(folder: str, build: Build) -> str:
    """What stands before the names of a folder where messages show their paths."""
    inside = os.path.join(folder, inputs.IGNORE_FILE)
    return inputs.shown(inside, build.main.path).removesuffix(inputs.IGNORE_FILE)


def _files(folder: str) -> frozenset[str]:
    tree = DiskTree(folder)
    usual = (Found.FILE, Found.LINK)
    alike = (name for name in tree.names("") if _may_matter(name))
    return frozenset(name for name in alike if tree.kind(name) in usual)


def _may_matter(name: str) -> bool:
    """Whether it may be an ignore file, or the Dockerfile of one."""
    lower = name.lower()
    return "ignore" in lower or "file" in lower or "docker" in lower


def _nested_paths(measured: MeasuredBuild) -> Iterator[str]:
    """The `.dockerignore` files that the walk has met below the root.

    What lies in folders that are clutter themselves came with them.
    """
    index = measured.job.rule_index
    if index is None:
        return
    clutter = measured.found.measurement.clutter
    rules = index.marks.rules
    folders = {
        find.path for find in clutter if find.kind == "directory" and find.hits & rules
    }
    for find in clutter:
        for path in find.paths if find.names else ():
            folder, _, name = path.rpartition("/")
            if name == inputs.IGNORE_FILE and folder and not _below(folder, folders):
                yield path


def _below(folder: str, folders: set[str]) -> bool:
    while folder:
        if folder in folders:
            return True
        folder = folder.rpartition("/")[0]
    return False


class _IdleLines:
    """Counts what the lines of idle files would do in one build."""

    def __init__(self, build: Build) -> None:
        self._build = build
        self._lines = MatchingLines(DiskTree(build.main.path), room=ROOM)
        self._state = build.builder.whole(build.main.matcher)

    def counted(self, idle: IdleIgnoreFile) -> IdleIgnoreFile:
        patterns = self._patterns(idle.path)
        own = sum(not (pattern.negated or pattern.fails) for pattern in patterns)
        if not own:
            return idle
        folder = idle.path.rpartition("/")[0]
        matching = below = 0
        if idle.counts_in_root:
            matching = self._lines.count(patterns, self._state)
        if not matching and folder and not os.path.isabs(folder):
            inside = state_in(self._state, folder)
            if inside is not None:
                below = self._lines.count(patterns, inside, folder)
        return idle._replace(patterns=own, matching=matching, matching_below=below)

    def _patterns(self, path: str) -> tuple[Pattern, ...]:
        folder, name = os.path.split(os.path.join(self._build.main.path, path))
        try:
            content = DiskTree(folder).read(name)
            return parse(content or b"", path).patterns
        except (OSError, IgnoreFileError):
            return ()


# --- lines that do not mean what they seem to -----------------------------------


def _odd_lines(measured: MeasuredBuild) -> Iterator[OddLine]:
    patterns = measured.build.main.patterns
    if not patterns:
        return
    from ctxopt.core.ignorefile.odd import odd_lines, root_only  # start-up, as above

    tree = DiskTree(measured.build.main.path)
    yield from odd_lines(patterns, lambda path: tree.kind(path) is not None)
    yield from root_only(patterns, [*_travelling(measured)])


def _travelling(measured: MeasuredBuild) -> Iterator[str]:
    """The folders of clutter that this build sends, without those inside others."""
    index = measured.job.rule_index
    if index is None:
        return
    for find in measured.found.measurement.clutter:
        is_folder = find.kind == "directory" and find.hits & index.marks.rules
        if is_folder and find.transfer.end > find.transfer.start:
            yield find.path


# --- ignored folders that are walked ---------------------------------------------


def ignored_walked(measured: MeasuredBuild) -> IgnoredWalked | None:
    """How many ignored folders the client opens for a line with `!`; None: few.

    A folder costs some 30 microseconds to open and read where its disk is cached, and
    ten times that elsewhere: from 1,000 on it is felt in each build.
    """
    build = measured.build
    lines = build.builder.reopening(build.main.matcher)
    if not lines:
        return None
    transfer = measured.job.state(transfer_only=True)
    reopened = {
        path: found
        for path, found in measured.found.measurement.notes.reopened.items()
        if _walks_through(transfer, path)
    }
    folders = sum(found.folders for found in reopened.values())
    if folders < MANY_FOLDERS:
        return None
    most = max(reopened, key=lambda path: reopened[path].folders)
    files = sum(found.files for found in reopened.values())
    return IgnoredWalked(folders, files, most, reopened[most].folders, lines)


def _walks_through(state: JudgingState, folder: str) -> bool:
    """Whether the walk of the transfer opens a folder and whatever lies in it.

    A build that asks for `src` alone comes to no other folder, ignored or not.
    """
    inside = state_in(state, folder)
    try:
        return inside is not None and inside.decide(ANY_NAME).enter
    except PatternError:
        return False


# --- what the builders make of it ------------------------------------------------


def builder_difference(measured: MeasuredBuild) -> BuilderDifference | None:
    """What the other builder lets through and this one does not, or the reverse.

    None where they agree, or only one of them could build this.
    """
    build = measured.build
    if build.trace is None or build.trace.needs_buildkit or not measured.can_be_told:
        return None
    if build.main.ignore_file is None:
        return None  # what a builder brings back by itself needs one, too
    # Start-up: only lines with `!`, and a second ignore file, make a difference.
    from ctxopt.pipeline.compared import ComparedBuilders

    try:
        return ComparedBuilders(measured).difference()
    except CtxoptError:
        return None  # the other builder would refuse it, or the disk has changed
