"""What else is known of a build, as JSON; of secrets no more than their names."""

from __future__ import annotations

from ctxopt.core.model import (
    HeldBack,
    NamedReport,
    Problem,
    Report,
    SecretFile,
    SourceState,
    SourceUse,
)
from ctxopt.view.page.shown import LONGEST, WIDE, safe
from ctxopt.view.report import secrets
from ctxopt.view.report.json import Json
from ctxopt.view.report.sources import source_text
from ctxopt.view.terminal import formatting


def excluded_json(report: Report) -> tuple[int, int] | None:
    """What is kept out already: files and their bytes; null where nobody counted."""
    found = report.excluded
    return None if found is None else (found.files, found.file_bytes)


def source_json(use: SourceUse) -> Json:
    """A source, and what it takes or what became of it."""
    source = use.source
    state = use.state
    return {
        "line": source.location.line,
        "text": safe(source_text(use, WIDE)),
        "stage": "" if source.stage.isdecimal() else safe(source.stage),
        "entries": use.entries,
        "bytes": use.file_bytes,
        "state": "found" if state is SourceState.FOUND else formatting.STATES[state],
    }


def secret_json(one: SecretFile) -> Json:
    """Where a secret is, what it is, and how far it goes; never what it says."""
    return {
        "path": safe(one.path),
        "what": safe(one.what),
        "severity": one.severity,
        "reach": secrets.way(one, LONGEST, WIDE),
    }


def problem_json(problem: Problem) -> Json:
    """A problem, its place and what to do."""
    place = problem.file or ""
    if place and problem.line is not None:
        place += f":{problem.line}"
    return {
        "severity": problem.severity,
        "place": safe(place),
        "message": safe(problem.message),
        "hint": safe(formatting.advice(problem) or ""),
    }


def held_json(held: HeldBack) -> Json:
    """What looks like clutter, and has to stay."""
    return {"path": safe(held.path), "why": safe(held.why)}


def named_json(named: NamedReport) -> Json:
    """A named context, and what is sent of it."""
    return {
        "name": safe(named.name),
        "path": safe(named.path),
        "sent": named.transfer.tally.wire_bytes,
        "files": named.transfer.tally.files,
    }
