"""The check as JSON of schema 1: fields are added, never changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TextIO

from ctxopt.core.checking.budgets import sizes_of
from ctxopt.core.checking.records import BuildCheck, CheckReport, Diagnostic, Fix
from ctxopt.view.terminal import formatting

SCHEMA = "ctxopt/check/1"


def show(report: CheckReport, out: TextIO) -> None:
    """Write the check to `out` as one JSON object."""
    out.write(json.dumps(as_json(report), indent=2) + "\n")


def as_json(report: CheckReport) -> Mapping[str, object]:
    """The object of schema 1."""
    return {
        "schema": SCHEMA,
        "context": report.context_path,
        "fails": report.fails,
        "complete": report.is_complete,
        "silenced": report.silenced,
        "counts": {
            severity: sum(one.severity is severity for one in report.diagnostics)
            for severity in formatting.SEVERITIES
        },
        "sizes": None if report.report is None else sizes_of(report.report)._asdict(),
        "findings": [_diagnostic(one) for one in report.diagnostics],
        **_builds(report),
    }


def _builds(report: CheckReport) -> Mapping[str, object]:
    if report.builds is None:
        return {}
    return {"builds": [*map(_build, report.builds)]}


def _build(one: BuildCheck) -> Mapping[str, object]:
    """One of several builds; its findings name it."""
    place = one.place
    return {
        "name": one.name,
        "dockerfile": one.dockerfile or None,
        "context": one.context,
        "file": None if place is None else place.file,
        "line": None if place is None else place.line,
        "complete": one.report is not None,
        "sizes": None if one.report is None else sizes_of(one.report)._asdict(),
    }


def _diagnostic(one: Diagnostic) -> Mapping[str, object]:
    problem = one.problem
    return {
        "rule": one.rule.number,
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
        "cure": problem.hint,
        "file": problem.file,
        "line": problem.line,
        "end_line": problem.end_line,
        "column": problem.column,
        "subject": problem.subject,
        "hadolint": one.rule.hadolint or None,
        "fix": None if one.fix is None else _fix(one.fix),
        **({"builds": list(one.builds)} if one.builds else {}),
    }


def _fix(fix: Fix) -> Mapping[str, object]:
    return {
        "title": fix.title,
        "path": fix.path,
        "first_line": fix.first,
        "last_line": fix.last,
        "lines": list(fix.lines),
    }
