"""The check as JSON of schema 1: fields are added, never changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TextIO

from ctxopt.core.checking.budgets import sizes_of
from ctxopt.core.checking.records import CheckReport, Diagnostic, Fix
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
        "complete": report.report is not None,
        "silenced": report.silenced,
        "counts": {
            severity: sum(one.severity is severity for one in report.diagnostics)
            for severity in formatting.SEVERITIES
        },
        "sizes": None if report.report is None else sizes_of(report.report)._asdict(),
        "findings": [_diagnostic(one) for one in report.diagnostics],
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
    }


def _fix(fix: Fix) -> Mapping[str, object]:
    return {
        "title": fix.title,
        "path": fix.path,
        "first_line": fix.first,
        "last_line": fix.last,
        "lines": list(fix.lines),
    }
