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
    return (one.rule.number, place.path, problem.subject or "", (line or "").strip())


def _place(one: Diagnostic, report: CheckReport) -> Place:
    problem = one.problem
    line = problem.line or 1
    end = max(problem.end_line or line, line)
    if problem.file is not None:
        return Place(relative(report, problem.file), line, end, problem.column)
    is_file = one.rule.family == _SECRETS or problem.code in _ABOUT_FILES
    if is_file and problem.subject:
        return Place(relative(report, problem.subject), 1, 1, None)
    return Place(_dockerfile(report), 1, 1, None)


def _dockerfile(report: CheckReport) -> str:
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
