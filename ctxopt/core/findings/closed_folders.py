"""The words for folders that the user may not read, or not look into.

Whether such a folder stops a build depends on whether its builder opens it. BuildKit's
client opens what leads to something asked for, and every folder where a wildcard is
about; the legacy client opens what is not ignored.
"""

from __future__ import annotations

from ctxopt.core.findings import codes
from ctxopt.core.model import Problem, Severity, Source
from ctxopt.core.patterns.pattern import Pattern

_CLOSED = "this folder cannot be read"


def let_in(path: str, by: Pattern | None) -> Problem:
    """A folder that is not ignored, and stops the build.

    `by` is the line with `!` that brings it back, None where there is none.
    """
    what, hint = f"{_CLOSED}, and the build fails", codes.UNREADABLE.cure
    if by is not None:
        what = f"{_CLOSED}, and the build fails; {_line(by)} lets it in"
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
            f"{_CLOSED}, and the build fails; it is kept out, but {_line(by)} makes "
            "BuildKit look into it"
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


def _line(pattern: Pattern) -> str:
    if pattern.location is None:
        return "the ignore file"
    place = pattern.location
    return f'{place.file}:{place.line} ("{pattern.text.strip()}")'
