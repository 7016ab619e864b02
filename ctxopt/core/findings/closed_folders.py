"""The words for folders that the user may not read, or not look into.

Whether such a folder stops a build depends on whether its builder opens it. BuildKit's
client opens what leads to something asked for, and every folder where a wildcard is
about; the legacy client opens what is not ignored.
"""

from __future__ import annotations

from ctxopt.core.findings import codes
from ctxopt.core.findings.problems import line_words
from ctxopt.core.model import Problem, Severity, Source
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import Pattern

_CLOSED = "this folder cannot be read"


def let_in(path: str, by: Pattern | None) -> Problem:
    """A folder that is not ignored, and stops the build.

    `by` is the line with `!` that brings it back, None where there is none.
    """
    what, hint = f"{_CLOSED}, and the build fails", codes.UNREADABLE.cure
    if by is not None:
        what = f"{_CLOSED}, and the build fails; {line_words(by)} lets it in"
        hint = "make it readable, or keep it out below that line"
    return _stopping(path, what, hint)


def opened(path: str, by: Pattern | None) -> Problem:
    """A folder that is ignored, and stops the build all the same.

    `by` is the line with `!` for which BuildKit looks into it. The legacy client
    needs none: it reads a folder before it asks whether it is ignored.
    Rule: docker/cli, build/context.go, ValidateContextDirectory (filepath.Walk).
    """
    if by is not None:
        what = (
            f"{_CLOSED}, and the build fails; it is kept out, but {line_words(by)} "
            "makes BuildKit look into it"
        )
        return _stopping(
            path, what, "make it readable, or let that line name the folders it means"
        )
    what = (
        f"{_CLOSED}, and the build fails; it is kept out, but the client looks into a "
        "folder before it asks the ignore file"
    )
    return _stopping(path, what, "make it readable, or ignore a folder above it")


def _stopping(path: str, what: str, hint: str) -> Problem:
    problem = codes.UNREADABLE.problem(f'"{path}": {what}', subject=path)
    return problem._replace(hint=hint)


def passed_by(path: str) -> Problem:
    """A folder that this build does not open, and another one might."""
    what = (
        f"{_CLOSED}; this build does not look into it, but a wildcard or COPY . "
        "would fail here"
    )
    return codes.UNREADABLE.problem(
        f'"{path}": {what}', severity=Severity.NOTE, subject=path
    )


def not_counted(path: str) -> Problem:
    """A folder that the builder leaves out, with all that is in it."""
    what = f"{_CLOSED}; what is in it is not counted"
    return codes.UNREADABLE.problem(
        f'"{path}": {what}', severity=Severity.NOTE, subject=path
    )


def source_inside(source: Source, folder: str) -> Problem:
    """A source that lies in such a folder: BuildKit looks for it before it sends.

    Rule: tonistiigi/fsutil, followlinks.go, readSymlink.
    """
    shown = source.text or source.expanded
    return codes.UNREADABLE.problem(
        f'"{shown}" lies in "{folder}", and this folder cannot be read; the build '
        "fails: permission denied",
        place=source.location,
        subject=folder,
    )._replace(hint="make it readable, or drop the source from the instruction")


def closed_to_validation(root: str, path: str, line: Pattern | None) -> Problem:
    """A folder that the legacy client reads and cannot.

    `line` decides on it, and may ignore it all the same, or bring it back.
    """
    ignored = ""
    if line is not None and line.negated:
        ignored = f", and {line_words(line)} lets it in"
    elif line is not None:
        ignored = (
            f", and that {line_words(line)} ignores it does not help: the legacy "
            "client reads every folder that lies in no ignored one"
        )
    above = path.rpartition("/")[0]
    cure = f'or ignore "{above}"' if above else "or move it out of the context"
    problem = codes.UNREADABLE.problem(
        f'"{path}": this folder cannot be read{ignored}; the build fails: error '
        f"checking context: can't stat '{root}/{path}'",
        severity=Severity.ERROR,
        subject=path,
    )
    return problem._replace(hint=f"make it readable, {cure}")


def validation_opens(matcher: Matcher, folder: str) -> bool:
    """Whether the legacy client's first walk reads a folder.

    It does so before it asks whether the folder is ignored, and is done with one only
    where a folder above it is. Rule: docker/cli, build/context.go,
    ValidateContextDirectory; golang/go, path/filepath/path.go, walk.
    """
    above = folder.rpartition("/")[0]
    return not above or validation_reaches(matcher, above)


def validation_skips(matcher: Matcher, path: str) -> bool:
    """Whether a path is ignored in that walk, which judges each path alone."""
    return matcher.matches_or_parent_matches(path)


def validation_reaches(matcher: Matcher, path: str) -> bool:
    """Whether the legacy client's first walk comes to this path.

    Rule: docker/cli, build/context.go, ValidateContextDirectory.
    """
    parts = path.split("/")
    prefixes = ("/".join(parts[: end + 1]) for end in range(len(parts)))
    return not any(validation_skips(matcher, prefix) for prefix in prefixes)
