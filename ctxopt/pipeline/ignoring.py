"""Ignore files of a measured build: those not read, and what builders make of one.

Nearly all of it comes from names that the walk has met, and costs nothing. Where two
builders can differ, just the folders in which they do are walked once more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ctxopt.core.judging.judge import JudgingState
from ctxopt.core.judging.path import state_in
from ctxopt.core.model import Problem
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.core.typed import TYPE_CHECKING
from ctxopt.errors import CtxoptError
from ctxopt.host.disk.tree import DiskTree
from ctxopt.pipeline.measuring import MeasuredBuild, may_be_read_otherwise

if TYPE_CHECKING:
    from ctxopt.core.builders.difference import BuilderDifference
    from ctxopt.core.ignorefile.idle import IdleIgnoreFile, IgnoredWalked
    from ctxopt.core.ignorefile.odd import OddLine
    from ctxopt.core.patterns.pattern import Pattern

ANY_NAME = "\u2420\u2420"  # that no line and no source has

MANY_FOLDERS = 1000  # see ignored_walked


def ignore_file_problems(measured: MeasuredBuild) -> Iterator[Problem]:
    """What the user should hear of the ignore files of a build."""
    difference = builder_difference(measured)
    # What the other builder reads is told of with what it makes of it.
    told = difference.ignore_file if difference is not None else ""
    found, walked = _unread(measured, told), ignored_walked(measured)
    odd = tuple(odd_lines_of(measured))
    if not (difference or found or walked or odd):
        return
    # Start-up: most builds have none of it.
    from ctxopt.core.findings import ignore_files as words

    builder = measured.build.builder
    for idle in found:
        problem = words.idle_ignore_file(idle, builder)
        if problem is not None:
            yield problem
    if difference is not None:
        yield words.builders_differ(difference, builder)
    if walked is not None:
        yield words.ignored_walked(walked)
    yield from map(words.odd_line, odd)


# --- files that are not read -----------------------------------------------------


def _unread(measured: MeasuredBuild, told: str) -> tuple[IdleIgnoreFile, ...]:
    """What looks like an ignore file and is not read, with what its lines would do.

    Without the one of the path `told`, which takes long to count for nothing.
    """
    if not any(map(_may_be_ignore_file, _names(measured))):
        return ()
    from ctxopt.pipeline.unread import idle_files  # start-up: few builds have one

    return idle_files(measured, told)


def idle_paths(measured: MeasuredBuild) -> frozenset[str]:
    """The paths of all that looks like an ignore file and is not read."""
    if not any(map(_may_be_ignore_file, _names(measured))):
        return frozenset()
    from ctxopt.pipeline import unread  # start-up, as above

    return unread.idle_paths(measured)


def _names(measured: MeasuredBuild) -> Iterator[str]:
    """The names beside the ignore file and the Dockerfile, and of what lies below."""
    build = measured.build
    file, folder = build.main.ignore_file, build.dockerfile.folder
    for place in {build.main.path, folder or build.main.path}:
        in_force = file.path if file is not None else ""
        for name in DiskTree(place).names(""):
            if f"{place}/{name}" != in_force:
                yield name
    for find in measured.found.measurement.clutter:
        for path in find.paths if find.names else ():
            if "/" in path:
                yield path.rpartition("/")[2]


def _may_be_ignore_file(name: str) -> bool:
    lower = name.lower()
    return "ignore" in lower and ("docker" in lower or "container" in lower)


# --- lines that do not mean what they seem to -----------------------------------


def odd_lines_of(measured: MeasuredBuild) -> Iterator[OddLine]:
    """The lines of the ignore file that do not mean what they seem to."""
    patterns = measured.build.main.patterns
    if not patterns:
        return
    from ctxopt.core.ignorefile.odd import odd_lines, root_only  # start-up, as above

    tree = DiskTree(measured.build.main.path)
    yield from odd_lines(patterns, lambda path: tree.kind(path) is not None)
    for odd in root_only(_by_hand(measured), [*_travelling(measured)]):
        untracked = _without_tracked(measured, odd.reached)
        if len(untracked) == len(odd.reached):
            yield odd
        elif untracked:  # `**/` would take sources that have the same name
            yield odd._replace(reached=untracked, better=())


def _by_hand(measured: MeasuredBuild) -> tuple[Pattern, ...]:
    """The patterns outside of the block: those in it are as deep as they should be."""
    main = measured.build.main
    if main.ignore_file is None:
        return main.patterns
    from ctxopt.core.ignorefile.block import patterns_by_hand  # start-up, as above

    return patterns_by_hand(main.ignore_file)


def _travelling(measured: MeasuredBuild) -> Iterator[str]:
    """The folders of clutter that this build sends, without those inside others.

    What git keeps in `.git` is git's, whatever its folders are called.
    """
    index = measured.job.rule_index
    if index is None:
        return
    for find in measured.found.measurement.clutter:
        is_folder = find.kind == "directory" and find.hits & index.marks.rules
        is_sent = is_folder and find.transfer.end > find.transfer.start
        if is_sent and ".git" not in find.path.split("/"):
            yield find.path


def _without_tracked(measured: MeasuredBuild, paths: Sequence[str]) -> tuple[str, ...]:
    """Those in which git tracks nothing: the others may be sources."""
    from ctxopt.host.git.index import tracked  # start-up, as above

    known = tracked(measured.build.main.path)
    return tuple(one for one in paths if known is None or not known.below(one))


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
    from ctxopt.core.ignorefile.idle import IgnoredWalked  # start-up: few have it

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
    if not (may_be_read_otherwise(build) and measured.can_be_told):
        return None
    # Start-up: only lines with `!`, and a second ignore file, make a difference.
    from ctxopt.pipeline.compared import ComparedBuilders

    try:
        return ComparedBuilders(build).difference(measured.found, measured.beside)
    except CtxoptError:
        return None  # the other builder would refuse it, or the disk has changed
