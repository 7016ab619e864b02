r"""The report as the fixed JSON of schema 1: fields are added, never changed.

Output is ASCII. A byte of a name that is not UTF-8 appears as the escape of a lone
surrogate, `\udc80` to `\udcff`: Python's `json.loads` and `os.fsencode` give the
byte back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from ctxopt.core.model import (
    BuildCost,
    HeldBack,
    IgnoreSummary,
    NamedReport,
    Place,
    Problem,
    Projection,
    Report,
    Request,
    SecretFile,
    SourceUse,
    Suggestion,
    Tally,
    Transfer,
    Usage,
)
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

SCHEMA = "ctxopt/scan/1"

Json = Mapping[str, object]


def show(report: Report, out: TextIO) -> None:
    """Write the report to `out` as one JSON object."""
    out.write(json.dumps(as_json(report), indent=2) + "\n")


def as_json(report: Report) -> Json:
    """The object of schema 1, its keys in the order of the design."""
    return {
        "schema": SCHEMA,
        "request": request_json(
            report.request, report.context_path, report.dockerfile_path
        ),
        "ignore_file": ignore_file_json(report.ignore_file),
        "context": _tally(report.context),
        "transfer": _transfer(report.transfer),
        "used": _usage(report.used),
        "unused": _usage(report.unused),
        **_only_if_counted(report.excluded),
        "sources": [_source(use) for use in report.sources],
        **_only_if_any(report.named),
        "largest": [_place(place) for place in report.largest],
        "suggestions": [
            suggestion_json(one) for one in (*report.suggestions, *report.preventive)
        ],
        "secrets": [_secret(one) for one in report.secrets],
        "held_back": [held_back_json(one) for one in report.held_back],
        "projection": projection_json(report.projection),
        "problems": [problem_json(problem) for problem in report.problems],
    }


def request_json(request: Request, context: str, dockerfile: str) -> Json:
    """Which build was meant; both paths as they were found, absolute."""
    return {
        "context": context,
        "dockerfile": dockerfile,
        "target": request.target,
        "builder": request.builder,
        "build_args": dict(request.build_args),
    }


def ignore_file_json(ignore_file: IgnoreSummary | None) -> Json | None:
    """The ignore file in effect; null for none."""
    if ignore_file is None:
        return None
    return {"path": ignore_file.path, "patterns": ignore_file.patterns}


def _tally(tally: Tally | None) -> Json | None:
    if tally is None:
        return None
    return {
        "entries": tally.entries,
        "files": tally.files,
        "directories": tally.directories,
        "file_bytes": tally.file_bytes,
        "wire_bytes": tally.wire_bytes,
    }


def _transfer(transfer: Transfer) -> Json:
    """The tally and what is printed; a builder's own numbers only where it has them."""
    own = {
        "dockerfile_wire_bytes": transfer.dockerfile_wire_bytes,
        "ignorefile_wire_bytes": transfer.ignorefile_wire_bytes,
        "repeat_wire_bytes": transfer.repeat_wire_bytes,
    }
    return {
        **(_tally(transfer.tally) or {}),
        "printed": transfer.printed,
        **{key: size for key, size in own.items() if size is not None},
    }


def _usage(usage: Usage) -> Json:
    return {"files": usage.files, "file_bytes": usage.file_bytes}


def _only_if_counted(excluded: Usage | None) -> Json:
    """What the ignore file keeps out."""
    return {} if excluded is None else {"excluded": _usage(excluded)}


def _only_if_any(named: Sequence[NamedReport]) -> Json:
    return {"named_contexts": [_named(one) for one in named]} if named else {}


def _secret(one: SecretFile) -> Json:
    """Where a secret is and how far it goes; never what it is."""
    source = one.source
    return {
        "path": one.path,
        "kind": one.rule,
        "what": one.what,
        "confidence": "high" if one.sure else "low",
        "severity": one.severity,
        "reach": one.reach,
        "file": source.location.file if source else None,
        "line": source.location.line if source else None,
        "git": one.git,
    }


def _source(use: SourceUse) -> Json:
    source = use.source
    return {
        "instruction": source.instruction,
        "stage": source.stage,
        "file": source.location.file,
        "line": source.location.line,
        "text": source.text,
        "entries": use.entries,
        "file_bytes": use.file_bytes,
        "state": use.state,
        "repair": _repair(use),
    }


def _repair(use: SourceUse) -> Json | None:
    """The lines that bring a source back, and the one that they belong behind."""
    if not use.repair:
        return None
    behind = use.repair_behind
    return {
        "lines": list(use.repair),
        "file": behind.file if behind else None,
        "behind": behind.line if behind else None,
    }


def _named(named: NamedReport) -> Json:
    return {
        "name": named.name,
        "path": named.path,
        "ignore_file": ignore_file_json(named.ignore_file),
        "context": _tally(named.context),
        "transfer": _transfer(named.transfer),
        "sources": [_source(use) for use in named.sources],
    }


def _place(place: Place) -> Json:
    return {
        "path": place.path,
        "kind": place.kind,
        "files": place.files,
        "file_bytes": place.file_bytes,
        "wire_bytes": place.wire_bytes,
        "unsent_bytes": place.unsent_bytes,
        "used": place.used,
    }


def suggestion_json(one: Suggestion) -> Json:
    """Lines for an ignore file, and what they save."""
    return {
        "id": one.id,
        "rule": one.rule,
        "patterns": list(one.patterns),
        "label": one.label,
        "reason": one.reason,
        "risk": one.risk,
        "preventive": one.preventive,
        "confidence": one.confidence,
        "question": one.question,
        "notes": list(one.notes),
        "files": one.files,
        "file_bytes": one.file_bytes,
        "wire_bytes": one.wire_bytes,
        "repeat_wire_bytes": one.repeat_wire_bytes,
        "seconds": time_json(one.seconds),
        "repeat_seconds": time_json(one.repeat_seconds),
        "context": _tally(one.context),
        "sources": list(one.sources),
        "paths": list(one.paths),
        "path_count": one.path_count,
    }


def held_back_json(one: HeldBack) -> Json:
    """What must not be ignored, and why."""
    return {"rule": one.rule, "path": one.path, "why": one.why}


def projection_json(projection: Projection | None) -> Json | None:
    """What builds cost now, and with the lines written; null where nobody can tell."""
    if projection is None:
        return None
    now = _cost(projection.now)
    return {
        "profile": projection.profile,
        "origin": projection.origin,
        **now,
        "after": _cost(projection.after),
    }


def _cost(cost: BuildCost) -> Json:
    return {
        "context_wire_bytes": cost.context_wire_bytes,
        "transfer_wire_bytes": cost.transfer_wire_bytes,
        "first_build_seconds": time_json(cost.first_build_seconds),
        "repeat_build_seconds": time_json(cost.repeat_build_seconds),
    }


def time_json(seconds: float) -> float:
    """Seconds to the microsecond; an estimate is far from that exact."""
    return round(seconds, 6)


def problem_json(problem: Problem) -> Json:
    """A problem as the JSON of every command has it."""
    return {
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
        "file": problem.file,
        "line": problem.line,
        "subject": problem.subject,
        "hint": problem.hint,
        "end_line": problem.end_line,
        "column": problem.column,
    }
