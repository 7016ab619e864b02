"""Two reports compared, as JSON of schema ctxopt/fleet-diff/1.

Fields are added, never changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TextIO

from ctxopt.core.fleet.comparing import FleetComparison, SecretChange, SizeChange
from ctxopt.core.fleet.records import FleetLine, FleetTotals
from ctxopt.view.fleet.jsonl import saved_json
from ctxopt.view.report.json import Json

SCHEMA = "ctxopt/fleet-diff/1"


def show(found: FleetComparison, out: TextIO) -> None:
    """Write the comparison to `out` as one JSON object."""
    out.write(json.dumps(as_json(found), indent=2) + "\n")


def as_json(found: FleetComparison) -> Json:
    """The object of schema ctxopt/fleet-diff/1."""
    return {
        "schema": SCHEMA,
        "before": _totals(found.before),
        "after": _totals(found.after),
        "compared": {
            "repositories": found.compared,
            "before": {
                "wire_bytes": found.before_wire_bytes,
                "repeat_wire_bytes": found.before_repeat_wire_bytes,
            },
            "after": {
                "wire_bytes": found.wire_bytes,
                "repeat_wire_bytes": found.repeat_wire_bytes,
            },
        },
        "new": [*map(_line, found.new)],
        "gone": [*map(_line, found.gone)],
        "worse": [*map(_change, found.worse)],
        "better": [*map(_change, found.better)],
        "uneven": [one._asdict() for one in found.uneven],
        "failed": {
            "now": [*map(_failure, found.failed_now)],
            "before": [*map(_named, found.failed_before)],
            "both": found.failed_still,
        },
        "codes": [one._asdict() for one in found.codes],
        "secrets": {
            "came": _secrets(found.secrets_came),
            "went": _secrets(found.secrets_went),
            "seen": _secrets(found.secrets_seen),
        },
    }


def _totals(totals: FleetTotals) -> Json:
    return {
        "repositories": totals.repositories,
        "measured": totals.measured,
        "empty": totals.empty,
        "failed": totals.failed,
        "builds": totals.builds,
        "unmeasured_builds": totals.unmeasured_builds,
        "wire_bytes": totals.wire_bytes,
        "repeat_wire_bytes": totals.repeat_wire_bytes,
        "saved": saved_json(totals),
        "with_secrets": totals.with_secrets,
        "breaking_cache": totals.breaking_cache,
        "lacking_ignore_file": totals.lacking_ignore_file,
    }


def _line(line: FleetLine) -> Json:
    """A repository that is in one of the reports alone."""
    return {
        **_named(line),
        "state": line.state,
        "wire_bytes": None if line.has_failed else line.wire_bytes,
        "repeat_wire_bytes": None if line.has_failed else line.repeat_wire_bytes,
    }


def _change(one: SizeChange) -> Json:
    return {
        "name": one.name,
        "label": one.label,
        "place": one.place,
        "before": {
            "wire_bytes": one.before_wire_bytes,
            "repeat_wire_bytes": one.before_repeat_wire_bytes,
        },
        "after": {
            "wire_bytes": one.wire_bytes,
            "repeat_wire_bytes": one.repeat_wire_bytes,
        },
    }


def _failure(line: FleetLine) -> Json:
    return {**_named(line), "failure": line.failure and line.failure._asdict()}


def _named(line: FleetLine) -> Json:
    return {"name": line.name, "label": line.called, "place": line.place}


def _secrets(changes: Iterable[SecretChange]) -> list[Json]:
    return [one._asdict() for one in changes]
