"""All builds as JSON of schema ctxopt/scan-all/1: fields are added, never changed.

Output is ASCII, and bytes that are not UTF-8 come back as they do from `ctxopt/scan/1`;
what stands in `report` of a build is that very object.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TextIO

from ctxopt.core.builds.problems import all_problems
from ctxopt.core.builds.records import (
    BlockedSuggestion,
    BuildResult,
    BuildSaving,
    IgnoreFileAdvice,
    RepositoryReport,
    SentTwice,
    SharedSuggestion,
)
from ctxopt.core.builds.totals import savings
from ctxopt.core.model import Location
from ctxopt.errors import CtxoptError
from ctxopt.view.report.json import (
    Json,
    as_json,
    held_back_json,
    problem_json,
    projection_json,
    suggestion_json,
    time_json,
)

SCHEMA = "ctxopt/scan-all/1"


def show(report: RepositoryReport, out: TextIO) -> None:
    """Write the report to `out` as one JSON object."""
    out.write(json.dumps(all_as_json(report), indent=2) + "\n")


def all_as_json(report: RepositoryReport) -> Json:
    """The object of schema ctxopt/scan-all/1; builds as in the table."""
    return {
        "schema": SCHEMA,
        "folder": report.folder,
        "files": list(report.found.files),
        "chosen": report.found.chosen or None,
        "builds": [_build(one) for one in report.builds],
        "totals": _totals(report),
        "ignore_files": [_ignore_file(one) for one in report.ignore_files],
        "sent_twice": [_sent_twice(one) for one in report.sent_twice],
        "problems": [*_problems(report)],
    }


def _build(one: BuildResult) -> Json:
    found = one.found
    return {
        "name": found.name,
        "kind": found.kind,
        "place": None if found.place is None else _place(found.place),
        "dockerfile": found.dockerfile or None,
        "context": found.context,
        "reason": found.reason or None,
        "also": [_place(place) for place in found.also],
        "target": found.request.target,
        "error": None if one.error is None else _error(one.error),
        "report": None if one.report is None else as_json(one.report),
    }


def _place(place: Location) -> Json:
    return {"file": place.file, "line": place.line}


def _error(error: CtxoptError) -> Json:
    return {
        "message": error.message,
        "hint": error.hint,
        "file": error.file,
        "line": error.line,
        "text": error.text,
    }


def _totals(report: RepositoryReport) -> Json:
    """The sums of all builds that were measured, and what `write --all --yes` saves."""
    return {
        "builds": len(report.builds),
        "measured": len(report.measured),
        "wire_bytes": report.wire_bytes,
        "repeat_wire_bytes": report.repeat_wire_bytes,
        "saved": _saved(report),
    }


def _saved(report: RepositoryReport) -> Json | None:
    saved = savings(report)
    if saved is None:
        return None
    return {
        "wire_bytes": saved.wire_bytes,
        "repeat_wire_bytes": saved.repeat_wire_bytes,
        "seconds": time_json(saved.seconds),
        "repeat_seconds": time_json(saved.repeat_seconds),
        "profile": saved.profile,
    }


def _ignore_file(advice: IgnoreFileAdvice) -> Json:
    return {
        "path": advice.path,
        "exists": advice.exists,
        "builds": list(advice.builds),
        "suggestions": [_suggestion(one) for one in advice.suggestions],
        "held_back": [_blocked(one) for one in advice.blocked],
        "apart": list(advice.apart),
        "projections": [
            {"build": name, **(projection_json(one) or {})}
            for name, one in advice.after
        ],
    }


def _suggestion(one: SharedSuggestion) -> Json:
    """As of one build, with the sums; `sources` would be indexes into no one's list."""
    fields = {
        name: value
        for name, value in suggestion_json(one.shown).items()
        if name != "sources"
    }
    return {**fields, "builds": [_saving(each) for each in one.savings]}


def _saving(one: BuildSaving) -> Json:
    return {
        "build": one.build,
        "wire_bytes": one.wire_bytes,
        "repeat_wire_bytes": one.repeat_wire_bytes,
        "unsettles": one.unsettles,
    }


def _blocked(one: BlockedSuggestion) -> Json:
    return {
        **held_back_json(one.held),
        "needed_by": list(one.needed_by),
        "wanted_by": [_saving(each) for each in one.wanted_by],
    }


def _sent_twice(one: SentTwice) -> Json:
    return {
        "path": one.path,
        "builds": list(one.builds),
        "wire_bytes": one.wire_bytes,
        "again_wire_bytes": one.again_wire_bytes,
        "alike": one.alike,
        "context_name": one.context_name or None,
    }


def _problems(report: RepositoryReport) -> Iterator[Json]:
    """Each problem once a build that has it; of no build where a file has it."""
    for one in all_problems(report):
        for name in one.builds or (None,):
            yield {"build": name, **problem_json(one.problem)}
