"""Files of a measured build that look like ignore files, and that no builder reads.

Nearly all of it comes from names that the walk has met, and costs nothing; where there
is one, some thousand names are looked at to tell what its lines would do.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from ctxopt.core.findings import codes
from ctxopt.core.ignorefile.idle import (
    PODMAN_FILE,
    IdleIgnoreFile,
    Listing,
    Reading,
    idle_ignore_files,
    nested,
)
from ctxopt.core.ignorefile.lines import parse
from ctxopt.core.judging.matching import MatchingLines
from ctxopt.core.judging.path import state_in
from ctxopt.core.patterns.pattern import Pattern
from ctxopt.core.sources.tree import Found
from ctxopt.core.typed import TYPE_CHECKING
from ctxopt.errors import IgnoreFileError
from ctxopt.host.disk import inputs
from ctxopt.host.disk.tree import DiskTree
from ctxopt.pipeline.preparation.build import Build

if TYPE_CHECKING:
    from ctxopt.pipeline.measuring import MeasuredBuild

# Names looked at for the lines of all idle files together: some tenths of a second.
ROOM = 20_000


def idle_paths(measured: MeasuredBuild) -> frozenset[str]:
    """The paths of all that looks like an ignore file and is not read."""
    return frozenset(idle.path for idle in _found(measured))


def idle_files(measured: MeasuredBuild, told: str = "") -> tuple[IdleIgnoreFile, ...]:
    """What looks like an ignore file and is not read, with what its lines would do.

    Without the one of the path `told`.
    """
    counter = _IdleLines(measured.build)
    found = (idle for idle in _found(measured) if idle.path != told)
    return tuple(counter.counted(idle) for idle in found)


def _found(measured: MeasuredBuild) -> Iterator[IdleIgnoreFile]:
    build = measured.build
    reading = reading_of(build)
    listings = [*listings_of(build)]
    yield from idle_ignore_files(listings, reading)
    looked_into = {listing.folder for listing in listings}
    for path in _nested_paths(measured):
        folder = path.removesuffix(inputs.IGNORE_FILE)
        if folder not in looked_into and path != reading.in_force:
            yield nested(path, reading)


def reading_of(build: Build) -> Reading:
    """What the builder reads for a build."""
    file = build.main.ignore_file
    folder = build.dockerfile.folder
    unread = codes.IGNORE_FILE_UNREAD.code
    told = {one.file for one in build.problems if one.code == unread and one.file}
    return Reading(
        dockerfile=build.dockerfile.name if folder is not None else "",
        dockerfile_folder=_prefix(folder, build) if folder is not None else "",
        reads_specific=build.builder.specific_ignore_file,
        reads_podmans=PODMAN_FILE in build.builder.files.ignore_files,
        in_force=file.shown if file is not None else "",
        seen=frozenset(told),
    )


def listings_of(build: Build) -> Iterator[Listing]:
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
