"""The check as a report of code quality, as GitLab shows it beside a merge request.

Rule: GitLab's documentation, "Code Quality report format": an array of objects with
`description`, `check_name`, `fingerprint`, `severity` and `location`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TextIO

from ctxopt.core.checking.places import Placed, placed
from ctxopt.core.checking.records import CheckReport
from ctxopt.core.model import Severity
from ctxopt.view.check.builds import message
from ctxopt.view.terminal import formatting

_SEVERITIES = {
    Severity.ERROR: "critical",
    Severity.WARNING: "minor",
    Severity.NOTE: "info",
}


def show(report: CheckReport, out: TextIO) -> None:
    """Write one JSON array."""
    out.write(json.dumps([*map(_issue, placed(report))], indent=2) + "\n")


def _issue(one: Placed) -> Mapping[str, object]:
    problem, place = one.diagnostic.problem, one.place
    cure = formatting.advice(problem)
    what = message(one.diagnostic)
    said = what if cure is None else f"{what}: {cure}"
    return {
        "description": formatting.printable(said),
        "check_name": f"{one.diagnostic.rule.number} {problem.code}",
        "fingerprint": one.fingerprint,
        "severity": _SEVERITIES[problem.severity],
        "location": {
            "path": formatting.printable(place.path),
            "lines": {"begin": place.line, "end": place.end_line},
        },
    }
