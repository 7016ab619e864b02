"""The check as XML of checkstyle, which Jenkins and many editors read."""

from __future__ import annotations

from itertools import groupby
from typing import TextIO
from xml.sax.saxutils import quoteattr

from ctxopt.core.checking.places import Placed, placed
from ctxopt.core.checking.records import CheckReport
from ctxopt.core.model import Severity
from ctxopt.view.check.builds import message
from ctxopt.view.terminal import formatting

_SEVERITIES = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "info",
}


def show(report: CheckReport, out: TextIO) -> None:
    """Write one XML document: a `file` for each, an `error` for each finding."""
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="8.0">\n')
    found = sorted(placed(report), key=lambda one: one.place.path)
    for path, ones in groupby(found, key=lambda one: one.place.path):
        out.write(f"  <file name={_quoted(path)}>\n")
        out.writelines(f"    {_error(one)}\n" for one in ones)
        out.write("  </file>\n")
    out.write("</checkstyle>\n")


def _error(one: Placed) -> str:
    problem, rule = one.diagnostic.problem, one.diagnostic.rule
    cure = formatting.advice(problem)
    what = message(one.diagnostic)
    said = what if cure is None else f"{what}: {cure}"
    words = {
        "line": str(one.place.line),
        "column": None if one.place.column is None else str(one.place.column),
        "severity": _SEVERITIES[problem.severity],
        "message": said,
        "source": f"ctxopt.{rule.number}.{rule.code}",
    }
    told = " ".join(
        f"{name}={_quoted(value)}" for name, value in words.items() if value is not None
    )
    return f"<error {told}/>"


def _quoted(text: str) -> str:
    """A value of XML, which knows no control characters, in quotes."""
    return quoteattr(formatting.printable(text))
