"""A fleet as JSON of schema ctxopt/fleet/1: fields are added, never changed.

Output is ASCII, a repository a line. How long a repository took stands in one field
alone, `took_seconds`: without it, the same fleet is the same text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TextIO

from ctxopt.core.fleet.records import (
    Failure,
    FleetBuild,
    FleetLine,
    FleetReport,
    FleetTotals,
)
from ctxopt.view.report.json import Json, time_json

SCHEMA = "ctxopt/fleet/1"


def show(report: FleetReport, out: TextIO) -> None:
    """Write each repository as one line, in the order of the report."""
    out.writelines(
        json.dumps(line_json(line), separators=(",", ":")) + "\n"
        for line in report.lines
    )


def line_json(line: FleetLine) -> Json:
    """The object of schema ctxopt/fleet/1; null is what nobody knows."""
    is_known, is_checked = not line.has_failed, line.is_checked
    return {
        "schema": SCHEMA,
        "name": line.name,
        "label": line.called,
        "place": line.place,
        "commit": line.commit,
        "state": line.state,
        "failure": _failure(line.failure),
        "attempts": line.attempts,
        "wire_bytes": line.wire_bytes if is_known else None,
        "repeat_wire_bytes": line.repeat_wire_bytes if is_known else None,
        "saved": saved_json(line) if is_known else None,
        "secrets": list(line.secrets) if is_checked else None,
        "breaks_cache": line.breaks_cache if is_checked else None,
        "lacks_ignore_file": line.lacks_ignore_file if is_known else None,
        "codes": _counts(line.codes) if is_checked else None,
        "severities": _counts(line.severities) if is_checked else None,
        "builds": [_build(one) for one in line.builds],
        "page": line.page,
        "took_seconds": time_json(line.seconds),
    }


def saved_json(one: FleetLine | FleetTotals) -> Json:
    """What `write --all --yes` saves of one repository, or of all."""
    return {
        "wire_bytes": one.saved_wire_bytes,
        "repeat_wire_bytes": one.saved_repeat_wire_bytes,
        "seconds": time_json(one.saved_seconds),
        "repeat_seconds": time_json(one.saved_repeat_seconds),
    }


def _failure(failure: Failure | None) -> Json | None:
    return failure and failure._asdict()


def _counts(counts: Mapping[str, int]) -> Json:
    return dict(sorted(counts.items()))


def _build(one: FleetBuild) -> Json:
    return {
        "name": one.name,
        "dockerfile": one.dockerfile or None,
        "context": one.context,
        "wire_bytes": one.wire_bytes,
        "repeat_wire_bytes": one.repeat_wire_bytes,
        "files": one.files,
        "has_ignore_file": one.has_ignore_file,
        "error": one.error or None,
    }
