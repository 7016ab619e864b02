"""Ignore files of a measured build: those not read, and what builders make of one.

Nearly all of it comes from names that the walk has met, and costs nothing. Where a
file is found that looks like an ignore file, some thousand names are looked at to tell
what its lines would do; where two builders can differ, just the folders in which they
do are walked once more.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property, partial
from typing import NamedTuple

from ctxopt.core.builders import Builder, find_builder
from ctxopt.core.builders.difference import BuilderDifference
from ctxopt.core.findings import codes
from ctxopt.core.findings import ignore_files as words
from ctxopt.core.ignorefile.idle import (
    IdleIgnoreFile,
    IgnoredWalked,
    Listing,
    Reading,
    idle_ignore_files,
    nested,
)
from ctxopt.core.ignorefile.lines import IgnoreFile, parse
from ctxopt.core.ignorefile.odd import OddLine, odd_lines, root_only
from ctxopt.core.ignorefile.repair import repair
from ctxopt.core.judging.judge import JudgingState
from ctxopt.core.judging.matching import MatchingLines
from ctxopt.core.judging.path import judge_path
from ctxopt.core.judging.special import Compared
from ctxopt.core.model import BuilderName, Problem
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import Pattern, PatternError
from ctxopt.core.sources.claims import start
from ctxopt.core.sources.tree import Found
from ctxopt.errors import CtxoptError, IgnoreFileError
from ctxopt.host.disk import inputs
from ctxopt.host.disk.tree import DiskTree
from ctxopt.host.walk.walk import Walk
from ctxopt.pipeline.measuring import MeasuredBuild
from ctxopt.pipeline.preparation.build import Build

# Names looked at for the lines of all idle files together: some tenths of a second.
ROOM = 20_000

ANY_NAME = "\u2420\u2420"  # that no line and no source has

MANY_FOLDERS = 1000  # see ignored_walked


def ignore_file_problems(measured: MeasuredBuild) -> Iterator[Problem]:
    """What the user should hear of the ignore files of a build."""
    builder = measured.build.builder
    difference = builder_difference(measured)
    for idle in idle_files(measured):
        problem = words.idle_ignore_file(idle, builder)
        told = difference is not None and difference.ignore_file == idle.path
        if problem is not None and not told:
            yield problem
    if difference is not None:
        yield words.builders_differ(difference, builder)
    walked = ignored_walked(measured)
    if walked is not None:
        yield words.ignored_walked(walked)
    for odd in _odd_lines(measured):
        yield words.odd_line(odd)


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
        self._state = _state(build.builder, build.main.matcher)

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
            inside = _inside(self._state, folder)
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


def _state(builder: Builder, matcher: Matcher) -> JudgingState:
    """How a builder judges the root of a context, whatever is asked for."""
    return builder.rules(matcher, None, start((), 0)).root()


def _inside(state: JudgingState, folder: str) -> JudgingState | None:
    """The state in a folder; None where the walk never enters it."""
    try:
        decision = judge_path(state, folder)
    except PatternError:
        return None
    return decision.child if decision is not None and decision.enter else None


# --- lines that do not mean what they seem to -----------------------------------


def _odd_lines(measured: MeasuredBuild) -> Iterator[OddLine]:
    tree = DiskTree(measured.build.main.path)
    patterns = measured.build.main.patterns
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
    inside = _inside(state, folder)
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
    try:
        return _ComparedBuilders(measured).difference()
    except CtxoptError:
        return None  # the other builder would refuse it, or the disk has changed


class _Counts(NamedTuple):
    """Files that the first or the second of two builders lets through."""

    first: int = 0
    second: int = 0
    only: int = 0
    other_only: int = 0
    example: str = ""


class _ComparedBuilders:
    def __init__(self, measured: MeasuredBuild) -> None:
        self.measured = measured
        self.build = measured.build
        self.matcher = self.build.main.matcher
        self.mine = self.build.builder

    @cached_property
    def other(self) -> Builder:
        """The builder that is not asked for; imported where it may do otherwise."""
        names = [name for name in BuilderName if name is not self.mine.name]
        return find_builder(names[0])

    def difference(self) -> BuilderDifference | None:
        file = self._other_file()
        if file is None and not any(one.negated for one in self.matcher.patterns):
            return None  # nothing is opened again
        if file is not None:
            counts = self._everywhere(file.matcher)
        elif self.mine.reopening(self.matcher):
            counts = self._in_reopened()
        elif self.other.reopening(self.matcher):
            counts = self._everywhere(self.matcher)
        else:
            return None  # they enter the same folders
        if not (counts.only or counts.other_only):
            return None
        found = BuilderDifference(
            other=self.other.name,
            files=counts.first,
            other_files=counts.second,
            only=counts.only,
            other_only=counts.other_only,
            example=counts.example,
        )
        if file is not None:
            return found._replace(ignore_file=file.shown)
        return self._with_line(found)

    def _with_line(self, found: BuilderDifference) -> BuilderDifference:
        walks = {
            one.name: partial(_finds, one, self.build.dockerfile.relative)
            for one in (self.mine, self.other)
        }
        mended = repair(
            self.matcher, found.example, walks=walks, builder=self.other.name
        )
        return found._replace(
            line=self.matcher.verdict(found.example).decided_by,
            repair=mended if mended is not None and not mended.missed else None,
        )

    def _other_file(self) -> IgnoreFile | None:
        """The ignore file that the other builder reads, where each has its own."""
        file = self.build.main.ignore_file
        if file is None or file.specific != self.mine.specific_ignore_file:
            return None
        read = inputs.read_ignore_file(
            self.build.main.path,
            self.build.dockerfile,
            specific=self.other.specific_ignore_file,
            follow=self.other.follows_links_out,
        )
        if read is None or read.specific == file.specific:
            return None
        return parse(read.content, read.shown, path=read.path).checked()

    def _everywhere(self, others: Matcher) -> _Counts:
        state = Compared(_state(self.mine, self.matcher), _state(self.other, others))
        return self._walked("", state)

    def _in_reopened(self) -> _Counts:
        """The difference, which is in ignored folders that are entered.

        All else is the same to both: what comes back elsewhere does so by its parents.
        """
        files = self.measured.found.measurement.context.files
        only, example = 0, ""
        mine, other = _state(self.mine, self.matcher), _state(self.other, self.matcher)
        for path, found in self.measured.found.measurement.notes.reopened.items():
            if not found.files:
                continue
            theirs = _inside(other, path)
            # Where the other one never enters, all that was found in it is missed.
            missed = theirs is None
            if not (missed and example):
                state = Compared(_inside(mine, path), theirs)
                counts = self._walked(path, state, until_first=missed)
                example = example or counts.example
            only += found.files if missed else counts.only
        return _Counts(files, files - only, only, 0, example)

    def _walked(
        self, folder: str, state: JudgingState, *, until_first: bool = False
    ) -> _Counts:
        kept = [0, 0, 0, 0]  # by the mask: of nobody, the first, the second, both
        example = ""
        root = os.path.join(self.build.main.path, folder) if folder else ""
        for batch in Walk(root or self.build.main.path, state).batches():
            if until_first and example:
                break
            for name, status, decision, _ in batch.rows:
                if decision.kept and not inputs.is_folder(status.st_mode):
                    kept[decision.mask] += 1
                    if decision.taken and not example:
                        inside = f"{folder}/" if folder else ""
                        example = inside + batch.folder.prefix + name
        _, only, other_only, both = kept
        return _Counts(both + only, both + other_only, only, other_only, example)


def _finds(builder: Builder, dockerfile: str, matcher: Matcher, path: str) -> bool:
    return builder.finds(matcher, dockerfile, path)
