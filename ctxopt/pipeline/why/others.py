"""What others make of a path: git, the other builder, ignore files out of force."""

from __future__ import annotations

import os
from collections.abc import Iterator

from ctxopt.core.builders import find_builder, other_name
from ctxopt.core.findings.ignore_files import move_words, why_idle
from ctxopt.core.ignorefile.idle import IdleIgnoreFile, idle_ignore_files, nested
from ctxopt.core.ignorefile.lines import IgnoreFile, parse
from ctxopt.core.model import GitState
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.core.sources.tree import Found
from ctxopt.core.why.answer import GitWord, IdleLine, OtherBuilder, Standing
from ctxopt.core.why.standing import stand
from ctxopt.errors import CtxoptError, IgnoreFileError
from ctxopt.host.disk import inputs
from ctxopt.host.disk.tree import DiskTree
from ctxopt.host.git.repository import find_repository
from ctxopt.pipeline.preparation.build import Build
from ctxopt.pipeline.unread import listings_of, reading_of


def git_word(context: str, path: str, *, is_folder: bool) -> GitWord | None:
    """What git says of a path; None where there is no repository."""
    if find_repository(context) is None:
        return None
    # Start-up: a folder without a repository does without.
    from ctxopt.host.git.tracking import is_tracked

    known = is_tracked(context, path, is_folder=is_folder)
    if known:
        return GitWord(GitState.TRACKED)
    from ctxopt.host.git.asked import GitAsked

    asked = GitAsked.below(context)
    line = asked.line(path, is_folder=is_folder) if asked is not None else None
    if line is not None:
        return GitWord(GitState.IGNORED, line)
    return GitWord(GitState.UNKNOWN if known is None else GitState.UNTRACKED)


# --- the other builder -----------------------------------------------------------


def other_builder(
    build: Build, path: str, mine: Standing, *, is_folder: bool
) -> OtherBuilder | None:
    """What the builder that was not asked for makes of a path, where it differs."""
    other = find_builder(other_name(build.builder.name))
    try:
        file = _other_file(build)
    except CtxoptError:
        return None  # it would refuse the build
    read = file if file is not None else build.main.ignore_file
    matcher = read.matcher if read is not None else Matcher(())
    theirs = stand(other, matcher, build.dockerfile.relative, path, is_folder=is_folder)
    same = theirs.state is mine.state and theirs.withdrawn is mine.withdrawn
    if same and theirs.empty is mine.empty:
        return None
    return OtherBuilder(other.name, theirs, file.shown if file is not None else "")


def _other_file(build: Build) -> IgnoreFile | None:
    """The ignore file that the other builder reads, where that is another one.

    Raises CtxoptError for one that cannot be read.
    """
    mine = build.main.ignore_file
    other = find_builder(other_name(build.builder.name))
    read = inputs.read_ignore_file(
        build.main.path,
        build.dockerfile,
        specific=other.specific_ignore_file,
        follow=other.follows_links_out,
        files=other.files,
    )
    same_rules = build.builder.dialect is other.dialect
    if read is None:
        if mine is not None and (mine.specific or not same_rules):
            return IgnoreFile(inputs.IGNORE_FILE, ())
        return None
    if mine is not None and read.path == mine.path and same_rules:
        return None
    return parse(read.content, read.shown, path=read.path).checked()


# --- ignore files that are not in force ------------------------------------------


def idle_lines(build: Build, path: str, *, is_out: bool) -> Iterator[IdleLine]:
    """The lines in files that are not in force which would decide otherwise.

    Of `web/.dockerignore` with `dist` in it, that is a line for `web/dist/a.js`.
    """
    reading = reading_of(build)
    found = [*idle_ignore_files([*listings_of(build)], reading)]
    known = {one.path for one in found}
    tree = DiskTree(build.main.path)
    parts = path.split("/")[:-1]
    for end in range(1, len(parts) + 1):
        place = "/".join((*parts[:end], inputs.IGNORE_FILE))
        is_told = place in known or place == reading.in_force
        if not is_told and tree.kind(place) in {Found.FILE, Found.LINK}:
            found.append(nested(place, reading))
    for idle in found:
        line = _deciding(build, idle, path, is_out=is_out)
        if line is not None:
            yield line


def _deciding(
    build: Build, idle: IdleIgnoreFile, path: str, *, is_out: bool
) -> IdleLine | None:
    """The line of a file out of force that would decide otherwise on a path."""
    place, name = os.path.split(os.path.join(build.main.path, idle.path))
    folder = idle.path.rpartition("/")[0]
    try:
        matcher = parse(DiskTree(place).read(name) or b"", idle.path).matcher
        for asked in _names_of(path, folder):
            said = matcher.verdict(asked)
            if said.decided_by is not None and said.excluded is not is_out:
                counted = idle._replace(
                    matching=asked == path, matching_below=asked != path
                )
                why = why_idle(idle, build.builder)
                return IdleLine(idle.path, said.decided_by, why, move_words(counted))
    except (OSError, IgnoreFileError, PatternError):
        return None
    return None


def _names_of(path: str, folder: str) -> Iterator[str]:
    """A path as a file in some folder may have meant it: from the root, and from it."""
    yield path
    if folder and path.startswith(f"{folder}/"):
        yield path.removeprefix(f"{folder}/")
