"""The check as annotations of a pull request: workflow commands of GitHub.

Rule: actions/toolkit, packages/core/src/command.ts (the form and what is escaped).
"""

from __future__ import annotations

from typing import TextIO

from ctxopt.core.checking.places import Placed, placed
from ctxopt.core.checking.records import CheckReport
from ctxopt.core.model import Severity
from ctxopt.view.check.builds import message
from ctxopt.view.terminal import formatting

_COMMANDS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "notice",
}


def show(report: CheckReport, out: TextIO) -> None:
    """Write a command for each finding, a line each."""
    out.writelines(f"{_command(one)}\n" for one in placed(report))


def _command(one: Placed) -> str:
    problem, rule = one.diagnostic.problem, one.diagnostic.rule
    place = one.place
    words = {
        "file": formatting.printable(place.path),
        "line": place.line,
        "endLine": place.end_line,
        "col": place.column,
        "title": f"{rule.number} {rule.code}",
    }
    told = ",".join(
        f"{name}={_property(str(value))}"
        for name, value in words.items()
        if value is not None
    )
    cure = formatting.advice(problem)
    what = message(one.diagnostic)
    said = what if cure is None else f"{what}\n{cure}"
    safe = "\n".join(map(formatting.printable, said.split("\n")))
    return f"::{_COMMANDS[problem.severity]} {told}::{_text(safe)}"


def _text(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _text(text).replace(":", "%3A").replace(",", "%2C")
