"""Checks that every form shows: made by hand, with everything that can be in one."""

from __future__ import annotations

from ctxopt.core.checking.catalogue import diagnostic
from ctxopt.core.checking.families import ignore_file
from ctxopt.core.checking.records import CheckReport, Diagnostic, FileText, Fix
from ctxopt.core.findings import codes
from ctxopt.core.model import Location, Problem

DOCKERFILE = FileText(
    "Dockerfile",
    "/repo/app/Dockerfile",
    ("FROM scratch", "COPY requirments.txt /", "", "COPY  a.json  /"),
)
IGNORE_FILE = FileText(
    ".dockerignore", "/repo/app/.dockerignore", ("*.json", "node_modules/  # installed")
)


def at(file: str, line: int, end: int | None = None) -> Location:
    """A span of lines in a file."""
    return Location(file, line, end or line)


def _problems() -> tuple[Diagnostic, ...]:
    missing = codes.SOURCE_MISSING.problem(
        '"requirments.txt" is not in the context', place=at("Dockerfile", 2)
    )._replace(column=6)
    ignored = codes.SOURCE_IGNORED.problem(
        '"a.json" is there, but .dockerignore:1 ("*.json") keeps it out',
        place=at("Dockerfile", 4),
    )._replace(column=7)
    comment = ignore_file.COMMENT_BEHIND.problem(
        'a line | of <two>: 100 %, "quoted"', place=at(".dockerignore", 2)
    )
    secret = codes.SECRET_KEY.problem(
        '"deploy/id_\udcff,1" is a private key', subject="deploy/id_\udcff,1"
    )
    vast = codes.VAST_CONTEXT.problem("the context is a home folder")
    return (
        diagnostic(vast),
        diagnostic(secret),
        diagnostic(comment, replaces(2, 2, "# installed", "node_modules")),
        diagnostic(missing, _fix(DOCKERFILE, 2, "COPY requirements.txt /")),
        diagnostic(ignored, _fix(IGNORE_FILE, 3, "!a.json", last=2)),
    )


def replaces(first: int, last: int, *lines: str) -> Fix:
    """A change of the ignore file."""
    return Fix(IGNORE_FILE.path, first, last, lines, f"write {' and '.join(lines)}")


def _fix(text: FileText, first: int, line: str, last: int | None = None) -> Fix:
    last = first if last is None else last
    return Fix(text.path, first, last, (line,), f'write "{line}"')


def report(*found: Diagnostic, silenced: int = 0) -> CheckReport:
    """A check of a folder below the top of a repository."""
    return CheckReport(
        context_path="/repo/app",
        base_path="/repo",
        diagnostics=found,
        silenced=silenced,
        texts=(DOCKERFILE, IGNORE_FILE),
        report=None,
    )


def problem(message: str) -> Problem:
    """A problem of one line."""
    return codes.SOURCE_MISSING.problem(message, place=at("Dockerfile", 2))


CHECKS = {
    "everything": report(*_problems(), silenced=2),
    "nothing": report(),
}
