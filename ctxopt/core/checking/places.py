"""Where a diagnostic is shown in a review: every one has a file there, and a line.

What is about the whole context has its place in the first line of the Dockerfile: forms
of CI leave out what has none.
"""

from __future__ import annotations

import hashlib
import posixpath
from collections import Counter
from collections.abc import Iterator

from ctxopt.core.checking.records import CheckReport, Diagnostic
from ctxopt.core.findings import codes
from ctxopt.core.tuples import NamedTuple

STDIN = "-"

# Their subject is the path of a file in the context.
_ABOUT_FILES = frozenset(
    {
        codes.UNREADABLE.code,
        codes.NOT_SENT.code,
        codes.DANGLING_LINK.code,
        codes.ARRIVES_EMPTY.code,
    }
)
_SECRETS = "4"


class Place(NamedTuple):
    """A place in a file; lines and columns count from 1."""

    path: str  # relative to `CheckReport.base_path`, or absolute where it is outside
    line: int
    end_line: int
    column: int | None


class Placed(NamedTuple):
    """A diagnostic, where it is shown, and what makes it the same one tomorrow."""

    diagnostic: Diagnostic
    place: Place
    fingerprint: str  # 32 hexadecimal digits; moving lines do not change it


def placed(report: CheckReport) -> Iterator[Placed]:
    """All diagnostics of a check, in their order."""
    seen = Counter[tuple[str, ...]]()
    for one in report.diagnostics:
        place = _place(one, report)
        what = _identity(one, place, report)
        seen[what] += 1
        text = "\0".join((*what, str(seen[what])))
        digest = hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
        yield Placed(one, place, digest[:32])


def _identity(one: Diagnostic, place: Place, report: CheckReport) -> tuple[str, ...]:
    """Rule, file, subject and the text of the line: not its number."""
    problem = one.problem
    text = report.text(problem.file)
    line = text.line(problem.line) if text is not None else None
    named = one.builds if problem.file is None else ()
    told = (one.rule.number, place.path, problem.subject or "", (line or "").strip())
    return (*told, *named)


def _place(one: Diagnostic, report: CheckReport) -> Place:
    problem = one.problem
    inline = _inline(one, report)
    if inline is not None:
        return inline
    line = problem.line or 1
    end = max(problem.end_line or line, line)
    if problem.file is not None:
        return Place(relative(report, problem.file), line, end, problem.column)
    is_file = one.rule.family == _SECRETS or problem.code in _ABOUT_FILES
    if is_file and problem.subject:
        return Place(_in_context(one, problem.subject, report), 1, 1, None)
    return Place(_dockerfile(one, report), 1, 1, None)


def _inline(one: Diagnostic, report: CheckReport) -> Place | None:
    """Where the Dockerfile stands in the file that names its build, of several."""
    build, text = report.build_of(one), report.text(one.problem.file)
    is_in_it = text is not None and text.path == STDIN
    if one.problem.file is None:
        is_in_it = build is not None and not build.dockerfile
    if not is_in_it or build is None or build.place is None:
        return None
    place = build.place
    return Place(relative(report, place.file), place.line, place.end_line, None)


def _in_context(one: Diagnostic, path: str, report: CheckReport) -> str:
    """A path of the context that a diagnostic is about."""
    build = report.build_of(one)
    if build is None:
        return relative(report, path)
    return _from_base(report, posixpath.join(build.context_path, path))


def _dockerfile(one: Diagnostic, report: CheckReport) -> str:
    build = report.build_of(one)
    if build is not None:
        return _from_base(report, build.dockerfile_path)
    path = report.texts[0].path if report.texts else STDIN
    if path == STDIN:
        return relative(report, "Dockerfile")
    return _from_base(report, path)


def relative(report: CheckReport, shown: str) -> str:
    """A file, as a problem names it, relative to the base of the check."""
    text = report.text(shown)
    if text is not None and text.path != STDIN:
        return _from_base(report, text.path)
    return _from_base(report, posixpath.join(report.context_path, shown))


def _from_base(report: CheckReport, path: str) -> str:
    below = posixpath.relpath(path, report.base_path)
    return path if below.startswith("../") else below
