"""Checks that every form shows: made by hand, with everything that can be in one."""

from __future__ import annotations

from ctxopt.core.checking.catalogue import diagnostic
from ctxopt.core.checking.families import breaks, ignore_file, size
from ctxopt.core.checking.records import (
    BuildCheck,
    CheckReport,
    Diagnostic,
    FileText,
    Fix,
)
from ctxopt.core.findings import codes
from ctxopt.core.model import Location, Problem
from tests.view import reports

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


def _several() -> CheckReport:
    """A check of three builds, of which one is in no folder."""
    ignored = codes.SOURCE_IGNORED.problem(
        '"a.json" is there, but .dockerignore:1 ("*.json") keeps it out',
        place=at("Dockerfile", 4),
    )._replace(column=7)
    over = size.OVER_BUDGET.problem("the transfer has 2.00MB, its budget is 1.00MB")
    gone = breaks.BUILD_UNMEASURED.problem(
        'no such folder: "gone"', place=at("compose.yaml", 3), subject="gone"
    )
    idle = ignore_file.LINE_IDLE.problem(
        '"*.json" matches nothing', place=at(".dockerignore", 1)
    )
    secret = codes.SECRET_KEY.problem('"k.pem" is a private key', subject="k.pem")
    found = (
        diagnostic(over)._replace(builds=("api",)),
        diagnostic(secret)._replace(builds=("api", "web")),
        diagnostic(idle)._replace(builds=("api", "web")),
        diagnostic(ignored)._replace(builds=("web",)),
        diagnostic(gone)._replace(builds=("gone",)),
    )
    compose = FileText(
        "compose.yaml", "/repo/app/compose.yaml", ("services:", "  gone:", "    build:")
    )
    builds = [_build(name, measured=name != "gone") for name in ("api", "web", "gone")]
    whole = report(*found)
    return whole._replace(texts=(*whole.texts, compose), builds=tuple(builds))


def _build(name: str, *, measured: bool) -> BuildCheck:
    place = at("compose.yaml", 2)
    path = f"/repo/app/{name}/Dockerfile"
    measured_report = reports.buildkit() if measured else None
    return BuildCheck(
        name, ".", f"{name}/Dockerfile", "/repo/app", path, place, measured_report
    )


CHECKS = {
    "everything": report(*_problems(), silenced=2),
    "nothing": report(),
    "several": _several(),
}
